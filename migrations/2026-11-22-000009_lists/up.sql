-- Honor and warning lists (红榜, 黑榜): entries that point to a fact in the books.

CREATE TABLE list_entries (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    list text NOT NULL,
    -- The fact: a posted claim, the line of a rating, or a report of a good deed.
    fact text NOT NULL,
    fact_id uuid NOT NULL,
    -- Of a line: whose it is, and what it said; a corrected line is another fact.
    account_id uuid,
    stars smallint,
    -- The household when it was proposed. Who speaks for the person is asked of the villager.
    household_id uuid NOT NULL,
    -- Who is shown.
    person_id uuid NOT NULL,
    -- The item's name or the cycle, and the day, as they stood when it was proposed.
    title text NOT NULL,
    happened_on date NOT NULL,
    -- What is said in praise; a warning has no words but the book's.
    words text NOT NULL,
    -- What content security says of the words.
    standing text NOT NULL,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    state text NOT NULL,
    decided_at timestamptz,
    -- Praise waits for the person's word: when, and how if a cadre wrote it down.
    consented_at timestamptz,
    consent jsonb,
    -- The last day on which it is shown.
    shown_until date,
    removal_asked_at timestamptz,
    -- By whom: the user, as whom they spoke (domain::listing::Voice), how the person said so if a cadre
    -- wrote it down, and who wrote down or answered a request before this one.
    removal_by jsonb,
    removal_text text,
    removal_due_at timestamptz,
    removal_urged_at timestamptz,
    removal_answered_at timestamptz,
    removal_answered_by uuid,
    removal_answer text,
    ended_at timestamptz,
    ended_why text,
    -- When the worker looked last whether it still has its ground; none once it cannot change any more.
    looked_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT list_entries_household FOREIGN KEY (village_id, household_id)
        REFERENCES households (village_id, id),
    CONSTRAINT list_entries_person FOREIGN KEY (village_id, person_id)
        REFERENCES villagers (village_id, id),
    CONSTRAINT list_entries_list_known CHECK (list IN ('honor', 'warning')),
    CONSTRAINT list_entries_fact_known CHECK (fact IN ('claim', 'rating', 'report')),
    CONSTRAINT list_entries_line_is_whole CHECK (
        (fact = 'rating') = (account_id IS NOT NULL) AND (account_id IS NULL) = (stars IS NULL)),
    CONSTRAINT list_entries_warning_is_bare CHECK (list = 'honor' OR (words = '' AND fact = 'claim')),
    CONSTRAINT list_entries_standing_known CHECK (standing IN ('waiting', 'public', 'refused')),
    CONSTRAINT list_entries_state_known CHECK (state IN ('proposed', 'approved', 'rejected', 'ended')),
    CONSTRAINT list_entries_ended_has_reason CHECK ((state = 'ended') = (ended_why IS NOT NULL)),
    CONSTRAINT list_entries_removal_has_time CHECK (
        (removal_asked_at IS NULL) = (removal_due_at IS NULL)),
    CONSTRAINT list_entries_removal_by_somebody CHECK (
        (removal_asked_at IS NULL) = (removal_by IS NULL)),
    CONSTRAINT list_entries_looked_at_while_open CHECK (
        (looked_at IS NOT NULL) = (state IN ('proposed', 'approved')))
);
-- A fact stands once on a list for a person.
CREATE UNIQUE INDEX list_entries_fact_once ON list_entries (village_id, list, fact_id, person_id)
    WHERE state IN ('proposed', 'approved');
CREATE INDEX list_entries_list ON list_entries (village_id, list, state, id);
-- For the worker, over all villages: whose ground was looked at longest ago, whose term is over, what
-- is to be answered.
CREATE INDEX list_entries_looked_at ON list_entries (looked_at) WHERE looked_at IS NOT NULL;
CREATE INDEX list_entries_terms ON list_entries (shown_until)
    WHERE looked_at IS NOT NULL AND shown_until IS NOT NULL;
CREATE INDEX list_entries_removals ON list_entries (removal_due_at)
    WHERE removal_due_at IS NOT NULL AND removal_answered_at IS NULL AND looked_at IS NOT NULL;

-- Whether the fact of an entry still stands. A claim that was reversed or gave way does not; for a
-- warning one that was put right does not either. A report stands while triage did not end it, its text
-- and photos are public, and the person is the one praised.
CREATE FUNCTION list_fact_stands(
    p_village uuid, p_list text, p_fact text, p_fact_id uuid, p_account uuid, p_stars smallint,
    p_person uuid
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE p_fact
        WHEN 'claim' THEN EXISTS (
            SELECT 1 FROM claims AS c WHERE c.village_id = p_village AND c.id = p_fact_id
                AND c.state = 'posted' AND (p_list = 'honor' OR c.repaired_on IS NULL))
        WHEN 'report' THEN EXISTS (
            SELECT 1 FROM reports AS r JOIN report_parties AS p
                ON p.village_id = r.village_id AND p.report_id = r.id
            WHERE r.village_id = p_village AND r.id = p_fact_id AND r.kind = 'good_deed'
                AND r.standing = 'public'
                AND r.state IN ('accepted', 'dispatched', 'resolved', 'confirmed', 'reopened')
                AND p.part = 'praised' AND p.villager_id = p_person)
        ELSE EXISTS (
            SELECT 1 FROM ratings AS r JOIN rating_lines AS l
                ON l.village_id = r.village_id AND l.rating_id = r.id
            WHERE r.village_id = p_village AND r.id = p_fact_id AND r.effective_at IS NOT NULL
                AND l.account_id = p_account AND l.state = 'effective' AND l.stars = p_stars)
        END
$$;

-- Whether an objection or appeal to the fact is open, to the claim or to the line of the account: until
-- it is answered nobody is shown for it.
CREATE FUNCTION list_fact_disputed(p_village uuid, p_fact_id uuid, p_account uuid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM objections AS o
            WHERE o.village_id = p_village AND o.claim_id = p_fact_id AND o.answered_at IS NULL)
        OR EXISTS (SELECT 1 FROM objections AS o
            WHERE o.village_id = p_village AND o.rating_id = p_fact_id
                AND o.account_id = p_account AND o.answered_at IS NULL)
$$;
