"""Settings, and the page that tells operators about them."""

import re
from pathlib import Path

import pytest

from shared.settings import PREFIX, Misconfigured, Settings, load

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(JOS_[A-Z_]+)` \| (?:`([^`]*)`|\(empty\)) \|", re.MULTILINE)


def test_the_page_for_operators_has_every_setting_with_its_default() -> None:
    told = dict(ROW.findall(PAGE))
    assert told == {PREFIX + name.upper(): str(field.default) for name, field in Settings.model_fields.items()}


def test_an_unknown_variable_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match="JOS_PROT: unknown setting"):
        load({"JOS_PROT": "1"})


def test_a_value_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(Misconfigured) as wrong:
        load({"JOS_PORT": "s3cret"})
    assert wrong.value.key == "JOS_PORT"
    assert "s3cret" not in str(wrong.value)


def test_other_variables_are_none_of_our_business() -> None:
    assert load({"HOME": "/", "JOS_PORT": "8081"}).port == 8081
