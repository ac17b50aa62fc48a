"""Who may import whom: the contracts of pyproject.toml hold, and the router needs nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_the_import_contracts_hold() -> None:
    """Layers, strangers and the absence of cycles, with the linter's cache off: with it a deleted module can pass."""
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([linter, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


ALONE = """
import importlib, pkgutil, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"subgraphs", "consumers", "payflow", "strawberry"}:
            raise ImportError(f"router imports {name}")

sys.meta_path.insert(0, Refuse())
import router
for module in pkgutil.walk_packages(router.__path__, "router."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""


def test_the_router_runs_without_the_rest() -> None:
    """Every module of the router imports in a process where nothing else of ours, and no Strawberry, can be."""
    alone = subprocess.run([sys.executable, "-c", ALONE], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert alone.returncode == 0, alone.stderr
    assert "router.planner" in alone.stdout
