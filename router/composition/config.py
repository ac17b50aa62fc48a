"""The file that names the subgraphs to compose, in the format of rover's supergraph configuration; unknown keys are errors.

`${env.NAME}` stands for an environment variable in any value. What the file makes of them, headers above all, may be secret:
no message repeats a value.
Source: https://www.apollographql.com/docs/rover/commands/supergraphs#yaml-configuration-file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from router.composition.bounded import read_text
from router.composition.spec import federation
from router.config import expand
from router.errors import ConfigError
from router.limits import COMPOSITION_CONFIG_BYTES_MAX, SDL_BYTES_MAX

_VERSION: Final = re.compile(r"(=?v?2|latest-2)|=?v?2\.(?P<minor>\d+)(\.\d+)?([-+][\w.+-]+)?", re.ASCII)
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SOURCES: Final = frozenset({"file", "subgraph_url", "sdl"})


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """Where a subgraph is to be had: its SDL, or else the URL to ask for it, with these headers.

    `url` is where the router will reach it. `source` names file or address in messages, without anything secret.
    """

    name: str
    url: str
    source: str
    sdl: str | None = None
    subgraph_url: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class _Schema(_Model):
    file: Path | None = None
    subgraph_url: str | None = None
    sdl: str | None = None
    introspection_headers: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _no_registry(cls, given: Any) -> Any:
        if isinstance(given, dict) and "graphref" in given:
            raise ValueError(
                "graphref names a schema of GraphOS, which is not asked here: write `rover subgraph fetch` into a file,"
                " and name it with file"
            )
        return given

    @field_validator("subgraph_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is not None and not _is_web_address(url):
            raise ValueError("must be an address such as http://127.0.0.1:4001/graphql")
        return url

    @field_validator("introspection_headers")
    @classmethod
    def _sendable(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        for name, value in headers.items():
            if not _HEADER_NAME.fullmatch(name):
                raise ValueError("a name is not one of an HTTP header")
            if not value.isprintable():
                raise ValueError(f"the value of {name} holds characters that no HTTP header may")
        return headers

    @model_validator(mode="after")
    def _exactly_one(self) -> _Schema:
        given = self.model_fields_set & _SOURCES
        if len(given) != 1 or all(getattr(self, name) is None for name in given):
            raise ValueError("give exactly one of file, subgraph_url and sdl")
        if self.introspection_headers and self.subgraph_url is None:
            raise ValueError("introspection_headers go with subgraph_url only")
        return self


class _Subgraph(_Model):
    routing_url: str | None = None
    schema_: _Schema = Field(alias="schema")

    @model_validator(mode="after")
    def _reachable(self) -> _Subgraph:
        if self.routing_url is None and self.schema_.subgraph_url is None:
            raise ValueError("routing_url is missing: only a subgraph_url can stand in for it")
        return self


class _Config(_Model):
    federation_version: str | int | float = 2
    subgraphs: Mapping[str, _Subgraph] = Field(min_length=1)

    @field_validator("federation_version")
    @classmethod
    def _known_version(cls, given: str | float) -> str:
        match = _VERSION.fullmatch(str(given))
        if match is None:
            raise ValueError(
                f'"{given}" is not a version of federation 2, the only one composed here: write 2, latest-2 or =2.9.0'
            )
        if int(match["minor"] or 0) > federation.NEWEST.minor:
            raise ValueError(f'"{given}" is not known here: the newest version is {federation.NEWEST}')
        return str(given)


class _UniqueKeys(yaml.SafeLoader):
    """YAML in which a key given twice is an error: the second subgraph of a name must not silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f'"{key.value}" stands twice', key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_sources(path: Path, environment: Mapping[str, str] | None = None) -> list[SubgraphSource]:
    """Read the file and the SDL files that it names, which are relative to it.

    Raises ConfigError for a file that cannot be read, is not YAML, or does not fit the format: one sentence for each SDL
    file that cannot be read, else a single one.
    """
    config = _read_config(path, os.environ if environment is None else environment)
    sources, problems = [], []
    for name, subgraph in config.subgraphs.items():
        try:
            sources.append(_source(name, subgraph, path))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return sources


def _read_config(path: Path, environment: Mapping[str, str]) -> _Config:
    text = read_text(path, bytes_max=COMPOSITION_CONFIG_BYTES_MAX)
    try:
        content = yaml.load(text, _UniqueKeys)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not YAML: {' '.join(str(error).split())}.") from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply to be a list of subgraphs.") from None
    if not isinstance(content, dict):
        raise ConfigError(f"{path} must be a mapping with the key subgraphs.")
    try:
        return _Config.model_validate(expand(content, environment, where=str(path)))
    except ValidationError as error:
        raise ConfigError(f"{path}: {_describe(error)}.") from None


def _describe(error: ValidationError) -> str:
    """The first problem: where it is, and what is wrong with it."""
    first = error.errors(include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"the key {where} is unknown"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _source(name: str, subgraph: _Subgraph, path: Path) -> SubgraphSource:
    schema = subgraph.schema_
    url = subgraph.routing_url or schema.subgraph_url
    assert url is not None, "checked with the model"
    if schema.file is not None:
        file = path.parent / schema.file.expanduser()
        return SubgraphSource(name, url, str(file), sdl=read_text(file, bytes_max=SDL_BYTES_MAX))
    if schema.sdl is not None:
        return SubgraphSource(name, url, f"{path}#{name}", sdl=schema.sdl)
    assert schema.subgraph_url is not None, "checked with the model"
    shown = _without_secrets(schema.subgraph_url)
    return SubgraphSource(
        name, url, shown, subgraph_url=schema.subgraph_url, headers=_lower_case(schema.introspection_headers)
    )


def _lower_case(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        return False


def _without_secrets(url: str) -> str:
    """The address less what may be a password or a token."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
