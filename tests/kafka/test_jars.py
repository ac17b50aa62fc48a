"""The jars of Apache Kafka are those of the lock file, or nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kafka import jars
from tests.kafka.jars import LOCK_FILE, KafkaUnavailable, WrongJars, check, checksums, java, parse


def test_the_lock_names_kafka_and_what_it_needs() -> None:
    """Kafka 4, each jar once and with a SHA-256."""
    locked = parse(LOCK_FILE.read_text())

    assert any(name.startswith("kafka_2.13-4.") for name in locked)
    assert all(len(bytes.fromhex(checksum)) == 32 for checksum in locked.values())
    assert len(locked) == len(LOCK_FILE.read_text().splitlines())


def test_another_jar_is_refused_by_name(tmp_path: Path) -> None:
    """One that differs, one that lacks, and one too many."""
    (tmp_path / "same.jar").write_bytes(b"same")
    (tmp_path / "forged.jar").write_bytes(b"forged")
    (tmp_path / "smuggled.jar").write_bytes(b"smuggled")
    found = checksums(tmp_path)

    with pytest.raises(WrongJars, match=r"forged\.jar, missing\.jar, smuggled\.jar"):
        check(found, wanted={"same.jar": found["same.jar"], "forged.jar": "0" * 64, "missing.jar": "1" * 64})
    check(found, wanted=dict(found))


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (None, "There is no Java here"),
        ("echo 'openjdk version \"11.0.2\"' >&2", "older than Java 17"),
        ("exit 1", "older than Java 17"),
    ],
)
def test_without_a_fitting_java_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, sentence: str
) -> None:
    """None, or one that is too old: what the skip says."""
    (tmp_path / "bin").mkdir()
    if program is not None:
        (tmp_path / "bin" / "java").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "bin" / "java").chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(KafkaUnavailable, match=sentence):
        java()


def test_without_maven_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cached, and nothing can fetch it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(KafkaUnavailable, match="There is no Maven"):
        jars.ensure_jars()
