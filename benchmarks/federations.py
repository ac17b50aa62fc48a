"""Federations of any size to measure with: made by rule, the same each time.

They look like what companies have: entities owned by one subgraph and extended by its neighbours, stubs that only carry a key,
value types shared by a few subgraphs, interfaces, enums and inputs, some fields that require others.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",'
    ' import: ["@key", "@shareable", "@external", "@requires", "@tag"])\n'
)
SHARES = {"entity": 0.5, "value": 0.25, "enum": 0.1, "input": 0.1, "interface": 0.05}
NEIGHBOURS = 3  # how many subgraphs on each side a subgraph refers to
SHARED_BY = 3  # how many subgraphs define a value type
QUERIES_EACH = 5
REQUIRES_EVERY = 8


@dataclass
class _Subgraph:
    name: str
    own: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in SHARES})
    referred: set[str] = field(default_factory=set)


def make_federation(subgraphs: int, types: int, *, seed: int = 1) -> dict[str, str]:
    """SDL by subgraph name: `types` distinct types over `subgraphs` subgraphs."""
    chance = random.Random(seed)
    made = [_Subgraph(f"s{number:03}") for number in range(subgraphs)]
    for kind, share in SHARES.items():
        for number in range(round(types * share)):
            _hand_out(f"{kind.capitalize()}{number}", kind, made, at=number % subgraphs)
    return {
        subgraph.name: HEADER + "\n".join(_definitions(index, made, chance)) + "\n"
        for index, subgraph in enumerate(made)
    }


def _hand_out(name: str, kind: str, subgraphs: list[_Subgraph], *, at: int) -> None:
    for offset in range(SHARED_BY if kind == "value" else 1):
        subgraphs[(at + offset) % len(subgraphs)].own[kind].append(name)


def _definitions(index: int, subgraphs: list[_Subgraph], chance: random.Random) -> Iterator[str]:
    here = subgraphs[index]
    near = [
        entity
        for offset in range(-NEIGHBOURS, NEIGHBOURS + 1)
        for entity in subgraphs[(index + offset) % len(subgraphs)].own["entity"]
    ]
    yield from (f"enum {name} {{ FIRST SECOND THIRD }}" for name in here.own["enum"])
    yield from (f"input {name} {{ size: Int after: String! ids: [ID!] = [] }}" for name in here.own["input"])
    yield from (f"interface {name} {{ id: ID! label: String }}" for name in here.own["interface"])
    for name in here.own["value"]:
        yield f'type {name} @shareable {{ x: Int y: String @tag(name: "shown") parts: [Float!] flag: Boolean }}'
    for name in here.own["entity"]:
        yield _entity(name, here, near, chance)
    for number, name in enumerate(sorted(here.referred - set(here.own["entity"]))):
        yield _extension(name, here, number)
    yield f"type Query {{ {' '.join(f'{name.lower()}(id: ID!): {name}' for name in here.own['entity'][:QUERIES_EACH])} }}"


def _entity(name: str, here: _Subgraph, near: list[str], chance: random.Random) -> str:
    targets = chance.sample(near, min(3, len(near)))
    here.referred.update(targets)
    fields = ["id: ID!", "label: String", "count: Int!", "tags: [String!]!", "createdAt: String"]
    fields += [f"to{number}: {target}" for number, target in enumerate(targets)]
    fields += [f"all{number}(first: Int = 10): [{target}!]" for number, target in enumerate(targets[:1])]
    if here.own["value"]:
        fields.append(f"value: {chance.choice(here.own['value'])}")
    if here.own["enum"] and here.own["input"]:
        fields.append(f"state(by: {chance.choice(here.own['input'])}): {chance.choice(here.own['enum'])}")
    implements = f" implements {chance.choice(here.own['interface'])}" if here.own["interface"] else ""
    body = "\n  ".join(fields)
    return f'"""{name}, owned by {here.name}."""\ntype {name}{implements} @key(fields: "id") {{\n  {body}\n}}'


def _extension(name: str, here: _Subgraph, number: int) -> str:
    """Every other reference adds fields; the rest are stubs that only carry the key."""
    if number % 2:
        return f'type {name} @key(fields: "id", resolvable: false) {{ id: ID! }}'
    added = f"{here.name}Rank: Int {here.name}Note: String"
    if number % REQUIRES_EVERY == 0:
        added += f' count: Int! @external {here.name}Score: Float @requires(fields: "count")'
    return f'type {name} @key(fields: "id") {{ id: ID! {added} }}'
