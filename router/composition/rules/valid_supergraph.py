"""INVALID_GRAPHQL, after merging: the supergraph is a valid GraphQL schema, e.g. implementations still fit their interfaces."""

from __future__ import annotations

from graphql import build_schema, validate_schema

from router.composition.codes import Code
from router.composition.report import Report


def check(sdl: str, report: Report) -> None:
    """Build and validate the printed supergraph."""
    for error in validate_schema(build_schema(sdl)):
        report.error(Code.INVALID_GRAPHQL, f"The merged schema is not valid: {error.message}")
