"""How an operator reads campaigns: tables for people, JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from payflow.dev.campaign_desk import Shown
from payflow.kernel.money import Money
from subgraphs.rewards.campaigns import Version
from subgraphs.rewards.campaigns_store import Change

_COLOURS = {"OPEN": "green", "PAUSED": "yellow", "ENDED": "red", "SCHEDULED": "blue"}


def list_json(shown: Sequence[Shown]) -> str:
    """`[{id, name, state, currency, …}, …]`, amounts in minor units."""
    return json.dumps([_fields(one) for one in shown], indent=2)


def shown_json(shown: Shown) -> str:
    """The same of one campaign, with `versions: […]` and `changes: […]`."""
    about = {
        **_fields(shown),
        "versions": [_version_fields(version) for version in shown.life.versions],
        "changes": [_change_fields(change) for change in shown.changes],
    }
    return json.dumps(about, indent=2)


def show_list(shown: Sequence[Shown], console: Console) -> None:
    """A line per campaign."""
    table = Table(title="Campaigns")
    for name in ("campaign", "name", "state", "terms"):
        table.add_column(name, overflow="fold")
    for name in ("granted", "budget", "in the fund", "waiting"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in shown:
        current = one.life.current
        table.add_row(
            str(one.life.id),
            Text(current.name),
            _state(one),
            _terms(one.life.newest, one.life.currency),
            _money(one.life.spent, one.life.currency),
            "-" if current.budget is None else current.budget.formatted,
            "-" if one.in_fund is None else one.in_fund.formatted,
            str(one.waiting),
        )
    console.print(table if shown else "There are no campaigns; `payflow campaigns create` makes one.")


def show_one(shown: Shown, console: Console) -> None:
    """One campaign, its versions, and what was done to it."""
    life, current = shown.life, shown.life.current
    console.print(f"Campaign {life.id}, {escape(current.name)}, {life.currency}: {_state(shown)}")
    left = "" if current.budget_left is None else f", {current.budget_left.formatted} of the budget left"
    fund = "no fund yet" if shown.in_fund is None else f"{shown.in_fund.formatted} in the fund"
    console.print(
        f"  {_money(life.spent, life.currency)} granted{left}; {fund}; {shown.waiting} rewards wait to be paid"
    )
    versions = Table("version", "from", "name", "terms", "budget", title="Versions")
    for version in life.versions:
        budget = "-" if version.terms.budget is None else _money(version.terms.budget, life.currency)
        about = (Text(version.terms.name), _terms(version, life.currency), budget)
        versions.add_row(str(version.number), _at(version.in_force_from), *about)
    console.print(versions)
    if shown.changes:
        record = Table("at", "what", "by", "reason", title="Record")
        for change in shown.changes:
            amount = "" if change.amount is None else f" {_money(change.amount, life.currency)}"
            record.add_row(_at(change.at), f"{change.action.value}{amount}", Text(change.actor), Text(change.reason))
        console.print(record)


def _fields(shown: Shown) -> dict[str, Any]:
    life, newest = shown.life, shown.life.newest
    return {
        "id": str(life.id),
        "state": shown.state.value,
        "currency": life.currency,
        **_version_fields(newest),
        "endedAt": None if life.ended_at is None else life.ended_at.isoformat(),
        "granted": life.spent,
        "inFund": None if shown.in_fund is None else shown.in_fund.amount,
        "waiting": shown.waiting,
    }


def _version_fields(version: Version) -> dict[str, Any]:
    terms = version.terms
    return {
        "version": version.number,
        "inForceFrom": version.in_force_from.isoformat(),
        "name": terms.name,
        "rate": terms.rate,
        "cap": terms.cap,
        "minimum": terms.minimum,
        "userCap": terms.user_cap,
        "period": terms.period.value,
        "budget": terms.budget,
        "startsAt": terms.starts_at.isoformat(),
        "endsAt": None if terms.ends_at is None else terms.ends_at.isoformat(),
    }


def _change_fields(change: Change) -> dict[str, Any]:
    return {
        "action": change.action.value,
        "version": change.version,
        "amount": change.amount,
        "actor": change.actor,
        "reason": change.reason,
        "at": change.at.isoformat(),
    }


def _terms(version: Version, currency: str) -> str:
    terms = version.terms
    said = [f"{terms.rate / 100:g} %"]
    if terms.minimum is not None:
        said.append(f"from {_money(terms.minimum, currency)}")
    if terms.cap is not None:
        said.append(f"at most {_money(terms.cap, currency)}")
    if terms.user_cap is not None:
        said.append(f"{_money(terms.user_cap, currency)} a person and {terms.period.value.lower()}")
    said.append(f"since {_at(terms.starts_at)}")
    if terms.ends_at is not None:
        said.append(f"until {_at(terms.ends_at)}")
    return ", ".join(said)


def _state(shown: Shown) -> str:
    return f"[{_COLOURS[shown.state]}]{shown.state.value}[/]"


def _money(amount: int, currency: str) -> str:
    return Money(amount, currency).formatted


def _at(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%MZ")
