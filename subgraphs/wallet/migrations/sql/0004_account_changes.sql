-- What the wallet tells: every change of somebody's account, in the order of the account's entries. An entry says already what has
-- happened, so the posting function leaves no event in the outbox, only the mark that there is one; the sequencer makes the event of it.

-- Written under the lock of the account, which is held to the commit: so ids are in the order of the account's entries, and what is
-- seen of an account is all that came before. (No foreign key: to look it up would cost a posting as much as the mark.)
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id uuid NOT NULL,
    seq bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- An id for ever: that of the same change is the same wherever and whenever it is computed (RFC 9562, UUID version 8: 122 bits of a SHA-256).
CREATE FUNCTION account_change_id(account_id uuid, seq bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT encode(set_byte(set_byte(
               digest, 6, (get_byte(digest, 6) & 15) | 128), 8, (get_byte(digest, 8) & 63) | 128), 'hex')::uuid
      FROM (SELECT substring(sha256('wallet.account_changed'::bytea || uuid_send(account_id) || int8send(seq)) FOR 16) AS digest) AS of
);

-- The time as events write it: to the microsecond, in UTC, without a fraction where there is none.
CREATE FUNCTION event_time(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(
    at AT TIME ZONE 'UTC', CASE WHEN extract(microseconds FROM at)::bigint % 1000000 = 0 THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                                ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END
);

-- Moves the oldest marks to the event log, those of accounts that are nobody's to nowhere; answers how many it took, how many it told
-- of, and how many it had told before. The role that serves calls it, and cannot write a mark or an event by itself: what is told of
-- accounts is what the entries say.
CREATE FUNCTION sequence_account_changes(most bigint) RETURNS TABLE (taken bigint, told bigint, repeated bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH marked AS (
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT most) RETURNING id, account_id, seq, created_at
), head AS (
    SELECT greatest((SELECT max(pos) FROM event_log), (SELECT max(pos) FROM sink_cursor), 0) AS pos
), changed AS (
    SELECT marked.id AS mark, account_change_id(marked.account_id, marked.seq) AS event_id, marked.created_at,
           entry.*, account.owner_id, account.currency, journal.kind, journal.transfer_id
      FROM marked
      JOIN account ON account.id = marked.account_id AND account.kind = 'USER'
      JOIN entry ON entry.account_id = marked.account_id AND entry.seq = marked.seq
      JOIN journal ON journal.id = entry.journal_id
), sequenced AS (
    INSERT INTO event_log (pos, event_id, topic, key, value, created_at)
    SELECT head.pos + row_number() OVER (ORDER BY mark), event_id, 'wallet.v1', account_id::text, jsonb_build_object(
               'specversion', '1.0', 'id', event_id, 'type', 'wallet.account_changed.v1', 'source', 'payflow/wallet',
               'subject', account_id, 'time', event_time(at), 'datacontenttype', 'application/json',
               'data', jsonb_build_object(
                   'wallet_id', account_id, 'user_id', owner_id, 'seq', seq, 'journal_id', journal_id, 'kind', kind,
                   'transfer_id', transfer_id, 'currency', currency, 'posted_change', delta_posted, 'held_change', delta_held,
                   'posted', posted_after, 'held', held_after, 'available', posted_after - held_after,
                   'changed_at', event_time(at)
               )
           ), created_at
      FROM changed CROSS JOIN head
     WHERE NOT EXISTS (SELECT FROM event_log AS known WHERE known.event_id = changed.event_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM marked), (SELECT count(*) FROM sequenced),
       (SELECT count(*) FROM changed) - (SELECT count(*) FROM sequenced)
$$;
