"""No failpoint escapes: what the code has is declared, what is declared is in the code, and the matrix has it all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from payflow.kernel.failpoint_catalogue import CATALOGUE, SENTENCES, Action, Kind, before
from tests.failpoints.matrix import JOURNEYS, applicable, cells, summary

REPOSITORY = Path(__file__).parents[2]
COMMITS = {name for name, kind in CATALOGUE.items() if kind is Kind.COMMIT}
CALLS = {name.replace(".before_", ".", 1) for name in CATALOGUE if ".before_" in name}


def used() -> Iterator[tuple[str, str, str]]:
    """(function, pattern of the names it may be called with, where) of each failpoint in the code."""
    for package in ("subgraphs", "payflow", "consumers"):
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            if path.name == "failpoints.py":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (function := _function(node)):
                    yield function, _pattern(node.args[0]), f"{path.relative_to(REPOSITORY)}:{node.lineno}"


def _function(node: ast.Call) -> str | None:
    text = ast.unparse(node.func)
    return text.rpartition(".")[2] if text in ("failpoint", "failpoints.failpoint", "failpoints.call") else None


def _pattern(argument: ast.expr) -> str:
    """The name, where it is written out; in an f-string each hole stands for a word."""
    if isinstance(argument, ast.JoinedStr):
        return "".join(_pattern(part) if isinstance(part, ast.Constant) else "[a-z_]+" for part in argument.values)
    assert isinstance(argument, ast.Constant), f"name a failpoint where it is: {ast.unparse(argument)}"
    return re.escape(str(argument.value))


def test_every_failpoint_of_the_code_is_declared() -> None:
    """A name that the catalogue does not have could never be armed."""
    for function, pattern, where in used():
        known = COMMITS if function == "failpoint" else CALLS
        assert any(re.fullmatch(pattern, name) for name in known), f"{where}: the catalogue has no {pattern}"


def test_every_declared_failpoint_is_in_the_code() -> None:
    """A name that nothing comes by would promise a test that there is not."""
    patterns = {function: [found for by, found, _ in used() if by == function] for function in ("failpoint", "call")}
    for name in COMMITS:
        assert any(re.fullmatch(pattern, name) for pattern in patterns["failpoint"]), name
    for name in CALLS:
        assert any(re.fullmatch(pattern, name) for pattern in patterns["call"]), name
        assert before(name) in CATALOGUE


def test_the_matrix_has_every_failpoint() -> None:
    """Some journey comes by each point, and meets each action there that means anything."""
    run = {(cell.failpoint, cell.action) for cell in applicable()}
    assert {point for point, _ in run} == set(CATALOGUE) == set(SENTENCES)
    assert {action for _, action in run} == set(Action)


def test_cells_have_names_of_their_own() -> None:
    """So that one can be run by its name, and none hides another."""
    names = [cell.name for cell in cells()]
    assert len(set(names)) == len(names)
    assert len({journey.name for journey in JOURNEYS}) == len(JOURNEYS)
    assert summary().startswith(f"{len(JOURNEYS)} journeys by {len(CATALOGUE)} points x {len(Action)} actions")
