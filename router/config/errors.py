"""`errors`: what clients see of the errors of subgraphs."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from router.config.base import Settings


class ErrorRule(Settings):
    """How the errors of a subgraph are told. Their paths always are."""

    message: str | None = None
    """Takes the place of what the subgraph wrote."""
    allow_extensions: tuple[str, ...] | None = None
    """The only keys of `extensions` that are told."""
    deny_extensions: tuple[str, ...] | None = None
    """Keys of `extensions` that are not."""

    @model_validator(mode="after")
    def _one_list(self) -> ErrorRule:
        if self.allow_extensions is not None and self.deny_extensions is not None:
            raise ValueError("say which extensions are allowed or which are denied, not both")
        return self


class ErrorSettings(Settings):
    """Whether clients see what subgraphs write into their errors: `true`, `false`, or a rule for part of it.

    `true` by default, for subgraphs that mask their unexpected faults themselves. With `false` an error says only that there is one,
    and where: neither message nor extensions of the subgraph, nor its name.
    """

    all: bool | ErrorRule = True
    subgraphs: Mapping[str, bool | ErrorRule] = Field(default_factory=dict)
    """Takes the place of `all` for these."""
