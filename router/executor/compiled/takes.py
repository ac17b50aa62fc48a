"""Code that takes the answer of each fetch: decodes it and puts what it brings into the objects that the fetch is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from router.executor.compiled.answers import TYPENAME
from router.executor.compiled.classes import Classes
from router.executor.compiled.kinds import Kinds
from router.executor.compiled.places import Fill, Place
from router.executor.compiled.sharing import may_share
from router.executor.compiled.source import Source
from router.plan import Fetch


@dataclass(frozen=True, slots=True)
class Takes:
    """Writes a function `take_n(s, body)` for each fetch. It raises where the answer is not what was asked for."""

    kinds: Kinds
    classes: Classes
    source: Source
    fills: Sequence[tuple[Fill, Place]]

    def write(self, fetch: Fetch) -> None:
        """Write the function of one fetch."""
        decode = self.source.constant(self.classes.decoder(fetch, self.fills), "DECODE")
        mine = sorted(((f, place) for f, place in self.fills if f.fetch is fetch), key=lambda each: each[0].anchor)
        with self.source.function(f"take_{fetch.id}(s, body)", f"the answer to fetch {fetch.id}"):
            self.source.line(f"data = {decode}(body).data")
            if not fetch.entities:
                with self.source.block(f"for o in s.o{fetch.id}:"):
                    self._write_fill("data", mine[0], mine)
            for number in range(len(fetch.entities)):
                self._write_entities(fetch, number, [(f, place) for f, place in mine if f.entities == number])

    def _write_entities(self, fetch: Fetch, number: int, mine: Sequence[tuple[Fill, Place]]) -> None:
        asked = f"s.u{fetch.id}_{number}"
        with self.source.block(f"if len(data.e{number}) != len({asked}):"):
            self.source.line("raise Deopt('entities')")
        self.source.line(f"answered = dict(zip({asked}, data.e{number})).get")
        for fill, place in mine:
            suffix = f"{fetch.id}_{number}_{fill.anchor}"
            with (
                self.source.block(f"for o, k in zip(s.o{suffix}, s.k{suffix}):"),
                self.source.block("if z := answered(k):"),
            ):
                self._write_fill("z", (fill, place), mine)

    def _write_fill(self, source: str, target: tuple[Fill, Place], same: Sequence[tuple[Fill, Place]]) -> None:
        """Put the fields of one object into another; `same` are all places that this entity goes to."""
        fill, place = target
        lines = [self._put(source, key, fill, place, same) for key in fill.part.fields]
        for line in [line for line in lines if line] or ["pass"]:
            self.source.line(line)

    def _put(self, source: str, key: str, fill: Fill, place: Place, same: Sequence[tuple[Fill, Place]]) -> str:
        attribute = self.source.attribute(key)
        here, value = f"o.{attribute}", f"{source}.{attribute}"
        slot, brought = place.slots[key], fill.part.fields[key]
        alone = len(slot.brought) == 1 and not brought.conditional
        if self.kinds.at(place).field(key).names_type:
            return ""
        if key == TYPENAME:
            return f"{here} = {value}" if alone else f"{here} = merged_name({here}, {value}, INTERFACES)"
        if brought.part is not None and not may_share(fill, key, list(same)):
            value = f"own({value})"
        if alone:
            return f"{here} = {value}"
        if any(output.opaque for output in slot.shown):
            return f"{here} = replaced({here}, {value})"
        return f"{here} = merged({here}, {value}, {self.source.attribute(TYPENAME)!r}, INTERFACES)"
