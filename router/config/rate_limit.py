"""`rate_limit`: how much each client may spend in how long."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from router.config.base import Settings

PlanName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:*/-]{1,64}$")]


class RatePlan(Settings):
    """`rate` units every `period_s` seconds, and what was not spent adds up to `burst`."""

    rate: float = Field(gt=0, le=1e9)
    """Units that come back in every period; units are what `unit` says."""

    period_s: float = Field(default=60.0, gt=0, le=86_400)
    """The length of a period."""

    burst: float | None = Field(default=None, gt=0, le=1e9)
    """The most that can be spent at once, and so the dearest operation there can be. By default, `rate`."""


class ScopedPlan(RatePlan):
    """The plan of callers whose access token has a scope."""

    scope: PlanName
    """A word of the token's `scope` claim. It also names the plan to clients."""


class ApiKeys(Settings):
    """Callers without an access token that show a key in a header. Each key is a client of its own.

    A header that anybody can make up would be a new budget for every request. So either say which keys there are, or that somebody
    before the router has checked them.
    """

    header: Annotated[str, AfterValidator(str.lower)] = Field(default="x-api-key", min_length=1)
    """The header that holds the key."""

    sha256: tuple[Annotated[str, Field(pattern="^[0-9a-f]{64}$")], ...] = ()
    """SHA-256 of every key that counts, in hexadecimal. One that is not listed is no key: its client is known by address."""

    verified_upstream: bool = False
    """True where a gateway before the router lets no unknown key pass."""

    plan: RatePlan | None = None
    """By default, that of signed-in callers."""

    @model_validator(mode="after")
    def _keys_are_known(self) -> ApiKeys:
        if bool(self.sha256) == self.verified_upstream:
            raise ValueError("needs either sha256, the digests of the keys that exist, or verified_upstream: true")
        return self


class RateLimitSettings(Settings):
    """Off unless this section is there. Counted in Redis where there is one, else by each process for itself.

    A client is the subject of an access token, else an API key, else an address (of IPv6, its /64; behind proxies see
    `listen.trusted_proxies`).
    """

    mode: Literal["reject", "measure"] = "reject"
    """`measure` counts and tells, but refuses nothing."""

    unit: Literal["cost", "operation"] = "cost"
    """What is spent: the operation's cost (estimated first, then settled to what it turned out to be), or 1 for each."""

    plan: RatePlan
    """The plan of signed-in callers without any of `scopes`."""

    scopes: tuple[ScopedPlan, ...] = ()
    """The first whose scope a caller has is the caller's plan."""

    anonymous: RatePlan | None = None
    """The plan of callers that are known by address only. By default, `plan`."""

    api_keys: ApiKeys | None = None
    """Whether clients without a token are known by a key. Not set: by address only."""

    minimum: float = Field(default=1.0, ge=0)
    """What an operation costs at least, also one that is refused because it is not valid, say: nothing can be asked without end."""

    subscription_events: Literal["free", "charged"] = "free"
    """Whether each event of a subscription is charged, too. To subscribe always is."""

    local_share: float = Field(default=1.0, gt=0, le=1)
    """While Redis is away each process counts by itself, with this part of every plan: 1 / processes keeps the total."""

    tell_headers: bool = True
    """Whether answers carry `RateLimit` and `RateLimit-Policy`."""

    tell_extensions: bool = True
    """Whether answers carry `extensions.rateLimit`."""

    @property
    def least(self) -> float:
        """The units that any operation costs, one that is refused for another reason included."""
        return self.minimum if self.unit == "cost" else 1.0

    @model_validator(mode="after")
    def _every_plan_lets_something_run(self) -> RateLimitSettings:
        keyed = None if self.api_keys is None else self.api_keys.plan
        plans = {"plan": self.plan, "anonymous": self.anonymous, "api_keys.plan": keyed}
        plans |= {f"scopes.{index}": plan for index, plan in enumerate(self.scopes)}
        for key, plan in plans.items():
            if plan is not None and (most := plan.rate if plan.burst is None else plan.burst) < self.least:
                raise ValueError(
                    f"lets nothing run: any operation costs {self.least:g}, and {key} allows {most:g} at once; set its burst"
                )
        return self

    @model_validator(mode="after")
    def _scopes_are_distinct(self) -> RateLimitSettings:
        scopes = [plan.scope for plan in self.scopes]
        if len(set(scopes)) != len(scopes):
            raise ValueError("names a scope twice")
        if reserved := {"signed-in", "anonymous", "api-key"} & set(scopes):
            raise ValueError(f"names the scope {min(reserved)}, which is the name of another plan")
        return self
