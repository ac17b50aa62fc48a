"""The life of a campaign: versions of its terms, pauses, its end; and which terms are sound. Pure.

A version never changes. What a transfer earns is read from the version that was in force when it completed, however late it is heard of;
only the budget is always that of the newest version, for it limits the campaign and promises nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payflow.kernel.errors import InvalidInput
from payflow.kernel.money import BASIS_POINTS, Money, currencies
from subgraphs.rewards.domain import Campaign, Period

RUNNING_MAX = 100  # campaigns that have not ended; every transfer is held against those of its currency
VERSIONS_MAX = 100  # of one campaign; whoever changes terms more often wants another campaign
NAME_LENGTH_MAX = 100
REASON_LENGTH_MAX = 500
AMOUNT_MAX = 10**15  # minor units of one movement, as the wallet has it


class State(StrEnum):
    """PAUSED: nothing is granted and nothing is paid until it is resumed. ENDED: what was granted is still paid."""

    SCHEDULED = "SCHEDULED"
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a version says. Amounts are in the campaign's currency, minor units."""

    name: str
    rate: int
    starts_at: datetime
    ends_at: datetime | None = None
    cap: int | None = None
    minimum: int | None = None
    user_cap: int | None = None
    period: Period = Period.CAMPAIGN
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """Terms, and from when on they count."""

    number: int
    in_force_from: datetime
    terms: Terms


@dataclass(frozen=True, slots=True)
class Pause:
    """From `since` on, until just before `until`; None: it lasts."""

    since: datetime
    until: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A campaign through time. `versions` in their order, at least one; `spent` in minor units."""

    id: UUID
    currency: str
    versions: Sequence[Version]
    pauses: Sequence[Pause] = ()
    ended_at: datetime | None = None
    spent: int = 0

    @property
    def newest(self) -> Version:
        return self.versions[-1]

    @property
    def current(self) -> Campaign:
        """The campaign under its newest terms, whether it runs or not."""
        return self._under(self.newest)

    def at(self, instant: datetime) -> Campaign | None:
        """The campaign under the terms of an instant; None where it did not run then."""
        if any(pause.covers(instant) for pause in self.pauses):
            return None
        version = next((one for one in reversed(self.versions) if one.in_force_from <= instant), None)
        campaign = None if version is None else self._under(version)
        return campaign if campaign is not None and campaign.runs_at(instant) else None

    def state_at(self, instant: datetime) -> State:
        current = self.current
        if current.ends_at is not None and current.ends_at <= instant:
            return State.ENDED
        if any(pause.covers(instant) for pause in self.pauses):
            return State.PAUSED
        return State.OPEN if current.starts_at <= instant else State.SCHEDULED

    def _under(self, version: Version) -> Campaign:
        terms, budget = version.terms, self.newest.terms.budget
        ends = [end for end in (terms.ends_at, self.ended_at) if end is not None]
        return Campaign(
            id=self.id,
            name=terms.name,
            rate=terms.rate,
            currency=self.currency,
            cap=self._money(terms.cap),
            minimum=self._money(terms.minimum),
            starts_at=terms.starts_at,
            ends_at=min(ends, default=None),
            version=version.number,
            user_cap=self._money(terms.user_cap),
            period=terms.period,
            budget=self._money(budget),
            spent=self.spent,
        )

    def _money(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self.currency)


def checked(terms: Terms, *, currency: str, spent: int = 0) -> Terms:
    """The terms, tidied. Raises InvalidInput, which names the field, the rule and the way out."""
    if currency not in currencies():
        raise InvalidInput("currency", f"{currency} is not a currency in use; give an ISO 4217 code such as USD")
    tidy = replace(terms, name=terms.name.strip())
    if not 1 <= len(tidy.name) <= NAME_LENGTH_MAX or "\x00" in tidy.name:
        raise InvalidInput("name", f"name must have 1 to {NAME_LENGTH_MAX} characters, and no NUL among them")
    if not 1 <= tidy.rate <= BASIS_POINTS:
        raise InvalidInput("rate", f"rate must be 1 to {BASIS_POINTS} basis points (100 = 1 %), got {tidy.rate}")
    for field in ("cap", "minimum", "user_cap", "budget"):
        amount = getattr(tidy, field)
        if amount is not None and not 1 <= amount <= AMOUNT_MAX:
            named = field.replace("_", "-")
            raise InvalidInput(
                named, f"{named} must be 1 to {AMOUNT_MAX} minor units, got {amount}; leave it out for none"
            )
    if tidy.ends_at is not None and tidy.ends_at <= tidy.starts_at:
        raise InvalidInput("ends", "a campaign ends after it starts; give a later end, or none")
    if tidy.budget is not None and tidy.budget < spent:
        raise InvalidInput(
            "budget",
            f"{Money(spent, currency).formatted} has been granted already; give a budget of at least that, or end the campaign",
        )
    return tidy


def checked_reason(reason: str) -> str:
    """Raises InvalidInput."""
    if not 1 <= len(reason.strip()) <= REASON_LENGTH_MAX or "\x00" in reason:
        raise InvalidInput("reason", f"reason must have 1 to {REASON_LENGTH_MAX} characters, and no NUL among them")
    return reason.strip()
