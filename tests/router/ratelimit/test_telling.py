"""What a client hears of its budget, word by word."""

from __future__ import annotations

from router.ratelimit.gcra import Rate, Standing
from router.ratelimit.telling import Told, extension, header_fields

RATE = Rate("partner", burst=100, unit_us=600_000)  # 100 a minute


def test_an_operation_that_is_allowed() -> None:
    """The fields are lists of structured items: what the plan allows, what is left, and when all of it is there again."""
    told = Told(RATE, 8, Standing(True, 58.2 * 600_000), local=False)

    assert header_fields(told, "cost") == {
        "ratelimit-policy": '"partner";q=100;w=60;qu="cost"',
        "ratelimit": '"partner";r=41;t=35',
    }
    assert extension(told, "cost") == {
        "requestRate": 8,
        "remaining": 41,
        "retryAfterMs": 0,
        "resetAfterMs": 34_920,
        "plan": "partner",
        "unit": "cost",
        "limit": 100,
        "local": False,
    }


def test_an_operation_that_has_to_wait() -> None:
    """It is told when this very operation fits, in seconds and milliseconds that are rather too many."""
    told = Told(RATE, 10.5, Standing(False, 95 * 600_000), local=True)

    assert told.retry_after_s == 4
    assert header_fields(told, "cost")["ratelimit"] == '"partner";r=5;t=57'
    assert extension(told, "cost") | {"retryAfterMs": 3_300, "requestRate": 10.5, "local": True} == extension(
        told, "cost"
    )


def test_operations_are_the_unit_that_the_field_assumes() -> None:
    """Where one operation is one unit, no unit is named; a bucket that owes has nothing left, not less."""
    told = Told(RATE, 1, Standing(True, 150 * 600_000), local=False)

    assert header_fields(told, "operation") == {
        "ratelimit-policy": '"partner";q=100;w=60',
        "ratelimit": '"partner";r=0;t=90',
    }
