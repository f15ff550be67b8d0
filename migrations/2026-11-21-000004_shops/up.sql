-- Merchants, agreements, cards, codes, quotes and purchases.

CREATE TABLE merchants (
    id uuid PRIMARY KEY,
    division_id uuid NOT NULL REFERENCES divisions (id),
    name text NOT NULL,
    address text NOT NULL,
    phone text NOT NULL,
    registered_by uuid NOT NULL,
    registered_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT merchants_name_unique UNIQUE (division_id, name)
);
ALTER TABLE role_grants ADD CONSTRAINT role_grants_merchant FOREIGN KEY (merchant_id) REFERENCES merchants (id);

CREATE TABLE agreements (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    merchant_id uuid NOT NULL REFERENCES merchants (id),
    from_day date NOT NULL,
    until_day date,
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
    agreement_id uuid NOT NULL,
    account_id uuid NOT NULL,
    card_id uuid,
    stars smallint NOT NULL,
    discount_bp smallint NOT NULL,
    -- That of the agreement, or of the card if it is lower; in fen.
    account_daily_ceiling bigint NOT NULL,
    quoted_by uuid NOT NULL,
    quoted_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT quotes_agreement FOREIGN KEY (village_id, agreement_id) REFERENCES agreements (village_id, id),
    CONSTRAINT quotes_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id)
) WITH (fillfactor = 85);
CREATE INDEX quotes_age ON quotes (valid_until) WHERE used_at IS NULL;

CREATE TABLE purchases (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    agreement_id uuid NOT NULL,
    quote_id uuid NOT NULL,
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
CREATE INDEX purchases_merchant ON purchases (merchant_id, id);
CREATE INDEX purchases_account ON purchases (village_id, account_id, id);

-- What was given on a day: to an account, or under an agreement.
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
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_discount = 0 THEN
        RETURN;
    END IF;
    INSERT INTO purchase_days AS d (village_id, subject_id, day, discount)
        VALUES (p_village, p_subject, p_day, p_discount)
        ON CONFLICT (village_id, subject_id, day)
        DO UPDATE SET discount = d.discount + p_discount WHERE d.discount + p_discount <= p_ceiling;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a daily ceiling was used in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;
