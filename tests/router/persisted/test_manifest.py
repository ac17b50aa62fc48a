"""Manifests of trusted documents, in the formats that the generators write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from router import limits
from router.errors import ConfigError
from router.persisted.manifest import TrustedDocument, parse_manifest, read_manifests

APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [
        {"id": "a1", "name": "Hello", "type": "query", "body": "query Hello { hello }"},
        {"id": "a1", "name": "Hello", "type": "query", "body": "query Hello { bye }", "clientName": "ios"},
    ],
}


def parse(tree: Any) -> list[TrustedDocument]:
    return parse_manifest(json.dumps(tree).encode(), name="m.json")


def test_apollos_format() -> None:
    """An operation has an id, a body and a name; one with a client's name is for that client."""
    assert parse(APOLLO) == [
        TrustedDocument("a1", "query Hello { hello }", "Hello"),
        TrustedDocument("a1", "query Hello { bye }", "Hello", "ios"),
    ]


def test_relays_format() -> None:
    """A map of id to text."""
    assert parse({"0f3c": "query A { a }"}) == [TrustedDocument("0f3c", "query A { a }")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "is not valid JSON"),
        (b"[]", "must be a JSON object"),
        (b'{"a": 1}', 'the id "a" needs the text of a document'),
        (b'{"a": " "}', 'the id "a" needs the text of a document'),
        (b'{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}', "version 2"),
        (b'{"format": "other", "version": 1, "operations": []}', "of format 'other'"),
        (b'{"format": "apollo-persisted-query-manifest", "version": 1}', 'lacks the list "operations"'),
        (
            b'{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}',
            r'operations\[0\] needs an "id" and a "body"',
        ),
    ],
)
def test_what_is_no_manifest_is_refused(content: bytes, told: str) -> None:
    """With the file's name and what is wrong with it."""
    with pytest.raises(ConfigError, match=f"m.json.*{told}"):
        parse_manifest(content, name="m.json")


def test_several_files_are_one_list(tmp_path: Path) -> None:
    """What two of them agree on stands once."""
    (tmp_path / "one.json").write_text('{"a": "{ a }", "b": "{ b }"}')
    (tmp_path / "two.json").write_text('{"b": "{ b }", "c": "{ c }"}')

    documents = read_manifests([tmp_path / "one.json", tmp_path / "two.json"])

    assert [document.id for document in documents] == ["a", "b", "c"]


def test_an_id_means_one_document(tmp_path: Path) -> None:
    """Two files that disagree are a mistake that only an attacker would profit from."""
    (tmp_path / "one.json").write_text('{"a": "{ a }"}')
    (tmp_path / "two.json").write_text('{"a": "{ b }"}')

    with pytest.raises(ConfigError, match=r'two.json: the id "a" stands for two different documents'):
        read_manifests([tmp_path / "one.json", tmp_path / "two.json"])


def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, one that is too large, and too many documents are each told."""
    (tmp_path / "m.json").write_text('{"a": "{ a }", "b": "{ b }"}')

    with pytest.raises(ConfigError, match="does not exist"):
        read_manifests([tmp_path / "none.json"])
    monkeypatch.setattr(limits, "MANIFEST_DOCUMENTS_MAX", 1)
    with pytest.raises(ConfigError, match="more than 1 documents"):
        read_manifests([tmp_path / "m.json"])
    monkeypatch.setattr(limits, "MANIFEST_BYTES_MAX", 10)
    with pytest.raises(ConfigError, match="larger than 10 bytes"):
        read_manifests([tmp_path / "m.json"])
