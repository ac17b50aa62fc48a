"""One rule, one file, one code, one test: every code of composition has its module and its test, and is named nowhere else."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.composition import Composed, SubgraphInput, compose, format_text
from router.composition.catalogue import ERROR, Entry, entries, find, near
from router.composition.codes import Code
from router.composition.hints import HintCode

REPOSITORY = Path(__file__).parents[2]
COMPOSITION = REPOSITORY / "router" / "composition"
ENTRIES = [pytest.param(entry, id=f"{entry.level}-{entry.code}") for entry in entries()]
EXAMPLES = [pytest.param(entry, id=f"{entry.level}-{entry.code}") for entry in entries() if entry.example is not None]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_code_has_its_module(entry: Entry) -> None:
    """rules/<code>.py or advice/<code>.py is there, and opens with the code."""
    module = REPOSITORY / entry.module

    assert module.is_file(), f"{entry.module} is missing"
    docstring = ast.get_docstring(ast.parse(module.read_text())) or ""
    assert docstring.startswith(f"{entry.code}:"), f"{entry.module} opens with: {docstring[:60]}"


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_code_has_its_test(entry: Entry) -> None:
    """tests/router/composition/codes/test_<code>.py is there, with cases that say the code."""
    file = REPOSITORY / entry.test
    assert file.is_file(), f"{entry.test} is missing"
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert entry.code in file.read_text()
    assert getattr(module, "CASES", None), f"{entry.test} has no CASES"


def named_codes() -> Iterator[tuple[Path, str, str]]:
    """Every `Code.X`, `Code["X"]`, `HintCode.X` of the router: the file, the catalogue, the code."""
    for path in sorted((REPOSITORY / "router").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Attribute(value=ast.Name(id="Code" | "HintCode" as catalogue), attr=name) if name.isupper():
                    yield path, catalogue, name
                case ast.Subscript(value=ast.Name(id="Code" | "HintCode" as catalogue)):
                    yield path, catalogue, "whichever it computes"


def test_a_code_is_named_in_its_module_only() -> None:
    """Whoever reads a rule's module has read all there is about its code."""
    strangers = [
        f"{path.relative_to(REPOSITORY)} names {catalogue}.{name}"
        for path, catalogue, name in named_codes()
        if path != COMPOSITION / ("rules" if catalogue == "Code" else "advice") / f"{name.lower()}.py"
    ]

    assert strangers == []


def test_the_catalogue_is_whole() -> None:
    """Errors and hints, each once, each in a group and with a sentence on what to do."""
    assert sorted(entry.code for entry in entries() if entry.level == ERROR) == sorted(Code.__members__)
    assert sorted(entry.code for entry in entries() if entry.level != ERROR) == sorted(HintCode.__members__)
    for entry in entries():
        assert entry.group
        assert entry.meaning.endswith(".")
        assert entry.way_out.endswith((".", ")"))


@pytest.mark.parametrize("entry", EXAMPLES)
def test_an_example_gives_its_code(entry: Entry) -> None:
    """What `explain` shows is true."""
    assert entry.example is not None
    parts = entry.example.split("# --- ")[1:]
    outcome = compose([SubgraphInput(name, sdl, "") for name, _, sdl in (part.partition("\n") for part in parts)])
    errors = () if isinstance(outcome, Composed) else outcome.errors

    found = {error.code.name for error in errors} if entry.level == ERROR else {h.code.name for h in outcome.hints}
    assert entry.code in found, format_text(outcome)


def test_a_code_is_found_as_people_write_it() -> None:
    """Case and dashes do not matter; a misspelt code leads to the right one."""
    assert [entry.code for entry in find("field-type-mismatch")] == ["FIELD_TYPE_MISMATCH"]
    assert len(find("CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS")) == 2
    assert find("NOPE") == ()
    assert near("FEILD_TYPE_MISMATCH")[0] == "FIELD_TYPE_MISMATCH"
    assert "FIELD_TYPE_MISMATCH" in near("TYPE_MISMATCH")
