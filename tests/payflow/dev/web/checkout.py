"""A checkout with a web client of one file, and a Node and npm of shell scripts that note what they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BUILDS = 'mkdir -p dist && { echo "<!doctype html>"; cat src/main.tsx; } > dist/index.html'


@dataclass(frozen=True)
class Checkout:
    """A folder with both; `tools` is what PATH must name for them to be found."""

    folder: Path

    @property
    def web(self) -> Path:
        return self.folder / "web-demo"

    @property
    def tools(self) -> Path:
        return self.folder / "tools"

    @property
    def page(self) -> str:
        return (self.web / "dist" / "index.html").read_text()

    @property
    def asked(self) -> list[str]:
        """What npm was asked so far, a line each."""
        noted = self.folder / "asked"
        return noted.read_text().splitlines() if noted.exists() else []

    def npm_does(self, *, install: str = "true", build: str = BUILDS) -> None:
        """Say in shell what `npm ci` and `npm run build` do, in the folder of the web client."""
        ci = f"rm -rf node_modules && mkdir node_modules && {{ {install}; }}"
        self.tools.mkdir(exist_ok=True)
        asked = self.folder / "asked"
        _script(self.tools / "npm", f'echo "$*" >> {asked}\ncase "$1" in ci) {ci};; *) {build};; esac')

    def node_is(self, version: str) -> None:
        """The version that `node --version` tells."""
        _script(self.tools / "node", f"echo {version}")


def make_checkout(folder: Path) -> Checkout:
    """One in which nothing is installed or built yet, and everything works."""
    checkout = Checkout(folder)
    (checkout.web / "src").mkdir(parents=True)
    (folder / "schema").mkdir()
    (folder / "schema" / "api.graphql").write_text("type Query { a: Int }")
    (checkout.web / "package-lock.json").write_text("{}")
    (checkout.web / "src" / "main.tsx").write_text("one")
    checkout.npm_does()
    checkout.node_is("v22.12.0")
    return checkout


def _script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
