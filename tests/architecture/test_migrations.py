"""Every revision says what becomes of it on the way back: a downgrade that works, or one sentence why there is none."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SUBGRAPHS = Path(__file__).parents[2] / "subgraphs"
REVISIONS = sorted(path.relative_to(SUBGRAPHS).as_posix() for path in SUBGRAPHS.glob("*/migrations/0*.py"))
# Money was moved by them, or people relied on what they hold; the older form has no room for it.
KEPT = (
    "wallet/migrations/0001",
    "wallet/migrations/0002",
    "transactions/migrations/0002",
    "transactions/migrations/0003",
)


def load(revision: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("revision", SUBGRAPHS / revision)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_knows_its_way_back(revision: str) -> None:
    """It has a downgrade, so that Alembic never fails for want of one."""
    assert callable(load(revision).downgrade)


@pytest.mark.parametrize("revision", KEPT)
def test_history_of_money_is_not_thrown_away(revision: str) -> None:
    """The way back is refused before anything is touched, in one sentence that names the way out."""
    (found,) = [path for path in REVISIONS if path.startswith(revision)]

    with pytest.raises(RuntimeError, match=r"^[A-Z][^.;]*; restore a backup instead\.$"):
        load(found).downgrade()
