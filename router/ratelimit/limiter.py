"""Charges every operation to its client's bucket before it runs, and settles the charge to what it turned out to cost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from router.config.rate_limit import RateLimitSettings
from router.errors import DearerThanBurst, RateLimited, RedisUnavailable
from router.exchange import ClientRequest
from router.ratelimit.gcra import Rate, Standing
from router.ratelimit.holders import Holder, Holders
from router.ratelimit.local import LocalBuckets
from router.ratelimit.spent import Spent
from router.ratelimit.telling import Told, extension, header_fields
from router.telemetry import Telemetry

if TYPE_CHECKING:
    from router.ratelimit.shared import SharedBuckets

_UNITS_MAX: Final = 1e12


class Receipt(NamedTuple):
    """A charge: whose bucket was charged, how much, and where that bucket is."""

    holder: Holder
    told: Told


class RateLimiter:
    """The rate limit of one configuration.

    Without shared buckets, and while Redis is away, buckets are this process's own. What is charged there is settled there.
    """

    def __init__(
        self, settings: RateLimitSettings, *, shared: SharedBuckets | None, key_prefix: str, telemetry: Telemetry
    ) -> None:
        self._settings = settings
        self._holders = Holders(settings, key_prefix)
        self._shared = shared
        self._local = LocalBuckets()
        self._spent = Spent(settings.least)
        self._telemetry = telemetry
        telemetry.watch_rate_limit(lambda: self.is_local)

    @property
    def is_local(self) -> bool:
        """Whether buckets are this process's own just now."""
        return self._shared is None or not self._shared.reachable

    @property
    def charges_events(self) -> bool:
        """Whether each event of a subscription is charged."""
        return self._settings.subscription_events == "charged"

    async def charge(self, request: ClientRequest, cost: float) -> Receipt:
        """Take what the operation is estimated to cost from its client's bucket, and tell the client.

        Raises:
            RateLimited: the bucket does not have enough now.
            DearerThanBurst: it never will.
        """
        holder, units = self._holders.of(request), self._units(cost)
        if units > holder.rate.burst and self._settings.mode == "reject":
            self._telemetry.rate_limited("too_expensive")
            self.charge_minimum(request)  # to be refused is no way to ask without end
            raise DearerThanBurst(_dearer(units, holder.rate))
        receipt = await self._charge(holder, units)
        self._tell(receipt.told, request)
        if receipt.told.standing.allowed:
            self._telemetry.rate_limited("allowed")
        elif self._settings.mode == "measure":
            self._telemetry.rate_limited("measured")
        else:
            self._note(receipt)
            self._refuse(receipt.told, request)
        return receipt

    def turn_away(self, request: ClientRequest) -> None:
        """Refuse a client that is known to have nothing left, before its operation is even read. Raises RateLimited."""
        holder = self._holders.of(request)
        if (known := self._spent.standing(holder.key)) is not None:
            standing, local = known
            told = Told(self._rate(holder, local=local), self._settings.least, standing, local)
            self._tell(told, request)
            self._refuse(told, request)

    def charge_minimum(self, request: ClientRequest) -> None:
        """Charge for an operation that was refused for another reason: nobody waits for it, and a bucket does not come to owe."""
        holder = self._holders.of(request)
        if self._shared is None or not self._shared.reachable:
            self._note(self._charge_here(holder, self._settings.least))
            return
        charged = self._shared.charge(holder.key, self._settings.least * holder.rate.unit_us, holder.rate.tolerance_us)
        charged.add_done_callback(lambda standing: self._charged_minimum(holder, standing))

    def settle(self, receipt: Receipt, request: ClientRequest, cost: float) -> None:
        """Make good the difference between the estimate and the actual cost, and tell the client; nobody waits for it."""
        told = receipt.told
        more = self._units(cost) - told.units
        if not more or not told.standing.allowed:  # only measured: nothing was taken
            return
        rate, key = told.rate, receipt.holder.key
        more_us = more * rate.unit_us
        if more < 0:
            self._spent.forget(key)
        if told.local or self._shared is None:
            self._local.charge(key, more_us, None)
        else:
            self._shared.settle(key, more_us)
        standing = Standing(True, max(0.0, told.standing.backlog_us + more_us))
        self._tell(Told(rate, told.units + more, standing, told.local), request)

    def keep_quiet(self, request: ClientRequest) -> None:
        """Tell the client nothing in `extensions` after all."""
        request.reply.extensions.pop("rateLimit", None)

    async def close(self) -> None:
        """See that what was settled gets to Redis."""
        if self._shared is not None:
            await self._shared.close()

    def _units(self, cost: float) -> float:
        # A cost may have any number of digits; more than this is never there to be spent, and floats hold it.
        return float(min(max(cost, self._settings.minimum), _UNITS_MAX)) if self._settings.unit == "cost" else 1.0

    async def _charge(self, holder: Holder, units: float) -> Receipt:
        if self._shared is None:
            return self._charge_here(holder, units)
        rate, key = holder
        try:
            standing = await self._shared.charge(key, units * rate.unit_us, rate.tolerance_us)
        except RedisUnavailable:
            return self._charge_here(holder, units)
        return Receipt(holder, Told(rate, units, standing, local=False))

    def _charge_here(self, holder: Holder, units: float) -> Receipt:
        rate = self._rate(holder, local=True)
        if (
            units <= holder.rate.burst
        ):  # what fits into the whole plan must be possible within a share: it takes all of it
            units = min(units, rate.burst)
        standing = self._local.charge(holder.key, units * rate.unit_us, rate.tolerance_us)
        return Receipt(holder, Told(rate, units, standing, local=True))

    def _rate(self, holder: Holder, *, local: bool) -> Rate:
        """While Redis is away, every process has its share. Without one, there is nobody to share with."""
        return holder.rate.share(self._settings.local_share) if local and self._shared is not None else holder.rate

    def _charged_minimum(self, holder: Holder, charged: asyncio.Future[Standing]) -> None:
        if not charged.cancelled() and charged.exception() is None:
            self._note(Receipt(holder, Told(holder.rate, self._settings.least, charged.result(), local=False)))

    def _note(self, receipt: Receipt) -> None:
        told = receipt.told
        if not told.standing.allowed and self._settings.mode == "reject":
            self._spent.note(receipt.holder.key, told.rate, told.standing, local=told.local)

    def _refuse(self, told: Told, request: ClientRequest) -> NoReturn:
        self._telemetry.rate_limited("refused")
        request.reply.headers["retry-after"] = str(told.retry_after_s)
        raise RateLimited(_empty(told))

    def _tell(self, told: Told, request: ClientRequest) -> None:
        if self._settings.tell_headers:
            request.reply.headers.update(header_fields(told, self._settings.unit))
        if self._settings.tell_extensions:
            request.reply.extensions["rateLimit"] = extension(told, self._settings.unit)


def _dearer(units: float, rate: Rate) -> str:
    return (
        f"This operation is estimated to cost {units:g}, more than the {rate.burst:g} that the rate limit plan "
        f'"{rate.plan}" allows at once: ask for less in one operation, e.g. for smaller pages.'
    )


def _empty(told: Told) -> str:
    return f'The rate limit of the plan "{told.rate.plan}" is reached: try again in {told.retry_after_s} s.'
