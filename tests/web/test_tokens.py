"""Opaque tokens: they come back as they went, tell nothing, and belong to whom they were given."""

import pytest

from shared.web.problems import Problem
from shared.web.tokens import MAX_TOKENS, Tokens, merged

KEY = "k" * 32
PLACES = {("interventions", 1): 12345, ("registry", 1): 7}


def test_positions_come_back_as_they_went() -> None:
    tokens = Tokens(KEY)
    assert Tokens(KEY).open(tokens.seal(PLACES)) == PLACES
    assert tokens.open(tokens.seal({})) == {}


def test_g21_a_token_tells_nothing_not_even_that_two_are_the_same() -> None:
    """G-21: positions reveal how much others send, so what leaves is random to look at."""
    tokens = Tokens(KEY)
    first, second = tokens.seal(PLACES), tokens.seal(PLACES)
    assert first != second
    assert "12345" not in first
    assert "interventions" not in first
    assert first.replace("-", "").replace("_", "").isalnum()


def test_at_least_takes_several_and_keeps_the_furthest_of_each_log() -> None:
    tokens = Tokens(KEY)
    value = ",".join(map(tokens.seal, ({("registry", 1): 3, ("kpi", 1): 1}, {("registry", 1): 9}, {})))
    assert tokens.at_least(value) == {("registry", 1): 9, ("kpi", 1): 1}
    assert tokens.at_least(None) == tokens.at_least("") == {}
    assert merged([]) == {}


def bad_tokens() -> list[str]:
    good = Tokens(KEY).seal(PLACES)
    flipped = good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:]
    cursor = Tokens(KEY).seal_cursor("kvknr:99990001", "events", 5)
    return [
        "x",
        "é",
        flipped,
        good[:-4],
        good + "AAAA",
        Tokens("o" * 32).seal(PLACES),
        cursor,
        "A" * 3000,
        good + "=",
        " ",
    ]


@pytest.mark.parametrize("place", range(len(bad_tokens())))
def test_what_was_not_given_out_is_refused(place: int) -> None:
    """By place: tokens differ each time, and every worker must collect the same tests."""
    tokens, token = Tokens(KEY), bad_tokens()[place]
    if token.endswith("="):
        assert tokens.open(token) == PLACES
        return
    with pytest.raises(Problem, match="token-invalid"):
        tokens.at_least(token)


def test_too_many_tokens_are_refused() -> None:
    tokens = Tokens(KEY)
    with pytest.raises(Problem, match="token-invalid"):
        tokens.at_least(",".join([tokens.seal({})] * (MAX_TOKENS + 1)))


def test_g21_a_cursor_works_for_its_organisation_and_its_list_alone() -> None:
    """G-21: a cursor of provider A opens nothing for provider B."""
    tokens = Tokens(KEY)
    cursor = tokens.seal_cursor("kvknr:99990001", "events", [17, "x"])
    assert tokens.open_cursor("kvknr:99990001", "events", cursor) == [17, "x"]
    for organisation, query in ("kvknr:99990002", "events"), ("kvknr:99990001", "findings"):
        with pytest.raises(Problem, match="cursor-invalid"):
            tokens.open_cursor(organisation, query, cursor)
    with pytest.raises(Problem, match="cursor-invalid"):
        tokens.open_cursor("kvknr:99990001", "events", tokens.seal(PLACES))
