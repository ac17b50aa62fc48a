"""Whatever a subgraph's text, composition answers: with a supergraph, or with reasons; it never raises."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from router.composition import Rejected, SubgraphInput, compose
from tests.conformance.composition.corpus import SubgraphSet, whole_corpus

TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|@?\w+!?|[\[\]{}():=|&]')
MUTANTS = 400  # of each seed
CHANGES = (1, 1, 2, 3)  # how many, as likely as they stand here


@pytest.mark.parametrize("seed", range(6))
def test_no_text_makes_it_raise(seed: int) -> None:
    """Tokens left out, doubled and exchanged, lines repeated elsewhere: mostly refused, always answered."""
    chance = random.Random(seed)
    refused = 0
    for _ in range(MUTANTS):
        outcome = compose(mutant(chance.choice(whole_corpus()), chance))
        refused += isinstance(outcome, Rejected)
    assert MUTANTS / 4 < refused < MUTANTS


def mutant(subgraphs: SubgraphSet, chance: random.Random) -> list[SubgraphInput]:
    """The set with one of its subgraphs changed."""
    given = list(subgraphs.subgraphs)
    at = chance.randrange(len(given))
    sdl = given[at].sdl
    for _ in range(chance.choice(CHANGES)):
        sdl = changed(sdl, chance)
    given[at] = replace(given[at], sdl=sdl)
    return given


def changed(sdl: str, chance: random.Random) -> str:
    """The text with one change; one too short for that as it is."""
    tokens = list(TOKEN.finditer(sdl))
    if len(tokens) < 2:
        return sdl
    one, other = chance.sample(tokens, 2)
    before, after = sdl[: one.start()], sdl[one.end() :]
    match chance.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + other.group() + after
        case 2:
            return f"{before}{one.group()} {one.group()}{after}"
    lines = sdl.split("\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return "\n".join(lines)
