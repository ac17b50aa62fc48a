"""The site at the router's paths: which file answers a request, and what answers where there is none."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from router.config import RouterConfig
from router.config.site import SiteSettings
from router.edge.explorer import asks_for_page
from router.edge.serving import Serving
from router.edge.site.absent import absent_response
from router.edge.site.answers import file_response
from router.edge.site.build import Build
from router.edge.site.files import File
from router.edge.site.folder import SiteFolder
from router.edge.site.paths import INDEX, file_asked_for
from router.edge.site.policy import headers_of_site


class Site:
    """The ASGI application behind every path that is nobody else's. Where no site is configured there is nothing there."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._folder: SiteFolder | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        else:
            await (await self.respond(Request(scope)))(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """The answer. Raises HTTPException: 404 where there is nothing, 405 for a method that would change something."""
        config = self._serving.gate.config
        if (settings := config.site) is None:
            raise HTTPException(404)
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        if (name := file_asked_for(request.scope["path"])) is None:
            raise HTTPException(404)
        is_navigation = asks_for_page(request.method, request.headers.get("accept"))
        build = await self._folder_of(settings).current()
        if build is None:
            return _nothing_built(name, settings, is_navigation=is_navigation)
        file = _chosen(build, name, settings, is_navigation=is_navigation)
        return _sent(file, request, config, settings)

    def _folder_of(self, settings: SiteSettings) -> SiteFolder:
        """A reload that changes nothing of the site reads nothing again."""
        if self._folder is None or self._folder.settings != settings:
            self._folder = SiteFolder(settings)
        return self._folder


def _chosen(build: Build, name: str, settings: SiteSettings, *, is_navigation: bool) -> File:
    found = build.find(name)
    if found is None and is_navigation and settings.single_page:
        found = build.find(INDEX)
    if found is None:
        raise HTTPException(404)
    return found


def _sent(file: File, request: Request, config: RouterConfig, settings: SiteSettings) -> Response:
    return file_response(file, request.headers, headers=headers_of_site(settings), compress=config.compression.enabled)


def _nothing_built(name: str, settings: SiteSettings, *, is_navigation: bool) -> Response:
    if name != INDEX and not is_navigation:
        raise HTTPException(404)
    return absent_response(settings.build_with, headers=headers_of_site(settings))
