"""The documents tell the truth: their operations are valid, their files and commands exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate
from typer.main import get_command

from payflow.cli import app

REPOSITORY = Path(__file__).parents[2]
OURS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
DOCUMENTS = [*OURS, REPOSITORY / "router" / "README.md", REPOSITORY / "web-demo" / "README.md"]


def blocks(language: str, documents: list[Path]) -> Iterator[object]:
    for document in documents:
        for number, text in enumerate(re.findall(rf"```{language}\n(.*?)```", document.read_text(), re.DOTALL)):
            yield pytest.param(text, id=f"{document.relative_to(REPOSITORY)}-{number}")


@pytest.mark.parametrize("operation", list(blocks("graphql", OURS)))
def test_operations_are_valid(operation: str) -> None:
    """Every operation that a document shows can be sent to the API."""
    api = build_schema((REPOSITORY / "schema" / "api.graphql").read_text())

    assert validate(api, parse(operation)) == []


@pytest.mark.parametrize("document", [pytest.param(path, id=str(path.relative_to(REPOSITORY))) for path in DOCUMENTS])
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link is a file of the repository."""
    links = re.findall(r"\]\(([^)#]+)", document.read_text())

    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]

    assert missing == []


@pytest.mark.parametrize("document", [pytest.param(path, id=str(path.relative_to(REPOSITORY))) for path in DOCUMENTS])
def test_commands_exist(document: Path) -> None:
    """Every `make` verb and every `payflow` command that is named exists."""
    text = document.read_text()
    verbs = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|bin/|^)payflow ((?:[a-z-]+ ?)+)", text, re.MULTILINE)

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= verbs
    assert [words for words in named if not is_command(words.split())] == []


def is_command(words: list[str]) -> bool:
    """Whether they lead to a command, or to a group of them; what follows a command are its arguments."""
    at: Any = get_command(app)
    for word in words:
        if not hasattr(at, "commands") or word.startswith("-"):
            return True
        if word not in at.commands:
            return False
        at = at.commands[word]
    return True
