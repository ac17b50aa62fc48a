"""The process around the application: the loop it runs on, and a collector of cycles that leaves the supergraph alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from urllib.request import urlopen

from router.server import GARBAGE_THRESHOLDS

PROGRAM = """
import asyncio, gc, json
from router import server
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

server.exit_when_told()
bound = server.bind(Listen(port=0))
server.run(app, bound, shutdown_s=1, announce=lambda: print(bound.getsockname()[1], flush=True))
"""


def test_runs_on_uvloop_and_freezes_what_is_there_to_stay() -> None:
    """What was made before the first request is frozen, and young garbage is looked for seldom."""
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        with urlopen(f"http://127.0.0.1:{int(process.stdout.readline())}/", timeout=10) as response:
            loop, frozen, thresholds = json.load(response)
        process.send_signal(signal.SIGTERM)

    assert loop.startswith("uvloop")
    assert frozen > 10_000
    assert tuple(thresholds) == GARBAGE_THRESHOLDS
    assert process.returncode == 0
