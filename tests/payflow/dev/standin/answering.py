"""What every stand-in process does: answer health checks, and have a child of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Health(BaseHTTPRequestHandler):
    """200 to everybody."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        return


def answer(port: int, *, name: str) -> None:
    """Serve until killed; a grandchild of the supervisor sleeps beside."""
    subprocess.Popen(["sleep", "600"])
    entry = {"event": "listening", "level": "info", "service": name, "port": port}
    sys.stdout.write(json.dumps(entry) + "\n")
    ThreadingHTTPServer(("127.0.0.1", port), Health).serve_forever()
