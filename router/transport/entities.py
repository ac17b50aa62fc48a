"""Takes requests for entities and their answers apart, and puts both together again: what is asked need not be asked in one go.

Everything that is only handed on stays as it was written, so that numbers keep their digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from graphql import FieldNode, OperationDefinitionNode, SelectionNode, VariableNode, parse

from router.errors import SubgraphFailure
from router.limits import PLAN_CACHE_ENTRIES_MAX
from router.transport.base import SubgraphAnswer
from router.transport.body import decode_response

ENTITIES: Final = "_entities"

Raws: TypeAlias = dict[str, msgspec.Raw]
"""A JSON object whose members are kept as they are written, numbers and all."""

Lists: TypeAlias = Mapping[str, Sequence[msgspec.Raw]]
"""Representations, or the entities of an answer, by response key."""


@dataclass(frozen=True, slots=True)
class EntityRequest:
    """A request for entities. `lists` are the representations by response key, `names` the variables that hold them."""

    payload: Raws
    variables: Raws
    names: Mapping[str, str]
    lists: Mapping[str, list[msgspec.Raw]]

    @classmethod
    def read(cls, body: bytes) -> EntityRequest:
        """Take a request's body apart."""
        payload = msgspec.json.decode(body, type=Raws)
        variables = msgspec.json.decode(payload.get("variables", b"{}"), type=Raws)
        names = _variables_of_entities(msgspec.json.decode(payload["query"], type=str))
        lists = {key: msgspec.json.decode(variables[name], type=list[msgspec.Raw]) for key, name in names.items()}
        return cls(payload, variables, names, lists)

    def asking(self, lists: Lists) -> bytes:
        """The body that asks the same for other representations."""
        parts = {self.names[key]: msgspec.Raw(msgspec.json.encode(items)) for key, items in lists.items()}
        variables = msgspec.Raw(msgspec.json.encode({**self.variables, **parts}))
        return msgspec.json.encode({**self.payload, "variables": variables})


@dataclass(frozen=True, slots=True)
class EntityAnswer:
    """What was answered; `lists` has the entities by response key, where they are a list."""

    answer: SubgraphAnswer
    lists: Lists
    errors: Sequence[dict[str, Any]]

    @classmethod
    def read(cls, subgraph: str, answer: SubgraphAnswer) -> EntityAnswer:
        """Take an answer apart. Raises SubgraphFailure where it is no GraphQL."""
        response = decode_response(subgraph, answer)
        raws = msgspec.json.decode(answer.body, type=Raws)
        members = msgspec.json.decode(raws["data"], type=Raws) if response.data is not None else {}
        lists = {
            key: msgspec.json.decode(members[key], type=list[msgspec.Raw])
            for key, value in (response.data or {}).items()
            if isinstance(value, list)
        }
        return cls(answer, lists, response.errors)

    def entities(self, key: str, count: int) -> Sequence[msgspec.Raw | None] | None:
        """So many entities; null where errors say why there are none, and None where the subgraph miscounts and has no such excuse."""
        found = self.lists.get(key)
        if found is not None and len(found) == count:
            return found
        return None if count and not self.errors else [None] * count


def merged_body(data: Mapping[str, Any], errors: Sequence[dict[str, Any]]) -> bytes:
    """The body of an answer that was put together."""
    return msgspec.json.encode({"data": data, "errors": errors} if errors else {"data": data})


def failure_as_error(failure: SubgraphFailure) -> dict[str, Any]:
    """The error of an answer for a part of which there was none."""
    return {"message": str(failure), "extensions": {"code": failure.code, **failure.extensions}}


def moved(error: dict[str, Any], place: Callable[[str, int], int]) -> dict[str, Any]:
    """The error with the index of its entity as `place` has it: by response key, from the index in the part."""
    match error.get("path"):
        case [str(key), int(index), *rest]:
            return {**error, "path": [key, place(key, index), *rest]}
    return error


def variable_of_entities(node: SelectionNode) -> str | None:
    """The variable with the representations, where a selection is an `_entities` field."""
    if isinstance(node, FieldNode) and node.name.value == ENTITIES:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                return argument.value.name.value
    return None


@lru_cache(maxsize=PLAN_CACHE_ENTRIES_MAX)
def _variables_of_entities(query: str) -> dict[str, str]:
    """For each `_entities` field of a request, by response key, the variable with its representations."""
    [operation] = [node for node in parse(query).definitions if isinstance(node, OperationDefinitionNode)]
    return {
        (node.alias or node.name).value: variable
        for node in operation.selection_set.selections
        if isinstance(node, FieldNode) and (variable := variable_of_entities(node)) is not None
    }
