"""What operators ask, and what keeps watch for them: /health, /ready and /metrics."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from router.edge.landing import say_in_json
from router.edge.serving import Serving
from router.edge.standing import Standing
from router.telemetry import CONTENT_TYPE


def operator_routes(serving: Serving, standing: Standing, *, with_metrics: bool) -> list[Route]:
    """The paths beside GraphQL. Metrics stay away where they have an address of their own."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "supergraph": serving.gate.router.supergraph.fingerprint[:12]})

    async def ready(_: Request) -> Response:
        gate = serving.gate
        checks = standing.checks(gate, gate.config.health)
        is_ready = all(passed for passed, _ in checks.values())
        told = {name: {"ok": passed, "is": word} for name, (passed, word) in checks.items()}
        return JSONResponse(
            {"status": "ready" if is_ready else "not ready", "checks": told},
            200 if is_ready else 503,
            headers={"cache-control": "no-store"},
        )

    async def metrics(_: Request) -> Response:
        return Response(serving.gate.router.telemetry.render(), headers={"content-type": CONTENT_TYPE})

    routes = [Route("/health", health), Route("/ready", ready)]
    return [*routes, Route("/metrics", metrics)] if with_metrics else routes


def operators_app(serving: Serving, standing: Standing, others: Sequence[Route] = ()) -> Starlette:
    """The application for an address that only operators reach. `others` are paths besides."""
    routes = [*operator_routes(serving, standing, with_metrics=True), *others]
    return Starlette(routes=routes, exception_handlers={HTTPException: say_in_json})
