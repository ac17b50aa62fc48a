"""Which Node runs the build."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from payflow.dev.web import node
from payflow.dev.web.errors import NoNode
from payflow.dev.web.node import find_node, is_new_enough
from tests.payflow.dev.web.checkout import Checkout, make_checkout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """Its tools and the shell's are all there is."""
    checkout = make_checkout(tmp_path)
    monkeypatch.setenv("PATH", str(checkout.tools))
    return checkout


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.19.0", True),
        ("v20.18.3", False),
        ("v18.20.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.0.0", True),
        ("", False),
        ("of no known version", False),
    ],
)
def test_what_vite_asks_for(version: str, enough: bool) -> None:
    """20.19 and later of 20, 22.12 and later of what follows."""
    assert is_new_enough(version) is enough


def test_the_machines_own_comes_first(checkout: Checkout) -> None:
    """With the npm beside it."""
    assert find_node().npm == (str(checkout.tools / "npm"),)


def test_the_wheels_takes_the_place_of_an_old_one(checkout: Checkout) -> None:
    """And scripts that call node and npm by name get these, not the old one on PATH."""
    checkout.node_is("v18.20.0")
    found = find_node()

    with found.environment() as environment:
        assert found.binary.is_file()
        told = subprocess.run(
            ["/bin/sh", "-c", "node --version && npm --version"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    version, npm_version = told.stdout.split()
    assert is_new_enough(version)
    assert npm_version[0].isdigit()


def test_without_any_it_is_said(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which is there, what is needed, and where it comes from."""
    checkout.node_is("v18.20.0")
    monkeypatch.setattr(node, "find_spec", lambda _: None)

    with pytest.raises(
        NoNode, match=r"Node 20\.19 or newer, with npm, is needed and not on PATH \(\S+ is v18\.20\.0\)"
    ):
        find_node()


def test_the_environment_is_gone_with_its_block(checkout: Checkout) -> None:
    """The folder of commands is for one run."""
    with find_node().environment() as environment:
        folder = Path(environment["PATH"].split(os.pathsep)[0])
        assert (folder / "node").exists()
    assert not folder.exists()
