"""The whole configuration: a section a field."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from router.config.authorization import AuthorizationSettings
from router.config.base import FilePath, Settings
from router.config.cache import CacheSettings
from router.config.callables import CallableName
from router.config.cors import Cors
from router.config.cost import CostSettings
from router.config.csrf import CsrfSettings
from router.config.errors import ErrorSettings
from router.config.explorer import ExplorerSettings
from router.config.headers import HeaderSettings
from router.config.health import HealthSettings
from router.config.http import BatchingSettings, CompressionSettings, HttpSettings
from router.config.jwt import JwtSettings
from router.config.limits import LimitSettings
from router.config.listen import Listen
from router.config.pass_through import PassThrough
from router.config.persisted import PersistedSettings
from router.config.plugins import PluginSettings
from router.config.rate_limit import RateLimitSettings
from router.config.redis import RedisSettings
from router.config.reload import ReloadSettings
from router.config.site import SiteSettings
from router.config.subgraph_subscriptions import SubgraphSubscriptions
from router.config.subgraphs import SubgraphSettings
from router.config.subscriptions import DeferSettings, SubscriptionSettings
from router.config.telemetry import TelemetrySettings
from router.config.timeouts import Timeouts
from router.config.traffic import Traffic


class RouterConfig(Settings):
    """Everything that can be set. The defaults make a plain federation router, where every caller is anonymous."""

    supergraph: FilePath | None = None
    """The composed supergraph (SDL); `--supergraph` on the command line comes first."""

    listen: Listen = Listen()
    subgraphs: Mapping[str, SubgraphSettings] = Field(default_factory=dict)
    redis: RedisSettings | None = None
    jwt: JwtSettings | None = None
    authorization: AuthorizationSettings = AuthorizationSettings()
    persisted_operations: PersistedSettings = PersistedSettings()
    cost: CostSettings | None = None
    rate_limit: RateLimitSettings | None = None
    cache: CacheSettings | None = None
    headers: HeaderSettings = HeaderSettings()
    pass_through: PassThrough = PassThrough()
    errors: ErrorSettings = ErrorSettings()
    http: HttpSettings = HttpSettings()
    batching: BatchingSettings = BatchingSettings()
    compression: CompressionSettings = CompressionSettings()
    csrf: CsrfSettings = CsrfSettings()
    cors: Cors | None = None
    explorer: ExplorerSettings = ExplorerSettings()
    site: SiteSettings | None = None
    timeouts: Timeouts = Timeouts()
    traffic: Traffic = Traffic()
    limits: LimitSettings = LimitSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    health: HealthSettings = HealthSettings()
    reload: ReloadSettings = ReloadSettings()
    subscriptions: SubscriptionSettings = SubscriptionSettings()
    subgraph_subscriptions: SubgraphSubscriptions = SubgraphSubscriptions()
    defer: DeferSettings = DeferSettings()
    override_labels: tuple[str, ...] = ()
    """The labels of @override that are true; `percent(n)` labels are rolled for each request and need not be named."""

    plugins: tuple[CallableName | PluginSettings, ...] = ()
    """Subclasses of `router.Plugin`, written `package.module:Name`, or with arguments as `{use: …, with: {…}}`."""

    def subscriptions_on(self, subgraph: str) -> SubgraphSubscriptions:
        """What is set for subscriptions on one subgraph."""
        own = self.subgraphs.get(subgraph, SubgraphSettings())
        return self.subgraph_subscriptions.but(own.subscriptions)
