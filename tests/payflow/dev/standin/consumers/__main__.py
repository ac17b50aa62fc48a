"""Stands in for `python -m consumers`."""

from __future__ import annotations

import os
import sys

from answering import answer  # type: ignore[import-not-found]  # the folder above is the working directory of the process

answer(int(os.environ[f"PAYFLOW_{sys.argv[1].upper()}_CONSUMER_PORT"]), name=sys.argv[1])
