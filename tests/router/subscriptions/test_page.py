"""docs/router/subgraph-subscriptions.md says what holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.config import load_config
from router.config.subgraph_subscriptions import ReconnectSettings, SubgraphSubscriptions
from router.transport.close_codes import REASONS, broken_off

PAGE = (Path(__file__).parents[3] / "docs" / "router" / "subgraph-subscriptions.md").read_text()
FILES = dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", PAGE, re.DOTALL))
ROWS = re.findall(r"^\| ([\d, ]+) \| (.*) \| (no|yes) \|$", PAGE, re.MULTILINE)


def test_the_example_spells_out_the_defaults_and_sets_keys_for_single_subgraphs(tmp_path: Path) -> None:
    """No key is missing; what a subgraph does not set is as for all."""
    (tmp_path / "router.yaml").write_text(FILES["router.yaml"])
    config = load_config(tmp_path / "router.yaml", {})

    assert config.subgraph_subscriptions == SubgraphSubscriptions()
    assert config.subgraph_subscriptions.model_fields_set == set(SubgraphSubscriptions.model_fields)
    assert config.subgraph_subscriptions.reconnect.model_fields_set == set(ReconnectSettings.model_fields)
    assert config.subscriptions_on("news") == SubgraphSubscriptions(protocol="sse", silence_s=45)
    assert config.subscriptions_on("comments") == SubgraphSubscriptions(path="/graphql/ws", share="at_start")
    assert config.subscriptions_on("others") == SubgraphSubscriptions()


@pytest.mark.parametrize(("codes", "sentence", "again"), ROWS)
def test_close_codes(codes: str, sentence: str, again: str) -> None:
    """Each means what the table says."""
    for code in map(int, codes.split(",")):
        failure = broken_off("news", code, "because")

        assert str(failure) == sentence
        assert failure.passing == (again == "yes")
        assert failure.detail == f"close code {code}: because"


def test_every_close_code_with_a_reason_is_on_the_page() -> None:
    """Any other may be tried again."""
    assert {int(code) for codes, _, _ in ROWS for code in codes.split(",")} == set(REASONS)
    assert all(broken_off("news", code, "").passing for code in (None, 1000, 1001, 1006, 1011, 1012, 4999))
