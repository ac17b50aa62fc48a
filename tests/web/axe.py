"""Asks axe what keeps people with disabilities from using a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web-demo" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = frozenset({"serious", "critical"})
# Nothing is fetched for it: the policy of the page would have that refused, and the guard would hear of it.
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"], preload: false })).violations"""


@cache
def _source() -> str:
    return AXE.read_text()


async def barriers(page: Page) -> list[str]:
    """What is serious or critical on the page as it stands: the rule, and the elements that break it."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_source())  # through the debugger, so that script-src has no say in it
    return [_told(violation) for violation in await page.evaluate(RUN) if violation["impact"] in GRAVE]


def _told(violation: dict[str, Any]) -> str:
    elements = [f"{node['html'][:200]}: {node['failureSummary']}" for node in violation["nodes"][:5]]
    return f"{violation['id']} ({violation['impact']}): {violation['help']}\n    " + "\n    ".join(elements)
