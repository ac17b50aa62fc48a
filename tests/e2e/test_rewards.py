"""Rewards through the whole platform: earned, partly taken back when a part of the payment is refunded, and none for money that returns."""

from __future__ import annotations

from tests.e2e.people import People

EARNED = """
{
  me {
    rewardsEarned { amount }
    rewards { edges { node { status clamped amount { amount } clawedBack { amount } campaign { name version } transfer { id } } } }
    notifications { edges { node { kind title reward { id } } } }
    wallets { entries { edges { node { kind amount { amount } } } } }
  }
}
"""


async def test_what_is_refunded_is_not_earned(people: People) -> None:
    """$25.00 earn $0.25; $10.00 of it come back, and so do $0.10: in the wallet, on its statement, in a notification."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    paid = (await ada.send(25_00, bob))["id"]
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED")
    assert (await ada.balance())[0] == 75_25

    await bob.give_back(10_00, paid)
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED", "TRANSFER_REFUNDED", "REWARD_CLAWED_BACK")

    assert (await ada.balance())[0] == 85_15
    me = (await ada.ask(EARNED))["me"]
    [reward] = [edge["node"] for edge in me["rewards"]["edges"]]
    assert reward == {
        "status": "ISSUED",
        "clamped": False,
        "amount": {"amount": 25},
        "clawedBack": {"amount": 10},
        "campaign": {"name": "Welcome cashback", "version": 1},
        "transfer": {"id": paid},
    }
    assert me["rewardsEarned"] == [{"amount": 15}]
    told = {edge["node"]["kind"]: edge["node"] for edge in me["notifications"]["edges"]}
    assert told["REWARD_CLAWED_BACK"]["title"] == "$0.10 of a reward was taken back"
    assert told["REWARD_CLAWED_BACK"]["reward"] == told["REWARD_ISSUED"]["reward"]
    lines = [(edge["node"]["kind"], edge["node"]["amount"]["amount"]) for edge in me["wallets"][0]["entries"]["edges"]]
    assert ("REWARD_CLAWBACK", -10) in lines
    assert ("REWARD", 25) in lines


async def test_money_that_returns_earns_nothing(people: People) -> None:
    """Ada pays Bob and earns; Bob pays her back and earns only what he pays Eve, nor does Ada when she pays him again."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    await ada.send(25_00, bob)
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED")
    await bob.send(20_00, ada)
    eve = await people.person("eve")
    await bob.send(1_00, eve)  # what is heard of later has been decided later, too
    await bob.waits_for("TRANSFER_RECEIVED", *["TRANSFER_SENT"] * 2, "REWARD_ISSUED")
    await ada.send(5_00, bob)

    await ada.waits_for(*["TRANSFER_SENT"] * 2, "REWARD_ISSUED", "TRANSFER_RECEIVED")
    await ada.send(10_00, eve)
    await ada.waits_for(*["TRANSFER_SENT"] * 3, *["REWARD_ISSUED"] * 2, "TRANSFER_RECEIVED")
    assert (await bob.ask(EARNED))["me"]["rewardsEarned"] == [{"amount": 1}]
    assert (await ada.ask(EARNED))["me"]["rewardsEarned"] == [{"amount": 35}]
