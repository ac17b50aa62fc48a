-- What one value may be is said by its type. A table's CHECK is read anew by every statement that writes the table, whatever it
-- changes; a type's is kept by the session, and looked at only where a value comes in.
CREATE DOMAIN currency_code AS text
    CONSTRAINT currency_is_a_code CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN account_kind AS text
    CONSTRAINT kind_is_known CHECK (VALUE IN ('USER', 'EXTERNAL', 'REWARDS', 'CAMPAIGN'));
CREATE DOMAIN account_status AS text
    CONSTRAINT status_is_known CHECK (VALUE IN ('OPEN', 'FROZEN', 'CLOSED'));
CREATE DOMAIN journal_kind AS text
    CONSTRAINT journal_kind_is_known CHECK (VALUE IN (
        'DEPOSIT', 'WITHDRAWAL', 'HOLD', 'CAPTURE', 'RELEASE', 'EXPIRY', 'REFUND', 'REWARD', 'REWARD_CLAWBACK', 'REVERSAL',
        'FUNDING', 'DEFUNDING'
    ));
CREATE DOMAIN hold_purpose AS text
    CONSTRAINT hold_purpose_is_known CHECK (VALUE IN ('TRANSFER', 'REFUND'));
CREATE DOMAIN command_key AS text
    CONSTRAINT key_is_in_bounds CHECK (length(VALUE) BETWEEN 1 AND 64);

ALTER TABLE account
    DROP CONSTRAINT kind_is_known,
    DROP CONSTRAINT currency_is_a_code,
    DROP CONSTRAINT seq_counts,  -- it is that of an entry, or 0: a trigger sees to it
    DROP CONSTRAINT users_accounts_have_owners,  -- this and the next: a trigger sees to them when an account is made
    DROP CONSTRAINT users_accounts_have_floors,
    DROP CONSTRAINT users_balances_are_exact_in_json,  -- a trigger looks at this beside the entries
    ALTER kind TYPE account_kind,
    ALTER currency TYPE currency_code;
ALTER TABLE journal
    DROP CONSTRAINT journal_kind_is_known,
    ALTER kind TYPE journal_kind,
    ALTER currency TYPE currency_code;
ALTER TABLE entry
    DROP CONSTRAINT entry_changes_something,  -- this and the next: the trigger on entries sees to it, in one query for all of a posting's
    DROP CONSTRAINT entry_account_id_fkey,
    DROP CONSTRAINT entry_journal_id_fkey;
ALTER TABLE idempotency
    DROP CONSTRAINT key_is_in_bounds,
    ALTER key TYPE command_key;
