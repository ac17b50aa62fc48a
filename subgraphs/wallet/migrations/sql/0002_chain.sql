-- The audit chain: every entry carries a digest of itself and of the chain before it, computed under the lock that the account's
-- row is held by anyway. Whoever changes, removes or inserts an entry afterwards has to change every later one, and the account.
CREATE FUNCTION entry_chain(
    previous bytea, account_id uuid, seq bigint, journal_id uuid, delta_posted bigint, delta_held bigint,
    posted_after bigint, held_after bigint, at timestamptz
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Every part has a fixed width, so no two entries read alike.
RETURN sha256(
    previous || uuid_send(account_id) || int8send(seq) || uuid_send(journal_id) || int8send(delta_posted)
    || int8send(delta_held) || int8send(posted_after) || int8send(held_after) || timestamptz_send(at)
);
