-- The village fund (信用基金): accounts, vouchers by two people, an append-only book, the brake on issuance
-- and the statements for the notice board. All amounts in fen.

CREATE TABLE fund_accounts (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    balance bigint NOT NULL DEFAULT 0 CONSTRAINT fund_accounts_not_negative CHECK (balance >= 0),
    version bigint NOT NULL DEFAULT 0,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT fund_accounts_name_unique UNIQUE (village_id, name)
);

CREATE TABLE fund_vouchers (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    -- The first of the village is 1.
    number integer NOT NULL,
    kind text NOT NULL,
    account_id uuid NOT NULL,
    to_account_id uuid,
    amount bigint NOT NULL CONSTRAINT fund_vouchers_amount_positive CHECK (amount > 0),
    -- Who gave or got the money, how the notice board names them, what for, and the document's number.
    party text NOT NULL,
    party_shown text NOT NULL,
    purpose text NOT NULL,
    document text NOT NULL,
    happened_on date NOT NULL,
    -- The statement or dividend that it settles; and whether the money came back, so that another does.
    settles_id uuid,
    returned boolean NOT NULL DEFAULT false,
    corrects_id uuid,
    state text NOT NULL,
    made_by uuid NOT NULL,
    -- The villager that they were bound to then: a second account is no second person.
    made_by_villager uuid,
    made_at timestamptz NOT NULL,
    checked_by uuid,
    checked_at timestamptz,
    -- Why it was refused or taken back.
    reason text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT fund_vouchers_number_unique UNIQUE (village_id, number),
    CONSTRAINT fund_vouchers_kind_known CHECK (kind IN ('donation', 'appropriation', 'income', 'takings',
        'payment', 'transfer', 'correction')),
    CONSTRAINT fund_vouchers_state_known CHECK (state IN ('prepared', 'booked', 'refused', 'withdrawn')),
    CONSTRAINT fund_vouchers_shown_known CHECK (party_shown IN ('named', 'masked', 'anonymous')),
    CONSTRAINT fund_vouchers_four_eyes CHECK (state IN ('prepared', 'withdrawn')
        OR (checked_by IS NOT NULL AND checked_by <> made_by)),
    CONSTRAINT fund_vouchers_corrects CHECK ((kind = 'correction') = (corrects_id IS NOT NULL)),
    CONSTRAINT fund_vouchers_account FOREIGN KEY (village_id, account_id) REFERENCES fund_accounts (village_id, id),
    CONSTRAINT fund_vouchers_to_account FOREIGN KEY (village_id, to_account_id)
        REFERENCES fund_accounts (village_id, id),
    CONSTRAINT fund_vouchers_corrected FOREIGN KEY (village_id, corrects_id)
        REFERENCES fund_vouchers (village_id, id)
);
-- What settles something settles it once, and what is taken back is taken back once.
CREATE UNIQUE INDEX fund_vouchers_settles_once ON fund_vouchers (village_id, settles_id)
    WHERE settles_id IS NOT NULL AND state = 'booked' AND NOT returned;
CREATE UNIQUE INDEX fund_vouchers_corrected_once ON fund_vouchers (village_id, corrects_id)
    WHERE corrects_id IS NOT NULL AND state IN ('prepared', 'booked');
CREATE INDEX fund_vouchers_account ON fund_vouchers (village_id, account_id);
-- Whether a document was used before.
CREATE INDEX fund_vouchers_document ON fund_vouchers (village_id, document, number);
-- What a voucher says stays; what was decided on it too. A mistake is corrected by another voucher.
CREATE TRIGGER fund_vouchers_figures_stay BEFORE UPDATE OF village_id, id, number, kind, account_id, to_account_id,
        amount, party, party_shown, purpose, document, happened_on, settles_id, corrects_id, made_by,
        made_by_villager, made_at ON fund_vouchers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fund_vouchers_decided_stay BEFORE UPDATE ON fund_vouchers
    FOR EACH ROW WHEN (OLD.state <> 'prepared'
        -- That the money came back is written once, and nothing with it.
        AND (OLD.returned OR NOT NEW.returned OR (NEW.state, NEW.checked_by, NEW.checked_at, NEW.reason)
            IS DISTINCT FROM (OLD.state, OLD.checked_by, OLD.checked_at, OLD.reason)))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fund_vouchers_stay BEFORE DELETE ON fund_vouchers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fund_vouchers_no_truncate BEFORE TRUNCATE ON fund_vouchers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Out of which account a payout was paid, by which voucher.
ALTER TABLE payouts ADD CONSTRAINT payouts_fund_account FOREIGN KEY (village_id, fund_account_id)
    REFERENCES fund_accounts (village_id, id);
ALTER TABLE payouts ADD CONSTRAINT payouts_fund_voucher FOREIGN KEY (village_id, fund_voucher_id)
    REFERENCES fund_vouchers (village_id, id);

CREATE TABLE fund_entries (
    village_id uuid NOT NULL,
    account_id uuid NOT NULL,
    account_version bigint NOT NULL,
    voucher_id uuid NOT NULL,
    amount bigint NOT NULL CONSTRAINT fund_entries_amount_not_zero CHECK (amount <> 0),
    balance_after bigint NOT NULL CONSTRAINT fund_entries_not_negative CHECK (balance_after >= 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, account_id, account_version),
    CONSTRAINT fund_entries_voucher_once UNIQUE (village_id, voucher_id, account_id),
    CONSTRAINT fund_entries_account FOREIGN KEY (village_id, account_id) REFERENCES fund_accounts (village_id, id),
    CONSTRAINT fund_entries_voucher FOREIGN KEY (village_id, voucher_id) REFERENCES fund_vouchers (village_id, id)
);
CREATE INDEX fund_entries_time ON fund_entries (village_id, recorded_at);
CREATE TRIGGER fund_entries_append_only BEFORE UPDATE OR DELETE ON fund_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fund_entries_no_truncate BEFORE TRUNCATE ON fund_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- When a village brakes, as somebody proposed it; the newest that a second person confirmed holds.
CREATE TABLE brake_policies (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    -- Basis points.
    warn_below integer NOT NULL,
    brake_below integer NOT NULL,
    issued smallint NOT NULL CONSTRAINT brake_policies_issued_range CHECK (issued BETWEEN 0 AND 9999),
    notice_days smallint NOT NULL,
    set_by uuid NOT NULL,
    -- The villager that they were bound to then.
    set_by_villager uuid,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT brake_policies_lines CHECK (0 <= brake_below AND brake_below <= warn_below)
);
CREATE TRIGGER brake_policies_append_only BEFORE UPDATE OR DELETE ON brake_policies
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE brake_confirmations (
    village_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    confirmed_by uuid NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, policy_id),
    CONSTRAINT brake_confirmations_policy FOREIGN KEY (village_id, policy_id)
        REFERENCES brake_policies (village_id, id)
);
CREATE TRIGGER brake_confirmations_append_only BEFORE UPDATE OR DELETE ON brake_confirmations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The worker's daily look at the coverage of villages that have a policy.
CREATE TABLE brake_looks (
    village_id uuid PRIMARY KEY,
    look_on date NOT NULL,
    -- Since when those who run the village know that coverage is low.
    warned_at timestamptz
);
CREATE INDEX brake_looks_due ON brake_looks (look_on);

CREATE TABLE brakes (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    from_day date NOT NULL,
    -- The last day, once it is lifted; before from_day if it was called off.
    until_day date,
    issued smallint NOT NULL CONSTRAINT brakes_issued_range CHECK (issued BETWEEN 0 AND 9999),
    -- What was held and owed when it was announced.
    held bigint NOT NULL,
    owed bigint NOT NULL,
    announced_at timestamptz NOT NULL,
    lifted_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT brakes_lifted_whole CHECK ((until_day IS NULL) = (lifted_at IS NULL))
);
CREATE UNIQUE INDEX brakes_one_open ON brakes (village_id) WHERE lifted_at IS NULL;

CREATE TABLE fund_statements (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    -- The period, written as a cycle: 2026-10, 2026Q4, 2026.
    period text NOT NULL,
    state text NOT NULL,
    figures jsonb NOT NULL,
    -- Up to which moment movements are in it or in an earlier one.
    drawn_by uuid NOT NULL,
    drawn_by_villager uuid,
    drawn_at timestamptz NOT NULL,
    notice_id uuid,
    published_by uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT fund_statements_state_known CHECK (state IN ('drawn', 'on_notice', 'disputed', 'published',
        'struck')),
    CONSTRAINT fund_statements_four_eyes CHECK (published_by IS NULL OR published_by <> drawn_by),
    CONSTRAINT fund_statements_notice FOREIGN KEY (village_id, notice_id) REFERENCES notices (village_id, id)
);
CREATE UNIQUE INDEX fund_statements_period_once ON fund_statements (village_id, period) WHERE state <> 'struck';
