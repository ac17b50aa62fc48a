"""What the router's documents show of configuration is a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.config import load_config

DOCUMENTS = Path(__file__).parents[2] / "docs" / "router"
ENVIRONMENT = {"REDIS_URL": "redis://127.0.0.1:6379/0", "CACHE_SECRET": "x" * 32}
"""What the pages take from the environment without a default."""

BLOCK = re.compile(r"```yaml title=router.yaml\n(.*?)```", re.DOTALL)


def blocks() -> Iterator[object]:
    for document in sorted(DOCUMENTS.glob("*.md")):
        for number, text in enumerate(BLOCK.findall(document.read_text())):
            yield pytest.param(text, id=f"{document.stem}-{number}")


@pytest.mark.parametrize("text", list(blocks()))
def test_every_configuration_shown_is_valid(text: str, tmp_path: Path) -> None:
    """Each key exists, and each value keeps its rule."""
    (tmp_path / "router.yaml").write_text(text)

    assert load_config(tmp_path / "router.yaml", environment=ENVIRONMENT).model_fields_set
