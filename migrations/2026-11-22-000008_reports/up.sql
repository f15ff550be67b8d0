-- Snapshot reports (随手拍): what villagers photograph, and what becomes of it.

CREATE TABLE reports (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    -- The code of the village's category, and what it was called when the report was sent.
    category text NOT NULL,
    category_name text NOT NULL,
    -- Millionths of a degree, in the system `datum`.
    datum text NOT NULL,
    latitude_e6 integer NOT NULL,
    longitude_e6 integer NOT NULL,
    -- The cell of the grid by which neighbours are found: domain::report::Spot::cell.
    cell bigint NOT NULL,
    place text NOT NULL,
    text text NOT NULL,
    state text NOT NULL,
    -- Whether text and photos passed the check (domain::content::Standing).
    standing text NOT NULL,
    -- The grid worker who has it in hand, or had it last: as whom they sign in, and who they are.
    worker_user_id uuid,
    worker_id uuid,
    grid_id uuid,
    -- By when somebody should have acted.
    due_at timestamptz,
    -- When it was urged last, by a person or the program.
    urged_at timestamptz,
    -- Whether the program urged since it is due: once.
    overdue_told boolean NOT NULL DEFAULT false,
    joined_to uuid,
    -- Since when everybody in the village may see it; none while they may not.
    shown_at timestamptz,
    submitted_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT reports_joined FOREIGN KEY (village_id, joined_to) REFERENCES reports (village_id, id),
    CONSTRAINT reports_grid FOREIGN KEY (village_id, grid_id) REFERENCES grids (village_id, id),
    CONSTRAINT reports_kind_known CHECK (kind IN ('good_deed', 'nuisance')),
    CONSTRAINT reports_datum_known CHECK (datum IN ('gcj02', 'wgs84')),
    CONSTRAINT reports_state_known CHECK (state IN ('submitted', 'accepted', 'refused', 'joined',
        'dispatched', 'resolved', 'confirmed', 'reopened', 'struck_off', 'withdrawn')),
    CONSTRAINT reports_standing_known CHECK (standing IN ('waiting', 'public', 'refused')),
    CONSTRAINT reports_worker_whole CHECK ((worker_user_id IS NULL) = (worker_id IS NULL)),
    CONSTRAINT reports_joined_whole CHECK ((state = 'joined') = (joined_to IS NOT NULL)),
    -- The last line for what nobody may see.
    CONSTRAINT reports_shown_rightly CHECK (shown_at IS NULL OR (kind = 'good_deed'
        AND standing = 'public'
        AND state IN ('accepted', 'dispatched', 'resolved', 'confirmed', 'reopened')))
);
-- What was reported nearby lately: nine cells of one category.
CREATE INDEX reports_near ON reports (village_id, kind, category, cell, submitted_at);
-- The feed, the newest first.
CREATE INDEX reports_shown ON reports (village_id, shown_at DESC, id DESC) WHERE shown_at IS NOT NULL;
-- Lists of triage; those without a state go by the primary key.
CREATE INDEX reports_by_state ON reports (village_id, state, id);
CREATE INDEX reports_by_worker ON reports (village_id, worker_user_id, id)
    WHERE worker_user_id IS NOT NULL;
CREATE INDEX reports_by_grid ON reports (village_id, grid_id, id) WHERE grid_id IS NOT NULL;
-- What somebody has to act on: few at any time.
CREATE INDEX reports_open ON reports (village_id, id) WHERE due_at IS NOT NULL;
-- For the worker, over all villages.
CREATE INDEX reports_due ON reports (due_at) WHERE due_at IS NOT NULL AND NOT overdue_told;
-- For the worker: resolved, and whoever sent it was not told yet since the words are being checked.
CREATE INDEX reports_untold ON reports (village_id, id) WHERE state = 'resolved' AND due_at IS NULL;
CREATE INDEX reports_joined_to ON reports (village_id, joined_to) WHERE joined_to IS NOT NULL;

-- Who reported what: kept apart, and read by the program to decide, by triage through one operation
-- whose every use is recorded, and by the one who reported. Of other tables one leads from a report to
-- its sender within the database: content_checks.author_id, until it is forgotten (90 days after it
-- was asked, domain::content::FORGOTTEN_AFTER_DAYS). Photos of a report do not know who uploaded them
-- (photos.uploaded_by).
CREATE TABLE report_reporters (
    village_id uuid NOT NULL,
    report_id uuid NOT NULL,
    user_id uuid NOT NULL,
    villager_id uuid NOT NULL,
    household_id uuid NOT NULL,
    reported_at timestamptz NOT NULL,
    -- When they confirmed it, or the one that it was joined to, since it was resolved last.
    confirmed_at timestamptz,
    PRIMARY KEY (village_id, report_id),
    CONSTRAINT report_reporters_report FOREIGN KEY (village_id, report_id)
        REFERENCES reports (village_id, id)
);
-- One's own reports, and how many one sent lately.
CREATE INDEX report_reporters_user ON report_reporters (village_id, user_id, report_id);

-- Whom a report is about, as triage found: the person praised, others who are shown, the household
-- concerned.
CREATE TABLE report_parties (
    village_id uuid NOT NULL,
    report_id uuid NOT NULL,
    -- The villager, or the household as a whole.
    party_id uuid NOT NULL,
    villager_id uuid,
    -- The household, or that in which the villager lived when they were named. Who they are to the
    -- report follows from where they live now.
    household_id uuid NOT NULL,
    part text NOT NULL,
    consent text NOT NULL,
    answered_at timestamptz,
    -- How often the answer changed on the day of answered_at.
    answers smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (village_id, report_id, party_id),
    CONSTRAINT report_parties_report FOREIGN KEY (village_id, report_id)
        REFERENCES reports (village_id, id),
    CONSTRAINT report_parties_part_known CHECK (part IN ('praised', 'shown', 'concerned')),
    CONSTRAINT report_parties_consent_known CHECK (consent IN ('asked', 'agreed', 'refused')),
    CONSTRAINT report_parties_shown_are_people CHECK (part = 'concerned' OR villager_id IS NOT NULL),
    CONSTRAINT report_parties_answers_counted CHECK (answers >= 0)
);
CREATE UNIQUE INDEX report_parties_one_praised ON report_parties (village_id, report_id)
    WHERE part = 'praised';
-- What is about somebody or their household.
CREATE INDEX report_parties_party ON report_parties (village_id, party_id, report_id);

-- What happened to a report. Who did it is named for officers only: of whoever reported it, and of
-- those whom it is about, there is nothing but the part in which they acted.
CREATE TABLE report_events (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    event text NOT NULL,
    state text NOT NULL,
    -- `reporter`, `also_reported`, `shown`, `concerned`, `program`, or a role.
    by_part text NOT NULL,
    user_id uuid,
    reason text,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT report_events_report FOREIGN KEY (village_id, report_id)
        REFERENCES reports (village_id, id),
    CONSTRAINT report_events_reporter_unnamed CHECK (
        user_id IS NULL
            OR by_part NOT IN ('reporter', 'also_reported', 'shown', 'concerned', 'program'))
);
CREATE INDEX report_events_report ON report_events (village_id, report_id, id);
CREATE TRIGGER report_events_append_only BEFORE UPDATE OR DELETE ON report_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_events_no_truncate BEFORE TRUNCATE ON report_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What people concerned write to each other, and the words with which a grid worker resolves it.
CREATE TABLE report_comments (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    -- The event that it belongs to: the words of a resolution.
    event_id uuid,
    by_part text NOT NULL,
    user_id uuid,
    text text NOT NULL,
    standing text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT report_comments_report FOREIGN KEY (village_id, report_id)
        REFERENCES reports (village_id, id),
    CONSTRAINT report_comments_event FOREIGN KEY (village_id, event_id)
        REFERENCES report_events (village_id, id),
    CONSTRAINT report_comments_standing_known CHECK (standing IN ('waiting', 'public', 'refused')),
    CONSTRAINT report_comments_reporter_unnamed CHECK (
        user_id IS NULL OR by_part NOT IN ('reporter', 'shown', 'concerned'))
);
CREATE INDEX report_comments_report ON report_comments (village_id, report_id, id);

-- The claim or deduction that came of a report: one, and once.
CREATE TABLE report_claims (
    village_id uuid NOT NULL,
    report_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, report_id),
    CONSTRAINT report_claims_claim_once UNIQUE (village_id, claim_id),
    CONSTRAINT report_claims_report FOREIGN KEY (village_id, report_id)
        REFERENCES reports (village_id, id),
    CONSTRAINT report_claims_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id)
);

-- What can be reported, where a village has a list of its own: the whole list, in its order.
CREATE TABLE report_categories (
    village_id uuid NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    position smallint NOT NULL,
    PRIMARY KEY (village_id, kind, code),
    CONSTRAINT report_categories_kind_known CHECK (kind IN ('good_deed', 'nuisance'))
);
