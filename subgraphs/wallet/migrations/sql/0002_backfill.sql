-- What was written before there was a chain gets one, in the order in which it was written.
DO $$
DECLARE
    line entry;
    link bytea;
BEGIN
    FOR line IN SELECT * FROM entry ORDER BY account_id, seq LOOP
        link := entry_chain(
            CASE WHEN line.seq = 1 THEN '' ELSE link END, line.account_id, line.seq, line.journal_id, line.delta_posted,
            line.delta_held, line.posted_after, line.held_after, line.at
        );
        UPDATE entry SET chain = link WHERE account_id = line.account_id AND seq = line.seq;
    END LOOP;
END $$;

UPDATE account SET chain = entry.chain FROM entry WHERE entry.account_id = account.id AND entry.seq = account.seq;

UPDATE journal SET effective_at = at;

-- A repeat of an old command is answered from its key alone, as a repeat of a new one is.
UPDATE idempotency SET outcome = 'OK', result = jsonb_build_object(
    'at', journal.at, 'journal', journal.id, 'currency', journal.currency,
    'lines', (
        SELECT jsonb_agg(jsonb_build_object(
            'account', entry.account_id, 'seq', entry.seq, 'posted', entry.posted_after, 'held', entry.held_after
        )) FROM entry WHERE entry.journal_id = journal.id
    )
) FROM journal WHERE outcome = 'ACCEPTED' AND ref = journal.id;

-- A hold is answered as it was placed. What its key was fingerprinted from has grown since, so an old key takes every input.
UPDATE idempotency SET outcome = 'OK', result = jsonb_build_object(
    'at', hold.created_at, 'journal', NULL, 'currency', account.currency, 'lines', '[]'::jsonb,
    'hold', to_jsonb(hold) || '{"captured": 0, "released": 0}'
) FROM hold JOIN account ON account.id = hold.account_id WHERE outcome = 'ACCEPTED' AND ref = hold.id;

UPDATE idempotency SET fingerprint = NULL WHERE scope = 'hold';

-- Captures had no key of their own; now the hold's id is their key.
INSERT INTO idempotency (scope, key, outcome, ref, result)
SELECT DISTINCT ON (hold.id) 'capture', hold.id::text, 'OK', journal.id, jsonb_build_object(
           'at', journal.at, 'journal', journal.id, 'currency', journal.currency, 'lines', '[]'::jsonb, 'hold', to_jsonb(hold)
       )
  FROM hold
  JOIN journal ON journal.transfer_id = hold.transfer_id AND journal.kind = 'CAPTURE' AND journal.amount = hold.captured
  JOIN entry ON entry.journal_id = journal.id AND entry.account_id = hold.account_id
 WHERE hold.captured > 0;
