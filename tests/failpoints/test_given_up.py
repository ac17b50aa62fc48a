"""A hold gets no answer until nobody waits for it any more, and at each boundary of giving up each thing goes wrong once."""

from __future__ import annotations

import pytest

from tests.failpoints.conftest import Matrix
from tests.failpoints.matrix import GIVEN_UP, Cell, applicable


@pytest.mark.parametrize("cell", applicable(GIVEN_UP), ids=lambda cell: cell.name)
async def test_giving_up_comes_right(matrix: Matrix, cell: Cell) -> None:
    """Whatever happens there, after a restart Ada has her money, and the hold can never be placed any more."""
    await matrix.run(cell)


async def test_the_books_are_right(matrix: Matrix) -> None:
    """The wallet's own audit of all that the cells above have left finds nothing."""
    await matrix.audit()
