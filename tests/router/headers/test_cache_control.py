"""One cache-control of several: nobody may keep the whole longer, or in more places, than each part."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.headers.cache_control import most_restrictive


@pytest.mark.parametrize(
    ("values", "merged"),
    [
        ([], "no-store"),
        ([""], "no-store"),
        (["max-age=60"], "max-age=60"),
        (["public, max-age=60", "public, max-age=30"], "public, max-age=30"),
        (["public, max-age=60", "max-age=90"], "max-age=60"),
        (["public, max-age=60", "private, max-age=90"], "private, max-age=60"),
        (["max-age=60", "no-store"], "no-store"),
        (["max-age=60", "no-cache"], "no-cache, max-age=0"),
        (["max-age=60, must-revalidate", "max-age=60"], "must-revalidate, max-age=60"),
        (["MAX-AGE=60 , Public"], "public, max-age=60"),
        (['max-age="60"'], "max-age=60"),
        (["max-age=soon"], "max-age=0"),
        (["public"], "public, max-age=0"),
        (["public, max-age=10, s-maxage=100", "public, max-age=50"], "public, max-age=10, s-maxage=50"),
        (["private, max-age=10", "s-maxage=100, max-age=20"], "private, max-age=10"),
        (["max-age=60, stale-while-revalidate=600, immutable"], "max-age=60"),
    ],
)
def test_examples(values: list[str], merged: str) -> None:
    """Directives that bind are kept from each answer; those that free only where all have them, or never."""
    assert most_restrictive(values) == merged


_DIRECTIVES = st.lists(
    st.sampled_from(["public", "private", "no-cache", "must-revalidate", "max-age=5", "max-age=50", "s-maxage=9"]),
    min_size=1,
    max_size=4,
    unique=True,
).map(", ".join)


@given(st.lists(_DIRECTIVES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(values: list[str], random: Random) -> None:
    """Nor does saying the same twice."""
    shuffled = list(values)
    random.shuffle(shuffled)

    assert most_restrictive(shuffled) == most_restrictive(values)
    assert most_restrictive([*values, *values]) == most_restrictive(values)
