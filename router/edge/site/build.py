"""What a build left in a folder: read once, as a whole, within bounds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from router.edge.site.files import CODING_OF_SUFFIX, File, make_file
from router.edge.site.paths import INDEX, can_be_asked_for, file_asked_for
from router.limits import SITE_BYTES_MAX, SITE_FILES_MAX

_MEGABYTE: Final = 1_048_576

Listing: TypeAlias = Mapping[str, os.stat_result]
"""The files that can be served, by name."""


class NoBuild(Exception):
    """The folder holds nothing that can be served; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Build:
    """The files of a build by name, and what pages of the build before may still ask for."""

    files: Mapping[str, File]
    before: Mapping[str, File] = field(default_factory=dict)

    def find(self, name: str) -> File | None:
        return self.files.get(name) or self.before.get(name)

    def after(self, before: Build | None) -> Build:
        """This one, and the lasting files of the one before: a page that is open asks for its parts by their old names."""
        if before is None:
            return self
        return replace(self, before={name: file for name, file in before.files.items() if file.lasting})


def listing(directory: Path) -> Listing:
    """What can be served: regular files that lie in the folder, whose names can be asked for. Raises NoBuild."""
    found: dict[str, os.stat_result] = {}
    for name, path in _inside(directory):
        found[name] = path.stat()
        if len(found) > SITE_FILES_MAX:
            raise NoBuild(f"{directory} has more than {SITE_FILES_MAX} files, which is more than one page is made of")
    if INDEX not in found:
        raise NoBuild(f"{directory} {f'has no {INDEX}' if directory.is_dir() else 'is not there'}")
    if (size := sum(stat.st_size for stat in found.values())) > SITE_BYTES_MAX:
        most = SITE_BYTES_MAX // _MEGABYTE
        raise NoBuild(f"{directory} holds {size // _MEGABYTE} MB; the router keeps a site in memory, {most} MB at most")
    return found


def _inside(directory: Path) -> Iterator[tuple[str, Path]]:
    """Names and paths. Links to folders are not followed; one to a file counts where it leads to one in this folder."""
    root = directory.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = [each for each in folders if can_be_asked_for(each)]  # a .git is not walked through for nothing
        for each in sorted(names):
            path = Path(folder, each)
            name = path.relative_to(root).as_posix()
            if file_asked_for("/" + name) == name and _lies_in(root, path):
                yield name, path


def _lies_in(root: Path, path: Path) -> bool:
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(root))


def read_build(directory: Path, listed: Listing, *, immutable: tuple[str, ...]) -> Build:
    """Read what was listed. Raises OSError where a file is gone meanwhile, or may not be read."""
    files = {}
    for name in listed:
        if not _is_packed_form(name, listed):
            packed = {coding: (directory / sibling).read_bytes() for coding, sibling in _packed_forms(name, listed)}
            files[name] = make_file(name, (directory / name).read_bytes(), packed=packed, immutable=immutable)
    return Build(files)


def _is_packed_form(name: str, listed: Listing) -> bool:
    stem, dot, suffix = name.rpartition(".")
    return dot + suffix in CODING_OF_SUFFIX and stem in listed


def _packed_forms(name: str, listed: Listing) -> Iterator[tuple[str, str]]:
    """The codings that the build made of a file, and their names; one that is older than the file is of another build."""
    for suffix, coding in CODING_OF_SUFFIX.items():
        sibling = listed.get(name + suffix)
        if sibling is not None and sibling.st_mtime_ns >= listed[name].st_mtime_ns:
            yield coding, name + suffix
