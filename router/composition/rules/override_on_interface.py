"""OVERRIDE_ON_INTERFACE: an @override stands on a field of an object type."""

from __future__ import annotations

from router.composition.codes import Code
from router.composition.model.overriding import Override


def report(override: Override) -> None:
    """Report an override on an interface field."""
    problem = "interface fields are not resolved, so nobody takes them over: override those of the implementations"
    override.error(Code.OVERRIDE_ON_INTERFACE, problem)
