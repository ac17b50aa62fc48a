"""A small writer of Python source: lines, indentation, and what the text refers to by name.

Nothing that a client or a subgraph chose becomes part of an identifier. Keys of the merged tree are attributes `f0`, `f1` …, and
everything else comes in as a literal (`repr`) or as a global of the namespace in which the text is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INDENT = "    "


class Source:
    """Source text under construction, and the `namespace` it will run in."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self._lines: list[str] = []
        self._depth = 0
        self._attributes: dict[str, str] = {}
        self._constants = 0

    def line(self, text: str = "") -> None:
        """Add a line at the present indentation."""
        self._lines.append(INDENT * self._depth + text if text else "")

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Lines added inside stand indented below `head`."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    @contextmanager
    def function(self, head: str, says: str) -> Iterator[None]:
        """A function, with a comment above that says what it is for."""
        self.line()
        self.line(f"# {says}")
        with self.block(f"def {head}:"):
            yield

    def attribute(self, key: str) -> str:
        """What classes call the value under `key`: the same in all of them."""
        return self._attributes.setdefault(key, f"f{len(self._attributes)}")

    def constant(self, value: Any, prefix: str = "C") -> str:
        """A new global that holds `value`."""
        name = f"{prefix}{self._constants}"
        self._constants += 1
        self.namespace[name] = value
        return name

    def text(self) -> str:
        """Everything, below a legend of the attributes."""
        legend = [f"# {name} is {key!r}" for key, name in self._attributes.items()]
        return "\n".join([*legend, *self._lines, ""])
