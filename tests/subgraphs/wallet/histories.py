"""Concurrent histories of the ledger, and the checker that says whether one order of all commands explains every answer.

No search is needed for that order: the ledger numbers the changes of each account and tells the number, so the accepted commands line up by
themselves. They are replayed through the model, one after the other, and must come to the same. What was refused, or changed no
balance, has no number; it must be explained by some state that stood at some instant between its invocation and its return.

After Herlihy & Wing, Linearizability (1990); the order by returned numbers as in Knossos's and TigerBeetle's checkers.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from math import inf
from typing import Any, NamedTuple
from uuid import UUID

from subgraphs.wallet.commands import ChangeStatus, Command, ExtendHold, PlaceHold, ReleaseHold, Reverse, WalletStatus
from tests.subgraphs.wallet.model import (
    Key,
    Line,
    Model,
    ModelHold,
    ModelWallet,
    Verdict,
    View,
    decide,
    effect_of,
    hold_of,
    input_of,
    key_of,
)


class Span(NamedTuple):
    """From the first instant at which something may have been so to the last."""

    first: float
    last: float

    def meets(self, *others: Span) -> bool:
        """Whether there is an instant in all of them."""
        spans = (self, *others)
        return max(span.first for span in spans) <= min(span.last for span in spans)


@dataclass(frozen=True)
class Event:
    """A command with its answer. `span`: from its first invocation to its last return, by the clock of this machine.

    `uncertain`: it was sent more than once, because no answer had come. `replayed` is None where the answer does not tell.
    """

    number: int
    command: Command
    span: Span
    status: str
    details: Mapping[str, Any] = field(default_factory=dict)
    replayed: bool | None = None
    uncertain: bool = False
    journal_id: UUID | None = None
    lines: tuple[Line, ...] = ()
    at: float = 0.0
    expires_at: float | None = None

    @property
    def answer(self) -> tuple[Any, ...]:
        """What every repeat has to answer, too."""
        return (self.status, tuple(sorted(self.details.items())), self.journal_id, self.lines, self.expires_at)


@dataclass(frozen=True)
class Finding:
    """What no order of the commands explains."""

    rule: str
    number: int
    message: str


class State(NamedTuple):
    """Something that stood for a time."""

    value: Any
    span: Span


def check(wallets: Sequence[ModelWallet], events: Sequence[Event]) -> list[Finding]:
    """Everything in the history that nothing explains; the wallets as they were before it, empty and open."""
    findings, effects = settle_keys(events)
    order, broken = line_up(effects)
    findings += broken
    if broken:  # what has no order cannot be replayed
        return findings
    story = Story(wallets, events)
    for effect in order:
        findings += story.happen(effect)
    explained = {effect.number for effect in order}
    return findings + [finding for event in events if event.number not in explained for finding in story.judge(event)]


# ── keys ──


def settle_keys(events: Sequence[Event]) -> tuple[list[Finding], list[Event]]:
    """What keys are answered wrongly, and the events that changed balances, one for each effect."""
    findings: list[Finding] = []
    effects = [event for event in events if key_of(event.command) is None and event.lines]
    by_key: dict[Key, list[Event]] = defaultdict(list)
    for event in events:
        if (key := key_of(event.command)) is not None:
            by_key[key].append(event)
    for group in by_key.values():
        findings += _key_findings(group)
        if (effect := _effect_among(group)) is not None:
            effects.append(effect)
    return findings, effects


def _key_findings(group: Sequence[Event]) -> Iterator[Finding]:
    settled = [event for event in group if event.status != "IDEMPOTENCY_CONFLICT" and not _is_idle(event)]
    for event in settled[1:]:
        if event.answer != settled[0].answer:
            yield Finding(
                "I8", event.number, f"its key was answered {settled[0].answer} before, and now {event.answer}"
            )
        if event.status != "HOLD_CANCELLED" and input_of(event.command) != input_of(settled[0].command):
            yield Finding("I9", event.number, "its key had an effect for one input and an answer for another")
    for event in [event for event in settled if event.replayed is False][1:]:
        yield Finding("I8", event.number, "a second command was accepted as the first under its key")
    for event in group:
        rivals = [other for other in settled if input_of(other.command) != input_of(event.command)]
        taken = any(other.span.first <= event.span.last for other in rivals)
        if event.status == "IDEMPOTENCY_CONFLICT" and not taken:
            yield Finding("I9", event.number, "a conflict, and nobody had taken its key")


def _is_idle(event: Event) -> bool:
    """A release of what was given back before stands under no key, and tells the hold as it is."""
    return isinstance(event.command, ReleaseHold) and event.status == "OK" and not event.lines


def _effect_among(group: Sequence[Event]) -> Event | None:
    """The one that did it; where only repeats were answered, one of those who had asked before and got no answer."""
    accepted = [event for event in group if event.lines]
    if not accepted:
        return None
    fresh = [event for event in accepted if event.replayed is False]
    if fresh:
        return fresh[0]
    suspects = [event for event in group if event.uncertain] or accepted
    span = Span(min(event.span.first for event in suspects), max(event.span.last for event in suspects))
    return replace(accepted[0], span=span)


# ── the order ──


def line_up(effects: Sequence[Event]) -> tuple[list[Event], list[Finding]]:
    """The accepted commands in an order that every wallet agrees with, and what stands in its way."""
    by_wallet: dict[UUID, dict[int, Event]] = defaultdict(dict)
    findings: list[Finding] = []
    for event in effects:
        for line in event.lines:
            if (other := by_wallet[line.wallet_id].get(line.seq)) is not None:
                findings.append(
                    Finding("I6", event.number, f"change {line.seq} is also that of command {other.number}")
                )
            by_wallet[line.wallet_id][line.seq] = event
    followers: dict[int, list[Event]] = defaultdict(list)
    waits_for: dict[int, int] = {event.number: 0 for event in effects}
    for changes in by_wallet.values():
        chain = [changes[seq] for seq in sorted(changes)]
        findings += _chain_findings(sorted(changes), chain)
        for before, after in pairwise(chain):
            followers[before.number].append(after)
            waits_for[after.number] += 1
    order = _sorted(effects, followers, waits_for)
    if len(order) < len(effects):
        findings.append(Finding("order", effects[0].number, "the wallets disagree on which of two commands came first"))
    return order, findings


def _chain_findings(numbers: Sequence[int], chain: Sequence[Event]) -> Iterator[Finding]:
    if list(numbers) != list(range(1, len(numbers) + 1)):
        missing = sorted(set(range(1, numbers[-1] + 1)) - set(numbers))
        yield Finding("I6", chain[-1].number, f"nobody was told of the changes {missing} of its wallet")
    latest = -inf
    for event in chain:
        if event.span.last < latest:
            yield Finding(
                "order", event.number, "it had returned before one was invoked that its wallet counts before it"
            )
        latest = max(latest, event.span.first)


def _sorted(effects: Sequence[Event], followers: Mapping[int, list[Event]], waits_for: dict[int, int]) -> list[Event]:
    ready = [(event.span.last, event.number, event) for event in effects if not waits_for[event.number]]
    heapq.heapify(ready)
    order = []
    while ready:
        *_, event = heapq.heappop(ready)
        order.append(event)
        for after in followers.get(event.number, ()):
            waits_for[after.number] -= 1
            if not waits_for[after.number]:
                heapq.heappush(ready, (after.span.last, after.number, after))
    return order


# ── the story ──


class Story:
    """The accepted commands replayed, and everything that stood meanwhile, for those that have no number to be judged by."""

    def __init__(self, wallets: Sequence[ModelWallet], events: Sequence[Event]) -> None:
        self.model = Model(wallets={wallet.id: wallet for wallet in wallets})
        self.stood: dict[UUID, list[State]] = {wallet.id: [State(wallet, Span(-inf, inf))] for wallet in wallets}
        self.held: dict[UUID, list[State]] = {}
        self.reversed: dict[UUID, Event] = {}
        self.statuses = {wallet.id: _statuses(wallet.id, events) for wallet in wallets}
        self.cancelled: dict[UUID, list[Span]] = defaultdict(list)
        self.keys: dict[Key, list[Event]] = defaultdict(list)
        self.lives: dict[UUID, list[Event]] = defaultdict(list)
        for event in events:
            if (key := key_of(event.command)) is not None:
                self.keys[key].append(event)
            if isinstance(event.command, ReleaseHold) and event.status == "HOLD_CANCELLED":
                self.cancelled[event.command.hold_id].append(event.span)
            if isinstance(event.command, PlaceHold | ExtendHold) and event.expires_at is not None:
                self.lives[event.command.id if isinstance(event.command, PlaceHold) else event.command.hold_id].append(
                    event
                )

    def happen(self, event: Event) -> Iterator[Finding]:
        """Let an accepted command happen in the model; it must be accepted there, too, and leave the same."""
        command = event.command
        if isinstance(command, PlaceHold) and command.id in self.cancelled:
            yield Finding(
                "accepted", event.number, f"{command} was accepted, and a release was told that it never would be"
            )
        view = self.model.view(command)
        wallets = [wallet for wallet in (view.wallet, view.payee) if wallet is not None]
        wallets += [wallet for wallet, _ in view.moved or ()]
        choices = [self._statuses_during(wallet.id, event.span) for wallet in wallets]
        instants = self._instants(hold_of(command), event)
        ids = [wallet.id for wallet in wallets]
        verdicts = [
            decide(command, _seen(view, dict(zip(ids, chosen, strict=True)), now))
            for chosen in product(*choices)
            for now in instants
        ]
        if not any(verdict.status == "OK" and not verdict.idle for verdict in verdicts):
            said = sorted({verdict.status for verdict in verdicts})
            yield Finding("accepted", event.number, f"{command} was accepted; it should have been {', '.join(said)}")
            if view.hold is None and hold_of(command) is not None:
                return
        should = self.model.apply(
            command, effect_of(command, view), journal_id=event.journal_id or UUID(int=event.number)
        )
        if set(should.lines) != set(event.lines):
            yield Finding("effect", event.number, f"{command} left {event.lines}; it should have left {should.lines}")
        self._remember(event, should.hold)

    def judge(self, event: Event) -> Iterator[Finding]:
        """A command without a number: some state that stood while it ran must explain it."""
        if event.status == "IDEMPOTENCY_CONFLICT" or event.lines:  # repeats; keys have been looked at
            return
        if isinstance(event.command, PlaceHold) and event.status == "HOLD_CANCELLED":
            if not any(span.first <= event.span.last for span in self.cancelled.get(event.command.id, [])):
                yield Finding("refused", event.number, f"{event.command} was cancelled, and nobody had released it")
            return
        seen = set()
        for asked in self._who_decided_it(event):
            for view in self._views(asked):
                verdict = decide(asked.command, view)
                if _matches(verdict, event):
                    return
                seen.add(str(verdict))
        yield Finding(
            "refused",
            event.number,
            f"{event.status} {dict(event.details)} of {event.command}; possible: {sorted(seen)}",
        )

    def _who_decided_it(self, event: Event) -> list[Event]:
        """A refusal may be a repeat of what another was told under its key: of one who had asked before anybody got an answer."""
        key = key_of(event.command)
        if key is None or event.status == "OK":
            return [event]
        group = [other for other in self.keys[key] if other.status == event.status]
        answered = min(other.span.last for other in group)
        return [other for other in group if other.span.first <= answered]

    def _remember(self, event: Event, hold: ModelHold | None) -> None:
        for line in event.lines:
            states = self.stood[line.wallet_id]
            states[-1] = State(states[-1].value, Span(states[-1].span.first, event.span.last))
            states.append(State(self.model.wallets[line.wallet_id], Span(event.span.first, inf)))
        if hold is not None:
            states = self.held.setdefault(hold.id, [State(None, Span(-inf, inf))])
            states[-1] = State(states[-1].value, Span(states[-1].span.first, event.span.last))
            states.append(State(hold, Span(event.span.first, inf)))
        if isinstance(event.command, Reverse):
            self.reversed[event.command.journal_id] = event

    def _views(self, event: Event) -> Iterator[View]:
        """What the command may have seen at one instant while it ran."""
        command = event.command
        if isinstance(command, Reverse):
            yield from self._views_of_journal(command, event)
            return
        holds = (
            self._during(self.held.get(hold_id, []), event.span)
            if (hold_id := hold_of(command))
            else [State(None, event.span)]
        )
        for hold in holds or [State(None, event.span)]:
            payer, payee = _parties(command, hold.value)
            for at_payer, at_payee, now in product(
                self._wallet_states(payer, event.span),
                self._wallet_states(payee, event.span),
                self._instants(hold_id, event),
            ):
                if event.span.meets(hold.span, at_payer.span, at_payee.span):
                    yield View(at_payer.value, at_payee.value, hold.value, now)

    def _views_of_journal(self, command: Reverse, event: Event) -> Iterator[View]:
        journal = self.model.journals.get(command.journal_id)
        if journal is None:
            yield View()
            return
        before = self.reversed.get(command.journal_id)
        if before is not None and before.span.first <= event.span.last:
            yield View(moved=(), reversed_before=True)
        ids = sorted(journal.deltas)
        for states in product(*(self._wallet_states(wallet_id, event.span) for wallet_id in ids)):
            if event.span.meets(*(state.span for state in states)):
                yield View(moved=tuple((state.value, journal.deltas[state.value.id]) for state in states))

    def _wallet_states(self, wallet_id: UUID | None, span: Span) -> list[State]:
        """The wallet as it may have been: balances and status change apart from each other."""
        if wallet_id is None or wallet_id not in self.stood:
            return [State(None, span)]
        return [
            State(
                replace(stand.value, status=status.value),
                Span(max(stand.span.first, status.span.first), min(stand.span.last, status.span.last)),
            )
            for stand in self._during(self.stood[wallet_id], span)
            for status in self._during(self.statuses[wallet_id], span)
            if stand.span.meets(status.span)
        ]

    def _statuses_during(self, wallet_id: UUID, span: Span) -> list[WalletStatus]:
        return [state.value for state in self._during(self.statuses[wallet_id], span)]

    def _during(self, states: Sequence[State], span: Span) -> list[State]:
        return [state for state in states if state.span.meets(span)]

    def _instants(self, hold_id: UUID | None, event: Event) -> list[float]:
        """Whether the hold's time was up: 0 before, inf after. An accepted command tells its instant by the ledger's own clock."""
        lives = self.lives.get(hold_id, []) if hold_id is not None else []
        begun = [life.expires_at or 0.0 for life in lives if life.span.first <= event.span.last]
        ended = [
            life.expires_at or 0.0
            for life in lives
            if life.span.last < event.span.first or isinstance(life.command, PlaceHold)
        ]
        span = Span(event.at, event.at) if event.at else event.span
        instants = []
        if span.first < max(begun, default=inf):
            instants.append(0.0)
        if span.last >= max(ended, default=inf):
            instants.append(inf)
        return instants


def _statuses(wallet_id: UUID, events: Sequence[Event]) -> list[State]:
    """The statuses of a wallet; one operator at a time changes them."""
    states = [State(WalletStatus.OPEN, Span(-inf, inf))]
    for event in sorted(events, key=lambda event: event.span):
        if isinstance(event.command, ChangeStatus) and event.command.wallet_id == wallet_id and event.status == "OK":
            states[-1] = State(states[-1].value, Span(states[-1].span.first, event.span.last))
            states.append(State(event.command.to, Span(event.span.first, inf)))
    return states


def _seen(view: View, statuses: Mapping[UUID, WalletStatus], now: float) -> View:
    def shown(wallet: ModelWallet | None) -> ModelWallet | None:
        return None if wallet is None else replace(wallet, status=statuses[wallet.id])

    moved = view.moved and tuple((replace(wallet, status=statuses[wallet.id]), delta) for wallet, delta in view.moved)
    return replace(view, wallet=shown(view.wallet), payee=shown(view.payee), moved=moved, now=now)


def _parties(command: Command, hold: ModelHold | None) -> tuple[UUID | None, UUID | None]:
    if hold is not None:
        return hold.payer, hold.payee
    if isinstance(command, PlaceHold):
        return command.from_wallet_id, command.to_wallet_id
    return getattr(command, "wallet_id", None), None


def _matches(verdict: Verdict, event: Event) -> bool:
    if event.status == "OK":
        changes_nothing = verdict.idle or isinstance(event.command, ExtendHold | ChangeStatus)
        return verdict.status == "OK" and changes_nothing
    return (verdict.status, dict(verdict.details)) == (event.status, dict(event.details))
