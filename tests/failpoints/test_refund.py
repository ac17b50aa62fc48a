"""Bob gives back what he was paid, and at each boundary of the way each thing goes wrong once."""

from __future__ import annotations

import pytest

from tests.failpoints.conftest import Matrix
from tests.failpoints.matrix import REFUND, Cell, applicable


@pytest.mark.parametrize("cell", applicable(REFUND), ids=lambda cell: cell.name)
async def test_a_refund_comes_right(matrix: Matrix, cell: Cell) -> None:
    """Whatever happens there, after a restart Ada has her money back once, and no more can be refunded."""
    await matrix.run(cell)


async def test_the_books_are_right(matrix: Matrix) -> None:
    """The wallet's own audit of all that the cells above have left finds nothing."""
    await matrix.audit()
