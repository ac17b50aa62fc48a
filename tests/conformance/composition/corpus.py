"""Every set of subgraphs that both compose: the cases of each code, the supergraphs of the composition tests, and our own.

A file of `cases/` holds several subgraphs, each after a line `# --- name`.
"""

from __future__ import annotations

import functools
import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from router.composition import SubgraphInput
from tests.router.composition import corpus as supergraphs

OWN = Path(__file__).parent / "cases"
CODES = Path(supergraphs.__file__).parent / "codes"
SEPARATOR = re.compile(r"^# --- (\S+)[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SubgraphSet:
    """Subgraphs to compose, under a name that says where they are from."""

    name: str
    subgraphs: tuple[SubgraphInput, ...]


@functools.cache
def whole_corpus() -> tuple[SubgraphSet, ...]:
    """All sets, in a stable order."""
    return (*_of_codes(), *_of_supergraphs(), *_own())


def module_cases(file: Path) -> tuple[SubgraphSet, ...]:
    """The CASES of a test module."""
    name = f"tests.router.composition.codes.{file.stem}"
    module = sys.modules.get(name) or importlib.import_module(name)
    return tuple(SubgraphSet(f"{file.stem}: {case.name}", case.subgraphs) for case in module.CASES)


def read_subgraphs(text: str) -> tuple[SubgraphInput, ...]:
    """The subgraphs of a text in which each stands after a line `# --- name`."""
    parts = SEPARATOR.split(text)[1:]
    return tuple(
        SubgraphInput(name, sdl, f"http://{name}.test/graphql", f"{name}.graphql")
        for name, sdl in zip(parts[::2], parts[1::2], strict=True)
    )


def write_subgraphs(subgraphs: Sequence[SubgraphInput]) -> str:
    """The text that `read_subgraphs` reads."""
    return "".join(f"# --- {subgraph.name}\n{subgraph.sdl.rstrip()}\n" for subgraph in subgraphs)


def _of_codes() -> Iterator[SubgraphSet]:
    for file in sorted(CODES.glob("test_*.py")):
        yield from module_cases(file)


def _of_supergraphs() -> Iterator[SubgraphSet]:
    for case in supergraphs.ALL:
        yield SubgraphSet(f"supergraph: {case.name}", case.subgraphs)


def _own() -> Iterator[SubgraphSet]:
    for file in sorted(OWN.glob("*.graphql")):
        yield SubgraphSet(f"own: {file.stem}", read_subgraphs(file.read_text()))
