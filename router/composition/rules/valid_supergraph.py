"""INVALID_GRAPHQL, after merging: the supergraph is a valid GraphQL schema, e.g. implementations still fit their interfaces."""

from __future__ import annotations

from graphql import build_schema

from router.composition.model.report import Report
from router.composition.model.schema import Schema
from router.composition.model.soundness import Soundness
from router.composition.rules import invalid_graphql
from router.composition.spec import join
from router.supergraph.validity import schema_errors


def check(supergraph: Schema, sdl: str, report: Report) -> None:
    """Report what is wrong with the merged schema; `sdl` is its print."""
    if Soundness(supergraph).is_plain() and not supergraph.types.keys() & join.TYPES.keys():
        return
    for error in schema_errors(build_schema(sdl)):
        invalid_graphql.report_merged(error.message, report)
