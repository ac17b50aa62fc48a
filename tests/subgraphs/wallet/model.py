"""The ledger as arithmetic on dictionaries: what the real one must answer to every command, without a database, a lock or a clock.

`decide` and `effect_of` are pure: a command and what it sees, to what it comes to. `Model` adds what has to be remembered: wallets,
holds, journals and keys. Written from what the ledger promises, not from its SQL; it shares the command types with it and no rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from payflow.kernel.money import Money
from subgraphs.wallet.commands import (
    CaptureHold,
    ChangeStatus,
    Command,
    Credit,
    Debit,
    Deposit,
    ExtendHold,
    FundCampaign,
    PlaceHold,
    Purpose,
    ReleaseHold,
    Reverse,
    WalletStatus,
    Withdraw,
)

BALANCE_MAX = 4 * 10**15
EXACT_MAX = 2**53 - 1

Key = tuple[Any, ...]


@dataclass(frozen=True)
class ModelWallet:
    id: UUID
    owner_id: UUID
    currency: str
    posted: int = 0
    held: int = 0
    seq: int = 0
    status: WalletStatus = WalletStatus.OPEN

    @property
    def available(self) -> int:
        return self.posted - self.held


@dataclass(frozen=True)
class ModelHold:
    """`expires_at` is in seconds of the model's clock."""

    id: UUID
    payer: UUID
    payee: UUID
    transfer_id: UUID
    currency: str
    amount: int
    purpose: Purpose
    expires_at: float
    captured: int = 0
    released: int = 0
    expired: bool = False

    @property
    def left(self) -> int:
        return self.amount - self.captured - self.released


@dataclass(frozen=True)
class ModelJournal:
    """What a journal posted to wallets; the rest of it is a system account's."""

    deltas: Mapping[UUID, int]
    reverses: UUID | None = None


@dataclass(frozen=True)
class Line:
    """Where a command left a wallet."""

    wallet_id: UUID
    seq: int
    posted: int
    held: int


@dataclass(frozen=True)
class Answer:
    """What a command comes to. `lasts`: how long the hold has from now. `key`: what it stands under, where it does."""

    status: str
    replayed: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    hold: ModelHold | None = None
    lasts: float | None = None
    wallet: ModelWallet | None = None
    key: Key | None = field(default=None, compare=False)


@dataclass(frozen=True)
class View:
    """All that a decision may depend on. A journal that is reversed comes with the wallets that it moved, by id."""

    wallet: ModelWallet | None = None
    payee: ModelWallet | None = None
    hold: ModelHold | None = None
    now: float = 0.0
    moved: tuple[tuple[ModelWallet, int], ...] | None = None
    reversed_before: bool = False


@dataclass(frozen=True)
class Verdict:
    """A refusal with its details, or OK; `idle` where OK means that there is nothing to do any more, or not yet."""

    status: str
    details: Mapping[str, Any] = field(default_factory=dict)
    idle: bool = False


@dataclass(frozen=True)
class Effect:
    """How a command that is OK changes wallets, (posted, held) each, and what it makes of the hold and the status."""

    deltas: Mapping[UUID, tuple[int, int]] = field(default_factory=dict)
    hold: ModelHold | None = None
    status: WalletStatus | None = None


OK = Verdict("OK")


def key_of(command: Command) -> Key | None:
    """The key that a command is known by."""
    match command:
        case Deposit() | Withdraw():
            return (type(command), command.owner_id, command.idempotency_key)
        case Credit() | Debit():
            return (type(command), command.source, command.idempotency_key)
        case PlaceHold():
            return (PlaceHold, command.id)
        case CaptureHold():
            return (CaptureHold, command.idempotency_key or str(command.hold_id))
        case ReleaseHold(expired=False):
            return (ReleaseHold, command.hold_id)
        case Reverse():
            return (Reverse, command.idempotency_key)
    return None


def input_of(command: Command) -> Command:
    """What a key names for ever: the command without it."""
    return replace(command, idempotency_key=None) if isinstance(command, CaptureHold) else command


def hold_of(command: Command) -> UUID | None:
    """The hold that a command meets."""
    match command:
        case CaptureHold() | ReleaseHold() | ExtendHold():
            return command.hold_id
    return None


# ── decisions ──


def decide(command: Command, view: View) -> Verdict:
    """What a command comes to, given what it sees."""
    match command:
        case Deposit() | Credit():
            return _pay_in(command, view.wallet)
        case Withdraw() | Debit():
            return _pay_out(command, view.wallet)
        case FundCampaign():
            raise AssertionError("the funds of campaigns have tests of their own")
        case PlaceHold():
            return _place(command, view)
        case CaptureHold():
            return _capture(command, view)
        case ReleaseHold():
            return _give_back(command, view)
        case ExtendHold():
            return Verdict("HOLD_NOT_FOUND") if view.hold is None else _end_of(view.hold, view.now) or OK
        case Reverse():
            return _reverse(view)
        case ChangeStatus():
            return _change(command, view.wallet)


def _pay_in(command: Deposit | Credit, wallet: ModelWallet | None) -> Verdict:
    if wallet is None or (isinstance(command, Deposit) and wallet.owner_id != command.owner_id):
        return Verdict("WALLET_NOT_FOUND")
    if wallet.status is WalletStatus.CLOSED:
        return Verdict("WALLET_CLOSED")
    if wallet.currency != command.amount.currency:
        return _mismatch(wallet.currency, command.amount)
    if wallet.posted + command.amount.amount > BALANCE_MAX:
        return Verdict("BALANCE_TOO_LARGE")
    return OK


def _pay_out(command: Withdraw | Debit, wallet: ModelWallet | None) -> Verdict:
    if wallet is None or (isinstance(command, Withdraw) and wallet.owner_id != command.owner_id):
        return Verdict("WALLET_NOT_FOUND")
    return _spend(wallet, command.amount)


def _spend(wallet: ModelWallet, amount: Money) -> Verdict:
    if wallet.status is not WalletStatus.OPEN:
        return Verdict(f"WALLET_{wallet.status}")
    if wallet.currency != amount.currency:
        return _mismatch(wallet.currency, amount)
    if wallet.available < amount.amount:
        return _short(wallet, amount.amount)
    return OK


def _place(command: PlaceHold, view: View) -> Verdict:
    payer, payee = view.wallet, view.payee
    if command.from_wallet_id == command.to_wallet_id:
        return Verdict("SAME_WALLET")
    if payer is None or payee is None or payer.owner_id != command.payer_id:
        return Verdict("WALLET_NOT_FOUND")
    if WalletStatus.CLOSED in (payer.status, payee.status):
        return Verdict("WALLET_CLOSED")
    if (spent := _spend(payer, command.amount)) is not OK:
        return spent
    if payee.currency != command.amount.currency:
        return _mismatch(payee.currency, command.amount)
    if payee.posted + command.amount.amount > BALANCE_MAX:
        return Verdict("BALANCE_TOO_LARGE")
    return OK


def _end_of(hold: ModelHold, now: float) -> Verdict | None:
    """Why a hold can be neither captured nor extended any more."""
    if hold.expired or (hold.left and hold.expires_at <= now):
        return Verdict("HOLD_EXPIRED")
    if hold.left:
        return None
    return Verdict("HOLD_CAPTURED" if hold.captured else "HOLD_RELEASED")


def _capture(command: CaptureHold, view: View) -> Verdict:
    hold, payee = view.hold, view.payee
    if hold is None or payee is None:
        return Verdict("HOLD_NOT_FOUND")
    if (end := _end_of(hold, view.now)) is not None:
        return end
    if payee.status is WalletStatus.CLOSED:
        return Verdict("WALLET_CLOSED")
    if command.amount is not None and command.amount.currency != hold.currency:
        return _mismatch(hold.currency, command.amount)
    if command.amount is not None and command.amount.amount > hold.left:
        details = {"currency": hold.currency, "remaining": hold.left, "requested": command.amount.amount}
        return Verdict("CAPTURE_EXCEEDS_HOLD", details)
    if payee.posted + hold.amount > EXACT_MAX:
        return Verdict("BALANCE_TOO_LARGE")
    return OK


def _give_back(command: ReleaseHold, view: View) -> Verdict:
    hold = view.hold
    if hold is None:
        return Verdict("HOLD_NOT_FOUND" if command.expired else "HOLD_CANCELLED")
    if hold.left and (not command.expired or hold.expires_at <= view.now):
        return OK
    if not hold.left and hold.captured and not command.expired:
        return Verdict("HOLD_CAPTURED")
    return Verdict("OK", idle=True)


def _reverse(view: View) -> Verdict:
    if view.moved is None:
        return Verdict("JOURNAL_NOT_FOUND")
    if view.reversed_before:
        return Verdict("ALREADY_REVERSED")
    if any(wallet.status is WalletStatus.CLOSED for wallet, _ in view.moved):
        return Verdict("WALLET_CLOSED")
    for wallet, delta in view.moved:
        if delta > 0 and wallet.available < delta:
            return _short(wallet, delta)
        if wallet.posted - delta > BALANCE_MAX:
            return Verdict("BALANCE_TOO_LARGE")
    return OK


def _change(command: ChangeStatus, wallet: ModelWallet | None) -> Verdict:
    if wallet is None or command.owner_id not in (None, wallet.owner_id):
        return Verdict("WALLET_NOT_FOUND")
    if wallet.status is WalletStatus.CLOSED is not command.to:
        return Verdict("WALLET_CLOSED")
    if wallet.status is WalletStatus.FROZEN and command.owner_id is not None:
        return Verdict("WALLET_FROZEN")
    if command.to is WalletStatus.CLOSED and (wallet.posted or wallet.held):
        return Verdict("WALLET_NOT_EMPTY")
    return OK


def _mismatch(currency: str, amount: Money) -> Verdict:
    return Verdict("CURRENCY_MISMATCH", {"wallet": currency, "amount": amount.currency})


def _short(wallet: ModelWallet, requested: int) -> Verdict:
    details = {"currency": wallet.currency, "available": wallet.available, "requested": requested}
    return Verdict("INSUFFICIENT_FUNDS", details)


# ── effects ──


def effect_of(command: Command, view: View) -> Effect:
    """What a command that is OK changes."""
    match command:
        case Deposit() | Credit():
            return Effect({command.wallet_id: (command.amount.amount, 0)})
        case Withdraw() | Debit():
            return Effect({command.wallet_id: (-command.amount.amount, 0)})
        case FundCampaign():
            raise AssertionError("the funds of campaigns have tests of their own")
        case PlaceHold():
            return Effect({command.from_wallet_id: (0, command.amount.amount)}, _new_hold(command, view.now))
        case Reverse():
            assert view.moved is not None
            return Effect({wallet.id: (-delta, 0) for wallet, delta in view.moved})
        case ChangeStatus():
            return Effect(status=command.to)
    assert view.hold is not None
    return _effect_on(view.hold, command, view.now)


def _new_hold(command: PlaceHold, now: float) -> ModelHold:
    return ModelHold(
        id=command.id,
        payer=command.from_wallet_id,
        payee=command.to_wallet_id,
        transfer_id=command.transfer_id,
        currency=command.amount.currency,
        amount=command.amount.amount,
        purpose=command.purpose,
        expires_at=now + command.expires_in_s,
    )


def _effect_on(hold: ModelHold, command: CaptureHold | ReleaseHold | ExtendHold, now: float) -> Effect:
    match command:
        case CaptureHold():
            taken = hold.left if command.amount is None else command.amount.amount
            back = hold.left - taken if command.final else 0
            after = replace(hold, captured=hold.captured + taken, released=hold.released + back)
            return Effect({hold.payer: (-taken, -taken - back), hold.payee: (taken, 0)}, after)
        case ReleaseHold():
            after = replace(hold, released=hold.released + hold.left, expired=command.expired)
            return Effect({hold.payer: (0, -hold.left)}, after)
        case ExtendHold():
            return Effect(hold=replace(hold, expires_at=max(hold.expires_at, now + command.expires_in_s)))


# ── the ledger ──


@dataclass
class Model:
    """Answers commands one after the other. `now` is its clock, in seconds; whoever drives it moves it."""

    now: float = 0.0
    wallets: dict[UUID, ModelWallet] = field(default_factory=dict)
    holds: dict[UUID, ModelHold] = field(default_factory=dict)
    journals: dict[UUID, ModelJournal] = field(default_factory=dict)
    settled: dict[Key, tuple[Command | None, Answer]] = field(default_factory=dict)

    def open(self, wallet: ModelWallet) -> bool:
        """False where the owner has one in that currency that is not closed."""
        standing = [other for other in self.wallets.values() if other.status is not WalletStatus.CLOSED]
        taken = {(other.owner_id, other.currency) for other in standing}
        if (wallet.owner_id, wallet.currency) in taken:
            return False
        self.wallets[wallet.id] = wallet
        return True

    def post(self, command: Command, *, journal_id: UUID, too_old: bool = False) -> Answer:
        """The command's answer. `journal_id`: what its journal is called if it writes one."""
        key = key_of(command)
        if key in self.settled:
            return self._again(key, command)
        if too_old:
            return Answer("REQUEST_TOO_OLD")
        view = self.view(command)
        verdict = decide(command, view)
        if verdict.status == "HOLD_CANCELLED":
            return self._bury(command)
        if verdict.idle:
            return Answer("OK", replayed=True, hold=view.hold, lasts=self._lasts(view.hold))
        if verdict.status != "OK":
            return self._settle(key, command, Answer(verdict.status, details=verdict.details))
        return self._settle(key, command, self.apply(command, effect_of(command, view), journal_id=journal_id))

    def view(self, command: Command) -> View:
        """What the command sees."""
        if isinstance(command, Reverse):
            return self._view_of_journal(command.journal_id)
        if (hold_id := hold_of(command)) is not None:
            if (hold := self.holds.get(hold_id)) is None:
                return View(now=self.now)
            return View(self.wallets[hold.payer], self.wallets[hold.payee], hold, self.now)
        if isinstance(command, PlaceHold):
            payer, payee = self.wallets.get(command.from_wallet_id), self.wallets.get(command.to_wallet_id)
            return View(payer, payee, now=self.now)
        return View(self.wallets.get(command.wallet_id), now=self.now)  # type: ignore[union-attr]  # the others have one

    def apply(self, command: Command, effect: Effect, *, journal_id: UUID) -> Answer:
        """Let it happen."""
        lines = tuple(self._move(wallet_id, *delta) for wallet_id, delta in effect.deltas.items())
        posted = {wallet_id: delta for wallet_id, (delta, _) in effect.deltas.items() if delta}
        if posted:
            reverses = command.journal_id if isinstance(command, Reverse) else None
            self.journals[journal_id] = ModelJournal(posted, reverses)
        if effect.hold is not None:
            self.holds[effect.hold.id] = effect.hold
        if effect.status is not None:
            assert isinstance(command, ChangeStatus)
            wallet = self.wallets[command.wallet_id] = replace(self.wallets[command.wallet_id], status=effect.status)
            return Answer("OK", wallet=wallet)
        return Answer("OK", lines=lines, hold=effect.hold, lasts=self._lasts(effect.hold))

    def _move(self, wallet_id: UUID, posted: int, held: int) -> Line:
        wallet = self.wallets[wallet_id]
        wallet = replace(wallet, posted=wallet.posted + posted, held=wallet.held + held, seq=wallet.seq + 1)
        self.wallets[wallet_id] = wallet
        return Line(wallet_id, wallet.seq, wallet.posted, wallet.held)

    def _view_of_journal(self, journal_id: UUID) -> View:
        if (journal := self.journals.get(journal_id)) is None:
            return View()
        moved = tuple((self.wallets[wallet_id], delta) for wallet_id, delta in sorted(journal.deltas.items()))
        return View(moved=moved, reversed_before=any(other.reverses == journal_id for other in self.journals.values()))

    def _again(self, key: Key, command: Command) -> Answer:
        first, answer = self.settled[key]
        if first is not None and first != input_of(command):
            return Answer("IDEMPOTENCY_CONFLICT")
        return replace(answer, replayed=True)

    def _bury(self, command: Command) -> Answer:
        """Nothing is held under this id, and nothing will be."""
        key = (PlaceHold, hold_of(command))
        if key in self.settled:
            return Answer("HOLD_CANCELLED", replayed=True)
        self.settled[key] = (None, Answer("HOLD_CANCELLED", key=key))
        return self.settled[key][1]

    def _settle(self, key: Key | None, command: Command, answer: Answer) -> Answer:
        if key is None:
            return answer
        answer = replace(answer, key=key)
        self.settled[key] = (input_of(command), answer)
        return answer

    def _lasts(self, hold: ModelHold | None) -> float | None:
        return None if hold is None else hold.expires_at - self.now


def totals(wallets: Sequence[ModelWallet]) -> dict[str, int]:
    """What is in wallets, by currency."""
    sums: dict[str, int] = {}
    for wallet in wallets:
        sums[wallet.currency] = sums.get(wallet.currency, 0) + wallet.posted
    return sums
