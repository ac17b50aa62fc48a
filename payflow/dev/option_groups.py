"""Options that several commands take together: declared once, as the fields of a dataclass, and handed over as one value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import fields
from functools import wraps
from inspect import Parameter
from typing import Any, get_type_hints

Command = Callable[..., None]


def with_options(group: type[Any], *, required: Collection[str] = ()) -> Callable[[Command], Command]:
    """Give a command, beside its own parameters, an option for each field of a dataclass; its first parameter gets them as one.

    A field is annotated as Typer has it, `Annotated[…, typer.Option(…)]`, and has a default, which counts but for those `required`.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def taking(**given: Any) -> None:
            command(group(**{name: given.pop(name) for name in declared}), **given)

        declared = _declared(group, required)
        taking.__signature__ = _beside(command, declared.values())  # type: ignore[attr-defined]  # what Typer reads, by inspect
        return taking

    return decorate


def _declared(group: type[Any], required: Collection[str]) -> dict[str, Parameter]:
    hints = get_type_hints(group, include_extras=True)
    defaults = {field.name: Parameter.empty if field.name in required else field.default for field in fields(group)}
    return {
        name: Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
        for name, default in defaults.items()
    }


def _beside(command: Command, declared: Collection[Parameter]) -> inspect.Signature:
    """The command's signature with these in place of its first parameter: arguments first, then they, then its own options."""
    own = inspect.signature(command, eval_str=True)
    _, *others = own.parameters.values()
    arguments = [one for one in others if one.kind is not Parameter.KEYWORD_ONLY]
    options = [one for one in others if one.kind is Parameter.KEYWORD_ONLY]
    return own.replace(parameters=[*arguments, *declared, *options])
