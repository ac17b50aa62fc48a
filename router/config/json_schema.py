"""The settings as a JSON Schema (draft 2020-12), for editors that complete and check the YAML file while it is written."""

from __future__ import annotations

from typing import Any, Final

from router.config.root import RouterConfig

_REFERENCE: Final = {"type": "string", "pattern": r"\$\{env\.\w+(:-[^}]*)?\}", "description": "From the environment."}
_TEXTLESS: Final = ("integer", "number", "boolean")


def json_schema() -> dict[str, Any]:
    """The schema of the file, in which every value may also come from the environment."""
    schema = RouterConfig.model_json_schema()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Configuration of the router",
    }
    widened: dict[str, Any] = _widened(schema)
    return widened


def _widened(schema: Any) -> Any:
    """The same, where a text with a reference may stand for a number, a truth value or one of several words."""
    if isinstance(schema, list):
        return [_widened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {key: value if key in ("default", "enum") else _widened(value) for key, value in schema.items()}
    if inside.get("type") not in _TEXTLESS and "enum" not in inside:
        return inside
    kept = {key: inside.pop(key) for key in ("title", "description", "default") if key in inside}
    return {"anyOf": [inside, _REFERENCE], **kept}
