"""What a program hands to the router that no file can hold."""

from __future__ import annotations

from dataclasses import dataclass

from router.pipeline import LabelSource, nobody_sets_labels
from router.plugins import Plugin
from router.security.policies import PolicySource
from router.security.revocation import RevocationCheck
from router.transport import Transport


@dataclass(frozen=True, slots=True)
class Given:
    """`transport` takes the place of HTTP to the subgraphs' URLs; `override_labels` says which labels of @override are true.

    `policies` decides @policy, `revoked` says whose token stopped to count; a function that the configuration names comes first. `plugins`
    come before those that the configuration names.
    """

    transport: Transport | None = None
    override_labels: LabelSource = nobody_sets_labels
    policies: PolicySource | None = None
    revoked: RevocationCheck | None = None
    plugins: tuple[Plugin, ...] = ()
