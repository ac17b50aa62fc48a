"""INVALID_LINK_DIRECTIVE_USAGE: a @link is well formed, imports what exists, and gives no name that means something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from router.composition.codes import Code
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.spec.known import find_specification
from router.composition.spec.link import FEDERATION, Feature, prefix_problem


def report(problem: str, found: Report, *, subgraph: str, place: Place | None, coordinate: str | None = None) -> None:
    """Report a @link that is no link, or not this one."""
    found.error(
        Code.INVALID_LINK_DIRECTIVE_USAGE,
        f"[{subgraph}] @link: {problem}.",
        subgraphs=[subgraph],
        coordinates=[coordinate] if coordinate is not None else [],
        places=[place],
    )


def check(feature: Feature, linked: Iterable[Feature], found: Report, *, subgraph: str, place: Place | None) -> bool:
    """Report everything about a link that does not fit itself or the links before it; whether it does fit."""
    problems = [
        *_prefix_problems(feature),
        *_unknown_elements(feature),
        *_self_clashes(feature),
        *(problem for other in linked for problem in _clashes(feature, other)),
    ]
    for problem in dict.fromkeys(problems):
        report(problem, found, subgraph=subgraph, place=place)
    return not problems


def _prefix_problems(feature: Feature) -> Iterator[str]:
    problem = prefix_problem(feature.prefix)
    if problem is not None:
        yield f'"{feature.url.identity}" goes by "{feature.prefix}", which {problem}: give it a name with `as:`'


def _unknown_elements(feature: Feature) -> Iterator[str]:
    specification = find_specification(feature.url)
    if specification is None:
        return
    known = specification.elements()
    for element in feature.imports:
        if element not in known:
            name, version = feature.url.name, feature.url.version
            yield f'cannot import "{element}": {name} {version} has no such element{_way_out(element, feature, known)}'


def _way_out(element: str, feature: Feature, known: frozenset[str]) -> str:
    if f"@{element}" in known:
        return f' (did you mean the directive "@{element}"?)'
    for later in range(feature.url.version.minor + 1, feature.url.version.minor + 15):
        version = type(feature.url.version)(feature.url.version.major, later)
        specification = find_specification(type(feature.url)(feature.url.identity, feature.url.name, version))
        if specification is not None and element in specification.elements():
            return f" yet: link {version}"
    near = get_close_matches(element, sorted(known), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _self_clashes(feature: Feature) -> Iterator[str]:
    seen: dict[str, str] = {}
    for element, local in feature.imports.items():
        if local in seen:
            yield f'"{seen[local]}" and "{element}" are both imported as "{local}": give them different names'
        seen[local] = element
        meant = _prefixed(local, feature)
        if meant is not None and meant != element:
            yield f'"{element}" is imported as "{local}", which is how "{meant}" is called: choose another name'


def _clashes(feature: Feature, other: Feature) -> Iterator[str]:
    """How two links of one schema give one name two meanings."""
    if feature.url.identity == other.url.identity:
        yield f'the feature "{feature.url.identity}" is linked twice'
        return
    advice = _advice(feature, other)
    if feature.prefix == other.prefix:
        yield (
            f'"{feature.url.identity}" and "{other.url.identity}" both go by "{feature.prefix}":'
            f" {advice or 'give one of them another name with `as:`'}"
        )
    for local in sorted({*feature.imports.values()} & {*other.imports.values()}):
        yield (
            f'"{local}" is imported from both "{other.url.identity}" and "{feature.url.identity}":'
            f" {advice or 'import one of them under another name'}"
        )
    for importing, prefixing in ((feature, other), (other, feature)):
        for element, local in importing.imports.items():
            if _prefixed(local, prefixing) is not None:
                yield (
                    f'"{element}" of "{importing.url.identity}" is called "{local}" here, which looks like an element of'
                    f' "{prefixing.url.identity}": {advice or "import it under another name"}'
                )


def _prefixed(local: str, feature: Feature) -> str | None:
    """The element that a local name stands for where the feature's prefix is what it begins with."""
    if local.startswith("@"):
        element = feature.prefixed_directive(local[1:])
        return None if element is None else f"@{element}"
    prefix = f"{feature.prefix}__"
    return local.removeprefix(prefix) if local.startswith(prefix) else None


def _advice(feature: Feature, other: Feature) -> str | None:
    """Federation has tag and inaccessible of its own: who links both needs one link only."""
    urls = {feature.url.identity: feature.url.name, other.url.identity: other.url.name}
    if urls.pop(FEDERATION, None) is None:
        return None
    name = next(iter(urls.values()))
    return f'import "@{name}" from federation and remove the other link' if name in ("tag", "inaccessible") else None
