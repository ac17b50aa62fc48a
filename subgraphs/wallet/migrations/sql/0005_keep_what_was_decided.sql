-- Whoever froze a wallet wants its owner to do nothing with it: closed, it would make room for another, which nobody has frozen.
CREATE OR REPLACE FUNCTION refuses_status(command posting, wallet account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN NOT is_wallet_for(wallet, command) THEN 'WALLET_NOT_FOUND'
        WHEN wallet.status = 'CLOSED' AND command.new_status <> 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN wallet.status = 'FROZEN' AND command.owner_id IS NOT NULL THEN 'WALLET_FROZEN'
        WHEN command.new_status = 'CLOSED' AND (wallet.posted <> 0 OR wallet.held <> 0) THEN 'WALLET_NOT_EMPTY'
    END;

-- A hold is resolved, and a key keeps its first answer for ever; neither is ever taken away. (Postings only insert keys, and delete
-- nothing, so these cost them nothing.)
CREATE TRIGGER hold_is_never_deleted BEFORE DELETE ON hold
    FOR EACH ROW EXECUTE FUNCTION refuse_change('hold');
CREATE TRIGGER hold_is_never_emptied BEFORE TRUNCATE ON hold
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('hold');
CREATE TRIGGER idempotency_is_append_only BEFORE UPDATE OR DELETE ON idempotency
    FOR EACH ROW EXECUTE FUNCTION refuse_change('idempotency');
CREATE TRIGGER idempotency_is_never_emptied BEFORE TRUNCATE ON idempotency
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('idempotency');
