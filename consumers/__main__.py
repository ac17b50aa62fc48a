"""`python -m consumers NAME` runs a consumer until it is told to stop: rewards or notifications."""

from __future__ import annotations

import argparse
import sys

import uvicorn

from consumers.app import CONSUMERS, create_app
from payflow.kernel import garbage
from payflow.kernel.errors import PayflowError
from payflow.kernel.log import configure_logging
from payflow.kernel.settings import load_settings
from payflow.kernel.tracing import configure_tracing


def main() -> None:
    """Parse the command line and run; what is wrong is said in one sentence, exit 1."""
    name = _parser().parse_args().name
    try:
        settings = load_settings()
        configure_logging(service=f"{name}-consumer", level=settings.log_level, form=settings.log_format)
        configure_tracing(service=f"{name}-consumer", endpoint=settings.otlp_endpoint, ratio=settings.trace_ratio)
        app = create_app(name, settings)
    except PayflowError as error:
        sys.exit(str(error))
    garbage.settle()
    port = settings.service_port(f"{name}_consumer")
    uvicorn.run(app, host=settings.host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m consumers", description=__doc__)
    parser.add_argument("name", choices=sorted(CONSUMERS))
    return parser


if __name__ == "__main__":
    main()
