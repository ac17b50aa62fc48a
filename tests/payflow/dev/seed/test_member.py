"""What counts as done while a world is made: money that has arrived, and nothing less."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from payflow.client.api import TransferStatus
from payflow.client.errors import OutcomeUnknown
from payflow.dev.seed.errors import SeedFailed
from payflow.dev.seed.member import completed


def transfer(status: TransferStatus, failure_code: str | None = None) -> Any:
    """As the API answers it."""
    return SimpleNamespace(typename__="Transfer", id="t1", status=status, failure_code=failure_code)


def test_a_transfer_is_done_once_its_money_has_arrived() -> None:
    """On a busy platform it may be answered before: then the same command is sent again, which waits for it."""
    assert completed(transfer(TransferStatus.COMPLETED), "@mia pays").id == "t1"
    with pytest.raises(OutcomeUnknown, match="@mia pays, and the money is still on its way"):
        completed(transfer(TransferStatus.PENDING), "@mia pays")


def test_a_transfer_that_failed_makes_no_world() -> None:
    """It is said which and why, and so is a problem in its place."""
    with pytest.raises(SeedFailed, match="@mia pays, and it failed: WALLET_CLOSED"):
        completed(transfer(TransferStatus.FAILED, "WALLET_CLOSED"), "@mia pays")
    with pytest.raises(SeedFailed, match="told LimitExceeded: too much"):
        completed(SimpleNamespace(typename__="LimitExceeded", message="too much"), "@mia pays")
