"""Expands `${env.NAME}` and `${env.NAME:-default}` in settings that were read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from router.errors import ConfigError

_REFERENCE: Final = re.compile(r"\$\{(?P<source>\w+)\.(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


def expand(value: Any, environment: Mapping[str, str], *, where: str) -> Any:
    """Replace the references in every string of a parsed YAML tree.

    It works on parsed values, so that what a variable holds can never become YAML.
    """
    if isinstance(value, dict):
        return {key: expand(item, environment, where=where) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, environment, where=where) for item in value]
    if not isinstance(value, str):
        return value
    return _REFERENCE.sub(lambda reference: _resolve(reference, environment, where), value)


def _resolve(reference: re.Match[str], environment: Mapping[str, str], where: str) -> str:
    source, name, default = reference["source"], reference["name"], reference["default"]
    if source != "env":
        raise ConfigError(f"{where}: {reference[0]} names the unknown source {source!r}; write ${{env.{name}}}.")
    # As in a shell, `:-` also stands in for a variable that is set to nothing.
    value = environment.get(name) or default
    if value is None:
        raise ConfigError(
            f"{where}: the environment variable {name} is not set; set it or give a default as ${{env.{name}:-value}}."
        )
    return value
