"""`payflow campaigns …`: what people get back for paying, and how much there is to give."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from typer import Option

from payflow.dev.option_groups import with_options
from payflow.dev.options import DEFAULT_DATA_DIR, DataDir, Json, Reason

if TYPE_CHECKING:
    from payflow.dev.campaign_desk import Shown, Wishes

campaigns = typer.Typer(help="Campaigns: what people get back for paying.", no_args_is_help=True)


class PeriodName(StrEnum):
    """As the rewards service has them; said here once more, so that the help is there at once."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    CAMPAIGN = "campaign"


CampaignId = Annotated[
    UUID, typer.Argument(metavar="CAMPAIGN", help="The campaign's id, as `campaigns list` shows it.")
]
Amount = Annotated[str, Option("--amount", help="How much, e.g. 1000.00, in the campaign's currency.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermOptions:
    """What a campaign gives. What is left out is no limit to a new campaign, and stays as it is where terms are changed."""

    name: Annotated[str | None, Option("--name", help="What people are told that they earned by.")] = None
    rate: Annotated[int | None, Option("--rate", help="Basis points of a transfer's amount: 150 = 1.5 %.")] = None
    cap: Annotated[str | None, Option("--cap", help="The most that one transfer earns, e.g. 5.00; or none.")] = None
    minimum: Annotated[str | None, Option("--minimum", help="What a transfer must at least amount to; or none.")] = None
    user_cap: Annotated[str | None, Option("--user-cap", help="The most one person earns in a period; or none.")] = None
    period: Annotated[PeriodName | None, Option("--period", help="What --user-cap is counted over, in UTC.")] = None
    budget: Annotated[str | None, Option("--budget", help="The most that all earn together; or none.")] = None
    starts: Annotated[datetime | None, Option("--starts", help="From when on it grants; UTC. Without it, now.")] = None
    ends: Annotated[datetime | None, Option("--ends", help="From when on it grants nothing; UTC.")] = None

    @property
    def wishes(self) -> Wishes:
        from payflow.dev.campaign_desk import Wishes
        from subgraphs.rewards.domain import Period

        return Wishes(
            name=self.name,
            rate=self.rate,
            cap=self.cap,
            minimum=self.minimum,
            user_cap=self.user_cap,
            period=None if self.period is None else Period[self.period.name],
            budget=self.budget,
            starts_at=self.starts and self.starts.replace(tzinfo=UTC),
            ends_at=self.ends and self.ends.replace(tzinfo=UTC),
        )


@campaigns.command("list")
def list_(
    *,
    ended_too: Annotated[bool, Option("--all", help="Those that have ended, too.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Show what is offered, what was granted, and what is left in the funds."""
    from rich.console import Console

    from payflow.dev import campaign_desk as desk
    from payflow.dev import campaign_view as view
    from payflow.dev.folders import Folders

    shown = asyncio.run(desk.list_campaigns(Folders(data_dir.resolve()), ended_too=ended_too))
    if as_json:
        typer.echo(view.list_json(shown))
    else:
        view.show_list(shown, Console())


@campaigns.command()
def show(campaign: CampaignId, *, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show one campaign, all versions of its terms, and who did what to it and why."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.show(Folders(data_dir.resolve()), campaign), as_json=as_json)


@campaigns.command()
@with_options(TermOptions, required=("name", "rate"))
def create(
    terms: TermOptions,
    *,
    currency: Annotated[str, Option("--currency", help="Of the transfers that count, e.g. USD.")],
    reason: Reason,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Make a campaign. It grants from its start on; `campaigns fund` gives it what to pay from."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    made = desk.create(Folders(data_dir.resolve()), terms.wishes, currency=currency, reason=reason)
    _tell(made, as_json=as_json)


@campaigns.command()
@with_options(TermOptions)
def change(
    terms: TermOptions,
    campaign: CampaignId,
    *,
    reason: Reason,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Give a campaign other terms from now on. What is not named stays; what completed before keeps the terms of its time."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.change(Folders(data_dir.resolve()), campaign, terms.wishes, reason=reason), as_json=as_json)


@campaigns.command()
def fund(
    campaign: CampaignId, *, amount: Amount, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False
) -> None:
    """Put money into a campaign's fund. If the campaign was paused, it goes on, and what waits is paid."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.fund(Folders(data_dir.resolve()), campaign, amount, reason=reason), as_json=as_json)


@campaigns.command()
def defund(
    campaign: CampaignId, *, amount: Amount, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False
) -> None:
    """Take money out of a campaign's fund again, e.g. what is left when it has ended."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.fund(Folders(data_dir.resolve()), campaign, amount, reason=reason, takes_back=True), as_json=as_json)


@campaigns.command()
def resume(
    campaign: CampaignId, *, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False
) -> None:
    """Have a paused campaign go on without new money, e.g. since claw-backs have filled its fund."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.resume(Folders(data_dir.resolve()), campaign, reason=reason), as_json=as_json)


@campaigns.command()
def end(campaign: CampaignId, *, reason: Reason, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """End a campaign, for ever. What was granted is still paid, and taken back where a transfer is refunded."""
    from payflow.dev import campaign_desk as desk
    from payflow.dev.folders import Folders

    _tell(desk.end(Folders(data_dir.resolve()), campaign, reason=reason), as_json=as_json)


def _tell(shown: Coroutine[Any, Any, Shown], *, as_json: bool) -> None:
    from rich.console import Console

    from payflow.dev import campaign_view as view

    campaign = asyncio.run(shown)
    if as_json:
        typer.echo(view.shown_json(campaign))
    else:
        view.show_one(campaign, Console())
