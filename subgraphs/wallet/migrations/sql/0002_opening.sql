-- A new, empty wallet; none where its owner has one of the currency that is not closed.
CREATE FUNCTION open_wallet(id uuid, owner_id uuid, currency text) RETURNS SETOF account
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    INSERT INTO account (id, owner_id, kind, currency, floor)
    VALUES (open_wallet.id, open_wallet.owner_id, 'USER', open_wallet.currency, 0)  -- nobody owes us
    ON CONFLICT (owner_id, kind, currency, shard) WHERE status <> 'CLOSED' DO NOTHING
    RETURNING *;
END;

-- The fund of a campaign, once: called as the campaign is, and without a debt.
CREATE FUNCTION open_fund(campaign_id uuid, currency text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    INSERT INTO account (id, owner_id, kind, currency, floor)
    VALUES (open_fund.campaign_id, open_fund.campaign_id, 'CAMPAIGN', open_fund.currency, 0)
    ON CONFLICT DO NOTHING;
END;
