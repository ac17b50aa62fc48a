-- Who may do what, said anew at the end of every migration, so that no new function is everybody's and no grant by mistake lasts.
-- Who serves may call the functions that write, and read; the tables are the owner's. Where the owner serves as well, there is
-- nobody to grant anything to.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
-- Who may make a function beside those that run as the owner may have them call it. (Everybody may where PostgreSQL was older than 15.)
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

DO $$
DECLARE
    role text := current_setting('payflow.application_role', true);
BEGIN
    IF role IS NULL OR role IN ('', current_user) THEN
        RETURN;
    END IF;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', role);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM %I', role);
    EXECUTE format('REVOKE ALL ON SCHEMA public FROM %I', role);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', role);
    EXECUTE format(
        'GRANT SELECT ON account, journal, entry, hold, idempotency, account_status_change, alembic_version TO %I', role
    );
    -- How far what happened has been told is no part of the books. Of the events themselves the role writes none: a function does.
    EXECUTE format('GRANT SELECT ON outbox, event_log, sink_cursor, publication TO %I', role);
    EXECUTE format('GRANT DELETE ON event_log, publication TO %I', role);
    EXECUTE format('GRANT INSERT, UPDATE ON sink_cursor, publication TO %I', role);
    EXECUTE format(
        'GRANT EXECUTE ON FUNCTION post(posting[]), open_wallet(uuid, uuid, text), open_fund(uuid, text), posting_of, entry_chain TO %I', role
    );
    EXECUTE format('GRANT EXECUTE ON FUNCTION sequence_account_changes(bigint) TO %I', role);
END $$;
