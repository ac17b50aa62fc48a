"""What can keep the stack from starting or stopping. Every message is one sentence that says what is wrong and the way out.

StackError
├── CannotStart       something on this machine stands in the way: a taken port, a missing binary, a part that dies
├── AlreadyRunning    this data directory has a running stack
├── Unreachable       an external server named by a PAYFLOW_* variable does not answer
└── CannotStop        the supervisor does not end
"""

from __future__ import annotations

from payflow.kernel.errors import PayflowError


class StackError(PayflowError):
    """The stack does not start or stop; the CLI prints the message and exits with 1."""


class CannotStart(StackError):
    """Something on this machine stands in the way."""


class AlreadyRunning(StackError):
    """This data directory has a running stack."""


class Unreachable(StackError):
    """An external server, named by an environment variable, does not answer."""


class CannotStop(StackError):
    """The supervisor does not end."""
