"""That the requests together bring what the client asked: every field for every type that may stand there, each under its key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from router.operation.model import FieldSelection, Operation, Selection
from router.plan import OutputField, OutputSelection
from router.supergraph.model import Supergraph
from tests.router.invariants.picks import Pick, Step

POSITIONS_MAX = 2_000  # looked at in one plan: positions multiply by types at each level of abstract selections


def assert_answered(
    output: OutputSelection, picks: Sequence[Pick], supergraph: Supergraph, operation: Operation | None
) -> None:
    """Each field of the answer is brought for each type that some request may bring to its position."""
    _assert_one_field_per_key(picks)
    denied = set(_denied(operation.selections)) if operation else set()
    _Coverage(picks, denied).check(output, (), {_root(output)})


def assert_brought(output: OutputSelection, picks: Sequence[Pick], steps: tuple[Step, ...], standing: set[str]) -> None:
    """The same of the objects of some types at some steps."""
    _Coverage(picks, set()).check(output, steps, standing)


def _root(output: OutputSelection) -> str:
    return output.type_name


def _assert_one_field_per_key(picks: Iterable[Pick]) -> None:
    """A key of the merged tree holds one field, with the same arguments, of all objects of a type."""
    at_key: dict[tuple[str, ...], list[Pick]] = defaultdict(list)
    for pick in picks:
        keys = (*(key for _, key in pick.steps), pick.key)
        for other in at_key[keys]:
            if pick.types & other.types and pick.is_at(other.steps):
                same = (pick.name, pick.arguments) == (other.name, other.arguments)
                assert same, f"{'.'.join(keys)} is both {pick.name} and {other.name}"
        at_key[keys].append(pick)


def _denied(selections: Iterable[Selection]) -> Iterable[tuple[str, str]]:
    for selection in selections:
        if isinstance(selection, FieldSelection) and selection.denied:
            yield selection.key, selection.name
        yield from _denied(selection.selections)


@dataclass
class _Coverage:
    picks: Sequence[Pick]
    denied: set[tuple[str, str]]
    _left: int = POSITIONS_MAX
    _at: dict[tuple[str, ...], list[Pick]] = field(default_factory=dict)

    def check(self, output: OutputSelection, steps: tuple[Step, ...], standing: set[str]) -> None:
        here = [pick for pick in self._under(tuple(key for _, key in steps)) if pick.is_at(steps)]
        for type_ in sorted(standing & output.by_type.keys()):
            self._left -= 1
            if self._left < 0:
                return
            for shown in output.by_type[type_]:
                if not shown.name.startswith("__") and (shown.key, shown.name) not in self.denied:
                    self._check_field(shown, type_, here, steps)

    def _under(self, keys: tuple[str, ...]) -> list[Pick]:
        if not self._at:
            for pick in self.picks:
                self._at.setdefault(tuple(key for _, key in pick.steps), []).append(pick)
        return self._at.get(keys, [])

    def _check_field(self, shown: OutputField, type_: str, here: list[Pick], steps: tuple[Step, ...]) -> None:
        brought = [pick for pick in here if pick.key == shown.source and type_ in pick.types]
        where = ".".join([*(key for _, key in steps), shown.source])
        assert brought, f"nobody brings {where} of {type_}"
        assert all(pick.name == shown.name for pick in brought), f"{where} of {type_} should be {shown.name}"
        if shown.selection is not None:
            # A shared field is the same wherever it is asked, so its objects are of types that all who resolve it know.
            standing = set.intersection(*(set(pick.standing & pick.common) for pick in brought))
            self.check(shown.selection, (*steps, (frozenset({type_}), shown.source)), standing)
