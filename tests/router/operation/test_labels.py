"""Override labels of a request: which of those that an operation meets are true."""

from __future__ import annotations

from random import Random

import pytest

from router.operation.labels import labels_on, percentage


def test_a_label_is_true_where_it_is_said_to_be() -> None:
    """What the router's owner names is on, everything else is off, and what the operation does not meet is left out."""
    assert labels_on({"eu", "beta"}, {"beta", "other"}, Random(0)) == {"beta"}


@pytest.mark.parametrize(("label", "share"), [("percent(0)", 0), ("percent(100)", 100), ("percent(12.5)", 12.5)])
def test_a_share_is_read_off_its_label(label: str, share: float) -> None:
    """`percent(n)` says how many of a hundred requests it is true for."""
    assert percentage(label) == share
    assert percentage("beta") is None


def test_a_share_of_requests_has_the_label() -> None:
    """None of them at 0, all at 100, a quarter at 25."""
    dice = Random(1)
    met = {"percent(0)", "percent(100)", "percent(25)"}
    rolled = [labels_on(met, (), dice) for _ in range(2000)]
    assert not any("percent(0)" in on for on in rolled)
    assert all("percent(100)" in on for on in rolled)
    assert 400 < sum("percent(25)" in on for on in rolled) < 600


def test_a_share_can_be_switched_on() -> None:
    """What is said to be on is on, whatever the dice say."""
    assert labels_on({"percent(0)"}, {"percent(0)"}, Random(0)) == {"percent(0)"}
