"""Measures every contender on every case, in turns: a machine that is busy is busy for all of them."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.router.contenders import Contender, Site
from benchmarks.router.federation import Case, compose_supergraph, truth
from benchmarks.router.load import Expected, Load, WrongAnswer
from benchmarks.router.processes import Cores, Running, free_port, pinned, started

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Effort:
    """How long and how often. Node's compiler takes some seconds of heavy queries to settle, hence the warm-up."""

    warm_up_s: float = 10.0
    rounds: int = 3
    round_s: float = 4.0
    connections: int = 50


QUICK = Effort(warm_up_s=2.0, rounds=1, round_s=1.5)


@dataclass(frozen=True)
class Round:
    """One contender on one case for a few seconds. `others_busy` is the share of the other core that client and subgraphs took."""

    rps: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    fetches: float
    others_busy: float


@dataclass(frozen=True)
class Result:
    """All rounds of a contender on a case, and the most memory that it had taken until then."""

    case: str
    contender: str
    rounds: tuple[Round, ...]
    peak_bytes: int

    @property
    def best(self) -> Round:
        """The round that the rest of the machine disturbed least."""
        return max(self.rounds, key=lambda one: one.rps)

    @property
    def least_cpu_us(self) -> float:
        """CPU a request in the round that took least."""
        return min(one.cpu_us for one in self.rounds)


@dataclass(frozen=True)
class Arena:
    """The processes of a run: the subgraphs, and each contender beside what it is."""

    subgraphs: Running
    gateways: Sequence[tuple[Contender, Running]]


def measure(
    cases: Sequence[Case], contenders: Sequence[Contender], effort: Effort, tell: Tell
) -> Iterator[list[Result]]:
    """The results case by case. Raises DidNotStart or WrongAnswer."""
    with _arena(contenders, tell) as arena:
        for case in cases:
            yield _case(case, arena, effort, tell)


@contextmanager
def _arena(contenders: Sequence[Contender], tell: Tell) -> Iterator[Arena]:
    cores = Cores.of_this_machine()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(pinned(cores.others))
        port = free_port()
        command = [sys.executable, "-m", "benchmarks.router.subgraphs", "--port", str(port)]
        subgraphs = stack.enter_context(started(command, port=port, core=cores.others))
        supergraph = folder / "supergraph.graphql"
        supergraph.write_text(compose_supergraph(f"http://127.0.0.1:{port}"))
        gateways = []
        for contender in contenders:
            tell(f"starting {contender.title}")
            own = folder / contender.name
            own.mkdir()
            site = Site(free_port(), supergraph, own)
            gateway = started(
                contender.command(site), port=site.port, core=cores.gateway, environment=contender.environment
            )
            gateways.append((contender, stack.enter_context(gateway)))
        yield Arena(subgraphs, gateways)


def _case(case: Case, arena: Arena, effort: Effort, tell: Tell) -> list[Result]:
    true = truth(case)
    expected = {contender.name: Expected(true, contender.exact) for contender, _ in arena.gateways}
    for contender, gateway in arena.gateways:
        tell(f"{case.title}: warming up {contender.title}")
        _round(case, contender, gateway, arena, expected, effort.connections, effort.warm_up_s)
    rounds: dict[str, list[Round]] = {contender.name: [] for contender, _ in arena.gateways}
    for number in range(effort.rounds):
        for contender, gateway in arena.gateways:
            tell(f"{case.title}: round {number + 1} of {contender.title}")
            one = _round(case, contender, gateway, arena, expected, effort.connections, effort.round_s)
            rounds[contender.name].append(one)
    return [
        Result(case.name, contender.name, tuple(rounds[contender.name]), gateway.peak_bytes())
        for contender, gateway in arena.gateways
    ]


def _round(
    case: Case,
    contender: Contender,
    gateway: Running,
    arena: Arena,
    expected: dict[str, Expected],
    connections: int,
    seconds: float,
) -> Round:
    load = Load(gateway.port, case.body, expected[contender.name], connections, seconds)
    asked, own, others = _asked(arena.subgraphs), gateway.cpu_seconds(), _others(arena.subgraphs)
    try:
        answered = load.run()
    except WrongAnswer as error:
        raise WrongAnswer(f"{contender.title} on the {case.title}: {error}") from None
    return Round(
        rps=answered.requests / answered.seconds,
        cpu_us=(gateway.cpu_seconds() - own) / answered.requests * 1e6,
        p50_ms=answered.percentile(0.5) * 1e3,
        p99_ms=answered.percentile(0.99) * 1e3,
        fetches=(_asked(arena.subgraphs) - asked) / answered.requests,
        others_busy=(_others(arena.subgraphs) - others) / answered.seconds,
    )


def _asked(subgraphs: Running) -> int:
    with urlopen(f"http://127.0.0.1:{subgraphs.port}/asked") as answer:
        return int(json.load(answer)["asked"])


def _others(subgraphs: Running) -> float:
    return subgraphs.cpu_seconds() + time.process_time()
