"""Where a configuration comes from, so that it can be read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from router.config.authorization import AuthorizationSettings
from router.config.explorer import ExplorerSettings
from router.config.loading import load_config
from router.config.root import RouterConfig

# Nobody could have said in a file who signs tokens: what needs one is refused, which the log tells, and the rest is served.
_WITHOUT_A_FILE: Final = RouterConfig(
    authorization=AuthorizationSettings(anonymous_only=True), explorer=ExplorerSettings(query_plans=True)
)


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """A YAML file, or none for the defaults. `listen` and `supergraph` take the place of what the file says."""

    path: Path | None = None
    listen: Mapping[str, Any] = field(default_factory=dict)
    supergraph: Path | None = None

    def read(self) -> RouterConfig:
        """The configuration as it is now. Raises ConfigError."""
        config = load_config(self.path) if self.path is not None else _WITHOUT_A_FILE
        said = {} if self.supergraph is None else {"supergraph": self.supergraph}
        return config.model_copy(update={"listen": config.listen.model_copy(update=dict(self.listen)), **said})

    def files(self, config: RouterConfig) -> tuple[Path, ...]:
        """The files that this configuration was made from, and those that it names and that are read once."""
        named = (self.path, config.supergraph, config.traffic.ca_file, *config.persisted_operations.manifests)
        return tuple(path for path in named if path is not None)
