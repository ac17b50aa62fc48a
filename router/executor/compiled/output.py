"""Code that makes the client's answer of the merged tree. Plain objects are encoded as they are; for others a view is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLSchema, is_object_type

from router.executor.compiled.answers import INTROSPECTION, TYPENAME, PartField
from router.executor.compiled.kinds import Attribute, Kind, Kinds
from router.executor.compiled.leaves import list_levels
from router.executor.compiled.places import Place
from router.executor.compiled.refusal import Refused
from router.executor.compiled.source import Source
from router.executor.compiled.walk import Walk
from router.plan import Introspection, OutputField, OutputSelection


@dataclass(slots=True)
class Outputs:
    """Writes `finish(s)`: looks at what decoding could not, takes away what the client does not see, and encodes the rest."""

    kinds: Kinds
    walk: Walk
    source: Source
    api: GraphQLSchema
    _views: dict[tuple[int, int], str] = field(default_factory=dict)
    _decoded_as: dict[PartField, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for slot in (slot for place in self.walk.root.within() for slot in place.slots.values()):
            for found in slot.brought:
                self._decoded_as.setdefault(found, set()).update(str(output.type) for output in slot.shown)

    def write(self, root: Place, introspection: Introspection | None) -> None:
        """Write the function."""
        shown = f"{self._view(root, root.selections[0])}(root)" if not self.kinds.at(root).plain else "root"
        loops = [
            (self.walk.objects(place.path), lines) for place in root.within() if (lines := list(self._settle(place)))
        ]
        with self.source.function("finish(s)", "the client's `data` as JSON"):
            self.source.line("root = s.root")
            if introspection is not None:
                self._write_introspection(root, introspection)
            # All are found first: on the way there, objects are told apart by what is taken away then.
            for number, (objects, _) in enumerate(loops):
                self.source.line(f"p{number} = {objects}")
            for number, (_, lines) in enumerate(loops):
                with self.source.block(f"for o in p{number}:"):
                    for line in lines:
                        self.source.line(line)
            self.source.line(f"return encode({shown})")

    def _write_introspection(self, root: Place, introspection: Introspection) -> None:
        constant = self.source.constant(introspection, "INTROSPECTION")
        self.source.line(f"answered = introspected({constant}, s.variables)")
        for key, slot in root.slots.items():
            if any(output.name in INTROSPECTION for output in slot.shown):
                self.source.line(f"root.{self.source.attribute(key)} = answered.get({key!r})")

    # ── plain objects ───────────────────────────────────────────────────────────────────────────────────────────────

    def _settle(self, place: Place) -> Iterator[str]:
        """What is left to do with each object at a place before it may be encoded."""
        kind = self.kinds.at(place)
        if not kind.plain or not place.selections or not (place.parts or place is self.walk.root):
            return  # shown by a view, not shown, or never there
        for attribute in kind.fields():
            value = f"o.{self.source.attribute(attribute.key)}"
            if attribute.names_type:
                continue
            if not attribute.shown:
                yield f"{value} = UNSET"
                continue
            if attribute.absence_tells and not attribute.required:
                yield f"if {value} is UNSET: {value} = None"
            check = self._check(attribute)
            if check:
                yield check.format(value)

    def _check(self, attribute: Attribute) -> str:
        """A call that raises where a value is null against its type and decoding let that pass; "" if it cannot be."""
        output = attribute.shown[0]
        if isinstance(output.type, GraphQLNonNull):
            self._refuse_denied(attribute, output)
            if not attribute.required:
                check = "if {0} is None: raise Deopt('null')"
                return (
                    check
                    if not self._is_lenient(attribute, output)
                    else f"fits(needed({{0}}), {list_levels(output.type)})"
                )
        return f"fits({{0}}, {list_levels(output.type)})" if self._is_lenient(attribute, output) else ""

    def _is_lenient(self, attribute: Attribute, output: OutputField) -> bool:
        """Whether lists may have been decoded with nulls inside that this field does not allow."""
        if all(list_levels(output.type)):
            return False
        brought = [found for slot in attribute.slots for found in slot.brought]
        return output.opaque or any(len(self._decoded_as[found]) > 1 for found in brought)

    def _refuse_denied(self, attribute: Attribute, output: OutputField) -> None:
        brought = any(slot.brought for slot in attribute.slots) or output.name in INTROSPECTION
        if not brought:
            raise Refused("a field that is never null is brought by nobody")

    # ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _view(self, place: Place, selection: OutputSelection) -> str:
        """The function from an object to what the client sees of it."""
        key = (id(place), id(selection))
        if key not in self._views:
            self._views[key] = self._write_view(place, selection)
        return self._views[key]

    def _write_view(self, place: Place, selection: OutputSelection) -> str:
        kind = self.kinds.at(place)
        static = is_object_type(self.api.get_type(selection.type_name))
        types = [selection.type_name] if static else list(selection.by_type)
        if static and selection.type_name not in selection.by_type:
            raise Refused("an object of a type that cannot be shown")
        views = {type_: self._fields(kind, place, type_, selection.by_type[type_]) for type_ in types}
        name = f"view_{len(self._views)}"
        self._views[id(place), id(selection)] = name
        with self.source.function(f"{name}(o)", f"what the client sees of {selection.type_name!r}"):
            if static:
                self._write_known(views[selection.type_name])
            else:
                nameless = None
                if selection.nameless is not None:
                    nameless = self._fields(kind, place, selection.type_name, selection.nameless)
                self._write_choice(views, nameless, place)
        return name

    def _write_known(self, fields: list[str]) -> None:
        self.source.line("return {" + ", ".join(fields) + "}")

    def _write_choice(self, views: Mapping[str, list[str]], nameless: list[str] | None, place: Place) -> None:
        """By the object's type; `nameless` is for one that nobody was asked to name."""
        if place.named:
            self.source.line(f"t = o.{self.source.attribute(TYPENAME)}")
            for type_, fields in views.items():
                with self.source.block(f"if t == {type_!r}:"):
                    self._write_known(fields)
        if nameless is None:
            self.source.line("raise Deopt('type')")
            return
        if place.named:
            with self.source.block("if t is not UNSET:"):
                self.source.line("raise Deopt('type')")
        self._write_known(nameless)

    def _fields(self, kind: Kind, place: Place, type_: str, fields: tuple[OutputField, ...]) -> list[str]:
        return [f"{output.key!r}: {self._value(kind, place, type_, output)}" for output in fields]

    def _value(self, kind: Kind, place: Place, type_: str, output: OutputField) -> str:
        if output.name == TYPENAME:
            return repr(type_)
        attribute, slot = kind.field(output.source), place.slots[output.source]
        value = f"o.{self.source.attribute(output.source)}"
        below = slot.below
        if output.selection is not None and below is not None and not self.kinds.at(below).plain:
            return self._viewed(value, output.type, self._view(below, output.selection))
        if isinstance(output.type, GraphQLNonNull):
            value = value if attribute.required else f"needed({value})"
        elif attribute.absent_is_unset:
            value = f"(None if {value} is UNSET else {value})"
        return f"fits({value}, {list_levels(output.type)})" if self._is_lenient(attribute, output) else value

    def _viewed(
        self, value: str, type_: GraphQLOutputType, view: str, level: int = 0, *, is_there: bool = False
    ) -> str:
        """An expression that applies a view inside the lists of a type. Where null is not allowed, it raises for null."""
        if not isinstance(type_, GraphQLNonNull):
            held = f"h{level}"
            shown = self._viewed(held, GraphQLNonNull(type_), view, level + 1, is_there=True)
            return f"(None if ({held} := {value}) is None or {held} is UNSET else {shown})"
        value = value if is_there else f"needed({value})"
        inner = type_.of_type
        if isinstance(inner, GraphQLList):
            each = f"e{level}"
            return f"[{self._viewed(each, inner.of_type, view, level + 1)} for {each} in {value}]"
        return f"{view}({value})"
