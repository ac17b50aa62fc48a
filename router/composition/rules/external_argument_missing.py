"""EXTERNAL_ARGUMENT_MISSING: an external field has all the arguments that it is resolved with."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition.codes import Code
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Argument, Field
from router.composition.rules.external_arguments import report_argument


def report(argument: Argument, sources: Sequence[Source[Field]], merging: Merging) -> None:
    """Report an argument that an external declaration leaves out."""
    report_argument(
        Code.EXTERNAL_ARGUMENT_MISSING,
        "is missing where the field is marked @external",
        argument,
        sources,
        merging,
        describe=_describe,
    )


def _describe(argument: Argument | None) -> str:
    return "missing" if argument is None else "declared"
