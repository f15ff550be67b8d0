-- Merchants who ask to join the alliance (商家联盟).

CREATE TABLE merchant_applications (
    id uuid PRIMARY KEY,
    -- The village, town or county that is asked.
    division_id uuid NOT NULL REFERENCES divisions (id),
    -- What is to be registered, as the columns of merchants and shops.
    name text NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    address text NOT NULL,
    phone text NOT NULL,
    hours text NOT NULL,
    link text,
    latitude_e6 integer,
    longitude_e6 integer,
    -- Whom to ask for, and what they say for themselves.
    contact text NOT NULL,
    text text NOT NULL,
    applied_by uuid NOT NULL REFERENCES users (id),
    -- The villager that they were bound to then.
    applied_by_villager uuid,
    applied_at timestamptz NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    reason text,
    -- What came of it.
    merchant_id uuid REFERENCES merchants (id),
    CONSTRAINT merchant_applications_kind_known CHECK (kind IN ('offline', 'online')),
    CONSTRAINT merchant_applications_spot_whole CHECK ((latitude_e6 IS NULL) = (longitude_e6 IS NULL)),
    CONSTRAINT merchant_applications_state_known CHECK (
        state IN ('open', 'approved', 'refused', 'withdrawn')),
    CONSTRAINT merchant_applications_approved_whole CHECK ((state = 'approved') = (merchant_id IS NOT NULL)),
    CONSTRAINT merchant_applications_decided_whole CHECK ((state = 'open') = (decided_at IS NULL))
);
-- One person asks once for one name.
CREATE UNIQUE INDEX merchant_applications_one_open ON merchant_applications (applied_by, name)
    WHERE state = 'open';
CREATE INDEX merchant_applications_division ON merchant_applications (division_id, state, id);
CREATE INDEX merchant_applications_applicant ON merchant_applications (applied_by, id);
