"""Percentiles are samples that were seen, and a missed target is said to be missed."""

import pytest

from benchmarks.report import Row, percentile


@pytest.mark.parametrize(("share", "seen"), [(0.5, 50), (0.99, 99), (0.999, 100), (0.0, 1)])
def test_a_percentile_is_the_smallest_sample_that_so_many_do_not_exceed(share: float, seen: int) -> None:
    assert percentile(range(1, 101), share) == seen


def test_a_missed_target_is_published_as_it_is() -> None:
    assert Row("a rate", 900, "events/s", 1000).line().startswith("MISSED")
    assert Row("a time", 12, "ms", 10, at_most=True).line().startswith("MISSED")
    assert Row("a rate", 1000, "events/s", 1000).line().startswith("met")
