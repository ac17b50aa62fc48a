"""Draws a random federation that composes, made for being executed: rich in ways between subgraphs and in odd values."""

from __future__ import annotations

from copy import deepcopy
from random import Random

from router.composition.spec.link import Version
from tests.conformance.composition.federations.model import Link, Subgraph
from tests.router.federations.domain import KEYS, Abstract, Domain
from tests.router.federations.federation import Federation, federation_of
from tests.router.federations.themes import THEMES
from tests.router.federations.values import Shapes

TRIES_MAX = 60
THEMES_MAX = 12
ENUM_VALUES = ("RED", "GREEN", "BLUE", "GREY")


def draw_federation(seed: int | str) -> Federation:
    """The federation of a seed: the first bare one that composes, with those of its themes that leave it composing."""
    rng = Random(f"federation {seed}")
    for _ in range(TRIES_MAX):
        domain = _bare(rng)
        found = composed(domain)
        if found is not None:
            return _decorated(domain, found)
    raise LookupError(f"none of {TRIES_MAX} federations of seed {seed} composes")


def composed(domain: Domain) -> Federation | None:
    """The federation that has been drawn, if it composes, and there are data that fit it."""
    found = federation_of(tuple(subgraph.as_input() for subgraph in domain.subgraphs))
    return found if found is not None and Shapes(found).can_be_answered else None


def _decorated(domain: Domain, found: Federation) -> Federation:
    for theme in domain.rng.choices(THEMES, k=domain.rng.randint(1, THEMES_MAX)):
        trial = deepcopy(domain)
        trial.rng = domain.rng
        theme(trial)
        richer = composed(trial)
        if richer is not None:
            domain, found = trial, richer
    return found


def _bare(rng: Random) -> Domain:
    domain = Domain(rng)
    names = rng.sample(("a", "b", "c", "d", "e", "f"), rng.choice((2, 3, 3, 3, 4, 4, 5, 6)))
    domain.subgraphs = [Subgraph(name, Link(Version(2, 12))) for name in names]
    _leaves(domain)
    _values(domain)
    _entities(domain)
    _abstract(domain)
    _fields(domain)
    _roots(domain)
    return domain


def _leaves(domain: Domain) -> None:
    domain.enums["Tone"] = list(ENUM_VALUES)
    domain.inputs["Spec"] = {"n": "Int", "text": "String", "tone": "Tone", "inner": "[Spec!]"}


def _values(domain: Domain) -> None:
    """Types without keys; a later one may have an earlier one inside."""
    domain.values |= {"Dims": {"w": "Int!", "h": "String!"}, "Seal": {"no": "Int!"}}
    for number in range(domain.rng.randint(0, 3)):
        leaves = {f"f{index}": domain.wrapped(domain.leaf()) for index in range(domain.rng.randint(1, 3))}
        inside = [name for name in domain.values if name not in ("Dims", "Seal")]
        if inside and domain.chance(0.5):
            leaves["inside"] = domain.wrapped(domain.rng.choice(inside))
        domain.values[f"Value{number}"] = leaves


def _entities(domain: Domain) -> None:
    domain.entities["Home"] = [("id", {"id": "ID!"})]
    for number in range(domain.rng.randint(1, 4)):
        keys = dict(domain.rng.sample(KEYS, domain.rng.choice((1, 1, 2, 3))))
        domain.entities[f"Thing{number}"] = list(keys.items())


def _abstract(domain: Domain) -> None:
    concrete = [name for name in (*domain.entities, *domain.values) if name not in ("Dims", "Seal")]
    for number in range(domain.rng.choice((0, 1, 1, 2))):
        members = domain.rng.sample(concrete, min(len(concrete), domain.rng.randint(1, 4)))
        fields = {f"face{number}": domain.wrapped(domain.leaf())}
        if domain.chance(0.4):
            fields[f"next{number}"] = domain.wrapped(domain.rng.choice([f"Face{number}", *concrete]))
        domain.abstract[f"Face{number}"] = Abstract("interface", members, fields)
    for number in range(domain.rng.choice((0, 1, 1, 2))):
        members = domain.rng.sample(concrete, min(len(concrete), domain.rng.randint(1, 4)))
        domain.abstract[f"Any{number}"] = Abstract("union", members)


def _fields(domain: Domain) -> None:
    """Each entity has fields in some subgraphs, most of them in one, some shared."""
    for entity in domain.entities:
        for subgraph in domain.some(domain.subgraphs, at_least=1 if domain.chance(0.2) else 2):
            domain.know(subgraph, entity)
    for entity in domain.entities:
        for number in range(domain.rng.randint(1, 4)):
            owner = domain.rng.choice(domain.homes(entity))
            named = domain.leaf() if domain.chance(0.55) else domain.composite()
            made = domain.resolve(owner, entity, f"p{number}", domain.wrapped(named))
            domain.owners[entity, made.name] = owner
            domain.arguments(owner, made)


def _roots(domain: Domain) -> None:
    for subgraph in domain.subgraphs:
        query = subgraph.root()
        known = [type_.name for type_ in subgraph.of_kind("type", "interface", "union")]
        for name in domain.rng.sample(known, min(len(known), domain.rng.randint(1, 4))):
            made = query.add(f"{subgraph.name}{name}", domain.wrapped(name))
            domain.arguments(subgraph, made)
        if not query.members:
            query.add(f"{subgraph.name}Ping", "Int")
