"""Failures that are told to several."""

from __future__ import annotations

from router.errors import SubgraphFailure, SubgraphTimedOut
from router.transport.interruption import again, passing


class Dear(SubgraphFailure):
    """A kind that is made of something else."""

    def __init__(self, subgraph: str, price: int) -> None:
        super().__init__(subgraph, f"{subgraph} costs {price}.", "detail")
        self.price = price


def test_another_of_its_kind() -> None:
    """It says the same, and is another object."""
    for failure in (
        SubgraphFailure("fleet", "Sunk.", "1011"),
        passing(SubgraphTimedOut("fleet", "Lost.")),
        Dear("fleet", 7),
    ):
        other = again(failure)

        assert other is not failure
        assert type(other) is type(failure)
        assert (str(other), other.__dict__) == (str(failure), failure.__dict__)
