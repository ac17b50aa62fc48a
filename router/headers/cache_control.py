"""One cache-control for an answer that several answers went into: nobody may keep it longer than the strictest of them allows.

Source: RFC 9111, section 5.2.2. A directive that only loosens, such as stale-while-revalidate, is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from router.transport.cache_control import Directives, directives, seconds_of

NO_STORE: Final = "no-store"
_STRICT: Final = ("no-cache", "private", "must-revalidate", "proxy-revalidate", "no-transform")


def most_restrictive(values: Sequence[str]) -> str:
    """The directives under which all of `values` are kept to; a value that is empty allows nothing."""
    answers = [directives(value) for value in values]
    if not answers or any(not answer or NO_STORE in answer for answer in answers):
        return NO_STORE
    strict = [name for name in _STRICT if any(name in answer for answer in answers)]
    scope = ["public"] if "private" not in strict and all("public" in answer for answer in answers) else []
    return ", ".join([*scope, *strict, f"max-age={min(map(_age, answers))}", *_shared_age(answers, strict)])


def _shared_age(answers: Sequence[Directives], strict: Sequence[str]) -> list[str]:
    if "private" in strict or not any("s-maxage" in answer for answer in answers):
        return []
    return [f"s-maxage={min(seconds_of(answer, 's-maxage', _age(answer)) for answer in answers)}"]


def _age(answer: Directives) -> int:
    return seconds_of(answer, "max-age", 0)
