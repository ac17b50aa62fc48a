"""What people are told of requests and refunds, with what that leads to in other services, and what they do about it."""

from __future__ import annotations

from tests.e2e.people import People, key

PAY = "mutation ($input: PayRequestInput!) { payRequest(input: $input) { ... on Transfer { id } ... on Problem { message } } }"
TOLD = """
{ me { unreadNotificationCount notifications { edges { cursor node {
  id kind title
  transfer { kind amount { formatted } refundOf { id } }
  paymentRequest { id status requester { handle } }
} } } } }
"""
MARK = "mutation ($ids: [ID!]!) { markNotificationsRead(ids: $ids) { id readAt transfer { id } } }"
MARK_ALL = "mutation ($upTo: String) { markAllNotificationsRead(upTo: $upTo) }"
MUTE = "mutation { setNotificationPreference(kind: TRANSFER_RECEIVED, enabled: false) { kind enabled } }"


async def test_requests_and_refunds_are_told(people: People) -> None:
    """Ada is asked, pays, and gets some of it back: each side is told its part, completed by the services that know it."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    asked = await bob.ask_for(12_50, ada)
    await ada.waits_for("PAYMENT_REQUESTED")
    payment = {"id": asked, "fromWalletId": ada.wallet_id, "idempotencyKey": key()}
    paid = (await ada.ask(PAY, {"input": payment}))["payRequest"]["id"]
    await bob.give_back(2_50, paid)

    await ada.waits_for(
        "PAYMENT_REQUESTED", "TRANSFER_SENT", "REWARD_ISSUED", "TRANSFER_REFUNDED", "REWARD_CLAWED_BACK"
    )
    await bob.waits_for("TRANSFER_RECEIVED", "PAYMENT_REQUEST_CLOSED", "TRANSFER_REFUNDED")
    told = {edge["node"]["kind"]: edge["node"] for edge in (await bob.ask(TOLD))["me"]["notifications"]["edges"]}

    refund = {"kind": "REFUND", "amount": {"formatted": "$2.50"}, "refundOf": {"id": paid}}
    request = {"id": asked, "status": "PAID", "requester": {"handle": bob.handle}}
    assert (told["TRANSFER_REFUNDED"]["title"], told["TRANSFER_REFUNDED"]["transfer"]) == (
        "You gave $2.50 back",
        refund,
    )
    assert told["PAYMENT_REQUEST_CLOSED"]["paymentRequest"] == request
    assert told["TRANSFER_RECEIVED"]["transfer"]["amount"] == {"formatted": "$12.50"}


async def test_reading_and_muting(people: People) -> None:
    """What is read is counted no more; what is muted is not told, though the money comes."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    for _ in range(3):
        await ada.send(1_00, bob)
    await bob.waits_for(*["TRANSFER_RECEIVED"] * 3)
    newest, middle, oldest = (await bob.ask(TOLD))["me"]["notifications"]["edges"]

    [marked] = (await bob.ask(MARK, {"ids": [oldest["node"]["id"]]}))["markNotificationsRead"]
    up_to = await bob.ask(MARK_ALL, {"upTo": middle["cursor"]})
    await bob.ask(MUTE)
    await ada.send(1_00, bob)
    await ada.waits_for(*["TRANSFER_SENT"] * 4, *["REWARD_ISSUED"] * 4)

    assert marked["id"] == oldest["node"]["id"]
    assert marked["readAt"]
    assert up_to == {"markAllNotificationsRead": 1}
    me = (await bob.ask(TOLD))["me"]
    assert me["unreadNotificationCount"] == 1
    assert [edge["cursor"] for edge in me["notifications"]["edges"]] == [
        each["cursor"] for each in (newest, middle, oldest)
    ]
    assert (await bob.balance())[0] == 4_00
