"""Code that finds the objects at a path, in document order: a list for each step of the way, made of the list before it."""

from __future__ import annotations

from dataclasses import dataclass, field

from router.executor.compiled.answers import TYPENAME
from router.executor.compiled.places import Place
from router.executor.compiled.sharing import identity
from router.executor.compiled.source import Source
from router.plan import Path, PathKey
from router.plan.paths import path_items


@dataclass(slots=True)
class Walk:
    """Writes a function `list_n(s)` for every path that is asked for, once. `remembered` are the attributes of `s` that they use."""

    root: Place
    source: Source
    remembered: list[str] = field(default_factory=list)
    _written: dict[Path, str] = field(default_factory=dict)

    def objects(self, path: Path) -> str:
        """An expression for the list of the objects at `path`."""
        if not path:
            return "[s.root]"
        if path not in self._written:
            self._written[path] = self._write(path)
        return f"{self._written[path]}(s)"

    def place(self, path: Path) -> Place:
        """The place at the end of a path."""
        place = self.root
        for step in path:
            if isinstance(step, PathKey):
                below = place.slots[step.key].below
                assert below is not None, "paths lead to objects"
                place = below
        return place

    def _write(self, path: Path) -> str:
        start = max(index for index, step in enumerate(path) if isinstance(step, PathKey))
        step, levels = path[start], len(path) - start - 1
        assert isinstance(step, PathKey), "that is how the step was found"
        above = self.objects(path[:start])
        name = f"list_{len(self._written)}"
        keys = identity(self.place(path), path)
        with self.source.function(f"{name}(s)", f"the objects at {'.'.join(path_items(path))!r}"):
            remember = self._is_settled(path)
            if remember:
                self.remembered.append(name)
                with self.source.block(f"if s.{name} is not None:"):
                    self.source.line(f"return s.{name}")
            above = self._guarded(above, step, self.place(path[:start]))
            self._write_found(self.source.attribute(step.key), levels, above, keys)
            if remember:
                self.source.line(f"s.{name} = found")
            self.source.line("return found")
        return name

    def _is_settled(self, path: Path) -> bool:
        """Whether the list stays the same once it can be made: nobody else brings objects to any step of the way."""
        steps = [index for index, step in enumerate(path, 1) if isinstance(step, PathKey)]
        return all(len(self.place(path[:index]).parts) <= 1 for index in steps)

    def _guarded(self, above: str, step: PathKey, place: Place) -> str:
        if not step.on:
            return above
        if not place.named:
            return "[]"  # an object of unknown type matches no guard
        return f"[o for o in {above} if o.{self.source.attribute(TYPENAME)} in {step.on!r}]"

    def _write_found(self, attribute: str, levels: int, above: str, keys: tuple[str, ...]) -> None:
        if keys:
            self._write_distinct(attribute, levels, above, keys)
        elif levels == 0:
            self.source.line(f"found = [x for o in {above} if (x := o.{attribute})]")
        else:
            lists = [f"o.{attribute}", *(f"y{level}" for level in range(1, levels))]
            names = [*lists[1:], "x"]
            loops = " ".join(f"for {name} in {of} or ()" for name, of in zip(names, lists, strict=True))
            self.source.line(f"found = [x for o in {above} {loops} if x is not None]")

    def _write_distinct(self, attribute: str, levels: int, above: str, keys: tuple[str, ...]) -> None:
        """Objects that say the same become one object, here and for good."""
        read = [f"x.{self.source.attribute(key)}" for key in keys]
        same = f"same({read[0] if len(read) == 1 else '(' + ', '.join(read) + ')'}, x)"
        self.source.line("distinct = {}")
        self.source.line("same = distinct.setdefault")
        with self.source.block(f"for o in {above}:"):
            if levels:
                self._write_distinct_list(f"o.{attribute}", levels, same)
            else:
                with self.source.block(f"if x := o.{attribute}:"):
                    self.source.line(f"o.{attribute} = {same}")
        self.source.line("found = list(distinct.values())")

    def _write_distinct_list(self, elements: str, levels: int, same: str) -> None:
        if levels > 1:
            with self.source.block(f"for y{levels} in {elements} or ():"):
                self._write_distinct_list(f"y{levels}", levels - 1, same)
            return
        with self.source.block(f"if y := {elements}:"):
            self.source.line(f"y[:] = [x and {same} for x in y]")
