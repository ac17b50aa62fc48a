"""Every error and hint of composition in one list: what it means, what to do, and where its rule, test and example stand.

It joins `codes.py` and `hints.py` for people: `python -m router explain` and docs/composition-codes.md are made from it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from router.composition.codes import Code
from router.composition.hints import HintCode

ERROR: Final = "error"

# Each group of errors by the code that it begins with; it ends where the next begins.
_ERROR_GROUPS: Final = {
    "INVALID_GRAPHQL": "What a subgraph is written in",
    "UNKNOWN_FEDERATION_LINK_VERSION": "@link",
    "KEY_INVALID_FIELDS": "@key, @requires and @provides",
    "EXTERNAL_UNUSED": "@external",
    "OVERRIDE_FROM_SELF_ERROR": "@override",
    "ROOT_QUERY_USED": "Roots and whole types",
    "TYPE_KIND_MISMATCH": "Merging",
    "INTERFACE_OBJECT_USAGE_ERROR": "Interface objects and keyed interfaces",
    "REFERENCED_INACCESSIBLE": "@inaccessible",
    "CONTEXT_NAME_INVALID": "@context and @fromContext",
    "COST_APPLIED_TO_INTERFACE_FIELD": "@cost and @listSize",
    "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE": "@authenticated, @requiresScopes and @policy",
    "SATISFIABILITY_ERROR": "The whole supergraph",
}
_HINT_GROUPS: Final = {
    "warn": "Hints: warnings",
    "info": "Hints: information",
    "debug": "Hints: details",
}
_EXAMPLES: Final = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `level` is "error", or the level of a hint."""

    code: str
    level: str
    group: str
    meaning: str
    way_out: str

    @property
    def module(self) -> str:
        """The module that decides or words it, from the root of the repository."""
        folder = "rules" if self.level == ERROR else "advice"
        return f"router/composition/{folder}/{self.code.lower()}.py"

    @property
    def test(self) -> str:
        """The module that tests it, from the root of the repository."""
        return f"tests/router/composition/codes/test_{self.code.lower()}.py"

    @property
    def example_file(self) -> str:
        """Where its example stands, if it has one, from the root of the repository."""
        kind = "error" if self.level == ERROR else "hint"
        return f"router/composition/examples/{self.code.lower()}.{kind}.graphql"

    @property
    def example(self) -> str | None:
        """Small subgraphs that give the code, each after a line `# --- name`; None where there is no example."""
        file = _EXAMPLES / Path(self.example_file).name
        return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def entries() -> tuple[Entry, ...]:
    """All of them: the errors group by group, then the hints by how much they matter."""
    return (*_errors(), *_hints())


def find(code: str) -> tuple[Entry, ...]:
    """The entries of a code, in any case and with - for _: none where it is unknown, two where a hint shares its name."""
    wanted = code.strip().upper().replace("-", "_")
    return tuple(entry for entry in entries() if entry.code == wanted)


def near(code: str) -> list[str]:
    """Known codes that resemble an unknown one, the closest first."""
    wanted = code.strip().upper().replace("-", "_")
    known = list(dict.fromkeys(entry.code for entry in entries()))
    containing = [name for name in known if wanted and wanted in name]
    return list(dict.fromkeys([*difflib.get_close_matches(wanted, known, n=5), *containing]))[:5]


def by_group() -> dict[str, list[Entry]]:
    """The entries under the title of their group, in order."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries():
        groups.setdefault(entry.group, []).append(entry)
    return groups


def _errors() -> Iterator[Entry]:
    group = ""
    for code in Code:
        group = _ERROR_GROUPS.get(code.name, group)
        yield Entry(code.name, ERROR, group, code.meaning, code.way_out)


def _hints() -> Iterator[Entry]:
    for level, group in _HINT_GROUPS.items():
        for hint in HintCode:
            if hint.level == level:
                yield Entry(hint.name, level, group, hint.meaning, hint.way_out)
