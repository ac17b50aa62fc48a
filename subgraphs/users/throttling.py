"""How often one may fail to log in, and register: sliding windows per account and per network, and a pause that doubles with each more.

An attempt to log in counts as failed from its start, so that many at once are no way around, and is taken back when the password was right,
or was never looked at.
A registration always counts: accounts are what it is to make few of, and whether an address has one already is not to be asked often.
One that comes too early is refused without a look at the password and does not count, so no pause outlasts the longest. A network from
which the right password came before is counted by itself: strangers who guess at an account do not keep its owner out of it.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from subgraphs.users.errors import TooManyAttempts

KNOWN_S = 90 * 86_400.0  # how long a network is known to an account after a log-in: as long as a session may last
KEYS_MAX = 10_000  # accounts and networks that a process remembers by itself, some 300 bytes each; the oldest go first


@dataclass(frozen=True, slots=True)
class Policy:
    """`free` failures within the window cost nothing; after that each next attempt waits, `first_s` and then twice as long each time."""

    free: int
    first_s: float
    longest_s: float
    window_s: float

    def wait_s(self, failures: Sequence[float], now: float) -> float:
        """How long the next attempt must wait, given the instants of those that failed, in order."""
        recent = [at for at in failures if at > now - self.window_s]
        if len(recent) < self.free:
            return 0.0
        pause = min(self.first_s * 2.0 ** min(len(recent) - self.free, 30), self.longest_s)
        return max(0.0, recent[-1] + pause - now)

    def stricter(self) -> Policy:
        """For who cannot see what others count."""
        return replace(self, free=max(1, self.free // 2), first_s=self.first_s * 2)


# People mistype a password a few times; who guesses gets some 15 guesses a quarter of an hour, and then one.
PER_ACCOUNT = Policy(free=5, first_s=15.0, longest_s=900.0, window_s=900.0)
# Many people may share an address, few of them fail; who tries one password on many accounts does so all the time.
PER_NETWORK = Policy(free=50, first_s=15.0, longest_s=900.0, window_s=900.0)


def registrations_policy(per_hour: int) -> Policy:
    """So many from one network within an hour cost nothing; after that each waits, and soon there is one an hour."""
    return Policy(free=per_hour, first_s=15.0, longest_s=3600.0, window_s=3600.0)


@dataclass(frozen=True, slots=True)
class Registering:
    """One try to register, by the network that it comes from."""

    network: str
    id: str

    @classmethod
    def from_network(cls, network: str) -> Registering:
        return cls(f"registrations:{network}", uuid4().hex)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to log in, by what it may be counted under: the account, the network, and the account at this network (`pair`).

    The keys say nothing of the account by themselves: addresses of e-mail are personal.
    """

    account: str
    network: str
    pair: str
    id: str

    @classmethod
    def of(cls, email: str, network: str) -> Attempt:
        """Of an address in normal form, whether anybody has it or not."""
        account = hashlib.sha256(email.encode()).hexdigest()
        pair = hashlib.sha256(f"{account} {network}".encode()).hexdigest()
        return cls(f"account:{account}", f"network:{network}", f"pair:{pair}", uuid4().hex)


class Throttle(Protocol):
    """Lets attempts pass, or not."""

    async def admit(self, attempt: Attempt) -> None:
        """Count the attempt. Raises TooManyAttempts, and then does not count it."""
        ...

    async def forgive(self, attempt: Attempt) -> None:
        """The password was right: the attempt is taken back, and this network is known to the account from now on."""
        ...

    async def take_back(self, attempt: Attempt) -> None:
        """Nobody has looked at the password: it is as if there had been no attempt."""
        ...

    async def admit_registration(self, registering: Registering) -> None:
        """Count it. Raises TooManyAttempts, and then does not count it."""
        ...


def refusal(wait_s: float) -> TooManyAttempts:
    """What who comes too early to log in is told."""
    return TooManyAttempts.to_log_in(_whole_seconds(wait_s))


def registration_refusal(wait_s: float) -> TooManyAttempts:
    """What who comes too early to register is told."""
    return TooManyAttempts.to_register(_whole_seconds(wait_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The rules of one platform."""

    per_account: Policy = PER_ACCOUNT
    per_network: Policy = PER_NETWORK
    registrations: Policy

    def stricter(self) -> Policies:
        """For a process that counts by itself."""
        return Policies(
            per_account=self.per_account.stricter(),
            per_network=self.per_network.stricter(),
            registrations=self.registrations.stricter(),
        )


class Attempts:
    """What one process has seen; decides in one step, without waiting for anybody."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies
        self._counted: OrderedDict[str, dict[str, float]] = OrderedDict()  # by key: attempt → instant, in order
        self._known: OrderedDict[str, None] = OrderedDict()  # pairs that have logged in

    def admit(self, attempt: Attempt, now: float) -> float:
        """Seconds to wait; 0 where the attempt may be made, and then it counts."""
        account = attempt.pair if attempt.pair in self._known else attempt.account
        return self._admit(
            attempt.id, {account: self._policies.per_account, attempt.network: self._policies.per_network}, now
        )

    def admit_registration(self, registering: Registering, now: float) -> float:
        """Seconds to wait; 0 where it may be made, and then it counts."""
        return self._admit(registering.id, {registering.network: self._policies.registrations}, now)

    def take_back(self, attempt: Attempt) -> None:
        for key in (attempt.account, attempt.network, attempt.pair):
            self._counted.get(key, {}).pop(attempt.id, None)

    def forgive(self, attempt: Attempt) -> None:
        self.take_back(attempt)
        self._counted.pop(attempt.pair, None)
        self._known[attempt.pair] = None
        self._known.move_to_end(attempt.pair)
        _bound(self._known)

    def _admit(self, attempt_id: str, rules: Mapping[str, Policy], now: float) -> float:
        wait_s = max(policy.wait_s(self._recent(key, policy, now), now) for key, policy in rules.items())
        if wait_s == 0:
            for key in rules:
                self._counted.setdefault(key, {})[attempt_id] = now
                self._counted.move_to_end(key)
            _bound(self._counted)
        return wait_s

    def _recent(self, key: str, policy: Policy, now: float) -> list[float]:
        kept = {made: at for made, at in self._counted.get(key, {}).items() if at > now - policy.window_s}
        if key in self._counted:
            self._counted[key] = kept
        return list(kept.values())


def _whole_seconds(wait_s: float) -> int:
    return max(1, math.ceil(wait_s))


def _bound(remembered: OrderedDict[str, Any]) -> None:
    while len(remembered) > KEYS_MAX:
        remembered.popitem(last=False)
