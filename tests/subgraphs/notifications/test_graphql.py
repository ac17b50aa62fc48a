"""The notifications service through its real application, subscriptions over real websockets included."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from payflow.kernel import hints as hints_module
from payflow.kernel.db import Database, counting_statements
from payflow.kernel.hints import MemoryHints, RedisHints
from payflow.kernel.ids import new_id
from payflow.kernel.tokens import Principal
from subgraphs.notifications import store
from subgraphs.notifications.app import create_app
from subgraphs.notifications.domain import (
    NotificationKind,
    RequestEnd,
    on_payment_request_closed,
    on_reward_issued,
    on_transfer_refunded,
)
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Client, Keys, running
from tests.subgraphs.notifications.world import NOW, cause, payment_request, refund, reward, service, tell

ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"
SUBSCRIBE = (
    "subscription ($after: String) { notifications(after: $after) { cursor title kind transfer { id } reward { id } } }"
)

MARK = "mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { id readAt } }"
MARK_ALL = "mutation ($upTo: String) { markAllNotificationsRead(upTo: $upTo) }"
PREFER = """
    mutation ($kind: NotificationKind!, $enabled: Boolean!) {
      setNotificationPreference(kind: $kind, enabled: $enabled) { kind enabled }
    }
"""


@pytest.fixture
async def platform(make_settings: MakeSettings, redis_url: str) -> AsyncIterator[tuple[Client, Database]]:
    settings = await make_settings("notifications", redis_url=redis_url)
    database = Database(settings.database_url("notifications"))
    async with running(create_app(settings)) as client:
        yield client, database
    await database.close()


@pytest.fixture
async def writer(redis_url: str) -> AsyncIterator[RedisHints]:
    """The hints of another process: the consumer's."""
    hints = RedisHints(redis_url)
    yield hints
    await hints.close()


async def of_user(client: Client, user_id: UUID, fields: str, *, token: str | None) -> dict[str, Any]:
    references = [{"__typename": "User", "id": str(user_id)}]
    data = await client.data(ENTITIES % f"... on User {{ {fields} }}", {"r": references}, token=token)
    found: dict[str, Any] = data["_entities"][0]
    return found


PAGE = "notifications(first: 2 %s) { edges { cursor node { title cursor readAt } } pageInfo { hasNextPage endCursor } }"


async def test_ones_own_notifications_by_pages(platform: tuple[Client, Database], keys: Keys) -> None:
    """The newest first, page by page; each edge's cursor is its notification's."""
    client, database = platform
    ada = new_id()
    await tell(database, ada, 3)
    token = keys.user_token(ada)

    first = (await of_user(client, ada, PAGE % "" + " unreadNotificationCount", token=token)).copy()
    after = first["notifications"]["pageInfo"]["endCursor"]
    second = await of_user(client, ada, PAGE % f', after: "{after}", unreadOnly: true', token=token)

    edges = [edge for page in (first, second) for edge in page["notifications"]["edges"]]
    assert [edge["node"]["title"] for edge in edges] == [f"You received ${number}.00" for number in (3, 2, 1)]
    assert all(edge["cursor"] == edge["node"]["cursor"] for edge in edges)
    assert first["unreadNotificationCount"] == 3
    assert [page["notifications"]["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


async def test_others_see_nothing(platform: tuple[Client, Database], keys: Keys) -> None:
    """A stranger, a service and nobody at all find an empty stream, and no notification by its id."""
    client, database = platform
    ada, event_id, cashback = new_id(), new_id(), reward()
    await tell(database, ada, 2)
    async with database.unit_of_work() as work:
        await service().tell(on_reward_issued(cause(event_id), cashback), work)

    (notice,) = on_reward_issued(cause(event_id), cashback)
    reference = [{"__typename": "Notification", "id": str(notice.id)}]

    for token in (None, keys.user_token(new_id()), keys.service_token("rewards")):
        fields = "notifications { edges { cursor } } unreadNotificationCount notificationCursor"
        found = await of_user(client, ada, fields, token=token)
        assert found == {"notifications": {"edges": []}, "unreadNotificationCount": 0, "notificationCursor": None}
        data = await client.data(ENTITIES % "... on Notification { title }", {"r": reference}, token=token)
        assert data["_entities"] == [None]

    own = await client.data(
        ENTITIES % "... on Notification { kind title reward { id } transfer { id } }",
        {"r": reference},
        token=keys.user_token(cashback.user_id),
    )
    assert own["_entities"] == [
        {
            "kind": "REWARD_ISSUED",
            "title": "You earned $0.25",
            "reward": {"id": str(cashback.id)},
            "transfer": {"id": str(cashback.transfer_id)},
        }
    ]


@pytest.mark.parametrize("arguments", ["first: 0", "first: 101", 'after: "nonsense"', 'after: "LTE"'])
async def test_bad_pages_are_said_to_be_bad(platform: tuple[Client, Database], keys: Keys, arguments: str) -> None:
    """A page of no size, and a cursor that is none of ours, are the client's errors."""
    ada = new_id()
    answer = await platform[0].execute(
        ENTITIES % f"... on User {{ notifications({arguments}) {{ edges {{ cursor }} }} }}",
        {"r": [{"__typename": "User", "id": str(ada)}]},
        token=keys.user_token(ada),
    )

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_notifications_arrive_live(platform: tuple[Client, Database], keys: Keys, writer: RedisHints) -> None:
    """What another process writes reaches an open subscription through Redis, at once."""
    client, database = platform
    ada = new_id()
    await tell(database, ada)
    soon_s = hints_module.REREAD_S / 2  # without a hint the service looks again behind that only

    async with client.subscribe(SUBSCRIBE, {"after": "MA"}, token=keys.user_token(ada)) as subscription:
        assert await subscription.next() is not None, "it is open"
        await asyncio.sleep(0.3)
        await tell(database, ada, 2, hints=writer)
        first, second = await subscription.next(within_s=soon_s), await subscription.next(within_s=soon_s)

    assert first is not None
    assert second is not None
    assert [each["data"]["notifications"]["title"] for each in (first, second)] == [
        "You received $1.00",
        "You received $2.00",
    ]


async def test_a_reader_who_reconnects_misses_nothing(
    platform: tuple[Client, Database], keys: Keys, writer: RedisHints
) -> None:
    """Fifty notifications while the connection breaks again and again: with its last cursor the reader gets each once."""
    client, database = platform
    ada, chance = new_id(), random.Random(7)
    await tell(database, ada, 1)
    titles: list[str] = []
    writing = asyncio.create_task(tell(database, ada, 50, hints=writer))
    cursor: str | None = None

    while len(titles) < 51:
        variables = {"after": cursor or "MA"}  # the start of a stream
        async with client.subscribe(SUBSCRIBE, variables, token=keys.user_token(ada)) as subscription:
            for _ in range(min(chance.randint(1, 12), 51 - len(titles))):
                event = await subscription.next(within_s=20)
                assert event is not None
                titles.append(event["data"]["notifications"]["title"])
                cursor = event["data"]["notifications"]["cursor"]

    await writing
    assert titles == ["You received $1.00", *(f"You received ${number}.00" for number in range(1, 51))]


async def test_a_stream_can_be_followed_from_before_its_first(
    platform: tuple[Client, Database], keys: Keys, writer: RedisHints
) -> None:
    """Its cursor is there before any notification is: what comes between reading it and subscribing is told, and what comes later."""
    client, database = platform
    ada = new_id()
    token = keys.user_token(ada)

    for came in (["You received $1.00"], ["You received $1.00", "You received $2.00"]):
        cursor = (await of_user(client, ada, "notificationCursor", token=token))["notificationCursor"]
        await tell(database, ada, len(came), hints=writer)
        async with client.subscribe(SUBSCRIBE, {"after": cursor}, token=token) as subscription:
            events = [await subscription.next() for _ in came]
        assert [event["data"]["notifications"]["title"] for event in events if event] == came


@pytest.mark.parametrize(
    ("after", "code"), [("nonsense", "BAD_USER_INPUT"), ("OTk", "BAD_USER_INPUT")], ids=["no cursor", "ahead"]
)
async def test_a_bad_cursor_ends_the_subscription(
    platform: tuple[Client, Database], keys: Keys, after: str, code: str
) -> None:
    """A cursor that is none of ours, or that lies ahead, is said to be wrong."""
    async with platform[0].subscribe(SUBSCRIBE, {"after": after}, token=keys.user_token(new_id())) as subscription:
        event = await subscription.next()

    assert event is not None
    assert [error["extensions"]["code"] for error in event["errors"]] == [code]


async def test_marking_read(platform: tuple[Client, Database], keys: Keys) -> None:
    """One's own by id, then all up to a cursor, then the rest; the count of unread ones follows."""
    client, database = platform
    ada, bob = new_id(), new_id()
    await tell(database, ada, 5)
    await tell(database, bob, 1)
    token = keys.user_token(ada)
    page = await of_user(client, ada, "notifications(first: 5) { edges { cursor node { id } } }", token=token)
    ids = [edge["node"]["id"] for edge in page["notifications"]["edges"]]
    third = page["notifications"]["edges"][2]["cursor"]
    others = await of_user(client, bob, "notifications { edges { node { id } } }", token=keys.user_token(bob))
    bobs = others["notifications"]["edges"][0]["node"]["id"]

    marked = await client.data(MARK, {"ids": [ids[0], bobs, "nonsense", ids[4]]}, token=token)
    up_to = await client.data(MARK_ALL, {"upTo": third}, token=token)
    left = await of_user(client, ada, "unreadNotificationCount", token=token)
    rest = await client.data(MARK_ALL, token=token)

    assert [each["id"] for each in marked["markNotificationsRead"]] == [ids[0], ids[4]]
    assert all(each["readAt"] for each in marked["markNotificationsRead"])
    assert (up_to["markAllNotificationsRead"], left["unreadNotificationCount"]) == (2, 1)
    assert rest["markAllNotificationsRead"] == 1
    unread = "unreadNotificationCount notifications(unreadOnly: true) { edges { cursor } }"
    assert await of_user(client, ada, unread, token=token) == {
        "unreadNotificationCount": 0,
        "notifications": {"edges": []},
    }
    bobs_count = await of_user(client, bob, "unreadNotificationCount", token=keys.user_token(bob))
    assert bobs_count == {"unreadNotificationCount": 1}


async def test_all_is_more_than_one_commit_marks(
    platform: tuple[Client, Database], keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are, each commit marks a bounded number, until none is left."""
    for module in ("service", "mutations"):
        monkeypatch.setattr(f"subgraphs.notifications.{module}.MARKED_MAX", 3)
    client, database = platform
    ada = new_id()
    await tell(database, ada, 7)

    assert await client.data(MARK_ALL, token=keys.user_token(ada)) == {"markAllNotificationsRead": 7}


@pytest.mark.parametrize(
    ("mutation", "variables", "sentence"),
    [
        (MARK, {"ids": [str(new_id())] * 101}, "ids may name 100 notifications at a time, got 101"),
        (MARK_ALL, {"upTo": "nonsense"}, "The cursor is not valid"),
        (MARK_ALL, {"upTo": "OTk"}, "The cursor lies ahead of your notifications"),
    ],
    ids=["too many", "no cursor", "ahead"],
)
async def test_bad_marks_are_said_to_be_bad(
    platform: tuple[Client, Database], keys: Keys, mutation: str, variables: dict[str, Any], sentence: str
) -> None:
    """The client's errors, with the way out; nothing is marked."""
    answer = await platform[0].execute(mutation, variables, token=keys.user_token(new_id()))

    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert sentence in error["message"]


async def test_preferences(platform: tuple[Client, Database], keys: Keys) -> None:
    """Everybody is told of everything until they say otherwise, of a kind, and only they see what they want."""
    client, database = platform
    ada = new_id()
    token, fields = keys.user_token(ada), "notificationPreferences { kind enabled }"

    before = await of_user(client, ada, fields, token=token)
    answer = await client.data(PREFER, {"kind": "TRANSFER_RECEIVED", "enabled": False}, token=token)
    await tell(database, ada, 2)
    after = await of_user(client, ada, fields + " unreadNotificationCount", token=token)
    await client.data(PREFER, {"kind": "TRANSFER_RECEIVED", "enabled": True}, token=token)

    kinds = {kind.value: True for kind in NotificationKind}
    assert {each["kind"]: each["enabled"] for each in before["notificationPreferences"]} == kinds
    assert answer == {"setNotificationPreference": {"kind": "TRANSFER_RECEIVED", "enabled": False}}
    muted = {each["kind"]: each["enabled"] for each in after["notificationPreferences"]}
    assert muted == kinds | {"TRANSFER_RECEIVED": False}
    assert after["unreadNotificationCount"] == 0
    assert await of_user(client, ada, fields, token=token) == before
    for stranger in (None, keys.user_token(new_id())):
        assert await of_user(client, ada, fields, token=stranger) == {"notificationPreferences": []}


@pytest.mark.parametrize(
    ("mutation", "variables"),
    [(MARK, {"ids": []}), (MARK_ALL, {}), (PREFER, {"kind": "TRANSFER_SENT", "enabled": False})],
    ids=["mark", "mark all", "prefer"],
)
async def test_nobody_and_no_service_changes_anything(
    platform: tuple[Client, Database], keys: Keys, mutation: str, variables: dict[str, Any]
) -> None:
    """Streams are people's."""
    for token in (None, keys.service_token("rewards")):
        answer = await platform[0].execute(mutation, variables, token=token)
        assert [error["extensions"]["code"] for error in answer["errors"]] in (["UNAUTHENTICATED"], ["FORBIDDEN"])


async def test_what_a_notification_leads_to(platform: tuple[Client, Database], keys: Keys) -> None:
    """The refund of a payment, a request, and the transfer that paid it."""
    client, database = platform
    ada, paid_by = new_id(), new_id()
    back, asked = refund(payer_id=ada), payment_request(requester_id=ada)
    async with database.unit_of_work() as work:
        notices = [
            *on_transfer_refunded(cause(), back),
            *on_payment_request_closed(cause(), asked, RequestEnd.PAID, transfer_id=paid_by),
        ]
        await service().tell(notices, work)

    fields = "notifications { edges { node { kind happenedAt transfer { id } paymentRequest { id } reward { id } } } }"
    page = await of_user(client, ada, fields, token=keys.user_token(ada))

    happened_at = "2026-11-22T13:05:00.000000Z"
    assert [edge["node"] for edge in page["notifications"]["edges"]] == [
        {
            "kind": "PAYMENT_REQUEST_CLOSED",
            "happenedAt": happened_at,
            "transfer": {"id": str(paid_by)},
            "paymentRequest": {"id": str(asked.id)},
            "reward": None,
        },
        {
            "kind": "TRANSFER_REFUNDED",
            "happenedAt": happened_at,
            "transfer": {"id": str(back.id)},
            "paymentRequest": None,
            "reward": None,
        },
    ]


async def test_an_expired_cursor_ends_the_subscription(platform: tuple[Client, Database], keys: Keys) -> None:
    """What follows it has been let go of: the client learns that by a code of its own."""
    client, database = platform
    ada = new_id()
    await tell(database, ada, 3)
    async with database.unit_of_work() as work:
        await store.let_go(work, before=NOW + timedelta(seconds=1), most=100)

    async with client.subscribe(SUBSCRIBE, {"after": "MA"}, token=keys.user_token(ada)) as subscription:
        event = await subscription.next()
        end = await subscription.next()

    assert event is not None
    assert [error["extensions"]["code"] for error in event["errors"]] == ["CURSOR_EXPIRED"]
    assert end is None


@pytest.mark.parametrize(
    ("failure", "code"),
    [(ConnectionRefusedError("no database"), "UNAVAILABLE"), (RuntimeError("secret"), "INTERNAL_SERVER_ERROR")],
    ids=["database away", "fault"],
)
async def test_a_failure_ends_the_subscription_with_one_sentence(
    platform: tuple[Client, Database],
    keys: Keys,
    writer: RedisHints,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    code: str,
) -> None:
    """In the middle of a stream: what the client has stays, it learns whether to come again, and no more than that."""
    client, database = platform
    ada = new_id()
    await tell(database, ada)
    original = store.since

    async def since(*arguments: Any, **named: Any) -> Any:
        if (await original(*arguments, **named))[arguments[1][0]]:
            return await original(*arguments, **named)
        raise failure

    monkeypatch.setattr(store, "since", since)
    async with client.subscribe(SUBSCRIBE, {"after": "MA"}, token=keys.user_token(ada)) as subscription:
        first, second, end = [await subscription.next() for _ in range(3)]

    assert first is not None
    assert second is not None
    assert first["data"]["notifications"]["title"] == "You received $1.00"
    assert [error["extensions"]["code"] for error in second["errors"]] == [code]
    assert str(failure) not in str(second)
    assert end is None


async def test_nobody_may_not_subscribe(platform: tuple[Client, Database]) -> None:
    """Without a token there is no stream."""
    async with platform[0].subscribe(SUBSCRIBE) as subscription:
        event = await subscription.next()

    assert event is not None
    assert [error["extensions"]["code"] for error in event["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    ("typename", "fields", "table"),
    [
        ("Notification", "... on Notification { title }", "FROM notifications"),
        ("User", "... on User { notifications { edges { cursor } } }", "FROM notifications"),
        ("User", "... on User { unreadNotificationCount }", "FROM readers"),
        ("User", "... on User { notificationCursor }", "FROM readers"),
        ("User", "... on User { notificationPreferences { enabled } }", "FROM preferences"),
    ],
)
async def test_entities_cost_one_statement(make_settings: MakeSettings, typename: str, fields: str, table: str) -> None:
    """However many references, the loader asks the database once."""
    from subgraphs.notifications.context import Context
    from subgraphs.notifications.loaders import make_loaders
    from subgraphs.notifications.schema import schema
    from subgraphs.notifications.stream import Streams

    database = Database((await make_settings("notifications")).database_url("notifications"))
    me = str(new_id())
    context = Context(
        principal=Principal("user", me),
        database=database,
        loaders=make_loaders(database),
        notifications=service(),
        streams=Streams(database, MemoryHints()),
    )
    references = [{"__typename": typename, "id": me if typename == "User" else str(new_id())} for _ in range(50)]

    async with counting_statements(database.engine) as statements:
        result = await schema.execute(ENTITIES % fields, {"r": references}, context_value=context)

    assert not result.errors
    assert len([statement for statement in statements if table in statement]) == 1
    await database.close()


async def test_health(platform: tuple[Client, Database]) -> None:
    """Liveness and readiness answer 200 while the database does."""
    assert (await platform[0].get("/health"))[0] == 200
    assert (await platform[0].get("/ready"))[0] == 200
