"""The notation of paths in shown plans."""

from __future__ import annotations

from router.plan.nodes import Each, Path


def path_items(path: Path) -> list[str]:
    """The steps of a path: a key, `@` for a list level, and `|[Type]` behind the step that reaches a guarded object.

    In a plan a guard belongs to the step that leaves the object; the notation, which is Apollo's, puts it where the object stands.
    """
    items: list[str] = []
    for step in path:
        if isinstance(step, Each):
            items.append("@")
            continue
        if step.on and items:
            items[-1] += f"|[{','.join(step.on)}]"
        items.append(step.key)
    return items
