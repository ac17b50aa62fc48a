-- A new, empty wallet; none where its owner has one of the currency that is not closed.
CREATE FUNCTION open_wallet(id uuid, owner_id uuid, currency text) RETURNS SETOF account
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    INSERT INTO account (id, owner_id, kind, currency, floor)
    VALUES (open_wallet.id, open_wallet.owner_id, 'USER', open_wallet.currency, 0)  -- nobody owes us
    ON CONFLICT (owner_id, kind, currency, shard) WHERE status <> 'CLOSED' DO NOTHING
    RETURNING *;
END;
