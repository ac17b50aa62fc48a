"""Small random breaks of the shape: each changes one thing of a draft that composes, most of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from router.composition.spec.link import Version
from tests.conformance.composition.federations.model import Element, Subgraph, Type
from tests.conformance.composition.federations.skeleton import Draft

Mutation = Callable[[Draft], None]
# Directives anywhere, with arguments right or wrong.
STRAY = (
    *(
        '@key(fields: "id")',
        '@key(fields: "nothing")',
        '@key(fields: "id {")',
        "@key(fields: 1)",
        '@key(fields: "id @tag")',
    ),
    *('@requires(fields: "id")', '@requires(fields: "p0")', '@requires(fields: "nothing")', "@requires(fields: [id])"),
    *('@provides(fields: "id")', '@provides(fields: "p0")', '@provides(fields: "f0")', "@provides(fields: true)"),
    *(
        "@external",
        "@external",
        "@shareable",
        "@shareable",
        "@inaccessible",
        "@inaccessible",
        "@interfaceObject",
        "@extends",
    ),
    *('@override(from: "a")', '@override(from: "b")', '@override(from: "a", label: "percent(200)")'),
    *('@override(from: "a", label: "1st")', '@override(from: "b", label: "percent(10)")', '@tag(name: "t")', "@tag"),
    *("@authenticated", '@requiresScopes(scopes: [["s"]])', '@policy(policies: [["p"]])', "@cost(weight: 3)"),
    *("@listSize(assumedSize: -1)", '@listSize(slicingArguments: ["by"])', '@listSize(sizedFields: ["f0"])'),
    *('@context(name: "above")', '@context(name: "_no")', '@fromContext(field: "$above { given }")'),
    *(
        '@fromContext(field: "{ id }")',
        '@fromContext(field: "$nobody { id }")',
        '@fromContext(field: "$above { id given }")',
    ),
    *("@deprecated", '@deprecated(reason: "gone")', '@specifiedBy(url: "https://example.org")', "@unknown"),
    *('@cacheTag(format: "t")', '@cacheTag(format: "{$key.id}")', '@cacheTag(format: "{$args.first}")'),
)
SCHEMA_STRAY = (
    *('@composeDirective(name: "@mark")', '@composeDirective(name: "mark")', '@composeDirective(name: "@tag")'),
    *('@composeDirective(name: "@live")', '@link(url: "https://specs.apollo.dev/federation/v2.3")'),
    *(
        '@link(url: "https://specs.example.org/other/v1.0", for: SECURITY)',
        '@link(url: "https://specs.example.org/other")',
    ),
    *(
        '@link(url: "https://specs.example.org/other/v0.1", import: ["@tag"])',
        '@link(url: "https://specs.apollo.dev/tag/v0.3")',
    ),
    *(
        '@link(url: "https://specs.apollo.dev/link/v1.0")',
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2")',
        '@tag(name: "s")',
    ),
)
TYPES = (
    "Int",
    "String",
    "ID!",
    "[String]",
    "Boolean!",
    "Value0",
    "Entity0",
    "[Entity0]",
    "Any",
    "Face0",
    "Color0",
    "Nothing",
)


def all_types(draft: Draft) -> list[tuple[Subgraph, Type]]:
    return [(subgraph, type_) for subgraph in draft.subgraphs for type_ in subgraph.types.values()]


def _members(draft: Draft) -> list[tuple[Type, Element]]:
    return [(type_, member) for _, type_ in all_types(draft) for member in type_.members.values()]


def _elements(draft: Draft) -> Iterator[Element]:
    for _, member in _members(draft):
        yield member
        yield from member.arguments.values()


def _decorated(draft: Draft) -> list[Type | Element]:
    return [*(type_ for _, type_ in all_types(draft)), *_elements(draft)]


def drop_directive(draft: Draft) -> None:
    targets = [target for target in _decorated(draft) if target.directives]
    if targets:
        target = draft.rng.choice(targets)
        target.directives.pop(draft.rng.randrange(len(target.directives)))


def add_directive(draft: Draft) -> None:
    pool = _decorated(draft)
    draft.rng.choice(pool).directives.append(draft.rng.choice(STRAY))


def add_schema_directive(draft: Draft) -> None:
    draft.rng.choice(draft.subgraphs).schema_directives.append(draft.rng.choice(SCHEMA_STRAY))


def drop_member(draft: Draft) -> None:
    members = _members(draft)
    if members:
        type_, member = draft.rng.choice(members)
        type_.members.pop(member.name, None)


def copy_member(draft: Draft) -> None:
    """The same member in another subgraph's type of the name."""
    type_, member = draft.rng.choice(_members(draft))
    others = [other for _, other in all_types(draft) if other.name == type_.name and other is not type_]
    if others:
        copied = draft.rng.choice(others).add(
            member.name, member.type, *(member.directives if draft.chance(0.5) else ())
        )
        copied.arguments = {name: Element(name, value.type, value.default) for name, value in member.arguments.items()}


def drop_type(draft: Draft) -> None:
    subgraph, type_ = draft.rng.choice(all_types(draft))
    del subgraph.types[type_.name]


def change_type(draft: Draft) -> None:
    typed = [element for element in _elements(draft) if element.type]
    if typed:
        element = draft.rng.choice(typed)
        turned = element.type.removesuffix("!") if element.type.endswith("!") else f"{element.type}!"
        element.type = draft.rng.choice((turned, turned, f"[{element.type}]", draft.rng.choice(TYPES)))


def change_kind(draft: Draft) -> None:
    _, type_ = draft.rng.choice(all_types(draft))
    type_.kind = draft.rng.choice(("type", "interface", "input", "enum", "scalar"))
    if type_.kind in ("enum", "input"):
        type_.interfaces.clear()
        for member in type_.members.values():
            member.arguments.clear()
            member.type = "" if type_.kind == "enum" else "Int"


def rename_member(draft: Draft) -> None:
    members = _members(draft)
    if members:
        _, member = draft.rng.choice(members)
        member.name = draft.rng.choice(("id", "p0", "f0", "label", "renamed", "RED", "__typename"))


def change_default(draft: Draft) -> None:
    inputs = [argument for _, member in _members(draft) for argument in member.arguments.values()]
    inputs += [member for _, type_ in all_types(draft) if type_.kind == "input" for member in type_.members.values()]
    if inputs:
        draft.rng.choice(inputs).default = draft.rng.choice(
            ("1", "2", '"x"', "RED", "GREEN", "[]", "null", "{by0: 1}", None)
        )


def add_argument(draft: Draft) -> None:
    fields = [member for type_, member in _members(draft) if type_.kind in ("type", "interface")]
    if fields:
        name = draft.rng.choice(("first", "by", "more"))
        draft.rng.choice(fields).arguments[name] = Element(
            name, draft.rng.choice(("Int", "Int!", "String", "Filter0", "Color0"))
        )


def drop_argument(draft: Draft) -> None:
    fields = [member for _, member in _members(draft) if member.arguments]
    if fields:
        field = draft.rng.choice(fields)
        del field.arguments[draft.rng.choice(list(field.arguments))]


def drop_interface_or_part(draft: Draft) -> None:
    targets = [names for _, type_ in all_types(draft) for names in (type_.interfaces, type_.parts) if names]
    if targets:
        names = draft.rng.choice(targets)
        names.pop(draft.rng.randrange(len(names)))


def add_interface(draft: Draft) -> None:
    types = [(subgraph, type_) for subgraph, type_ in all_types(draft) if type_.kind == "type"]
    if types:
        subgraph, type_ = draft.rng.choice(types)
        interfaces = [interface.name for interface in subgraph.of_kind("interface")] or ["Nothing"]
        type_.interfaces.append(draft.rng.choice(interfaces))


def change_version(draft: Draft) -> None:
    subgraph = draft.rng.choice(draft.subgraphs)
    minor = draft.rng.choice((*range(15), 99))
    subgraph.link.version = draft.rng.choice((None, Version(2, minor), Version(2, minor)))


def change_keys(draft: Draft) -> None:
    types = [type_ for _, type_ in all_types(draft) if any(text.startswith("@key") for text in type_.directives)]
    if types:
        type_ = draft.rng.choice(types)
        others = [text for text in type_.directives if not text.startswith("@key")]
        key = draft.rng.choice(
            ('"id"', '"code"', '"id p0"', '"p0"', '"id", resolvable: false', '"org { id }"', '"label"', '""')
        )
        type_.directives = [*others, *([] if draft.chance(0.3) else [f"@key(fields: {key})"])]


def extend(draft: Draft) -> None:
    _, type_ = draft.rng.choice(all_types(draft))
    type_.extends = not type_.extends


def define_federation(draft: Draft) -> None:
    """A definition of one's own for something of the specification."""
    draft.rng.choice(draft.subgraphs).definitions.append(
        draft.rng.choice(
            (
                "directive @key(fields: String!) repeatable on OBJECT | INTERFACE",
                "directive @key(fields: Int!) on OBJECT",
                "directive @shareable on SCALAR",
                "directive @external on OBJECT | FIELD_DEFINITION",
                "scalar _Any",
                "type _Any { a: Int }",
                "enum Subscription { TICK }",
                "scalar FieldSet",
                "directive @tag(name: String!) repeatable on FIELD_DEFINITION",
                "directive @inaccessible on FIELD",
                "directive @deprecated(reason: Int) on FIELD_DEFINITION",
                "type Subscription { ticks: Int @shareable }",
                "type Query2 { a: Int }",
                "union Empty = Nothing",
            )
        )
    )


def rename_subgraph(draft: Draft) -> None:
    draft.rng.choice(draft.subgraphs).name = draft.rng.choice(("_", "other", draft.subgraphs[0].name.upper()))


SHAPES: tuple[Mutation, ...] = (
    *(drop_directive, drop_directive, add_directive, add_directive, add_directive, add_schema_directive),
    *(
        drop_member,
        drop_member,
        copy_member,
        copy_member,
        drop_type,
        change_type,
        change_type,
        change_type,
        change_kind,
    ),
    *(rename_member, change_default, change_default, add_argument, add_argument, drop_argument, drop_interface_or_part),
    *(add_interface, change_version, change_keys, change_keys, extend, define_federation, rename_subgraph),
)
