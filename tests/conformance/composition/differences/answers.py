"""Differences in the answer: whether subgraphs compose, and with which errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tests.conformance.composition.differences.difference import Difference
from tests.conformance.composition.outcome import Pair


def _we_refuse(*words: str) -> Callable[[Pair], Pair]:
    """The reference composes what ours refuses, for reasons all of which are of these words."""

    def adjust(pair: Pair) -> Pair:
        reasons = [text for text in pair.ours.words if text.partition(":")[0] in pair.ours.errors]
        alike = reasons and all(any(re.search(word, text, re.DOTALL) for word in words) for text in reasons)
        return (
            replace(pair, ours=replace(pair.theirs, words=pair.ours.words)) if pair.theirs.composes and alike else pair
        )

    return adjust


def _we_report_more(*codes: str) -> Callable[[Pair], Pair]:
    """The reference stops at an error of one of the codes; ours reports what else is wrong."""

    def adjust(pair: Pair) -> Pair:
        ours, theirs = pair.ours, pair.theirs
        stopped = theirs.errors & set(codes) and theirs.errors < ours.errors
        return replace(pair, ours=replace(ours, errors=theirs.errors)) if stopped else pair

    return adjust


def _they_throw(answers: dict[str, str]) -> Callable[[Pair], Pair]:
    """The reference throws something of a pattern, where ours reports an error whose code is of the other."""

    def adjust(pair: Pair) -> Pair:
        for pattern, code in answers.items():
            thrown = re.search(pattern, pair.theirs.broke or "", re.DOTALL)
            if thrown and any(re.fullmatch(code, error) for error in pair.ours.errors):
                return replace(pair, theirs=pair.ours)
        return pair

    return adjust


def _they_say_otherwise(theirs: str, ours: str) -> Callable[[Pair], Pair]:
    """The reference has an error of the words, or throws them, where ours has one of the code."""

    def adjust(pair: Pair) -> Pair:
        said = any(re.search(theirs, text, re.DOTALL) for text in (*pair.theirs.words, pair.theirs.broke or ""))
        return replace(pair, theirs=pair.ours) if said and ours in pair.ours.errors else pair

    return adjust


def _of_subgraphs(sdl: str) -> Callable[[Pair], Pair]:
    """Subgraphs with something of the pattern in their SDL: what the reference makes of them is no measure."""

    def adjust(pair: Pair) -> Pair:
        found = any(re.search(sdl, subgraph.sdl, re.DOTALL) for subgraph in pair.subgraphs)
        return replace(pair, theirs=pair.ours) if found and not pair.ours.broke else pair

    return adjust


OF_ANSWERS = (
    Difference("Defaults that do not fit", _we_refuse(r"^INVALID_GRAPHQL: .*[Dd]efault")),
    Difference("Things that are there twice", _we_refuse(r"^INVALID_GRAPHQL: .* can only be defined once")),
    Difference("Fragments on unknown types", _we_refuse("_INVALID_FIELDS: .*the fragment is on", "^EXTERNAL_UNUSED")),
    Difference(
        "Problems behind a misplaced @provides",
        _we_report_more("PROVIDES_ON_NON_OBJECT_FIELD", "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"),
    ),
    Difference("Subgraph names", _they_say_otherwise('Name "__|already exists|Syntax Error', "INVALID_SUBGRAPH_NAME")),
    Difference(
        "Where the reference throws",
        _they_throw(
            {
                "Should not have been called for undefined.*ComposeDirectiveManager": "DIRECTIVE_COMPOSITION_ERROR",
                r"Unexpected element: \w+\n.*handleFieldSetValidationError": "(KEY|REQUIRES|PROVIDES)_.*",
                r"\w+.field is not a function.*parse": "(KEY|REQUIRES|PROVIDES)_INVALID_FIELDS",
                "Invalid URL": "INVALID_LINK_(IDENTIFIER|DIRECTIVE_USAGE)",
                "Cannot implement non-interface type": "TYPE_KIND_MISMATCH",
                r"Type \w+ already exists in this schema": "INVALID_GRAPHQL",
                "@cost cannot be applied to interface": "COST_APPLIED_TO_INTERFACE_FIELD",
                "should have exactly one vertex for type": "SATISFIABILITY_ERROR",
            }
        ),
    ),
)
