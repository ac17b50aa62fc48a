"""What the search decided, as text: which fields are taken where one stands, and which subgraphs are entered for the others.

The first block is the operation, each further one an input that some fetch turned out to need (a key, @requires), at the place
where it was looked for. Costs are those of `router.planner.cost`; `+n` counts the waves of fetches that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from router.graph import Need
from router.plan import Path
from router.plan.paths import path_items
from router.planner.cover import Cover, Hop, Take
from router.planner.show.wanted import shown_field


def show_search(decided: Iterable[tuple[Path, Cover]]) -> str:
    """Every decision, in the order in which it was made."""
    return "\n\n".join("\n".join(_decision(path, cover)) for path, cover in decided)


def _decision(path: Path, cover: Cover) -> Iterator[str]:
    yield f"at {'.'.join(path_items(path)) or 'the root'}: {_price(cover)}"
    yield from _lines(cover, "  ")


def _price(cover: Cover) -> str:
    waves = f", +{cover.height}" if cover.height else ""
    return f"cost {cover.cost:,.0f}{waves}"


def _lines(cover: Cover, indent: str) -> Iterator[str]:
    for take in cover.takes:
        yield from _take(take, indent)
    for narrow in cover.narrows:
        yield f"{indent}... on {narrow.type}"
        yield from _lines(narrow.cover, indent + "  ")
    for hop in cover.hops:
        yield from _hop(hop, indent)
    for need in cover.rest:
        yield f"{indent}not served: {shown_field(need)}"


def _take(take: Take, indent: str) -> Iterator[str]:
    requires = f" needs ({_set(take.edge.requires)})" if take.edge.requires else ""
    contexts = "".join(f" from ${argument.context}" for argument in take.edge.contexts)
    price = f"  [{_price(take.cover)}]" if take.cover is not None and take.cover.cost else ""
    yield f"{indent}{shown_field(take.need)}{requires}{contexts}{price}"
    if take.cover is not None:
        yield from _lines(take.cover, indent + "  ")


def _hop(hop: Hop, indent: str) -> Iterator[str]:
    entry = hop.entry
    known_as = "" if entry.typename == entry.type else f" as {entry.typename}"
    key = f" with {entry.type}({_set(entry.needs)}){known_as}" if entry.needs else ""
    yield f"{indent}enter {entry.graph}{key}"
    for take in hop.takes:
        yield from _take(take, indent + "  ")
    if hop.then is not None:
        yield from _lines(hop.then, indent + "  ")


def _set(needs: Iterable[Need]) -> str:
    return " ".join(f"{shown_field(need)}{f' {{{_set(need.needs)}}}' if need.needs else ''}" for need in needs)
