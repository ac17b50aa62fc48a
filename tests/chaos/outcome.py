"""What a run came to, and how it is told: a table, and below it whatever is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.chaos.checker import Finding
from tests.chaos.intents import History, Status

FINDINGS_SHOWN_MAX = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """`healed_s`: from the last kill until all was settled and read."""

    history: History
    kills: Counter[str]
    healed_s: float
    findings: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        return not self.findings

    @property
    def in_doubt(self) -> int:
        """Intents of which an attempt got no answer, and a later one did."""
        history = self.history
        return sum(history.was_in_doubt(number) and history.final(number) is not None for number in history.intents)

    def count(self, status: Status) -> int:
        """Intents whose final answer is this one."""
        return sum(
            (final := self.history.final(number)) is not None and final.status is status
            for number in self.history.intents
        )


def show(outcome: Outcome, console: Console) -> None:
    """The table, and the findings."""
    table = Table(box=None, show_header=False, padding=(0, 2))
    kinds = Counter(intent.kind for intent in outcome.history.intents.values())
    for name, value in (
        (
            "intents",
            f"{kinds.total()}  ({', '.join(f'{count} {kind.lower()}s' for kind, count in kinds.most_common())})",
        ),
        ("acknowledged", outcome.count(Status.ACCEPTED)),
        ("refused", outcome.count(Status.REFUSED)),
        ("unknown, then resolved", outcome.in_doubt),
        (
            "kills",
            f"{outcome.kills.total()}  ({', '.join(f'{part} {count}' for part, count in outcome.kills.most_common())})",
        ),
        ("seconds to heal", f"{outcome.healed_s:.1f}"),
        (
            "verdict",
            "[green]every intent is accounted for[/]"
            if outcome.is_right
            else f"[red]{len(outcome.findings)} findings[/]",
        ),
    ):
        table.add_row(name, str(value))
    console.print(table)
    for finding in outcome.findings[:FINDINGS_SHOWN_MAX]:
        console.print(f"  {finding}", style="red", markup=False, soft_wrap=True)
    if len(outcome.findings) > FINDINGS_SHOWN_MAX:
        console.print(f"  … and {len(outcome.findings) - FINDINGS_SHOWN_MAX} more")
