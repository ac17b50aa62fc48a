"""`serve`: the router as a server, until it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from router.config import RouterConfig


def serve(
    supergraph: Annotated[Path | None, typer.Option(help="The composed supergraph; else the configuration's.")] = None,
    config: Annotated[Path | None, typer.Option(help="The router's configuration (YAML).")] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; 127.0.0.1 unless configured.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 4000 unless configured, 0 for any.")] = None,
) -> None:
    """Serve a supergraph at /graphql, over HTTP and WebSocket."""
    from router import server
    from router.app import create_app
    from router.logs import configure_logging

    server.exit_when_told()
    settings = _settings(supergraph=supergraph, config=config, host=host, port=port)
    configure_logging()
    bound = server.bind(settings.listen)
    application = create_app(settings)
    address = f"http://{settings.listen.host}:{bound.getsockname()[1]}/graphql"
    server.run(
        application,
        bound,
        shutdown_s=settings.timeouts.shutdown_s,
        announce=lambda: typer.echo(f"Serving {address}", err=True),
    )


def _settings(*, supergraph: Path | None, config: Path | None, host: str | None, port: int | None) -> RouterConfig:
    """The configuration file's settings, with what the command line says in their place."""
    from router.config import RouterConfig, load_config

    settings = load_config(config) if config is not None else RouterConfig()
    listen = settings.listen.model_copy(update=_given(host=host, port=port))
    return settings.model_copy(update={"listen": listen, **_given(supergraph=supergraph)})


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
