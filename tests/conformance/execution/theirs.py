"""What the gateway's plan of an operation costs, and its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Price:
    """`fetches` are requests to subgraphs; `waves` is the most of them that wait for each other in a row."""

    fetches: int = 0
    waves: int = 0


def price(plan: Node, variables: Mapping[str, Any]) -> Price:
    """What a plan costs where its conditions have the values of the variables."""
    return _price(plan.get("node"), variables)


def _price(node: Node | None, variables: Mapping[str, Any]) -> Price:
    match node:
        case None:
            return Price()
        case {"kind": "Fetch"}:
            return Price(1, 1)
        case {"kind": "Flatten"}:
            return _price(node["node"], variables)
        case {"kind": "Condition"}:
            return _price(node.get("ifClause" if variables[node["condition"]] else "elseClause"), variables)
        case {"kind": "Subscription"}:
            return _in_sequence([_price(node["primary"], variables), _price(node.get("rest"), variables)])
        case {"kind": "Sequence"}:
            return _in_sequence([_price(child, variables) for child in node["nodes"]])
    children = [_price(child, variables) for child in node["nodes"]]
    return Price(sum(child.fetches for child in children), max((child.waves for child in children), default=0))


def _in_sequence(prices: list[Price]) -> Price:
    return Price(sum(each.fetches for each in prices), sum(each.waves for each in prices))


def shown(plan: Node) -> str:
    """The plan as text, in the manner of `router.plan.show`."""
    return "\n".join(_lines(plan.get("node"), 0))


def _lines(node: Node | None, depth: int, path: str = "") -> Iterator[str]:
    match node:
        case None:
            yield f"{INDENT * depth}nothing"
        case {"kind": "Fetch"}:
            inputs = f" {_selections(node['requires'])} =>" if node.get("requires") else ""
            yield f"{INDENT * depth}Fetch {node['serviceName']}{path}{inputs} {node['operation']}"
        case {"kind": "Flatten"}:
            yield from _lines(node["node"], depth, f" at {'.'.join(map(str, node['path']))}")
        case {"kind": "Condition"}:
            for clause in ("ifClause", "elseClause"):
                if node.get(clause):
                    yield f"{INDENT * depth}{clause[:-6]} ${node['condition']}"
                    yield from _lines(node[clause], depth + 1)
        case {"kind": "Subscription"}:
            yield f"{INDENT * depth}Subscription"
            yield from _lines(node["primary"], depth + 1)
            yield from _lines(node.get("rest"), depth + 1)
        case _:
            yield f"{INDENT * depth}{node['kind']}"
            for child in node["nodes"]:
                yield from _lines(child, depth + 1)


def _selections(selections: list[Node]) -> str:
    return "{ " + " ".join(map(_selection, selections)) + " }"


def _selection(selection: Node) -> str:
    below = f" {_selections(selection['selections'])}" if selection.get("selections") else ""
    if selection["kind"] == "InlineFragment":
        return f"... on {selection['typeCondition']}{below}"
    return f"{selection['name']}{below}"
