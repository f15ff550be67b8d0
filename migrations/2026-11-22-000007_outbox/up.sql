-- The outbox: what is to be told to WeChat, written in the transaction of the change that it comes
-- from and delivered by the worker; and how many subscribe messages people have agreed to.

CREATE TABLE outbox (
    village_id uuid NOT NULL,
    -- That of the message, for a subscribe message: one delivery a message.
    id uuid NOT NULL,
    kind text NOT NULL,
    -- The message, or the check of a text or photo.
    subject_id uuid NOT NULL,
    put_at timestamptz NOT NULL,
    -- When it is tried next. Whoever takes it moves this to the end of the lease, so that nobody
    -- else sees it until then.
    due_at timestamptz NOT NULL,
    -- Counted when it is begun, before anything is sent, so that one whose process dies each time is
    -- given up too. Goes back to zero when somebody has it tried again.
    attempts smallint NOT NULL DEFAULT 0,
    -- Which taking holds it, and until when. No taking has the id of another: whoever lost the lease
    -- begins nothing and records nothing, however the attempts are counted.
    lease_id uuid,
    leased_until timestamptz,
    done_at timestamptz,
    outcome text,
    dead_at timestamptz,
    last_error text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT outbox_kind_known CHECK (kind IN ('subscribe_message', 'text_check', 'photo_check')),
    CONSTRAINT outbox_lease_whole CHECK ((lease_id IS NULL) = (leased_until IS NULL)),
    CONSTRAINT outbox_one_end CHECK (done_at IS NULL OR dead_at IS NULL),
    CONSTRAINT outbox_done_has_outcome CHECK ((done_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT outbox_dead_has_error CHECK (dead_at IS NULL OR last_error IS NOT NULL)
) WITH (fillfactor = 85);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (village_id, id) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;

-- What a person agreed to receive, by template: each accept gives one send.
CREATE TABLE subscription_grants (
    user_id uuid NOT NULL REFERENCES users (id),
    template_id text NOT NULL,
    -- The mini-program and WeChat's push tell of the same taps; where one of the two fails or is not
    -- set up, the other still counts. So the larger number holds.
    accepted_told integer NOT NULL DEFAULT 0,
    accepted_pushed integer NOT NULL DEFAULT 0,
    spent integer NOT NULL DEFAULT 0,
    sends_left integer NOT NULL GENERATED ALWAYS AS (GREATEST(accepted_told, accepted_pushed) - spent) STORED,
    -- The last answer, and when the last accept came.
    answer text NOT NULL,
    answered_at timestamptz NOT NULL,
    accepted_at timestamptz,
    PRIMARY KEY (user_id, template_id),
    CONSTRAINT subscription_grants_answer_known CHECK (answer IN ('accept', 'reject', 'ban', 'filter')),
    CONSTRAINT subscription_grants_not_overspent CHECK (spent <= GREATEST(accepted_told, accepted_pushed))
) WITH (fillfactor = 85);

-- Puts messages into the outbox, of people who have signed in and have any send left. Whether it is
-- for the template of the message is seen when it is sent; who has none at all costs nothing more.
CREATE FUNCTION outbox_put_messages(
    p_village uuid, p_messages uuid[], p_villagers uuid[], p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    put bigint;
BEGIN
    INSERT INTO outbox (village_id, id, kind, subject_id, put_at, due_at)
        SELECT p_village, m.id, 'subscribe_message', m.id, p_now, p_now
        FROM unnest(p_messages, p_villagers) AS m (id, villager_id)
        JOIN users AS u ON u.village_id = p_village AND u.villager_id = m.villager_id
        WHERE EXISTS (SELECT 1 FROM subscription_grants AS g WHERE g.user_id = u.id AND g.sends_left > 0);
    GET DIAGNOSTICS put = ROW_COUNT;
    RETURN put;
END
$$;

-- As before, and what is told of a completed purchase is sent too. Same parameters, so that programs
-- of the version before go on working.
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
    told uuid[];
    villagers_told uuid[];
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
    WITH left_now AS (
        INSERT INTO messages (village_id, id, villager_id, kind, data, sent_at)
            SELECT p_village, p_message_ids[m.n], m.id, p_message_kind, p_message, p_now
            FROM (
                SELECT v.id, row_number() OVER (ORDER BY v.id) AS n
                FROM villagers AS v
                JOIN users AS u ON u.village_id = v.village_id AND u.villager_id = v.id
                WHERE v.village_id = p_village AND v.household_id = (
                    SELECT household_id FROM accounts WHERE village_id = p_village AND id = q.account_id)
            ) AS m
            WHERE m.n <= cardinality(p_message_ids)
            RETURNING id, villager_id
    )
    SELECT array_agg(id), array_agg(villager_id) INTO told, villagers_told FROM left_now;
    -- The kinds that are sent stand in the program, messages/kind.rs; of a sale it is this one.
    IF p_message_kind = 'purchase_made' THEN
        PERFORM outbox_put_messages(p_village, told, villagers_told, p_now);
    END IF;
    RETURN 'done';
END
$$;
