"""The checks of the ledger's audit, each a query over the whole ledger or over what came after the marks of an earlier audit.

Each account is read once, along its entries: what they sum to, and the first entry that breaks a rule.

`{marks}` stands for rows (account_id, seq, chain): up to where each account has been verified before; none of them in a full audit.
`:since` is the moment that journals, holds and keys are read from.
"""

from __future__ import annotations

from payflow.kernel.audit import Check

NO_MARKS = "SELECT NULL::uuid AS account_id, NULL::bigint AS seq, NULL::bytea AS chain WHERE false"
KEPT_MARKS = "SELECT account_id, seq, chain FROM audit_mark"
# What lies before a moment is taken as it is, so there is no chain to compare.
MARKS_AT = """
    SELECT DISTINCT ON (account_id) account_id, seq, chain
      FROM entry WHERE at < CAST(:since AS timestamptz) ORDER BY account_id, seq DESC
"""

INVARIANTS = {
    "I1": "money is neither made nor lost: the accounts of a currency sum to zero",
    "I2": "every journal has its lines, they sum to zero, move its amount, and are in its currency",
    "I3": "an account is the sum of its entries, and its held is what its open holds still hold",
    "I4": "no account has ever been below its floor",
    "I5": "nothing held is negative, and no hold gives out more than it took",
    "I6": "an account's entries count 1, 2, 3 …, each follows from the one before, time does not run back, the chain is whole",
    "I7": "what is written stays written: the guards stand, and nothing that was verified has changed since",
    "I8": "every accepted key has its one effect, and every effect its one key, so a key's second input (I9) has none",
    "I10": "what was refused, or cancelled before it came, has had no effect",
    "I11": "a hold is resolved once, by journals that say so, and never captured after it expired",
    "I12": "no more is refunded than was captured, and what is reversed is reversed exactly",
    "I13": "the balance now is the one after the newest entry, as the balance at any moment is the one after the newest by then",
    "I15": "a wallet's status is where its changes have led, and a closed wallet is empty",
}

_FIRST = "CAST(-9223372036854775808 AS bigint)"

# The entry's part of the audit chain: what `entry.chain` must be, given the one before.
_CHAINED = """
    sha256(coalesce(lag(chain) OVER story, ''::bytea) || uuid_send(account_id) || int8send(seq) || uuid_send(journal_id)
           || int8send(delta_posted) || int8send(delta_held) || int8send(posted_after) || int8send(held_after)
           || timestamptz_send(at))
"""

_ACCOUNTS = """
    WITH mark AS ({marks}), account_story AS (
        SELECT account.*, mark.seq AS marked, mark.chain IS DISTINCT FROM start.chain AS rewritten,
               coalesce(start.posted_after, 0) + line.posted AS sum_posted,
               coalesce(start.held_after, 0) + line.held AS sum_held,
               coalesce(mark.seq, 0) + line.count AS expected_seq, coalesce(line.last, mark.seq, 0) AS last_seq,
               newest.posted_after, newest.held_after, newest.at AS newest_at, newest.chain AS newest_chain,
               line.gap, line.leap, line.back, line.forged, line.low, line.negative
          FROM account
          LEFT JOIN mark ON mark.account_id = account.id
          LEFT JOIN entry AS start ON start.account_id = account.id AND start.seq = mark.seq
          LEFT JOIN entry AS newest ON newest.account_id = account.id AND newest.seq = account.seq
         CROSS JOIN LATERAL (
               SELECT count(*) AS count, max(seq) AS last,
                      coalesce(sum(delta_posted), 0) AS posted, coalesce(sum(delta_held), 0) AS held,
                      min(seq) FILTER (WHERE seq <> coalesce(seq_before, 0) + 1) AS gap,
                      min(seq) FILTER (WHERE posted_after - delta_posted <> coalesce(posted_before, 0)
                                          OR held_after - delta_held <> coalesce(held_before, 0)) AS leap,
                      min(seq) FILTER (WHERE at < at_before) AS back,
                      min(seq) FILTER (WHERE chain IS DISTINCT FROM chained) AS forged,
                      min(seq) FILTER (WHERE posted_after - held_after < account.floor) AS low,
                      min(seq) FILTER (WHERE held_after < 0) AS negative
                 FROM (SELECT seq, delta_posted, delta_held, posted_after, held_after, at, chain,
                              lag(seq) OVER story AS seq_before, lag(posted_after) OVER story AS posted_before,
                              lag(held_after) OVER story AS held_before, lag(at) OVER story AS at_before,
                              {chained} AS chained
                         FROM entry
                        WHERE entry.account_id = account.id AND entry.seq >= coalesce(mark.seq, {first})
                       WINDOW story AS (ORDER BY seq)) AS entry
                WHERE seq > coalesce(mark.seq, {first})) AS line
         WHERE get_byte(uuid_send(account.id), 15) % {of} = {part}
    )
    SELECT rule.invariant, account_story.id AS subject, rule.message
      FROM account_story
     CROSS JOIN LATERAL (VALUES
           ('I3', CASE WHEN posted <> sum_posted OR held <> sum_held
                       THEN format('posted, held are %s, %s; the entries sum to %s, %s', posted, held, sum_posted, sum_held) END),
           ('I4', CASE WHEN posted - held < floor THEN format('available is %s, the floor %s', posted - held, floor) END),
           ('I4', CASE WHEN low IS NOT NULL THEN format('entry %s left it below its floor', low) END),
           ('I5', CASE WHEN held < 0 THEN format('held is %s', held) END),
           ('I5', CASE WHEN negative IS NOT NULL THEN format('entry %s left less than nothing held', negative) END),
           ('I6', CASE WHEN gap IS NOT NULL THEN format('entry %s does not count on from the one before', gap) END),
           ('I6', CASE WHEN seq <> expected_seq OR seq <> last_seq
                       THEN format('it stands at entry %s; its newest is %s, of %s', seq, last_seq, expected_seq) END),
           ('I6', CASE WHEN leap IS NOT NULL
                       THEN format('the balances after entry %s do not follow from those before', leap) END),
           ('I6', CASE WHEN back IS NOT NULL THEN format('entry %s is older than the one before', back) END),
           ('I6', CASE WHEN last_at IS DISTINCT FROM newest_at
                       THEN format('it moved last at %s, its newest entry says %s', last_at, newest_at) END),
           ('I6', CASE WHEN forged IS NOT NULL
                       THEN format('entry %s is not as it was written: the audit chain breaks there', forged) END),
           ('I6', CASE WHEN chain IS DISTINCT FROM coalesce(newest_chain, ''::bytea)
                       THEN 'the head of its audit chain is not its newest entry''s' END),
           ('I7', CASE WHEN marked IS NOT NULL AND rewritten
                       THEN format('entry %s is not the one that was verified before', marked) END),
           ('I13', CASE WHEN posted <> coalesce(posted_after, 0) OR held <> coalesce(held_after, 0)
                        THEN format('posted, held are %s, %s; its newest entry says %s, %s',
                                    posted, held, posted_after, held_after) END)
           ) AS rule (invariant, message)
     WHERE rule.message IS NOT NULL
"""
# The longest check by far, and PostgreSQL does not spread it over the cores by itself.
_PARTS = 2
ACCOUNTS = tuple(
    Check(
        f"accounts along their entries, part {part + 1} of {_PARTS}",
        _ACCOUNTS.replace("{chained}", _CHAINED)
        .replace("{first}", _FIRST)
        .replace("{of}", str(_PARTS))
        .replace("{part}", str(part)),
    )
    for part in range(_PARTS)
)

CURRENCIES = Check(
    "sums of the currencies",
    """
    SELECT 'I1' AS invariant, currency AS subject, format('the accounts sum to %s', sum(posted)) AS message
      FROM account GROUP BY currency HAVING sum(posted) <> 0
    """,
)

JOURNALS = Check(
    "journals and their lines",
    """
    SELECT rule.invariant, id AS subject, rule.message
      FROM (SELECT journal.id, journal.kind, journal.currency, journal.amount, count(entry.journal_id) AS lines,
                   journal.kind IN ('HOLD', 'RELEASE', 'EXPIRY') AS only_holds,
                   coalesce(sum(entry.delta_posted), 0) AS total,
                   coalesce(sum(entry.delta_posted) FILTER (WHERE entry.delta_posted > 0), 0) AS moved,
                   abs(coalesce(sum(entry.delta_held), 0)) AS held,
                   count(entry.journal_id) FILTER (WHERE entry.delta_posted <> 0) AS posting_lines,
                   count(entry.journal_id) FILTER (WHERE account.currency <> journal.currency) AS foreign_lines
              FROM journal
              LEFT JOIN entry ON entry.journal_id = journal.id
              LEFT JOIN account ON account.id = entry.account_id
             WHERE journal.at >= CAST(:since AS timestamptz)
             GROUP BY journal.id) AS story
     CROSS JOIN LATERAL (VALUES
           ('I2', CASE WHEN lines = 0 THEN format('the %s has no lines', kind) END),
           ('I2', CASE WHEN total <> 0 THEN format('the lines of the %s sum to %s', kind, total) END),
           ('I2', CASE WHEN foreign_lines > 0 THEN format('the %s in %s has a line in another currency', kind, currency) END),
           ('I2', CASE WHEN lines > 0 AND only_holds AND (lines <> 1 OR posting_lines <> 0)
                       THEN format('the %s moves money, or not one account', kind) END),
           ('I2', CASE WHEN lines > 0 AND NOT only_holds AND posting_lines < 2
                       THEN format('%s of the %s lines of the %s move money', posting_lines, lines, kind) END),
           ('I2', CASE WHEN lines > 0 AND total = 0 AND amount <> CASE WHEN only_holds THEN held ELSE moved END
                       THEN format('the %s of %s moves %s', kind, amount, CASE WHEN only_holds THEN held ELSE moved END) END)
           ) AS rule (invariant, message)
     WHERE rule.message IS NOT NULL
       AND NOT (total = 0 AND foreign_lines = 0  -- what most are: asked first, it saves asking for the reasons
                AND CASE WHEN only_holds THEN lines = 1 AND posting_lines = 0 AND amount = held
                         ELSE posting_lines >= 2 AND amount = moved END)
    """,
)

HOLDS = Check(
    "holds and what resolved them",
    """
    SELECT 'I5' AS invariant, id AS subject,
           format('it took %s, of which %s captured and %s released', amount, captured, released) AS message
      FROM hold WHERE captured < 0 OR released < 0 OR captured + released > amount
     UNION ALL
    SELECT 'I3', account.id, format('held is %s, its open holds still hold %s', account.held, coalesce(open.held, 0))
      FROM account
      LEFT JOIN (SELECT account_id, sum(amount - captured - released) AS held FROM hold
                  WHERE captured + released < amount GROUP BY account_id) AS open ON open.account_id = account.id
     WHERE account.held <> coalesce(open.held, 0)
    """,
)

# A hold is captured by the clock as it is under the lock, and the journal dated no earlier than its accounts' last: a moment's grace.
TRANSFERS = Check(
    "transfers: what was held, captured and refunded",
    """
    WITH touched AS (
        SELECT transfer_id FROM journal WHERE transfer_id IS NOT NULL AND at >= CAST(:since AS timestamptz)
         UNION SELECT transfer_id FROM hold WHERE created_at >= CAST(:since AS timestamptz)
    ), held AS (
        SELECT transfer_id, sum(captured) FILTER (WHERE purpose = 'TRANSFER') AS captured,
               sum(captured) FILTER (WHERE purpose = 'REFUND') AS refunded,
               max(expires_at) FILTER (WHERE captured > 0 AND purpose = 'TRANSFER') AS capturable_until,
               max(expires_at) FILTER (WHERE captured > 0 AND purpose = 'REFUND') AS refundable_until
          FROM hold JOIN touched USING (transfer_id) GROUP BY transfer_id
    ), paid AS (
        SELECT transfer_id, sum(amount) FILTER (WHERE kind = 'CAPTURE') AS captured,
               sum(amount) FILTER (WHERE kind = 'REFUND') AS refunded,
               max(at) FILTER (WHERE kind = 'CAPTURE') AS captured_at, max(at) FILTER (WHERE kind = 'REFUND') AS refunded_at
          FROM journal JOIN touched USING (transfer_id) WHERE kind IN ('CAPTURE', 'REFUND') GROUP BY transfer_id
    )
    SELECT rule.invariant, transfer_id AS subject, rule.message
      FROM touched LEFT JOIN held USING (transfer_id) LEFT JOIN paid USING (transfer_id)
     CROSS JOIN LATERAL (VALUES
           ('I11', CASE WHEN coalesce(held.captured, 0) <> coalesce(paid.captured, 0)
                        THEN format('its holds say %s was captured, its journals %s', held.captured, paid.captured) END),
           ('I11', CASE WHEN coalesce(held.refunded, 0) <> coalesce(paid.refunded, 0)
                        THEN format('the holds of its refunds say %s was captured, their journals %s',
                                    held.refunded, paid.refunded) END),
           ('I11', CASE WHEN captured_at > capturable_until + interval '1 second'
                        THEN format('captured at %s, when its hold had expired at %s', captured_at, capturable_until) END),
           ('I11', CASE WHEN refunded_at > refundable_until + interval '1 second'
                        THEN format('refunded at %s, when the hold had expired at %s', refunded_at, refundable_until) END),
           ('I12', CASE WHEN coalesce(paid.refunded, 0) > coalesce(paid.captured, 0)
                        THEN format('%s was refunded of %s captured', paid.refunded, coalesce(paid.captured, 0)) END)
           ) AS rule (invariant, message)
     WHERE rule.message IS NOT NULL
       AND (coalesce(held.captured, 0) <> coalesce(paid.captured, 0) OR coalesce(held.refunded, 0) <> coalesce(paid.refunded, 0)
            OR captured_at > capturable_until OR refunded_at > refundable_until
            OR coalesce(paid.refunded, 0) > coalesce(paid.captured, 0))
    """,
)

REVERSALS = Check(
    "reversals",
    """
    SELECT 'I12' AS invariant, reversal.id AS subject,
           format('with %s, which it reverses, it leaves %s on account %s', reverses, line.left_over, line.account_id) AS message
      FROM journal AS reversal
     CROSS JOIN LATERAL (SELECT account_id, sum(delta_posted) AS left_over FROM entry
                          WHERE journal_id IN (reversal.id, reversal.reverses)
                          GROUP BY account_id HAVING sum(delta_posted) <> 0 ORDER BY account_id LIMIT 1) AS line
     WHERE reversal.kind = 'REVERSAL' AND reversal.at >= CAST(:since AS timestamptz)
    """,
)

# A command and its key are written at one moment, the key's a little before the journal's at most. So keys are looked for from an hour
# before what is read, and refer to effects of any age.
KEYS = Check(
    "idempotency keys and their effects",
    """
    WITH fresh AS (
        SELECT scope, key, outcome, ref FROM idempotency WHERE at >= CAST(:since AS timestamptz) - interval '1 hour'
    ), effect AS (
        SELECT id, kind, CASE WHEN kind IN ('HOLD', 'EXPIRY') THEN 0 WHEN kind <> 'RELEASE' THEN 1 END AS keys
          FROM journal WHERE at >= CAST(:since AS timestamptz)
         UNION ALL
        SELECT id, 'hold', 1 FROM hold WHERE created_at >= CAST(:since AS timestamptz)
    ), used AS (
        SELECT ref, count(*) AS keys FROM fresh WHERE outcome = 'OK' GROUP BY ref
    )
    SELECT 'I8' AS invariant, fresh.key AS subject, format('accepted (%s), and its effect %s is missing', scope, ref) AS message
      FROM fresh
     WHERE outcome = 'OK' AND NOT EXISTS (SELECT FROM journal WHERE journal.id = ref) AND NOT EXISTS (SELECT FROM hold WHERE hold.id = ref)
     UNION ALL
    SELECT 'I8', effect.id::text, format('the %s was accepted under %s keys', effect.kind, coalesce(used.keys, 0))
      FROM effect LEFT JOIN used ON used.ref = effect.id
     WHERE coalesce(used.keys, 0) <> coalesce(effect.keys, least(used.keys, 1), 0)
     UNION ALL
    SELECT 'I10', fresh.key, format('refused (%s), and the hold is there', outcome)
      FROM fresh JOIN hold ON hold.id::text = fresh.key WHERE scope = 'hold' AND outcome <> 'OK'
     UNION ALL
    SELECT 'I10', fresh.key, format('refused (%s), and it names the effect %s', outcome, ref)
      FROM fresh WHERE outcome <> 'OK' AND ref IS NOT NULL
    """,
)

STATUSES = Check(
    "statuses of wallets",
    """
    SELECT 'I15' AS invariant, account.id AS subject, format('it is %s, and its changes have not led there', status) AS message
      FROM account
      LEFT JOIN (SELECT account_id,
                        sum((to_status = 'FROZEN')::int - (from_status = 'FROZEN')::int) AS frozen,
                        sum((to_status = 'CLOSED')::int - (from_status = 'CLOSED')::int) AS closed
                   FROM account_status_change GROUP BY account_id) AS change ON change.account_id = account.id
     WHERE coalesce(frozen, 0) <> (status = 'FROZEN')::int OR coalesce(closed, 0) <> (status = 'CLOSED')::int
     UNION ALL
    SELECT 'I15', id, format('it is closed, and posted, held are %s, %s', posted, held)
      FROM account WHERE status = 'CLOSED' AND (posted <> 0 OR held <> 0)
    """,
)

GUARDS = Check(
    "guards of what is written",
    """
    SELECT 'I7' AS invariant, guard.relation AS subject, format('its trigger %s is missing or switched off', guard.name) AS message
      FROM (VALUES
           ('account', 'account_has_its_terms'), ('account', 'account_keeps_its_identity'), ('account', 'account_stays_closed'),
           ('account', 'account_is_never_deleted'), ('account', 'account_is_never_emptied'),
           ('account', 'account_begins_where_it_stands'), ('account', 'account_matches_its_entries'),
           ('journal', 'journal_is_append_only'), ('journal', 'journal_is_never_emptied'), ('journal', 'journal_balances'),
           ('entry', 'entry_is_append_only'), ('entry', 'entry_is_never_emptied'), ('entry', 'entries_follow'),
           ('hold', 'hold_keeps_its_terms'), ('hold', 'hold_is_never_deleted'), ('hold', 'hold_is_never_emptied'),
           ('idempotency', 'idempotency_is_append_only'), ('idempotency', 'idempotency_is_never_emptied'),
           ('account_status_change', 'status_change_is_append_only'),
           ('account_status_change', 'status_change_is_never_emptied')) AS guard (relation, name)
     WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = guard.relation::regclass AND tgname = guard.name
                          AND tgenabled IN ('O', 'A'))
     UNION ALL
    SELECT 'I7', relname, format('the role %s, which does not own it, may write it directly', rolname)
      FROM pg_class CROSS JOIN pg_roles
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND rolcanlogin AND NOT rolsuper
       AND relname NOT IN ('event_log', 'sink_cursor', 'publication')  -- how far events were told is no part of the books
       AND NOT pg_has_role(rolname, relowner, 'MEMBER')
       AND (has_table_privilege(rolname, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(rolname, pg_class.oid, 'INSERT, UPDATE'))
    """,
)

# The longest first, so that the lanes end together.
CHECKS = (*ACCOUNTS, JOURNALS, TRANSFERS, KEYS, HOLDS, REVERSALS, CURRENCIES, STATUSES, GUARDS)
