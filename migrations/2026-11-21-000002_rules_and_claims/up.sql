-- Rule books, claims with their evidence and votes, notices, objections.

CREATE TABLE rule_books (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    -- The whole book by which deeds are judged; a draft that is not whole by itself has none.
    book jsonb,
    -- What the village wrote, where that is not the book.
    layer jsonb,
    state text NOT NULL,
    in_force_from date,
    resolution jsonb,
    pledges jsonb,
    -- The frame and the manual that the book was merged with.
    county_layer_id uuid,
    town_layer_id uuid,
    -- The adopted book of the village that was merged anew, since a layer above it changed.
    carried_from uuid,
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    adopted_by uuid,
    adopted_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT rule_books_number_unique UNIQUE (village_id, number),
    CONSTRAINT rule_books_state_known CHECK (state IN ('draft', 'adopted')),
    CONSTRAINT rule_books_adopted_whole CHECK (
        (state = 'adopted') = (in_force_from IS NOT NULL AND resolution IS NOT NULL AND adopted_at IS NOT NULL)),
    CONSTRAINT rule_books_something CHECK (book IS NOT NULL OR (layer IS NOT NULL AND state = 'draft'))
);
-- Of several that begin on one day the newest holds.
CREATE INDEX rule_books_in_force ON rule_books (village_id, in_force_from DESC, number DESC)
    WHERE state = 'adopted';

-- Frames of counties and manuals of towns, in versions.
CREATE TABLE rule_layers (
    division_id uuid NOT NULL REFERENCES divisions (id),
    id uuid NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    layer jsonb NOT NULL,
    state text NOT NULL,
    in_force_from date,
    -- The order by which it was adopted, as domain::rule_book::Order.
    issued_by_order jsonb,
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    adopted_by uuid,
    adopted_at timestamptz,
    PRIMARY KEY (division_id, id),
    CONSTRAINT rule_layers_number_unique UNIQUE (division_id, number),
    CONSTRAINT rule_layers_in_force_unique UNIQUE (division_id, in_force_from),
    CONSTRAINT rule_layers_state_known CHECK (state IN ('draft', 'adopted')),
    CONSTRAINT rule_layers_adopted_whole CHECK (
        (state = 'adopted') = (in_force_from IS NOT NULL AND issued_by_order IS NOT NULL AND adopted_at IS NOT NULL))
);

-- Nothing adopted is ever edited.
CREATE FUNCTION refuse_change_of_adopted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'adopted' THEN
        RAISE EXCEPTION 'an adopted rule book is never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE TRIGGER rule_books_adopted_stay BEFORE UPDATE OR DELETE ON rule_books
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_adopted();
CREATE TRIGGER rule_layers_adopted_stay BEFORE UPDATE OR DELETE ON rule_layers
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_adopted();

CREATE TABLE claims (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    person_id uuid NOT NULL,
    account_id uuid NOT NULL,
    rule_book_id uuid NOT NULL,
    item_code text NOT NULL,
    kind text NOT NULL,
    -- Units or choice, as domain::rule_book::Measure.
    measure jsonb NOT NULL,
    happened_on date NOT NULL,
    text text NOT NULL,
    claimed_by uuid NOT NULL,
    via jsonb NOT NULL,
    second_recorder_id uuid,
    state text NOT NULL,
    stage smallint NOT NULL,
    round smallint NOT NULL,
    stage_due_at timestamptz,
    -- Hundredths of a point: by the item, and as it counts among the others of the account, with what
    -- made the difference (domain::claim::Adjustment).
    asked bigint NOT NULL,
    granted bigint,
    adjustments jsonb NOT NULL,
    -- The first claim of the same deed.
    deed_id uuid,
    -- Who did it, where a relative is credited.
    doer_id uuid,
    -- The day on which it was repaired, where it goes on until then.
    repaired_on date,
    -- The last day on which it counts.
    counts_until date,
    cure_until date,
    notice_id uuid,
    postings smallint NOT NULL,
    posted_at timestamptz,
    version integer NOT NULL,
    submitted_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT claims_person FOREIGN KEY (village_id, person_id) REFERENCES villagers (village_id, id),
    CONSTRAINT claims_rule_book FOREIGN KEY (village_id, rule_book_id) REFERENCES rule_books (village_id, id),
    CONSTRAINT claims_kind_known CHECK (kind IN ('award', 'deduction', 'direct_grade', 'veto')),
    CONSTRAINT claims_doer FOREIGN KEY (village_id, doer_id) REFERENCES villagers (village_id, id),
    CONSTRAINT claims_deed FOREIGN KEY (village_id, deed_id) REFERENCES claims (village_id, id),
    CONSTRAINT claims_asked_not_negative CHECK (asked >= 0),
    CONSTRAINT claims_granted_not_negative CHECK (granted >= 0),
    CONSTRAINT claims_posted_whole CHECK (state <> 'posted'
        OR (granted IS NOT NULL AND counts_until IS NOT NULL AND posted_at IS NOT NULL)),
    CONSTRAINT claims_state_known CHECK (state IN ('submitted', 'returned', 'in_review', 'certified',
        'on_notice', 'posted', 'rejected', 'withdrawn', 'disputed', 'overturned', 'reversed'))
) WITH (fillfactor = 80);
CREATE INDEX claims_household ON claims (village_id, household_id, id);
CREATE INDEX claims_caps ON claims (village_id, account_id, item_code, happened_on);
CREATE INDEX claims_deed ON claims (village_id, deed_id) WHERE deed_id IS NOT NULL;
CREATE INDEX claims_state ON claims (village_id, state, id);
CREATE INDEX claims_notice ON claims (village_id, notice_id) WHERE notice_id IS NOT NULL;

-- Every change of a claim: who, when, in which role and why.
CREATE TABLE claim_events (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    claim_id uuid NOT NULL,
    event text NOT NULL,
    state text NOT NULL,
    stage smallint NOT NULL,
    user_id uuid,
    role text,
    reason text,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT claim_events_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id)
);
CREATE INDEX claim_events_claim ON claim_events (village_id, claim_id, id);
CREATE TRIGGER claim_events_append_only BEFORE UPDATE OR DELETE ON claim_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE evidence (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    -- The claim, or the activity with all its claims: one file proves one deed.
    used_by uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT evidence_media_known CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp'))
);
CREATE INDEX evidence_unused ON evidence (village_id, uploaded_by) WHERE used_by IS NULL;

-- Which files support which claim; the claims of an activity share theirs.
CREATE TABLE claim_evidence (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    PRIMARY KEY (village_id, claim_id, evidence_id),
    CONSTRAINT claim_evidence_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id),
    CONSTRAINT claim_evidence_file FOREIGN KEY (village_id, evidence_id) REFERENCES evidence (village_id, id)
);
CREATE INDEX claim_evidence_file ON claim_evidence (village_id, evidence_id);

-- Duty posts (设岗定责). A closed one stays, with who held it.
CREATE TABLE duty_posts (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    -- Whom it is for; everybody if it names none.
    tracks text[] NOT NULL,
    -- The items of the rule book by which it is scored.
    item_codes text[] NOT NULL,
    opened_on date NOT NULL,
    closed_on date,
    opened_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT duty_posts_scored CHECK (cardinality(item_codes) > 0)
);
CREATE UNIQUE INDEX duty_posts_name_once ON duty_posts (village_id, name) WHERE closed_on IS NULL;

-- What people took on: a duty post that they hold, or a pledge (承诺) under one of the five colours.
CREATE TABLE duties (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    villager_id uuid NOT NULL,
    source text NOT NULL,
    post_id uuid,
    colour text,
    -- The cycle for which a pledge is given.
    period text,
    -- What is promised.
    text text NOT NULL,
    from_day date NOT NULL,
    -- The last day: by itself, and as somebody set it who ended it before.
    until_day date,
    ended_on date,
    -- Who agreed, how and when; null for who pledged alone.
    consent jsonb,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    ended_why text,
    outcome text,
    outcome_why text,
    outcome_by uuid,
    outcome_role text,
    outcome_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT duties_villager FOREIGN KEY (village_id, villager_id) REFERENCES villagers (village_id, id),
    CONSTRAINT duties_post FOREIGN KEY (village_id, post_id) REFERENCES duty_posts (village_id, id),
    CONSTRAINT duties_source_whole CHECK (CASE source
        WHEN 'duty_post' THEN post_id IS NOT NULL AND consent IS NOT NULL AND outcome IS NULL
            AND num_nonnulls(colour, period, until_day) = 0
        WHEN 'pledge' THEN post_id IS NULL AND num_nonnulls(colour, period, until_day) = 3
        ELSE false END),
    CONSTRAINT duties_colour_known CHECK (colour IN ('red', 'yellow', 'blue', 'green', 'silver')),
    CONSTRAINT duties_outcome_known CHECK (outcome IN ('kept', 'partly_kept', 'not_kept')),
    CONSTRAINT duties_ended_whole CHECK ((ended_on IS NULL) = (ended_at IS NULL)),
    CONSTRAINT duties_outcome_whole CHECK ((outcome IS NULL) = (outcome_at IS NULL))
);
CREATE UNIQUE INDEX duties_post_once ON duties (village_id, villager_id, post_id)
    WHERE post_id IS NOT NULL AND ended_on IS NULL;
CREATE UNIQUE INDEX duties_pledge_once ON duties (village_id, villager_id, colour, period)
    WHERE colour IS NOT NULL AND ended_on IS NULL;
CREATE INDEX duties_villager ON duties (village_id, villager_id, id);
CREATE INDEX duties_post ON duties (village_id, post_id, id) WHERE post_id IS NOT NULL;

-- Under which duty a claim was made.
CREATE TABLE claim_duties (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    duty_id uuid NOT NULL,
    PRIMARY KEY (village_id, claim_id),
    CONSTRAINT claim_duties_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id),
    CONSTRAINT claim_duties_duty FOREIGN KEY (village_id, duty_id) REFERENCES duties (village_id, id)
);
CREATE INDEX claim_duties_duty ON claim_duties (village_id, duty_id);

-- Votes on claims and ratings: one person, one vote a round.
CREATE TABLE votes (
    village_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    round smallint NOT NULL,
    user_id uuid NOT NULL,
    stage smallint NOT NULL,
    role text NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    -- What the reviewer filled in, in hundredths of a point.
    points bigint,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, subject_id, round, user_id),
    CONSTRAINT votes_decision_known CHECK (decision IN ('approve', 'reject', 'return'))
);
CREATE TRIGGER votes_append_only BEFORE UPDATE OR DELETE ON votes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Reviewers who declared by hand that they step aside.
CREATE TABLE recusals (
    village_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    user_id uuid NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, subject_id, user_id)
);

CREATE TABLE notices (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    rating_id uuid,
    -- The dividend, or the year-end awards.
    payout_id uuid,
    fund_statement_id uuid,
    -- The brake on issuance that is announced.
    brake_id uuid,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    closed_at timestamptz,
    opened_by uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT notices_number_unique UNIQUE (village_id, number),
    CONSTRAINT notices_kind_known CHECK (kind IN ('claims', 'rating', 'dividend', 'awards',
        'fund_statement', 'brake')),
    CONSTRAINT notices_brake CHECK ((kind = 'brake') = (brake_id IS NOT NULL)),
    CONSTRAINT notices_rating CHECK ((kind = 'rating') = (rating_id IS NOT NULL)),
    CONSTRAINT notices_payout CHECK ((kind IN ('dividend', 'awards')) = (payout_id IS NOT NULL)),
    CONSTRAINT notices_fund_statement CHECK ((kind = 'fund_statement') = (fund_statement_id IS NOT NULL))
);
CREATE INDEX notices_due ON notices (closes_at) WHERE closed_at IS NULL;
ALTER TABLE claims ADD CONSTRAINT claims_notice FOREIGN KEY (village_id, notice_id)
    REFERENCES notices (village_id, id);

-- Writes what became of many claims at once, unless one of them changed since it was read as that
-- version: then nothing is written and the caller decides again (SQLSTATE 40001). One claim and ten
-- thousand cost one call. Bookkeeping only: what becomes of each was decided before.
CREATE FUNCTION claims_settle(
    p_village uuid, p_notice uuid,
    p_ids uuid[], p_versions integer[],
    p_states text[], p_postings smallint[], p_posted_at timestamptz[], p_versions_after integer[],
    p_changed_at timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE claims AS c
        SET notice_id = p_notice, state = n.state, postings = n.postings, posted_at = n.posted_at,
            version = n.version_after, changed_at = p_changed_at
        FROM unnest(p_ids, p_versions, p_states, p_postings, p_posted_at, p_versions_after)
            AS n (id, version, state, postings, posted_at, version_after)
        WHERE c.village_id = p_village AND c.id = n.id AND c.version = n.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> coalesce(array_length(p_ids, 1), 0) THEN
        RAISE EXCEPTION 'a claim changed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN changed;
END
$$;

CREATE TABLE objections (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    -- Whom it concerns; nobody for a statement of the fund.
    household_id uuid,
    -- A claim, the line of an account in a rating or payout, or a statement of the fund.
    claim_id uuid,
    rating_id uuid,
    payout_id uuid,
    fund_statement_id uuid,
    account_id uuid,
    notice_id uuid,
    raised_by uuid NOT NULL,
    raised_at timestamptz NOT NULL,
    text text NOT NULL,
    due_at timestamptz NOT NULL,
    urged_at timestamptz,
    answered_by uuid,
    answered_role text,
    answered_at timestamptz,
    outcome text,
    corrected bigint,
    answer text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT objections_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id),
    CONSTRAINT objections_kind_known CHECK (kind IN ('objection', 'appeal')),
    CONSTRAINT objections_subject CHECK (
        num_nonnulls(claim_id, rating_id, payout_id, fund_statement_id) = 1),
    CONSTRAINT objections_concern CHECK ((household_id IS NULL) = (fund_statement_id IS NOT NULL)),
    CONSTRAINT objections_outcome_known CHECK (outcome IN ('upheld', 'corrected', 'struck')),
    CONSTRAINT objections_answered_whole CHECK ((answered_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX objections_one_open_on_claim ON objections (village_id, claim_id, raised_by)
    WHERE answered_at IS NULL AND claim_id IS NOT NULL;
CREATE UNIQUE INDEX objections_one_open_on_line ON objections (village_id, rating_id, account_id, raised_by)
    WHERE answered_at IS NULL AND rating_id IS NOT NULL;
CREATE UNIQUE INDEX objections_one_open_on_part ON objections (village_id, payout_id, account_id, raised_by)
    WHERE answered_at IS NULL AND payout_id IS NOT NULL;
CREATE UNIQUE INDEX objections_one_open_on_statement ON objections (village_id, fund_statement_id, raised_by)
    WHERE answered_at IS NULL AND fund_statement_id IS NOT NULL;
CREATE INDEX objections_claim ON objections (village_id, claim_id);
-- All objections to one part of a payout, or to one statement of the fund.
CREATE INDEX objections_part ON objections (village_id, payout_id, account_id) WHERE payout_id IS NOT NULL;
CREATE INDEX objections_statement ON objections (village_id, fund_statement_id)
    WHERE fund_statement_id IS NOT NULL;
CREATE INDEX objections_open ON objections (village_id, due_at) WHERE answered_at IS NULL;
CREATE INDEX objections_household ON objections (village_id, household_id, id);
CREATE INDEX objections_raised_by ON objections (village_id, raised_by, id);
