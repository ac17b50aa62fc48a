"""Reads the configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from router.config.references import expand
from router.config.root import RouterConfig
from router.config.sentences import sentence
from router.errors import ConfigError


def load_config(path: Path, environment: Mapping[str, str] | None = None) -> RouterConfig:
    """Read the YAML file at `path`, expanding `${env.NAME}` and `${env.NAME:-default}` inside its strings.

    Relative paths in the file are taken from its own folder.

    Raises:
        ConfigError: the file is missing or not YAML, a variable is not set, a key is unknown or a value breaks its rule.
    """
    settings = expand(_read_yaml(path), os.environ if environment is None else environment, where=path.name)
    try:
        return RouterConfig.model_validate(settings, context={"folder": path.parent})
    except ValidationError as error:
        raise ConfigError(f"{path.name}: {sentence(error, RouterConfig)}") from None


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"The configuration file {path} does not exist.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name} is not valid YAML: {_one_line(error)}.") from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise ConfigError(
            f"{path.name} must hold a mapping of settings such as `supergraph: schema/supergraph.graphql`."
        )
    return tree


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).replace('in "<unicode string>", ', "at ").split())
