"""The jars of Apache Kafka: what `apache/pom.xml` pins, fetched once by Maven and held against the checksums beside it.

They lie in the user's cache, in a folder named after the lock file. `python -m tests.kafka.jars` writes the lock file anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

APACHE = Path(__file__).parent / "apache"
LOCK_FILE = APACHE / "jars.sha256"
JAVA_MIN = 17
FETCH_TIMEOUT_S = 240
JAVA_TIMEOUT_S = 20
SAID_MAX = 1000  # characters of what Maven said that a message repeats


class KafkaUnavailable(RuntimeError):
    """Apache Kafka cannot be run on this machine; the message says why and what to do."""


class WrongJars(RuntimeError):
    """What Maven brought is not what the lock file names: never run it."""


def java() -> str:
    """The Java to run Kafka with: JAVA_HOME's, else the one on PATH. Raises KafkaUnavailable."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        raise KafkaUnavailable(f"There is no Java here; install {JAVA_MIN} or later, or set JAVA_HOME.")
    ended = subprocess.run([found, "-version"], capture_output=True, text=True, timeout=JAVA_TIMEOUT_S, check=False)
    version = re.search(r'version "(\d+)', ended.stderr)
    if version is None or int(version[1]) < JAVA_MIN:
        raise KafkaUnavailable(
            f"{found} is older than Java {JAVA_MIN}, which Kafka 4 needs; set JAVA_HOME to a later one."
        )
    return found


def ensure_jars() -> Path:
    """The folder with exactly the jars of the lock file. Raises KafkaUnavailable, WrongJars."""
    lock = LOCK_FILE.read_text()
    folder = _cache() / hashlib.sha256(lock.encode()).hexdigest()[:16]
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.parent), tempfile.TemporaryDirectory(dir=folder.parent) as fetched:
            if not folder.exists():
                jars = Path(fetched) / "jars"
                fetch(jars)
                check(checksums(jars), wanted=parse(lock))
                jars.rename(folder)
    return folder


def fetch(folder: Path) -> None:
    """Have Maven copy what the pom names, with all that needs, into a folder. Raises KafkaUnavailable."""
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailable("There is no Maven (mvn) here, which fetches Apache Kafka; install it.")
    command = [maven, "-q", "-B", "-f", str(APACHE / "pom.xml"), "dependency:copy-dependencies"]
    options = ["-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    try:
        ended = subprocess.run(
            [*command, *options], capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise KafkaUnavailable(f"Maven brought nothing within {FETCH_TIMEOUT_S} seconds.") from None
    if ended.returncode != 0:
        raise KafkaUnavailable(
            f"Maven could not fetch Apache Kafka: Maven Central, or the mirror of your settings.xml, must be in reach once."
            f" It said:\n{(ended.stdout + ended.stderr)[:SAID_MAX]}"
        )


def check(found: Mapping[str, str], *, wanted: Mapping[str, str]) -> None:
    """Raises WrongJars where name or checksum of any jar is another."""
    wrong = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if wrong:
        raise WrongJars(
            f"Not what {LOCK_FILE.name} names: {', '.join(wrong)}. Run `python -m tests.kafka.jars` if the pom was changed."
        )


def checksums(folder: Path) -> dict[str, str]:
    """File name → SHA-256."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.jar"))}


def parse(lock: str) -> dict[str, str]:
    """The lock file, which is in the form of sha256sum."""
    return {name: checksum for checksum, name in (line.split() for line in lock.splitlines())}


def write_lock() -> None:
    """Lock what the pom brings today."""
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        found = checksums(Path(folder))
    LOCK_FILE.write_text("".join(f"{checksum}  {name}\n" for name, checksum in found.items()))


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "payflow" / "kafka"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time: test processes start together."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    write_lock()
