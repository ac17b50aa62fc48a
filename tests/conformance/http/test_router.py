"""The router, as a process of its own, speaks GraphQL over HTTP to the letter: the `graphql-http` audit finds nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conformance.http.audit import audited, shortcomings
from tests.router.blog import supergraph_file

ANNOUNCED = re.compile(r"Serving (http://\S+/graphql)")


async def test_the_audit_finds_nothing(tmp_path: Path) -> None:
    """MUST, SHOULD and MAY, as a client that names its operations: then a GET, too, cannot be another site's."""
    with _router("--supergraph", str(supergraph_file(tmp_path))) as url:
        assert shortcomings(await audited(url, {"x-apollo-operation-name": "Audit"})) == []


async def test_without_csrf_prevention_the_audit_needs_no_header(tmp_path: Path) -> None:
    """The bare requests of the audit pass where GETs may come from anywhere."""
    supergraph_file(tmp_path)
    config = tmp_path / "router.yaml"
    config.write_text("supergraph: supergraph.graphql\nauthorization: {anonymous_only: true}\ncsrf: {enabled: false}\n")
    with _router("--config", str(config)) as url:
        assert shortcomings(await audited(url)) == []


@contextmanager
def _router(*options: str) -> Iterator[str]:
    """The URL of a router that runs for as long as the block."""
    command = [sys.executable, "-m", "router", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            announced = next((found for line in process.stderr if (found := ANNOUNCED.search(line))), None)
            assert announced, "the router did not start"
            yield announced[1]
        finally:
            process.terminate()
            process.wait(timeout=20)
