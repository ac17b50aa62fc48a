"""Whose database an operator's command speaks to, and as whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from payflow.dev.addresses import NoPlatform, database_of
from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """An empty data directory, and an environment that names no database."""
    for service in ("WALLET", "TRANSACTIONS"):
        for whose in ("", "OWNER_"):
            monkeypatch.delenv(f"PAYFLOW_{service}_{whose}DATABASE_URL", raising=False)
    return Folders(tmp_path)


def test_the_one_that_the_environment_names(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its owner is the one that is named, else the role that serves."""
    monkeypatch.setenv("PAYFLOW_WALLET_DATABASE_URL", "postgresql://serving@host/books")

    assert database_of(folders, "wallet") == "postgresql://serving@host/books"
    assert database_of(folders, "wallet", as_owner=True) == "postgresql://serving@host/books"
    monkeypatch.setenv("PAYFLOW_WALLET_OWNER_DATABASE_URL", "postgresql://owner@host/books")
    assert database_of(folders, "wallet") == "postgresql://serving@host/books"
    assert database_of(folders, "wallet", as_owner=True) == "postgresql://owner@host/books"


def test_that_of_the_platform(folders: Folders) -> None:
    """By the passwords kept in the data directory; only the wallet has an owner who does not serve."""
    with pytest.raises(NoPlatform, match=f"^There is no platform in {folders.root}; start one"):
        database_of(folders, "wallet")
    folders.root.mkdir(exist_ok=True)
    passwords = load_or_make_passwords(folders.secrets)

    wallet, owner = database_of(folders, "wallet"), database_of(folders, "wallet", as_owner=True)
    assert "payflow_wallet:" in wallet
    assert passwords.databases["wallet"] in wallet
    assert "payflow_wallet_owner:" in owner
    assert passwords.owners["wallet"] in owner
    assert database_of(folders, "transactions") == database_of(folders, "transactions", as_owner=True)
