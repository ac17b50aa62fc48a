"""Which file a path asks for, and which paths belong to the page's own script. Pure decisions on strings."""

from __future__ import annotations

import re
from typing import Final

INDEX: Final = "index.html"
_OF_THE_ROUTER: Final = frozenset({"graphql", "health", "ready", "metrics"})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_WELL_KNOWN: Final = ".well-known"


def file_asked_for(path: str) -> str | None:
    """The name that a file of the site would have, from a decoded path; None where no site may answer.

    That is the router's own paths, and those that are written to get out of a folder or to what is hidden in it.
    """
    name = path.removeprefix("/")
    segments = name.split("/")
    if segments[0] in _OF_THE_ROUTER or not all(map(can_be_asked_for, segments)):
        return None
    return name + INDEX if segments[-1] == "" else name


def can_be_asked_for(segment: str) -> bool:
    """Whether it may stand between two `/`: it neither leads elsewhere nor names what is hidden."""
    is_hidden = segment.startswith(".") and segment != _WELL_KNOWN  # `..` among them
    return not is_hidden and segment.isprintable() and "\\" not in segment and not _DRIVE.match(segment)
