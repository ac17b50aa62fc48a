"""What stands beside the GraphQL endpoint for people, and what the rest of the paths say."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from router.edge.explorer import ASSETS_PATH, asset_response, page_response
from router.edge.serving import Serving
from router.edge.site import Site
from router.errors import BadRequest, ClientError, NothingHere


def pages(serving: Serving, site: Site) -> list[Route]:
    """What is at /: the site, where one is configured, else the explorer; and the explorer's files, where it is on."""

    async def page(request: Request) -> Response:
        if serving.gate.config.site is not None:
            return await site.respond(request)
        explorer = serving.gate.config.explorer
        if not explorer.enabled:
            raise HTTPException(404)
        return page_response(query_plans=explorer.query_plans)

    async def asset(request: Request) -> Response:
        enabled = serving.gate.config.explorer.enabled
        encodings = request.headers.get("accept-encoding", "")
        found = asset_response(request.path_params["name"], accept_encoding=encodings) if enabled else None
        if found is None:
            raise HTTPException(404)
        return found

    return [Route("/", page), Route(ASSETS_PATH + "/{name}", asset)]


async def say_in_json(request: Request, error: Exception) -> Response:
    """A refusal of the router's other paths, in the form that GraphQL clients read."""
    assert isinstance(error, HTTPException)
    refusal = _refusal(request, error)
    headers = {**(error.headers or {}), "cache-control": "no-store"}
    return JSONResponse({"errors": refusal.formatted()}, refusal.status, headers=headers)


def _refusal(request: Request, error: HTTPException) -> ClientError:
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "GET")
        return BadRequest(f"{request.method} is not a method of this address: use {allowed}.", status=405)
    return NothingHere("There is nothing at this path: GraphQL is served at /graphql.")
