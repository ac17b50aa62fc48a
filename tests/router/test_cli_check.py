"""`check` on the command line: exit codes, both formats, and recordings in every form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from router.composition import Composed, SubgraphInput, compose
from tests.router.test_cli import Done, run, sentence

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
OLD = "type Query { a: Int b: Int! c: Int }"
NEW = "type Query { a: Int b: Int d: Int }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with old.graphql and new.graphql: c goes, d comes, b may be null."""
    for name, sdl in {"old": OLD, "new": NEW}.items():
        outcome = compose([SubgraphInput("only", LINK + sdl, "http://only.test")])
        assert isinstance(outcome, Composed)
        (tmp_path / f"{name}.graphql").write_text(outcome.sdl)
    (tmp_path / "operations").mkdir()
    return tmp_path


def checked(folder: Path, *options: str) -> Done:
    return run("check", folder / "old.graphql", folder / "new.graphql", *options)


def with_operations(folder: Path, *options: str, **texts: str) -> Done:
    for name, text in texts.items():
        (folder / "operations" / name.replace("_", ".")).write_text(text)
    return checked(folder, "--operations", str(folder / "operations"), *options)


def test_without_operations_a_breaking_change_is_exit_1(folder: Path) -> None:
    """All changes are told, by severity; the same way round there is nothing to tell."""
    done = checked(folder)

    assert done.returncode == 1
    assert done.stdout == (
        "Breaking changes (2)\n"
        "  FIELD_TYPE_CHANGED Query.b answers Int; before, Int!.\n"
        "  FIELD_REMOVED Query.c is gone.\n"
        "\n"
        "Safe changes (1)\n"
        "  FIELD_ADDED Query.d of type Int is new.\n"
        "\n"
        "Clients break: 2 breaking changes.\n"
    )
    same = run("check", folder / "old.graphql", folder / "old.graphql")
    assert (same.returncode, same.stdout) == (0, "No client breaks.\n")


def test_what_no_operation_uses_is_exit_0(folder: Path) -> None:
    """Safe by usage, and said so."""
    done = with_operations(folder, a_graphql="{ a }")

    assert done.returncode == 0
    assert done.stdout.count("No recorded operation is concerned. Safe by usage.") == 2
    assert done.stdout.endswith("No client breaks: none of 1 recorded operation meets one of 2 breaking changes.\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a_graphql", "query Uses { c }"),
        ("a_json", '{"query": "query Uses { c }"}'),
        ("a_json", '[{"query": "{ a }"}, {"query": "query Uses { c } query Other { a }", "operationName": "Uses", "count": 7}]'),
        ("a_jsonl", '{"query": "{ a }"}\n\n{"query": "query Uses { c }", "operationName": null}\n'),
    ],
)  # fmt: skip
def test_an_operation_that_breaks_is_exit_1(folder: Path, name: str, text: str) -> None:
    """Whatever form it was recorded in."""
    done = with_operations(folder, "--format", "json", **{name: text})

    assert done.returncode == 1
    [broken] = json.loads(done.stdout)["operations"]["broken"]
    assert broken["name"] == "Uses"
    assert broken["count"] == (7 if "count" in text else 1)
    assert broken["errors"] == ["Cannot query field 'c' on type 'Query'. Did you mean 'a', 'b', or 'd'?"]


def test_an_operation_that_meets_a_change_breaks_though_it_is_valid(folder: Path) -> None:
    """Nobody who asks for b expected null."""
    done = with_operations(folder, a_graphql="query B { b }")

    assert done.returncode == 1
    assert "  B (once, a.graphql)\n    it meets FIELD_TYPE_CHANGED: Query.b answers Int; before, Int!." in done.stdout


def test_a_recording_without_operations_is_refused(folder: Path) -> None:
    """No recording must not look like no usage."""
    assert "holds no operation" in sentence(with_operations(folder))
    assert "does not exist" in sentence(checked(folder, "--operations", str(folder / "nowhere")))
    assert "is no recorded operation" in sentence(with_operations(folder, a_json="{}"))
    assert "operationName is a text" in sentence(with_operations(folder, a_json='{"query": "{a}", "count": 0}'))
    assert "a.json are not JSON" in sentence(with_operations(folder, a_json="{"))


def test_a_schema_that_is_no_supergraph_is_refused(folder: Path) -> None:
    """A plain schema says nothing of subgraphs; the sentence says what to do."""
    (folder / "plain.graphql").write_text(OLD)

    assert "does not @link the join specification. Compose the subgraphs first." in sentence(
        run("check", folder / "plain.graphql", folder / "new.graphql")
    )
    assert "nowhere.graphql" in sentence(run("check", "nowhere.graphql", folder / "new.graphql"))
