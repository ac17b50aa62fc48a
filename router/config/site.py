"""`site`: a built page that the router serves to browsers, and what its pages may load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from pydantic import Field, field_validator

from router.config.base import FilePath, Settings

Directive: TypeAlias = Literal[
    "connect-src",
    "font-src",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "script-src",
    "style-src",
    "worker-src",
]

_SOURCE: Final = re.compile(
    r"""'self' | 'wasm-unsafe-eval' | 'sha(256|384|512)-[A-Za-z0-9+/_-]+={0,2}' | data: | blob:
    | (https?|wss?)://(\*\.)?[A-Za-z0-9.-]+(:(\d+|\*))?(/[A-Za-z0-9._~/-]*)?""",
    re.VERBOSE,
)
_ANYBODYS: Final = {("script-src", "data:")}  # whoever can write a `src` could write the script itself
_FOLDER: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class SiteSettings(Settings):
    """A folder of files, e.g. what Vite builds, that browsers get beside GraphQL, at `/`. Off by default."""

    directory: FilePath
    """The folder, with an `index.html`. It may be built, and built again, while the router serves; until then `/` says that it is not."""
    build_with: str | None = None
    """The command that builds it, for whoever opens a page that is not built yet."""
    single_page: bool = True
    """Whether a browser's navigation to a path that no file has gets `index.html`, whose script knows the path; else it is a 404."""
    immutable: tuple[str, ...] = ("assets",)
    """Folders of the site whose files are kept by browsers for good, where a digest stands in their names, e.g. `index-BfA3x9_k.js`."""
    policy: Mapping[Directive, tuple[str, ...]] = Field(default_factory=dict)
    """Sources that the content security policy allows besides the site's own origin, by directive, e.g. `img-src: ["https://img.example.com"]`."""

    @field_validator("build_with")
    @classmethod
    def _is_a_line(cls, command: str | None) -> str | None:
        if command is not None and not (command.strip() and command.isprintable()):
            raise ValueError("is one line to be typed, such as `make web`")
        return command

    @field_validator("immutable")
    @classmethod
    def _are_folders(cls, folders: tuple[str, ...]) -> tuple[str, ...]:
        for folder in folders:
            if not _FOLDER.fullmatch(folder):
                raise ValueError(f'names folders of the site such as assets or static/js, unlike "{folder}"')
        return folders

    @field_validator("policy")
    @classmethod
    def _are_sources(cls, policy: Mapping[Directive, tuple[str, ...]]) -> Mapping[Directive, tuple[str, ...]]:
        for directive, sources in policy.items():
            for source in sources:
                if not _SOURCE.fullmatch(source) or (directive, source) in _ANYBODYS:
                    raise ValueError(f'lets {directive} load from "{source}": {_what_a_source_is(directive, source)}')
        return policy


def _what_a_source_is(directive: Directive, source: str) -> str:
    if "unsafe" in source or source in ("*", "https:", "http:") or (directive, source) in _ANYBODYS:
        return "that is anybody's code; name an origin such as https://cdn.example.com, or a digest such as 'sha256-…'"
    return "name an origin such as https://cdn.example.com, data:, blob:, or a digest in quotes such as 'sha256-…'"
