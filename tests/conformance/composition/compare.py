"""Prints where our composition and the reference differ: `python -m tests.conformance.composition.compare FILE… [PART]`.

A file holds several subgraphs, each after a line `# --- name`; or it is a test module of a code, of which the cases with PART
in their names are composed. Without any file, the whole corpus. The exit code says whether there is a difference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conformance.composition.agreement import Comparison, compare
from tests.conformance.composition.corpus import SubgraphSet, module_cases, read_subgraphs, whole_corpus


def main(arguments: list[str]) -> int:
    """Compare what both make of each set, and print it."""
    files = [Path(argument) for argument in arguments if argument.endswith((".py", ".graphql", ".txt"))]
    parts = [argument for argument in arguments if Path(argument) not in files]
    chosen = [found for found in _sets(files) if all(part in found.name for part in parts)]
    differing = 0
    for subgraph_set in chosen:
        comparison = compare(subgraph_set.subgraphs)
        differing += bool(comparison.problems)
        if files or comparison.problems:
            _print(subgraph_set, comparison)
    sys.stdout.write(f"{len(chosen)} sets, {differing} with differences\n")
    return min(differing, 1)


def _sets(files: list[Path]) -> Iterator[SubgraphSet]:
    if not files:
        yield from whole_corpus()
    for file in files:
        if file.suffix == ".py":
            yield from module_cases(file)
        else:
            yield SubgraphSet(str(file), read_subgraphs(file.read_text()))


def _print(subgraph_set: SubgraphSet, comparison: Comparison) -> None:
    outcome = "differ" if comparison.problems else "agree"
    met = f" (deliberately different: {', '.join(sorted(comparison.deliberate))})" if comparison.deliberate else ""
    sys.stdout.write(f"===== {subgraph_set.name}: {outcome}{met}\n{comparison.report()}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
