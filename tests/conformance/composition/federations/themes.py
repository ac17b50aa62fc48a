"""What a federation may be about: each theme decorates the bare one with some features, right most of the time.

A federation has few themes, so that features meet in ever other company and small examples stay small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.conformance.composition.federations.model import Element, Subgraph, Type
from tests.conformance.composition.federations.skeleton import Draft, Entity, knows

Theme = Callable[[Draft], None]
WORDS = ("What it is", "Another text", "")
SCOPES = ('[["read"]]', '[["read", "write"], ["admin"]]', '[["admin"]]')
AUTH = ("@authenticated", "@requiresScopes(scopes: {})", "@policy(policies: {})")


def _pairs(draft: Draft) -> Iterator[tuple[Entity, str, Subgraph, Subgraph]]:
    """An entity's field, its owner and another subgraph of the entity, in random order."""
    found = [
        (entity, name, owner, other)
        for entity in draft.entities
        for name, owner in entity.owners.items()
        for other in entity.subgraphs
        if other is not owner
        and name not in other.types[entity.name].members
        and name in owner.types[entity.name].members
    ]
    draft.rng.shuffle(found)
    return iter(found)


def requires(draft: Draft) -> None:
    """A field that needs another's value."""
    for entity, name, owner, other in list(_pairs(draft))[:2]:
        field = owner.types[entity.name].members[name]
        selection = _selection(other, field.type)
        if selection is None or field.arguments:
            continue
        type_ = other.types[entity.name]
        type_.add(name, field.type, "@external")
        type_.add(f"from{name}{draft.letter(other)}", "Int", f'@requires(fields: "{name}{selection}")')


def provides(draft: Draft) -> None:
    """A way that brings another subgraph's field along."""
    for entity, name, owner, other in list(_pairs(draft))[:2]:
        field = owner.types[entity.name].members[name]
        selection = _selection(other, field.type)
        if selection is None or field.arguments:
            continue
        other.types[entity.name].add(name, field.type, "@external")
        if "@shareable" not in field.directives:
            field.directives.append("@shareable")
        other.root().add(
            f"with{entity.name}{draft.letter(other)}", entity.name, f'@provides(fields: "{name}{selection}")'
        )


def _selection(subgraph: Subgraph, type_: str) -> str | None:
    """What must follow a field of the type in a field set; None where the subgraph has no such type."""
    name = type_.strip("[]!")
    if name in ("Int", "String", "ID", "Boolean", "Float"):
        return ""
    known = subgraph.types.get(name)
    if known is None or known.kind in ("union", "input"):
        return None
    if known.kind in ("enum", "scalar"):
        return ""
    leaves = [field for field in known.members.values() if _selection_leaf(subgraph, field)]
    return f" {{ {leaves[0].name} }}" if leaves else None


def _selection_leaf(subgraph: Subgraph, field: Element) -> bool:
    target = subgraph.types.get(field.type.strip("[]!"))
    return not field.arguments and (target is None or target.kind in ("enum", "scalar"))


def override(draft: Draft) -> None:
    """A field that moves from one subgraph to another."""
    for entity, name, owner, other in list(_pairs(draft))[: draft.rng.randint(1, 3)]:
        field = owner.types[entity.name].members.get(name)
        if field is None or other.is_federation_1 or not knows(other, field.type):
            continue
        if not all(knows(other, argument.type) for argument in field.arguments.values()):
            continue
        label = draft.rng.choice(("", "", ', label: "percent(5)"', ', label: "beta"'))
        source = owner.name if draft.chance(0.9) else "nobody"
        moved = other.types[entity.name].add(name, field.type, f'@override(from: "{source}"{label})')
        moved.arguments = {key: Element(key, value.type, value.default) for key, value in field.arguments.items()}
        if draft.chance(0.15):
            del owner.types[entity.name].members[name]


def inaccessible(draft: Draft) -> None:
    """Parts that clients do not see."""
    for target in _targets(draft, 1 + draft.rng.randint(0, 3)):
        target.directives.append("@inaccessible")


def tags(draft: Draft) -> None:
    """Labels for contracts."""
    for target in _targets(draft, 2 + draft.rng.randint(0, 3)):
        target.directives.append(f'@tag(name: "{draft.rng.choice(("internal", "beta"))}")')


def auth(draft: Draft) -> None:
    """Parts that ask for rights."""
    for target in _targets(draft, 1 + draft.rng.randint(0, 3), kinds=("type", "enum", "scalar"), deep=False):
        target.directives.append(draft.rng.choice(AUTH).format(draft.rng.choice(SCOPES)))


def cost(draft: Draft) -> None:
    """Weights and list sizes."""
    for target in _targets(draft, 1 + draft.rng.randint(0, 3), kinds=("type", "scalar")):
        target.directives.append(f"@cost(weight: {draft.rng.randint(0, 9)})")
    for subgraph in draft.subgraphs:
        for field in _fields(subgraph):
            if field.type.startswith("[") and draft.chance(0.4):
                sliced = ', slicingArguments: ["first"]' if "first" in field.arguments else ""
                field.directives.append(f"@listSize(assumedSize: {draft.rng.randint(1, 20)}{sliced})")


def _targets(
    draft: Draft,
    count: int,
    kinds: tuple[str, ...] = ("type", "enum", "scalar", "input", "interface", "union"),
    *,
    deep: bool = True,
) -> list[Type | Element]:
    """Random definitions and parts of them, at any depth."""
    found: list[Type | Element] = []
    for subgraph in draft.subgraphs:
        for type_ in subgraph.of_kind(*kinds):
            if draft.chance(0.25):
                found.append(type_)
            for member in type_.members.values():
                if type_.kind == "enum" and not deep:
                    continue
                found += [member, *(member.arguments.values() if deep else ())]
    return draft.rng.sample(found, min(count, len(found)))


def _fields(subgraph: Subgraph) -> Iterator[Element]:
    for type_ in subgraph.types.values():
        if type_.kind == "type":
            yield from type_.members.values()


def context(draft: Draft) -> None:
    """An argument that comes from above."""
    homes = [subgraph for subgraph in draft.subgraphs if subgraph.has("context", "fromContext")]
    if not homes:
        return
    home = draft.rng.choice(homes)
    given = draft.rng.choice(("String", "String!", "Int"))
    above = home.type("type", "Above")
    above.directives = ['@context(name: "above")', '@key(fields: "id")']
    above.add("id", "ID!")
    above.add("given", given)
    above.add("asker", draft.rng.choice(("Asker", "[Asker!]")))
    asker = home.type("type", "Asker")
    asker.directives = ['@key(fields: "id")']
    asker.add("id", "ID!")
    asked = asker.add("asked", "Int")
    asked.arguments["given"] = Element(
        "given", given.strip("!"), directives=['@fromContext(field: "$above { given }")']
    )
    home.root().add("above", "Above")
    for other in draft.some(draft.subgraphs):
        if other is not home and draft.chance(0.5):
            _asked_elsewhere(draft, other)


def _asked_elsewhere(draft: Draft, subgraph: Subgraph) -> None:
    """Another subgraph has the type too, and perhaps the field with a plain argument."""
    asker = subgraph.type("type", "Asker")
    asker.directives = ['@key(fields: "id")']
    asker.add("id", "ID!")
    if draft.chance(0.4):
        plain = asker.add("asked", "Int", "@shareable")
        plain.arguments["given"] = Element("given", draft.rng.choice(("String", "String!")))


def interface_objects(draft: Draft) -> None:
    """An interface with a key that another subgraph knows as one object."""
    able = [subgraph for subgraph in draft.subgraphs if subgraph.at_least(3)]
    if len(able) < 2:
        return
    home, *others = draft.rng.sample(able, 2 if len(able) == 2 or draft.chance(0.7) else 3)
    interface = home.type("interface", "Media")
    interface.directives.append('@key(fields: "id")')
    interface.add("id", "ID!")
    for name in ("Film", "Song"):
        type_ = home.type("type", name)
        type_.interfaces.append("Media")
        type_.directives.append('@key(fields: "id")')
        type_.add("id", "ID!")
        type_.add(f"of{name}", "String")
    home.root().add("media", "[Media!]")
    for number, other in enumerate(others):
        stand_in = other.type("type", "Media")
        stand_in.directives += ["@interfaceObject", '@key(fields: "id")']
        stand_in.add("id", "ID!")
        stand_in.add(f"rating{number}", "Int")
        if draft.chance(0.4):
            other.root().add(f"best{number}", "Media")


def composed_directives(draft: Draft) -> None:
    """A directive of its own specification that the supergraph keeps."""
    minor = draft.rng.choice((0, 0, 1))
    for subgraph in draft.some([subgraph for subgraph in draft.subgraphs if subgraph.at_least(1)]):
        version = minor if draft.chance(0.8) else 2
        name = "mark" if draft.chance(0.93) else "sign"
        imported = '"@mark"' if name == "mark" else f'{{name: "@mark", as: "@{name}"}}'
        subgraph.schema_directives.append(
            f'@link(url: "https://specs.example.org/mark/v1.{version}", import: [{imported}])'
        )
        if draft.chance(0.85):
            subgraph.schema_directives.append(f'@composeDirective(name: "@{name}")')
        repeatable = "repeatable " if draft.chance(0.2) else ""
        locations = draft.rng.choice(("FIELD_DEFINITION | OBJECT", "OBJECT | FIELD_DEFINITION | ENUM_VALUE"))
        subgraph.definitions.append(f"directive @{name}(size: Int) {repeatable}on {locations}")
        for type_ in subgraph.of_kind("type"):
            for field in type_.members.values():
                if draft.chance(0.2) and "@external" not in field.directives:
                    field.directives.append(f"@{name}(size: {draft.rng.randint(1, 2)})")


def executable_directives(draft: Draft) -> None:
    """A directive for operations."""
    for subgraph in draft.some(draft.subgraphs):
        locations = draft.rng.choice(("FIELD", "FIELD", "FIELD | QUERY", "QUERY"))
        repeatable = "repeatable " if draft.chance(0.15) else ""
        subgraph.definitions.append(f"directive @live(every: Int) {repeatable}on {locations}")


def cache_tags(draft: Draft) -> None:
    """Tags by which answers are dropped from caches."""
    for subgraph in draft.subgraphs:
        for type_ in subgraph.of_kind("type"):
            if any(text.startswith("@key") for text in type_.directives) and draft.chance(0.5):
                type_.directives.append(f'@cacheTag(format: "{type_.name.lower()}")')
        for field in subgraph.root().members.values():
            if draft.chance(0.3):
                field.directives.append(f'@cacheTag(format: "{field.name}")')


def descriptions(draft: Draft) -> None:
    """Texts, not always the same."""
    for target in _targets(draft, 4):
        target.description = draft.rng.choice(WORDS)


def deprecations(draft: Draft) -> None:
    """Parts on the way out."""
    for target in _targets(draft, 3):
        if isinstance(target, Element) and not target.type.endswith("!"):
            reason = draft.rng.choice(("", '(reason: "old")', '(reason: "older")'))
            target.directives.append(f"@deprecated{reason}")
    for subgraph in draft.subgraphs:
        for scalar in subgraph.of_kind("scalar"):
            if draft.chance(0.5):
                scalar.directives.append(f'@specifiedBy(url: "https://example.org/{draft.rng.randint(1, 2)}")')


def renamed_roots(draft: Draft) -> None:
    """Root types with names of their own."""
    for subgraph in draft.some(draft.subgraphs):
        query = subgraph.root()
        if query.name == "Query":
            del subgraph.types["Query"]
            query.name = subgraph.roots["query"] = "TheQuery"
            subgraph.types["TheQuery"] = query


def other_roots(draft: Draft) -> None:
    """Mutations and subscriptions."""
    for subgraph in draft.some(draft.subgraphs):
        for operation in ("mutation", "subscription")[draft.rng.randint(0, 1) :]:
            name = f"{operation}Of{draft.subgraphs.index(subgraph)}"
            own = subgraph.of_kind("type")
            type_ = draft.rng.choice(own).name if own and draft.chance(0.5) else "Int"
            subgraph.root(operation).add(name, type_)
    if draft.chance(0.2):
        for subgraph in draft.subgraphs:
            if "mutation" in subgraph.roots:
                subgraph.root("mutation").add("together", "Int", "@shareable")


def defaults(draft: Draft) -> None:
    """Default values, not always the same."""
    for subgraph in draft.subgraphs:
        for type_ in subgraph.of_kind("input"):
            for member in type_.members.values():
                if draft.chance(0.4):
                    member.default = _default(draft, subgraph, member.type)
        for field in _fields(subgraph):
            for argument in field.arguments.values():
                if draft.chance(0.4):
                    argument.default = _default(draft, subgraph, argument.type)


def _default(draft: Draft, subgraph: Subgraph, type_: str) -> str | None:
    name = type_.strip("[]!")
    if type_.startswith("["):
        return "[]"
    simple = {"Int": "1", "String": '"x"', "Boolean": "true", "ID": '"1"'}
    known = subgraph.types.get(name)
    if known is not None and known.kind == "enum":
        return draft.rng.choice(list(known.members))
    return simple.get(name) if known is None else None


def extensions(draft: Draft) -> None:
    """A type said in two parts, or as an extension only."""
    for entity in draft.entities:
        for subgraph in entity.subgraphs[1:]:
            type_ = subgraph.types[entity.name]
            if draft.chance(0.3):
                type_.extends = True
            elif draft.chance(0.3):
                subgraph.appended.append(f"extend type {type_.name} {{ more{draft.letter(subgraph)}: Int }}")


def external_types(draft: Draft) -> None:
    """A type that a subgraph only mentions."""
    for entity in draft.entities:
        subgraph = draft.rng.choice(entity.subgraphs)
        type_ = subgraph.types[entity.name]
        if draft.chance(0.5) and not type_.extends:
            for member in type_.members.values():
                if draft.chance(0.3):
                    member.directives.append("@external")


THEMES: dict[str, Theme] = {
    "requires": requires,
    "provides": provides,
    "override": override,
    "interface objects": interface_objects,
    "context": context,
    "other roots": other_roots,
    "inaccessible": inaccessible,
    "tags": tags,
    "auth": auth,
    "cost": cost,
    "composed directives": composed_directives,
    "executable directives": executable_directives,
    "cache tags": cache_tags,
    "descriptions": descriptions,
    "deprecations": deprecations,
    "defaults": defaults,
    "extensions": extensions,
    "external types": external_types,
    "renamed roots": renamed_roots,
}
# Those that the skeleton itself heeds.
STRUCTURAL = ("federation 1", "mixed versions", "link styles")
