"""The file that names the subgraphs to compose, in the format of rover's supergraph configuration; unknown keys are errors.

Source: https://www.apollographql.com/docs/rover/commands/supergraphs#yaml-configuration-file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from router.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SubgraphSource:
    """Where a subgraph is to be had: its SDL, or else the URL to ask for it. `url` is where the router will reach it."""

    name: str
    url: str
    source: str
    sdl: str | None = None
    subgraph_url: str | None = None


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path | None = None
    subgraph_url: str | None = None
    sdl: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> _Schema:
        if len(self.model_fields_set) != 1 or all(value is None for _, value in self):
            raise ValueError("give exactly one of file, subgraph_url and sdl")
        return self


class _Subgraph(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    routing_url: str | None = None
    schema_: _Schema = Field(alias="schema")

    @model_validator(mode="after")
    def _reachable(self) -> _Subgraph:
        if self.routing_url is None and self.schema_.subgraph_url is None:
            raise ValueError("routing_url is missing: only a subgraph_url can stand in for it")
        return self


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    federation_version: str | int | float = 2
    subgraphs: Mapping[str, _Subgraph] = Field(min_length=1)

    @field_validator("federation_version")
    @classmethod
    def _federation_2(cls, given: str | float) -> str:
        version = str(given).removeprefix("=").removeprefix("v")
        if version.partition(".")[0] != "2":
            raise ValueError(f'"{given}" is not a version of federation 2, the only one composed here')
        return version


def read_sources(path: Path) -> list[SubgraphSource]:
    """Read the file and the SDL files that it names, which are relative to it.

    Raises ConfigError, in one sentence, for a file that cannot be read, is not YAML, or does not fit the format.
    """
    config = _read_config(path)
    return [_source(name, subgraph, path) for name, subgraph in config.subgraphs.items()]


def _read_config(path: Path) -> _Config:
    try:
        content = yaml.safe_load(_read_text(path))
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path} must be a mapping with the key subgraphs.")
    try:
        return _Config.model_validate(content)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_describe(error)}.") from error


def _describe(error: ValidationError) -> str:
    """The first problem: where it is, and what is wrong with it."""
    first = error.errors()[0]
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
        file = path.parent / schema.file
        return SubgraphSource(name, url, str(file), sdl=_read_text(file))
    if schema.sdl is not None:
        return SubgraphSource(name, url, f"{path}#{name}", sdl=schema.sdl)
    return SubgraphSource(name, url, schema.subgraph_url or "", subgraph_url=schema.subgraph_url)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"Cannot read {path}: {reason}.") from error
