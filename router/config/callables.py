"""Python functions that the configuration names as `module:function`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

from pydantic import Field

from router.errors import ConfigError

CallableName = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
"""A function of an importable module, written `package.module:function`."""


def load_named(name: str, *, setting: str) -> Any:
    """What that name stands for; `setting` is the key that names it, for the error.

    Raises:
        ConfigError: the module cannot be imported, or has no such name.
    """
    module_name, _, attribute = name.partition(":")
    try:
        return getattr(import_module(module_name), attribute)
    except ImportError as error:
        raise ConfigError(f"{setting}: the module {module_name} cannot be imported: {error}.") from None
    except AttributeError:
        raise ConfigError(f"{setting}: the module {module_name} has no {attribute}.") from None


def load_async(name: str, *, setting: str) -> Callable[..., Any]:
    """The async function of that name; `setting` is the key that names it, for the error.

    Raises:
        ConfigError: the module cannot be imported, has no such name, or the name is no async function.
    """
    found = load_named(name, setting=setting)
    if not inspect.iscoroutinefunction(found) and not inspect.iscoroutinefunction(getattr(found, "__call__", None)):  # noqa: B004 - an object may be one, too
        raise ConfigError(f"{setting}: {name} must be an async function (`async def`).")
    function: Callable[..., Any] = found
    return function
