-- As it was before (migration 2026-11-21-000004).
CREATE OR REPLACE FUNCTION purchase_append(
    p_lock bigint, p_user uuid, p_key text, p_request_hash bytea, p_answer jsonb,
    p_village uuid, p_quote uuid, p_valid_until timestamptz, p_account_version bigint,
    p_merchant_ceiling bigint,
    p_purchase uuid, p_price bigint, p_discount bigint, p_limited_by text, p_bearer text,
    p_credit_left bigint, p_state text, p_day date, p_now timestamptz,
    p_entry uuid, p_purse smallint, p_amount bigint, p_balance bigint, p_counter smallint,
    p_source smallint,
    p_audit uuid, p_role text,
    p_message_kind text, p_message jsonb, p_message_ids uuid[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    q quotes;
    a accounts;
BEGIN
    IF NOT pg_try_advisory_xact_lock(p_lock) THEN
        RETURN 'in_flight';
    END IF;
    INSERT INTO idempotency_keys (user_id, key, request_hash, answer, recorded_at)
        VALUES (p_user, p_key, p_request_hash, p_answer, p_now)
        ON CONFLICT (user_id, key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'replay';
    END IF;
    IF p_entry IS NOT NULL THEN
        SELECT accounts.* INTO STRICT a FROM quotes JOIN accounts
            ON accounts.village_id = quotes.village_id AND accounts.id = quotes.account_id
            WHERE quotes.village_id = p_village AND quotes.id = p_quote
            FOR NO KEY UPDATE OF accounts;
        IF a.version <> p_account_version THEN
            RAISE EXCEPTION 'the account changed in the meantime' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;
    UPDATE quotes SET used_at = p_now
        WHERE village_id = p_village AND id = p_quote AND used_at IS NULL AND valid_until = p_valid_until
        RETURNING * INTO q;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the quote changed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    IF p_state = 'completed' THEN
        PERFORM purchase_day_add(p_village, q.account_id, p_day, p_discount, q.account_daily_ceiling);
        PERFORM purchase_day_add(p_village, q.agreement_id, p_day, p_discount, p_merchant_ceiling);
    END IF;
    IF p_entry IS NOT NULL THEN
        PERFORM ledger_append(p_village,
            ARRAY[a.id], ARRAY[a.version], ARRAY[a.score], ARRAY[a.points], ARRAY[p_balance],
            ARRAY[a.version + 1],
            ARRAY[p_entry], ARRAY[a.id], ARRAY[a.version + 1], ARRAY[p_purse], ARRAY[p_amount],
            ARRAY[p_balance], ARRAY[p_counter], ARRAY[p_source], ARRAY[p_purchase],
            ARRAY[0::smallint], ARRAY[NULL::uuid], ARRAY[NULL::text], ARRAY[p_day],
            ARRAY[NULL::uuid], ARRAY[NULL::smallint], ARRAY[NULL::date], ARRAY[NULL::uuid], p_now, p_user);
    END IF;
    INSERT INTO purchases (village_id, id, merchant_id, agreement_id, quote_id, account_id, stars,
            discount_bp, account_daily_ceiling, price, discount, limited_by, bearer, credit_left,
            state, entry_id, sold_by, made_at, completed_at)
        VALUES (p_village, p_purchase, q.merchant_id, q.agreement_id, q.id, q.account_id, q.stars,
            q.discount_bp, q.account_daily_ceiling, p_price, p_discount, p_limited_by, p_bearer,
            p_credit_left, p_state, p_entry, p_user, p_now,
            CASE WHEN p_state = 'completed' THEN p_now END);
    INSERT INTO audit_log (village_id, id, at, user_id, role, action, subject_id)
        VALUES (p_village, p_audit, p_now, p_user, p_role, 'purchase_create', p_purchase);
    -- To the members of the household who have signed in, as far as there are ids.
    INSERT INTO messages (village_id, id, villager_id, kind, data, sent_at)
        SELECT p_village, p_message_ids[m.n], m.id, p_message_kind, p_message, p_now
        FROM (
            SELECT v.id, row_number() OVER (ORDER BY v.id) AS n
            FROM villagers AS v
            JOIN users AS u ON u.village_id = v.village_id AND u.villager_id = v.id
            WHERE v.village_id = p_village AND v.household_id = (
                SELECT household_id FROM accounts WHERE village_id = p_village AND id = q.account_id)
        ) AS m
        WHERE m.n <= cardinality(p_message_ids);
    RETURN 'done';
END
$$;

DROP FUNCTION outbox_put_messages(uuid, uuid[], uuid[], timestamptz);
DROP TABLE subscription_grants;
DROP TABLE outbox;
