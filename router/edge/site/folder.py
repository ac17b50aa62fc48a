"""The build that is served now: the last good one that the folder held, looked at again when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic, sleep
from typing import TypeAlias

import structlog

from router.config.site import SiteSettings
from router.edge.site.build import Build, Listing, NoBuild, listing, read_build
from router.limits import SITE_LOOK_S, SITE_STILL_S

log = structlog.get_logger(__name__)

Seen: TypeAlias = Mapping[str, tuple[int, int, int]] | str
"""Of each file its inode, size and time of change; or why there is nothing."""


class SiteFolder:
    """One folder under one configuration. Belongs to one event loop; it reads in threads."""

    def __init__(self, settings: SiteSettings) -> None:
        self.settings = settings
        self.build: Build | None = None
        self._seen: Seen | None = None
        self._look_again_at = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> Build | None:
        """The build to serve; None where there was none yet. Nobody waits for a look who can be served from the last one."""
        is_due = monotonic() >= self._look_again_at
        if is_due and not (self.build is not None and self._one_at_a_time.locked()):
            async with self._one_at_a_time:
                if monotonic() >= self._look_again_at:
                    await asyncio.to_thread(self._look)
                    self._look_again_at = monotonic() + SITE_LOOK_S
        return self.build

    def _look(self) -> None:
        """Read the folder where it changed. What cannot be served is said once, and what was served before stays."""
        try:
            listed = listing(self.settings.directory)
            if (seen := _seen(listed)) != self._seen:
                self._take_up(listed, seen)
        except (NoBuild, OSError) as error:
            if str(error) != self._seen:
                self._seen = str(error)
                log.warning(
                    "the site cannot be read", reason=str(error), served="the last build" if self.build else "nothing"
                )

    def _take_up(self, listed: Listing, seen: Seen) -> None:
        build = read_build(self.settings.directory, listed, immutable=self.settings.immutable)
        if self.build is not None:
            sleep(SITE_STILL_S)  # in a thread, of one request; the others have the build of before
        if _seen(listing(self.settings.directory)) != seen:
            return  # somebody is building at this moment: the next look finds it whole
        self.build, self._seen = build.after(self.build), seen
        log.info("site read", files=len(build.files), bytes=sum(len(file.content) for file in build.files.values()))


def _seen(listed: Listing) -> Seen:
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in listed.items()}
