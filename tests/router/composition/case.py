"""Sets of subgraphs with what composition must say of them: the form of every test in `codes/`.

Each module there is named after one code and has `CASES`, all of which name that code. The conformance run composes the same
cases with the reference, so a case says what both must say; one that only ours says goes into a test of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from router.composition import Composed, Rejected, SubgraphInput, compose, format_text

VERSION = "v2.12"
IMPORTS = (
    *("@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@extends"),
    *("@interfaceObject", "@composeDirective", "@authenticated", "@requiresScopes", "@policy", "@context"),
    *("@fromContext", "@cost", "@listSize", "@cacheTag"),
)
# On one line, so that what a case writes begins at line 2.
HEADER = (
    f'extend schema @link(url: "https://specs.apollo.dev/federation/{VERSION}", import: ['
    + ", ".join(f'"{name}"' for name in IMPORTS)
    + "])\n"
)
FEDERATION_1 = "# federation 1\n"


@dataclass(frozen=True)
class Case:
    """`errors` and `hints` are all the codes, each once, that composing the subgraphs gives.

    `at` are coordinates that the finding of the module's code must name, `says` parts of its message, `places` the
    `subgraph:line` of each of its places.
    """

    name: str
    subgraphs: tuple[SubgraphInput, ...]
    errors: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    at: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    places: tuple[str, ...] | None = None


def subgraph(name: str, sdl: str) -> SubgraphInput:
    """A subgraph that imports everything, unless its SDL links for itself or begins with FEDERATION_1."""
    plain = sdl.startswith(FEDERATION_1) or "@link(" in sdl or not sdl.strip()
    return SubgraphInput(name, sdl if plain else HEADER + sdl, f"http://{name}.test/graphql", f"{name}.graphql")


def rejected(
    name: str,
    *codes: str,
    at: Iterable[str] = (),
    says: Iterable[str] = (),
    places: Iterable[str] | None = None,
    subgraphs: Mapping[str, str] | None = None,
    **named: str,
) -> Case:
    """Subgraphs that do not compose, for exactly these codes. `subgraphs` is for names that are no Python names."""
    return Case(
        name,
        _inputs(subgraphs, named),
        errors=frozenset(codes),
        at=tuple(at),
        says=tuple(says),
        places=None if places is None else tuple(places),
    )


def composed(
    name: str,
    *hints: str,
    at: Iterable[str] = (),
    says: Iterable[str] = (),
    subgraphs: Mapping[str, str] | None = None,
    **named: str,
) -> Case:
    """Subgraphs that compose, with exactly these hints."""
    return Case(name, _inputs(subgraphs, named), hints=frozenset(hints), at=tuple(at), says=tuple(says))


def _inputs(subgraphs: Mapping[str, str] | None, named: Mapping[str, str]) -> tuple[SubgraphInput, ...]:
    return tuple(subgraph(name, sdl) for name, sdl in {**named, **(subgraphs or {})}.items())


def each(cases: Iterable[Case]) -> Callable[[Any], Any]:
    """Runs a test once for each case."""
    return pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)


def check(code: str, case: Case) -> None:
    """Compose the case and hold the outcome to what it says. `code` is what the finding looked at has."""
    outcome = compose(case.subgraphs)
    words = format_text(outcome)

    if case.errors:
        assert isinstance(outcome, Rejected), words
        assert code in case.errors, f"the case says nothing of {code}"
        assert {error.code.name for error in outcome.errors} == case.errors, words
    else:
        assert isinstance(outcome, Composed), words
        assert {hint.code.name for hint in outcome.hints} == case.hints, words

    findings: list[Any] = [f for f in (*getattr(outcome, "errors", ()), *outcome.hints) if f.code.name == code]
    coordinates = {coordinate for finding in findings for coordinate in finding.coordinates}
    assert set(case.at) <= coordinates, (coordinates, words)
    for text in case.says:
        assert any(text in finding.message for finding in findings), words
    if case.places is not None:
        places = {f"{place.subgraph}:{place.line}" for finding in findings for place in finding.places}
        assert places == set(case.places), words
