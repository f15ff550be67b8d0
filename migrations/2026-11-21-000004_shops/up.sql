-- Merchants with their shops, agreements, cards, codes, quotes and purchases.

CREATE TABLE merchants (
    id uuid PRIMARY KEY,
    division_id uuid NOT NULL REFERENCES divisions (id),
    name text NOT NULL,
    address text NOT NULL,
    phone text NOT NULL,
    kind text NOT NULL DEFAULT 'offline',
    -- What it sells most of.
    category text NOT NULL DEFAULT 'other',
    -- Where an online merchant is found: an address of the web or a mini-program.
    link text,
    registered_by uuid NOT NULL,
    registered_at timestamptz NOT NULL,
    closed_at timestamptz,
    -- The pause that holds, is to come, or was the last: neither scans nor sales on these days.
    paused_from date,
    paused_until date,
    paused_by text,
    paused_why text,
    CONSTRAINT merchants_name_unique UNIQUE (division_id, name),
    CONSTRAINT merchants_kind_known CHECK (kind IN ('offline', 'online')),
    CONSTRAINT merchants_online_has_link CHECK (kind = 'offline' OR link IS NOT NULL),
    CONSTRAINT merchants_pause_whole CHECK (
        (paused_from IS NULL) = (paused_by IS NULL) AND (paused_from IS NULL) = (paused_why IS NULL)),
    CONSTRAINT merchants_pause_term CHECK (paused_until IS NULL OR paused_until >= paused_from),
    CONSTRAINT merchants_paused_by_known CHECK (paused_by IN ('merchant', 'division'))
);
ALTER TABLE role_grants ADD CONSTRAINT role_grants_merchant FOREIGN KEY (merchant_id) REFERENCES merchants (id);

-- Where a merchant sells (门店): one comes with the merchant, more are added.
CREATE TABLE shops (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    name text NOT NULL,
    address text NOT NULL,
    phone text NOT NULL,
    -- When it is open, in words.
    hours text NOT NULL DEFAULT '',
    -- Millionths of a degree, in the system of China's maps (gcj02).
    latitude_e6 integer,
    longitude_e6 integer,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT shops_name_unique UNIQUE (merchant_id, name),
    CONSTRAINT shops_spot_whole CHECK ((latitude_e6 IS NULL) = (longitude_e6 IS NULL))
);
ALTER TABLE role_grants ADD CONSTRAINT role_grants_shop FOREIGN KEY (shop_id) REFERENCES shops (id);

CREATE TABLE agreements (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    from_day date NOT NULL,
    until_day date,
    -- For goods of these categories; none: for all.
    categories text[] NOT NULL DEFAULT '{}',
    -- On which days of the week: Monday is 1, Tuesday 2, Wednesday 4 and so on; all are 127.
    weekdays smallint NOT NULL DEFAULT 127,
    -- From when until when a day, in minutes after midnight; until is the first at which it does not hold.
    from_minute smallint NOT NULL DEFAULT 0,
    until_minute smallint NOT NULL DEFAULT 1440,
    bearer text NOT NULL,
    -- Basis points for one to five stars.
    discount_by_star smallint[] NOT NULL,
    -- All in fen.
    price_ceiling bigint NOT NULL,
    account_daily_ceiling bigint NOT NULL,
    merchant_daily_ceiling bigint NOT NULL,
    confirm_above bigint,
    refund_days_max smallint NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT agreements_bearer_known CHECK (bearer IN ('credit_offset', 'merchant_funded')),
    CONSTRAINT agreements_five_stars CHECK (array_length(discount_by_star, 1) = 5),
    CONSTRAINT agreements_term CHECK (until_day IS NULL OR until_day >= from_day),
    CONSTRAINT agreements_weekdays_range CHECK (weekdays BETWEEN 1 AND 127),
    CONSTRAINT agreements_hours CHECK (0 <= from_minute AND from_minute < until_minute AND until_minute <= 1440),
    CONSTRAINT agreements_ceilings_positive CHECK (
        price_ceiling > 0 AND account_daily_ceiling > 0 AND merchant_daily_ceiling > 0)
);
CREATE INDEX agreements_merchant ON agreements (merchant_id, village_id);

CREATE TABLE cards (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- Keyed hash of the number on the card; argon2 of the PIN.
    number_hash bytea NOT NULL,
    pin_hash text NOT NULL,
    -- The most discount a day with this card, in fen.
    daily_ceiling bigint NOT NULL CONSTRAINT cards_daily_ceiling_positive CHECK (daily_ceiling > 0),
    tries_left smallint NOT NULL CONSTRAINT cards_tries_range CHECK (tries_left BETWEEN 0 AND 5),
    issued_by uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    blocked_at timestamptz,
    blocked_why text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT cards_number_unique UNIQUE (village_id, number_hash),
    CONSTRAINT cards_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id)
);

-- Nonces of rotating codes that were scanned; kept a little longer than a code lives.
CREATE TABLE used_codes (
    village_id uuid NOT NULL,
    nonce bytea NOT NULL,
    used_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, nonce)
);
CREATE INDEX used_codes_age ON used_codes (used_at);

CREATE TABLE quotes (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    account_id uuid NOT NULL,
    card_id uuid,
    stars smallint NOT NULL,
    -- What was offered: the agreements that held, the most specific first, and of each the discount and
    -- its daily ceiling in fen, or that of the card if it is lower. A sale is made on one of them.
    agreement_ids uuid[] NOT NULL,
    discounts_bp smallint[] NOT NULL,
    account_daily_ceilings bigint[] NOT NULL,
    quoted_by uuid NOT NULL,
    quoted_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT quotes_offers_whole CHECK (
        cardinality(agreement_ids) > 0 AND cardinality(agreement_ids) = cardinality(discounts_bp)
        AND cardinality(agreement_ids) = cardinality(account_daily_ceilings)),
    CONSTRAINT quotes_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id)
) WITH (fillfactor = 85);
CREATE INDEX quotes_age ON quotes (valid_until) WHERE used_at IS NULL;
-- What a card took in a day.
CREATE INDEX quotes_card ON quotes (village_id, card_id, quoted_at) WHERE card_id IS NOT NULL;

CREATE TABLE purchases (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    -- What was bought.
    category text NOT NULL DEFAULT 'other',
    account_id uuid NOT NULL,
    stars smallint NOT NULL,
    discount_bp smallint NOT NULL,
    account_daily_ceiling bigint NOT NULL,
    -- All in fen.
    price bigint NOT NULL CONSTRAINT purchases_price_positive CHECK (price > 0),
    discount bigint NOT NULL,
    limited_by text,
    bearer text NOT NULL,
    -- What was left of the star credit after it.
    credit_left bigint NOT NULL,
    state text NOT NULL,
    entry_id uuid,
    sold_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    completed_at timestamptz,
    refunded_at timestamptz,
    refunded_by uuid,
    refund_reason text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT purchases_quote_once UNIQUE (village_id, quote_id),
    CONSTRAINT purchases_discount_range CHECK (discount BETWEEN 0 AND price),
    CONSTRAINT purchases_state_known CHECK (state IN ('awaiting_confirmation', 'completed', 'refunded')),
    CONSTRAINT purchases_agreement FOREIGN KEY (village_id, agreement_id) REFERENCES agreements (village_id, id),
    CONSTRAINT purchases_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id)
);
CREATE INDEX purchases_merchant ON purchases (merchant_id, made_at);
CREATE INDEX purchases_account ON purchases (village_id, account_id, id);

-- What was given on a day: to an account at all shops of the village, or under an agreement.
CREATE TABLE purchase_days (
    village_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    day date NOT NULL,
    discount bigint NOT NULL CONSTRAINT purchase_days_not_negative CHECK (discount >= 0),
    PRIMARY KEY (village_id, subject_id, day)
) WITH (fillfactor = 75);

-- Adds to what was given on a day, unless that would pass the ceiling: then nothing is written and
-- the caller decides again.
CREATE FUNCTION purchase_day_add(
    p_village uuid, p_subject uuid, p_day date, p_discount bigint, p_ceiling bigint
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF p_discount = 0 THEN
        RETURN false;
    END IF;
    INSERT INTO purchase_days AS d (village_id, subject_id, day, discount)
        VALUES (p_village, p_subject, p_day, p_discount)
        ON CONFLICT (village_id, subject_id, day)
        DO UPDATE SET discount = d.discount + p_discount WHERE d.discount + p_discount <= p_ceiling;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a daily ceiling was used in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN true;
END
$$;

-- Writes a purchase that was decided, in one statement: the till's queue waits for one round trip.
-- Bookkeeping only. Answers done, replay (the key was used before: its answer is in
-- idempotency_keys) or in_flight. If anything that was read has changed in the meantime, nothing is
-- written and the caller decides again (SQLSTATE 40001).
-- Rows are locked in this order: account, quote, the account's day, the agreement's day. Refunds and
-- confirmations keep to it.
CREATE FUNCTION purchase_append(
    p_lock bigint, p_user uuid, p_key text, p_request_hash bytea, p_answer jsonb,
    p_village uuid, p_quote uuid, p_valid_until timestamptz, p_account_version bigint,
    -- On which of the quote's offers, counted from one.
    p_offer smallint, p_merchant_ceiling bigint,
    p_purchase uuid, p_category text, p_price bigint, p_discount bigint, p_limited_by text, p_bearer text,
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
        PERFORM purchase_day_add(p_village, q.account_id, p_day, p_discount,
            q.account_daily_ceilings[p_offer]);
        PERFORM purchase_day_add(p_village, q.agreement_ids[p_offer], p_day, p_discount,
            p_merchant_ceiling);
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
    INSERT INTO purchases (village_id, id, merchant_id, shop_id, agreement_id, quote_id, category,
            account_id, stars, discount_bp, account_daily_ceiling, price, discount, limited_by, bearer,
            credit_left, state, entry_id, sold_by, made_at, completed_at)
        VALUES (p_village, p_purchase, q.merchant_id, q.shop_id, q.agreement_ids[p_offer], q.id,
            p_category, q.account_id, q.stars, q.discounts_bp[p_offer],
            q.account_daily_ceilings[p_offer], p_price, p_discount, p_limited_by, p_bearer,
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
    -- outbox_put_messages is made with the outbox, in 2026-11-22-000007.
    -- The kinds that are sent stand in the program, messages/kind.rs; of a sale it is this one.
    IF p_message_kind = 'purchase_made' THEN
        PERFORM outbox_put_messages(p_village, told, villagers_told, p_now);
    END IF;
    RETURN 'done';
END
$$;
