"""A life for pages to show: friends who paid, asked, gave back and were rewarded."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.people import People, Person

BALANCE = 250_00


@dataclass(frozen=True)
class Friends:
    """Ada has seen one of everything; `payment` went from her to Bob, who gave some of it back."""

    ada: Person
    bob: Person
    payment: str
    asked_of_ada: str
    asked_of_bob: str


async def friends(people: People) -> Friends:
    """Two people with payments both ways, a refund, a reward, an open request each and notifications."""
    ada, bob = await people.person("ada", balance=BALANCE), await people.person("bob", balance=BALANCE)
    payment = (await ada.send(40_00, bob))["id"]
    await ada.waits_for(
        "TRANSFER_SENT", "REWARD_ISSUED"
    )  # of payments both ways only the one that is heard of first earns
    await bob.send(12_34, ada)
    await bob.give_back(10_00, payment)
    asked = Friends(ada, bob, payment, await bob.ask_for(15_00, ada), await ada.ask_for(7_50, bob))
    await ada.waits_for(
        *("TRANSFER_SENT", "REWARD_ISSUED", "TRANSFER_RECEIVED", "TRANSFER_REFUNDED", "REWARD_CLAWED_BACK"),
        "PAYMENT_REQUESTED",
    )
    return asked
