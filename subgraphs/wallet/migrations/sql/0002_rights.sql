-- Who serves may call the two functions that write, and read; the tables are the owner's. Functions are everybody's until that is
-- taken back. Where the owner serves as well, there is nobody to grant anything to.
CREATE FUNCTION open_wallet(id uuid, owner_id uuid, currency text) RETURNS SETOF account
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    INSERT INTO account (id, owner_id, kind, currency, floor)
    VALUES (open_wallet.id, open_wallet.owner_id, 'USER', open_wallet.currency, 0)  -- nobody owes us
    ON CONFLICT (owner_id, kind, currency, shard) WHERE status <> 'CLOSED' DO NOTHING
    RETURNING *;
END;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

DO $$
DECLARE
    role text := current_setting('payflow.application_role', true);
BEGIN
    IF role IS NULL OR role IN ('', current_user) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
    EXECUTE format(
        'GRANT SELECT ON account, journal, entry, hold, idempotency, account_status_change, alembic_version TO %I', role
    );
    EXECUTE format(
        'GRANT EXECUTE ON FUNCTION post(posting[]), open_wallet(uuid, uuid, text), posting_of, entry_chain TO %I', role
    );
END $$;
