"""A machine that asks the real ledger and its model the same, as hypothesis chooses, and compares all they say and have."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.wallet import statements, store
from subgraphs.wallet.commands import (
    AMOUNT_MAX,
    CaptureHold,
    ChangeStatus,
    Command,
    Credit,
    CreditSource,
    Debit,
    Deposit,
    ExtendHold,
    OpenWallet,
    PlaceHold,
    Purpose,
    ReleaseHold,
    Reverse,
    WalletStatus,
    Withdraw,
)
from subgraphs.wallet.outcomes import refusal_of
from subgraphs.wallet.posting import POST, posting_of
from subgraphs.wallet.posting import Answer as Posted
from subgraphs.wallet.statements import Moment
from tests.subgraphs.wallet.clock import MovedClock
from tests.subgraphs.wallet.invariants import Books
from tests.subgraphs.wallet.model import Key, Model, ModelHold, ModelWallet, key_of
from tests.subgraphs.wallet.told import GRAIN_S, expected, status_of, told
from tests.subgraphs.wallet.world import World


class Profile(NamedTuple):
    """How much is asked: examples, the steps of each at most, and how long it may take where one fails and is made smaller."""

    examples: int
    steps: int
    limit_s: int


PROFILES = {"dev": Profile(10, 40, 600), "ci": Profile(30, 60, 900), "nightly": Profile(5000, 150, 12 * 3600)}
PROFILE = os.environ.get("PAYFLOW_PROOF", "ci")
SEED = int(os.environ.get("PAYFLOW_PROOF_SEED", random.randrange(2**32) if PROFILE == "nightly" else 1))

PEOPLE = ("ada", "bob", "eve")
BEGINNING = ("ada/USD", "ada/JPY", "bob/USD", "eve/USD")
HOLDING = (100,)  # what most wallets begin with, so that most commands are decided by what is left
BRIMFUL = (*[AMOUNT_MAX] * 3, AMOUNT_MAX - 50)  # and the last of them, so that others are by what it can still take

PICK = st.integers(0, 30)
WALLET = st.integers(0, 5)
FEW = st.integers(0, 2)  # who pays mostly, so that holds of one wallet add up
SMALL = st.integers(1, 60)
AMOUNT = st.one_of(SMALL, SMALL, st.just(AMOUNT_MAX))  # four of these fill a wallet
KEY = st.integers(0, 40)  # few keys, so that they are met again
# The clock moves by whole grains and holds last some and a half, so how long a run takes decides nothing.
LIFE = st.sampled_from([grains * GRAIN_S + GRAIN_S // 2 for grains in (1, 2, 0)])

_STAND = text("SELECT id, owner_id, currency, posted, held, seq, status FROM account WHERE id = ANY (:wallets)")


def seldom(*others: Any) -> st.SearchStrategy[Any]:
    """Mostly None."""
    return st.sampled_from((None,) * 14 + others)


CURRENCY = seldom("USD", "JPY")  # None: the one that fits
STRANGER = seldom(*PEOPLE)  # None: whose it is


class Bench:
    """A database with a clock to move, and what runs the commands over it."""

    def __init__(self, runner: asyncio.Runner, world: World, clock: MovedClock) -> None:
        self.run, self.world, self.clock = runner.run, world, clock
        self.shift = 0
        self.met: Counter[tuple[str, str, bool]] = Counter()  # command, status, replayed: what has been compared

    def move_clock(self, seconds: int) -> None:
        self.run(self.clock.move(seconds))
        self.shift += seconds

    def post(self, commands: list[tuple[Command, bool]]) -> list[tuple[UUID, Posted]]:
        """One call for all of them: the id that each one's journal has if it writes one, and its answer."""
        now = datetime.now(UTC) + timedelta(seconds=self.shift)
        grace = timedelta(seconds=GRAIN_S)
        postings = [posting_of(command, not_after=now - grace if late else now + grace) for command, late in commands]
        rows = self.run(self.world.database.call(POST, postings))
        answers = [Posted(row["status"], row["replayed"], row["ref"], row["result"] or {}) for row in rows]
        self.met.update(
            (type(command).__name__, answer.status, answer.replayed)
            for (command, _), answer in zip(commands, answers, strict=True)
        )
        return [(posting.journal_id, answer) for posting, answer in zip(postings, answers, strict=True)]


class LedgerMachine(RuleBasedStateMachine):
    """Rules make commands; each is posted for real and to the model. Every run makes people and wallets of its own."""

    bench: ClassVar[Bench]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.owners = {name: new_id() for name in (*PEOPLE, "zoe")}
        self.wallets: list[ModelWallet] = []
        self.sent: list[Command] = []
        self.hold_ids: list[UUID] = []
        self.first: dict[Key, tuple[Any, ...]] = {}
        self.history: list[tuple[datetime, dict[UUID, ModelWallet]]] = []
        self.books = Books()
        self.gathered: list[tuple[Command, bool]] = []
        self.gather_until = 1
        for name in BEGINNING:
            self.open(*name.split("/"))
        for wallet in self.wallets:
            for number, amount in enumerate(BRIMFUL if wallet == self.wallets[-1] else HOLDING):
                self.post(
                    Deposit(
                        wallet.owner_id, wallet.id, Money(amount, wallet.currency), f"first {number} {wallet.currency}"
                    )
                )

    # ── money in and out ──

    @rule(owner=st.sampled_from((*PEOPLE, "zoe")), currency=st.sampled_from(("USD", "JPY")))
    def open(self, owner: str, currency: str) -> None:
        wallet = ModelWallet(new_id(), self.owners[owner], currency)
        opened = self.bench.run(self.opened(OpenWallet(wallet.owner_id, currency)))
        if opened is not None:
            wallet = replace(wallet, id=opened.id)
        assert (opened is not None) == self.model.open(wallet)
        self.wallets = list(self.model.wallets.values())

    async def opened(self, command: OpenWallet) -> Any:
        async with self.bench.world.database.unit_of_work() as work:
            return await store.add_wallet(work, command)

    @rule(
        kind=st.sampled_from((Deposit, Withdraw)),
        wallet=WALLET,
        amount=AMOUNT,
        key=KEY,
        currency=CURRENCY,
        stranger=STRANGER,
        late=seldom(True),
    )
    def pay(
        self,
        kind: type[Deposit | Withdraw],
        wallet: int,
        amount: int,
        key: int,
        currency: str | None,
        stranger: str | None,
        late: bool | None,
    ) -> None:
        mine = self.wallet(wallet)
        owner = mine.owner_id if stranger is None else self.owners[stranger]
        self.post(kind(owner, mine.id, Money(amount, currency or mine.currency), f"{key}"), late=bool(late))

    @rule(kind=st.sampled_from((Credit, Debit)), wallet=WALLET, amount=AMOUNT, key=KEY, currency=CURRENCY)
    def reward(self, kind: type[Credit | Debit], wallet: int, amount: int, key: int, currency: str | None) -> None:
        mine = self.wallet(wallet)
        money = Money(amount, currency or mine.currency)
        self.post(kind(mine.id, money, CreditSource.REWARDS, None, self.own(key)))

    # ── holds ──

    @rule(
        kind=st.sampled_from((PlaceHold, Withdraw, Debit)), wallet=FEW, payee=WALLET, over=st.integers(0, 1), life=LIFE
    )
    def spend_all(
        self, kind: type[PlaceHold | Withdraw | Debit], wallet: int, payee: int, over: int, life: int
    ) -> None:
        """All that is available, or one more."""
        mine = self.wallet(wallet)
        amount = Money(min(mine.available + over, AMOUNT_MAX), mine.currency)
        if not amount.amount:
            return
        if kind is Withdraw:
            self.post(Withdraw(mine.owner_id, mine.id, amount, new_id().hex))
        elif kind is Debit:
            self.post(Debit(mine.id, amount, CreditSource.REWARDS, None, new_id().hex))
        else:
            self.hold(self.new_hold_id(), mine, self.other(mine, payee), amount.amount, life=life)

    @rule(payer=FEW, payee=WALLET, amount=SMALL, life=LIFE)
    def place(self, payer: int, payee: int, amount: int, life: int) -> None:
        """A hold that is likely to be accepted."""
        paying = self.wallet(payer)
        self.hold(self.new_hold_id(), paying, self.other(paying, payee), amount, life=life)

    @rule(
        payer=WALLET, payee=WALLET, amount=AMOUNT, life=LIFE, currency=CURRENCY, stranger=STRANGER, nobody=seldom(True)
    )
    def place_anything(
        self,
        payer: int,
        payee: int,
        amount: int,
        life: int,
        currency: str | None,
        stranger: str | None,
        nobody: bool | None,
    ) -> None:
        paying, paid = self.wallet(payer), self.wallet(payee)
        if nobody:
            paid = replace(paid, id=new_id())
        self.hold(self.new_hold_id(), paying, paid, amount, life=life, currency=currency, stranger=stranger)

    @precondition(lambda self: self.hold_ids)
    @rule(pick=PICK, payer=WALLET, payee=WALLET, amount=SMALL, life=LIFE)
    def place_under_an_id_used_before(self, pick: int, payer: int, payee: int, amount: int, life: int) -> None:
        self.hold(self.hold_id(pick), self.wallet(payer), self.wallet(payee), amount, life=life)

    @precondition(lambda self: any(hold.captured for hold in self.model.holds.values()))
    @rule(pick=PICK, amount=SMALL, life=LIFE)
    def refund(self, pick: int, amount: int, life: int) -> None:
        captured = [hold for hold in self.model.holds.values() if hold.captured and hold.purpose is Purpose.TRANSFER]
        paid = captured[pick % len(captured)]
        left = paid.captured - self.asked_back(paid.transfer_id)
        if left <= 0:  # how much of a payment is refunded is for transactions to bound
            return
        payer, payee = self.model.wallets[paid.payee], self.model.wallets[paid.payer]
        self.hold(self.new_hold_id(), payer, payee, min(amount, left), life=life, refunded=paid.transfer_id)

    @precondition(lambda self: self.hold_ids)
    @rule(
        pick=PICK,
        amount=st.one_of(st.none(), SMALL),
        final=st.booleans(),
        key=st.one_of(st.none(), KEY, KEY),
        currency=CURRENCY,
    )
    def capture(self, pick: int, amount: int | None, final: bool, key: int | None, currency: str | None) -> None:
        hold_id = self.hold_id(pick)
        hold = self.model.holds.get(hold_id)
        money = None if amount is None else Money(amount, currency or (hold.currency if hold else "USD"))
        own_key = None if key is None else self.own(key)
        self.post(CaptureHold(hold_id=hold_id, amount=money, final=final, idempotency_key=own_key))

    @precondition(lambda self: self.open_holds())
    @rule(pick=PICK, amount=st.one_of(st.none(), SMALL, st.just(-1)), final=st.booleans())
    def capture_what_is_open(self, pick: int, amount: int | None, final: bool) -> None:
        """-1: one more than there is."""
        hold = self.open_holds()[pick % len(self.open_holds())]
        money = None if amount is None else Money(hold.left + 1 if amount < 0 else amount, hold.currency)
        self.post(CaptureHold(hold_id=hold.id, amount=money, final=final, idempotency_key=new_id().hex))

    @precondition(lambda self: self.hold_ids)
    @rule(pick=PICK, life=LIFE, how=st.sampled_from(("release", "sweep", "extend")))
    def release_or_extend(self, pick: int, life: int, how: str) -> None:
        hold_id = self.hold_id(pick)
        match how:
            case "extend":
                self.post(ExtendHold(hold_id=hold_id, expires_in_s=life))
            case _:
                self.post(ReleaseHold(hold_id=hold_id, expired=how == "sweep"))

    @precondition(lambda self: self.model.holds)
    @rule(command=st.sampled_from((CaptureHold, ReleaseHold)))
    def meet_an_id_never_seen(self, command: type[CaptureHold | ReleaseHold]) -> None:
        self.post(command(hold_id=self.new_hold_id()))

    # ── operators, time ──

    @rule(pick=PICK, key=KEY, nothing=seldom(True))
    def reverse(self, pick: int, key: int, nothing: bool | None) -> None:
        known = [*self.model.journals] or [new_id()]
        which = new_id() if nothing else known[-1 - pick % len(known)]
        self.post(Reverse(journal_id=which, actor="ann", reason="an error", idempotency_key=self.own(key)))

    @rule(
        wallet=WALLET,
        to=st.sampled_from((None, WalletStatus.FROZEN, None, None, WalletStatus.CLOSED)),
        stranger=STRANGER,
    )
    def change_status(self, wallet: int, to: WalletStatus | None, stranger: str | None) -> None:
        """None: everybody may go on."""
        if to is None:
            for frozen in (other for other in self.wallets if other.status is WalletStatus.FROZEN):
                self.become(frozen, WalletStatus.OPEN)
        else:
            self.become(self.wallet(wallet), to, stranger=stranger)

    @precondition(lambda self: self.open_holds())
    @rule(pick=PICK)
    def empty_and_close_a_payee(self, pick: int) -> None:
        """Whose money is on its way then has nowhere to go."""
        self.flush()
        mine = self.model.wallets[self.open_holds()[pick % len(self.open_holds())].payee]
        if 0 < mine.available <= AMOUNT_MAX:
            self.post(Withdraw(mine.owner_id, mine.id, Money(mine.available, mine.currency), new_id().hex))
        self.become(mine, WalletStatus.CLOSED)

    @rule(grains=st.integers(1, 2))
    def time_passes(self, grains: int) -> None:
        self.flush()
        self.bench.move_clock(grains * GRAIN_S)
        self.model.now += grains * GRAIN_S

    # ── the same again, or something else under the same key; too late; together ──

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 200), late=st.booleans())
    def replay(self, pick: int, late: bool) -> None:
        self.post(self.sent[pick % len(self.sent)], late=late)

    @precondition(lambda self: not self.gathered)
    @rule(size=st.integers(2, 6))
    def go_together(self, size: int) -> None:
        """The next commands share one call."""
        self.gather_until = size

    # ── what makes it a proof ──

    def post(self, command: Command, *, late: bool = False) -> None:
        self.gathered.append((command, late))
        if len(self.gathered) >= self.gather_until:
            self.flush()

    def flush(self) -> None:
        """Send what is gathered, in one call, and have the model answer one after the other."""
        commands, self.gathered, self.gather_until = self.gathered, [], 1
        if not commands:
            return
        answers = self.bench.post(commands)
        for (command, late), (journal_id, answer) in zip(commands, answers, strict=True):
            should = self.model.post(command, journal_id=journal_id, too_old=late)
            assert told(answer, self.model.wallets) == expected(should), command
            self.assert_said_the_same_before(should.key, answer)
            refused = refusal_of(answer.status, answer.result)
            assert (None if refused is None else status_of(refused)) == (
                None if answer.status == "OK" else answer.status
            )
            if key_of(command) is not None:
                self.sent.append(command)
        if moved_at := [
            answer.at for _, answer in answers if answer.status == "OK" and not answer.replayed and answer.lines
        ]:
            self.history.append((max(moved_at), dict(self.model.wallets)))

    def assert_said_the_same_before(self, key: Key | None, answer: Posted) -> None:
        """I8: what stands under a key is answered to every repeat, to the bit."""
        if key is not None:
            said = (answer.status, answer.ref, answer.result)
            assert self.first.setdefault(key, said) == said

    @invariant()
    def balances_agree(self) -> None:
        if not self.gathered:
            assert self.bench.run(self.stand()) == self.model.wallets

    @invariant()
    def books_are_in_order(self) -> None:
        if not self.gathered:
            assert self.bench.run(self.broken()) == []

    def teardown(self) -> None:
        """The balance at each moment is what the model had then (I13)."""
        self.flush()
        moments = [(wallet, at) for at, wallets in self.history for wallet in wallets.values()]
        stands = self.bench.run(self.stands([Moment(wallet.id, at) for wallet, at in moments]))
        assert stands == [(wallet.posted, wallet.held) for wallet, _ in moments]

    async def stand(self) -> dict[UUID, ModelWallet]:
        async with self.bench.world.database.read() as connection:
            rows = (await connection.execute(_STAND, {"wallets": list(self.model.wallets)})).all()
        return {
            row.id: ModelWallet(
                row.id, row.owner_id, row.currency, row.posted, row.held, row.seq, WalletStatus(row.status)
            )
            for row in rows
        }

    async def broken(self) -> list[str]:
        async with self.bench.world.database.read() as connection:
            return await self.books.broken(connection, list(self.model.wallets))

    async def stands(self, moments: list[Moment]) -> list[tuple[int, int]]:
        async with self.bench.world.database.read() as connection:
            return [(stand.posted, stand.held) for stand in await statements.stands(connection, moments)]

    # ── what the rules mean by a small number ──

    def wallet(self, pick: int) -> ModelWallet:
        """As it is now, while nothing is gathered."""
        self.wallets = list(self.model.wallets.values())
        return self.wallets[pick % len(self.wallets)]

    def other(self, wallet: ModelWallet, pick: int) -> ModelWallet:
        """Another of the same currency, where there is one."""
        others = [other for other in self.wallets if other.currency == wallet.currency and other != wallet]
        return others[pick % len(others)] if others else wallet

    def hold_id(self, pick: int) -> UUID:
        """More often than not one of the newest few that were placed."""
        placed = [*self.model.holds][-4:]
        return placed[pick % len(placed)] if placed and pick < 24 else self.hold_ids[pick % len(self.hold_ids)]

    def open_holds(self) -> list[ModelHold]:
        return [hold for hold in self.model.holds.values() if hold.left and hold.expires_at > self.model.now]

    def new_hold_id(self) -> UUID:
        self.hold_ids.append(new_id())
        return self.hold_ids[-1]

    def own(self, key: int) -> str:
        """A key where all people share one set of keys."""
        return f"{self.owners['ada'].hex} {key}"

    def become(self, wallet: ModelWallet, to: WalletStatus, *, stranger: str | None = None) -> None:
        owner = None if stranger is None else self.owners[stranger]
        self.post(ChangeStatus(wallet_id=wallet.id, to=to, actor="ann", reason="so", owner_id=owner))

    def hold(
        self,
        hold_id: UUID,
        payer: ModelWallet,
        payee: ModelWallet,
        amount: int,
        *,
        life: int,
        currency: str | None = None,
        stranger: str | None = None,
        refunded: UUID | None = None,
    ) -> None:
        self.post(
            PlaceHold(
                id=hold_id,
                payer_id=payer.owner_id if stranger is None else self.owners[stranger],
                from_wallet_id=payer.id,
                to_wallet_id=payee.id,
                amount=Money(amount, currency or payer.currency),
                transfer_id=refunded or hold_id,
                expires_in_s=life,
                purpose=Purpose.REFUND if refunded else Purpose.TRANSFER,
            )
        )

    def asked_back(self, transfer_id: UUID) -> int:
        """How much of a payment refunds have asked for, be they placed or gathered."""
        gathered = [command for command, _ in self.gathered if isinstance(command, PlaceHold)]
        placed = [hold for hold in self.model.holds.values() if hold.purpose is Purpose.REFUND]
        return sum(hold.amount for hold in placed if hold.transfer_id == transfer_id) + sum(
            command.amount.amount for command in gathered if command.transfer_id == transfer_id
        )


def machine(bench: Bench) -> type[LedgerMachine]:
    """The machine at that bench, starting from the seed."""
    at_bench = type("LedgerMachine", (LedgerMachine,), {"bench": bench})
    return seed(SEED)(at_bench)
