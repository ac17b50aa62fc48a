"""Subgraphs as a draft that can be changed anywhere, and their SDL.

Directives are written under their own names; printing gives them the names that the subgraph's link gives, and leaves out
those that its federation version does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from router.composition import SubgraphInput
from router.composition.spec.federation import directives
from router.composition.spec.link import Version

FEDERATION_URL = "https://specs.apollo.dev/federation/"
OF_FEDERATION_1 = frozenset({"key", "requires", "provides", "external", "extends", "tag"})


@dataclass
class Element:
    """A field, an input field, an argument or an enum value."""

    name: str
    type: str = ""
    default: str | None = None
    arguments: dict[str, Element] = field(default_factory=dict)
    directives: list[str] = field(default_factory=list)
    description: str | None = None


@dataclass
class Type:
    """A definition. `kind` is its keyword; enum values are `members`, as fields are; a union lists `parts`."""

    kind: str
    name: str
    members: dict[str, Element] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    directives: list[str] = field(default_factory=list)
    description: str | None = None
    extends: bool = False

    def add(self, name: str, type_: str = "", *directives: str) -> Element:
        """Add a field, or an enum value, and return it; one of the name that is there stays."""
        return self.members.setdefault(name, Element(name, type_, directives=list(directives)))


@dataclass
class Link:
    """How a subgraph links federation. `version` None is federation 1; `style` says which names it gives."""

    version: Version | None
    style: str = "import"
    renamed: dict[str, str] = field(default_factory=dict)

    def available(self) -> set[str]:
        """The federation directives that the version has."""
        return (
            set(OF_FEDERATION_1) if self.version is None else {directive.name for directive in directives(self.version)}
        )

    def local(self, name: str) -> str:
        """What a federation directive is called."""
        if self.version is None:
            return name
        if self.style in ("prefix", "alias"):
            return f"{'federation' if self.style == 'prefix' else 'fed'}__{name}"
        return self.renamed.get(name, name)

    def sdl(self, used: set[str]) -> str:
        """The application of @link, importing what is used."""
        if self.version is None:
            return ""
        url = f'url: "{FEDERATION_URL}{self.version}"'
        if self.style == "prefix":
            return f"@link({url})"
        if self.style == "alias":
            return f'@link({url}, as: "fed")'
        imports = ", ".join(self._import(name) for name in sorted(used))
        return f"@link({url}, import: [{imports}])"

    def _import(self, name: str) -> str:
        renamed = self.renamed.get(name)
        return f'"@{name}"' if renamed is None else f'{{name: "@{name}", as: "@{renamed}"}}'


@dataclass
class Subgraph:
    """A subgraph in the making. `roots` maps operations to the types that answer them."""

    name: str
    link: Link
    types: dict[str, Type] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=lambda: {"query": "Query"})
    definitions: list[str] = field(default_factory=list)
    schema_directives: list[str] = field(default_factory=list)
    appended: list[str] = field(default_factory=list)

    @property
    def is_federation_1(self) -> bool:
        return self.link.version is None

    def has(self, *directives: str) -> bool:
        """Whether its federation version has the directives."""
        return set(directives) <= self.link.available()

    def at_least(self, minor: int) -> bool:
        """Whether it links federation 2 of that minor version or later."""
        return self.link.version is not None and self.link.version >= Version(2, minor)

    def type(self, kind: str, name: str) -> Type:
        """The type of the name; made where it is not there."""
        return self.types.setdefault(name, Type(kind, name))

    def root(self, operation: str = "query") -> Type:
        """The root type of an operation."""
        return self.type("type", self.roots.setdefault(operation, operation.capitalize()))

    def of_kind(self, *kinds: str) -> list[Type]:
        """Its types of these kinds, roots apart."""
        roots = set(self.roots.values())
        return [type_ for type_ in self.types.values() if type_.kind in kinds and type_.name not in roots]

    def as_input(self) -> SubgraphInput:
        """The subgraph as composition takes it."""
        return SubgraphInput(
            self.name, _Printer(self).sdl(), f"http://{self.name}.test/graphql", f"{self.name}.graphql"
        )


_NAME = re.compile(r"@(\w+)")
_LABEL = re.compile(r", label: \"[^\"]*\"")
_KNOWN = {directive.name for directive in directives(Version(2, 14))}


class _Printer:
    """Prints one subgraph."""

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
        self._available = subgraph.link.available()
        self._used: set[str] = set()

    def sdl(self) -> str:
        types = [self._type(type_) for type_ in self._subgraph.types.values() if not _is_empty(type_)]
        rest = [*types, *self._subgraph.definitions, *self._subgraph.appended]
        return "\n".join([*self._schema(), *rest]) + "\n"

    def _schema(self) -> Iterator[str]:
        subgraph = self._subgraph
        applied = self._directives(subgraph.schema_directives)
        link = subgraph.link.sdl(self._used)
        renamed = any(name != operation.capitalize() for operation, name in subgraph.roots.items())
        if renamed:
            roots = " ".join(
                f"{operation}: {name}" for operation, name in subgraph.roots.items() if name in subgraph.types
            )
            yield f"schema {link}{applied} {{ {roots} }}"
        elif link or applied:
            yield f"extend schema {link}{applied}"

    def _type(self, type_: Type) -> str:
        if type_.name == self._subgraph.roots.get("query") and self._subgraph.is_federation_1:
            keyword = "extend type"
        else:
            keyword = f"extend {type_.kind}" if type_.extends else type_.kind
        implements = f" implements {' & '.join(type_.interfaces)}" if type_.interfaces else ""
        head = f"{keyword} {type_.name}{implements}{self._directives(type_.directives)}"
        if type_.kind == "union":
            body = f" = {' | '.join(type_.parts)}"
        elif type_.kind == "scalar":
            body = ""
        else:
            body = " {\n" + "".join(f"  {self._element(member)}\n" for member in type_.members.values()) + "}"
        description = "" if type_.extends or keyword == "extend type" else _described(type_.description, "\n")
        return f"{description}{head}{body}"

    def _element(self, element: Element) -> str:
        arguments = ", ".join(self._element(argument) for argument in element.arguments.values())
        given = f"({arguments})" if arguments else ""
        type_ = f": {element.type}" if element.type else ""
        default = f" = {element.default}" if element.default is not None else ""
        applied = self._directives(element.directives)
        return f"{_described(element.description, ' ')}{element.name}{given}{type_}{default}{applied}"

    def _directives(self, applied: list[str]) -> str:
        return "".join(f" {text}" for text in map(self._directive, applied) if text)

    def _directive(self, text: str) -> str:
        match = _NAME.match(text)
        name = match[1] if match else ""
        if name not in _KNOWN:
            return text
        if name not in self._available:
            return ""
        if not self._subgraph.at_least(7):
            text = _LABEL.sub("", text)
        self._used.add(name)
        return f"@{self._subgraph.link.local(name)}{text[len(name) + 1 :]}"


def _described(text: str | None, separator: str) -> str:
    return "" if text is None else f'"{text}"{separator}'


def _is_empty(type_: Type) -> bool:
    if type_.kind == "scalar":
        return False
    return not (type_.parts if type_.kind == "union" else type_.members)
