"""`python -m subgraphs serve NAME` runs a service; `python -m subgraphs migrate [NAME …]` brings databases to their newest schema."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from pathlib import Path

import structlog

from payflow.kernel import failpoints, garbage
from payflow.kernel.db import Database, parse_database_url
from payflow.kernel.errors import PayflowError
from payflow.kernel.log import configure_logging
from payflow.kernel.settings import SERVICES, Settings, load_settings
from payflow.kernel.tracing import configure_tracing

CHECKED_BEFORE_SERVING = ("wallet",)  # these look at their database first, and may refuse

log = structlog.get_logger(__name__)


def main() -> None:
    """Parse the command line and run; what is wrong is said in one sentence, exit 1."""
    arguments = _parser().parse_args()
    try:
        settings = load_settings()
        if arguments.command == "serve":
            serve(arguments.name, settings)
        else:
            asyncio.run(migrate(arguments.names, settings))
            if arguments.fund_default_campaign:
                asyncio.run(fund(settings))
    except PayflowError as error:
        sys.exit(str(error))


def serve(name: str, settings: Settings) -> None:
    """Run one service until it is told to stop."""
    import uvicorn

    configure_logging(service=name, level=settings.log_level, form=settings.log_format)
    configure_tracing(service=name, endpoint=settings.otlp_endpoint, ratio=settings.trace_ratio)
    failpoints.arm(settings.failpoints)
    service = importlib.import_module(f"subgraphs.{name}.app")
    if name in CHECKED_BEFORE_SERVING:
        asyncio.run(service.check_before_serving(settings))
    app = service.create_app(settings)
    garbage.settle()
    log.info("serving", host=settings.host, port=settings.service_port(name))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.service_port(name),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


async def migrate(names: list[str], settings: Settings) -> None:
    """Migrate the named services, or every one whose database the environment names."""
    from payflow.kernel.migrate import migrate as migrate_database

    configure_logging(service="migrate", level=settings.log_level, form=settings.log_format)
    chosen = names or [name for name in SERVICES if getattr(settings, f"{name}_database_url")]
    for name in chosen:
        database = Database(settings.owner_database_url(name))
        try:
            await migrate_database(
                database,
                Path(__file__).parent / name / "migrations",
                application_role=application_role(settings, name),
            )
        finally:
            await database.close()


async def fund(settings: Settings) -> None:
    """Give a platform for development something to reward with, once."""
    from subgraphs.default_fund import fund_default_campaign

    if await fund_default_campaign(settings):
        log.info("the default campaign has been funded")


def application_role(settings: Settings, name: str) -> str | None:
    """The role that serves from the database, where that is not the one that migrates it. Raises SettingsError."""
    serving, owner = (
        parse_database_url(url).username for url in (settings.database_url(name), settings.owner_database_url(name))
    )
    return serving if serving != owner else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m subgraphs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve_command = commands.add_parser("serve", help="run one service")
    serve_command.add_argument("name", choices=SERVICES)
    migrate_command = commands.add_parser("migrate", help="migrate databases")
    migrate_command.add_argument(
        "--fund-default-campaign", action="store_true", help="and put money into its fund, once: for development"
    )
    migrate_command.add_argument("names", nargs="*", choices=[*SERVICES, []], metavar="NAME")
    return parser


if __name__ == "__main__":
    main()
