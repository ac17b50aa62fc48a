"""Why a step that clients may write leads nowhere: what stands in the way in each subgraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Hurdle(Enum):
    """What can stand in the way.

    In a subgraph where one stands: it has no such field (NO_FIELD), marks it external (EXTERNAL), has lost it to another subgraph
    (OVERRIDDEN) or for one value of a label (LABEL); it cannot be given what the field requires (REQUIRES), finds no context that an
    argument is taken from (CONTEXT), or cannot be handed the object with it (NO_RETURN); it knows no objects of the type (NO_TYPE),
    or cannot tell them apart (NAMELESS).
    In one that would help: nothing lets in (NO_KEY, KEY_NOT_RESOLVABLE), or the key cannot be had (KEY_OUT_OF_REACH).
    """

    NO_FIELD = auto()
    EXTERNAL = auto()
    OVERRIDDEN = auto()
    LABEL = auto()
    REQUIRES = auto()
    NO_RETURN = auto()
    CONTEXT = auto()
    NO_TYPE = auto()
    NAMELESS = auto()
    NO_KEY = auto()
    KEY_NOT_RESOLVABLE = auto()
    KEY_OUT_OF_REACH = auto()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One hurdle, in a subgraph. `type` is what the subgraph calls the objects, `fields` the field set concerned if there is one.

    `missing` are the coordinates in it that cannot be had, `by` the subgraph or the label that a field was lost to, or the label that
    what is missing depends on.
    """

    hurdle: Hurdle
    subgraph: str
    type: str
    fields: str = ""
    missing: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A field, or an object type of an interface, that an operation may ask for and no subgraph can be asked for.

    `standing` are the subgraphs that one gets to before the last step.
    """

    coordinate: str
    operation: str
    standing: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    interface: str = ""


@dataclass(frozen=True, slots=True)
class SplitMutation:
    """A mutation field of several subgraphs: what the call of each does not lead to."""

    coordinate: str
    unreachable: Mapping[str, tuple[Unreachable, ...]]


@dataclass(frozen=True, slots=True)
class RuntimeTypes:
    """What each subgraph may return for a shared field of an abstract type, and what they have in common."""

    by_subgraph: Mapping[str, tuple[str, ...]]
    common: tuple[str, ...]
