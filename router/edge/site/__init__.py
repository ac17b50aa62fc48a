"""A built page beside GraphQL: the files of one folder, held in memory, with the headers that keep everything else out.

Nothing that a client asks for reaches the file system: names are looked up in what was read, so no path can lead elsewhere.
"""

from __future__ import annotations

from router.edge.site.served import Site

__all__ = ["Site"]
