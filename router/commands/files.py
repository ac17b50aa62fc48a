"""Reading and writing the files that a command names; what cannot be done is a ConfigError that names the file."""

from __future__ import annotations

from pathlib import Path

from router.errors import ConfigError


def read(path: Path) -> str:
    """The text of a file."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"The file {path} does not exist.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The file {path} cannot be read: it is not UTF-8.") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"The file {path} cannot be read: {error}.") from None


def write(path: Path, text: str) -> None:
    """Write a text to a file, in the place of what it held."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"The file {path} cannot be written: {error.strerror}.") from None
