-- What the database refuses whoever writes, its owner included. A journal, its entries and the accounts that they move are written
-- in one statement, so what must agree is compared as that statement ends: once per statement, not once per row.

-- What is written stays written; a mistake is put right by another journal.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted (% refused)', TG_ARGV[0], TG_OP USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_change('journal');
CREATE TRIGGER journal_is_never_emptied BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('journal');
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change('entry');
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('entry');
CREATE TRIGGER status_change_is_append_only BEFORE UPDATE OR DELETE ON account_status_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change('account_status_change');
CREATE TRIGGER status_change_is_never_emptied BEFORE TRUNCATE ON account_status_change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('account_status_change');
CREATE TRIGGER account_is_never_deleted BEFORE DELETE ON account
    FOR EACH ROW EXECUTE FUNCTION refuse_change('account');
CREATE TRIGGER account_is_never_emptied BEFORE TRUNCATE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('account');
CREATE TRIGGER account_keeps_its_identity BEFORE UPDATE OF id, owner_id, kind, currency, shard ON account
    FOR EACH ROW EXECUTE FUNCTION refuse_change('whose an account is');
CREATE TRIGGER hold_keeps_its_terms BEFORE UPDATE OF id, account_id, payee_id, transfer_id, amount, purpose ON hold
    FOR EACH ROW EXECUTE FUNCTION refuse_change('what a hold is about');

-- CLOSED is for ever. (No WHEN: it would be parsed anew by every statement that updates the table.)
CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'CLOSED' THEN
        RAISE EXCEPTION 'account % is closed, for ever', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER account_stays_closed BEFORE UPDATE OF status ON account FOR EACH ROW EXECUTE FUNCTION refuse_reopening();

-- Who an account belongs to and what it is divided in never changes, so it is looked at when that is written. (A CHECK would be parsed
-- anew by every posting, which changes none of it.)
CREATE FUNCTION check_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text := CASE
        WHEN (NEW.kind IN ('USER', 'CAMPAIGN')) <> (NEW.owner_id IS NOT NULL) THEN 'owned_accounts_have_owners'
        WHEN NEW.owner_id IS NOT NULL AND NEW.floor IS NULL THEN 'owned_accounts_have_floors'
        WHEN NEW.shard NOT BETWEEN 0 AND CASE WHEN NEW.owner_id IS NULL THEN 63 ELSE 0 END THEN 'only_system_accounts_have_shards'
    END;
BEGIN
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'account % breaks the rule %', NEW.id, broken USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER account_has_its_terms BEFORE INSERT OR UPDATE OF owner_id, kind, floor, shard ON account
    FOR EACH ROW EXECUTE FUNCTION check_terms();

-- Entries of an account are a chain without a gap that its account has reached, each of them a change, of its journal's time and in
-- its currency. (That both are there is seen by the way; since neither is ever deleted, a foreign key would only ask again.) (Tables are named with their schema where a SET search_path would cost every posting as much as the check.)
CREATE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT line.*, account.seq < line.seq AS is_ahead, account.currency <> journal.currency AS is_foreign,
           line.at <> journal.at AS is_late, account.id IS NULL OR journal.id IS NULL AS is_orphan
      INTO wrong
      FROM added AS line
     -- joined to the left, so that every look-up goes by key from what was added
      LEFT JOIN public.account ON account.id = line.account_id
      LEFT JOIN public.journal ON journal.id = line.journal_id
      LEFT JOIN public.entry AS before ON before.account_id = line.account_id AND before.seq = line.seq - 1
     WHERE account.id IS NULL
        OR journal.id IS NULL
        OR account.seq < line.seq
        OR account.currency <> journal.currency
        OR line.at <> journal.at
        OR line.at < before.at
        OR line.seq <> coalesce(before.seq, 0) + 1
        OR line.posted_after <> coalesce(before.posted_after, 0) + line.delta_posted
        OR line.held_after <> coalesce(before.held_after, 0) + line.delta_held
        OR line.delta_posted = 0 AND line.delta_held = 0
        OR line.chain <> public.entry_chain(
               coalesce(before.chain, ''), line.account_id, line.seq, line.journal_id, line.delta_posted, line.delta_held,
               line.posted_after, line.held_after, line.at
           )
     LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF wrong.delta_posted = 0 AND wrong.delta_held = 0 THEN
        RAISE EXCEPTION 'entry % of account % breaks the rule entry_changes_something', wrong.seq, wrong.account_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_changes_something';
    ELSIF wrong.is_orphan THEN
        RAISE EXCEPTION 'entry % has no account %, or no journal %', wrong.seq, wrong.account_id, wrong.journal_id
            USING ERRCODE = 'foreign_key_violation';
    ELSIF wrong.is_foreign THEN
        RAISE EXCEPTION 'journal % does not balance: it has a line in another currency', wrong.journal_id
            USING ERRCODE = 'check_violation';
    ELSIF wrong.is_late THEN
        RAISE EXCEPTION 'journal % is written: entry % of account % is of another time', wrong.journal_id, wrong.seq, wrong.account_id
            USING ERRCODE = 'check_violation';
    ELSIF wrong.is_ahead THEN
        RAISE EXCEPTION 'account % does not stand where its entry % says', wrong.account_id, wrong.seq
            USING ERRCODE = 'check_violation';
    END IF;
    RAISE EXCEPTION 'entry % of account % does not follow from the one before it', wrong.seq, wrong.account_id
        USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER entries_follow AFTER INSERT ON entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_entries();

-- An account stands where its newest entry says, so a balance cannot change by itself; nothing is in a closed one, and what people
-- have is a number that JSON carries exactly.
CREATE FUNCTION check_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT changed.* INTO wrong
      FROM changed
      LEFT JOIN LATERAL (
               SELECT * FROM public.entry WHERE account_id = changed.id ORDER BY seq DESC LIMIT 1
           ) AS newest ON true
     WHERE changed.seq <> coalesce(newest.seq, 0)
        OR changed.posted <> coalesce(newest.posted_after, 0)
        OR changed.held <> coalesce(newest.held_after, 0)
        OR changed.chain <> coalesce(newest.chain, '')
        OR changed.last_at IS DISTINCT FROM newest.at
        OR changed.status = 'CLOSED' AND (changed.posted <> 0 OR changed.held <> 0)
        OR changed.owner_id IS NOT NULL AND changed.posted > 9007199254740991
     LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;

    IF wrong.status = 'CLOSED' AND (wrong.posted <> 0 OR wrong.held <> 0) THEN
        RAISE EXCEPTION 'account % breaks the rule closed_is_empty', wrong.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_is_empty';
    ELSIF wrong.owner_id IS NOT NULL AND wrong.posted > 9007199254740991 THEN
        RAISE EXCEPTION 'account % breaks the rule owned_balances_are_exact_in_json', wrong.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'owned_balances_are_exact_in_json';
    END IF;
    RAISE EXCEPTION 'account % does not stand where its entry % says', wrong.id, wrong.seq USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER account_begins_where_it_stands AFTER INSERT ON account REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_accounts();
CREATE TRIGGER account_matches_its_entries AFTER UPDATE ON account REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_accounts();

-- At the commit every journal has lines, and they sum to zero.
CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    lines bigint;
    total numeric;
BEGIN
    SELECT count(*), coalesce(sum(delta_posted), 0) INTO lines, total FROM public.entry WHERE journal_id = NEW.id;
    IF lines = 0 OR total <> 0 THEN
        RAISE EXCEPTION 'journal % does not balance: % lines, sum %', NEW.id, lines, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_journal();
