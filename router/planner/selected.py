"""The selection set of a fetch while it is being put together, and its text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    DirectiveNode,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    print_ast,
    strip_ignored_characters,
)

from router.graph import TYPENAME, Need, text_of


@dataclass(slots=True, eq=False)
class SelectedField:
    """A field under its physical key; `below` is None for a leaf. `given` are arguments besides those of `need`."""

    need: Need
    below: Selected | None = None
    given: tuple[ArgumentNode, ...] = ()


@dataclass(slots=True, eq=False)
class Selected:
    """Fields by physical key, and what is selected under type conditions."""

    fields: dict[str, SelectedField] = field(default_factory=dict)
    on: dict[str, Selected] = field(default_factory=dict)
    typename: bool = False

    def under(self, condition: str) -> Selected:
        """What is selected of objects of one type only."""
        return self.on.setdefault(condition, Selected())

    def take(self, key: str, need: Need, given: tuple[ArgumentNode, ...] = ()) -> Selected | None:
        """Select a field; gives the selection below it, None for a leaf. Taking it twice is taking it once."""
        taken = self.fields.get(key)
        if taken is None:
            taken = self.fields[key] = SelectedField(need, None if need.is_leaf else Selected(), given)
        return taken.below

    def is_empty(self) -> bool:
        """Whether nothing is selected at all."""
        return not (self.fields or self.typename or any(not inner.is_empty() for inner in self.on.values()))

    def absorb(self, other: Selected) -> None:
        """Take everything that `other` selects."""
        self.typename = self.typename or other.typename
        for key, taken in other.fields.items():
            below = self.take(key, taken.need, taken.given)
            if below is not None and taken.below is not None:
                below.absorb(taken.below)
        for condition, inner in other.on.items():
            self.under(condition).absorb(inner)

    def signature(self) -> Hashable:
        """What is selected, whatever the order: two selections with one signature ask for the same."""
        fields = frozenset(
            (_head(key, taken), taken.below.signature() if taken.below is not None else None)
            for key, taken in self.fields.items()
        )
        on = frozenset((type_, inner.signature()) for type_, inner in self.on.items() if not inner.is_empty())
        return (self.typename, fields, on)

    # ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def text(self) -> str:
        """The selection set with its braces. One that selects nothing asks for the type's name: it must ask something."""
        parts = [TYPENAME] if self.typename or self.is_empty() else []
        parts += [_field_text(key, taken) for key, taken in self.fields.items()]
        parts += [f"...on {type_}{inner.text()}" for type_, inner in self.on.items() if not inner.is_empty()]
        return "{" + " ".join(parts) + "}"

    def variables(self) -> Iterator[str]:
        """The names of the variables used anywhere inside, with repetitions."""
        for taken in self.fields.values():
            yield from variables_in((*taken.need.arguments, *taken.given))
            for directive in taken.need.directives:
                yield from variables_in(directive.arguments or ())
            if taken.below is not None:
                yield from taken.below.variables()
        for inner in self.on.values():
            yield from inner.variables()


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Selections of which the same is asked: those of one group at one place, under the types that lead there."""

    each: tuple[Selected, ...]

    def under(self, condition: str) -> Alike:
        """What each selects of objects of one type only."""
        return Alike(tuple(selected.under(condition) for selected in self.each))

    def take(self, key: str, need: Need, given: tuple[ArgumentNode, ...] = ()) -> Alike | None:
        """Select a field in each; gives the selections below it, None for a leaf."""
        taken = [selected.take(key, need, given) for selected in self.each]
        below = tuple(selected for selected in taken if selected is not None)
        return Alike(below) if below else None

    def name_type(self) -> None:
        """Have each name the type."""
        for selected in self.each:
            selected.typename = True

    def joined(self, others: Iterable[Alike]) -> Alike:
        """These selections and others, each once."""
        return Alike(tuple(dict.fromkeys(selected for alike in (self, *others) for selected in alike.each)))


def _field_text(key: str, taken: SelectedField) -> str:
    return _head(key, taken) + (taken.below.text() if taken.below is not None else "")


def _head(key: str, taken: SelectedField) -> str:
    need = taken.need
    name = need.name if key == need.name else f"{key}:{need.name}"
    texts = [text for text in (need.arguments_text, text_of(taken.given)) if text]
    arguments = f"({','.join(texts)})" if texts else ""
    directives = "".join(f" {directive_text(directive)}" for directive in need.directives)
    return f"{name}{arguments}{directives}"


def directive_text(directive: DirectiveNode) -> str:
    """An applied directive, minified."""
    return strip_ignored_characters(print_ast(directive))


def variables_in(arguments: Iterable[ArgumentNode]) -> Iterator[str]:
    """The names of the variables in argument values."""
    for argument in arguments:
        yield from _variables(argument.value)


def _variables(value: ValueNode) -> Iterator[str]:
    match value:
        case VariableNode():
            yield value.name.value
        case ListValueNode():
            for item in value.values:
                yield from _variables(item)
        case ObjectValueNode():
            for entry in value.fields:
                yield from _variables(entry.value)
