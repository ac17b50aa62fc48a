-- Begins a transfer in one round trip: answers what stands under the command's key, or stores the key, the transfer, its first
-- intent and what it counts towards the payer's day. Answers the key's fingerprint with a transfer or a refusal.
--
-- Where there is a daily limit, payments of one payer in one currency queue on an advisory lock, which the commit gives back; each
-- statement after it sees what those before have committed, so the sum is exact. A minute counts while any part of it lies within
-- the last 24 hours: never more than the limit in any 24 hours, and up to a minute longer than that.
CREATE FUNCTION begin_transfer(
    p_user_id uuid, p_scope text, p_key text, p_fingerprint bytea, p_now timestamptz, p_lease interval,
    p_id uuid, p_kind text, p_refund_of uuid, p_request_id uuid,
    p_payer_id uuid, p_payee_id uuid, p_from_wallet_id uuid, p_to_wallet_id uuid, p_amount bigint, p_currency text, p_note text,
    p_daily_limit bigint, p_limit_refusal jsonb
) RETURNS TABLE (fingerprint bytea, transfer_id uuid, refusal jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_spent numeric;
    v_minute timestamptz := date_trunc('minute', p_now);
    v_refused boolean := false;
BEGIN
    RETURN QUERY SELECT fingerprint, transfer_id, refusal FROM commands
        WHERE user_id = p_user_id AND scope = p_scope AND idempotency_key = p_key;
    IF FOUND THEN RETURN; END IF;

    IF p_kind = 'PAYMENT' AND p_daily_limit IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_payer_id || p_currency, 0));
        SELECT coalesce(sum(amount), 0) INTO v_spent FROM transfer_spending
            WHERE payer_id = p_payer_id AND currency = p_currency AND minute > p_now - interval '24 hours 1 minute';
        v_refused := v_spent + p_amount > p_daily_limit;
    END IF;

    INSERT INTO commands (user_id, scope, idempotency_key, fingerprint, transfer_id, refusal, created_at)
        VALUES (p_user_id, p_scope, p_key, p_fingerprint, CASE WHEN NOT v_refused THEN p_id END,
                CASE WHEN v_refused THEN p_limit_refusal END, p_now)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND OR v_refused THEN
        RETURN QUERY SELECT fingerprint, transfer_id, refusal FROM commands
            WHERE user_id = p_user_id AND scope = p_scope AND idempotency_key = p_key;
        RETURN;
    END IF;

    INSERT INTO transfers (id, kind, refund_of, request_id, payer_id, payee_id, from_wallet_id, to_wallet_id, amount, currency, note,
                           state, version, attempt, due_at, created_at)
        VALUES (p_id, p_kind, p_refund_of, p_request_id, p_payer_id, p_payee_id, p_from_wallet_id, p_to_wallet_id, p_amount,
                p_currency, p_note, 'HOLDING', 1, 1, now() + p_lease, p_now);
    INSERT INTO transfer_steps (transfer_id, name, status, attempts, started_at) VALUES (p_id, 'HOLD', 'RUNNING', 1, p_now);
    IF p_kind = 'PAYMENT' THEN
        INSERT INTO transfer_spending AS spent (payer_id, currency, minute, amount)
            VALUES (p_payer_id, p_currency, v_minute, p_amount)
            ON CONFLICT (payer_id, currency, minute) DO UPDATE SET amount = spent.amount + excluded.amount;
    END IF;
    RETURN QUERY SELECT p_fingerprint, p_id, NULL::jsonb;
END
$$;
