"""`payflow campaigns …`: what an operator does stands in the campaign's record, and what makes no sense is refused in a sentence."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from payflow.cli import app
from payflow.dev.campaigns import PeriodName
from payflow.dev.testing import MakeDatabase
from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.errors import PayflowError
from payflow.kernel.ids import new_id
from payflow.kernel.settings import Settings
from subgraphs.default_fund import AMOUNT, fund_default_campaign
from subgraphs.rewards.domain import Period
from subgraphs.wallet import audit
from tests.subgraphs.conftest import migration_of
from tests.subgraphs.rewards.world import DEFAULT_CAMPAIGN, World, transfer

OPERATOR = f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
REASON = ("--reason", "spring is coming")
TERMS = (
    "--name", "--rate", "--cap", "--minimum", "--user-cap", "--period", "--budget", "--starts", "--ends",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Two databases, and the command line over them."""

    wallet_url: str
    rewards_url: str

    @property
    def environment(self) -> dict[str, str]:
        urls = {"WALLET": self.wallet_url, "REWARDS": self.rewards_url}
        return {f"PAYFLOW_{name}_DATABASE_URL": url for name, url in urls.items()} | {"COLUMNS": "300"}

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Exit code and what is said, as `payflow.cli.main` has it."""
        command = ("campaigns", *arguments)
        result = await asyncio.to_thread(CliRunner().invoke, app, command, env=self.environment)
        if isinstance(result.exception, PayflowError):
            return 1, str(result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    async def told(self, *arguments: str) -> Any:
        """What the command answers with --json; it must succeed."""
        code, said = await self.run(*arguments, "--json")
        assert code == 0, said
        return json.loads(said)

    async def refused(self, *arguments: str) -> str:
        code, said = await self.run(*arguments)
        assert code == 1, said
        return said


@pytest.fixture
async def desk(make_database: MakeDatabase) -> Desk:
    wallet = await make_database("wallet", prepare=migration_of("wallet"))
    return Desk(wallet, await make_database("rewards", prepare=migration_of("rewards")))


@pytest.fixture
async def world(desk: Desk) -> AsyncIterator[World]:
    """The rewards service of the desk's database, at this time."""
    database = Database(desk.rewards_url)
    yield World(database, clock=FixedClock(datetime.now(UTC)))
    await database.close()


async def test_a_campaign_from_the_command_line(desk: Desk) -> None:
    """Created with everything, changed, funded, emptied, ended; each act stands in the record with name and reason."""
    made = await desk.told(
        "create", "--name", "Spring", "--rate", "250", "--currency", "EUR", "--cap", "5", "--minimum", "10.00",
        "--user-cap", "20.50", "--period", "month", "--budget", "1000", *REASON,
    )  # fmt: skip
    fields = ("name", "rate", "currency", "cap", "minimum", "userCap", "period", "budget", "state", "version", "inFund")
    assert [made[field] for field in fields] == [
        "Spring", 250, "EUR", 500, 1000, 2050, "MONTH", 100_000, "OPEN", 1, None,
    ]  # fmt: skip

    changed = await desk.told("change", made["id"], "--rate", "300", "--cap", "none", *REASON)
    assert [changed[field] for field in ("version", "rate", "cap", "userCap")] == [2, 300, None, 2050]
    assert [version["rate"] for version in changed["versions"]] == [250, 300]
    assert (await desk.told("fund", made["id"], "--amount", "100.00", *REASON))["inFund"] == 10_000
    assert (await desk.told("defund", made["id"], "--amount", "40", *REASON))["inFund"] == 6_000
    assert (await desk.told("end", made["id"], *REASON))["state"] == "ENDED"

    shown = await desk.told("show", made["id"])
    assert [(line["action"], line["amount"], line["actor"], line["reason"]) for line in shown["changes"]] == [
        (action, amount, OPERATOR, "spring is coming")
        for action, amount in (
            ("CREATE", None), ("CHANGE", None), ("FUND", 10_000), ("DEFUND", 4_000), ("END", None),
        )
    ]  # fmt: skip
    assert [one["name"] for one in await desk.told("list")] == ["Welcome cashback"]
    assert [one["name"] for one in await desk.told("list", "--all")] == ["Welcome cashback", "Spring"]
    wallet = Database(desk.wallet_url)
    assert await audit.verify(wallet) == []
    await wallet.close()


async def test_people_read_tables(desk: Desk) -> None:
    """The list and one campaign, for people."""
    _, listed = await desk.run("list")
    assert "Welcome cashback" in listed
    assert "1 %" in listed
    _, shown = await desk.run("show", str(DEFAULT_CAMPAIGN))
    assert "no fund yet" in shown
    assert "here before changes were noted" in shown


async def test_names_and_reasons_are_shown_as_they_were_written(desk: Desk) -> None:
    """Whatever stands in brackets: to the terminal it is text, and neither style nor mistake."""
    made = await desk.told(
        "create", "--name", "[/b] 5 [red]", "--rate", "5", "--currency", "EUR", "--budget", "70", "--reason", "[/why]"
    )

    assert "[/b] 5 [red]" in (await desk.run("list"))[1]
    code, shown = await desk.run("show", made["id"])
    assert (code, shown.count("[/b] 5 [red]")) == (0, 2)
    assert "[/why]" in shown
    assert "€70.00" in shown


async def test_create_and_change_have_the_same_terms(desk: Desk) -> None:
    """One needs a name and a rate; both have all of the terms, with the periods that the service has."""
    code, said = await desk.run("create", "--rate", "5", "--currency", "EUR", *REASON)
    assert (code, "Missing option" in said, "--name" in said) == (2, True, True)
    for command in ("create", "change"):
        helped = (await desk.run(command, "--help"))[1]
        assert [option for option in TERMS if option not in helped] == []
    assert [period.name for period in PeriodName] == [period.name for period in Period]


async def test_funding_resumes_a_paused_campaign(desk: Desk, world: World) -> None:
    """Its fund was empty: what waits is seen, and paid once there is money."""
    world.wallet.funds[DEFAULT_CAMPAIGN] = 0
    paid = world.transfer(completed_at=world.clock.now())
    await world.completes(paid)
    [paused] = await desk.told("list")
    assert (paused["state"], paused["waiting"]) == ("PAUSED", 1)

    funded = await desk.told("fund", str(DEFAULT_CAMPAIGN), "--amount", "10", *REASON)

    assert (funded["state"], funded["inFund"]) == ("OPEN", 1000)
    assert [
        line["action"] for line in funded["changes"]
    ] == []  # what is shown after an act is the campaign, not its record
    said = await desk.refused("resume", str(DEFAULT_CAMPAIGN), *REASON)
    assert "not paused" in said


CREATE = ("create", "--name", "Spring", "--rate", "250", "--currency", "EUR")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", "--name", "S", "--rate", "0", "--currency", "EUR"), "rate must be 1 to 10000 basis points"),
        (("create", "--name", "S", "--rate", "10001", "--currency", "EUR"), "got 10001"),
        (("create", "--name", " ", "--rate", "1", "--currency", "EUR"), "name must have"),
        (("create", "--name", "S", "--rate", "1", "--currency", "XYZ"), "XYZ is not a currency in use"),
        ((*CREATE, "--cap", "-1"), "cap must be 1 to"),
        ((*CREATE, "--cap", "0"), "leave it out for none"),
        (
            (*CREATE, "--cap", "1.234"),
            "cap must be an amount of EUR with 2 digits behind the point at most, such as 12.50",
        ),
        ((*CREATE, "--budget", "a lot"), "budget must be an amount of EUR"),
        ((*CREATE, "--cap", "1e5000"), "cap must be an amount of EUR"),
        ((*CREATE, "--user-cap", "NaN"), "user-cap must be an amount of EUR"),
        ((*CREATE, "--starts", "2020-01-01T00:00:00"), "cannot start in the past"),
        ((*CREATE, "--ends", "2020-01-01T00:00:00"), "ends after it starts"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_wrong_terms_are_refused(desk: Desk, arguments: tuple[str, ...], says: str) -> None:
    """In one sentence that names the option, the rule and the way out; nothing is made."""
    assert says in await desk.refused(*arguments, *REASON)
    assert len(await desk.told("list", "--all")) == 1


async def test_wrong_acts_are_refused(desk: Desk, world: World) -> None:
    """An unknown campaign, one that has ended, a budget below what is granted, more than is in the fund, no reason."""
    made = await desk.told(*CREATE, *REASON)
    world.clock = FixedClock(datetime.now(UTC))
    await world.assess(transfer(100_00, "EUR", completed_at=world.clock.now()))

    assert "2.50" in await desk.refused("change", made["id"], "--budget", "2.49", *REASON)
    assert "no campaign with this id" in await desk.refused("show", str(new_id()))
    assert "no campaign with this id" in await desk.refused("fund", str(new_id()), "--amount", "1", *REASON)
    assert "available" in await desk.refused("defund", made["id"], "--amount", "1", *REASON)
    assert "reason must have" in await desk.refused("fund", made["id"], "--amount", "1", "--reason", " ")
    await desk.told("end", made["id"], *REASON)
    assert "has ended" in await desk.refused("change", made["id"], "--rate", "5", *REASON)


async def test_a_database_that_is_away_is_named(desk: Desk) -> None:
    """One sentence, with the way out."""
    away = Desk(desk.wallet_url, "postgresql://nobody:nothing@127.0.0.1:9/nowhere")

    assert "The database of rewards does not answer; start the platform with `payflow up`" in await away.refused("list")


async def test_a_new_platform_has_something_to_give_once(desk: Desk) -> None:
    """The default campaign's fund is filled however often it is started, and only once."""
    settings = Settings(wallet_database_url=desk.wallet_url, rewards_database_url=desk.rewards_url)

    assert [await fund_default_campaign(settings) for _ in range(3)] == [True, False, False]
    assert (await desk.told("show", str(DEFAULT_CAMPAIGN)))["inFund"] == AMOUNT.amount
