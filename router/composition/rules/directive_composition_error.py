"""DIRECTIVE_COMPOSITION_ERROR: @composeDirective names a directive of one specification, the same in every subgraph."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import Applied


def report_name(application: Applied, found: Report, *, subgraph: str) -> None:
    """Report an application without name, or with one that does not begin with `@`."""
    name = application.string("name")
    problem = "names no directive" if not name else f'names "{name}"; write it with the @ of a directive'
    _report(f"@composeDirective {problem}", found, subgraph=subgraph, place=application.place)


def report_undefined(name: str, known: Iterable[str], found: Report, *, subgraph: str, place: Place | None) -> None:
    """Report a directive that the schema does not have."""
    near = get_close_matches(name, sorted(known), n=3)
    advice = f" (did you mean {' or '.join(f'@{other}' for other in near)}?)" if near else ""
    _report(
        f'cannot compose "@{name}": the schema does not define it{advice}',
        found,
        subgraph=subgraph,
        place=place,
        directive=name,
    )


def report_unlinked(name: str, found: Report, *, subgraph: str, place: Place | None) -> None:
    """Report a directive that belongs to no linked specification."""
    problem = "no linked specification brings it: @link one, and import the directive from it"
    _report(f'cannot compose "@{name}": {problem}', found, subgraph=subgraph, place=place, directive=name)


def report_renamed(name: str, imported: str, found: Report, *, subgraph: str, place: Place | None) -> None:
    """Report a directive that the link gives another name."""
    problem = f'the schema imports it as "{imported}": compose that'
    _report(f'cannot compose "@{name}": {problem}', found, subgraph=subgraph, place=place, directive=name)


def report_reserved(name: str, found: Report, *, subgraph: str, place: Place | None) -> None:
    """Report a directive that composition reads, or carries in a way of its own."""
    problem = "it is no directive of your own, and composition knows what to do with it: remove the @composeDirective"
    _report(f'cannot compose "@{name}": {problem}', found, subgraph=subgraph, place=place, directive=name)


def report_taken(
    name: str, federation_name: str, users: Iterable[str], found: Report, *, subgraph: str, place: Place | None
) -> None:
    """Report a directive under a name that a directive of federation has in another subgraph."""
    problem = (
        f"{wording.subgraphs(users)} calls federation's @{federation_name} so: choose another name for one of them"
    )
    _report(f'cannot compose "@{name}": {problem}', found, subgraph=subgraph, place=place, directive=name)


def report_versions(
    identity: str, versions: Iterable[tuple[str, str]], found: Report, places: Iterable[Place | None]
) -> None:
    """Report a specification whose major versions differ where it is composed."""
    pairs = list(versions)
    found.error(
        Code.DIRECTIVE_COMPOSITION_ERROR,
        f'The versions of "{identity}" cannot be composed: it is {wording.variants(pairs)}. Link one major version.',
        subgraphs=[subgraph for subgraph, _ in pairs],
        places=places,
    )


def report_meanings(
    name: str, meanings: Iterable[tuple[str, str]], found: Report, places: Iterable[Place | None]
) -> None:
    """Report one name for different directives."""
    pairs = list(meanings)
    found.error(
        Code.DIRECTIVE_COMPOSITION_ERROR,
        f'"@{name}" is not the same directive everywhere: it is {wording.variants(pairs)}. Rename one of them.',
        subgraphs=[subgraph for subgraph, _ in pairs],
        coordinates=[f"@{name}"],
        places=places,
    )


def report_names(element: str, names: Iterable[tuple[str, str]], found: Report, places: Iterable[Place | None]) -> None:
    """Report one directive under different names."""
    pairs = list(names)
    called = ((subgraph, f'"@{name}"') for subgraph, name in pairs)
    found.error(
        Code.DIRECTIVE_COMPOSITION_ERROR,
        f'The composed directive "@{element}" goes by different names: it is {wording.variants(called)}.'
        " Import it under one name everywhere.",
        subgraphs=[subgraph for subgraph, _ in pairs],
        coordinates=[f"@{name}" for _, name in pairs],
        places=places,
    )


def report_undefined_in_newest(
    name: str, url: str, users: Iterable[str], found: Report, places: Iterable[Place | None]
) -> None:
    """Report a directive that the subgraphs with the newest version of its specification do not define."""
    newest = list(users)
    found.error(
        Code.DIRECTIVE_COMPOSITION_ERROR,
        f'"@{name}" would be composed as "{url}" has it, but {wording.subgraphs(newest)}, which links that, does not'
        " define the directive: define it there.",
        subgraphs=newest,
        coordinates=[f"@{name}"],
        places=places,
    )


def _report(problem: str, found: Report, *, subgraph: str, place: Place | None, directive: str | None = None) -> None:
    found.error(
        Code.DIRECTIVE_COMPOSITION_ERROR,
        f"[{subgraph}] {problem[0].upper()}{problem[1:]}.",
        subgraphs=[subgraph],
        coordinates=[f"@{directive}"] if directive is not None else [],
        places=[place],
    )
