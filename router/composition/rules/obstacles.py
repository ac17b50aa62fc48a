"""What stands in the way of a step, in words: a sentence for each hurdle, and the nearest way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from router.composition import wording
from router.composition.model.obstacles import Hurdle, Obstacle, Unreachable

_SENTENCES = {
    Hurdle.NO_FIELD: 'from {there}: cannot find field "{field}".',
    Hurdle.EXTERNAL: 'from {there}: field "{field}" is @external there.',
    Hurdle.OVERRIDDEN: 'from {there}: field "{field}" was overridden by subgraph "{by}".',
    Hurdle.LABEL: 'from {there}: field "{field}" is resolved there for the other value of the label "{by}" only.',
    Hurdle.REQUIRES: 'from {there}: @requires(fields: "{fields}") of "{field}" cannot be satisfied: no way leads to {missing}.',
    Hurdle.NO_RETURN: 'from {there}: what "{field}" needs can be had, but no @key of "{type}" leads back with it: one must be'
    " resolvable and its fields known there.",
    Hurdle.CONTEXT: 'from {there}: "{field}" takes an argument from the context "{by}", which nothing on this path sets to what it needs.',
    Hurdle.NO_TYPE: 'from {there}: cannot find {wanted} behind "{type}".',
    Hurdle.NAMELESS: 'from {there}: "{type}" is an @interfaceObject, whose objects cannot be told apart.',
    Hurdle.NO_KEY: 'cannot move to {there}, which has {wanted}: there is no @key of "{type}" there.',
    Hurdle.KEY_NOT_RESOLVABLE: 'cannot move to {there}, which has {wanted}: no @key of "{type}" is resolvable there.',
    Hurdle.KEY_OUT_OF_REACH: 'cannot move to {there}, which has {wanted}, using @key(fields: "{fields}") of "{type}": {lost}'
    " cannot be resolved from {standing}.",
}
# The first of these that stands in the way is the nearest to mend.
_WAYS_OUT = {
    Hurdle.KEY_OUT_OF_REACH: 'let {standing} resolve {lost}, or give "{type}" a @key in {there} whose fields {standing} can resolve.',
    Hurdle.KEY_NOT_RESOLVABLE: 'remove `resolvable: false` from a @key of "{type}" in {there} and resolve references there, or let'
    " {standing} resolve {what} too.",
    Hurdle.NO_KEY: 'give "{type}" a @key in {there} whose fields {standing} can resolve, or let {standing} resolve {what} too.',
    Hurdle.REQUIRES: 'let {there} get to {missing}, by a resolvable @key of "{type}" in a subgraph that resolves it.',
    Hurdle.CONTEXT: 'set the context "{by}" (@context) on a type above on every path to {what}.',
    Hurdle.NO_RETURN: 'give "{type}" a resolvable @key in {there}.',
    Hurdle.NO_TYPE: 'let what leads there be a "{abstract}" in {there} too, rather than a "{type}", or mark {what} @inaccessible.',
    Hurdle.NAMELESS: 'give the interface "{type}" a resolvable @key in a subgraph that defines its implementations.',
}


_UNSETTLED = {
    Hurdle.REQUIRES: ' Its @override has the label "{by}", and what is required cannot depend on a label.',
    Hurdle.KEY_OUT_OF_REACH: ' Its @override has the label "{by}", and a key cannot depend on a label.',
}


def sentences(unreachable: Unreachable) -> Iterator[str]:
    """Why not, subgraph by subgraph; those with the same reason share a sentence."""
    for same in _grouped(unreachable.obstacles):
        one = same[0]
        template = _SENTENCES[one.hurdle] + (_UNSETTLED.get(one.hurdle, "") if one.by else "")
        yield template.format_map(_words(same, unreachable))


def way_out(unreachable: Unreachable) -> str:
    """What to do about it."""
    groups = {same[0].hurdle: same for same in reversed(_grouped(unreachable.obstacles))}
    nearest = next((hurdle for hurdle in _WAYS_OUT if hurdle in groups), None)
    if nearest is None:
        return f'let {wording.subgraphs(unreachable.standing)} resolve "{unreachable.coordinate}", or mark it @inaccessible.'
    return _WAYS_OUT[nearest].format_map(_words(groups[nearest], unreachable))


def _grouped(obstacles: Iterable[Obstacle]) -> list[list[Obstacle]]:
    groups: dict[tuple[object, ...], list[Obstacle]] = {}
    for one in obstacles:
        groups.setdefault((one.hurdle, one.type, one.fields, one.missing, one.by), []).append(one)
    return list(groups.values())


def _words(same: Sequence[Obstacle], unreachable: Unreachable) -> dict[str, str]:
    one = same[0]
    field = f"{one.type}.{unreachable.coordinate.rpartition('.')[2]}"
    return {
        "there": wording.subgraphs(obstacle.subgraph for obstacle in same),
        "standing": wording.subgraphs(unreachable.standing),
        "what": f'"{unreachable.coordinate}"',
        "field": field,
        "wanted": f'type "{unreachable.coordinate}"' if unreachable.interface else f'"{field}"',
        "type": one.type,
        "abstract": unreachable.interface,
        "fields": one.fields,
        "missing": wording.quoted(one.missing),
        "lost": wording.quoted(one.missing) or "a key that leads there",
        "by": one.by,
    }
