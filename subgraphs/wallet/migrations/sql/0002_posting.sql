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
    SELECT gen_random_uuid(), fund, in_currency, number FROM generate_series(0, 63) AS number
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
-- PL/pgSQL makes each of its expressions ready anew in every transaction, so their number is what a single command costs. That is
-- why lists begin as NULL rather than as '{}' (to append, and to look for something, are the same to both), and why rows are made
-- whole rather than field by field.
DECLARE
    -- All commands of one call use the same shard: one lock and one update for all of them.
    call_shard CONSTANT smallint := get_byte(uuid_send(commands[1].journal_id), 15) % 64;
    now timestamptz;
    command posting;
    answer posted;

    fund_names text[];              -- "kind:currency" of the system accounts concerned, and beside it their ids
    fund_ids uuid[];
    fund_id uuid;
    concerned uuid[];               -- accounts to lock
    payee_ids uuid[];               -- of holds that are placed: looked at, not locked
    placed_ids uuid[];              -- holds that this call may place
    met_ids uuid[];                 -- holds that it captures, releases or extends
    captured_ids uuid[];            -- those of them that pay somebody
    reversed_ids uuid[];
    scopes text[];
    keys text[];
    names text[];                   -- scope and key in one, with a character between them that no scope has

    -- What the commands see and change, in memory, until all are decided.
    accounts account[];
    account_ids uuid[];
    holds hold[];
    hold_ids uuid[];
    outcomes idempotency[];         -- in the places of `names`; NULL where nobody has settled the key yet

    -- What is to be written.
    settled idempotency[];
    changed_ids uuid[];
    journals journal[];
    entries entry[];
    status_changes account_status_change[];

    -- of the command at hand
    fund_name text;
    key_place integer;              -- in `names`; NULL where nothing is remembered
    wallet account;
    payee account;
    held hold;
    remaining bigint;               -- of the hold
    written journal;
    places integer[];               -- in `accounts`, of those that move; NULL where none does
    deltas_posted bigint[];         -- of each of them
    deltas_held bigint[];
    line entry;
    lines jsonb;
    original journal;
    reason text;
    details jsonb;
BEGIN
    -- ── which rows are concerned: read without a lock, from columns that never change ──
    FOREACH command IN ARRAY commands LOOP
        IF command.scope IS NOT NULL THEN
            scopes := scopes || command.scope;
            keys := keys || command.key;
            names := names || (command.scope || E'\x1f' || command.key);
        END IF;
        IF command.wallet_id IS NOT NULL THEN
            concerned := concerned || command.wallet_id;
        END IF;
        CASE
            WHEN fund_of(command.movement) IS NOT NULL THEN
                fund_name := fund_of(command.movement) || ':' || command.currency;
                IF (fund_name = ANY (fund_names)) IS NOT TRUE THEN
                    SELECT id INTO fund_id FROM account
                     WHERE owner_id IS NULL AND kind = fund_of(command.movement) AND currency = command.currency
                       AND shard = call_shard AND status <> 'CLOSED';  -- as the index has it
                    IF fund_id IS NULL THEN
                        fund_id := new_fund(fund_of(command.movement), command.currency, call_shard);
                    END IF;
                    fund_names := fund_names || fund_name;
                    fund_ids := fund_ids || fund_id;
                    concerned := concerned || fund_id;
                END IF;
            WHEN command.movement = 'HOLD' THEN
                placed_ids := placed_ids || command.hold_id;
                payee_ids := payee_ids || command.payee_id;
            WHEN command.movement = 'CAPTURE' THEN
                met_ids := met_ids || command.hold_id;
                captured_ids := captured_ids || command.hold_id;
            WHEN command.movement IN ('RELEASE', 'EXPIRY', 'EXTENSION') THEN
                met_ids := met_ids || command.hold_id;
                IF command.movement = 'RELEASE' THEN  -- of an id never seen it takes the key of the placing
                    scopes := scopes || 'hold'::text;
                    keys := keys || command.hold_id::text;
                    names := names || ('hold' || E'\x1f' || command.hold_id);
                END IF;
            WHEN command.movement = 'REVERSAL' THEN
                reversed_ids := reversed_ids || command.reverses;
            WHEN command.movement IN ('GRANT', 'CLAWBACK') THEN
                concerned := concerned || command.payee_id;
            ELSE NULL;
        END CASE;
    END LOOP;
    IF met_ids IS NOT NULL THEN
        FOR held IN SELECT * FROM hold WHERE id = ANY (met_ids) LOOP
            hold_ids := hold_ids || held.id;
            concerned := concerned || held.account_id;
            IF held.id = ANY (captured_ids) THEN
                concerned := concerned || held.payee_id;
            END IF;
        END LOOP;
        IF captured_ids && placed_ids THEN
            concerned := concerned || payee_ids;
        END IF;
    END IF;
    IF reversed_ids IS NOT NULL THEN
        concerned := concerned || ARRAY(SELECT account_id FROM entry WHERE journal_id = ANY (reversed_ids));
    END IF;

    -- ── the locks ──
    FOR wallet IN SELECT * FROM account WHERE id = ANY (concerned) ORDER BY id FOR NO KEY UPDATE LOOP
        accounts := accounts || wallet;
        account_ids := account_ids || wallet.id;
    END LOOP;
    IF hold_ids IS NOT NULL THEN
        met_ids := hold_ids;
        hold_ids := NULL;
        FOR held IN SELECT * FROM hold WHERE id = ANY (met_ids) ORDER BY id FOR NO KEY UPDATE LOOP
            holds := holds || held;
            hold_ids := hold_ids || held.id;
        END LOOP;
    END IF;
    IF placed_ids && hold_ids THEN  -- what is there already is not placed again, whatever else befalls it in this call
        placed_ids := ARRAY(SELECT unnest(placed_ids) EXCEPT SELECT unnest(hold_ids));
    END IF;
    IF payee_ids IS NOT NULL THEN  -- a payee that is concerned by nothing else is looked at only
        FOR payee IN SELECT * FROM account WHERE id = ANY (payee_ids) AND (id = ANY (account_ids)) IS NOT TRUE LOOP
            accounts := accounts || payee;
            account_ids := account_ids || payee.id;
        END LOOP;
    END IF;
    IF keys IS NOT NULL THEN  -- read now: who settled a key while we waited has committed by now
        outcomes := ARRAY(
            SELECT (SELECT known FROM idempotency AS known WHERE known.scope = wanted.scope AND known.key = wanted.key)
              FROM unnest(scopes, keys) AS wanted (scope, key)
        );
    END IF;
    now := clock_timestamp();  -- under the locks; the transaction's own time may lie before what it waited for

    -- ── the decisions, one after the other ──
    FOR number IN 1 .. cardinality(commands) LOOP
        command := commands[number];
        key_place := array_position(names, command.scope || E'\x1f' || command.key);
        IF outcomes[key_place].outcome IS NOT NULL THEN
            IF outcomes[key_place].fingerprint <> command.fingerprint THEN
                RETURN NEXT ROW(number, 'IDEMPOTENCY_CONFLICT', false, NULL, NULL)::posted;
            ELSE
                RETURN NEXT ROW(
                    number, outcomes[key_place].outcome, true, outcomes[key_place].ref, outcomes[key_place].result
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
        places := NULL;
        wallet := accounts[array_position(account_ids, command.wallet_id)];
        held := holds[array_position(hold_ids, command.hold_id)];
        IF held.id IS NOT NULL THEN
            wallet := accounts[array_position(account_ids, held.account_id)];
            remaining := held.amount - held.captured - held.released;
        END IF;
        written := ROW(  -- what most commands come to
            command.journal_id,
            CASE WHEN command.movement NOT IN ('EXTENSION', 'STATUS', 'GRANT', 'CLAWBACK') THEN command.movement END,
            coalesce(held.transfer_id, command.transfer_id), wallet.currency, command.amount, now, NULL, NULL,
            command.actor, command.reason
        )::journal;

        CASE command.movement
        WHEN 'DEPOSIT', 'REWARD', 'WITHDRAWAL', 'REWARD_CLAWBACK' THEN
            fund_name := fund_of(command.movement) || ':' || command.currency;
            places := ARRAY[
                array_position(account_ids, fund_ids[array_position(fund_names, fund_name)]),
                array_position(account_ids, wallet.id)
            ];
            deltas_held := '{0, 0}';
            IF command.movement IN ('DEPOSIT', 'REWARD') THEN
                answer.status := refuses_pay_in(command, wallet);
                deltas_posted := ARRAY[-command.amount, command.amount];
            ELSE
                answer.status := refuses_pay_out(command, wallet);
                deltas_posted := ARRAY[command.amount, -command.amount];
            END IF;

        WHEN 'HOLD' THEN
            payee := accounts[array_position(account_ids, command.payee_id)];
            answer.status := refuses_hold(command, wallet, payee);
            IF answer.status IS NULL THEN
                held := ROW(
                    command.hold_id, wallet.id, payee.id, command.transfer_id, command.amount, 0, 0,
                    now + make_interval(secs => command.seconds), now, command.purpose, false
                )::hold;
                holds := holds || held;
                hold_ids := hold_ids || held.id;
                answer.ref := held.id;
                places := ARRAY[array_position(account_ids, wallet.id)];
                deltas_posted := '{0}';
                deltas_held := ARRAY[command.amount];
            END IF;

        WHEN 'CAPTURE' THEN
            payee := accounts[array_position(account_ids, held.payee_id)];
            answer.status := refuses_capture(command, held, wallet, payee, now);
            IF answer.status IS NULL THEN
                IF held.purpose = 'REFUND' THEN
                    written.kind := 'REFUND';
                END IF;
                written.amount := coalesce(command.amount, remaining);
                remaining := remaining - written.amount;
                held.captured := held.captured + written.amount;
                IF command.final THEN
                    held.released := held.released + remaining;
                ELSE
                    remaining := 0;  -- it stays held
                END IF;
                places := ARRAY[array_position(account_ids, wallet.id), array_position(account_ids, payee.id)];
                deltas_posted := ARRAY[-written.amount, written.amount];
                deltas_held := ARRAY[-written.amount - remaining, 0];
            END IF;

        WHEN 'RELEASE', 'EXPIRY' THEN
            IF held.id IS NULL AND command.movement = 'EXPIRY' THEN
                answer.status := 'HOLD_NOT_FOUND';
            ELSIF held.id IS NULL THEN  -- nothing is held, and nothing will be: the placing's key is taken
                key_place := array_position(names, 'hold' || E'\x1f' || command.hold_id);
                IF outcomes[key_place].outcome = 'OK' THEN
                    RAISE EXCEPTION 'hold % was placed meanwhile', command.hold_id USING ERRCODE = 'serialization_failure';
                ELSIF outcomes[key_place].outcome IS NOT NULL THEN
                    RETURN NEXT ROW(number, 'HOLD_CANCELLED', true, NULL, NULL)::posted;
                    CONTINUE;
                END IF;
                answer.status := 'HOLD_CANCELLED';
            ELSIF remaining > 0 AND (command.movement = 'RELEASE' OR held.expires_at <= now) THEN
                written.amount := remaining;
                held.released := held.released + remaining;
                held.expired := command.movement = 'EXPIRY';
                places := ARRAY[array_position(account_ids, wallet.id)];
                deltas_posted := '{0}';
                deltas_held := ARRAY[-remaining];
            ELSIF remaining = 0 AND held.captured > 0 AND command.movement = 'RELEASE' THEN
                answer.status := 'HOLD_CAPTURED';
            ELSE  -- done before, by whomever, or nothing to do yet: it stays so, and needs no key
                key_place := NULL;
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
                SELECT array_agg(array_position(account_ids, account_id) ORDER BY account_id),
                       array_agg(-delta_posted ORDER BY account_id), array_agg(0 ORDER BY account_id)
                  INTO places, deltas_posted, deltas_held
                  FROM entry WHERE journal_id = command.reverses AND delta_posted <> 0;
                FOR number_of_line IN 1 .. cardinality(places) LOOP
                    wallet := accounts[places[number_of_line]];
                    reason := refuses_reversal(wallet, deltas_posted[number_of_line]);
                    IF reason = 'WALLET_CLOSED' OR answer.status IS NULL THEN
                        answer.status := reason;
                    END IF;
                    IF reason = 'INSUFFICIENT_FUNDS' THEN
                        details := jsonb_build_object(
                            'currency', wallet.currency, 'available', wallet.posted - wallet.held,
                            'requested', -deltas_posted[number_of_line]
                        );
                    END IF;
                END LOOP;
                IF answer.status <> 'INSUFFICIENT_FUNDS' THEN  -- another reason weighs more, and has nothing to add
                    details := NULL;
                END IF;
                written.amount := original.amount;
                written.currency := original.currency;
                written.transfer_id := original.transfer_id;
                written.reverses := original.id;
                written.effective_at := original.effective_at;
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

        WHEN 'GRANT', 'CLAWBACK' THEN
            payee := accounts[array_position(account_ids, command.payee_id)];  -- the campaign's fund
            places := ARRAY[array_position(account_ids, payee.id), array_position(account_ids, wallet.id)];
            deltas_held := '{0, 0}';
            IF command.movement = 'GRANT' THEN
                written.kind := 'REWARD';
                answer.status := refuses_grant(command, wallet, payee);
                deltas_posted := ARRAY[-command.amount, command.amount];
                IF answer.status = 'INSUFFICIENT_FUNDS' THEN
                    details := jsonb_build_object(
                        'currency', command.currency, 'available', coalesce(payee.posted - payee.held, 0),
                        'requested', command.amount
                    );
                END IF;
            ELSE
                written.kind := 'REWARD_CLAWBACK';
                answer.status := refuses_clawback(command, wallet, payee);
                written.amount := least(command.amount, wallet.posted - wallet.held - wallet.floor);
                deltas_posted := ARRAY[written.amount, -written.amount];
            END IF;

        WHEN 'FUNDING', 'DEFUNDING' THEN
            fund_name := fund_of(command.movement) || ':' || command.currency;
            places := ARRAY[
                array_position(account_ids, fund_ids[array_position(fund_names, fund_name)]),
                array_position(account_ids, wallet.id)
            ];
            answer.status := refuses_funding(command, wallet);
            deltas_held := '{0, 0}';
            IF command.movement = 'FUNDING' THEN
                deltas_posted := ARRAY[-command.amount, command.amount];
            ELSE
                deltas_posted := ARRAY[command.amount, -command.amount];
            END IF;
        END CASE;

        -- ── what it came to ──
        IF answer.status IS NULL THEN
            answer.status := 'OK';
            lines := '[]';
            IF places IS NULL THEN
                written := NULL;
            ELSE
                FOR number_of_line IN 1 .. cardinality(places) LOOP  -- the clock may step back, an account's time does not
                    written.at := greatest(written.at, accounts[places[number_of_line]].last_at);
                END LOOP;
                written.effective_at := coalesce(written.effective_at, written.at);
                journals := journals || written;
                answer.ref := coalesce(answer.ref, written.id);
                FOR number_of_line IN 1 .. cardinality(places) LOOP
                    wallet := accounts[places[number_of_line]];
                    line := next_entry(wallet, written, deltas_posted[number_of_line], deltas_held[number_of_line]);
                    wallet.posted := line.posted_after;
                    wallet.held := line.held_after;
                    wallet.seq := line.seq;
                    wallet.last_at := line.at;
                    wallet.chain := line.chain;
                    accounts[places[number_of_line]] := wallet;
                    entries := entries || line;
                    lines := lines || jsonb_build_object(
                        'account', line.account_id, 'seq', line.seq, 'posted', line.posted_after, 'held', line.held_after
                    );
                END LOOP;
            END IF;
            answer.result := jsonb_build_object(
                'at', coalesce(written.at, now), 'journal', written.id, 'currency', wallet.currency, 'lines', lines
            );
            IF held.id IS NOT NULL THEN
                answer.result := answer.result || jsonb_build_object('hold', to_jsonb(held));
                IF NOT answer.replayed THEN
                    holds[array_position(hold_ids, held.id)] := held;
                    changed_ids := changed_ids || held.id;
                END IF;
            ELSIF command.movement IN ('STATUS', 'CLAWBACK') THEN
                answer.result := answer.result || CASE command.movement
                    WHEN 'STATUS' THEN jsonb_build_object('wallet', to_jsonb(wallet) - 'chain')
                    ELSE jsonb_build_object('amount', written.amount)
                END;
            END IF;
        ELSE
            answer.ref := NULL;
            answer.result := coalesce(details, details_of(answer.status, command, wallet, payee, remaining));
        END IF;
        IF key_place IS NOT NULL THEN
            outcomes[key_place] := ROW(
                scopes[key_place], keys[key_place],
                CASE WHEN scopes[key_place] = command.scope THEN command.fingerprint END,
                answer.status, answer.ref, answer.result, now
            )::idempotency;
            settled := settled || outcomes[key_place];
        END IF;
        RETURN NEXT answer;
    END LOOP;

    -- ── the writes: each table once, holds and keys in one order, since two calls may meet on them ──
    IF changed_ids IS NOT NULL THEN
        IF placed_ids IS NOT NULL THEN
            INSERT INTO hold
            SELECT * FROM unnest(holds) AS stand WHERE stand.id = ANY (placed_ids) AND stand.id = ANY (changed_ids)
             ORDER BY stand.id;
        END IF;
        IF met_ids IS NOT NULL THEN
            UPDATE hold SET captured = stand.captured, released = stand.released, expires_at = stand.expires_at,
                            expired = stand.expired
              FROM unnest(holds) AS stand
             WHERE hold.id = stand.id AND hold.id = ANY (changed_ids) AND (stand.id = ANY (placed_ids)) IS NOT TRUE;
        END IF;
    END IF;
    IF settled IS NOT NULL OR journals IS NOT NULL THEN
        WITH kept AS (
            INSERT INTO idempotency SELECT * FROM unnest(settled) AS one ORDER BY one.scope, one.key
        ), written AS (
            INSERT INTO journal SELECT * FROM unnest(journals)
        ), moved AS (
            UPDATE account SET posted = stand.posted, held = stand.held, seq = stand.seq, last_at = stand.last_at,
                               chain = stand.chain
              FROM unnest(accounts) AS stand
             WHERE account.id = stand.id AND account.seq < stand.seq
        ), marked AS (  -- what is told of: the sequencer makes events of the entries
            INSERT INTO outbox (account_id, seq)
            SELECT added.account_id, added.seq FROM unnest(entries) AS added
             WHERE (added.account_id = ANY (fund_ids)) IS NOT TRUE
        )
        INSERT INTO entry SELECT * FROM unnest(entries);
    END IF;
    IF status_changes IS NOT NULL THEN
        INSERT INTO account_status_change SELECT * FROM unnest(status_changes);
        UPDATE account SET status = stand.status FROM unnest(accounts) AS stand
         WHERE account.id = stand.id AND account.status <> stand.status
           AND stand.id IN (SELECT account_id FROM unnest(status_changes));
    END IF;
END $$;
