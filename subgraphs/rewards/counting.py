"""What is counted for transfers, caps and budgets, as SQL; each function locks what it answers until the commit.

They are called in one order everywhere, so that nobody waits in a circle: assessments, rewards, pairs, campaigns, days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text

from payflow.kernel.db import UnitOfWork
from subgraphs.rewards.circles import Circles, Pair, Payments
from subgraphs.rewards.domain import Outcome

# A no-op update locks the row that is there, and answers it.
_CLAIM = text("""
INSERT INTO assessments (transfer_id)
SELECT * FROM unnest(CAST(:ids AS uuid[])) AS wanted (id) ORDER BY id
    ON CONFLICT (transfer_id) DO UPDATE SET transfer_id = excluded.transfer_id
RETURNING transfer_id, outcome, refunded
""")
_ASSESS = text("""
UPDATE assessments SET outcome = made.outcome
  FROM unnest(CAST(:ids AS uuid[]), CAST(:outcomes AS text[])) AS made (id, outcome) WHERE transfer_id = made.id
""")
_REFUND = text("""
INSERT INTO assessments (transfer_id, refunded)
SELECT id, max(refunded) FROM unnest(CAST(:ids AS uuid[]), CAST(:refunded AS bigint[])) AS told (id, refunded) GROUP BY id ORDER BY id
    ON CONFLICT (transfer_id) DO UPDATE SET refunded = greatest(assessments.refunded, excluded.refunded)
""")
_PAIRS = text("""
INSERT INTO payment_pairs (low, high)
SELECT * FROM unnest(CAST(:lows AS uuid[]), CAST(:highs AS uuid[])) AS wanted (low, high) ORDER BY low, high
    ON CONFLICT (low, high) DO UPDATE SET low = excluded.low
RETURNING low, high, paid_by_low_at, paid_by_high_at
""")
_NOTE_PAIRS = text("""
UPDATE payment_pairs AS pair SET paid_by_low_at = known.by_low, paid_by_high_at = known.by_high
  FROM unnest(CAST(:lows AS uuid[]), CAST(:highs AS uuid[]), CAST(:by_low AS timestamptz[]), CAST(:by_high AS timestamptz[]))
       AS known (low, high, by_low, by_high)
 WHERE pair.low = known.low AND pair.high = known.high
""")
# What lies before `apart_from` comes as one sum: a cap over a whole campaign must not cost a row for each of its days.
_DAYS = text("""
SELECT campaign_id, user_id, greatest(day, CAST(:apart_from AS date) - 1) AS day, CAST(sum(spent) AS bigint) AS spent
  FROM user_days
 WHERE campaign_id = ANY (CAST(:campaigns AS uuid[])) AND user_id = ANY (CAST(:users AS uuid[])) AND day >= CAST(:since AS date)
 GROUP BY 1, 2, 3
""")
# Ordered, for two that add for the same people; a sum that would fall below nothing is refused by the table.
_ADD_DAYS = text("""
INSERT INTO user_days (campaign_id, user_id, day, spent)
SELECT * FROM unnest(CAST(:campaigns AS uuid[]), CAST(:users AS uuid[]), CAST(:days AS date[]), CAST(:amounts AS bigint[]))
    AS added (campaign_id, user_id, day, amount) ORDER BY campaign_id, user_id, day
    ON CONFLICT (campaign_id, user_id, day) DO UPDATE SET spent = user_days.spent + excluded.spent
""")
_TAKE_DAYS = text("""
UPDATE user_days SET spent = spent - taken.amount
  FROM unnest(CAST(:campaigns AS uuid[]), CAST(:users AS uuid[]), CAST(:days AS date[]), CAST(:amounts AS bigint[]))
       AS taken (campaign_id, user_id, day, amount)
 WHERE user_days.campaign_id = taken.campaign_id AND user_days.user_id = taken.user_id AND user_days.day = taken.day
""")
_SPEND = text("""
UPDATE campaigns SET spent = spent + added.amount
  FROM unnest(CAST(:ids AS uuid[]), CAST(:amounts AS bigint[])) AS added (id, amount) WHERE campaigns.id = added.id
""")
_LOCK_CAMPAIGNS = text("SELECT id FROM campaigns WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE")

Place = tuple[UUID, UUID, date]
"""A campaign, a person and a day."""


async def claim(work: UnitOfWork, transfer_ids: Collection[UUID]) -> dict[UUID, int]:
    """Those that nothing has been made of yet, with how much of each has gone back already."""
    rows = await work.connection.execute(_CLAIM, {"ids": sorted(set(transfer_ids))})
    return {row.transfer_id: row.refunded for row in rows if row.outcome is None}


async def note_outcomes(work: UnitOfWork, outcomes: Mapping[UUID, Outcome]) -> None:
    """Say what was made of transfers that are claimed."""
    await work.connection.execute(
        _ASSESS, {"ids": list(outcomes), "outcomes": [outcome.value for outcome in outcomes.values()]}
    )


async def note_refunds(work: UnitOfWork, refunded: Sequence[tuple[UUID, int]]) -> None:
    """Say how much of transfers has gone back in all, whether they have been heard of or not."""
    ids, amounts = zip(*refunded, strict=True)
    await work.connection.execute(_REFUND, {"ids": list(ids), "refunded": list(amounts)})


async def lock_pairs(work: UnitOfWork, pairs: Collection[Pair]) -> Circles:
    """When the two of each pair have paid each other."""
    wanted = [pair for pair in set(pairs) if pair.low != pair.high]
    rows = await work.connection.execute(
        _PAIRS, {"lows": [pair.low for pair in wanted], "highs": [pair.high for pair in wanted]}
    )
    return Circles({Pair(row.low, row.high): Payments(row.paid_by_low_at, row.paid_by_high_at) for row in rows})


async def note_pairs(work: UnitOfWork, circles: Circles) -> None:
    """Store what has become of locked pairs."""
    known = [(pair, payments) for pair, payments in circles.payments.items() if pair.low != pair.high]
    await work.connection.execute(
        _NOTE_PAIRS,
        {
            "lows": [pair.low for pair, _ in known],
            "highs": [pair.high for pair, _ in known],
            "by_low": [payments.by_low for _, payments in known],
            "by_high": [payments.by_high for _, payments in known],
        },
    )


async def days_of(
    work: UnitOfWork, campaign_ids: Collection[UUID], user_ids: Collection[UUID], *, since: date, apart_from: date
) -> dict[tuple[UUID, UUID], Counter[date]]:
    """What people were granted from a day on, by day from `apart_from` on, and what was before as if it were of the day before that.

    The campaigns are locked, so nobody adds to it.
    """
    found: dict[tuple[UUID, UUID], Counter[date]] = {}
    wanted = {"campaigns": list(campaign_ids), "users": list(user_ids), "since": since, "apart_from": apart_from}
    for row in await work.connection.execute(_DAYS, wanted):
        found.setdefault((row.campaign_id, row.user_id), Counter())[row.day] = row.spent
    return found


async def spend(work: UnitOfWork, added: Mapping[Place, int]) -> None:
    """Count what is granted. The campaigns are locked."""
    await work.connection.execute(_ADD_DAYS, _columns(added))
    await work.connection.execute(_SPEND, _by_campaign(added, sign=1))


async def give_back(work: UnitOfWork, taken: Mapping[Place, int]) -> None:
    """Count what was taken back, or never paid: caps and budgets have it again."""
    if taken:
        await work.connection.execute(_LOCK_CAMPAIGNS, {"ids": [campaign_id for campaign_id, _, _ in taken]})
        await work.connection.execute(_TAKE_DAYS, _columns(taken))
        await work.connection.execute(_SPEND, _by_campaign(taken, sign=-1))


def _columns(amounts: Mapping[Place, int]) -> dict[str, object]:
    campaigns, users, days = zip(*amounts, strict=True)
    return {"campaigns": list(campaigns), "users": list(users), "days": list(days), "amounts": list(amounts.values())}


def _by_campaign(amounts: Mapping[Place, int], *, sign: int) -> dict[str, object]:
    sums: Counter[UUID] = Counter()
    for (campaign_id, _, _), amount in amounts.items():
        sums[campaign_id] += sign * amount
    return {"ids": list(sums), "amounts": list(sums.values())}
