-- Places, people, sign-ins, roles, and what everybody did to data.
-- village_id leads every key of village data: it is the tenant, and the distribution column should
-- the database be spread one day. No foreign key crosses villages.

CREATE TABLE divisions (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    level text NOT NULL,
    name text NOT NULL,
    -- The divisions above, itself included: county always, town and village by level.
    county_id uuid NOT NULL,
    town_id uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT divisions_code_unique UNIQUE (code),
    CONSTRAINT divisions_level_known CHECK (level IN ('county', 'town', 'village'))
);
CREATE INDEX divisions_county ON divisions (county_id, code);

-- Days on which China works or rests against the rule of the week.
CREATE TABLE holidays (
    day date PRIMARY KEY,
    kind text NOT NULL,
    CONSTRAINT holidays_kind_known CHECK (kind IN ('holiday', 'workday'))
);

CREATE TABLE grids (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    level text NOT NULL,
    name text NOT NULL,
    parent_id uuid,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT grids_name_unique UNIQUE (village_id, name),
    CONSTRAINT grids_parent FOREIGN KEY (village_id, parent_id) REFERENCES grids (village_id, id),
    CONSTRAINT grids_level_known CHECK (level IN ('large', 'medium', 'small', 'micro'))
);

CREATE TABLE households (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    -- 户号, as the village writes it.
    number text NOT NULL,
    head_id uuid,
    grid_id uuid,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT households_number_unique UNIQUE (village_id, number),
    CONSTRAINT households_grid FOREIGN KEY (village_id, grid_id) REFERENCES grids (village_id, id)
);

CREATE TABLE villagers (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    name text NOT NULL,
    relation text NOT NULL,
    -- Encrypted; the hashes are keyed, so that a number can be looked up and not be guessed.
    id_number_encrypted bytea,
    id_number_hash bytea,
    name_and_tail_hash bytea,
    phone_encrypted bytea,
    phone_hash bytea,
    born_on date,
    tracks text[] NOT NULL DEFAULT '{}',
    residence text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, id),
    CONSTRAINT villagers_id_number_unique UNIQUE (village_id, id_number_hash),
    CONSTRAINT villagers_household FOREIGN KEY (village_id, household_id)
        REFERENCES households (village_id, id),
    CONSTRAINT villagers_residence_known CHECK (
        residence IN ('resident', 'student', 'moved_away', 'deceased', 'open_legal_case'))
);
CREATE INDEX villagers_household ON villagers (village_id, household_id);
-- Binding looks across villages: who signs in does not say where they live.
CREATE INDEX villagers_phone ON villagers (phone_hash);
CREATE INDEX villagers_name_and_tail ON villagers (name_and_tail_hash);

-- Declared kin: nobody decides on them. Both directions are stored.
CREATE TABLE kinships (
    village_id uuid NOT NULL,
    villager_id uuid NOT NULL,
    kin_id uuid NOT NULL,
    relation text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (village_id, villager_id, kin_id),
    CONSTRAINT kinships_villager FOREIGN KEY (village_id, villager_id) REFERENCES villagers (village_id, id),
    CONSTRAINT kinships_kin FOREIGN KEY (village_id, kin_id) REFERENCES villagers (village_id, id),
    CONSTRAINT kinships_not_self CHECK (villager_id <> kin_id)
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    openid text NOT NULL,
    unionid text,
    -- The villager this user is, once bound.
    village_id uuid,
    villager_id uuid,
    bound_at timestamptz,
    bound_by text,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT users_openid_unique UNIQUE (openid),
    -- One villager, one WeChat user.
    CONSTRAINT users_villager_unique UNIQUE (village_id, villager_id),
    CONSTRAINT users_villager FOREIGN KEY (village_id, villager_id) REFERENCES villagers (village_id, id)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    -- SHA-256 of the newest refresh token; the token itself is nowhere.
    refresh_hash bytea NOT NULL,
    client text NOT NULL,
    began_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_why text
);
CREATE INDEX sessions_user ON sessions (user_id, began_at);

CREATE TABLE role_grants (
    id uuid PRIMARY KEY,
    role text NOT NULL,
    -- For a division, a merchant, or (neither) the platform.
    division_id uuid REFERENCES divisions (id),
    merchant_id uuid,
    -- At the till of one shop of the merchant; none: at all of them. Set by the owner, who may change it.
    shop_id uuid,
    -- To a user, or to a villager who may sign in later.
    user_id uuid REFERENCES users (id),
    village_id uuid,
    villager_id uuid,
    begins_at timestamptz NOT NULL,
    ends_at timestamptz,
    reason text NOT NULL,
    granted_by uuid,
    granted_at timestamptz NOT NULL,
    ended_by uuid,
    ended_at timestamptz,
    CONSTRAINT role_grants_holder CHECK ((user_id IS NULL) <> (villager_id IS NULL)),
    CONSTRAINT role_grants_villager FOREIGN KEY (village_id, villager_id) REFERENCES villagers (village_id, id),
    CONSTRAINT role_grants_scope CHECK (division_id IS NULL OR merchant_id IS NULL),
    CONSTRAINT role_grants_shop_of_merchant CHECK (shop_id IS NULL OR merchant_id IS NOT NULL),
    CONSTRAINT role_grants_term CHECK (ends_at IS NULL OR ends_at > begins_at)
);
CREATE INDEX role_grants_user ON role_grants (user_id) WHERE ended_at IS NULL;
CREATE INDEX role_grants_villager ON role_grants (village_id, villager_id) WHERE ended_at IS NULL;
CREATE INDEX role_grants_division ON role_grants (division_id, granted_at);
CREATE INDEX role_grants_merchant ON role_grants (merchant_id, granted_at);

-- A printed code that binds to a villager or grants a role, once.
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    code_hash bytea NOT NULL,
    village_id uuid,
    villager_id uuid,
    role text,
    division_id uuid,
    merchant_id uuid,
    created_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by uuid,
    used_at timestamptz,
    CONSTRAINT invitations_code_unique UNIQUE (code_hash),
    CONSTRAINT invitations_purpose CHECK ((villager_id IS NULL) <> (role IS NULL))
);
CREATE INDEX invitations_villager ON invitations (village_id, villager_id) WHERE used_at IS NULL;

-- Sign-ins that matched nothing on the roster and wait for a cadre.
CREATE TABLE binding_requests (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    note text NOT NULL,
    requested_at timestamptz NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    villager_id uuid,
    reason text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT binding_requests_state_known CHECK (state IN ('waiting', 'accepted', 'refused'))
);
CREATE UNIQUE INDEX binding_requests_one_waiting ON binding_requests (village_id, user_id)
    WHERE state = 'waiting';
-- A user sees what became of the own requests, in whichever village.
CREATE INDEX binding_requests_user ON binding_requests (user_id, id);

-- What the program tells people; the mini-program shows the list.
CREATE TABLE messages (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    villager_id uuid NOT NULL,
    kind text NOT NULL,
    data jsonb NOT NULL,
    sent_at timestamptz NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (village_id, id)
);
CREATE INDEX messages_villager ON messages (village_id, villager_id, id);

-- The answers to requests that carry an Idempotency-Key.
CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (recorded_at);

-- The access token that all processes share.
CREATE TABLE wechat_tokens (
    appid text PRIMARY KEY,
    token_encrypted bytea,
    expires_at timestamptz,
    renew_at timestamptz,
    -- Who is fetching a new one, and until when others leave it to them.
    claimed_by uuid,
    claimed_until timestamptz
);

-- Everything a person did to data. Village zero stands for what belongs to no village.
CREATE TABLE audit_log (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    user_id uuid,
    role text,
    action text NOT NULL,
    subject_id uuid,
    reason text,
    detail jsonb,
    PRIMARY KEY (village_id, id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
