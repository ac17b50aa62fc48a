"""What sets federations apart: each theme adds one feature of federation, in a random place and shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.conformance.composition.federations.model import Element, Subgraph
from tests.router.federations.domain import BUILT_IN, Domain

Theme = Callable[[Domain], None]
DEPTH_MAX = 3


def _owned(domain: Domain) -> Iterator[tuple[str, Element, Subgraph, Subgraph]]:
    """A field of an entity, who resolves it, and another subgraph that knows the entity, in random order."""
    found = [
        (entity, owner.types[entity].members[name], owner, other)
        for (entity, name), owner in domain.owners.items()
        for other in domain.homes(entity)
        if other is not owner and name not in other.types[entity].members
    ]
    domain.rng.shuffle(found)
    return iter(found)


def shareable(domain: Domain) -> None:
    """Fields that several subgraphs resolve, not always of the same nullability."""
    for entity, field, _, other in list(_owned(domain))[:3]:
        _mark(field, "@shareable")
        domain.copy(other, entity, field, domain.varied(field.type), "@shareable")


def narrower(domain: Domain) -> None:
    """A field that returns an abstract type in one subgraph and one of its members in another."""
    for entity, field, owner, other in list(_owned(domain)):
        name = field.type.strip("[]!")
        if name not in domain.abstract or field.arguments:
            continue
        type_ = owner.types[name]
        members = type_.parts or [each.name for each in owner.of_kind("type") if name in each.interfaces]
        member = domain.rng.choice(members)
        _mark(field, "@shareable")
        domain.know(other, name)
        domain.copy(other, entity, field, field.type.replace(name, member), "@shareable")
        if domain.abstract[name].kind == "interface":
            domain.implement(other, member, name)
        elif member not in other.types[name].parts:
            other.types[name].parts.append(member)
        return


def requires(domain: Domain) -> None:
    """Fields that need others' values, at any depth, with arguments, with fragments; also such fields of each other."""
    for number, (entity, field, owner, other) in enumerate(list(_owned(domain))[: domain.rng.randint(1, 4)]):
        wanted = _wanted(domain, owner, other, entity, field, 0)
        if wanted is None:
            continue
        made = domain.resolve(other, entity, f"r{number}{other.name}", domain.wrapped(domain.leaf()))
        made.directives.append(f'@requires(fields: "{wanted}")')
        if domain.chance(0.7):
            domain.owners[entity, made.name] = other  # so that others may need it in turn


def _wanted(domain: Domain, owner: Subgraph, other: Subgraph, parent: str, field: Element, depth: int) -> str | None:
    """A field with a random selection below it; `other` gets to know it as external where it is another's."""
    name = field.type.strip("[]!")
    below = "" if _is_leaf(domain, name) else _selection(domain, owner, other, name, depth + 1)
    if below is None:
        return None
    if field.name not in other.types[parent].members:
        external = parent in domain.entities
        domain.copy(other, parent, field, field.type, "@external" if external else "@shareable")
    given = _literals(domain, field) if field.arguments else ""
    return f"{field.name}{given}{below}"


def _selection(domain: Domain, owner: Subgraph, other: Subgraph, name: str, depth: int) -> str | None:
    """Braces with fields of a type that both subgraphs can know."""
    domain.know(other, name)
    if name in domain.abstract:
        return _fragments(domain, owner, other, name, depth)
    fields = [
        field
        for field in owner.types[name].members.values()
        if not any(each.startswith(("@external", "@requires")) for each in field.directives)
        and (depth < DEPTH_MAX or _is_leaf(domain, field.type.strip("[]!")))
    ]
    if not fields:
        return None
    chosen = domain.rng.sample(fields, min(len(fields), domain.rng.randint(1, 2)))
    texts = [text for field in chosen if (text := _wanted(domain, owner, other, name, field, depth)) is not None]
    return f" {{ {' '.join(texts)} }}" if texts else None


def _fragments(domain: Domain, owner: Subgraph, other: Subgraph, name: str, depth: int) -> str | None:
    """A selection on an abstract type: an interface's own fields, and fragments on what both know of its members."""
    parts = [
        field
        for field in domain.abstract[name].fields
        if _is_leaf(domain, domain.abstract[name].fields[field].strip("[]!"))
    ]
    texts = parts if domain.chance(0.4) else []
    mine, its = (_members(subgraph, name) for subgraph in (owner, other))
    for member in sorted(mine & its):
        inside = _selection(domain, owner, other, member, depth + 1) if domain.chance(0.7) else None
        if inside:
            texts = [*texts, f"... on {member}{inside}"]
    return f" {{ {' '.join(texts)} }}" if texts else None


def _members(subgraph: Subgraph, name: str) -> set[str]:
    parts = set(subgraph.types[name].parts) if name in subgraph.types else set()
    return parts | {type_.name for type_ in subgraph.of_kind("type") if name in type_.interfaces}


def _is_leaf(domain: Domain, name: str) -> bool:
    return name in BUILT_IN or name in domain.enums or name == "Blob"


def _literals(domain: Domain, field: Element) -> str:
    literals = {
        "Int": "3",
        "String": "'x'",
        "Boolean!": "true",
        "[ID]": "['y']",
        "[ID!]": "['y']",
        "Tone": "RED",
        "Spec": "{n: 1}",
    }
    number = domain.rng.randint(0, 1)
    written = [f"{each.name}: {literals[each.type]}" for each in list(field.arguments.values())[number:] or []]
    required = [f"{each.name}: {literals[each.type]}" for each in field.arguments.values() if each.type.endswith("!")]
    texts = list(dict.fromkeys([*required, *written]))
    return f"({', '.join(texts)})".replace("'", '\\"') if texts else ""


def provides(domain: Domain) -> None:
    """Ways that bring another subgraph's fields along, at any depth."""
    for number, (entity, field, owner, other) in enumerate(list(_owned(domain))[:3]):
        wanted = None if field.arguments else _wanted(domain, owner, other, entity, field, 0)
        if wanted is None:
            continue
        _mark(field, "@shareable")
        _share_all(domain, owner, wanted)
        made = other.root().add(f"{other.name}With{number}", domain.wrapped(entity))
        made.directives.append(f'@provides(fields: "{wanted}")')


def _share_all(domain: Domain, owner: Subgraph, wanted: str) -> None:
    """Fields of entities that are provided must be shareable where they are resolved."""
    names = set(wanted.replace("{", " ").replace("}", " ").split())
    for entity in domain.entities:
        for field in owner.types[entity].members.values() if entity in owner.types else ():
            if field.name in names and not any(each.startswith("@external") for each in field.directives):
                _mark(field, "@shareable")


def override(domain: Domain) -> None:
    """Fields on the move from one subgraph to another, some of them only where a label says so."""
    for entity, field, owner, other in list(_owned(domain))[: domain.rng.randint(1, 3)]:
        if any(each.startswith(("@requires", "@external")) for each in field.directives):
            continue
        label = domain.rng.choice(("", ', label: "percent(50)"', ', label: "beta"'))
        domain.copy(other, entity, field, field.type, f'@override(from: "{owner.name}"{label})')
        if not label:
            domain.owners[entity, field.name] = other


def interface_objects(domain: Domain) -> None:
    """An interface with a key that other subgraphs know as one object, to which they add fields."""
    home, *others = domain.some(domain.subgraphs, at_least=2)
    interface = home.type("interface", "Media")
    interface.directives.append('@key(fields: "id")')
    interface.add("id", "ID!")
    interface.add("title", "String")
    for name in ("Film", "Song", "Play")[: domain.rng.randint(1, 3)]:
        type_ = home.type("type", name)
        type_.interfaces.append("Media")
        type_.directives.append('@key(fields: "id")')
        type_.add("id", "ID!")
        type_.add("title", "String")
        domain.resolve(home, name, f"of{name}", domain.wrapped(domain.leaf()))
        if domain.chance(0.4):
            _extended(domain, name, others)
    home.root().add("media", domain.wrapped("Media"))
    for number, other in enumerate(others):
        _stand_in(domain, other, number)


def _extended(domain: Domain, name: str, others: list[Subgraph]) -> None:
    """A third subgraph that has one of the implementations under its own name."""
    candidates = [each for each in domain.subgraphs if each not in others and name not in each.types]
    if candidates:
        other = domain.rng.choice(candidates)
        type_ = other.type("type", name)
        type_.directives.append('@key(fields: "id")')
        type_.add("id", "ID!")
        domain.resolve(other, name, f"more{name}", domain.wrapped(domain.leaf()))


def _stand_in(domain: Domain, other: Subgraph, number: int) -> None:
    type_ = other.type("type", "Media")
    resolvable = ", resolvable: false" if domain.chance(0.1) else ""
    type_.directives += ["@interfaceObject", f'@key(fields: "id"{resolvable})']
    type_.add("id", "ID!")
    domain.resolve(other, "Media", f"rating{number}", domain.wrapped(domain.leaf()))
    if domain.chance(0.5):
        domain.resolve(other, "Media", f"near{number}", domain.wrapped(domain.composite()))
    if domain.chance(0.4):
        type_.add("title", "String", "@external")
        type_.add(f"long{number}", "String", '@requires(fields: "title")')
    if domain.chance(0.6):
        other.root().add(f"best{number}", domain.wrapped("Media"))
    for entity in domain.entities:
        if entity in other.types and domain.chance(0.4):
            other.types[entity].add(f"likes{number}", domain.wrapped("Media"))


def contexts(domain: Domain) -> None:
    """An argument that comes from the nearest object above of one of the types that set its context."""
    home = domain.rng.choice(domain.subgraphs)
    setters = [entity for entity in domain.entities if entity in home.types]
    if not setters:
        return
    setters = domain.rng.sample(setters, min(len(setters), domain.rng.choice((1, 1, 2))))
    given = domain.rng.choice(("String", "Int", "[ID]", "Tone"))
    domain.know(home, given)
    asker = home.type("type", "Asker")
    asker.directives.append('@key(fields: "id")')
    asker.add("id", "ID!")
    inner = home.type("type", "Middle")
    inner.add("asker", domain.wrapped("Asker"))
    for number, entity in enumerate(setters):
        type_ = home.types[entity]
        type_.directives.append('@context(name: "above")')
        type_.add(f"given{number}", domain.varied(given))
        type_.add(f"asker{number}", domain.wrapped(domain.rng.choice(("Asker", "Middle"))))
    for number in range(domain.rng.randint(1, 2)):
        asked = domain.resolve(home, "Asker", f"asked{number}", domain.wrapped(domain.leaf()))
        domain.arguments(home, asked)
        taken = f'@fromContext(field: "$above {_taken(setters)}")'
        asked.arguments["given"] = Element("given", given, directives=[taken])
    if domain.chance(0.5):
        other = domain.rng.choice([each for each in domain.subgraphs if each is not home])
        other.type("type", "Asker").directives.append('@key(fields: "id")')
        other.types["Asker"].add("id", "ID!")
        domain.resolve(other, "Asker", f"own{other.name}", domain.wrapped(domain.leaf()))


def _taken(setters: list[str]) -> str:
    if len(setters) == 1:
        return "{ given0 }"
    return " ".join(f"... on {entity} {{ given{number} }}" for number, entity in enumerate(setters))


def shared_roots(domain: Domain) -> None:
    """Root fields that several subgraphs answer, each with its share of what is below."""
    for number in range(domain.rng.randint(1, 2)):
        name = domain.composite()
        homes = domain.some(domain.homes(name), at_least=2)
        type_ = domain.wrapped(name)
        for subgraph in homes:
            subgraph.root().add(f"shared{number}", type_, "@shareable")
    if domain.chance(0.5):
        _shared_object(domain)


def _shared_object(domain: Domain) -> None:
    """An object without a key of which each subgraph has another part."""
    type_ = domain.wrapped("Parts")
    for subgraph in domain.some(domain.subgraphs, at_least=2):
        parts = subgraph.type("type", "Parts")
        domain.resolve(subgraph, "Parts", f"of{subgraph.name}", domain.wrapped(domain.leaf()))
        if domain.chance(0.5):
            parts.add("all", "Int", "@shareable")
        subgraph.root().add("parts", type_, "@shareable")


def mutations(domain: Domain) -> None:
    """Mutations in several subgraphs, with payloads that lead back to the query root, and subscriptions."""
    for subgraph in domain.some(domain.subgraphs):
        known = [type_.name for type_ in subgraph.of_kind("type", "interface", "union")]
        for number in range(domain.rng.randint(1, 2)):
            target = domain.rng.choice([*known, "Int"])
            made = subgraph.root("mutation").add(f"{subgraph.name}Do{number}", domain.wrapped(target))
            domain.arguments(subgraph, made)
        if domain.chance(0.5):
            payload = subgraph.type("type", f"Payload{subgraph.name}")
            payload.add("done", "Int")
            payload.add("query", domain.rng.choice(("{}", "{}!", "[{}!]")).format(subgraph.roots["query"]))
            subgraph.root("mutation").add(f"{subgraph.name}Pay", domain.wrapped(payload.name))
        if known and domain.chance(0.5):
            subgraph.root("subscription").add(f"{subgraph.name}On", domain.wrapped(domain.rng.choice(known)))


def inaccessible(domain: Domain) -> None:
    """Fields that only the plan may use, enum values and types that nobody sees."""
    for (entity, name), owner in list(domain.owners.items()):
        if domain.chance(0.2):
            _mark(owner.types[entity].members[name], "@inaccessible")
    for subgraph in domain.subgraphs:
        for type_ in subgraph.of_kind("type", "union", "interface", "scalar"):
            if domain.chance(0.04):
                type_.directives.append("@inaccessible")
        if "Tone" in subgraph.types and domain.chance(0.4):
            _mark(subgraph.types["Tone"].members["GREY"], "@inaccessible")


def renamed_roots(domain: Domain) -> None:
    """Root types with names of their own."""
    for subgraph in domain.some(domain.subgraphs):
        for operation, name in list(subgraph.roots.items()):
            if name in subgraph.types:
                root = subgraph.types.pop(name)
                root.name = subgraph.roots[operation] = f"The{name}"
                subgraph.types[root.name] = root
                _rename(subgraph, name, root.name)


def _rename(subgraph: Subgraph, old: str, new: str) -> None:
    for type_ in subgraph.types.values():
        for field in type_.members.values():
            if field.type.strip("[]!") == old:
                field.type = field.type.replace(old, new)


def split_values(domain: Domain) -> None:
    """Objects without keys below an entity, of which each subgraph has another part, one and two steps down."""
    entity = domain.rng.choice(list(domain.entities))
    homes = domain.some(domain.homes(entity), at_least=2)
    outer, inner = domain.wrapped("Split"), domain.wrapped("Inner")
    for subgraph in homes:
        subgraph.types[entity].add("split", outer, "@shareable")
        for name, key in (("Split", "of"), ("Inner", "in")):
            type_ = subgraph.type("type", name)
            if domain.chance(0.8):
                domain.resolve(subgraph, name, f"{key}{subgraph.name}", domain.wrapped(domain.leaf()))
            type_.add("all", "Int", "@shareable")
        subgraph.types["Split"].add("inner", inner, "@shareable")


def partial_enums(domain: Domain) -> None:
    """Values of an enum that some subgraphs do not have; such an enum is for output only."""
    domain.enums["Mood"] = ["GLAD", "SAD", "CALM"]
    homes = domain.some(domain.subgraphs, at_least=2)
    for subgraph in homes:
        for value in domain.rng.sample(domain.enums["Mood"], domain.rng.randint(1, 3)):
            subgraph.type("enum", "Mood").add(value)
        subgraph.root().add(f"{subgraph.name}Mood", domain.wrapped("Mood"))
    if domain.chance(0.5):
        for subgraph in homes:
            subgraph.root().add("mood", "Mood", "@shareable")


def _mark(element: Element, directive: str) -> None:
    if directive not in element.directives:
        element.directives.append(directive)


THEMES: tuple[Theme, ...] = (
    shareable,
    shareable,
    narrower,
    requires,
    requires,
    provides,
    override,
    interface_objects,
    contexts,
    shared_roots,
    mutations,
    inaccessible,
    split_values,
    partial_enums,
    renamed_roots,
)
