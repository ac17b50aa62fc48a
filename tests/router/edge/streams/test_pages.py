"""docs/router/subscriptions.md and defer.md: their settings are read, their operations run, and their bytes are what is sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aiohttp
import pytest

from router import errors
from router.app import create_app
from router.config import DeferSettings, Heartbeats, RouterConfig, SingleConnection, SubscriptionSettings, load_config
from router.config.authorization import AuthorizationSettings
from router.config.base import Settings
from router.edge.messages import CloseCode
from router.edge.streams import endings
from router.security.session import EXPIRED, REVOKED
from tests.router.blog import Blog, supergraph_file
from tests.router.serving import serving

DOCS = Path(__file__).parents[4] / "docs" / "router"
SUBSCRIPTIONS = (DOCS / "subscriptions.md").read_text()
DEFER = (DOCS / "defer.md").read_text()


def files(page: str) -> dict[str, str]:
    """The page's examples by their titles."""
    return dict(re.findall(r"```\w+ title=(\S+)\n(.*?)```", page, re.DOTALL))


def shown(example: str) -> bytes:
    """The bytes that an example shows: its line breaks are CRLF where it says so."""
    return example.replace("␍\n", "\r\n").encode()


@pytest.fixture
def config(tmp_path: Path) -> RouterConfig:
    supergraph_file(tmp_path)
    (tmp_path / "router.yaml").write_text(files(SUBSCRIPTIONS)["router.yaml"])
    config = load_config(tmp_path / "router.yaml")
    # What the tests' supergraph protects is no matter of these pages.
    return config.model_copy(update={"authorization": AuthorizationSettings(anonymous_only=True)})


async def bytes_of(config: RouterConfig, query: str, accept: str) -> bytes:
    async with (
        serving(create_app(config, transport=Blog().transport())) as address,
        aiohttp.ClientSession() as client,
        client.post(f"http://{address}/graphql", json={"query": query}, headers={"accept": accept}) as response,
    ):
        return await response.read()


async def test_the_subscription_is_answered_as_shown(config: RouterConfig) -> None:
    """By server-sent events and by multipart."""
    examples = files(SUBSCRIPTIONS)
    query = json.loads(examples["request"].partition("\n\n")[2])["query"]
    assert await bytes_of(config, query, "text/event-stream") == shown(examples["events"])
    assert await bytes_of(config, query, "multipart/mixed;subscriptionSpec=1.0") == shown(examples["multipart"])


async def test_the_deferred_answer_is_as_shown(config: RouterConfig) -> None:
    """Piece by piece."""
    examples = files(DEFER)
    sent = await bytes_of(config, examples["operation"], "multipart/mixed;deferSpec=20220824")
    assert sent == shown(examples["multipart"])


@pytest.mark.parametrize(
    ("page", "settings"),
    [
        (SUBSCRIPTIONS, SubscriptionSettings()),
        (SUBSCRIPTIONS, Heartbeats()),
        (SUBSCRIPTIONS, SingleConnection()),
        (DEFER, DeferSettings()),
    ],
)
def test_every_setting_is_shown_with_its_default(page: str, settings: Settings) -> None:
    """None is left out of the example, which changes nothing."""
    for name, value in settings.model_dump(mode="json").items():
        if not isinstance(value, dict):
            line = re.search(rf"^ +{name}: (\S+)", files(page)["router.yaml"], re.MULTILINE)
            assert line, name
            assert json.loads(line[1]) == value if not isinstance(value, str) else line[1] == value, name


def test_every_close_code_is_explained() -> None:
    """By its number."""
    for code in CloseCode:
        assert f"| {code.value} |" in SUBSCRIPTIONS, code


def test_every_ending_is_explained() -> None:
    """By its code."""
    ends = [endings.reloaded(is_schema=True), endings.reloaded(is_schema=False), endings.stopping(), errors.TooSlow()]
    for code in (EXPIRED.code, REVOKED.code, *(end.code for end in ends)):
        assert f"| `{code}` |" in SUBSCRIPTIONS, code
