"""Python's collector of cycles, set for a process that serves: what stands at its start is never looked at again.

Requests leave little that only the collector finds, so it need not look after every 700 objects that are left over (Python's default);
and what modules and schema are made of, some 120 000 objects, lives as long as the process: to look through that stops every request
for tens of milliseconds.
"""

from __future__ import annotations

import gc

THRESHOLDS = (
    50_000,
    20,
    50,
)  # objects more than were let go; young collections before a middle one; middle ones before a full one


def settle() -> None:
    """Call once, when everything that lasts has been made."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
