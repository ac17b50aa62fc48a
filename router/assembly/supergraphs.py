"""Where a supergraph comes from: a file."""

from __future__ import annotations

from pathlib import Path

from router.errors import ConfigError, SupergraphError
from router.supergraph import Supergraph, load_supergraph


def read_supergraph(path: Path | None) -> Supergraph:
    """Load the supergraph at `path`. Raises ConfigError with a sentence that names the file."""
    if path is None:
        raise ConfigError(
            "No supergraph is set: give one with --supergraph or the key `supergraph` of the configuration."
        )
    try:
        return load_supergraph(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"The supergraph {path} does not exist: compose it first, or name another file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The supergraph {path} cannot be read: {error}.") from None
    except SupergraphError as error:
        raise SupergraphError(f"{path} cannot be served: {error}") from None
