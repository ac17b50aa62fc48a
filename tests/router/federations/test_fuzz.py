"""The fuzz itself: whatever fails is told with the seed that leads back to it, and what is drawn has data that fit."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from router.composition import SubgraphInput
from tests.router import fuzz
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
