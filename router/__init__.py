"""A federation router for anybody: composes subgraphs into a supergraph, checks its changes, plans, executes and serves it.

The public index. Names are imported when first used, so that `import router` costs nothing. The planner's entry is called
`make_plan` here, for `router.plan` is the package of the plan itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from router.app import create_app
    from router.changes import check
    from router.composition import compose
    from router.config import RouterConfig, load_config
    from router.executor import execute
    from router.operation import normalize
    from router.planner import plan as make_plan
    from router.plugins import Plugin
    from router.supergraph import load_supergraph

__all__ = [
    "Plugin",
    "RouterConfig",
    "check",
    "compose",
    "create_app",
    "execute",
    "load_config",
    "load_supergraph",
    "make_plan",
    "normalize",
]

_HOMES: Final = {
    "Plugin": ("router.plugins", "Plugin"),
    "RouterConfig": ("router.config", "RouterConfig"),
    "check": ("router.changes", "check"),
    "compose": ("router.composition", "compose"),
    "create_app": ("router.app", "create_app"),
    "execute": ("router.executor", "execute"),
    "load_config": ("router.config", "load_config"),
    "load_supergraph": ("router.supergraph", "load_supergraph"),
    "make_plan": ("router.planner", "plan"),
    "normalize": ("router.operation", "normalize"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
