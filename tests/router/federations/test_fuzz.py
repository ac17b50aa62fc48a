"""The fuzz itself: whatever fails is told with the seed that leads back to it, and what is drawn has data that fit."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from router.composition import SubgraphInput
from router.limits import ERROR_OCCURRENCES_MAX
from tests.router import fuzz
from tests.router.federations.explain import unexplained
from tests.router.federations.federation import federation_of
from tests.router.federations.values import Shapes

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@inaccessible"])\n"""
HIDDEN = """
type Query { any: %s some: Int }
interface Media { id: ID }
type Film implements Media @inaccessible { id: ID }
"""


@pytest.mark.parametrize(
    ("what", "kind", "operations"),
    [("cases", "the draw fails: KeyError", 0), ("outcome", "the fuzz fails: KeyError", 3)],
)
def test_an_exception_is_a_find_of_its_seed(what: str, kind: str, operations: int) -> None:
    """Be it while a federation is drawn and composed, or while an operation is tried: the run goes on."""
    with patch.object(fuzz, what, side_effect=KeyError("p3")):
        ran = fuzz.run_seed(2, 3)

    (found,) = ran.found
    assert (found.kind, found.at.seed, ran.operations) == (kind, 2, operations)
    assert "KeyError: 'p3'" in found.text


@pytest.mark.parametrize(("type_", "fits"), [("Media", True), ("[Media!]!", True), ("Media!", False)])
def test_a_field_that_must_be_something_and_can_be_nothing_is_not_drawn(type_: str, fits: bool) -> None:
    """Of an interface whose types are all hidden there is nothing that clients could be given."""
    federation = federation_of((SubgraphInput("a", LINK + HIDDEN % type_, "http://a.test"),))

    assert federation is not None
    assert Shapes(federation).can_be_answered is fits


def test_one_error_at_very_many_places_explains_them_all() -> None:
    """The router tells the first places of an object's error; with fewer told, each null needs an error of its own."""
    data = {"all": [None] * (ERROR_OCCURRENCES_MAX + 2)}
    expected = [{"message": "fault", "path": ["all", index]} for index in range(len(data["all"]))]

    assert not unexplained(data, expected[:ERROR_OCCURRENCES_MAX], expected)
    assert len(unexplained(data, expected[: ERROR_OCCURRENCES_MAX - 1], expected)) == 3
    assert unexplained(data, expected, expected[:-1]) == {f'["all", {ERROR_OCCURRENCES_MAX + 1}]'}
