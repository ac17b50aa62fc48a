"""The writes of a saga, each one statement: it moves the row at the version it was decided on, and all else hangs on that row.

Where another has overtaken, the row is not found, so nothing is written at all, and the statement answers no row.
"""

from __future__ import annotations

from typing import Final

BEGIN: Final = """
SELECT fingerprint, transfer_id, refusal FROM begin_transfer(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::text::jsonb)
"""

# The answer to a command that begins nothing. The second part reads what stood there before; of the two exactly one answers, unless
# somebody else is just committing another answer: then neither does, and the key is to be read once more.
GIVE: Final = """
WITH given AS (
    INSERT INTO commands (user_id, scope, idempotency_key, fingerprint, refusal, created_at)
    VALUES ($1, $2, $3, $4, $5::text::jsonb, $6) ON CONFLICT DO NOTHING
    RETURNING fingerprint, transfer_id, refusal
)
SELECT fingerprint, transfer_id, refusal FROM given
UNION ALL
SELECT fingerprint, transfer_id, refusal FROM commands
WHERE user_id = $1 AND scope = $2 AND idempotency_key = $3
"""

GIVEN: Final = """
SELECT fingerprint, transfer_id, refusal FROM commands WHERE user_id = $1 AND scope = $2 AND idempotency_key = $3
"""

# Half a lease is longer than a call and its commit; while more than that is left, `due_at` stays, and with it every index entry.
_MOVE: Final = """
WITH moved AS (
    UPDATE transfers SET state = $3, version = version + 1, attempt = 1, failure_code = $4, refusal = $5::text::jsonb, ended_at = $6,
        escalated_from = NULL, state_since = $7,
        due_at = CASE WHEN $6::timestamptz IS NOT NULL THEN NULL
                      WHEN due_at > now() + $8::interval / 2 THEN due_at ELSE now() + $8::interval END
    WHERE id = $1 AND version = $2
    RETURNING id, kind, payer_id, currency, amount, created_at
), marked AS (
    INSERT INTO transfer_steps (transfer_id, name, status, attempts, started_at, finished_at, error)
    SELECT moved.id, step.name, step.status, 1, $7, CASE WHEN step.status <> 'RUNNING' THEN $7 END,
        CASE WHEN step.status = 'FAILED' THEN $11 END
    FROM moved, unnest($9::text[], $10::text[]) AS step (name, status)
    ON CONFLICT (transfer_id, name) DO UPDATE SET status = excluded.status, finished_at = excluded.finished_at,
        error = CASE WHEN excluded.status <> 'DONE' THEN coalesce(excluded.error, transfer_steps.error) END
)"""

ADVANCE: Final = _MOVE + "SELECT id FROM moved"  # noqa: S608 - of two constants

# The event's row is written last, under the lock of the transfer's. A payment that failed does not count towards its payer's day.
_TELL: Final = """, given_back AS (
    UPDATE transfer_spending AS spent SET amount = spent.amount - moved.amount FROM moved
    WHERE $3 = 'FAILED' AND moved.kind = 'PAYMENT' AND spent.payer_id = moved.payer_id
        AND spent.currency = moved.currency AND spent.minute = date_trunc('minute', moved.created_at)
), told AS (
    INSERT INTO outbox (event_id, topic, key, value)
    SELECT $12::uuid, $13::text, $14::text, $15::text::jsonb FROM moved WHERE $12::uuid IS NOT NULL
)
SELECT id FROM moved"""

END: Final = _MOVE + _TELL

POSTPONE: Final = """
WITH moved AS (
    UPDATE transfers SET version = version + 1, due_at = now() + $3::interval WHERE id = $1 AND version = $2 RETURNING id
), marked AS (
    UPDATE transfer_steps AS step SET error = $4::text FROM moved
    WHERE $4::text IS NOT NULL AND step.transfer_id = moved.id AND step.status = 'RUNNING'
)
SELECT id FROM moved
"""

ESCALATE: Final = """
WITH moved AS (
    UPDATE transfers SET state = 'REVIEW', version = version + 1, attempt = 1, escalated_from = state, state_since = $3, due_at = now()
    WHERE id = $1 AND version = $2
    RETURNING id, escalated_from
), marked AS (
    UPDATE transfer_steps AS step SET error = $6 FROM moved WHERE step.transfer_id = moved.id AND step.status = 'RUNNING'
), noted AS (
    INSERT INTO transfer_reviews (transfer_id, event, escalated_from, actor, reason, at)
    SELECT id, 'ESCALATED', escalated_from, $5, $4, $3 FROM moved
)
SELECT id FROM moved
"""

CLAIM: Final = """
WITH due AS (
    SELECT id FROM transfers WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE transfers SET version = version + 1, attempt = attempt + 1, due_at = now() + $2::interval
    FROM due WHERE transfers.id = due.id
    RETURNING transfers.*
), again AS (
    UPDATE transfer_steps AS step SET attempts = step.attempts + 1 FROM claimed
    WHERE step.transfer_id = claimed.id AND step.status = 'RUNNING' AND claimed.state <> 'REVIEW'
)
SELECT * FROM claimed ORDER BY id
"""

DECIDE: Final = """
WITH noted AS (
    INSERT INTO transfer_reviews (transfer_id, event, escalated_from, actor, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
)
UPDATE transfers SET due_at = now(), attempt = 0 WHERE id = $1
"""

REVIEWS_OF: Final = """
SELECT event, escalated_from, actor, reason, at FROM transfer_reviews WHERE transfer_id = $1 ORDER BY id
"""

LOCKED: Final = "SELECT * FROM transfers WHERE id = $1 FOR NO KEY UPDATE"

IN_REVIEW: Final = "SELECT * FROM transfers WHERE state = 'REVIEW' ORDER BY state_since, id LIMIT $1"

REVIEW_LOAD: Final = "SELECT count(*) AS waiting, min(state_since) AS oldest FROM transfers WHERE state = 'REVIEW'"

FORGET_SPENDING: Final = "DELETE FROM transfer_spending WHERE minute < $1"
