CREATE FUNCTION transfer_reviews_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'transfer_reviews is append-only: % is not allowed', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
