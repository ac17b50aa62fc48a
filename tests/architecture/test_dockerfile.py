"""The image has what its processes read: what is copied exists and is let in, and the page is built as everywhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from payflow.dev.web import WEB_FOLDER
from payflow.dev.web.npm import INSTALL

REPOSITORY = Path(__file__).parents[2]
STAGE = re.compile(r"^FROM (\S+)(?: AS (\w+))?\n(.*?)(?=^FROM |\Z)", re.MULTILINE | re.DOTALL)
COPY = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)

dockerfile = (REPOSITORY / "Dockerfile").read_text()
stages = {name: (image, body) for image, name, body in STAGE.findall(dockerfile)}
ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()


def test_what_is_copied_exists_and_is_let_in() -> None:
    """The context is closed but for what .dockerignore names; what is made on this machine stays out."""
    sources = {source for line in COPY.findall(dockerfile) for source in line.split()}

    assert [source for source in sources if not (REPOSITORY / source).exists()] == []
    assert [source for source in sources if f"!{source.split('/')[0]}" not in ignored] == []
    assert {"**/node_modules", "**/dist"} <= set(ignored)


def test_the_page_is_where_the_router_looks() -> None:
    """Built in a stage of its own, from the lock file, and copied to the folder that router.yaml names."""
    site = yaml.safe_load((REPOSITORY / "router.yaml").read_text())["site"]["directory"]
    _, body = stages["web"]

    assert site == f"{WEB_FOLDER}/dist"
    assert f"COPY --from=web /app/{site} {site}\n" in stages[""][1]
    assert f"WORKDIR /app/{WEB_FOLDER}\n" in body
    assert f"RUN npm {' '.join(INSTALL[:2])} " in body
    assert body.rstrip().endswith("RUN npm run build")


def test_the_page_is_built_on_a_node_that_can() -> None:
    """Of a version that the client's package names."""
    image, _ = stages["web"]
    engines = json.loads((REPOSITORY / WEB_FOLDER / "package.json").read_text())["engines"]["node"]
    major = re.match(r"node:(\d+)-", image)

    assert major is not None
    assert int(major[1]) >= int(re.findall(r">=(\d+)", engines)[-1])
