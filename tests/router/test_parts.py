"""What outlives a gate is closed once, when the last gate that has it lets go."""

from __future__ import annotations

from structlog.testing import capture_logs

from router.parts import Parts


class Lasting:
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


async def test_a_part_is_closed_by_the_last_that_holds_it() -> None:
    """A gate that drains longer than its successor lives keeps what both have."""
    first = Parts()
    part = first.take("part", 1, Lasting)
    second = Parts(first)
    assert second.take("part", 1, Lasting) is part
    third = Parts(second)
    other = third.take("part", 2, Lasting)

    await second.close()
    assert part.closed == 0
    await first.close()
    await first.close()
    assert (part.closed, other.closed) == (1, 0)


async def test_a_gate_that_never_serves_leaves_others_what_they_have() -> None:
    """Only what was made for it is closed with it."""
    first = Parts()
    kept = first.take("kept", 1, Lasting)
    refused = Parts(first)
    refused.take("kept", 1, Lasting)
    own = refused.take("own", 1, Lasting)

    await refused.close()

    assert (kept.closed, own.closed) == (0, 1)
    await first.close()
    assert kept.closed == 1


async def test_one_part_that_cannot_be_closed_does_not_keep_the_others_open() -> None:
    """It is logged, by its name."""

    class Stuck(Lasting):
        async def close(self) -> None:
            raise RuntimeError("no")

    parts = Parts()
    first = parts.take("first", 1, Lasting)
    parts.take("stuck", 1, Stuck)

    with capture_logs() as logs:
        await parts.close()

    assert first.closed == 1
    assert [entry["part"] for entry in logs] == ["stuck"]
