"""The page of all codes, docs/composition-codes.md, written from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from router.composition.catalogue import ERROR, Entry, by_group

_HEAD: Final = """# The codes of composition

Every error and hint that composing subgraphs can give. The names and the levels of the hints are those of Apollo's composition,
so that what is known of them elsewhere applies here; where the two differ on purpose is told in
[composition-differences.md](composition-differences.md).
`python -m router explain CODE` says the same in a terminal.

This page is written from `router/composition/codes.py` and `router/composition/hints.py` by `make schema`.
"""


def codes_page() -> str:
    """The page in Markdown; its links are relative to the folder docs."""
    return "\n".join([_HEAD, *_contents(), *_sections()]) + "\n"


def _contents() -> Iterator[str]:
    for group, members in by_group().items():
        yield f"- [{group}](#{_anchor(group)}): {len(members)}"
    yield ""


def _sections() -> Iterator[str]:
    for group, members in by_group().items():
        yield f"## {group}\n"
        for entry in members:
            yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    kind = "" if entry.level == ERROR else f" ({entry.level})"
    yield f"### {entry.code}{kind}\n"
    yield f"{entry.meaning}\n"
    yield f"{entry.way_out}\n"
    links = {"rule": entry.module, "test": entry.test}
    if entry.example is not None:
        links["example"] = entry.example_file
    yield " · ".join(f"[{title}](../{path})" for title, path in links.items()) + "\n"


def _anchor(title: str) -> str:
    """As GitHub makes anchors of headings."""
    kept = "".join(character for character in title.lower() if character.isalnum() or character in " -")
    return kept.replace(" ", "-")
