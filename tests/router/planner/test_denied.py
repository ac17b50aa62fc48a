"""Fields that authorization denied: shown as null, never fetched, and never filled by accident."""

from __future__ import annotations

from dataclasses import replace

from router.executor import execute
from router.operation import FieldSelection, Operation, Selection
from router.plan import QueryPlan
from router.planner import plan
from tests.router.plan_invariants import assert_plan_invariants
from tests.router.planning import fixture, line, normalized
from tests.router.world import World, WorldTransport

PAYMENTS = fixture("payments")
HARBOUR = fixture("harbour")


def denying(operation: Operation, *coordinates: str) -> Operation:
    """The operation with every selection of these fields (`Type.field`) denied."""

    def deny(selection: Selection) -> Selection:
        below = tuple(map(deny, selection.selections))
        if isinstance(selection, FieldSelection) and f"{selection.parent}.{selection.name}" in coordinates:
            return replace(selection, selections=below, denied=True)
        return replace(selection, selections=below)

    return replace(operation, selections=tuple(map(deny, operation.selections)))


def lines(made: QueryPlan, operation: Operation) -> list[str]:
    supergraph = PAYMENTS if made.fetches and made.fetches[0].subgraph == "users" else HARBOUR
    assert_plan_invariants(made, supergraph, operation)
    return [line(fetch) for fetch in made.fetches]


def test_a_denied_field_plans_neither_fetch_nor_input() -> None:
    """No hop to the subgraph of a denied field, no key for it, nothing of what it selects."""
    operation = denying(normalized(PAYMENTS, "{ me { handle wallets { owner { email } } } }"), "User.wallets")
    made = plan(operation, PAYMENTS)
    assert lines(made, operation) == ["0 users {me{handle}}"]
    me = made.output.by_type["Query"][0].selection
    assert me is not None
    assert [field.key for field in me.by_type["User"]] == ["handle", "wallets"]


def test_a_denied_root_field_is_not_called() -> None:
    """With every root field denied there is nothing to fetch."""
    operation = denying(normalized(PAYMENTS, "{ me { handle } }"), "Query.me")
    assert plan(operation, PAYMENTS).fetches == ()


def test_an_object_with_only_denied_fields_is_still_looked_up() -> None:
    """Whether it is null is not what was denied."""
    operation = denying(normalized(PAYMENTS, '{ userByHandle(handle: "x") { email } }'), "User.email")
    assert lines(plan(operation, PAYMENTS), operation) == ['0 users {userByHandle(handle:"x"){__typename}}']


async def test_an_input_of_another_field_does_not_fill_a_denied_one() -> None:
    """A denied `imo` stays null although `toll` requires it: what is denied stands under a key that nothing fills."""
    operation = denying(normalized(HARBOUR, "{ vessels { captain { id } imo toll } }"), "Vessel.captain", "Vessel.imo")
    made = plan(operation, HARBOUR)
    assert lines(made, operation)[0] == "0 fleet {vessels{__typename length imo}}"
    result = await execute(
        made,
        supergraph=HARBOUR,
        variables={},
        transport=WorldTransport(World(HARBOUR, seed=2, nulls=False)),
        denied=[("vessels", "@", "imo")],
    )
    assert result.errors == ()
    assert result.json == b"null"  # it may not be null, and its list may not either


def test_a_field_denied_under_one_condition_is_denied_where_conditions_meet() -> None:
    """Selected on the interface and on a type, denied on one of them: what cannot be told apart is denied."""
    operation = denying(normalized(HARBOUR, "{ fleetOnly { name ... on Tug { name } } }"), "Tug.name")
    made = plan(operation, HARBOUR)
    assert lines(made, operation) == ["0 fleet {fleetOnly{__typename ...on Vessel{name}}}"]
