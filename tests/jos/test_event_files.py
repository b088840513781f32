"""Files of events, as they are and as they should not be (bad-inputs L-02, L-03)."""

import gzip
from io import BytesIO

import pytest

from jos.event_files import LONGEST_LINE, read_events
from jos.exits import Exit, Stop


@pytest.mark.parametrize("content", [b'{"id":"a"}\n\n{"id":"b"}', b'[{"id":"a"},\n {"id":"b"}]'])
def test_lines_and_an_array_give_the_same_events(content: bytes) -> None:
    assert [numbered.event["id"] for numbered in read_events(BytesIO(content))] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"id":"a"}\nid;type\n', "line 2"),
        (gzip.compress(b'{"id":"a"}'), "line 1"),
        ('{"id":"a"}'.encode("utf-16"), "line 1"),
        (b"\x00\x01\x02", "line 1"),
        (b"[1]", "item 1"),
        (b"[{", "line 1"),
        (b"3\n", "line 1"),
        (b"[" * 100_000, "line 1"),
        (b'{"a":"' + b"x" * LONGEST_LINE, "line 1"),
        (b"", "no events"),
        (b"\n\n", "no events"),
    ],
    ids=["csv", "gzip", "utf-16", "binary", "item", "cut", "number", "deep", "long", "empty", "blank"],
)
def test_what_is_no_event_is_refused_with_its_line_and_without_its_content(content: bytes, where: str) -> None:
    with pytest.raises(Stop, match=where) as stopped:
        list(read_events(BytesIO(content)))
    assert stopped.value.code is Exit.DATA
    assert "id;type" not in str(stopped.value)
