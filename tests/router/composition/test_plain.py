"""The quick look at a subgraph's validity never passes what graphql-core would refuse."""

from __future__ import annotations

import random
import re

import pytest
from graphql import GraphQLError, Source, parse

from router.composition.model.report import Report
from router.composition.subgraph.convert import convert
from router.composition.subgraph.document import prepare
from router.composition.subgraph.links import read_links
from router.composition.subgraph.plain import is_plain
from router.composition.subgraph.validity import graphql_errors
from tests.router.composition.corpus import ALL

SDLS = [subgraph.sdl for case in ALL for subgraph in case.subgraphs]
WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\w]+!?')
MUTANTS = 12  # of each document


def judged(sdl: str) -> tuple[bool, list[GraphQLError]] | None:
    """Whether the document is plain, and what the library says; None where it does not come that far."""
    report = Report()
    try:
        document = parse(Source(sdl))
    except GraphQLError:
        return None
    links = read_links(document, subgraph="a", report=report)
    prepared = None if report.errors else prepare(document, links, subgraph="a", report=report)
    if prepared is None:
        return None
    schema = convert(prepared, links.canonical_directives(), subgraph="a")
    return is_plain(prepared.whole, schema), graphql_errors(prepared.whole)


def mutated(sdl: str, chance: random.Random) -> str:
    """The SDL with a line doubled or left out, or a name replaced by another of its names."""
    lines = sdl.splitlines()
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines.insert(at, lines[chance.randrange(len(lines))])
        case 1:
            del lines[at]
        case _:
            return with_other_word(sdl, chance)
    return "\n".join(lines)


def with_other_word(sdl: str, chance: random.Random) -> str:
    words = list(WORD.finditer(sdl))
    old, new = chance.choice(words), chance.choice(words)
    return sdl[: old.start()] + new.group() + sdl[old.end() :]


def test_most_valid_documents_are_plain() -> None:
    """A look that doubted everything would be safe, and worth nothing."""
    valid = [outcome for sdl in SDLS if (outcome := judged(sdl)) is not None and not outcome[1]]

    assert len(valid) > 100
    assert sum(plain for plain, _ in valid) > 0.95 * len(valid)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_plain_is_valid(seed: int) -> None:
    """Nothing that graphql-core objects to is plain, in whatever way a document is broken."""
    chance = random.Random(seed)
    refused = 0
    for sdl in SDLS[seed % 8 :: 8]:
        for text in [sdl, *(mutated(sdl, chance) for _ in range(MUTANTS))]:
            outcome = judged(text)
            if outcome is None:
                continue
            plain, errors = outcome
            assert not (plain and errors), (errors[0].message, text)
            refused += bool(errors)
    assert refused > 40, "the mutations break nothing"
