"""What clients see of the errors of subgraphs: all of it, part of it, or that there is an error, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from router.config.errors import ErrorRule, ErrorSettings

# The extension by which the executor names whose error it is, and the name of the same with other routers.
SUBGRAPH: Final = "serviceName"
ALSO_SUBGRAPH: Final = "service"
REDACTED: Final = ErrorRule(message="Subgraph errors redacted", allow_extensions=())

_OPEN: Final = ErrorRule()


class Masking:
    """The rules of a configuration, by subgraph."""

    def __init__(self, settings: ErrorSettings | None = None) -> None:
        settings = settings or ErrorSettings()
        self._all = _rule(settings.all)
        self._own = {name: _rule(said) for name, said in settings.subgraphs.items()}

    def told(self, errors: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
        """The errors as the client gets them. Those of the router itself, which name no subgraph, stay as they are."""
        return tuple(self._told(error) for error in errors)

    def _told(self, error: dict[str, Any]) -> dict[str, Any]:
        extensions = error.get("extensions") or {}
        subgraph = extensions.get(SUBGRAPH)
        if subgraph is None:
            return error
        rule = self._own.get(subgraph, self._all)
        named = {**extensions, ALSO_SUBGRAPH: subgraph}
        shown = {name: value for name, value in named.items() if _shows(rule, name)}
        masked = {name: value for name, value in error.items() if name != "extensions"}
        if rule.message is not None:
            masked["message"] = rule.message
        return {**masked, "extensions": shown} if shown else masked


def _rule(said: bool | ErrorRule) -> ErrorRule:
    if isinstance(said, ErrorRule):
        return said
    return _OPEN if said else REDACTED


def _shows(rule: ErrorRule, name: str) -> bool:
    if rule.allow_extensions is not None:
        return name in rule.allow_extensions
    return name not in (rule.deny_extensions or ())
