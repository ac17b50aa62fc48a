"""Our side of composition.py: a JSON request a line in, a measurement a line out."""

from __future__ import annotations

import json
import resource
import sys
import time

from router.composition import Composed, SubgraphInput, compose


def main() -> None:
    for line in sys.stdin:
        inputs = [SubgraphInput(name, sdl, f"http://{name}.test") for name, sdl in json.loads(line).items()]
        start = time.perf_counter()
        outcome = compose(inputs)
        seconds = time.perf_counter() - start
        # ru_maxrss is in kilobytes, on Linux
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answer = {"seconds": seconds, "composes": isinstance(outcome, Composed), "peak": peak}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
