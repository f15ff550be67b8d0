-- What a village gives out: the dividend (积分分红) and the year-end awards (年终表彰), lists of who fits
-- for something (推荐名单), and proofs of a star (星级证明).

-- Both kinds of payout go the same way: reckoned from the ledger, voted on, put on the notice board,
-- paid out of the fund and handed out one by one.
CREATE TABLE payouts (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    -- As domain::payout::Terms.
    terms jsonb NOT NULL,
    -- The number of its present reckoning (payout_reckonings), and what that says.
    reckoning smallint NOT NULL DEFAULT 1,
    -- Entries recorded later do not count.
    as_of timestamptz NOT NULL,
    state text NOT NULL,
    -- What all parts come to, in fen.
    total bigint NOT NULL,
    -- How many claims of the period might still count and do not, since they hang, wait or are disputed.
    unsettled_claims integer NOT NULL DEFAULT 0,
    -- By how much the fullest account of the fund held less when that was last looked at, in fen.
    fund_short bigint NOT NULL DEFAULT 0,
    -- What the assembly resolved, as domain::rule_book::Resolution, and about what.
    resolution jsonb,
    voted_reckoning smallint,
    notice_days smallint,
    notice_id uuid,
    -- Who hung it first: somebody else takes it down.
    published_by uuid,
    published_by_villager uuid,
    -- Reckoned anew since it was hung on that notice.
    renewed boolean NOT NULL DEFAULT false,
    made_by uuid NOT NULL,
    -- The villager that they were bound to then.
    made_by_villager uuid,
    made_at timestamptz NOT NULL,
    effective_at timestamptz,
    -- Out of which account of the fund, by which document, and the voucher there.
    fund_account_id uuid,
    document text,
    fund_voucher_id uuid,
    paid_by uuid,
    paid_at timestamptz,
    withdrawn_reason text,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT payouts_notice FOREIGN KEY (village_id, notice_id) REFERENCES notices (village_id, id),
    CONSTRAINT payouts_kind_known CHECK (kind IN ('dividend', 'awards')),
    CONSTRAINT payouts_state_known CHECK (state IN ('draft', 'voted', 'on_notice', 'disputed', 'effective', 'paid',
        'withdrawn')),
    CONSTRAINT payouts_days CHECK (from_day <= until_day),
    CONSTRAINT payouts_total_not_negative CHECK (total >= 0),
    CONSTRAINT payouts_voted_whole CHECK (state IN ('draft', 'withdrawn') OR resolution IS NOT NULL),
    CONSTRAINT payouts_paid_whole CHECK ((state = 'paid') = (paid_at IS NOT NULL AND paid_by IS NOT NULL)),
    CONSTRAINT payouts_checked CHECK (paid_by <> made_by)
);
CREATE INDEX payouts_as_of ON payouts (village_id, as_of);

-- Each time that it was reckoned, the first being 1. What was reckoned anew replaces nothing: a notice goes
-- on showing the lines that hang on it.
CREATE TABLE payout_reckonings (
    village_id uuid NOT NULL,
    payout_id uuid NOT NULL,
    number smallint NOT NULL,
    as_of timestamptz NOT NULL,
    total bigint NOT NULL,
    reckoned_at timestamptz NOT NULL,
    -- The notice on which its lines hang or hung.
    notice_id uuid,
    PRIMARY KEY (village_id, payout_id, number),
    CONSTRAINT payout_reckonings_payout FOREIGN KEY (village_id, payout_id) REFERENCES payouts (village_id, id),
    CONSTRAINT payout_reckonings_notice FOREIGN KEY (village_id, notice_id) REFERENCES notices (village_id, id)
);
CREATE UNIQUE INDEX payout_reckonings_hung ON payout_reckonings (village_id, notice_id) WHERE notice_id IS NOT NULL;

CREATE TABLE payout_lines (
    village_id uuid NOT NULL,
    payout_id uuid NOT NULL,
    reckoning smallint NOT NULL DEFAULT 1,
    account_id uuid NOT NULL,
    -- When it was reckoned; a person may have moved since.
    household_id uuid NOT NULL,
    -- Where it stands on the list, the first being 1: the order of household numbers.
    place integer NOT NULL,
    -- The weight, or what it is ranked by: hundredths of a point.
    points bigint NOT NULL,
    rank integer,
    fen bigint NOT NULL,
    -- What is given besides money, and the title, for a prize.
    title text,
    goods text,
    -- Why it has no part whatever its points.
    left_out text,
    -- Redeemable points that the part used up, in hundredths.
    used_up bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, payout_id, reckoning, account_id),
    CONSTRAINT payout_lines_payout FOREIGN KEY (village_id, payout_id) REFERENCES payouts (village_id, id),
    CONSTRAINT payout_lines_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT payout_lines_fen_not_negative CHECK (fen >= 0),
    CONSTRAINT payout_lines_left_out_gets_nothing CHECK (left_out IS NULL OR (fen = 0 AND goods IS NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX payout_lines_place ON payout_lines (village_id, payout_id, reckoning, place);
CREATE INDEX payout_lines_account ON payout_lines (village_id, account_id, payout_id);

-- That a part was handed out, or that this was put down by mistake: the latest of a part holds.
CREATE TABLE payout_handovers (
    village_id uuid NOT NULL,
    payout_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- The first of a part is 1; every second one takes back the one before it, and says why in its note.
    number smallint NOT NULL DEFAULT 1,
    reverses boolean NOT NULL DEFAULT false,
    how text NOT NULL,
    received_by text NOT NULL,
    note text NOT NULL,
    handed_out_by uuid NOT NULL,
    handed_out_by_villager uuid,
    handed_out_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, payout_id, account_id, number),
    CONSTRAINT payout_handovers_payout FOREIGN KEY (village_id, payout_id) REFERENCES payouts (village_id, id),
    CONSTRAINT payout_handovers_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT payout_handovers_in_turn CHECK (reverses = (number % 2 = 0)),
    CONSTRAINT payout_handovers_how_known CHECK (how IN ('cash', 'card', 'transfer', 'goods'))
);
CREATE TRIGGER payout_handovers_append_only BEFORE UPDATE OR DELETE ON payout_handovers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who fits for a loan, an award or a title. Only who fits stands on a list.
CREATE TABLE eligibility_lists (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    title text NOT NULL,
    -- As domain::eligibility::Conditions.
    conditions jsonb NOT NULL,
    as_of timestamptz NOT NULL,
    made_by uuid NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (village_id, id)
);

CREATE TABLE eligibility_entries (
    village_id uuid NOT NULL,
    list_id uuid NOT NULL,
    account_id uuid NOT NULL,
    household_id uuid NOT NULL,
    -- Why, as a list of domain::eligibility::Reason.
    reasons jsonb NOT NULL,
    PRIMARY KEY (village_id, list_id, account_id),
    CONSTRAINT eligibility_entries_list FOREIGN KEY (village_id, list_id)
        REFERENCES eligibility_lists (village_id, id)
);
CREATE INDEX eligibility_entries_household ON eligibility_entries (village_id, household_id, list_id);

-- What was found of those who were looked at and do not stand on the list. Only their household reads it.
CREATE TABLE eligibility_findings (
    village_id uuid NOT NULL,
    list_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- As a list of domain::eligibility::Reason.
    reasons jsonb NOT NULL,
    PRIMARY KEY (village_id, list_id, account_id),
    CONSTRAINT eligibility_findings_list FOREIGN KEY (village_id, list_id)
        REFERENCES eligibility_lists (village_id, id)
);

-- Households that do not want to stand on any such list.
CREATE TABLE unlisted_households (
    village_id uuid NOT NULL,
    household_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, household_id),
    CONSTRAINT unlisted_households_household FOREIGN KEY (village_id, household_id)
        REFERENCES households (village_id, id)
);

-- A household shows its star at a counter: whoever has the token reads what the scope allows.
CREATE TABLE star_proofs (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    -- As domain::star_proof::Scope.
    scope jsonb NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    -- How often it can be read, and was.
    readings_max smallint NOT NULL CONSTRAINT star_proofs_readings_range CHECK (readings_max BETWEEN 1 AND 20),
    readings smallint NOT NULL DEFAULT 0,
    revoked_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT star_proofs_not_overused CHECK (readings BETWEEN 0 AND readings_max),
    CONSTRAINT star_proofs_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id)
);
-- The token holds the village and the id: nothing is looked for across villages, and nothing of it is stored.
-- A proof goes with its account, into whichever household its person moves.
CREATE INDEX star_proofs_account ON star_proofs (village_id, account_id, id);

CREATE TABLE star_proof_readings (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    proof_id uuid NOT NULL,
    -- Who the reader says they are.
    reader text NOT NULL,
    -- What was shown.
    stars smallint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT star_proof_readings_proof FOREIGN KEY (village_id, proof_id) REFERENCES star_proofs (village_id, id)
);
CREATE INDEX star_proof_readings_proof ON star_proof_readings (village_id, proof_id, id);
CREATE TRIGGER star_proof_readings_append_only BEFORE UPDATE OR DELETE ON star_proof_readings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
