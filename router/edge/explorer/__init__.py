"""The page for people: GraphiQL with query plans and costs, from files of this package alone, nothing from anywhere else.

The browser is told so: its content security policy lets the page load and call the router's own origin only.
"""

from __future__ import annotations

from router.edge.explorer.assets import ASSETS_PATH, asset_response
from router.edge.explorer.page import asks_for_page, page_response

__all__ = ["ASSETS_PATH", "asks_for_page", "asset_response", "page_response"]
