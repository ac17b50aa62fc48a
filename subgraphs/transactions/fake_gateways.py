"""The other services in memory, for tests and experiments: same ports, same contract suite as the real ones; and a network that fails.

`LossyWallets` stands before any WalletGateway, fake or real, and does to its calls what networks do.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from uuid import UUID

from payflow.client.errors import OutcomeUnknown
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions.domain import Step
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    HoldCancelled,
    HoldCaptured,
    HoldExpired,
    HoldReleased,
    InsufficientFunds,
    PayeeClosed,
    SameWallet,
    WalletClosed,
    WalletFrozen,
    WalletNotFound,
)
from subgraphs.transactions.gateways import HoldOrder, ImpossibleAnswer, Wallet, WalletGateway


class _HoldState(Enum):
    OPEN = auto()
    CAPTURED = auto()
    RELEASED = auto()
    EXPIRED = auto()
    REFUSED = auto()
    CANCELLED = auto()  # a tombstone


_HELD = frozenset({_HoldState.OPEN, _HoldState.EXPIRED})
_ENDED: dict[_HoldState, type[HoldReleased | HoldExpired | HoldCaptured]] = {
    _HoldState.CAPTURED: HoldCaptured,
    _HoldState.RELEASED: HoldReleased,
    _HoldState.EXPIRED: HoldExpired,
    _HoldState.CANCELLED: HoldReleased,
}


@dataclass(slots=True)
class _Hold:
    state: _HoldState
    order: HoldOrder | None = None
    refusal: Refusal | None = None


@dataclass(slots=True)
class FakeWallets:
    """A wallet service without a database."""

    available: dict[UUID, int] = field(default_factory=dict)
    frozen: set[UUID] = field(default_factory=set)
    closed: set[UUID] = field(default_factory=set)
    extended: dict[UUID, timedelta] = field(default_factory=dict)
    _wallets: dict[UUID, Wallet] = field(default_factory=dict)
    _holds: dict[UUID, _Hold] = field(default_factory=dict)

    def open(self, owner_id: UUID, currency: str = "USD", *, balance: int = 0) -> Wallet:
        """A new wallet with some money in it."""
        wallet = Wallet(new_id(), owner_id, currency)
        self._wallets[wallet.id] = wallet
        self.available[wallet.id] = balance
        return wallet

    @property
    def held(self) -> int:
        """The sum of all holds that have neither been captured nor released."""
        return sum(hold.order.amount.amount for hold in self._holds.values() if hold.order and hold.state in _HELD)

    def expire(self, hold_id: UUID) -> None:
        """Let time pass: the hold has grown too old to be captured, and waits to be released."""
        self._holds[hold_id].state = _HoldState.EXPIRED

    async def wallets(self, wallet_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
        return {wallet_id: self._wallets[wallet_id] for wallet_id in wallet_ids if wallet_id in self._wallets}

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        found = (
            wallet for wallet in self._wallets.values() if (wallet.owner_id, wallet.currency) == (owner_id, currency)
        )
        return next((wallet for wallet in found if wallet.id not in self.closed), None)

    async def place_hold(self, order: HoldOrder) -> None:
        hold = self._holds.get(order.hold_id)
        if hold is None:
            hold = self._holds[order.hold_id] = self._decide(order)
        if hold.state is _HoldState.CANCELLED:
            raise HoldCancelled
        if hold.order != order:
            raise ImpossibleAnswer("this hold id was used before with another order")
        if hold.refusal is not None:
            raise hold.refusal

    async def capture_hold(self, hold_id: UUID) -> None:
        hold = self._holds.get(hold_id)
        if hold is None or hold.order is None or hold.state is _HoldState.REFUSED:
            raise ImpossibleAnswer("there is no such hold")
        if hold.state is _HoldState.RELEASED:
            raise HoldReleased
        if hold.state is _HoldState.EXPIRED:
            raise HoldExpired
        if hold.state is _HoldState.OPEN and hold.order.to_wallet_id in self.closed:
            raise PayeeClosed
        if hold.state is _HoldState.OPEN:
            hold.state = _HoldState.CAPTURED
            self.available[hold.order.to_wallet_id] += hold.order.amount.amount

    async def release_hold(self, hold_id: UUID) -> None:
        hold = self._holds.setdefault(hold_id, _Hold(_HoldState.CANCELLED))
        if hold.state is _HoldState.CAPTURED:
            raise HoldCaptured
        if hold.state in _HELD:
            self._give_back(hold)

    async def extend_hold(self, hold_id: UUID, lifetime: timedelta) -> None:
        hold = self._holds.get(hold_id)
        if hold is None or hold.order is None or hold.state is _HoldState.REFUSED:
            raise ImpossibleAnswer("there is no such hold")
        if hold.state is not _HoldState.OPEN:
            raise _ENDED[hold.state]()
        self.extended[hold_id] = lifetime

    def _decide(self, order: HoldOrder) -> _Hold:
        refusal = self._refusal(order)
        if refusal is not None:
            return _Hold(_HoldState.REFUSED, order, refusal)
        self.available[order.from_wallet_id] -= order.amount.amount
        return _Hold(_HoldState.OPEN, order)

    def _refusal(self, order: HoldOrder) -> Refusal | None:
        payer, payee = self._wallets.get(order.from_wallet_id), self._wallets.get(order.to_wallet_id)
        if payer is None or payee is None or payer.owner_id != order.payer_id:
            return WalletNotFound()
        if not self.closed.isdisjoint((payer.id, payee.id)):
            return WalletClosed()
        if payer.id in self.frozen:
            return WalletFrozen()
        if payer == payee:
            return SameWallet()
        if not payer.currency == payee.currency == order.amount.currency:
            return CurrencyMismatch("The wallets and the amount are not of one currency.")
        available = Money(self.available[payer.id], payer.currency)
        if available < order.amount:
            return InsufficientFunds("There is not enough money.", available=available, requested=order.amount)
        return None

    def _give_back(self, hold: _Hold) -> None:
        assert hold.order is not None, hold
        hold.state = _HoldState.RELEASED
        self.available[hold.order.from_wallet_id] += hold.order.amount.amount


@dataclass(slots=True)
class FakeUsers:
    """People by handle."""

    handles: dict[str, UUID] = field(default_factory=dict)

    async def user_by_handle(self, handle: str) -> UUID | None:
        return self.handles.get(handle.removeprefix("@").lower())


class Fault(Enum):
    """What a network can do to a call."""

    LOSE_REQUEST = auto()  # it never arrives
    LOSE_REPLY = auto()  # it happens, and nobody hears of it
    HANG_BEFORE = auto()  # it never arrives, and nobody says so
    HANG_AFTER = auto()  # it happens, and the answer never comes
    DUPLICATE = auto()  # it arrives twice
    DELAY = auto()  # it counts as lost, and arrives when `deliver` is called


@dataclass(slots=True)
class LossyWallets:
    """Passes calls on to another gateway, through the faults that were asked for, in their order; then without any.

    While it is `down`, no call to hold, capture or release arrives. `lookups` counts the questions about wallets.
    """

    beyond: WalletGateway
    calls: list[Step] = field(default_factory=list)
    lookups: int = 0
    down: bool = False
    _faults: defaultdict[Step, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _delayed: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def disturb(self, step: Step, *faults: Fault) -> None:
        """Let the next calls of this step meet these faults, one each."""
        self._faults[step].extend(faults)

    async def deliver(self) -> None:
        """Let the delayed calls arrive; nobody waits for their answers any more."""
        while self._delayed:
            try:
                await self._delayed.pop(0)()
            except Refusal:
                continue

    async def wallets(self, wallet_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
        self.lookups += 1
        return await self.beyond.wallets(wallet_ids)

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        self.lookups += 1
        return await self.beyond.wallet_of(owner_id, currency)

    async def place_hold(self, order: HoldOrder) -> None:
        await self._pass(Step.HOLD, lambda: self.beyond.place_hold(order))

    async def capture_hold(self, hold_id: UUID) -> None:
        await self._pass(Step.CAPTURE, lambda: self.beyond.capture_hold(hold_id))

    async def release_hold(self, hold_id: UUID) -> None:
        await self._pass(Step.RELEASE, lambda: self.beyond.release_hold(hold_id))

    async def extend_hold(self, hold_id: UUID, lifetime: timedelta) -> None:
        await self.beyond.extend_hold(hold_id, lifetime)

    async def _pass(self, step: Step, call: Callable[[], Awaitable[None]]) -> None:
        self.calls.append(step)
        if self.down:
            raise OutcomeUnknown("connection refused")
        fault = self._faults[step].popleft() if self._faults[step] else None
        match fault:
            case Fault.LOSE_REQUEST:
                raise OutcomeUnknown("connection refused")
            case Fault.HANG_BEFORE:
                await asyncio.Event().wait()
            case Fault.DELAY:
                self._delayed.append(call)
                raise OutcomeUnknown("no answer in time")
            case Fault.DUPLICATE:
                await call()
        await call()
        match fault:
            case Fault.LOSE_REPLY:
                raise OutcomeUnknown("connection reset")
            case Fault.HANG_AFTER:
                await asyncio.Event().wait()
