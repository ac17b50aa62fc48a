"""Small random breaks of the rules: each puts a federation directive where, or how, it must not be."""

from __future__ import annotations

import re

from tests.conformance.composition.federations.model import Element, Subgraph, Type
from tests.conformance.composition.federations.mutations import Mutation, all_types
from tests.conformance.composition.federations.skeleton import Draft

_FIELDS = re.compile(r"fields: \"[^\"]*\"")
FIELD_SETS = (
    *(
        "1",
        "true",
        "[id]",
        '"id @include(if: true)"',
        '"... @skip(if: false) { id }"',
        '"alias: id"',
        '"id { id }"',
        '"org"',
    ),
    *(
        '"p0"',
        '"p0 { f0 }"',
        '"p1 { id }"',
        '"label"',
        '"id nothing"',
        '"{ id }"',
        '"id,  p0"',
        '"__typename id"',
        '"p0(first: 1)"',
    ),
    *('"... on Entity0 { id }"', '"... on Entity1 { p0 }"', '"org { id } "', "null"),
)
ON_INTERFACE_FIELD = (
    *(
        "@external",
        '@requires(fields: "id")',
        '@provides(fields: "id")',
        '@override(from: "a")',
        "@shareable",
        "@cost(weight: 2)",
    ),
    *("@authenticated", '@policy(policies: [["p"]])', "@inaccessible"),
)
ON_FIELD = (
    *(
        "@external",
        "@external @external",
        "@shareable @shareable",
        '@override(from: "b") @external',
        '@provides(fields: "id") @external',
    ),
    *('@override(from: "a", label: "percent(101)")', '@override(from: "b", label: "percent(1.123456789)")'),
    *('@override(from: "a", label: "2nd")', '@override(from: "b", label: "x_-:./2")', '@override(from: "")'),
    *(
        '@listSize(sizedFields: ["nothing"])',
        "@listSize(assumedSize: -3)",
        '@listSize(slicingArguments: ["by", "first"])',
    ),
    *('@listSize(sizedFields: ["f0"])', '@requires(fields: "id") @override(from: "a")', "@inaccessible @shareable"),
)
SELECTIONS = (
    *(
        "above { given }",
        "$above",
        "$above { given id }",
        "$above { g: given }",
        "$above { nothing }",
        "$above { asker }",
        "$ { given }",
    ),
    *(
        "$other { given }",
        "$above { ... on Above { given } }",
        "$above { ... on Asker { id } }",
        "$above { given @skip(if: true) }",
    ),
    *("$above { asker { id } }", "$above {", ""),
)
LINKS = (
    *(
        '@link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost", "@listSize"])',
        '@link(url: "https://specs.apollo.dev/link/v9.0")',
    ),
    *(
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/tag/v0.3", as: "label")',
    ),
    *(
        '@link(url: "https://specs.apollo.dev/context/v0.1")',
        '@link(url: "nowhere")',
        '@link(url: "https://specs.example.org/x/v1.0", as: "a__b")',
    ),
    *(
        '@link(url: "https://specs.example.org/x/v1.0", for: EXECUTION)',
        '@link(url: "https://specs.example.org/x/v1.0", import: ["x"])',
    ),
    *(
        '@composeDirective(name: "@x")',
        '@composeDirective(name: "@key")',
        '@composeDirective(name: "@deprecated")',
        "@composeDirective(name: 1)",
    ),
    *('@composeDirective(name: "@inaccessible")', '@composeDirective(name: "@federation__tag")', "@composeDirective"),
)


def _of_kind(draft: Draft, *kinds: str) -> list[tuple[Subgraph, Type]]:
    return [(subgraph, type_) for subgraph, type_ in all_types(draft) if type_.kind in kinds]


def _fields(draft: Draft, *kinds: str) -> list[Element]:
    return [member for _, type_ in _of_kind(draft, *kinds) for member in type_.members.values()]


def _with(draft: Draft, directive: str) -> list[Type | Element]:
    """Whatever carries the directive."""
    found: list[Type | Element] = []
    for _, type_ in all_types(draft):
        arguments = [argument for member in type_.members.values() for argument in member.arguments.values()]
        targets: list[Type | Element] = [type_, *type_.members.values(), *arguments]
        found += [target for target in targets if any(text.startswith(directive) for text in target.directives)]
    return found


def odd_field_set(draft: Draft) -> None:
    """Other fields in a @key, @requires or @provides."""
    directive = draft.rng.choice(("@key", "@key", "@requires", "@requires", "@provides", "@provides"))
    targets = _with(draft, directive)
    if not targets:
        draft.rng.choice(_fields(draft, "type")).directives.append(
            f"@{directive[1:]}(fields: {draft.rng.choice(FIELD_SETS)})"
        )
        return
    target = draft.rng.choice(targets)
    odd = f"fields: {draft.rng.choice(FIELD_SETS)}"
    target.directives = [
        _FIELDS.sub(lambda _: odd, text) if text.startswith(directive) else text for text in target.directives
    ]


def on_interface(draft: Draft) -> None:
    """A directive on an interface's field, or a key on the interface."""
    fields = _fields(draft, "interface")
    if fields and draft.chance(0.8):
        draft.rng.choice(fields).directives.append(draft.rng.choice(ON_INTERFACE_FIELD))
    elif fields:
        draft.rng.choice(_of_kind(draft, "interface"))[1].directives.append(
            draft.rng.choice(('@key(fields: "label")', "@authenticated"))
        )


def on_field(draft: Draft) -> None:
    """Directives that do not go together, or with odd arguments."""
    fields = _fields(draft, "type")
    if fields:
        draft.rng.choice(fields).directives += draft.rng.choice(ON_FIELD).split(" @")[:1]
        draft.rng.choice(fields).directives.append(draft.rng.choice(ON_FIELD))


def odd_override(draft: Draft) -> None:
    """An override from itself, from one that overrides too, or of a field that is not plainly there."""
    pairs = [
        (subgraph, type_, field)
        for subgraph, type_ in _of_kind(draft, "type")
        for field in type_.members.values()
        if not subgraph.is_federation_1
    ]
    if pairs:
        subgraph, _, field = draft.rng.choice(pairs)
        source = draft.rng.choice(draft.subgraphs)
        field.directives.append(f'@override(from: "{source.name}")')
        for other in draft.subgraphs:
            for type_ in other.types.values():
                if other is source and field.name in type_.members and draft.chance(0.4):
                    type_.members[field.name].directives.append(f'@override(from: "{subgraph.name}")')


def external_copy(draft: Draft) -> None:
    """An external field with other arguments, defaults or type than where it is resolved."""
    fields = [
        (type_, field) for _, type_ in _of_kind(draft, "type") for field in type_.members.values() if field.arguments
    ]
    if fields:
        type_, field = draft.rng.choice(fields)
        for _, other in all_types(draft):
            if other.name == type_.name and other is not type_ and "id" in other.members:
                copy = other.add(field.name, field.type, "@external")
                for name, argument in field.arguments.items():
                    changed = draft.rng.choice(
                        (argument.type, argument.type, "String", f"{argument.type}!".replace("!!", "!"))
                    )
                    copy.arguments[name] = Element(name, changed, draft.rng.choice((argument.default, "7", None)))
                needs = draft.rng.choice((f"{field.name}", "id"))
                other.add("needs", "Int", f'@requires(fields: "{needs}")')
                return


def odd_root(draft: Draft) -> None:
    """A type that is no root under a root's name, a hidden root, or no query at all."""
    subgraph = draft.rng.choice(draft.subgraphs)
    operation = draft.rng.choice(("query", "mutation", "subscription"))
    dice = draft.rng.random()
    if dice < 0.5:
        name = f"My{operation.capitalize()}"
        subgraph.roots[operation] = name
        subgraph.type("type", name).add("mine", "Int")
        subgraph.type("type", operation.capitalize()).add("mine", "Int")
    elif dice < 0.75:
        subgraph.root().directives.append("@inaccessible")
    else:
        for each in draft.subgraphs:
            each.types.pop(each.roots["query"], None)


def odd_context(draft: Draft) -> None:
    """Another selection, or another name of the context."""
    arguments = _with(draft, "@fromContext")
    for argument in arguments:
        if draft.chance(0.7):
            argument.directives = [f'@fromContext(field: "{draft.rng.choice(SELECTIONS)}")']
    for type_ in _with(draft, "@context"):
        if not arguments or draft.chance(0.3):
            type_.directives[0] = f'@context(name: "{draft.rng.choice(("_above", "above_", "1st", "", "other"))}")'


def hide(draft: Draft) -> None:
    """Something that others need is hidden: a type, a default's value, a required argument."""
    kinds = draft.rng.choice((("enum",), ("input",), ("type", "interface"), ("scalar",)))
    targets: list[Type | Element] = [type_ for _, type_ in _of_kind(draft, *kinds)]
    targets += _fields(draft, *kinds)
    if targets:
        target = draft.rng.choice(targets)
        target.directives.append("@inaccessible")
        if isinstance(target, Element) and target.type and draft.chance(0.5):
            target.type = f"{target.type.rstrip('!')}!"
    for field in _fields(draft, "type"):
        for argument in field.arguments.values():
            if argument.type.startswith("Color") and argument.default is None:
                argument.default = "RED"


def unimplemented(draft: Draft) -> None:
    """An interface has one field more in one subgraph."""
    interfaces = _of_kind(draft, "interface")
    if interfaces:
        subgraph, interface = draft.rng.choice(interfaces)
        interface.add("further", "Int")
        if draft.chance(0.7):
            for type_ in subgraph.types.values():
                if interface.name in type_.interfaces:
                    type_.add("further", "Int", "@shareable")


def odd_link(draft: Draft) -> None:
    """A link or a composed directive that is not right."""
    draft.rng.choice(draft.subgraphs).schema_directives.append(draft.rng.choice(LINKS))


def keyless(draft: Draft) -> None:
    """An entity that has no key in one subgraph."""
    types = [type_ for _, type_ in _of_kind(draft, "type") if any(text.startswith("@key") for text in type_.directives)]
    if types:
        type_ = draft.rng.choice(types)
        type_.directives = [text for text in type_.directives if not text.startswith("@key")]
        type_.directives.append("@shareable")


MISUSES: tuple[Mutation, ...] = (
    *(
        odd_field_set,
        odd_field_set,
        odd_field_set,
        on_interface,
        on_interface,
        on_field,
        on_field,
        odd_override,
        external_copy,
    ),
    *(odd_root, odd_context, hide, hide, unimplemented, odd_link, odd_link, keyless),
)
