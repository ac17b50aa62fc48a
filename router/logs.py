"""How the router's log looks: a JSON object a line on stderr, or colours on a terminal, with the request's id where there is one."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal, TypeAlias

import orjson
import structlog

from router.errors import ConfigError

Form: TypeAlias = Literal["auto", "json", "console"]


def configure_logging(level: str = "INFO", form: Form = "auto") -> None:
    """Send structlog and the standard library (uvicorn, aiohttp) through one renderer. For the process that serves.

    Raises:
        ConfigError: there is no such level.
    """
    if level not in logging.getLevelNamesMapping():
        raise ConfigError(f'"{level}" is no log level: use DEBUG, INFO, WARNING or ERROR.')
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # What it says at INFO of each socket and of its own start is said here in our words, or not at all.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _rendering(form: Form) -> list[Any]:
    if form == "console" or (form == "auto" and sys.stderr.isatty()):
        # Not the values of variables, which its pretty tracebacks show: there may be tokens among them.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]


def _json(value: Any, **_: Any) -> str:
    return orjson.dumps(value, default=str).decode()
