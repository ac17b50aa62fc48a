"""Money between people, each at a browser of their own: what one does, the other sees without a reload."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Route, expect

from tests.e2e.people import People, Person
from tests.web.guard import AWAY
from tests.web.sources import PATIENCE_S
from tests.web.window import Windows, visitor, visitor_of

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(PATIENCE_S + 60)]

PAID_WITHIN_S = 30.0  # a matter of milliseconds, on a machine that has time


async def is_paid(payee: Person, amount: int) -> None:
    """Soon: where the machine is busy, a transfer is answered before it is through."""
    async with asyncio.timeout(PAID_WITHIN_S):
        while await payee.balance() != (amount, 0):
            await asyncio.sleep(0.1)


async def test_the_story(windows: Windows) -> None:
    """Two sign up; she tops up and pays him; his page shows it live; she is rewarded; he gives some back, and hers shows that."""
    ada, bob = visitor("Ada"), visitor("Bob")
    hers, his = await windows.new(), await windows.new()
    await asyncio.gather(hers.sign_up(ada), his.sign_up(bob))
    await asyncio.gather(hers.open_wallet(), his.open_wallet())
    await hers.top_up("100.00")
    await hers.has("$100.00")
    await asyncio.gather(hers.mark(), his.mark())

    await hers.review(bob.handle, "25.00", note="Lunch")
    await hers.shows(f"Bob · @{bob.handle}")
    await hers.button("Confirm and send").click()
    await hers.has_sent("25.00")

    await his.has("$25.00")
    await expect(his.rows("Latest activity").first).to_contain_text("Ada")
    await expect(his.rows("Latest activity").first).to_contain_text("Lunch")
    await expect(his.link("Notifications")).to_have_accessible_name("Notifications, 1 unread")

    await hers.go("Home")
    await hers.has("$75.25")  # with one per cent back
    await hers.go("Rewards")
    await hers.shows("$0.25")

    await his.rows("Latest activity").first.get_by_role("link").click()
    await his.button("Refund").click()
    await his.in_dialog("Refund", "10.00")
    await hers.go("Home")
    await hers.has("$85.15")  # less the reward for what came back
    await expect(hers.rows("Latest activity").filter(has_text="Partly refunded")).to_have_count(1)
    await his.go("Home")
    await his.has("$15.00")
    assert await hers.is_marked()
    assert await his.is_marked()


async def test_both_send_at_once(windows: Windows, people: People) -> None:
    """Each sees what was sent, and what came, in every window of theirs. So little earns no reward, which one of the two would have."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob", balance=100_00)
    hers, his = await windows.of(ada), await windows.of(bob)
    her_other = await hers.another_tab("/")
    await her_other.has("$100.00")

    await asyncio.gather(hers.send(bob.handle, "0.30"), his.send(ada.handle, "0.10"))

    await asyncio.gather(hers.go("Home"), his.go("Home"))
    for window in (hers, her_other):
        await window.has("$99.80")
    await his.has("$100.20")


async def test_a_double_click_pays_once(windows: Windows, people: People) -> None:
    """Two clicks without a pause between them, which no person is fast enough for."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    window = await windows.of(ada)
    await window.review(bob.handle, "20.00")

    await window.button("Confirm and send").evaluate("(button) => { button.click(); button.click() }")
    await window.has_sent("20.00")

    await window.go("Home")
    await expect(window.rows("Latest activity")).to_have_count(1)
    assert await bob.balance() == (20_00, 0)


async def test_a_lost_answer(windows: Windows, people: People) -> None:
    """Who does not know whether it went through is told so, asks again, also after a reload, and pays once."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    window = await windows.of(ada)
    lost = 0

    async def lose_the_answer(route: Route) -> None:
        nonlocal lost
        if "SendMoney" in (route.request.post_data or ""):
            lost += 1
            await route.fetch()
            await route.abort()
        else:
            await route.fallback()

    await window.review(bob.handle, "20.00")
    with window.guard.expecting(AWAY):
        await window.page.route("**/graphql", lose_the_answer)
        await window.button("Confirm and send").click()
        await window.shows("No answer came back")
        await is_paid(bob, 20_00)
        await window.page.unroute("**/graphql")
    await window.page.reload()
    await window.shows("No answer came back")
    await window.button("Confirm and send").click()
    await window.has_sent("20.00")

    assert lost == 1
    assert await bob.balance() == (20_00, 0)


async def test_a_top_up_without_an_answer(windows: Windows, people: People) -> None:
    """Asked for again in another dialog, and on the page loaded anew, it has one key, until it is answered; who signs out leaves none."""
    window = await windows.of(await people.person("ada", balance=100_00))
    keys: list[str] = []
    losing = True

    async def lose_the_answer(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")
        if asked.get("operationName") == "TopUp":
            keys.append(asked["variables"]["input"]["idempotencyKey"])
            if losing:
                await route.fetch()
                await route.abort()
                return
        await route.fallback()

    async def top_up_in_vain() -> None:
        await window.button("Top up").click()
        await window.dialog().get_by_label("Amount").fill("5.00")
        await window.dialog().get_by_role("button", name="Top up", exact=True).click()
        await expect(window.dialog()).to_contain_text("No answer came back")
        await window.dialog().get_by_role("button", name="Close").click()

    async def kept() -> str:
        return str(await window.page.evaluate("() => JSON.stringify({ ...sessionStorage })"))

    await window.wallet().get_by_role("link").click()
    await window.page.route("**/graphql", lose_the_answer)
    with window.guard.expecting(AWAY):
        await top_up_in_vain()
        await top_up_in_vain()
    await window.page.reload()
    losing = False
    await window.button("Top up").click()
    await window.in_dialog("Top up", "5.00")
    await window.has("$105.00")
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert keys[0] not in await kept()

    losing = True
    with window.guard.expecting(AWAY):
        await top_up_in_vain()
    assert keys[3] != keys[0]
    assert keys[3] in await kept()
    await window.go("Account")
    await window.button("Sign out").click()
    await expect(window.link("Account")).to_have_count(0)
    assert keys[3] not in await kept()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("Amount", "0", "greater than zero"),
        ("Amount", "1.005", "at most 2 decimals"),
        ("Amount", "100.01", "Only $100.00 is available"),
        ("Amount", "a lot", "in digits"),
        ("To", "nobody_goes_by_this", "Nobody goes by this handle"),
        ("To", "ada", "This is you"),
    ],
)
async def test_wrong_input(windows: Windows, people: People, field: str, value: str, told: str) -> None:
    """Is told beside the field it concerns, in plain words; put right, it goes on."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    window = await windows.of(ada)
    await window.fill_in_payment(bob.handle, "5.00")
    right = await window.field(field).input_value()

    await window.field(field).fill(ada.handle if value == "ada" else value)
    await window.button("Review").click()
    await window.is_told(field, told)
    await expect(window.field(field)).to_be_focused()

    await window.field(field).fill(right)
    await window.button("Review").click()
    await expect(window.button("Confirm and send")).to_be_visible()


async def test_money_that_went_elsewhere_meanwhile(windows: Windows, people: People) -> None:
    """What the API refuses at the last moment is told beside the amount, too."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    window = await windows.of(ada)
    await window.review(bob.handle, "80.00")
    await ada.send(50_00, bob)

    await window.button("Confirm and send").click()

    await window.is_told("Amount", "is available")
    await is_paid(bob, 50_00)


async def test_requests(windows: Windows, people: People) -> None:
    """Asked, paid, declined and taken back: both see each step as it happens."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    hers, his = await windows.of(ada), await windows.of(bob)
    await asyncio.gather(hers.go("Requests"), his.go("Requests"))

    await his.ask_for("12.50", of=ada.handle, note="Pizza")
    await hers.rows("Requests").filter(has_text="Pizza").get_by_role("button", name="Pay").click()
    await hers.dialog().get_by_role("button", name="Pay").click()
    await his.ask_for("99.00", of=ada.handle, note="Opera")
    await hers.rows("Requests").filter(has_text="Opera").get_by_role("button", name="Decline").click()
    await his.ask_for("1.00", of=ada.handle, note="Gum")
    await expect(hers.rows("Requests").filter(has_text="Gum")).to_have_count(1)
    await his.rows("Requests").filter(has_text="Gum").get_by_role("button", name="Cancel request").click()

    for window in (hers, his):
        await window.shows("Nothing is open")
        await window.page.get_by_role("tab", name="All").click()
        for note, ended in (("Pizza", "Paid"), ("Opera", "Declined"), ("Gum", "Cancelled")):
            await expect(window.rows("Requests").filter(has_text=note)).to_contain_text(ended)
    assert await bob.balance() == (12_50, 0)


async def test_the_statement(windows: Windows, people: People) -> None:
    """It goes on where a page ends, and shows only what is asked for; the filter survives a reload."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    for _ in range(23):
        await ada.deposit(1_00)
    await ada.send(5_00, bob)
    window = await windows.of(ada)
    await window.wallet().get_by_role("link").click()

    lines = window.lines()
    await expect(lines).to_have_count(20)
    await window.button("Show more").click()
    await expect(lines).to_have_count(26)  # with the first top-up and a reward

    await window.field("Show").select_option(label="Sent")
    await expect(lines).to_have_count(1)
    await expect(lines).to_contain_text("$5.00")
    await window.page.reload()
    await expect(lines).to_have_count(1)
    await window.field("From").fill("2001-01-01")
    await window.field("Until").fill("2001-01-31")
    await window.shows("Nothing of this kind")
    await window.button("Show everything").click()
    await expect(lines).to_have_count(20)


async def test_withdrawing(windows: Windows, people: People) -> None:
    """More than there is is told beside the amount; what there is goes out."""
    window = await windows.of(await people.person("ada", balance=100_00))
    await window.wallet().get_by_role("link").click()
    await window.button("Withdraw").click()
    await window.dialog().get_by_label("Amount").fill("100.01")
    await window.dialog().get_by_role("button", name="Withdraw").click()
    await window.is_told("Amount", "is available")

    await window.in_dialog("Withdraw", "60.00")

    await window.has("$40.00")


async def test_another_currency(windows: Windows, people: People) -> None:
    """Yen have no decimals, and are written so."""
    window = await windows.of(await people.person("ada"))
    await window.open_wallet("JPY")
    await window.top_up("5000", "JPY")
    await window.has("¥5,000", "JPY")
    await window.button("Top up").click()
    await window.dialog().get_by_label("Amount").fill("10.50")
    await window.dialog().get_by_role("button", name="Top up").click()

    await window.is_told("Amount", "JPY has no decimals")


async def test_of_an_unknown_place(windows: Windows, people: People) -> None:
    """A transfer of others is not shown, nor is a page that is none: both say so, with a way on."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    transfer = (await ada.send(1_00, bob))["id"]
    window = await windows.of(await people.person("eve"))

    await window.open(f"/transfers/{transfer}")
    await expect(window.heading("No such transfer")).to_be_visible()
    await window.open("/nowhere")
    await window.page.get_by_role("link", name="Go home").click()
    await expect(window.heading("Your money")).to_be_visible()


async def test_who_signs_in_next(windows: Windows, people: People) -> None:
    """Sees nothing of who signed out before, in the same window."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob", balance=7_00)
    window = await windows.of(ada)
    await window.has("$100.00")
    await window.go("Account")
    await window.button("Sign out").click()
    await expect(window.link("Account")).to_have_count(0)

    await window.sign_in(visitor_of(bob))
    await window.go("Home")

    await window.has("$7.00")
