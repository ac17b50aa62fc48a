"""Code that forms the request of each fetch: which objects it is about, and one representation for each distinct value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.executor.compiled.answers import TYPENAME
from router.executor.compiled.kinds import Kinds
from router.executor.compiled.leaves import is_hashable
from router.executor.compiled.places import Place
from router.executor.compiled.runtime import Nested
from router.executor.compiled.source import Source
from router.executor.compiled.walk import Walk
from router.executor.requests import encode
from router.plan import Anchor, Entities, Fetch, Representation, RepresentationField


@dataclass(frozen=True, slots=True)
class Asks:
    """Writes a function `ask_n(s)` for each fetch: the request's body, or None where there is nothing to ask about.

    For entities number e it leaves in `s` the distinct values asked for (`u…_e`) and, for each anchor, the objects (`o…_e_a`) and the
    value of each (`k…_e_a`; None for one that stays out): all that is needed to put the answer in its place.
    """

    kinds: Kinds
    walk: Walk
    source: Source
    heads: Mapping[int, bytes]

    def write(self, fetch: Fetch) -> None:
        """Write the function of one fetch."""
        if fetch.entities:
            self._write_entities(fetch)
        else:
            self._write_root(fetch)

    def _write_root(self, fetch: Fetch) -> None:
        objects = self.walk.objects(fetch.path)
        head = self.source.constant(self.heads[fetch.id], "HEAD")
        with self.source.function(f"ask_{fetch.id}(s)", f"fetch {fetch.id}: {fetch.subgraph!r}"):
            self.source.line(f"s.o{fetch.id} = o = {objects}")
            with self.source.block("if not o:"):
                self.source.line("return None")
            if fetch.variables:
                variables = self.source.constant(fetch, "FETCH")
                self.source.line(f"return request_body({head}, client_variables({variables}, s.variables))")
            else:
                self.source.line(f'return {head} + b"}}"')

    def _write_entities(self, fetch: Fetch) -> None:
        objects = [[self.walk.objects(anchor.path) for anchor in entities.anchors] for entities in fetch.entities]
        short = [self._short(entities) for entities in fetch.entities]
        for number, entities in enumerate(fetch.entities):
            if not short[number]:
                for index, anchor in enumerate(entities.anchors):
                    self._write_long(f"key_{fetch.id}_{number}_{index}", anchor)
        with self.source.function(f"ask_{fetch.id}(s)", f"fetch {fetch.id}: {fetch.subgraph!r}"):
            for number, entities in enumerate(fetch.entities):
                self._write_values(fetch, number, entities, objects[number], short=short[number])
            asked = " or ".join(f"u{number}" for number in range(len(fetch.entities)))
            with self.source.block(f"if not ({asked}):"):
                self.source.line("return None")
            self.source.line(f"return {self._body(fetch, short)}")

    def _write_values(
        self, fetch: Fetch, number: int, entities: Entities, objects: Sequence[str], *, short: bool
    ) -> None:
        names = []
        for index, (anchor, found) in enumerate(zip(entities.anchors, objects, strict=True)):
            suffix = f"{fetch.id}_{number}_{index}"
            key = self._short_key(anchor, bare=_is_bare(entities)) if short else f"key_{suffix}(o)"
            self.source.line(f"s.o{suffix} = {found}")
            self.source.line(f"s.k{suffix} = k{index} = [{key} for o in s.o{suffix}]")
            names.append(f"k{index}")
        every = names[0] if len(names) == 1 else f"[{', '.join(f'*{name}' for name in names)}]"
        self.source.line(f"s.u{fetch.id}_{number} = u{number} = dict.fromkeys({every})")
        self.source.line(f"u{number}.pop(None, None)")

    # ── the body ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _body(self, fetch: Fetch, short: Sequence[bool]) -> str:
        """An expression for the body: constant bytes, the client's variables, and the representations."""
        parts: list[str] = []
        constant = self.heads[fetch.id] + b',"variables":{'
        if fetch.variables:
            parts += [
                self.source.constant(constant, "HEAD"),
                f"given({self.source.constant(fetch, 'FETCH')}, s.variables)",
            ]
            constant = b""
        for number, entities in enumerate(fetch.entities):
            constant += (b"," if number else b"") + encode(entities.variable) + b":"
            parts += [self.source.constant(constant, "HEAD"), self._array(number, entities, short=short[number])]
            constant = b""
        return " + ".join([*parts, 'b"}}"'])

    def _array(self, number: int, entities: Entities, *, short: bool) -> str:
        if not short:
            return f"array(u{number})"
        choice = entities.anchors[0].representations[0]
        names = [f"a{index}" for index in range(len(choice.fields))]
        values = "".join(f", {field.name!r}: {name}" for field, name in zip(choice.fields, names, strict=True))
        each = "a0" if _is_bare(entities) else f"({', '.join(names)},)"
        return f"encode([{{'__typename': {choice.typename!r}{values}}} for {each} in u{number}])"

    # ── values that are keys of a dict ──────────────────────────────────────────────────────────────────────────────

    def _short(self, entities: Entities) -> bool:
        """Whether objects are told apart by a few leaves of theirs, under the same names at all anchors."""
        shapes = {
            (choice.typename, tuple(field.name for field in choice.fields))
            for anchor in entities.anchors
            for choice in anchor.representations
        }
        return len(shapes) == 1 and all(self._is_short(anchor) for anchor in entities.anchors)

    def _is_short(self, anchor: Anchor) -> bool:
        if len(anchor.representations) != 1:
            return False
        place, (choice,) = self.walk.place(anchor.path), anchor.representations
        if place.named and self.kinds.at(place).typename != choice.on:
            return False
        return bool(choice.fields) and all(self._is_key(place, wanted) for wanted in choice.fields)

    def _is_key(self, place: Place, wanted: RepresentationField) -> bool:
        if wanted.fields or wanted.on:
            return False
        attribute = self.kinds.at(place).field(wanted.key)
        types = [*attribute.types.values(), *(found.type for slot in attribute.slots for found in slot.brought)]
        return bool(types) and all(type_ is not None and is_hashable(type_) for type_ in types)

    def _short_key(self, anchor: Anchor, *, bare: bool) -> str:
        """One leaf as it is; several as a tuple. An object without one of them stays out."""
        (choice,) = anchor.representations
        kind = self.kinds.at(self.walk.place(anchor.path))
        values: list[str] = []
        conditions: list[str] = []
        for wanted in choice.fields:
            value, attribute = f"o.{self.source.attribute(wanted.key)}", kind.field(wanted.key)
            if not attribute.required and (wanted.is_key or not wanted.nullable):
                conditions.append(f"{value} is not UNSET")
                conditions += [] if wanted.nullable else [f"{value} is not None"]
            elif attribute.absent_is_unset:
                value = f"(None if {value} is UNSET else {value})"
            values.append(value)
        key = values[0] if bare else f"({', '.join(values)},)"
        return f"{key} if {' and '.join(conditions)} else None" if conditions else key

    # ── values that are JSON ────────────────────────────────────────────────────────────────────────────────────────

    def _write_long(self, name: str, anchor: Anchor) -> None:
        """A function from an object to its representation as JSON, or None."""
        place = self.walk.place(anchor.path)
        typename = self.source.attribute(TYPENAME)
        with self.source.function(f"{name}(o)", "the representation of an object, or None"):
            alone = len(anchor.representations) == 1
            for choice in anchor.representations if place.named or alone else ():
                told = f"o.{typename} == {choice.on!r}" + (f" or o.{typename} is UNSET" if alone else "")
                with self.source.block(f"if {told}:" if place.named else "if True:"):
                    self._write_choice(choice)
            self.source.line("return None")

    def _write_choice(self, choice: Representation) -> None:
        fields = [wanted for wanted in choice.fields if not wanted.on or choice.on in wanted.on]
        for index, wanted in enumerate(fields):
            self._write_input(f"a{index}", wanted)
        values = "".join(f", {wanted.name!r}: a{index}" for index, wanted in enumerate(fields))
        self.source.line(f"return encode({{'__typename': {choice.typename!r}{values}}})")

    def _write_input(self, name: str, wanted: RepresentationField) -> None:
        self.source.line(f"{name} = o.{self.source.attribute(wanted.key)}")
        with self.source.block(f"if {name} is UNSET:"):
            self.source.line("return None" if wanted.is_key or not wanted.nullable else f"{name} = None")
        if not wanted.nullable:
            with self.source.block(f"if {name} is None:"):
                self.source.line("return None")
        if wanted.fields:
            table = self.source.constant(self._nested(wanted.fields), "INPUTS")
            self.source.line(f"{name} = nested({name}, {table}, {self.source.attribute(TYPENAME)!r})")
            with self.source.block(f"if {name} is INCOMPLETE:"):
                self.source.line("return None")

    def _nested(self, fields: tuple[RepresentationField, ...]) -> tuple[Nested, ...]:
        return tuple(
            Nested(w.name, self.source.attribute(w.key), self._nested(w.fields), w.on, w.nullable, w.is_key)
            for w in fields
        )


def _is_bare(entities: Entities) -> bool:
    """Whether a single leaf, which is never null, stands for the whole value."""
    fields = [choice.fields for anchor in entities.anchors for choice in anchor.representations]
    return all(len(each) == 1 and not each[0].nullable for each in fields)
