-- Honor and warning lists (红榜, 黑榜): entries that point to a fact in the books.

CREATE TABLE list_entries (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    list text NOT NULL,
    -- The fact: a posted claim, or the line of a rating (the rating, and the household below).
    fact text NOT NULL,
    fact_id uuid NOT NULL,
    -- What the line said; a corrected line is another fact.
    stars smallint,
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
    removal_asked_by uuid,
    removal_text text,
    removal_due_at timestamptz,
    removal_urged_at timestamptz,
    removal_answered_at timestamptz,
    removal_answered_by uuid,
    removal_answer text,
    ended_at timestamptz,
    ended_why text,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT list_entries_household FOREIGN KEY (village_id, household_id)
        REFERENCES households (village_id, id),
    CONSTRAINT list_entries_person FOREIGN KEY (village_id, person_id)
        REFERENCES villagers (village_id, id),
    CONSTRAINT list_entries_list_known CHECK (list IN ('honor', 'warning')),
    CONSTRAINT list_entries_fact_known CHECK (fact IN ('claim', 'rating')),
    CONSTRAINT list_entries_warning_is_bare CHECK (list = 'honor' OR (words = '' AND fact = 'claim')),
    CONSTRAINT list_entries_standing_known CHECK (standing IN ('waiting', 'public', 'refused')),
    CONSTRAINT list_entries_state_known CHECK (state IN ('proposed', 'approved', 'rejected', 'ended')),
    CONSTRAINT list_entries_ended_has_reason CHECK ((state = 'ended') = (ended_why IS NOT NULL)),
    CONSTRAINT list_entries_removal_has_time CHECK (
        (removal_asked_at IS NULL) = (removal_due_at IS NULL))
);
-- A fact stands once on a list for a person.
CREATE UNIQUE INDEX list_entries_fact_once ON list_entries (village_id, list, fact_id, person_id)
    WHERE state IN ('proposed', 'approved');
CREATE INDEX list_entries_list ON list_entries (village_id, list, state, id);
CREATE INDEX list_entries_open ON list_entries (village_id, id) WHERE state IN ('proposed', 'approved');
CREATE INDEX list_entries_removals ON list_entries (removal_due_at)
    WHERE removal_asked_at IS NOT NULL AND removal_answered_at IS NULL AND state IN ('proposed', 'approved');

-- Whether the fact of an entry still stands. A claim that was reversed or gave way does not; for a
-- warning one that was put right does not either.
CREATE FUNCTION list_fact_stands(
    p_village uuid, p_list text, p_fact text, p_fact_id uuid, p_household uuid, p_stars smallint
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE p_fact
        WHEN 'claim' THEN EXISTS (
            SELECT 1 FROM claims AS c WHERE c.village_id = p_village AND c.id = p_fact_id
                AND c.state = 'posted' AND (p_list = 'honor' OR c.repaired_on IS NULL))
        ELSE EXISTS (
            SELECT 1 FROM ratings AS r JOIN rating_lines AS l
                ON l.village_id = r.village_id AND l.rating_id = r.id
            WHERE r.village_id = p_village AND r.id = p_fact_id AND r.effective_at IS NOT NULL
                AND l.account_id = p_household AND l.state = 'effective' AND l.stars = p_stars)
        END
$$;

-- Whether an objection or appeal to the fact is open: until it is answered nobody is shown for it.
CREATE FUNCTION list_fact_disputed(p_village uuid, p_fact_id uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM objections AS o
        WHERE o.village_id = p_village AND o.claim_id = p_fact_id AND o.answered_at IS NULL)
$$;
