-- Points stores (积分超市): goods for points, what became of each redemption, and the store's own ledger.

CREATE TABLE stores (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    -- When it is open, in words.
    hours text NOT NULL,
    phone text NOT NULL,
    -- The merchant that runs it; none: the village itself.
    merchant_id uuid REFERENCES merchants (id),
    -- Its policy, which a redemption takes along: after how many days it lapses, whether its points
    -- return then, for how many days the household may cancel (none: as long as it waits), and for how
    -- many days after handing over faulty goods are taken back.
    lapse_days smallint NOT NULL,
    lapse_returns boolean NOT NULL,
    cancel_days smallint,
    refund_days smallint NOT NULL,
    -- Wrong pickup codes lately: domain::store::Tries.
    wrong_codes smallint NOT NULL DEFAULT 0,
    wrong_codes_since timestamptz,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT stores_lapse_days_range CHECK (lapse_days BETWEEN 1 AND 90),
    CONSTRAINT stores_cancel_days_range CHECK (cancel_days BETWEEN 0 AND 90),
    CONSTRAINT stores_refund_days_range CHECK (refund_days BETWEEN 0 AND 90)
);
CREATE UNIQUE INDEX stores_name_once ON stores (village_id, name) WHERE closed_at IS NULL;
CREATE INDEX stores_merchant ON stores (merchant_id) WHERE merchant_id IS NOT NULL;

-- Wrong pickup codes of one person lately, at one store.
CREATE TABLE pickup_tries (
    village_id uuid NOT NULL,
    store_id uuid NOT NULL,
    user_id uuid NOT NULL,
    wrong smallint NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (village_id, store_id, user_id),
    CONSTRAINT pickup_tries_store FOREIGN KEY (village_id, store_id) REFERENCES stores (village_id, id)
);

CREATE TABLE goods (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    name text NOT NULL,
    -- What one of it is: bottle, bag, hour.
    unit text NOT NULL,
    text text NOT NULL,
    category text NOT NULL,
    -- The village's own word beside the category.
    label text,
    kind text NOT NULL,
    -- Hundredths of a point; fen.
    price bigint NOT NULL CONSTRAINT goods_price_positive CHECK (price > 0),
    top_up bigint NOT NULL CONSTRAINT goods_top_up_not_negative CHECK (top_up >= 0),
    market_price bigint NOT NULL CONSTRAINT goods_market_price_positive CHECK (market_price > 0),
    -- So many for a household in a period.
    limit_count integer CONSTRAINT goods_limit_positive CHECK (limit_count > 0),
    limit_period text,
    on_sale_from date NOT NULL,
    on_sale_until date,
    -- What can be redeemed, and what waits to be picked up: together, what is in the store. Both are the
    -- sum of the entries of the goods, and stock_version is how many of these there are.
    stock integer NOT NULL DEFAULT 0 CONSTRAINT goods_stock_not_negative CHECK (stock >= 0),
    reserved integer NOT NULL DEFAULT 0 CONSTRAINT goods_reserved_not_negative CHECK (reserved >= 0),
    stock_version bigint NOT NULL DEFAULT 0,
    -- Counts changes of what was agreed about it: a redemption decided by an older one is decided again.
    version integer NOT NULL DEFAULT 1,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT goods_store FOREIGN KEY (village_id, store_id) REFERENCES stores (village_id, id),
    CONSTRAINT goods_kind_known CHECK (kind IN ('stock', 'service')),
    CONSTRAINT goods_limit_whole CHECK ((limit_count IS NULL) = (limit_period IS NULL)),
    CONSTRAINT goods_limit_period_known CHECK (limit_period IN ('month', 'quarter', 'year', 'always')),
    CONSTRAINT goods_term CHECK (on_sale_until IS NULL OR on_sale_until >= on_sale_from),
    CONSTRAINT goods_service_has_no_stock CHECK (kind = 'stock' OR (stock = 0 AND reserved = 0))
-- The stock of popular goods changes with every redemption: there is room for it in the page.
) WITH (fillfactor = 50);
CREATE INDEX goods_store ON goods (village_id, store_id, id);
CREATE INDEX goods_shown ON goods (village_id, id) WHERE withdrawn_at IS NULL;

-- When and where a service can be had, and by how many.
CREATE TABLE goods_slots (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    goods_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    capacity integer NOT NULL,
    taken integer NOT NULL DEFAULT 0,
    place text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT goods_slots_goods FOREIGN KEY (village_id, goods_id) REFERENCES goods (village_id, id),
    CONSTRAINT goods_slots_term CHECK (ends_at > starts_at),
    CONSTRAINT goods_slots_not_overfull CHECK (taken BETWEEN 0 AND capacity)
) WITH (fillfactor = 70);
CREATE INDEX goods_slots_goods ON goods_slots (village_id, goods_id, starts_at, id);

-- What a household has taken of goods with a limit in a period: '2026-11', '2026-Q4', '2026' or 'always'.
CREATE TABLE goods_counts (
    village_id uuid NOT NULL,
    goods_id uuid NOT NULL,
    household_id uuid NOT NULL,
    period text NOT NULL,
    count integer NOT NULL CONSTRAINT goods_counts_not_negative CHECK (count >= 0),
    PRIMARY KEY (village_id, goods_id, household_id, period)
) WITH (fillfactor = 75);

CREATE TABLE redemptions (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    -- No foreign keys to goods and slot: redemption_append changes both, so they are there, and another
    -- lock on the row of popular goods would keep the queue waiting.
    goods_id uuid NOT NULL,
    slot_id uuid,
    account_id uuid NOT NULL,
    household_id uuid NOT NULL,
    -- As it was called and sold then, whatever becomes of the goods.
    goods_name text NOT NULL,
    unit text NOT NULL,
    quantity integer NOT NULL CONSTRAINT redemptions_quantity_positive CHECK (quantity > 0),
    -- For all of it: hundredths of a point, and in fen the cash besides and what the points were worth.
    points bigint NOT NULL CONSTRAINT redemptions_points_positive CHECK (points > 0),
    top_up bigint NOT NULL CONSTRAINT redemptions_top_up_not_negative CHECK (top_up >= 0),
    worth bigint NOT NULL CONSTRAINT redemptions_worth_not_negative CHECK (worth >= 0),
    state text NOT NULL,
    -- Told to the household only; none of what was handed over at once, and none once it waits no more.
    code text,
    -- The period of goods_counts in which it counts.
    counted_in text,
    card_id uuid,
    -- What it counts towards the daily ceiling of the card, in fen: what the points were worth, or what they
    -- spared at the market where the book did not say.
    card_worth bigint,
    -- Whether points return when it lapses; for how many days faulty goods are taken back; when it lapses;
    -- from when on the household is told before.
    lapse_returns boolean NOT NULL,
    refund_days smallint NOT NULL,
    lapses_at timestamptz NOT NULL,
    tell_at timestamptz NOT NULL,
    told_at timestamptz,
    -- Until when the household may cancel.
    cancel_until timestamptz NOT NULL,
    redeemed_by uuid NOT NULL,
    redeemed_at timestamptz NOT NULL,
    handed_over_by uuid,
    handed_over_at timestamptz,
    -- In fen; paid back when it is refunded.
    cash_taken bigint,
    -- Cancelled, lapsed or refunded; by nobody when it lapsed.
    ended_by uuid,
    ended_at timestamptz,
    end_reason text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT redemptions_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT redemptions_card_worth_whole CHECK ((card_id IS NULL) = (card_worth IS NULL)),
    CONSTRAINT redemptions_state_known CHECK (
        state IN ('waiting', 'handed_over', 'cancelled', 'lapsed', 'refunded')),
    CONSTRAINT redemptions_handed_over_whole CHECK (
        (state IN ('handed_over', 'refunded')) = (handed_over_at IS NOT NULL)
        AND (handed_over_at IS NULL) = (handed_over_by IS NULL)
        AND (handed_over_at IS NULL) = (cash_taken IS NULL)),
    CONSTRAINT redemptions_ended_whole CHECK (
        (state IN ('cancelled', 'lapsed', 'refunded')) = (ended_at IS NOT NULL)),
    CONSTRAINT redemptions_code_while_waiting CHECK (code IS NULL OR state = 'waiting')
) WITH (fillfactor = 85);
-- One waiting redemption a code and store.
CREATE UNIQUE INDEX redemptions_code_open ON redemptions (village_id, store_id, code) WHERE code IS NOT NULL;
-- By account: that of a person goes with them to another household, and what they redeemed goes along.
CREATE INDEX redemptions_account ON redemptions (village_id, account_id, id);
CREATE INDEX redemptions_store ON redemptions (village_id, store_id, id);
CREATE INDEX redemptions_goods ON redemptions (village_id, goods_id, redeemed_at);
CREATE INDEX redemptions_card ON redemptions (village_id, card_id, redeemed_at) WHERE card_id IS NOT NULL;
-- What a store handed over and took back in a month: its statement.
CREATE INDEX redemptions_handed_over ON redemptions (village_id, store_id, handed_over_at)
    WHERE handed_over_at IS NOT NULL;
CREATE INDEX redemptions_refunded ON redemptions (village_id, store_id, ended_at) WHERE state = 'refunded';
-- For the worker, over all villages.
CREATE INDEX redemptions_lapsing ON redemptions (lapses_at) WHERE state = 'waiting';
CREATE INDEX redemptions_to_tell ON redemptions (tell_at) WHERE state = 'waiting' AND told_at IS NULL;

-- The store's own ledger: why there is as much of something as there is.
CREATE TABLE stock_entries (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    goods_id uuid NOT NULL,
    -- The goods' stock_version after it.
    version bigint NOT NULL,
    kind text NOT NULL,
    -- What it adds to what can be redeemed, and to what waits to be picked up; and both after it.
    stock integer NOT NULL,
    reserved integer NOT NULL,
    stock_after integer NOT NULL CONSTRAINT stock_entries_stock_not_negative CHECK (stock_after >= 0),
    reserved_after integer NOT NULL CONSTRAINT stock_entries_reserved_not_negative CHECK (reserved_after >= 0),
    redemption_id uuid,
    reason text,
    at timestamptz NOT NULL,
    -- None for the program itself.
    by_user uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT stock_entries_version_unique UNIQUE (village_id, goods_id, version),
    CONSTRAINT stock_entries_kind_known CHECK (
        kind IN ('delivery', 'reserved', 'returned', 'handed_over', 'difference', 'write_off')),
    CONSTRAINT stock_entries_move_something CHECK (stock <> 0 OR reserved <> 0),
    CONSTRAINT stock_entries_differences_say_why CHECK (kind NOT IN ('difference', 'write_off') OR reason IS NOT NULL)
);
-- For the statement of a store: what left it in a month.
CREATE INDEX stock_entries_handed_over ON stock_entries (village_id, goods_id, at) WHERE kind = 'handed_over';
CREATE TRIGGER stock_entries_append_only BEFORE UPDATE OR DELETE ON stock_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_entries_no_truncate BEFORE TRUNCATE ON stock_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Moves stock of any number of goods and writes why: one entry for each element. What would fall below
-- zero fails, and with it the transaction.
CREATE FUNCTION stock_move(
    p_village uuid, p_kind text, p_entries uuid[], p_goods uuid[], p_stock integer[], p_reserved integer[],
    p_redemptions uuid[], p_reason text, p_now timestamptz, p_by uuid
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    -- In the order of ids, so that two batches never wait for each other in a circle.
    PERFORM 1 FROM goods
        WHERE village_id = p_village AND id = ANY (p_goods) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO stock_entries (village_id, id, goods_id, version, kind, stock, reserved, stock_after,
            reserved_after, redemption_id, reason, at, by_user)
        SELECT p_village, m.id, m.goods, g.stock_version + m.nth, p_kind, m.stock, m.reserved,
            g.stock + m.stock_sum, g.reserved + m.reserved_sum, m.redemption, p_reason, p_now, p_by
        FROM (
            SELECT n.*, row_number() OVER one AS nth, sum(n.stock) OVER one AS stock_sum,
                sum(n.reserved) OVER one AS reserved_sum
            FROM unnest(p_entries, p_goods, p_stock, p_reserved, p_redemptions)
                AS n (id, goods, stock, reserved, redemption)
            WINDOW one AS (PARTITION BY n.goods ORDER BY n.id ROWS UNBOUNDED PRECEDING)
        ) AS m
        JOIN goods AS g ON g.village_id = p_village AND g.id = m.goods;
    GET DIAGNOSTICS written = ROW_COUNT;
    UPDATE goods AS g
        SET stock = g.stock + n.stock, reserved = g.reserved + n.reserved, stock_version = g.stock_version + n.count
        FROM (
            SELECT goods, sum(stock) AS stock, sum(reserved) AS reserved, count(*) AS count
            FROM unnest(p_goods, p_stock, p_reserved) AS u (goods, stock, reserved)
            GROUP BY goods
        ) AS n
        WHERE g.village_id = p_village AND g.id = n.goods;
    RETURN written;
END
$$;

-- Gives back the room under limits and the places in slots that these redemptions took; answers how many
-- slots have room again.
CREATE FUNCTION redemptions_free(p_village uuid, p_redemptions uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    freed bigint;
BEGIN
    -- In the order of their keys, so that two batches never wait for each other in a circle.
    PERFORM 1 FROM goods_counts AS c
        WHERE c.village_id = p_village AND (c.goods_id, c.household_id, c.period) IN (
            SELECT goods_id, household_id, counted_in FROM redemptions
            WHERE village_id = p_village AND id = ANY (p_redemptions) AND counted_in IS NOT NULL)
        ORDER BY c.goods_id, c.household_id, c.period FOR NO KEY UPDATE;
    UPDATE goods_counts AS c SET count = c.count - n.quantity
        FROM (
            SELECT goods_id, household_id, counted_in, sum(quantity) AS quantity FROM redemptions
            WHERE village_id = p_village AND id = ANY (p_redemptions) AND counted_in IS NOT NULL
            GROUP BY goods_id, household_id, counted_in
        ) AS n
        WHERE c.village_id = p_village AND c.goods_id = n.goods_id
            AND c.household_id = n.household_id AND c.period = n.counted_in;
    PERFORM 1 FROM goods_slots AS s
        WHERE s.village_id = p_village AND s.id IN (
            SELECT slot_id FROM redemptions
            WHERE village_id = p_village AND id = ANY (p_redemptions) AND slot_id IS NOT NULL)
        ORDER BY s.id FOR NO KEY UPDATE;
    UPDATE goods_slots AS s SET taken = s.taken - n.quantity
        FROM (
            SELECT slot_id, sum(quantity) AS quantity FROM redemptions
            WHERE village_id = p_village AND id = ANY (p_redemptions) AND slot_id IS NOT NULL
            GROUP BY slot_id
        ) AS n
        WHERE s.village_id = p_village AND s.id = n.slot_id;
    GET DIAGNOSTICS freed = ROW_COUNT;
    RETURN freed;
END
$$;

-- Writes a redemption that was decided, in one statement. Bookkeeping only: p_redemption is the row as the
-- program made it. Answers done, replay (the key was used before: its answer is in idempotency_keys) or
-- in_flight. If anything that was read has changed in the meantime, nothing is written and the caller
-- decides again (SQLSTATE 40001).
-- Rows are locked in this order: account, the household's count, slot, goods. The goods come last, so
-- that of a hundred people who want the same thing each holds it for one update and the commit.
CREATE FUNCTION redemption_append(
    p_lock bigint, p_key text, p_request_hash bytea, p_answer jsonb,
    p_redemption jsonb, p_goods_version integer, p_limit integer, p_account_version bigint,
    p_entry uuid, p_purse smallint, p_balance bigint, p_counter smallint, p_source smallint, p_day date,
    p_stock_entry uuid, p_audit uuid, p_role text, p_action text,
    p_message_kind text, p_message jsonb, p_message_ids uuid[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r redemptions := jsonb_populate_record(NULL::redemptions, p_redemption);
    a accounts;
    kept integer := CASE WHEN r.state = 'waiting' THEN r.quantity ELSE 0 END;
BEGIN
    IF NOT pg_try_advisory_xact_lock(p_lock) THEN
        RETURN 'in_flight';
    END IF;
    INSERT INTO idempotency_keys (user_id, key, request_hash, answer, recorded_at)
        VALUES (r.redeemed_by, p_key, p_request_hash, p_answer, r.redeemed_at)
        ON CONFLICT (user_id, key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'replay';
    END IF;
    SELECT * INTO STRICT a FROM accounts
        WHERE village_id = r.village_id AND id = r.account_id FOR NO KEY UPDATE;
    IF a.version <> p_account_version THEN
        RAISE EXCEPTION 'the account changed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    PERFORM ledger_append(r.village_id,
        ARRAY[a.id], ARRAY[a.version], ARRAY[a.score], ARRAY[p_balance], ARRAY[a.star_credit],
        ARRAY[a.version + 1],
        ARRAY[p_entry], ARRAY[a.id], ARRAY[a.version + 1], ARRAY[p_purse], ARRAY[-r.points],
        ARRAY[p_balance], ARRAY[p_counter], ARRAY[p_source], ARRAY[r.id],
        ARRAY[0::smallint], ARRAY[NULL::uuid], ARRAY[NULL::text], ARRAY[p_day],
        ARRAY[NULL::uuid], ARRAY[NULL::smallint], ARRAY[NULL::date], ARRAY[NULL::uuid],
        r.redeemed_at, r.redeemed_by);
    IF r.counted_in IS NOT NULL THEN
        INSERT INTO goods_counts AS c (village_id, goods_id, household_id, period, count)
            VALUES (r.village_id, r.goods_id, r.household_id, r.counted_in, r.quantity)
            ON CONFLICT (village_id, goods_id, household_id, period)
            DO UPDATE SET count = c.count + r.quantity WHERE c.count + r.quantity <= p_limit;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the limit was used in the meantime' USING ERRCODE = 'serialization_failure';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM stores
            WHERE village_id = r.village_id AND id = r.store_id AND closed_at IS NULL) THEN
        RAISE EXCEPTION 'the store closed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    INSERT INTO redemptions VALUES (r.*);
    INSERT INTO audit_log (village_id, id, at, user_id, role, action, subject_id)
        VALUES (r.village_id, p_audit, r.redeemed_at, r.redeemed_by, p_role, p_action, r.id);
    -- To the members of the household who have signed in, as far as there are ids.
    INSERT INTO messages (village_id, id, villager_id, kind, data, sent_at)
        SELECT r.village_id, p_message_ids[m.n], m.id, p_message_kind, p_message, r.redeemed_at
        FROM (
            SELECT v.id, row_number() OVER (ORDER BY v.id) AS n
            FROM villagers AS v
            JOIN users AS u ON u.village_id = v.village_id AND u.villager_id = v.id
            WHERE v.village_id = r.village_id AND v.household_id = r.household_id
        ) AS m
        WHERE m.n <= cardinality(p_message_ids);
    IF r.slot_id IS NULL THEN
        WITH taken AS (
            UPDATE goods SET stock = stock - r.quantity, reserved = reserved + kept,
                    stock_version = stock_version + 1
                WHERE village_id = r.village_id AND id = r.goods_id AND kind = 'stock'
                    AND version = p_goods_version AND stock >= r.quantity
                RETURNING stock, reserved, stock_version
        )
        INSERT INTO stock_entries (village_id, id, goods_id, version, kind, stock, reserved, stock_after,
                reserved_after, redemption_id, at, by_user)
            SELECT r.village_id, p_stock_entry, r.goods_id, taken.stock_version,
                CASE WHEN kept > 0 THEN 'reserved' ELSE 'handed_over' END,
                -r.quantity, kept, taken.stock, taken.reserved, r.id, r.redeemed_at, r.redeemed_by
            FROM taken;
    ELSE
        UPDATE goods_slots AS s SET taken = s.taken + r.quantity
            WHERE s.village_id = r.village_id AND s.id = r.slot_id AND s.goods_id = r.goods_id
                AND s.closed_at IS NULL AND s.taken + r.quantity <= s.capacity;
        IF FOUND THEN
            -- Nobody changes what was agreed about it until this is written.
            PERFORM 1 FROM goods
                WHERE village_id = r.village_id AND id = r.goods_id AND version = p_goods_version FOR SHARE;
        END IF;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'goods or slot changed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN 'done';
END
$$;
