-- The decisions: one table of reasons per movement. Each answers the status that refuses it, or NULL where it may be; the order of
-- the reasons is fixed, so the same state always gives the same answer. They are plain SQL, and PostgreSQL inlines them.

-- One command. `scope` and `key` name it for ever (NULL: it has no key); `owner_id` must own the wallet that acts.
CREATE TYPE posting AS (
    -- DEPOSIT WITHDRAWAL REWARD REWARD_CLAWBACK HOLD CAPTURE RELEASE EXPIRY EXTENSION REVERSAL STATUS; of a campaign's fund, which is
    -- called as the campaign is, FUNDING and DEFUNDING (`wallet_id` is the fund), GRANT and CLAWBACK (`payee_id` is)
    movement text,
    journal_id uuid,        -- what the journal will be called, where one is written
    scope text,
    key text,
    fingerprint bytea,      -- of the input as received; NULL agrees with every input
    not_after timestamptz,  -- later than this it has no effect
    wallet_id uuid,
    payee_id uuid,
    owner_id uuid,
    currency text,
    amount bigint,          -- minor units; NULL where a capture takes all
    transfer_id uuid,
    hold_id uuid,
    purpose text,
    seconds integer,        -- how long a hold lasts
    final boolean,          -- a capture gives back what it leaves
    reverses uuid,
    new_status text,
    actor text,
    reason text
);

-- What a command came to. `result` of an OK: at, journal, currency, lines [{account, seq, posted, held}], and hold or wallet where
-- one is concerned; of a refusal: its details. It stands under the key as it was answered, and so a repeat answers the same.
CREATE TYPE posted AS (number integer, status text, replayed boolean, ref uuid, result jsonb);

-- A command by the names of its parts: for people at a prompt, and for benchmarks.
CREATE FUNCTION posting_of(
    movement text, journal_id uuid DEFAULT gen_random_uuid(), scope text DEFAULT NULL, key text DEFAULT NULL,
    fingerprint bytea DEFAULT NULL, not_after timestamptz DEFAULT NULL, wallet_id uuid DEFAULT NULL,
    payee_id uuid DEFAULT NULL, owner_id uuid DEFAULT NULL, currency text DEFAULT NULL, amount bigint DEFAULT NULL,
    transfer_id uuid DEFAULT NULL, hold_id uuid DEFAULT NULL, purpose text DEFAULT 'TRANSFER',
    seconds integer DEFAULT NULL, final boolean DEFAULT true, reverses uuid DEFAULT NULL,
    new_status text DEFAULT NULL, actor text DEFAULT NULL, reason text DEFAULT NULL
) RETURNS posting LANGUAGE sql IMMUTABLE
RETURN ROW(
    movement, journal_id, scope, key, fingerprint, not_after, wallet_id, payee_id, owner_id, currency, amount, transfer_id,
    hold_id, purpose, seconds, final, reverses, new_status, actor, reason
)::posting;

-- What a wallet may be filled to. Far below 2^53-1, what a client reads exactly: holds that are under way land on top of it.
CREATE FUNCTION balance_max() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 4000000000000000;

-- The system account that stands opposite, so that every movement balances.
CREATE FUNCTION fund_of(movement text) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN movement IN ('DEPOSIT', 'WITHDRAWAL', 'FUNDING', 'DEFUNDING') THEN 'EXTERNAL'
        WHEN movement IN ('REWARD', 'REWARD_CLAWBACK') THEN 'REWARDS'
    END;

-- A person moves money of their own only; a service pays anybody, and an operator stops anybody.
CREATE FUNCTION is_wallet_for(wallet account, command posting) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN
    wallet.id IS NOT NULL AND wallet.kind = 'USER' AND (
        wallet.owner_id = command.owner_id
        OR (command.owner_id IS NULL AND command.movement IN ('REWARD', 'REWARD_CLAWBACK', 'STATUS', 'GRANT', 'CLAWBACK'))
    ) IS TRUE;

CREATE FUNCTION refuses_pay_in(command posting, wallet account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN NOT is_wallet_for(wallet, command) THEN 'WALLET_NOT_FOUND'
        WHEN wallet.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN wallet.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN wallet.posted + command.amount > balance_max() THEN 'BALANCE_TOO_LARGE'
    END;

CREATE FUNCTION refuses_pay_out(command posting, wallet account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN NOT is_wallet_for(wallet, command) THEN 'WALLET_NOT_FOUND'
        WHEN wallet.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN wallet.status = 'FROZEN' THEN 'WALLET_FROZEN'
        WHEN wallet.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN wallet.posted - wallet.held - command.amount < wallet.floor THEN 'INSUFFICIENT_FUNDS'
    END;

-- A campaign pays from what is in its fund, and never from more; one without a fund has nothing.
CREATE FUNCTION refuses_grant(command posting, wallet account, fund account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    coalesce(refuses_pay_in(command, wallet), CASE
        WHEN fund.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN (fund.kind = 'CAMPAIGN' AND fund.posted - fund.held - command.amount >= fund.floor) IS NOT TRUE
            THEN 'INSUFFICIENT_FUNDS'
    END);

-- What a campaign takes back is as much of the amount as the wallet has; only where it has nothing is there nothing to take.
CREATE FUNCTION refuses_clawback(command posting, wallet account, fund account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN NOT is_wallet_for(wallet, command) THEN 'WALLET_NOT_FOUND'
        WHEN (fund.kind = 'CAMPAIGN') IS NOT TRUE THEN 'FUND_NOT_FOUND'
        WHEN wallet.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN wallet.status = 'FROZEN' THEN 'WALLET_FROZEN'
        WHEN wallet.currency <> command.currency OR fund.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN wallet.posted - wallet.held <= wallet.floor THEN 'INSUFFICIENT_FUNDS'
    END;

CREATE FUNCTION refuses_funding(command posting, fund account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN (fund.kind = 'CAMPAIGN') IS NOT TRUE THEN 'FUND_NOT_FOUND'
        WHEN fund.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN command.movement = 'FUNDING' AND fund.posted + command.amount > balance_max() THEN 'BALANCE_TOO_LARGE'
        WHEN command.movement = 'DEFUNDING' AND fund.posted - fund.held - command.amount < fund.floor THEN 'INSUFFICIENT_FUNDS'
    END;

CREATE FUNCTION refuses_hold(command posting, payer account, payee account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN command.wallet_id = command.payee_id THEN 'SAME_WALLET'
        WHEN NOT is_wallet_for(payer, command) OR (payee.kind = 'USER') IS NOT TRUE THEN 'WALLET_NOT_FOUND'
        WHEN payer.status = 'CLOSED' OR payee.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN payer.status = 'FROZEN' THEN 'WALLET_FROZEN'
        WHEN payer.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN payer.posted - payer.held - command.amount < payer.floor THEN 'INSUFFICIENT_FUNDS'
        WHEN payee.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN payee.posted + command.amount > balance_max() THEN 'BALANCE_TOO_LARGE'
    END;

-- What became of a hold that holds nothing any more; what is past its time has expired, whether the sweeper has been there or not.
CREATE FUNCTION end_of_hold(held hold, now timestamptz) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN held.expired THEN 'HOLD_EXPIRED'
        WHEN held.captured + held.released < held.amount AND now < held.expires_at THEN NULL
        WHEN held.captured + held.released < held.amount THEN 'HOLD_EXPIRED'
        WHEN held.captured > 0 THEN 'HOLD_CAPTURED'
        ELSE 'HOLD_RELEASED'
    END;

-- The payee's brim was looked at when the hold was placed; here only what JSON could not carry is refused.
CREATE FUNCTION refuses_capture(command posting, held hold, payer account, payee account, now timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN held.id IS NULL THEN 'HOLD_NOT_FOUND'
        WHEN end_of_hold(held, now) IS NOT NULL THEN end_of_hold(held, now)
        WHEN payee.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN payer.currency <> command.currency THEN 'CURRENCY_MISMATCH'
        WHEN command.amount > held.amount - held.captured - held.released THEN 'CAPTURE_EXCEEDS_HOLD'
        WHEN payee.posted + held.amount > 9007199254740991 THEN 'BALANCE_TOO_LARGE'
    END;

CREATE FUNCTION refuses_extension(held hold, now timestamptz) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE WHEN held.id IS NULL THEN 'HOLD_NOT_FOUND' ELSE end_of_hold(held, now) END;

-- A correction reaches a frozen wallet, too; a floor it does not break, and what is closed it leaves alone.
CREATE FUNCTION refuses_reversal(touched account, delta bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN touched.status = 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN touched.posted - touched.held + delta < touched.floor THEN 'INSUFFICIENT_FUNDS'
        WHEN touched.kind = 'USER' AND touched.posted + delta > balance_max() THEN 'BALANCE_TOO_LARGE'
    END;

CREATE FUNCTION refuses_status(command posting, wallet account) RETURNS text LANGUAGE sql IMMUTABLE RETURN
    CASE
        WHEN NOT is_wallet_for(wallet, command) THEN 'WALLET_NOT_FOUND'
        WHEN wallet.status = 'CLOSED' AND command.new_status <> 'CLOSED' THEN 'WALLET_CLOSED'
        WHEN command.new_status = 'CLOSED' AND (wallet.posted <> 0 OR wallet.held <> 0) THEN 'WALLET_NOT_EMPTY'
    END;

-- ── what is answered ──

-- What a refusal says besides its status: whose money there is too little of, or which currencies differ.
CREATE FUNCTION details_of(status text, command posting, wallet account, payee account, remaining bigint)
RETURNS jsonb LANGUAGE sql STABLE RETURN
    CASE status
        WHEN 'INSUFFICIENT_FUNDS' THEN jsonb_build_object(
            'currency', wallet.currency, 'available', wallet.posted - wallet.held, 'requested', command.amount
        )
        WHEN 'CURRENCY_MISMATCH' THEN jsonb_build_object(
            'wallet', CASE WHEN wallet.currency <> command.currency THEN wallet.currency ELSE payee.currency END,
            'amount', command.currency
        )
        WHEN 'CAPTURE_EXCEEDS_HOLD' THEN jsonb_build_object(
            'currency', wallet.currency, 'remaining', remaining, 'requested', command.amount
        )
        ELSE '{}'
    END;

-- The entry that a journal adds to an account: where it stands afterwards, and the next link of its chain.
CREATE FUNCTION next_entry(wallet account, written journal, delta_posted bigint, delta_held bigint)
RETURNS entry LANGUAGE sql IMMUTABLE RETURN
    ROW(
        wallet.id, wallet.seq + 1, written.id, delta_posted, delta_held, wallet.posted + delta_posted,
        wallet.held + delta_held, written.at,
        entry_chain(
            wallet.chain, wallet.id, wallet.seq + 1, written.id, delta_posted, delta_held, wallet.posted + delta_posted,
            wallet.held + delta_held, written.at
        )
    )::entry;
