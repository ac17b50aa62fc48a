"""Makes the plugins that the configuration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.config import PluginSettings
from router.config.callables import load_named
from router.errors import ConfigError
from router.plugins.plugin import Plugin


def load_plugins(settings: Iterable[str | PluginSettings]) -> tuple[Plugin, ...]:
    """The plugins in their order.

    Raises:
        ConfigError: a module cannot be imported, lacks the name, or what it makes is no plugin.
    """
    return tuple(_made(settings))


def _made(settings: Iterable[str | PluginSettings]) -> Iterator[Plugin]:
    for index, one in enumerate(settings):
        name = one if isinstance(one, str) else one.use
        where = f"plugins.{index}"
        maker = load_named(name, setting=where)
        arguments = {} if isinstance(one, str) else dict(one.arguments)
        try:
            plugin = maker(**arguments)
        except Exception as error:
            raise ConfigError(f"{where}: {name} could not be made: {error}.") from error
        if not isinstance(plugin, Plugin):
            raise ConfigError(f"{where}: {name} makes a {type(plugin).__name__}, not a router.Plugin.")
        yield plugin
