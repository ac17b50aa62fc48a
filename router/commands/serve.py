"""`serve`: the router as a server, until it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def serve(
    supergraph: Annotated[Path | None, typer.Option(help="The composed supergraph; else the configuration's.")] = None,
    config: Annotated[Path | None, typer.Option(help="The router's configuration (YAML).")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 unless configured.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 4000 unless configured, 0 for any.")] = None,
) -> None:
    """Serve a supergraph at /graphql, over HTTP and WebSocket."""
    from router import server
    from router.app import create_app
    from router.config import ConfigSource
    from router.logs import configure_logging

    server.exit_when_told()
    source = ConfigSource(config, listen=_given(host=host, port=port), supergraph=supergraph)
    settings = source.read()
    log, listen = settings.telemetry.log, settings.telemetry.metrics.listen
    configure_logging(log.level, log.format)
    bound = server.bind(settings.listen)
    application = create_app(source)
    address = f"http://{settings.listen.host}:{bound.getsockname()[1]}/graphql"
    server.run(
        application,
        bound,
        shutdown_s=settings.timeouts.shutdown_s,
        farewell=server.Farewell(
            turn_away=application.turn_away,
            leave=application.leave,
            delay_s=settings.timeouts.shutdown_delay_s,
        ),
        announce=lambda: typer.echo(f"Serving {address}", err=True),
        http=settings.http,
        beside=None if listen is None else (application.operators, server.bind(listen)),
    )


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
