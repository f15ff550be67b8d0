-- What WeChat's content security and people say of texts and photos before others see them.

-- One row a piece: a text, or a photo. What a piece belongs to (a report, a comment …) is known to the
-- program (domain::content::SubjectKind), so that a new kind of thing needs no migration.
CREATE TABLE content_checks (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    -- The user who wrote or uploaded it. Shown to nobody: a reporter's name is kept apart. Forgotten
    -- with the text some time after it was settled (domain::content::FORGOTTEN_AFTER_DAYS).
    author_id uuid,
    -- What kind of place it is for, where it is a text (domain::content::Scene).
    scene text,
    text text,
    photo_id uuid,
    state text NOT NULL,
    -- Why a person has to look at it.
    held_for text,
    -- What WeChat's label was, if it gave one.
    label integer,
    -- When silence is taken for an answer: a person looks.
    answer_until timestamptz NOT NULL,
    submitted_at timestamptz NOT NULL,
    -- When WeChat's answer, or its silence, last changed it.
    heard_at timestamptz,
    decided_by uuid,
    decided_role text,
    decided_at timestamptz,
    reason text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT content_checks_one_piece CHECK (
        (scene IS NULL) <> (photo_id IS NULL)
        AND (author_id IS NULL OR (text IS NULL) = (scene IS NULL))),
    CONSTRAINT content_checks_text_with_author CHECK (text IS NULL OR author_id IS NOT NULL),
    CONSTRAINT content_checks_forgotten_settled CHECK (
        author_id IS NOT NULL OR state NOT IN ('asked')),
    CONSTRAINT content_checks_state_known CHECK (
        state IN ('asked', 'held', 'passed', 'released', 'refused')),
    CONSTRAINT content_checks_held_for_known CHECK (held_for IS NULL OR held_for IN
        ('risky', 'review', 'silence', 'failed', 'unreadable', 'author_unknown', 'no_wechat')),
    CONSTRAINT content_checks_held_why CHECK (state <> 'held' OR held_for IS NOT NULL),
    CONSTRAINT content_checks_decided_whole CHECK ((state IN ('released', 'refused'))
        = (decided_by IS NOT NULL AND decided_role IS NOT NULL AND decided_at IS NOT NULL
            AND reason IS NOT NULL))
);
CREATE INDEX content_checks_subject ON content_checks (village_id, subject_id, id);
CREATE INDEX content_checks_queue ON content_checks (village_id, state, id);
-- For the worker, over all villages.
CREATE INDEX content_checks_remembered ON content_checks (submitted_at)
    WHERE author_id IS NOT NULL;
CREATE INDEX content_checks_silent ON content_checks (answer_until) WHERE state = 'asked';

-- What WeChat was asked and what it answered, by its own name for it. Not village data by its key: an
-- answer may arrive before the question was written down, and then nobody knows yet whose it is.
CREATE TABLE content_traces (
    trace_id text PRIMARY KEY,
    village_id uuid,
    check_id uuid,
    asked_at timestamptz,
    answer text,
    label integer,
    answered_at timestamptz,
    -- Whether the answer changed the check: one that comes after a person decided does not.
    counted boolean,
    CONSTRAINT content_traces_asked_whole CHECK (
        (village_id IS NULL) = (check_id IS NULL) AND (check_id IS NULL) = (asked_at IS NULL)),
    CONSTRAINT content_traces_answered_whole CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT content_traces_answer_known CHECK (
        answer IN ('pass', 'review', 'risky', 'failed', 'unreadable'))
);
CREATE INDEX content_traces_check ON content_traces (village_id, check_id) WHERE check_id IS NOT NULL;
-- What nobody asked for, to be forgotten.
CREATE INDEX content_traces_unasked ON content_traces (answered_at) WHERE check_id IS NULL;

-- What WeChat pushed lately, so that a repetition is known as one: hashes, for a day.
CREATE TABLE wechat_pushes (
    hash bytea PRIMARY KEY,
    received_at timestamptz NOT NULL
);
CREATE INDEX wechat_pushes_old ON wechat_pushes (received_at);
