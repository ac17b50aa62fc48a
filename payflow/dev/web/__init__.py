"""The web client of a checkout, `web-demo/`: built where it is older than its sources, with a Node that the machine or our wheel has."""

from __future__ import annotations

from pathlib import Path
from typing import Final

WEB_FOLDER: Final = Path("web-demo")
"""In a checkout."""
