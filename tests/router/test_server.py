"""The process around the application: the loop it runs on, and a collector of cycles that leaves the supergraph alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.request import urlopen

from router import limits
from router.server import GARBAGE_THRESHOLDS

PROGRAM = """
import asyncio, gc, json, sys
from router import limits, server
from router.config import Listen

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    told = [type(asyncio.get_running_loop()).__module__, gc.get_freeze_count(), gc.get_threshold()]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})

limits.CLIENT_CONNECTION_IDLE_S = float(sys.argv[1])
server.exit_when_told()
bound = server.bind(Listen(port=0))
server.run(app, bound, shutdown_s=1, announce=lambda: print(bound.getsockname()[1], flush=True))
"""


@contextmanager
def serving(*, idle_s: float = 5) -> Iterator[int]:
    """The port of a process that serves the program until it is told to stop."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(idle_s)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def test_runs_on_uvloop_and_freezes_what_is_there_to_stay() -> None:
    """What was made before the first request is frozen, and young garbage is looked for seldom."""
    with serving() as port, urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        loop, frozen, thresholds = json.load(response)

    assert loop.startswith("uvloop")
    assert frozen > 10_000
    assert tuple(thresholds) == GARBAGE_THRESHOLDS


def test_an_idle_connection_is_kept_for_its_time() -> None:
    """Longer than balancers keep one; past it the router hangs up."""
    with serving(idle_s=0.8) as port, closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(2):
            asked_at = time.monotonic()
            connection.request("GET", "/")
            assert connection.getresponse().read()
        assert connection.sock.recv(1) == b""
        assert time.monotonic() - asked_at > 0.7

    assert limits.CLIENT_CONNECTION_IDLE_S > 60
