"""Ada pays Bob, and at each boundary of the way each thing goes wrong once."""

from __future__ import annotations

import pytest

from tests.failpoints.conftest import Matrix
from tests.failpoints.matrix import PAYMENT, Cell, applicable


@pytest.mark.parametrize("cell", applicable(PAYMENT), ids=lambda cell: cell.name)
async def test_a_payment_comes_right(matrix: Matrix, cell: Cell) -> None:
    """Whatever happens there, after a restart Bob has been paid once."""
    await matrix.run(cell)


async def test_the_books_are_right(matrix: Matrix) -> None:
    """The wallet's own audit of all that the cells above have left finds nothing."""
    await matrix.audit()
