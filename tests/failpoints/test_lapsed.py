"""A hold runs out before it is captured, and at each boundary of the way back each thing goes wrong once."""

from __future__ import annotations

import pytest

from tests.failpoints.conftest import Matrix
from tests.failpoints.matrix import LAPSED, Cell, applicable


@pytest.mark.parametrize("cell", applicable(LAPSED), ids=lambda cell: cell.name)
async def test_a_way_back_comes_right(matrix: Matrix, cell: Cell) -> None:
    """Whatever happens there, after a restart Ada has her money back, and Bob has none."""
    await matrix.run(cell)


async def test_the_books_are_right(matrix: Matrix) -> None:
    """The wallet's own audit of all that the cells above have left finds nothing."""
    await matrix.audit()
