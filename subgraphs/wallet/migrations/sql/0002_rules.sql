-- What the database refuses whoever writes, its owner included. A journal, its entries and the accounts that they move are written
-- in one statement, so both sides can be compared as that statement ends: once per statement, not once per row.

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

-- Entries of an account are a chain without a gap that its account has reached; those of a journal come all at once, in one
-- currency, and sum to zero.
CREATE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT added.account_id, added.seq, added.journal_id,
           account.seq < added.seq AS ahead, account.currency <> journal.currency AS strange INTO wrong
      FROM added  -- joined to the left, so that every look-up goes by key from what was added
      LEFT JOIN account ON account.id = added.account_id
      LEFT JOIN journal ON journal.id = added.journal_id
      LEFT JOIN entry AS before ON before.account_id = added.account_id AND before.seq = added.seq - 1
     WHERE added.seq <> coalesce(before.seq, 0) + 1
        OR added.posted_after <> coalesce(before.posted_after, 0) + added.delta_posted
        OR added.held_after <> coalesce(before.held_after, 0) + added.delta_held
        OR added.at < before.at
        OR added.chain <> entry_chain(
               coalesce(before.chain, ''), added.account_id, added.seq, added.journal_id, added.delta_posted,
               added.delta_held, added.posted_after, added.held_after, added.at
           )
        OR account.seq < added.seq
        OR account.currency <> journal.currency
     LIMIT 1;
    IF FOUND AND wrong.strange THEN
        RAISE EXCEPTION 'journal % does not balance: it has a line in another currency', wrong.journal_id
            USING ERRCODE = 'check_violation';
    ELSIF FOUND AND wrong.ahead THEN
        RAISE EXCEPTION 'account % does not stand where its entry % says', wrong.account_id, wrong.seq
            USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'entry % of account % does not follow from the one before it', wrong.seq, wrong.account_id
            USING ERRCODE = 'check_violation';
    END IF;

    SELECT added.journal_id, count(*) AS lines, sum(added.delta_posted) AS total INTO wrong
      FROM added GROUP BY added.journal_id
    HAVING sum(added.delta_posted) <> 0
        OR count(*) <> (SELECT count(*) FROM entry WHERE entry.journal_id = added.journal_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % does not balance: % lines that sum to %, or not all at once',
            wrong.journal_id, wrong.lines, wrong.total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_follow AFTER INSERT ON entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_entries();

-- An account stands where its newest entry says, so a balance cannot change by itself.
CREATE FUNCTION check_accounts() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT changed.id, changed.seq INTO wrong
      FROM changed
      LEFT JOIN entry AS newest ON newest.account_id = changed.id AND newest.seq = changed.seq
      LEFT JOIN entry AS later ON later.account_id = changed.id AND later.seq = changed.seq + 1
     WHERE changed.seq <> coalesce(newest.seq, 0)
        OR changed.posted <> coalesce(newest.posted_after, 0)
        OR changed.held <> coalesce(newest.held_after, 0)
        OR changed.chain <> coalesce(newest.chain, '')
        OR changed.last_at IS DISTINCT FROM newest.at
        OR later.seq IS NOT NULL
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % does not stand where its entry % says', wrong.id, wrong.seq USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER account_begins_where_it_stands AFTER INSERT ON account REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_accounts();
CREATE TRIGGER account_matches_its_entries AFTER UPDATE ON account REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION check_accounts();

-- At the commit every journal has lines, and they sum to zero: the last word, whatever was disabled before it.
CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    lines bigint;
    total numeric;
BEGIN
    SELECT count(*), coalesce(sum(delta_posted), 0) INTO lines, total FROM entry WHERE journal_id = NEW.id;
    IF lines = 0 OR total <> 0 THEN
        RAISE EXCEPTION 'journal % does not balance: % lines, sum %', NEW.id, lines, total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_journal();
