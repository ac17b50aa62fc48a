"""Differences in the answer: whether subgraphs compose, and with which errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from router.composition.codes import Code
from tests.conformance.composition.differences.difference import Difference
from tests.conformance.composition.differences.order import other_orders
from tests.conformance.composition.outcome import Pair
from tests.conformance.reference.client import the_reference


def _we_refuse(words: str, *followed_by: str, instead: str = "(?!)") -> Callable[[Pair], Pair]:
    """Ours refuses for reasons of these words, and what follows, what the reference lets pass; it may find other faults.

    `instead` are the codes by which it may refuse the same.
    """

    def adjust(pair: Pair) -> Pair:
        reasons = [text for text in pair.ours.words if text.partition(":")[0] in pair.ours.errors]
        if pair.theirs.broke or not any(re.search(words, text, re.DOTALL) for text in reasons):
            return pair
        others = [
            text
            for text in reasons
            if not re.search(words, text, re.DOTALL)
            and (
                text.partition(":")[0] in pair.theirs.errors
                or not any(re.search(word, text, re.DOTALL) for word in followed_by)
            )
        ]
        if not others:
            return replace(pair, ours=replace(pair.theirs, words=pair.ours.words))
        ours = frozenset(text.partition(":")[0] for text in others)
        theirs = frozenset(code for code in pair.theirs.errors if code in ours or not re.fullmatch(instead, code))
        return replace(pair, ours=replace(pair.ours, errors=ours), theirs=replace(pair.theirs, errors=theirs))

    return adjust


def _we_refuse_where(sdl: str, words: str) -> Callable[[Pair], Pair]:
    """The same, of subgraphs with something of the pattern in their SDL."""
    refuse = _we_refuse(words)
    return lambda pair: refuse(pair) if any(re.search(sdl, each.sdl, re.DOTALL) for each in pair.subgraphs) else pair


def _they_refuse(words: str, *, where: str = "") -> Callable[[Pair], Pair]:
    """The reference refuses subgraphs that ours composes, for reasons all of which are of these words."""

    def adjust(pair: Pair) -> Pair:
        alike = pair.theirs.words and all(re.search(words, text, re.DOTALL) for text in pair.theirs.words)
        found = any(re.search(where, each.sdl, re.DOTALL) for each in pair.subgraphs)
        return replace(pair, theirs=pair.ours) if alike and found and pair.ours.composes else pair

    return adjust


def _they_mind(words: str) -> Callable[[Pair], Pair]:
    """The reference has errors of these words, and perhaps others; ours has only the others."""

    def adjust(pair: Pair) -> Pair:
        errors = [text for text in pair.theirs.words if text.partition(":")[0] in pair.theirs.errors]
        others = frozenset(text.partition(":")[0] for text in errors if not re.search(words, text, re.DOTALL))
        if all(not re.search(words, text, re.DOTALL) for text in errors):
            return pair
        if not others:
            return replace(pair, theirs=pair.ours)
        return replace(pair, theirs=replace(pair.theirs, errors=others))

    return adjust


def _they_report_more(code: str, *further: str) -> Callable[[Pair], Pair]:
    """The reference goes on from an error that both have, with a code of the pattern, to others, which follow from it."""

    def adjust(pair: Pair) -> Pair:
        ours, theirs = pair.ours, pair.theirs
        both = any(re.fullmatch(code, error) for error in ours.errors & theirs.errors)
        more = both and ours.errors < theirs.errors
        followed = more and theirs.errors - ours.errors <= set(further)
        return replace(pair, theirs=replace(theirs, errors=ours.errors)) if followed else pair

    return adjust


def _they_heed_the_order(*codes: str) -> Callable[[Pair], Pair]:
    """The reference comes to our answer, in which it missed one of the codes, once fields stand in another order."""

    def adjust(pair: Pair) -> Pair:
        ours, theirs = pair.ours, pair.theirs
        missed = (ours.errors | ours.hints) - (theirs.errors | theirs.hints)
        if theirs.broke or not missed & set(codes):
            return pair
        for turned in other_orders(pair.subgraphs):
            again = the_reference().compose(turned)
            if {error.code for error in again.errors} == ours.errors and {
                hint.code for hint in again.hints
            } == ours.hints:
                return replace(
                    pair, theirs=replace(theirs, composes=ours.composes, errors=ours.errors, hints=ours.hints)
                )
        return pair

    return adjust


def _we_report_more(*codes: str) -> Callable[[Pair], Pair]:
    """The reference stops at an error of one of the codes; ours reports what else is wrong."""

    def adjust(pair: Pair) -> Pair:
        ours, theirs = pair.ours, pair.theirs
        stopped = theirs.errors & set(codes) and theirs.errors < ours.errors
        return replace(pair, ours=replace(ours, errors=theirs.errors)) if stopped else pair

    return adjust


def _they_throw(answers: dict[str, str]) -> Callable[[Pair], Pair]:
    """The reference throws something of a pattern, where ours has an error whose code is of the other, or none."""

    def adjust(pair: Pair) -> Pair:
        for pattern, code in answers.items():
            thrown = re.search(pattern, pair.theirs.broke or "", re.DOTALL)
            if thrown and any(re.fullmatch(code, error) for error in pair.ours.errors or {""}):
                return replace(pair, theirs=pair.ours)
        return pair

    return adjust


def _they_say_otherwise(theirs: str, ours: str) -> Callable[[Pair], Pair]:
    """The reference has errors of the words, or throws them, where ours has the code."""

    def adjust(pair: Pair) -> Pair:
        said = {text.partition(":")[0] for text in pair.theirs.words if re.search(theirs, text, re.DOTALL)}
        thrown = re.search(theirs, pair.theirs.broke or "", re.DOTALL)
        alike = pair.ours.errors in ((pair.theirs.errors - said) | {ours}, pair.theirs.errors | {ours})
        return replace(pair, theirs=pair.ours) if (said or thrown) and alike else pair

    return adjust


def _of_subgraphs(sdl: str) -> Callable[[Pair], Pair]:
    """Subgraphs with something of the pattern: what the reference makes of them is no measure."""

    def adjust(pair: Pair) -> Pair:
        found = any(re.search(sdl, each.sdl, re.DOTALL) for each in pair.subgraphs)
        return replace(pair, theirs=pair.ours) if found and not pair.ours.broke else pair

    return adjust


_FEDERATION_1 = r"\A(?!.*specs\.apollo\.dev/federation/).*"
_FIELD_SET_CODE = "(KEY|REQUIRES|PROVIDES)_.*"

OF_ANSWERS = (
    Difference(
        "Where the reference throws",
        _they_throw(
            {
                "Should not have been called for undefined.*ComposeDirectiveManager": "DIRECTIVE_COMPOSITION_ERROR|INVALID_GRAPHQL",
                "root type must be an Object type": "INVALID_GRAPHQL",
                r"Unexpected element: \w+": f"{_FIELD_SET_CODE}|INVALID_GRAPHQL|EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
                r"\w+.field is not a function.*parse": _FIELD_SET_CODE,
                "Invalid URL": "INVALID_LINK_(IDENTIFIER|DIRECTIVE_USAGE)|INVALID_SUBGRAPH_NAME",
                "Cannot implement non-interface type": "TYPE_KIND_MISMATCH",
                r"Type \w+ already exists in this schema": "INVALID_GRAPHQL",
                "@cost cannot be applied to interface": "COST_APPLIED_TO_INTERFACE_FIELD",
                "Slicing argument .* is not an argument of": "LIST_SIZE_INVALID_SLICING_ARGUMENT",
                "should have exactly one vertex for type": "SATISFIABILITY_ERROR|",
            }
        ),
    ),
    Difference(
        "Problems behind a misplaced @provides",
        _we_report_more("PROVIDES_ON_NON_OBJECT_FIELD", "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"),
    ),
    Difference("Defaults that do not fit", _we_refuse(r"^INVALID_GRAPHQL: .*[Dd]efault")),
    Difference(
        "Definitions given twice",
        _we_refuse("^INVALID_GRAPHQL: .*(only be defined once|only one argument named|extend)"),
    ),
    Difference(
        "Fragments in field sets",
        _we_refuse(
            "_INVALID_FIELDS: .*the fragment (is )?on ", "^EXTERNAL_UNUSED", instead=".*_FIELDS_MISSING_EXTERNAL"
        ),
    ),
    Difference(
        "Directives in field sets",
        _we_refuse(
            r'^INVALID_GRAPHQL: .*"@\w+\(fields:\)" of type "[^"]*": null|^\w+_DIRECTIVE_IN_FIELDS_ARG',
            instead=".*_INVALID_FIELDS(_TYPE)?",
        ),
    ),
    Difference(
        "Every problem of a field set",
        _we_report_more(*(code.name for code in Code if re.fullmatch(_FIELD_SET_CODE, code.name))),
    ),
    Difference(
        "Fields beside an unknown one",
        _they_report_more(r"(KEY|REQUIRES|PROVIDES)_INVALID_FIELDS", "EXTERNAL_UNUSED"),
    ),
    Difference("Two schema definitions in one subgraph", _we_refuse("^INVALID_GRAPHQL: .*one schema definition")),
    Difference("Directives that are defined by themselves", _we_refuse("^INVALID_GRAPHQL: .*refers to itself")),
    Difference("Enum values where strings belong", _we_refuse("^INVALID_GRAPHQL: .*String cannot represent")),
    Difference(
        "Fields that only the subgraph's own type has",
        _they_throw(
            {
                r"@requires.*evaluated on supergraph: Cannot query field": "|REQUIRES_INVALID_FIELDS|SATISFIABILITY_ERROR",
                r"^GraphQLError: Cannot query field": "|SATISFIABILITY_ERROR",
            }
        ),
    ),
    Difference("Values in @requires", _we_refuse("^REQUIRES_INVALID_FIELDS: .*(value|required)")),
    Difference(
        "Defaults of custom scalars", _we_refuse_where(r"scalar \w", "^(FIELD_ARGUMENT|INPUT_FIELD)_DEFAULT_MISMATCH")
    ),
    Difference(
        "Requirements of a subgraph that cannot be entered",
        _we_refuse_where("resolvable: false", "^SATISFIABILITY_ERROR: .*can be had, but no @key"),
    ),
    Difference("Provided fields on other paths", _they_heed_the_order("SATISFIABILITY_ERROR")),
    Difference(
        "Provided fields on other paths",
        _we_refuse_where(r"@(\w+__)?provides", "^SATISFIABILITY_ERROR: .*is @external there"),
    ),
    Difference(
        "Overridden keys of extensions",
        _we_refuse_where(r"extend type [^{]*key|@(\w+__)?extends", "^SATISFIABILITY_ERROR: .*was overridden by"),
    ),
    Difference(
        "Runtime types on every path",
        _they_heed_the_order(
            "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
        ),
    ),
    Difference(
        "What follows from a type of two kinds",
        _they_report_more(
            "TYPE_KIND_MISMATCH", "EMPTY_MERGED_INPUT_TYPE", "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"
        ),
    ),
    Difference("@oneOf without definition", _they_refuse('^INVALID_GRAPHQL: .*Unknown directive "@oneOf"')),
    Difference(
        "Externals that only a removed field needed",
        _they_refuse(
            "^(EXTERNAL_MISSING_ON_BASE|INVALID_FIELD_SHARING)", where=f"{_FEDERATION_1}@external.*@(requires|provides)"
        ),
    ),
    Difference(
        "extend schema in federation 1", _they_refuse("Syntax Error", where=rf"{_FEDERATION_1}extend schema\s*{{")
    ),
    Difference(
        "Keys as lists in federation 1 extensions",
        _of_subgraphs(rf"{_FEDERATION_1}extend type [^{{]*@key\(fields: [\[\w]"),
    ),
    Difference("Subgraph names", _they_say_otherwise('Name "__|already exists|Syntax Error', "INVALID_SUBGRAPH_NAME")),
    Difference("Subgraph names", _they_mind(r"^\w+: \[_\] ")),
    Difference("Fields that require each other", _they_throw({"Maximum call stack size": "SATISFIABILITY_ERROR"})),
    Difference("Links that must be understood", _we_refuse("^UNSUPPORTED_LINKED_FEATURE")),
    Difference(
        "Versions of link",
        _they_say_otherwise("has already been linked|duplicate application of @core", "UNKNOWN_LINK_VERSION"),
    ),
    Difference(
        "Every problem of the links",
        _we_report_more("INVALID_LINK_DIRECTIVE_USAGE", "INVALID_LINK_IDENTIFIER", "UNKNOWN_FEDERATION_LINK_VERSION"),
    ),
    Difference(
        "Types of federation's own operations",
        _they_mind("Type _(Any|Entity|Service) must define|output type .* for argument representations of _entities"),
    ),
    Difference(
        "Types by the names of roots", _we_refuse("^INVALID_GRAPHQL: .*(root type must be Object|roots are objects)")
    ),
    Difference(
        "Problems beside the taken name of a root",
        _we_report_more("ROOT_QUERY_USED", "ROOT_MUTATION_USED", "ROOT_SUBSCRIPTION_USED"),
    ),
    Difference("Rights that are no strings", _we_refuse("^INVALID_GRAPHQL: .*scopes and policies are strings")),
    Difference("Definitions of @link", _they_report_more("DIRECTIVE_DEFINITION_INVALID", "INVALID_GRAPHQL")),
    Difference(
        "One directive of two specifications",
        _they_say_otherwise(
            "previously imported as|Unknown directive|Non-repeatable directive shouldn't", "LINK_IMPORT_NAME_MISMATCH"
        ),
    ),
    Difference(
        "Composing what is carried anyway",
        _they_say_otherwise("has already been linked", "DIRECTIVE_COMPOSITION_ERROR"),
    ),
    Difference(
        "Composed directives and their newest definition",
        _they_say_otherwise(
            "may not be used on|Unknown argument|but it was not provided|Non-repeatable directive shouldn't",
            "INVALID_GRAPHQL",
        ),
    ),
    Difference(
        "One meaning for a directive",
        _we_refuse_where(
            r"specs\.apollo\.dev/(authenticated|requiresScopes|policy|cost)/",
            "^(AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE|COST_APPLIED_TO_INTERFACE_FIELD|LIST_SIZE_.*):",
        ),
    ),
)
