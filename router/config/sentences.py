"""Says in one sentence what is wrong with settings: the key, its rule, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError

_OF_A_MAPPING: Final = "[key]"  # what pydantic adds to the place where it is the key that is wrong, not its value


def nearest(name: str, known: Iterable[str]) -> str:
    """` (did you mean "x"?)`, or nothing where no known name comes close."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def sentence(error: ValidationError, root: type[BaseModel]) -> str:
    """The first thing wrong with settings of the class `root`."""
    # An unknown key comes first: it is often the misspelling of the one reported missing.
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in first["loc"] if part != _OF_A_MAPPING)
    if first["type"] == "extra_forbidden":
        known = sorted(_settings_at(first["loc"][:-1], root).model_fields)
        meant = nearest(str(first["loc"][-1]), known)
        return f'unknown key "{where}"{meant}; the keys known here are {", ".join(known)}.'
    rule = first["msg"].removeprefix("Value error, ")
    return f'the key "{where}" is wrong: {rule[:1].lower()}{rule[1:]}.' if where else f"{rule}."


def _settings_at(location: tuple[int | str, ...], root: type[BaseModel]) -> type[BaseModel]:
    """The settings class at a location such as `("jwt", "issuers", 0)`: field names, each followed by its index or key."""
    settings = root
    parts = iter(location)
    for name in parts:
        annotation = settings.model_fields[str(name)].annotation
        if get_origin(annotation) in (tuple, Mapping):
            next(parts, None)
        settings = _settings_inside(annotation)
    return settings


def _settings_inside(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(_settings_inside(inside) for inside in get_args(annotation) if inside not in (str, type(None)))
