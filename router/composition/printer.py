"""The supergraph as text, in the standard form: links, definitions and types sorted by name, one directive a line on types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from graphql import StringValueNode, print_ast
from graphql.language.block_string import print_block_string

from router.composition.merge.joins import join_graph
from router.composition.model.linking import Linking
from router.composition.model.schema import (
    ROOT_TYPES,
    Applied,
    Argument,
    DirectiveDefinition,
    Element,
    EnumValue,
    Field,
    Schema,
    Type,
    print_value,
)
from router.composition.model.subgraph import Subgraph
from router.composition.spec import join
from router.composition.spec.link import Feature

_KEYWORDS = {
    "SCALAR": "scalar",
    "OBJECT": "type",
    "INTERFACE": "interface",
    "UNION": "union",
    "ENUM": "enum",
    "INPUT_OBJECT": "input",
}
_ONE_OF = "directive @oneOf on INPUT_OBJECT"


def print_supergraph(schema: Schema, subgraphs: Sequence[Subgraph], linking: Linking) -> str:
    """Print the merged schema, under the names and with the links that it was merged for."""
    printer = _Printer(linking)
    types = {
        **join.TYPES,
        **dict(_linked_types(linking)),
        "join__Graph": printer.type(_graph_enum(subgraphs)),
        **{name: printer.type(type_) for name, type_ in schema.types.items()},
    }
    directives = {
        **join.DIRECTIVES,
        **dict(_linked_directives(linking)),
        **{name: printer.definition(definition) for name, definition in schema.definitions.items()},
    }
    if any(type_.has("oneOf") for type_ in schema.types.values()):
        directives["oneOf"] = _ONE_OF  # not every tool knows it yet
    blocks = [printer.schema(schema), *_sorted(directives), *_sorted(types)]
    return "\n\n".join(blocks) + "\n"


def _sorted(texts: Mapping[str, str]) -> list[str]:
    """By name as people sort: letter case decides only between names that are otherwise the same."""
    return [texts[name] for name in sorted(texts, key=lambda name: (name.lower().replace("_", " "), name.swapcase()))]


def _linked_types(linking: Linking) -> Iterator[tuple[str, str]]:
    for specification, feature in linking.defined:
        for name in specification.types:
            yield feature.type_name(name), specification.type_sdl(name, feature)


def _linked_directives(linking: Linking) -> Iterator[tuple[str, str]]:
    for specification, feature in linking.defined:
        for name in specification.directives:
            yield feature.directive_name(name), specification.directive_sdl(name, feature)


def _graph_enum(subgraphs: Sequence[Subgraph]) -> Type:
    values = {
        subgraph.graph: EnumValue(
            name=subgraph.graph,
            coordinate=f"join__Graph.{subgraph.graph}",
            directives=(join_graph(subgraph.name, subgraph.url),),
        )
        for subgraph in subgraphs
    }
    return Type(name="join__Graph", coordinate="join__Graph", kind="ENUM", values=values)


class _Printer:
    def __init__(self, linking: Linking) -> None:
        self.linking = linking

    def schema(self, schema: Schema) -> str:
        links = [*join.LINKS, *(_link(feature) for feature in self.linking.features)]
        lines = [*links, *(self.directive(directive) for directive in schema.directives)]
        roots = [f"  {name.lower()}: {name}" for name in ROOT_TYPES if name in schema.types]
        header = "".join(f"\n  {line}" for line in lines)
        body = "\n".join(roots)
        return f"{_description(schema.description)}schema{header}\n{{\n{body}\n}}"

    def type(self, type_: Type) -> str:
        implements = f" implements {' & '.join(type_.interfaces)}" if type_.interfaces else ""
        lines = "".join(f"\n  {self.directive(directive)}" for directive in type_.directives)
        head = f"{_description(type_.description)}{_KEYWORDS[type_.kind]} {type_.name}{implements}{lines}"
        if type_.kind == "UNION":
            return f"{head}\n = {' | '.join(type_.members)}" if lines else f"{head} = {' | '.join(type_.members)}"
        parts: Iterable[Element] = (*type_.fields.values(), *type_.values.values())
        body = self.block(parts)
        if not body:
            return head
        return f"{head}\n{{\n{body}\n}}" if lines else f"{head} {{\n{body}\n}}"

    def block(self, parts: Iterable[Element]) -> str:
        texts = []
        for number, part in enumerate(parts):
            text = self.field(part) if isinstance(part, Field) else f"{part.name}{self.inline(part)}"
            separator = "\n" if part.description is not None and number else ""
            texts.append(f"{separator}{_indented(_description(part.description))}  {text}")
        return "\n".join(texts)

    def field(self, field: Field) -> str:
        default = f" = {print_value(field.default)}" if field.default is not None else ""
        arguments = self.arguments(field.arguments.values(), indent="  ")
        return f"{field.name}{arguments}: {field.type}{default}{self.inline(field)}"

    def arguments(self, arguments: Iterable[Argument], *, indent: str) -> str:
        listed = list(arguments)
        if not listed:
            return ""
        if not any(argument.description for argument in listed):
            return f"({', '.join(self.argument(argument) for argument in listed)})"
        lines = []
        for number, argument in enumerate(listed):
            separator = "\n" if argument.description is not None and number else ""
            description = _indented(_description(argument.description), indent=f"{indent}  ")
            lines.append(f"{separator}{description}{indent}  {self.argument(argument)}")
        body = "\n".join(lines)
        return f"(\n{body}\n{indent})"

    def argument(self, argument: Argument) -> str:
        default = f" = {print_value(argument.default)}" if argument.default is not None else ""
        return f"{argument.name}: {argument.type}{default}{self.inline(argument)}"

    def definition(self, definition: DirectiveDefinition) -> str:
        arguments = self.arguments(definition.arguments.values(), indent="")
        repeatable = " repeatable" if definition.repeatable else ""
        locations = " | ".join(definition.locations)
        return (
            f"{_description(definition.description)}directive @{definition.name}{arguments}{repeatable} on {locations}"
        )

    def inline(self, element: Element) -> str:
        return "".join(f" {self.directive(directive)}" for directive in element.directives)

    def directive(self, directive: Applied) -> str:
        return str(replace(directive, name=self.linking.names.get(directive.name, directive.name)))


def _link(feature: Feature) -> str:
    parts = [f'url: "{feature.url}"']
    if feature.prefix != feature.url.name:
        parts.append(f'as: "{feature.prefix}"')
    if feature.purpose is not None:
        parts.append(f"for: {feature.purpose}")
    imports = [_import(element, local) for element, local in feature.imports.items()]
    if imports:
        parts.append(f"import: [{', '.join(imports)}]")
    return f"@link({', '.join(parts)})"


def _import(element: str, local: str) -> str:
    return f'"{element}"' if element == local else f'{{name: "{element}", as: "{local}"}}'


def _description(text: str | None) -> str:
    if text is None:
        return ""
    if "\\" in text or '"""' in text:
        return print_ast(StringValueNode(value=text, block=False)) + "\n"
    return print_block_string(text) + "\n"


def _indented(text: str, *, indent: str = "  ") -> str:
    return "".join(f"{indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
