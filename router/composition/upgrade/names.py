"""The directives that a schema applies, after the upgrade: the supergraph links what brings them, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from router.composition.model.schema import Schema
from router.composition.upgrade.surroundings import Surroundings


def forget_directives_that_are_gone(schema: Schema, _: Surroundings) -> Schema:
    """The schema with local names for those directives only that it still applies."""
    elements = (directive.name for element in schema.elements() for directive in element.directives)
    applied = {*elements, *(directive.name for directive in schema.directives)}
    kept = {name: local for name, local in schema.local_names.items() if name in applied}
    return schema if len(kept) == len(schema.local_names) else replace(schema, local_names=kept)
