"""The house habits that a machine can keep."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("router", "subgraphs", "consumers", "payflow")
GENERATED = tuple(REPOSITORY / "payflow" / "client" / name for name in ("users", "wallet", "api"))
FUNCTION_LINES_MAX = 70
PAYMENT_WORDS = re.compile(r"\b(wallet|ledger|payment|payflow|cashback)", re.IGNORECASE)
LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX|HACK|breakpoint\(\)|pdb)\b")


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            if not path.is_relative_to(REPOSITORY / "payflow" / "client") or path.parent not in GENERATED:
                yield path


def is_migration(path: Path) -> bool:
    """A migration is a list of statements: data, in the clothes of a function."""
    return path.parent.name == "migrations"


SOURCES = [pytest.param(path, id=str(path.relative_to(REPOSITORY))) for path in sources()]


@pytest.mark.parametrize("path", SOURCES)
def test_module(path: Path) -> None:
    """Each module says what it owns, has no giant function and leaves nothing behind."""
    text = path.read_text()
    tree = ast.parse(text)

    assert not text.strip() or ast.get_docstring(tree), "a module opens with its story"
    assert not LEFTOVERS.search(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno and not is_migration(path):
            lines = node.end_lineno - node.lineno
            assert lines <= FUNCTION_LINES_MAX, f"{node.name} has {lines} lines; give its parts names"


def test_the_router_knows_no_payment() -> None:
    """The router is for anybody: no word of ours stands in it."""
    found = [path for path in sorted((REPOSITORY / "router").rglob("*.py")) if PAYMENT_WORDS.search(path.read_text())]

    assert found == []


@pytest.mark.parametrize("service", ["users", "wallet", "transactions", "rewards", "notifications"])
def test_the_one_shape(service: str) -> None:
    """Every service has the files that the others have."""
    shape = {
        *("__init__", "app", "schema", "types", "context", "loaders", "service", "store"),
        *("tables", "domain", "events", "errors"),
    }
    files = {path.stem for path in (REPOSITORY / "subgraphs" / service).glob("*.py")}

    assert shape <= files
    assert (REPOSITORY / "subgraphs" / service / "migrations").is_dir()
