"""Reading a file that somebody names: never more than a bound of it, and never anything but text."""

from __future__ import annotations

from pathlib import Path

from router.errors import ConfigError


def read_text(path: Path, *, bytes_max: int) -> str:
    """The text of a file.

    Raises ConfigError where it cannot be read, has more than `bytes_max` bytes or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(bytes_max + 1)
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError:
        raise ConfigError(f"Cannot read {str(path)!r}: a path cannot hold a NUL character.") from None
    if len(content) > bytes_max:
        raise ConfigError(f"Cannot read {path}: it has more than {megabytes(bytes_max)}, the most that is read.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"Cannot read {path}: it is not UTF-8 (byte {error.start}).") from None


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB"
