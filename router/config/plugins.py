"""`plugins`: code of others in the path of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from router.config.base import Settings
from router.config.callables import CallableName


class PluginSettings(Settings):
    """A plugin, and the keyword arguments that it is made with."""

    use: CallableName
    """A subclass of `router.Plugin`, or a function that returns one, written `package.module:Name`."""

    arguments: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    """Its keyword arguments."""
