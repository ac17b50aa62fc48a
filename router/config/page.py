"""The page of all settings, docs/router/configuration.md, written from the settings themselves."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from router.config.root import RouterConfig

_HEAD: Final = """# Configuration

Every key of the router's YAML file (`python -m router serve --config router.yaml`), with its default. All of them are optional: without
a file the router is a plain federation router. Unknown keys are errors. `${env.NAME}` and `${env.NAME:-default}` stand for environment
variables inside any value; relative paths are taken from the file's folder. A changed file is taken up while the router serves
(see [`reload`](#reload)); one that cannot be used is refused, said in the log, and the last good one stays.

Editors complete and check the file with [router.schema.json](../../schema/router.schema.json) (`python -m router config --schema`):

```yaml
# yaml-language-server: $schema=router.schema.json
```

`python -m router config router.yaml` says whether a file is good, or what is wrong with it.

This page is written from `router/config/` by `make schema`.
"""
_TABLE: Final = "| key | value | default | |\n|---|---|---|---|"


def configuration_page() -> str:
    """The page in Markdown."""
    schema = RouterConfig.model_json_schema()
    page = _Page(schema["$defs"])
    return "\n".join([_HEAD, *page.plain(schema["properties"]), *page.sections(schema["properties"])]) + "\n"


class _Page:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def plain(self, properties: Mapping[str, Any]) -> Iterator[str]:
        yield "## At the top\n"
        rows = {key: value for key, value in properties.items() if self._section(value) is None}
        yield from self._table(rows, needed=())
        yield ""

    def sections(self, properties: Mapping[str, Any]) -> Iterator[str]:
        for key, value in sorted(properties.items()):
            if (name := self._section(value)) is not None:
                yield f"## {key}\n"
                yield from self._body(name, key)

    def _body(self, name: str, path: str) -> Iterator[str]:
        definition = self._definitions[name]
        yield _text(definition) + "\n"
        yield from self._table(definition["properties"], needed=definition.get("required", ()))
        yield ""
        for key, value in definition["properties"].items():
            inner = self._section(value)
            if inner is not None:
                below = f"{path}.{key}{_suffix(value)}"
                yield f"### {below}\n"
                yield from self._body(inner, below)

    def _table(self, properties: Mapping[str, Any], *, needed: Collection[str]) -> Iterator[str]:
        yield _TABLE
        for key, value in properties.items():
            what = _text(value).replace("\n", " ").replace("|", "\\|")
            yield f"| `{key}` | {self._kind(value)} | {'needed' if key in needed else _default(value)} | {what} |"

    def _section(self, value: Mapping[str, Any]) -> str | None:
        """The settings class behind a key: its value, one of its alternatives, or what its list or mapping holds."""
        inside = [value, *value.get("anyOf", ()), value.get("items", {}), value.get("additionalProperties", {})]
        for one in inside:
            if isinstance(one, Mapping):
                name = str(one.get("$ref", "")).rpartition("/")[2]
                if name and "properties" in self._definitions[name]:
                    return name
        return next((found for one in value.get("anyOf", ()) if (found := self._inside_list(one)) is not None), None)

    def _inside_list(self, one: Mapping[str, Any]) -> str | None:
        return self._section(one) if "items" in one or "additionalProperties" in one else None

    def _kind(self, value: Mapping[str, Any]) -> str:
        if "anyOf" in value:
            return " or ".join(dict.fromkeys(self._kind(one) for one in value["anyOf"] if one.get("type") != "null"))
        if "$ref" in value:
            return self._kind_of_definition(value["$ref"].rpartition("/")[2])
        if "const" in value:
            return f"`{value['const']}`"
        if "enum" in value:
            return " \\| ".join(f"`{word}`" for word in value["enum"])
        if value.get("type") == "array":
            return f"list of {self._kind(value.get('items', {}))}"
        if value.get("type") == "object":
            inside = value.get("additionalProperties")
            return f"mapping to {self._kind(inside)}" if isinstance(inside, Mapping) and inside else "mapping"
        return {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}.get(
            str(value.get("type")), "anything"
        )

    def _kind_of_definition(self, name: str) -> str:
        definition = self._definitions[name]
        return "mapping" if "properties" in definition else self._kind(definition)


def _suffix(value: Mapping[str, Any]) -> str:
    alternatives = [value, *value.get("anyOf", ())]
    if any(one.get("type") == "array" for one in alternatives):
        return "[]"
    if any(isinstance(one.get("additionalProperties"), Mapping) for one in alternatives):
        return ".NAME"
    return ""


def _default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default is None or default in ([], {}):
        return "none"
    if isinstance(default, Mapping):
        return "see below"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _text(value: Mapping[str, Any]) -> str:
    return str(value.get("description", "")).replace("``", "`")
