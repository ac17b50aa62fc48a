"""Whole numbers that may depend on the variables of a request: a number where they do not, else a function of them.

Whole numbers never overflow and are never NaN, however large the lists that a client asks for: a comparison with a maximum cannot
be tricked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn, TypeAlias

from router.errors import CostUnknown

Variables: TypeAlias = Mapping[str, Any]

Formula: TypeAlias = int | Callable[[Variables], int]

Perhaps: TypeAlias = int | Callable[[Variables], int | None] | None
"""A formula that may come to nothing."""


def value_of(formula: Formula, variables: Variables) -> int:
    """What a formula comes to for these variables. Raises CostUnknown."""
    return formula if isinstance(formula, int) else formula(variables)


def found(formula: Perhaps, variables: Variables) -> int | None:
    """What a formula comes to, or None where it comes to nothing. Raises CostUnknown."""
    return formula(variables) if callable(formula) else formula


def added(terms: Iterable[Formula]) -> Formula:
    """The sum; numbers are added up once."""
    constant, moving = 0, []
    for term in terms:
        if isinstance(term, int):
            constant += term
        else:
            moving.append(term)
    if not moving:
        return constant
    if len(moving) == 1:
        only = moving[0]
        return (lambda variables: constant + only(variables)) if constant else only
    return lambda variables: constant + sum([term(variables) for term in moving])


def multiplied(one: Formula, other: Formula) -> Formula:
    """The product. Nothing times a function is still a function: it may find that the operation has no cost."""
    if isinstance(one, int):
        if isinstance(other, int):
            return one * other
        return other if one == 1 else lambda variables: one * other(variables)
    if isinstance(other, int):
        return multiplied(other, one)
    return lambda variables: one(variables) * other(variables)


def largest(formulas: Iterable[Perhaps]) -> Perhaps:
    """The largest of those that come to something."""
    constant: int | None = None
    moving = []
    for formula in formulas:
        if callable(formula):
            moving.append(formula)
        elif formula is not None:
            constant = formula if constant is None else max(constant, formula)
    if not moving:
        return constant
    if len(moving) == 1 and constant is None:
        return moving[0]
    return lambda variables: max(
        (value for value in (constant, *[formula(variables) for formula in moving]) if value is not None), default=None
    )


def first(*choices: Perhaps, default: int) -> Formula:
    """The first that comes to something."""
    for at, choice in enumerate(choices):
        if callable(choice):
            return _first_of(choice, first(*choices[at + 1 :], default=default))
        if choice is not None:
            return choice
    return default


def _first_of(choice: Callable[[Variables], int | None], otherwise: Formula) -> Formula:
    def either(variables: Variables) -> int:
        value = choice(variables)
        return value_of(otherwise, variables) if value is None else value

    return either


def checked(formula: Perhaps) -> Formula:
    """Nothing; but it raises where the formula does."""
    if not callable(formula):
        return 0

    def check(variables: Variables) -> int:
        formula(variables)
        return 0

    return check


def unknown(reason: str) -> Callable[[Variables], NoReturn]:
    """The formula of what has no cost."""

    def fail(_: Variables) -> NoReturn:
        raise CostUnknown(reason)

    return fail
