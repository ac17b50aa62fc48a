"""What notifications says no to. There are no refusals of a rule: what it is told has already happened, and may be read."""

from __future__ import annotations

from payflow.kernel.errors import CodedError


class CursorExpired(CodedError):
    """What comes right behind the cursor is not kept any more, so that going on from it would miss something."""

    code = "CURSOR_EXPIRED"

    def __init__(self) -> None:
        super().__init__(
            "What follows this cursor is not kept any more. Read your notifications anew, and subscribe again with the newest cursor."
        )
