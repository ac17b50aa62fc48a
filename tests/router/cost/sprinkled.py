"""Random federations with @cost and @listSize wherever they may stand, under whatever names, and arguments to slice lists by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeVar

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    parse,
    print_ast,
)

from router.composition import Composed, compose
from router.supergraph import Supergraph, load_supergraph
from tests.router.federations.draw import draw_federation

ARGUMENTS = (
    *("first: Int", "last: Int = 3", "ids: [ID!]", "among: [Int] = [1, 2, 3, 4]"),
    *("page: SliceInput", "strict: SliceInput = {weight: 7}"),
)
PATHS = (
    "first",
    "last",
    "ids",
    "among",
    "page.count",
    "page.ids",
    "page.inner.count",
    "strict.count",
    "strict.inner.ids",
    "strict.weight",
)
INPUT = "input SliceInput { count: Int = 4  ids: [ID!]  inner: SliceInput  weight: Int }"


Node = TypeVar("Node")


@dataclass(frozen=True)
class Naming:
    """How a supergraph links the specification, and what its directives are called there."""

    link: str
    cost: str
    list_size: str


NAMINGS = (
    Naming('@link(url: "https://specs.apollo.dev/cost/v0.1")', "cost", "cost__listSize"),
    Naming('@link(url: "https://specs.apollo.dev/cost/v0.1", as: "price")', "price", "price__listSize"),
    Naming('@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])', "cost", "listSize"),
    Naming(
        '@link(url: "https://specs.apollo.dev/cost/v0.1",'
        ' import: [{name: "@cost", as: "@weighs"}, {name: "@listSize", as: "@long"}])',
        *("weighs", "long"),
    ),
)


def sprinkled(seed: int) -> tuple[Supergraph, Naming]:
    """The federation of a seed, with costs."""
    rng = Random(f"costs {seed}")
    outcome = compose(draw_federation(seed).subgraphs)
    assert isinstance(outcome, Composed)
    naming = rng.choice(NAMINGS)
    document = _Sprinkler(parse(outcome.sdl + INPUT, no_location=True), naming, rng).document()
    return load_supergraph(print_ast(document)), naming


class _Sprinkler:
    def __init__(self, document: DocumentNode, naming: Naming, rng: Random) -> None:
        self._document = document
        self._naming = naming
        self._rng = rng
        self._lists: dict[str, list[str]] = {}
        self._objects: dict[str, list[tuple[str, str]]] = {}
        for node in document.definitions:
            for field in getattr(node, "fields", ()) or ():
                if isinstance(field, FieldDefinitionNode):
                    known = (node.name.value, field.name.value)  # type: ignore[attr-defined]  # it has fields
                    self._objects.setdefault(known[0], []).append((known[1], _named(field)))
                    if _is_list(field):
                        self._lists.setdefault(known[0], []).append(known[1])

    def document(self) -> DocumentNode:
        """The supergraph with costs."""
        return DocumentNode(definitions=tuple(self._definition(node) for node in self._document.definitions))

    def _definition(self, node: Any) -> Any:
        if isinstance(node, SchemaDefinitionNode):
            return _applied(node, self._naming.link)
        if node.name.value.startswith(("join__", "link__")):
            return node
        match node:
            case ObjectTypeDefinitionNode(fields=fields):
                return self._maybe_cost(replace(node, fields=tuple(self._field(field) for field in fields or ())))
            case InputObjectTypeDefinitionNode(fields=values):
                return replace(node, fields=tuple(self._maybe_cost(value) for value in values or ()))
            case EnumTypeDefinitionNode() | ScalarTypeDefinitionNode():
                return self._maybe_cost(node)
        return node

    def _field(self, field: FieldDefinitionNode) -> FieldDefinitionNode:
        arguments = [self._maybe_cost(argument) for argument in field.arguments or ()]
        sized = self._sized(_named(field))
        if self._rng.random() > 0.7 or not (_is_list(field) or sized):
            return self._maybe_cost(replace(field, arguments=tuple(arguments)))
        present = {argument.name.value for argument in arguments}
        names = [text for text in ARGUMENTS if text.split(":")[0] not in present and self._rng.random() < 0.5]
        arguments += [self._maybe_cost(_argument(text)) for text in names]
        for _ in range(self._rng.choice((1, 1, 1, 2))):
            field = _applied(field, self._list_size([text.split(":")[0] for text in names], sized))
        return self._maybe_cost(replace(field, arguments=tuple(arguments)))

    def _list_size(self, arguments: list[str], sized: list[str]) -> str:
        paths = [path for path in PATHS if path.split(".")[0] in arguments and self._rng.random() < 0.6]
        said = [f"requireOneSlicingArgument: {'true' if self._rng.random() < 0.1 else 'false'}"]
        said += [f"assumedSize: {self._rng.randint(0, 9)}"] if self._rng.random() < 0.6 else []
        said += [f"slicingArguments: {_strings(paths)}"] if paths else []
        said += [f"sizedFields: {_strings(self._rng.sample(sized, self._rng.randint(1, len(sized))))}"] if sized else []
        return f"@{self._naming.list_size}({', '.join(said)})"

    def _sized(self, type_: str) -> list[str]:
        """Sets of fields that a field of this type can size."""
        own = list(self._lists.get(type_, ()))
        below = [
            f"{name} {{ {inner} }}" for name, to in self._objects.get(type_, ()) for inner in self._lists.get(to, ())
        ]
        return own + below

    def _maybe_cost(self, node: Node) -> Node:
        weight = f"@{self._naming.cost}(weight: {self._rng.randint(-2, 12)})"
        return _applied(node, weight) if self._rng.random() < 0.4 else node


def _applied(node: Any, text: str) -> Any:
    (scalar,) = parse(f"scalar _ {text}", no_location=True).definitions
    return replace(node, directives=(*(node.directives or ()), *scalar.directives))  # type: ignore[attr-defined]


def _argument(text: str) -> InputValueDefinitionNode:
    node = parse(f"type _ {{ _({text}): Int }}", no_location=True).definitions[0]
    assert isinstance(node, ObjectTypeDefinitionNode)
    assert node.fields
    assert node.fields[0].arguments
    return node.fields[0].arguments[0]


def _is_list(field: FieldDefinitionNode) -> bool:
    inner = field.type.type if isinstance(field.type, NonNullTypeNode) else field.type
    return isinstance(inner, ListTypeNode)


def _named(field: FieldDefinitionNode) -> str:
    return print_ast(field.type).strip("[]!")


def _strings(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
