"""Stands in for `python -m router`."""

from __future__ import annotations

import sys

from answering import answer  # type: ignore[import-not-found]  # the folder above is the working directory of the process

answer(int(sys.argv[sys.argv.index("--port") + 1]), name="router")
