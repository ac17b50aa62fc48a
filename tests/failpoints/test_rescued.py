"""The worker takes a payment up, and at each boundary of that each thing goes wrong once."""

from __future__ import annotations

import pytest

from tests.failpoints.conftest import Matrix
from tests.failpoints.matrix import RESCUED, Cell, applicable


@pytest.mark.parametrize("cell", applicable(RESCUED), ids=lambda cell: cell.name)
async def test_a_rescue_comes_right(matrix: Matrix, cell: Cell) -> None:
    """Whatever happens to the rescuer, after a restart another one finishes, and Bob has been paid once."""
    await matrix.run(cell)


async def test_the_books_are_right(matrix: Matrix) -> None:
    """The wallet's own audit of all that the cells above have left finds nothing."""
    await matrix.audit()
