"""EXTERNAL_ARGUMENT_DEFAULT_MISMATCH: an external field's arguments have the defaults that it is resolved with."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.codes import Code
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Argument, Field, print_value
from router.composition.rules.external_arguments import report_argument


def report(argument: Argument, sources: Sequence[Source[Field]], merging: Merging) -> None:
    """Report an argument of which an external declaration gives another default, or none."""
    report_argument(
        Code.EXTERNAL_ARGUMENT_DEFAULT_MISMATCH,
        "has another default where the field is marked @external",
        argument,
        sources,
        merging,
        describe=_describe,
    )


def _describe(argument: Argument | None) -> str:
    if argument is None:
        return "missing"
    return "without default" if argument.default is None else f"with default {print_value(argument.default)}"
