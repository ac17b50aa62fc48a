"""The groups of fields to be fetched, a line each, as they are built and after each pass of the optimiser, then the requests.

A line says the group's number, what it waits for, the subgraph, the path of its objects with what they are named by, and what is
asked. Requests have the numbers of the plan; `&` adds paths whose objects are asked the same, `+` another `_entities` field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from router.plan.paths import path_items
from router.planner.optimize import PASSES
from router.planner.optimize.batching import batch
from router.planner.requests import Request, waits_of
from router.planner.sites import Group, Input


def show_passes(groups: list[Group]) -> str:
    """Runs the optimiser over the groups and tells what each pass leaves; they are changed by it. A pass only ever merges groups."""
    return "\n".join(_stages(groups))


def _stages(groups: list[Group]) -> Iterator[str]:
    yield "groups as built"
    yield from map(_numbered, groups)
    for improve in PASSES:
        before, groups = groups, improve(groups)
        same = len(groups) == len(before)
        yield f"\nafter {improve.__name__}{': as before' if same else ''}"
        yield from () if same else map(_numbered, groups)
    yield "\nrequests"
    yield from _requests(batch(groups))


def _numbered(group: Group) -> str:
    return f"  {group.number}{_after(sorted(group.after))} {_group(group)}"


def _after(numbers: Iterable[int]) -> str:
    listed = ",".join(map(str, numbers))
    return f" after {listed}:" if listed else ":"


def _group(group: Group) -> str:
    return f"{group.graph}{_place(group)} {group.selected.text()}"


def _place(group: Group) -> str:
    path = f" at {'.'.join(path_items(group.path))}" if group.path else ""
    return path + "".join(f" {_named(type_, group)}" for type_ in group.inputs)


def _named(type_: str, group: Group) -> str:
    typename = group.typenames[type_]
    known_as = "" if typename == type_ else f" as {typename}"
    return f"{type_}({_inputs(group.inputs[type_].values())}){known_as}"


def _inputs(inputs: Iterable[Input]) -> str:
    return " ".join(
        f"{'' if given.key == given.name else f'{given.key}:'}{given.name}"
        f"{f'({_inputs(given.below)})' if given.below else ''}"
        for given in inputs
    )


def _requests(requests: Sequence[Request]) -> Iterator[str]:
    for number, (request, after) in enumerate(zip(requests, waits_of(requests), strict=True)):
        asked = "\n    +".join(map(_asked, request.asked))
        yield f"  {number} wave {request.wave}{_after(after)} {request.first.graph}{asked}"


def _asked(same: Sequence[Group]) -> str:
    places = "\n    &".join(map(_place, same))
    return f"{places} {same[0].selected.text()}"
