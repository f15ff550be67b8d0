-- The ledger: accounts with their balances, entries that are only ever added, and the one door
-- through which both change. Ratings, which are computed from entries.

CREATE TABLE accounts (
    village_id uuid NOT NULL,
    -- The id of the household or villager that the account is for.
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    villager_id uuid,
    -- Hundredths of a point; fen.
    score bigint NOT NULL DEFAULT 0,
    points bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_points_not_negative CHECK (points >= 0),
    star_credit bigint NOT NULL DEFAULT 0 CONSTRAINT accounts_star_credit_not_negative CHECK (star_credit >= 0),
    version bigint NOT NULL DEFAULT 0,
    stars smallint NOT NULL DEFAULT 0 CONSTRAINT accounts_stars_range CHECK (stars BETWEEN 0 AND 5),
    stars_cycle text,
    -- Stands for the account in rotating codes; says nothing about it.
    alias bytea NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT accounts_alias_unique UNIQUE (village_id, alias),
    CONSTRAINT accounts_household FOREIGN KEY (village_id, household_id) REFERENCES households (village_id, id)
-- Half of each page is left free: a rating touches every account of a village at once, and only where
-- the new version of a row lies beside the old one need no index be written.
) WITH (fillfactor = 50);
CREATE INDEX accounts_household ON accounts (village_id, household_id);

CREATE TABLE entries (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    account_version bigint NOT NULL,
    -- The numbers of purse, counter and source are those of domain::ledger.
    purse smallint NOT NULL,
    amount bigint NOT NULL CONSTRAINT entries_amount_not_zero CHECK (amount <> 0),
    balance_after bigint NOT NULL,
    counter smallint NOT NULL,
    source smallint NOT NULL,
    source_id uuid NOT NULL,
    -- Below zero for what was taken later, since it was held in a redemption at first (arrears).
    source_posting smallint NOT NULL,
    rule_book_id uuid,
    item_code text,
    happened_on date NOT NULL,
    -- For the score: whose it is, of which part (domain::rule_book::ScorePart), and the last day on
    -- which it counts.
    member_id uuid,
    part smallint,
    counts_until date,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid,
    reverses uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT entries_version_unique UNIQUE (village_id, account_id, account_version),
    CONSTRAINT entries_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT entries_balance_not_negative CHECK (purse = 1 OR balance_after >= 0)
-- Vacuumed after so many new rows, however large the table is: the sum of a rating looks at the index
-- alone for pages that were.
) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);
-- What may happen once happens once, whatever the program does.
CREATE UNIQUE INDEX entries_source_once
    ON entries (village_id, source_id, account_id, purse, source_posting) WHERE reverses IS NULL;
CREATE UNIQUE INDEX entries_reversed_once
    ON entries (village_id, reverses, source_posting) WHERE reverses IS NOT NULL;
-- A rating sums what counts on the last day of its cycle. All that it asks of an entry is here, since
-- the entries of a village lie among those of all others, about one to a page.
CREATE INDEX entries_counting ON entries (village_id, counts_until, happened_on)
    INCLUDE (account_id, member_id, part, amount, recorded_at) WHERE purse = 1;
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was to be taken from redeemable points and was not there (domain::ledger::Arrears). When points
-- come back with a redemption that was made before, the rest is taken of them. The rows of an account are
-- read and changed under the lock of the account.
CREATE TABLE arrears (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- The version of the account when it was noted.
    since bigint NOT NULL,
    -- What was missing, in hundredths of a point, and what of it is still open: nothing once all of it was
    -- taken, or what it was to be taken for fell itself. How often something was taken of it.
    amount bigint NOT NULL CONSTRAINT arrears_amount_positive CHECK (amount > 0),
    open bigint NOT NULL,
    takings smallint NOT NULL DEFAULT 0,
    -- The entry that would have taken it: the numbers are those of domain::ledger.
    counter smallint NOT NULL,
    source smallint NOT NULL,
    source_id uuid NOT NULL,
    source_posting smallint NOT NULL,
    rule_book_id uuid,
    item_code text,
    happened_on date NOT NULL,
    reverses uuid,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT arrears_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT arrears_open_range CHECK (open BETWEEN 0 AND amount)
);
CREATE INDEX arrears_account ON arrears (village_id, account_id, id);

-- The exact sum of whole numbers as a whole number, which fails rather than wraps.
CREATE AGGREGATE sum_exact(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0', PARALLEL = SAFE,
    COMBINEFUNC = int8pl);

-- The one door. Sets the balances of accounts whose version is still the one that was read, and
-- appends the entries that explain them. One entry and ten thousand cost one call. If any account
-- changed in the meantime, nothing is written and the caller decides again (SQLSTATE 40001).
-- Bookkeeping only: what to post was decided before.
-- With a rating accounts get its stars in the same new version of their row; a second one would cost
-- as much again, and a check of its foreign key. Who gets none has NULL.
CREATE FUNCTION ledger_append(
    p_village uuid,
    p_accounts uuid[], p_versions bigint[],
    p_scores bigint[], p_points bigint[], p_credits bigint[], p_versions_after bigint[],
    p_ids uuid[], p_entry_accounts uuid[], p_entry_versions bigint[], p_purses smallint[],
    p_amounts bigint[], p_balances bigint[], p_counters smallint[], p_sources smallint[],
    p_source_ids uuid[], p_source_postings smallint[], p_rule_books uuid[], p_item_codes text[],
    p_happened date[], p_members uuid[], p_parts smallint[], p_counts_until date[],
    p_reverses uuid[],
    p_recorded_at timestamptz, p_recorded_by uuid,
    p_stars smallint[] DEFAULT NULL, p_stars_cycle text DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    written bigint;
BEGIN
    -- In the order of ids, so that two batches never wait for each other in a circle.
    PERFORM 1 FROM accounts
        WHERE village_id = p_village AND id = ANY (p_accounts) ORDER BY id FOR NO KEY UPDATE;
    -- Before the accounts are written: the foreign key locks each row, which costs nothing while it is
    -- the one that is locked above.
    INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, balance_after,
            counter, source, source_id, source_posting, rule_book_id, item_code, happened_on,
            member_id, part, counts_until, recorded_at, recorded_by, reverses)
        SELECT p_village, n.id, n.account, n.version, n.purse, n.amount, n.balance,
            n.counter, n.source, n.source_id, n.posting, n.book, n.item, n.happened,
            n.member, n.part, n.counts_until, p_recorded_at, p_recorded_by, n.reverses
        FROM unnest(p_ids, p_entry_accounts, p_entry_versions, p_purses, p_amounts, p_balances,
                p_counters, p_sources, p_source_ids, p_source_postings, p_rule_books, p_item_codes,
                p_happened, p_members, p_parts, p_counts_until, p_reverses)
            AS n (id, account, version, purse, amount, balance, counter, source, source_id, posting,
                book, item, happened, member, part, counts_until, reverses);
    GET DIAGNOSTICS written = ROW_COUNT;
    UPDATE accounts AS a
        SET score = n.score, points = n.points, star_credit = n.credit, version = n.version_after,
            stars = coalesce(n.star, a.stars),
            stars_cycle = CASE WHEN n.star IS NULL THEN a.stars_cycle ELSE p_stars_cycle END
        FROM unnest(p_accounts, p_versions, p_scores, p_points, p_credits, p_versions_after, p_stars)
            AS n (id, version, score, points, credit, version_after, star)
        WHERE a.village_id = p_village AND a.id = n.id AND a.version = n.version;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> coalesce(array_length(p_accounts, 1), 0) THEN
        RAISE EXCEPTION 'an account changed in the meantime' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN written;
END
$$;

-- The end of a year for the points of a village (domain::expiry), by the book in force on 31 December.
-- A village has one open year; the next one begins when it is finished. Some of an account's points
-- run out once a year: entries_source_once, since the id is the source of its entries.
CREATE TABLE expiries (
    village_id uuid NOT NULL,
    year integer NOT NULL,
    id uuid NOT NULL,
    -- The day from which on the program looks again whether there is something to do.
    look_on date NOT NULL,
    -- Up to which account those who would lose something were told; when all of them were; by which book.
    warned_after uuid,
    warned_at timestamptz,
    warned_rule_book_id uuid,
    -- By which book points run out, once they do, and up to which account they did; so many accounts
    -- lost so many hundredths of a point.
    rule_book_id uuid,
    expired_after uuid,
    accounts bigint NOT NULL DEFAULT 0 CONSTRAINT expiries_accounts_not_negative CHECK (accounts >= 0),
    points bigint NOT NULL DEFAULT 0 CONSTRAINT expiries_points_not_negative CHECK (points >= 0),
    finished_at timestamptz,
    PRIMARY KEY (village_id, year),
    CONSTRAINT expiries_id_unique UNIQUE (village_id, id),
    CONSTRAINT expiries_rule_book FOREIGN KEY (village_id, rule_book_id) REFERENCES rule_books (village_id, id)
);
CREATE UNIQUE INDEX expiries_one_open ON expiries (village_id) WHERE finished_at IS NULL;
-- What the worker asks every few seconds.
CREATE INDEX expiries_due ON expiries (look_on) WHERE finished_at IS NULL;

-- What a claim does besides moving points: a direct grade sets the star, a veto suspends redemption.
CREATE TABLE marks (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL,
    stars smallint CONSTRAINT marks_stars_range CHECK (stars BETWEEN 0 AND 5),
    from_day date NOT NULL,
    until_day date NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- When it was taken back, as if it had never been. One that holds again is another row, so that a
    -- rating in between comes out the same.
    struck_at timestamptz,
    PRIMARY KEY (village_id, claim_id, recorded_at),
    CONSTRAINT marks_account FOREIGN KEY (village_id, account_id) REFERENCES accounts (village_id, id),
    CONSTRAINT marks_kind_known CHECK (kind IN ('direct_grade', 'veto')),
    CONSTRAINT marks_stars_of_grades CHECK ((kind = 'direct_grade') = (stars IS NOT NULL))
);
CREATE INDEX marks_account ON marks (village_id, account_id);
CREATE UNIQUE INDEX marks_standing ON marks (village_id, claim_id) WHERE struck_at IS NULL;

-- That a fault was put right after it was posted: from when on it counts no more, or until when.
CREATE TABLE repairs (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    repaired_on date NOT NULL,
    counts_until date NOT NULL,
    reason text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, claim_id)
);
CREATE TRIGGER repairs_append_only BEFORE UPDATE OR DELETE ON repairs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE ratings (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    cycle text NOT NULL,
    rule_book_id uuid NOT NULL,
    -- Entries recorded later do not count.
    as_of timestamptz NOT NULL,
    state text NOT NULL,
    stage smallint NOT NULL,
    stage_due_at timestamptz,
    notice_id uuid,
    computed_by uuid NOT NULL,
    effective_at timestamptz,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT ratings_notice FOREIGN KEY (village_id, notice_id) REFERENCES notices (village_id, id),
    CONSTRAINT ratings_rule_book FOREIGN KEY (village_id, rule_book_id) REFERENCES rule_books (village_id, id),
    CONSTRAINT ratings_state_known CHECK (state IN ('in_review', 'on_notice', 'effective', 'rejected'))
);
CREATE UNIQUE INDEX ratings_cycle_once ON ratings (village_id, cycle) WHERE state <> 'rejected';

CREATE TABLE rating_lines (
    village_id uuid NOT NULL,
    rating_id uuid NOT NULL,
    account_id uuid NOT NULL,
    household_id uuid NOT NULL,
    -- Hundredths of a point.
    score bigint NOT NULL,
    stars smallint NOT NULL,
    -- The track on which it is rated, and the grade there; the direct grade that decided.
    track text,
    grade text,
    direct_grade_id uuid,
    excluded text,
    -- Where the book looks at each member: who was rated, and who was the head.
    rated_members uuid[],
    head_id uuid,
    -- pending until the notice closes; then effective, disputed or struck.
    state text NOT NULL,
    -- As of when it was computed anew after an objection.
    corrected_as_of timestamptz,
    PRIMARY KEY (village_id, rating_id, account_id),
    CONSTRAINT rating_lines_rating FOREIGN KEY (village_id, rating_id) REFERENCES ratings (village_id, id),
    CONSTRAINT rating_lines_stars_range CHECK (stars BETWEEN 0 AND 5),
    CONSTRAINT rating_lines_state_known CHECK (state IN ('pending', 'effective', 'disputed', 'struck'))
-- Every line is changed once, when its notice closes: there is room for it in its page.
) WITH (fillfactor = 50);
CREATE INDEX rating_lines_corrected ON rating_lines (village_id, corrected_as_of) WHERE corrected_as_of IS NOT NULL;
CREATE INDEX rating_lines_account ON rating_lines (village_id, account_id, rating_id);
