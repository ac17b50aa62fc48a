-- The posting function: any number of commands in one round trip and one transaction, decided one after the other as if each had come
-- alone. Locks are taken in one order everywhere, so that nobody waits in a circle: accounts by id, then holds by id, then keys.
-- Refusals are statuses, not exceptions; what is raised is a fault, and leaves nothing behind.

-- The shard of a system account, made together with its sisters: the currency is new. Call it before any lock is taken: two who make
-- the same ones wait for each other here.
CREATE FUNCTION new_fund(fund text, in_currency text, of_shard smallint) RETURNS uuid
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    made_id uuid;
BEGIN
    INSERT INTO account (id, kind, currency, shard)
    SELECT gen_random_uuid(), fund, in_currency, number FROM generate_series(0, 15) AS number
        ON CONFLICT (owner_id, kind, currency, shard) WHERE status <> 'CLOSED' DO NOTHING;
    SELECT id INTO STRICT made_id FROM account
     WHERE owner_id IS NULL AND kind = fund AND currency = in_currency AND shard = of_shard AND status <> 'CLOSED';
    RETURN made_id;
END $$;

CREATE FUNCTION post(commands posting[]) RETURNS SETOF posted
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
-- Every statement here finds few rows by key. One plan is made for all calls, and what was best while the tables were small must
-- stay good when they are large.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    -- All commands of one call use the same shard: one lock and one update for all of them.
    call_shard CONSTANT smallint := get_byte(uuid_send(commands[1].journal_id), 15) % 16;
    now timestamptz;
    command posting;
    answer posted;

    funds text[] := '{}';           -- "kind:currency" of the system accounts concerned, and beside it their ids
    fund_ids uuid[] := '{}';
    fund_id uuid;
    concerned uuid[] := '{}';       -- accounts to lock
    payee_ids uuid[] := '{}';       -- of holds that are placed: looked at, not locked
    placed_ids uuid[] := '{}';      -- holds that this call may place
    met_ids uuid[] := '{}';         -- holds that it captures, releases or extends
    reversed_ids uuid[] := '{}';
    scopes text[] := '{}';
    keys text[] := '{}';

    -- What the commands see and change, in memory, until all are decided.
    accounts account[] := '{}';
    account_ids uuid[] := '{}';
    moved_ids uuid[] := '{}';
    holds hold[] := '{}';
    hold_ids uuid[] := '{}';
    changed_ids uuid[] := '{}';
    outcomes idempotency[] := '{}';
    outcome_names text[] := '{}';   -- scope and key, with a character between them that no scope has
    remembered integer := 0;        -- how many of the outcomes are old
    journals journal[] := '{}';
    entries entry[] := '{}';
    status_changes account_status_change[] := '{}';

    -- of the command at hand
    place integer;
    key_scope text;
    key_name text;
    wallet account;
    payee account;
    held hold;
    original journal;
    reason text;
    details jsonb;
    written journal;
    line_ids uuid[];
    line_posted bigint[];
    line_held bigint[];
    line_results jsonb;
    left_over bigint;
BEGIN
    -- ── which rows are concerned: read without a lock, from columns that never change ──
    FOREACH command IN ARRAY commands LOOP
        IF command.scope IS NOT NULL THEN
            scopes := scopes || command.scope;
            keys := keys || command.key;
        END IF;
        IF command.wallet_id IS NOT NULL THEN
            concerned := concerned || command.wallet_id;
        END IF;
        CASE
            WHEN fund_of(command.movement) IS NOT NULL THEN
                key_name := fund_of(command.movement) || ':' || command.currency;
                IF key_name <> ALL (funds) THEN
                    funds := funds || key_name;
                    SELECT id INTO fund_id FROM account
                     WHERE owner_id IS NULL AND kind = fund_of(command.movement) AND currency = command.currency
                       AND shard = call_shard AND status <> 'CLOSED';  -- as the index has it
                    fund_ids := fund_ids || coalesce(
                        fund_id, new_fund(fund_of(command.movement), command.currency, call_shard)
                    );
                END IF;
            WHEN command.movement = 'HOLD' THEN
                placed_ids := placed_ids || command.hold_id;
                payee_ids := payee_ids || command.payee_id;
            WHEN command.movement IN ('CAPTURE', 'RELEASE', 'EXPIRY', 'EXTENSION') THEN
                met_ids := met_ids || command.hold_id;
                IF command.movement = 'RELEASE' THEN  -- of an id never seen it takes the key of the placing
                    scopes := scopes || 'hold'::text;
                    keys := keys || command.hold_id::text;
                END IF;
            WHEN command.movement = 'REVERSAL' THEN
                reversed_ids := reversed_ids || command.reverses;
            ELSE NULL;
        END CASE;
    END LOOP;
    concerned := concerned || fund_ids;
    IF met_ids <> '{}' THEN
        FOR held IN SELECT * FROM hold WHERE id = ANY (met_ids) LOOP
            hold_ids := hold_ids || held.id;
            concerned := concerned || held.account_id || held.payee_id;
        END LOOP;
        IF met_ids && placed_ids THEN
            concerned := concerned || payee_ids;
        END IF;
    END IF;
    IF reversed_ids <> '{}' THEN
        concerned := concerned || ARRAY(SELECT account_id FROM entry WHERE journal_id = ANY (reversed_ids));
    END IF;

    -- ── the locks ──
    FOR wallet IN SELECT * FROM account WHERE id = ANY (concerned) ORDER BY id FOR NO KEY UPDATE LOOP
        accounts := accounts || wallet;
        account_ids := account_ids || wallet.id;
    END LOOP;
    IF hold_ids <> '{}' THEN
        concerned := hold_ids;
        hold_ids := '{}';
        FOR held IN SELECT * FROM hold WHERE id = ANY (concerned) ORDER BY id FOR NO KEY UPDATE LOOP
            holds := holds || held;
            hold_ids := hold_ids || held.id;
        END LOOP;
    END IF;
    IF payee_ids <> '{}' THEN  -- a payee that is concerned by nothing else is looked at only
        FOR payee IN SELECT * FROM account WHERE id = ANY (payee_ids) AND id <> ALL (account_ids) LOOP
            accounts := accounts || payee;
            account_ids := account_ids || payee.id;
        END LOOP;
    END IF;
    IF keys <> '{}' THEN  -- read now: who settled a key while we waited has committed by now
        SELECT coalesce(array_agg(settled::idempotency), '{}'),
               coalesce(array_agg(settled.scope || E'\x1f' || settled.key), '{}')
          INTO outcomes, outcome_names
          FROM unnest(scopes, keys) AS wanted (scope, key)
         CROSS JOIN LATERAL (
                   SELECT * FROM idempotency WHERE scope = wanted.scope AND key = wanted.key OFFSET 0
               ) AS settled;
        remembered := cardinality(outcomes);
    END IF;
    now := clock_timestamp();  -- under the locks; the transaction's own time may lie before what it waited for

    -- ── the decisions, one after the other ──
    FOR number IN 1 .. cardinality(commands) LOOP
        command := commands[number];
        key_scope := command.scope;
        key_name := command.key;
        place := array_position(outcome_names, key_scope || E'\x1f' || key_name);
        IF place IS NOT NULL THEN
            IF outcomes[place].fingerprint <> command.fingerprint THEN
                RETURN NEXT ROW(number, 'IDEMPOTENCY_CONFLICT', false, NULL, NULL)::posted;
            ELSE
                RETURN NEXT ROW(
                    number, outcomes[place].outcome, true, outcomes[place].ref, outcomes[place].result
                )::posted;
            END IF;
            CONTINUE;
        END IF;
        IF command.not_after < now THEN
            RETURN NEXT ROW(number, 'REQUEST_TOO_OLD', false, NULL, NULL)::posted;
            CONTINUE;
        END IF;

        answer := ROW(number, NULL, false, NULL, NULL)::posted;
        details := NULL;
        written := NULL;
        wallet := accounts[array_position(account_ids, command.wallet_id)];
        held := holds[array_position(hold_ids, command.hold_id)];
        IF held.id IS NOT NULL THEN
            wallet := accounts[array_position(account_ids, held.account_id)];
            left_over := held.amount - held.captured - held.released;
        END IF;

        CASE command.movement
        WHEN 'DEPOSIT', 'REWARD', 'WITHDRAWAL', 'REWARD_CLAWBACK' THEN
            line_ids := ARRAY[
                fund_ids[array_position(funds, fund_of(command.movement) || ':' || command.currency)], wallet.id
            ];
            line_held := '{0, 0}';
            IF command.movement IN ('DEPOSIT', 'REWARD') THEN
                answer.status := refuses_pay_in(command, wallet);
                line_posted := ARRAY[-command.amount, command.amount];
            ELSE
                answer.status := refuses_pay_out(command, wallet);
                line_posted := ARRAY[command.amount, -command.amount];
            END IF;
            written.kind := command.movement;
            written.amount := command.amount;
            written.transfer_id := command.transfer_id;

        WHEN 'HOLD' THEN
            payee := accounts[array_position(account_ids, command.payee_id)];
            answer.status := refuses_hold(command, wallet, payee);
            IF answer.status IS NULL THEN
                held.id := command.hold_id;
                held.account_id := wallet.id;
                held.payee_id := payee.id;
                held.transfer_id := command.transfer_id;
                held.amount := command.amount;
                held.captured := 0;
                held.released := 0;
                held.created_at := now;
                held.expires_at := now + make_interval(secs => command.seconds);
                held.purpose := command.purpose;
                held.expired := false;
                holds := holds || held;
                hold_ids := hold_ids || held.id;
                answer.ref := held.id;
                line_ids := ARRAY[wallet.id];
                line_posted := '{0}';
                line_held := ARRAY[command.amount];
                written.kind := 'HOLD';
                written.amount := command.amount;
                written.transfer_id := command.transfer_id;
            END IF;

        WHEN 'CAPTURE' THEN
            payee := accounts[array_position(account_ids, held.payee_id)];
            answer.status := refuses_capture(command, held, wallet, payee, now);
            IF answer.status IS NULL THEN
                written.kind := CASE held.purpose WHEN 'REFUND' THEN 'REFUND' ELSE 'CAPTURE' END;
                written.amount := coalesce(command.amount, left_over);
                written.transfer_id := held.transfer_id;
                held.captured := held.captured + written.amount;
                left_over := left_over - written.amount;
                IF command.final THEN
                    held.released := held.released + left_over;
                ELSE
                    left_over := 0;
                END IF;
                line_ids := ARRAY[wallet.id, payee.id];
                line_posted := ARRAY[-written.amount, written.amount];
                line_held := ARRAY[-written.amount - left_over, 0];
            END IF;

        WHEN 'RELEASE', 'EXPIRY' THEN
            IF held.id IS NULL AND command.movement = 'EXPIRY' THEN
                answer.status := 'HOLD_NOT_FOUND';
            ELSIF held.id IS NULL THEN  -- nothing is held, and nothing will be: the placing's key is taken
                key_scope := 'hold';
                key_name := command.hold_id;
                place := array_position(outcome_names, key_scope || E'\x1f' || key_name);
                IF outcomes[place].outcome = 'OK' THEN
                    RAISE EXCEPTION 'hold % was placed meanwhile', command.hold_id USING ERRCODE = 'serialization_failure';
                ELSIF place IS NOT NULL THEN
                    RETURN NEXT ROW(number, 'HOLD_CANCELLED', true, NULL, NULL)::posted;
                    CONTINUE;
                END IF;
                answer.status := 'HOLD_CANCELLED';
            ELSIF left_over > 0 AND (command.movement = 'RELEASE' OR held.expires_at <= now) THEN
                written.kind := command.movement;
                written.amount := left_over;
                written.transfer_id := held.transfer_id;
                held.released := held.released + left_over;
                held.expired := command.movement = 'EXPIRY';
                line_ids := ARRAY[wallet.id];
                line_posted := '{0}';
                line_held := ARRAY[-left_over];
            ELSIF left_over = 0 AND held.captured > 0 AND command.movement = 'RELEASE' THEN
                answer.status := 'HOLD_CAPTURED';
            ELSE  -- done before, by whomever, or nothing to do yet: it stays so, and needs no key
                key_scope := NULL;
                answer.replayed := true;
            END IF;

        WHEN 'EXTENSION' THEN
            answer.status := refuses_extension(held, now);
            held.expires_at := greatest(held.expires_at, now + make_interval(secs => command.seconds));

        WHEN 'REVERSAL' THEN
            SELECT * INTO original FROM journal
             WHERE id = command.reverses AND kind NOT IN ('HOLD', 'RELEASE', 'EXPIRY');
            IF NOT FOUND THEN
                answer.status := 'JOURNAL_NOT_FOUND';
            ELSIF EXISTS (SELECT FROM journal WHERE reverses = command.reverses)
                OR EXISTS (SELECT FROM unnest(journals) AS sister WHERE sister.reverses = command.reverses) THEN
                answer.status := 'ALREADY_REVERSED';
            ELSE
                SELECT array_agg(account_id ORDER BY account_id), array_agg(-delta_posted ORDER BY account_id),
                       array_agg(0 ORDER BY account_id)
                  INTO line_ids, line_posted, line_held
                  FROM entry WHERE journal_id = command.reverses AND delta_posted <> 0;
                FOR line IN 1 .. cardinality(line_ids) LOOP
                    wallet := accounts[array_position(account_ids, line_ids[line])];
                    reason := refuses_reversal(wallet, line_posted[line]);
                    IF reason = 'WALLET_CLOSED' OR answer.status IS NULL THEN
                        answer.status := reason;
                    END IF;
                    IF reason = 'INSUFFICIENT_FUNDS' THEN
                        details := jsonb_build_object(
                            'currency', wallet.currency, 'available', wallet.posted - wallet.held,
                            'requested', -line_posted[line]
                        );
                    END IF;
                END LOOP;
                written.kind := 'REVERSAL';
                written.amount := original.amount;
                written.transfer_id := original.transfer_id;
                written.reverses := original.id;
                written.effective_at := original.effective_at;
                written.currency := original.currency;
            END IF;

        WHEN 'STATUS' THEN
            answer.status := refuses_status(command, wallet);
            IF answer.status IS NULL AND wallet.status <> command.new_status THEN
                status_changes := status_changes || ROW(
                    gen_random_uuid(), wallet.id, wallet.status, command.new_status, command.reason, command.actor, now
                )::account_status_change;
                wallet.status := command.new_status;
                accounts[array_position(account_ids, wallet.id)] := wallet;
            END IF;
        END CASE;

        -- ── what it came to ──
        IF answer.status IS NULL THEN
            answer.status := 'OK';
            line_results := '[]';
            IF written.kind IS NOT NULL THEN
                written.id := command.journal_id;
                written.currency := coalesce(written.currency, wallet.currency);
                written.actor := command.actor;
                written.reason := command.reason;
                written.at := now;  -- the clock may step back, an account's time does not
                FOR line IN 1 .. cardinality(line_ids) LOOP
                    written.at := greatest(written.at, accounts[array_position(account_ids, line_ids[line])].last_at);
                END LOOP;
                written.effective_at := coalesce(written.effective_at, written.at);
                journals := journals || written;
                answer.ref := coalesce(answer.ref, written.id);
                FOR line IN 1 .. cardinality(line_ids) LOOP
                    place := array_position(account_ids, line_ids[line]);
                    wallet := accounts[place];
                    wallet.posted := wallet.posted + line_posted[line];
                    wallet.held := wallet.held + line_held[line];
                    wallet.seq := wallet.seq + 1;
                    wallet.last_at := written.at;
                    wallet.chain := entry_chain(
                        wallet.chain, wallet.id, wallet.seq, written.id, line_posted[line], line_held[line], wallet.posted,
                        wallet.held, written.at
                    );
                    accounts[place] := wallet;
                    moved_ids := moved_ids || wallet.id;
                    entries := entries || ROW(
                        wallet.id, wallet.seq, written.id, line_posted[line], line_held[line], wallet.posted, wallet.held,
                        written.at, wallet.chain
                    )::entry;
                    line_results := line_results || jsonb_build_object(
                        'account', wallet.id, 'seq', wallet.seq, 'posted', wallet.posted, 'held', wallet.held
                    );
                END LOOP;
            END IF;
            answer.result := jsonb_build_object(
                'at', coalesce(written.at, now), 'journal', written.id, 'currency', wallet.currency, 'lines', line_results
            );
            IF held.id IS NOT NULL THEN
                answer.result := answer.result || jsonb_build_object('hold', to_jsonb(held));
                IF NOT answer.replayed THEN
                    holds[array_position(hold_ids, held.id)] := held;
                    changed_ids := changed_ids || held.id;
                END IF;
            ELSIF command.movement = 'STATUS' THEN
                answer.result := answer.result || jsonb_build_object('wallet', to_jsonb(wallet) - 'chain');
            END IF;
        ELSE
            answer.ref := NULL;
            answer.result := coalesce(details, CASE answer.status
                WHEN 'INSUFFICIENT_FUNDS' THEN jsonb_build_object(
                    'currency', wallet.currency, 'available', wallet.posted - wallet.held, 'requested', command.amount
                )
                WHEN 'CURRENCY_MISMATCH' THEN jsonb_build_object(
                    'wallet', CASE WHEN wallet.currency <> command.currency THEN wallet.currency ELSE payee.currency END,
                    'amount', command.currency
                )
                WHEN 'CAPTURE_EXCEEDS_HOLD' THEN jsonb_build_object(
                    'currency', wallet.currency, 'remaining', left_over, 'requested', command.amount
                )
                ELSE '{}'
            END);
        END IF;
        IF key_scope IS NOT NULL THEN
            outcomes := outcomes || ROW(
                key_scope, key_name, CASE WHEN key_scope = command.scope THEN command.fingerprint END, answer.status,
                answer.ref, answer.result, now
            )::idempotency;
            outcome_names := outcome_names || (key_scope || E'\x1f' || key_name);
        END IF;
        RETURN NEXT answer;
    END LOOP;

    -- ── the writes: each table once, keys and holds in one order, since two calls may meet on them ──
    IF cardinality(outcomes) > remembered THEN
        INSERT INTO idempotency
        SELECT * FROM unnest(outcomes[remembered + 1:]) AS settled ORDER BY settled.scope, settled.key;
    END IF;
    IF changed_ids <> '{}' THEN
        IF placed_ids <> '{}' THEN
            INSERT INTO hold
            SELECT * FROM unnest(holds) AS stand WHERE stand.id = ANY (placed_ids) AND stand.id = ANY (changed_ids)
             ORDER BY stand.id;
        END IF;
        IF met_ids <> '{}' THEN
            UPDATE hold SET captured = stand.captured, released = stand.released, expires_at = stand.expires_at,
                            expired = stand.expired
              FROM unnest(holds) AS stand
             WHERE hold.id = stand.id AND hold.id = ANY (changed_ids) AND stand.id <> ALL (placed_ids);
        END IF;
    END IF;
    IF moved_ids <> '{}' THEN
        WITH written AS (
            INSERT INTO journal SELECT * FROM unnest(journals)
        ), moved AS (
            UPDATE account SET posted = stand.posted, held = stand.held, seq = stand.seq, last_at = stand.last_at,
                               chain = stand.chain
              FROM unnest(accounts) AS stand
             WHERE account.id = stand.id AND account.id = ANY (moved_ids)
        )
        INSERT INTO entry SELECT * FROM unnest(entries);
    END IF;
    IF status_changes <> '{}' THEN
        INSERT INTO account_status_change SELECT * FROM unnest(status_changes);
        UPDATE account SET status = stand.status FROM unnest(accounts) AS stand
         WHERE account.id = stand.id AND account.status <> stand.status
           AND stand.id IN (SELECT account_id FROM unnest(status_changes));
    END IF;
END $$;
