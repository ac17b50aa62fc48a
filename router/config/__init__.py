"""The router's settings: one YAML file, a section a module, every key known. Wrong input is a `ConfigError`.

`root.RouterConfig` is the whole of it; `loading.load_config` reads a file, expanding its environment references.
"""

from router.config.authorization import AuthorizationSettings
from router.config.cors import Cors, CorsPolicy
from router.config.cost import CostSettings
from router.config.csrf import CsrfSettings
from router.config.explorer import ExplorerSettings
from router.config.http import BatchingSettings, CompressionSettings, HttpSettings
from router.config.jwt import Algorithm, Issuer, JwtSettings
from router.config.listen import Listen
from router.config.loading import load_config
from router.config.plugins import PluginSettings
from router.config.redis import RedisSettings
from router.config.references import expand
from router.config.reload import ReloadSettings
from router.config.root import RouterConfig
from router.config.sentences import nearest
from router.config.site import SiteSettings
from router.config.source import ConfigSource
from router.config.subgraphs import SubgraphSettings
from router.config.subscriptions import DeferSettings, Heartbeats, Overflow, SingleConnection, SubscriptionSettings
from router.config.timeouts import Timeouts
from router.config.traffic import Traffic

__all__ = [
    "Algorithm",
    "AuthorizationSettings",
    "BatchingSettings",
    "CompressionSettings",
    "ConfigSource",
    "Cors",
    "CorsPolicy",
    "CostSettings",
    "CsrfSettings",
    "DeferSettings",
    "ExplorerSettings",
    "Heartbeats",
    "HttpSettings",
    "Issuer",
    "JwtSettings",
    "Listen",
    "Overflow",
    "PluginSettings",
    "RedisSettings",
    "ReloadSettings",
    "RouterConfig",
    "SingleConnection",
    "SiteSettings",
    "SubgraphSettings",
    "SubscriptionSettings",
    "Timeouts",
    "Traffic",
    "expand",
    "load_config",
    "nearest",
]
