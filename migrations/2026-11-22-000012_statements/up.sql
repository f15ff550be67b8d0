-- Statements and settlement (对账与结算): what a village owes shops for a month, kept as it was; and signals
-- (异常提示), which purchases a supervisor should look at. All amounts in fen unless it says otherwise.

-- How far a village has come: which month is closed next, and which day is looked through next.
CREATE TABLE settlement_calendars (
    village_id uuid PRIMARY KEY,
    -- The first moment of the month that is closed next: everything before it is settled.
    open_from timestamptz NOT NULL,
    close_due_at timestamptz NOT NULL,
    look_day date NOT NULL,
    look_due_at timestamptz NOT NULL,
    CONSTRAINT settlement_calendars_closes_later CHECK (close_due_at > open_from)
);
-- What the worker asks every few seconds.
CREATE INDEX settlement_calendars_close ON settlement_calendars (close_due_at, village_id);
CREATE INDEX settlement_calendars_look ON settlement_calendars (look_due_at, village_id);

CREATE TABLE settlements (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    party text NOT NULL,
    party_id uuid NOT NULL,
    -- '2026-10'.
    month text NOT NULL,
    -- domain::settlement::Side, of purchases or redemptions and of refunds. Points in hundredths; what
    -- the ledger says in fen at a merchant, in hundredths of points at a store.
    sales_count bigint NOT NULL,
    sales_price bigint NOT NULL,
    sales_owed bigint NOT NULL,
    sales_given bigint NOT NULL,
    sales_cash bigint NOT NULL,
    sales_points bigint NOT NULL,
    sales_ledger bigint NOT NULL,
    refunds_count bigint NOT NULL,
    refunds_price bigint NOT NULL,
    refunds_owed bigint NOT NULL,
    refunds_given bigint NOT NULL,
    refunds_cash bigint NOT NULL,
    refunds_points bigint NOT NULL,
    refunds_ledger bigint NOT NULL,
    -- So many lines and entries that do not match: what differs although the sums are the same.
    unequal bigint NOT NULL,
    -- What the ledger says that the month comes to, once two people settled it by that.
    ledger_net bigint,
    net bigint NOT NULL,
    carried_in bigint NOT NULL,
    due bigint NOT NULL CONSTRAINT settlements_due_not_negative CHECK (due >= 0),
    carried_out bigint NOT NULL,
    state text NOT NULL,
    dispute text NOT NULL,
    -- Who had the month closed; none for the program itself.
    made_by uuid,
    made_at timestamptz NOT NULL,
    approved_by uuid,
    -- The villagers that they were bound to then, and who paid: infra::settlements::row::Hands.
    hands jsonb,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT settlements_month_once UNIQUE (village_id, party_id, party, month),
    CONSTRAINT settlements_party_known CHECK (party IN ('merchant', 'merchant_store', 'village_store')),
    CONSTRAINT settlements_state_known CHECK (state IN ('open', 'differs', 'approved', 'paid', 'closed')),
    CONSTRAINT settlements_dispute_known CHECK (dispute IN ('none', 'raised', 'answered', 'agreed')),
    CONSTRAINT settlements_net_adds_up CHECK (net = coalesce(ledger_net, CASE party
        WHEN 'village_store' THEN refunds_cash - sales_cash ELSE sales_owed - refunds_owed END)),
    CONSTRAINT settlements_ledger_net_is_the_ledgers CHECK (
        party <> 'merchant' OR ledger_net = sales_ledger - refunds_ledger),
    CONSTRAINT settlements_balance_adds_up CHECK (net + carried_in = carried_out
        + CASE party WHEN 'village_store' THEN -due ELSE due END),
    CONSTRAINT settlements_approved_by_somebody CHECK (
        state NOT IN ('approved', 'paid') OR approved_by IS NOT NULL),
    CONSTRAINT settlements_four_eyes CHECK (approved_by IS DISTINCT FROM made_by OR made_by IS NULL)
) WITH (fillfactor = 85);
CREATE INDEX settlements_party ON settlements (party_id, id);
-- What the fund still owes.
CREATE INDEX settlements_unpaid ON settlements (village_id) WHERE state IN ('open', 'differs', 'approved');

-- What a statement says stays once somebody approved it, and no statement goes.
CREATE TRIGGER settlements_figures_stay BEFORE UPDATE OF party, party_id, month, sales_count, sales_price,
        sales_owed, sales_given, sales_cash, sales_points, sales_ledger, refunds_count, refunds_price,
        refunds_owed, refunds_given, refunds_cash, refunds_points, refunds_ledger, unequal, ledger_net, net,
        carried_in, due, carried_out, made_by, made_at ON settlements
    FOR EACH ROW WHEN (OLD.state NOT IN ('open', 'differs')) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlements_stay BEFORE DELETE ON settlements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlements_no_truncate BEFORE TRUNCATE ON settlements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What became of a statement, one step after the other.
CREATE TABLE settlement_steps (
    village_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    -- The version of the statement with it.
    version integer NOT NULL,
    step text NOT NULL,
    by_user uuid NOT NULL,
    role text NOT NULL,
    at timestamptz NOT NULL,
    text text,
    -- Of a payment: its voucher in the fund.
    voucher_id uuid,
    PRIMARY KEY (village_id, settlement_id, version),
    CONSTRAINT settlement_steps_settlement FOREIGN KEY (village_id, settlement_id)
        REFERENCES settlements (village_id, id),
    CONSTRAINT settlement_steps_known CHECK (step IN (
        'approved', 'taken_back', 'paid', 'closed', 'disputed', 'answered', 'reckoned', 'agreed', 'differed',
        'proposed', 'refused', 'by_ledger', 'returned'))
);
CREATE TRIGGER settlement_steps_append_only BEFORE UPDATE OR DELETE ON settlement_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_steps_no_truncate BEFORE TRUNCATE ON settlement_steps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What one person proposed and another has not decided: one a statement. What became of it is a step.
CREATE TABLE settlement_proposals (
    village_id uuid NOT NULL,
    settlement_id uuid NOT NULL,
    cure text NOT NULL,
    by_user uuid NOT NULL,
    by_villager uuid,
    at timestamptz NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (village_id, settlement_id),
    CONSTRAINT settlement_proposals_settlement FOREIGN KEY (village_id, settlement_id)
        REFERENCES settlements (village_id, id),
    CONSTRAINT settlement_proposals_cure_known CHECK (cure IN ('by_ledger', 'returned'))
);

-- Nothing is added to a month that is closed. A month is closed an hour after it is over; a request that
-- began before midnight and comes even later meets this: it is refused, and repeated it falls into the
-- month that is open. Only what does not belong to the month of the database's own clock is looked at, so
-- that a queue at a till never waits for this lock.
CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := (to_jsonb(NEW) ->> TG_ARGV[0])::timestamptz;
    opened timestamptz;
BEGIN
    -- Whoever closes the month holds this row until all is written.
    SELECT open_from INTO opened FROM settlement_calendars WHERE village_id = NEW.village_id FOR SHARE;
    IF moment < opened THEN
        RAISE EXCEPTION 'the month is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_month_closed';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER purchases_completed_in_open_month BEFORE INSERT OR UPDATE OF completed_at ON purchases
    FOR EACH ROW WHEN (date_trunc('month', NEW.completed_at AT TIME ZONE 'Asia/Shanghai')
        <> date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'))
    EXECUTE FUNCTION refuse_closed_month('completed_at');
CREATE TRIGGER purchases_refunded_in_open_month BEFORE INSERT OR UPDATE OF refunded_at ON purchases
    FOR EACH ROW WHEN (date_trunc('month', NEW.refunded_at AT TIME ZONE 'Asia/Shanghai')
        <> date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'))
    EXECUTE FUNCTION refuse_closed_month('refunded_at');
CREATE TRIGGER redemptions_handed_over_in_open_month BEFORE INSERT OR UPDATE OF handed_over_at ON redemptions
    FOR EACH ROW WHEN (date_trunc('month', NEW.handed_over_at AT TIME ZONE 'Asia/Shanghai')
        <> date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'))
    EXECUTE FUNCTION refuse_closed_month('handed_over_at');
CREATE TRIGGER redemptions_refunded_in_open_month BEFORE INSERT OR UPDATE OF ended_at ON redemptions
    FOR EACH ROW WHEN (NEW.state = 'refunded'
        AND date_trunc('month', NEW.ended_at AT TIME ZONE 'Asia/Shanghai')
        <> date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'))
    EXECUTE FUNCTION refuse_closed_month('ended_at');

-- What is in a month that is closed stays as it is: statements do not copy their lines. The arguments: the
-- moment that counts, the state from which something can be taken back, what changes with that, and what
-- may change at any time. What is taken back counts in the month of that, at which refuse_closed_month
-- looks; it is let through first, so that a till never waits here.
CREATE FUNCTION refuse_settled_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - TG_ARGV[3]::text[];
    moment timestamptz := (was ->> TG_ARGV[0])::timestamptz;
    becomes jsonb;
    opened timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        becomes := to_jsonb(NEW) - TG_ARGV[3]::text[];
        IF was = becomes OR (was ->> 'state' = TG_ARGV[1] AND becomes ->> 'state' = 'refunded'
                AND was - TG_ARGV[2]::text[] = becomes - TG_ARGV[2]::text[]) THEN
            RETURN NEW;
        END IF;
    END IF;
    SELECT open_from INTO opened FROM settlement_calendars WHERE village_id = OLD.village_id FOR SHARE;
    IF moment < opened THEN
        RAISE EXCEPTION 'the month is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_month_closed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER purchases_settled_stay BEFORE UPDATE OR DELETE ON purchases
    FOR EACH ROW WHEN (OLD.completed_at IS NOT NULL)
    EXECUTE FUNCTION refuse_settled_change('completed_at', 'completed',
        '{state,refunded_at,refunded_by,refund_reason}', '{}');
-- Limits may be counted anew whenever they change.
CREATE TRIGGER redemptions_settled_stay BEFORE UPDATE OR DELETE ON redemptions
    FOR EACH ROW WHEN (OLD.handed_over_at IS NOT NULL)
    EXECUTE FUNCTION refuse_settled_change('handed_over_at', 'handed_over',
        '{state,ended_by,ended_at,end_reason}', '{counted_in}');

-- What a village bought in a time, for the close and for what the fund owes, without a look at the table:
-- the one index of statements that a sale writes.
CREATE INDEX purchases_village ON purchases (village_id, made_at)
    INCLUDE (merchant_id, completed_at, bearer, price, discount);
-- A month is summed by when the ledger recorded it. Refunds are few; entries lie in the order of their
-- time, so that an index of ranges is enough and a sale has none of it to write.
CREATE INDEX purchases_refunded ON purchases (village_id, refunded_at) WHERE refunded_at IS NOT NULL;
CREATE INDEX entries_recorded ON entries USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);

-- From when on purchases are a signal (domain::signal::Lines); a village without a row has the defaults.
CREATE TABLE signal_lines (
    village_id uuid PRIMARY KEY,
    lines jsonb NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL
);

-- That what a household bought at a merchant on a day crossed a line, and what the supervisor found.
CREATE TABLE purchase_signals (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    account_id uuid NOT NULL,
    merchant_id uuid NOT NULL,
    -- So many purchases, and from how many on it is a signal; what all of them cost, and what came off.
    count bigint NOT NULL,
    line smallint NOT NULL,
    price bigint NOT NULL,
    discount bigint NOT NULL,
    made_at timestamptz NOT NULL,
    finding text,
    found_text text,
    found_by uuid,
    found_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT purchase_signals_once UNIQUE (village_id, day, account_id, merchant_id, kind),
    CONSTRAINT purchase_signals_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT purchase_signals_kind_known CHECK (
        kind IN ('many_purchases', 'round_sums', 'at_ceiling', 'night_hours')),
    CONSTRAINT purchase_signals_finding_known CHECK (finding IN ('explained', 'follow_up')),
    CONSTRAINT purchase_signals_finding_whole CHECK ((finding IS NULL) = (found_by IS NULL)
        AND (finding IS NULL) = (found_at IS NULL) AND (finding IS NULL) = (found_text IS NULL))
);

-- For who supervises many villages: what is open, the newest first.
CREATE INDEX purchase_signals_open ON purchase_signals (id) WHERE finding IS NULL;

-- What each household of a village bought at each merchant from one moment to another, as
-- domain::signal::Tally counts it. The shares are basis points, the hours those of the village.
CREATE FUNCTION purchase_tallies(
    p_village uuid, p_from timestamptz, p_to timestamptz, p_round bigint, p_ceiling_share bigint,
    p_night_from integer, p_night_until integer
) RETURNS TABLE (account_id uuid, merchant_id uuid, count bigint, round bigint, at_ceiling bigint,
    at_night bigint, price bigint, discount bigint)
LANGUAGE sql STABLE AS $$
    SELECT p.account_id, p.merchant_id, count(*),
        count(*) FILTER (WHERE p.price % p_round = 0),
        count(*) FILTER (WHERE p.price * 10000 >= a.price_ceiling * p_ceiling_share),
        count(*) FILTER (WHERE CASE WHEN p_night_from < p_night_until
            THEN h.hour >= p_night_from AND h.hour < p_night_until
            ELSE h.hour >= p_night_from OR h.hour < p_night_until END),
        sum_exact(p.price), sum_exact(p.discount)
    FROM purchases AS p
    JOIN agreements AS a ON a.village_id = p.village_id AND a.id = p.agreement_id
    CROSS JOIN LATERAL (
        SELECT extract(hour FROM p.completed_at AT TIME ZONE 'Asia/Shanghai')::integer AS hour) AS h
    WHERE p.village_id = p_village
        AND p.merchant_id IN (SELECT merchant_id FROM agreements WHERE village_id = p_village)
        -- One that waited over midnight was made before; see domain::discount::Purchase.
        AND p.made_at >= p_from - interval '10 minutes' AND p.made_at < p_to
        AND p.completed_at >= p_from AND p.completed_at < p_to
    GROUP BY p.account_id, p.merchant_id
$$;
