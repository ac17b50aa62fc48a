"""A router that thinks of nothing: our server and a JSON body read, then an answer that was known before.

What a contender costs above this is its own work.
"""

from __future__ import annotations

import argparse

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.router.federation import CASES, truth
from router import server
from router.config import Listen


def constant() -> ASGIApp:
    answers = {case.body: truth(case) for case in CASES}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        orjson.loads(body)
        answer = answers[body]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    bound = server.bind(Listen(port=parser.parse_args().port))
    server.run(constant(), bound, shutdown_s=1, announce=lambda: None)
