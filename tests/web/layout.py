"""Whether a page fits its window."""

from __future__ import annotations

from playwright.async_api import Page

# Elements that scroll by themselves, such as a wide diagram in a frame of its own, are no overflow of the page.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.cloneNode(false).outerHTML.slice(0, 200));
}"""


async def overflowing(page: Page) -> list[str]:
    """The elements that stand out of the window to the right, where the page scrolls sideways; none where it does not."""
    found: list[str] = await page.evaluate(OVERFLOW)
    return found
