"""Interface objects of federation 2 beside interface keys of federation 1, which never promised to name the implementation."""

from __future__ import annotations

from router.composition.model.report import Report
from router.composition.rules import interface_object_usage_error
from router.composition.upgrade.surroundings import Versions


def check_interface_keys(versions: Versions, report: Report) -> None:
    """Report interface objects whose interface has its key in a federation 1 subgraph."""
    for sources in versions.values():
        objects = [source for source in sources if source.element.has("interfaceObject")]
        keyed = [
            source
            for source in sources
            if source.subgraph.federation_1 and source.element.kind == "INTERFACE" and source.element.has("key")
        ]
        if objects and keyed:
            interface_object_usage_error.report_federation_1_key(objects, keyed, report)
