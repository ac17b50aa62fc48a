"""Bounds of operations and answers: each has its key, its code and its sentence, and holds before anything is spent."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.config.limits import LimitSettings
from router.exchange import ClientRequest, ClientResponse
from router.limits import NESTING_MAX, OVERLAPS_MAX
from router.pipeline import RouterState, answer, subscribe
from router.supergraph import load_supergraph
from tests.router.blog import Blog, supergraph_sdl

SUPERGRAPH = load_supergraph(supergraph_sdl())


async def ask(query: str, **bounds: Any) -> ClientResponse:
    router = RouterState(SUPERGRAPH, Blog().transport(), bounds=LimitSettings(**bounds))
    return await answer(ClientRequest(query), router)


def code(response: ClientResponse) -> str:
    if response.refusal is None:
        return "ok"
    return str(response.refusal.formatted()[0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("key", "over", "within"),
    [
        ("tokens", "{ a: hello b: hello }", "{ a: hello }"),
        ("depth", "{ posts { author { id name } } }", "{ posts { id } hello users { id } }"),
        ("fields", "{ ...F ...F } fragment F on Query { hello users { id } }", "{ hello users { id } }"),
        (
            "root_fields",
            "{ a: hello b: hello c: hello ...F } fragment F on Query { d: hello }",
            "{ hello users { id } }",
        ),
        ("height", "{ hello users { id name } }", "{ a: hello b: hello c: hello d: hello users { id } }"),
        ("aliases", "{ a: hello b: hello c: hello d: hello }", "{ hello users { a: id b: id } }"),
        (
            "directives",
            "{ hello @skip(if: true) ...F ...F } fragment F on Query { a: hello @skip(if: true) }",
            "{ hello }",
        ),
    ],
)
async def test_each_bound_has_its_code(key: str, over: str, within: str) -> None:
    """What is over is refused with 400 and a sentence that has the number; what is just within is answered."""
    bound = {"tokens": 6, "depth": 2}.get(key, 3) if key != "directives" else 2
    refused = await ask(over, **{key: bound})
    assert code(refused) == f"MAX_{key.upper()}_LIMIT"
    assert refused.refusal is not None
    assert refused.refusal.status == 400
    assert str(bound) in str(refused.refusal)
    assert code(await ask(within, **{key: bound})) == "ok"


async def test_a_bound_may_only_warn() -> None:
    """The operation runs, and the log has its code and its numbers."""
    with capture_logs() as logs:
        assert code(await ask("{ a: hello b: hello }", aliases=1, warn_only=True)) == "ok"
    [entry] = [entry for entry in logs if entry["event"] == "operation over a limit"]
    assert (entry["code"], entry["count"], entry["limit"]) == ("MAX_ALIASES_LIMIT", 2, 1)


async def test_a_bound_can_be_lifted() -> None:
    """Null is no bound."""
    query = "{" + " ".join(f"a{n}: hello" for n in range(1_200)) + "}"
    assert code(await ask(query)) == "MAX_ROOT_FIELDS_LIMIT"
    assert code(await ask(query, aliases=None, root_fields=None, fields=5_000)) in ("ok", "LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        ("{" + " hello" * 5_000 + "}", "MAX_OVERLAPS_LIMIT"),
        ("{" + " users { id posts: id }" * 600 + "}", "MAX_OVERLAPS_LIMIT"),
        ("{" + " ".join(f"users {{ ...F{n} }}" for n in range(400)) + "}"
         + " ".join(f" fragment F{n} on User {{ id name }}" for n in range(400)), "MAX_OVERLAPS_LIMIT"),
        ("{" * 7_000, "GRAPHQL_PARSE_FAILED"),
        ("{ posts " + "{ author { id } " * 300, "GRAPHQL_PARSE_FAILED"),
        ("{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(NESTING_MAX + 2))
         + f" fragment F{NESTING_MAX + 2} on Query {{ hello }}", "MAX_DEPTH_LIMIT"),
        ("{ ...F0 }" + "".join(f" fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
         + " fragment F40 on Query { hello }", "MAX_FIELDS_LIMIT"),
        ("{ hello " + "@skip(if: false) " * 1_000 + "}", "MAX_DIRECTIVES_LIMIT"),
        ("query(" + " ".join(f"$v{n}: Int" for n in range(2_500)) + ") { hello }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_an_attack_is_refused_at_once(attack: str, expected: str) -> None:
    """What would take validation seconds is told from its extent; a second is ten times what any of them needs here."""
    begun = process_time()
    assert code(await ask(attack)) == expected
    assert process_time() - begun < 1.0


async def test_fields_that_share_a_key_are_fine_as_long_as_they_are_few() -> None:
    """A page of components that each select the same fields is no attack."""
    fragments = " ".join(f"fragment F{n} on User {{ id name }}" for n in range(100))
    spread = " ".join(f"...F{n}" for n in range(100))
    assert OVERLAPS_MAX > 2 * 100 * 99 / 2
    assert code(await ask(f"{{ users {{ {spread} }} }} {fragments}")) == "ok"


@pytest.mark.parametrize(
    "query",
    ["{ __schema { queryType { name } } }", '{ ...F } fragment F on Query { t: __type(name: "User") { name } }'],
)
async def test_introspection_can_be_turned_off(query: str) -> None:
    """The schema is given out unless the configuration says no; names of types are no introspection."""
    assert code(await ask(query)) == "ok"
    refused = await ask(query, introspection=False)
    assert refused.refusal is not None
    assert (code(refused), refused.refusal.status) == ("INTROSPECTION_DISABLED", 403)
    assert code(await ask("{ __typename users { __typename } }", introspection=False)) == "ok"


@pytest.mark.parametrize("query", ["{ helo }", "{ users { nam } }", "{ hello(nme: 1) }", "{ ... on Usr { id } }"])
async def test_a_schema_that_is_not_given_out_is_not_guessed_by_its_errors(query: str) -> None:
    """With introspection goes the "Did you mean", which would tell the schema name by name."""
    for introspection in (True, False):
        refused = await ask(query, introspection=introspection)
        assert code(refused) == "GRAPHQL_VALIDATION_FAILED"
        assert ("Did you mean" in str(refused.refusal)) is introspection


async def test_an_answer_has_a_size() -> None:
    """One that is larger is not sent: the client is told to ask for less."""
    assert code(await ask("{ users { id name } }", response_bytes=20)) == "MAX_RESPONSE_LIMIT"
    assert code(await ask("{ hello }", response_bytes=30)) == "ok"


async def test_parts_of_an_answer_have_a_size_together() -> None:
    """To defer is no way to get more: what is over it ends the answer, with the code that it would have had at once."""
    query = "{ users { id ... @defer { name } } }"

    async def parts(most: int) -> list[ClientResponse]:
        router = RouterState(SUPERGRAPH, Blog().transport(), bounds=LimitSettings(response_bytes=most))
        return [each async for each in subscribe(ClientRequest(query, incremental=True), router)]

    whole = await parts(1_000)
    assert len(whole) > 1
    assert [code(each) for each in whole] == ["ok"] * len(whole)
    assert [code(each) for each in await parts(40)] == ["ok", "MAX_RESPONSE_LIMIT"]
