"""Says in words where ours falls behind: other data, more requests, or more of them in a row."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.conformance.execution.trial import Pair


def problems(pair: Pair) -> Iterator[str]:
    """What is wrong, the worst first; the first word is the kind of it."""
    ours, theirs = pair.ours, pair.theirs
    if ours.broke or theirs.broke:
        yield from (f"broke: {side}: {text}" for side, text in (("ours", ours.broke), ("theirs", theirs.broke)) if text)
        return
    if ours.errors != theirs.errors:
        yield f"errors: ours {list(ours.errors)}, theirs {list(theirs.errors)}"
    if ours.data != theirs.data:
        yield f"data: {_data(pair)}"
    if ours.price.fetches > theirs.price.fetches:
        yield f"fetches: ours {ours.price.fetches}, theirs {theirs.price.fetches}"
    if ours.price.waves > theirs.price.waves:
        yield f"waves: ours {ours.price.waves}, theirs {theirs.price.waves}"


def kind_of(found: str) -> str:
    """What many examples of one problem have in common."""
    return found.partition(":")[0] if not found.startswith("broke") else found[:80]


def _data(pair: Pair) -> str:
    right = [side for side, outcome in (("ours", pair.ours), ("theirs", pair.theirs)) if outcome.data == pair.truth]
    return f"{' and '.join(right) or 'neither'} as one server: {json.dumps(pair.ours.data)} and {json.dumps(pair.theirs.data)}"
