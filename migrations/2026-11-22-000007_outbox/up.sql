-- The outbox: what is to be told to WeChat, written in the transaction of the change that it comes
-- from and delivered by the worker; and how many subscribe messages people have agreed to.

CREATE TABLE outbox (
    village_id uuid NOT NULL,
    -- That of the message, for a subscribe message: one delivery a message.
    id uuid NOT NULL,
    kind text NOT NULL,
    -- The message, or the check of a text or photo.
    subject_id uuid NOT NULL,
    put_at timestamptz NOT NULL,
    -- When it is tried next. Whoever takes it moves this to the end of the lease, so that nobody
    -- else sees it until then.
    due_at timestamptz NOT NULL,
    -- Counted when it is begun, before anything is sent, so that one whose process dies each time is
    -- given up too. Goes back to zero when somebody has it tried again.
    attempts smallint NOT NULL DEFAULT 0,
    -- Which taking holds it, and until when. No taking has the id of another: whoever lost the lease
    -- begins nothing and records nothing, however the attempts are counted.
    lease_id uuid,
    leased_until timestamptz,
    done_at timestamptz,
    outcome text,
    dead_at timestamptz,
    last_error text,
    PRIMARY KEY (village_id, id),
    CONSTRAINT outbox_kind_known CHECK (kind IN ('subscribe_message', 'text_check', 'photo_check')),
    CONSTRAINT outbox_lease_whole CHECK ((lease_id IS NULL) = (leased_until IS NULL)),
    CONSTRAINT outbox_one_end CHECK (done_at IS NULL OR dead_at IS NULL),
    CONSTRAINT outbox_done_has_outcome CHECK ((done_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT outbox_dead_has_error CHECK (dead_at IS NULL OR last_error IS NOT NULL)
) WITH (fillfactor = 85);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE done_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (village_id, id) WHERE dead_at IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;

-- What a person agreed to receive, by template: each accept gives one send.
CREATE TABLE subscription_grants (
    user_id uuid NOT NULL REFERENCES users (id),
    template_id text NOT NULL,
    -- The mini-program and WeChat's push tell of the same taps; where one of the two fails or is not
    -- set up, the other still counts. So the larger number holds.
    accepted_told integer NOT NULL DEFAULT 0,
    accepted_pushed integer NOT NULL DEFAULT 0,
    spent integer NOT NULL DEFAULT 0,
    sends_left integer NOT NULL GENERATED ALWAYS AS (GREATEST(accepted_told, accepted_pushed) - spent) STORED,
    -- The last answer, and when the last accept came.
    answer text NOT NULL,
    answered_at timestamptz NOT NULL,
    accepted_at timestamptz,
    PRIMARY KEY (user_id, template_id),
    CONSTRAINT subscription_grants_answer_known CHECK (answer IN ('accept', 'reject', 'ban', 'filter')),
    CONSTRAINT subscription_grants_not_overspent CHECK (spent <= GREATEST(accepted_told, accepted_pushed))
) WITH (fillfactor = 85);

-- Puts messages into the outbox, of people who have signed in and have any send left. Whether it is
-- for the template of the message is seen when it is sent; who has none at all costs nothing more.
CREATE FUNCTION outbox_put_messages(
    p_village uuid, p_messages uuid[], p_villagers uuid[], p_now timestamptz
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    put bigint;
BEGIN
    INSERT INTO outbox (village_id, id, kind, subject_id, put_at, due_at)
        SELECT p_village, m.id, 'subscribe_message', m.id, p_now, p_now
        FROM unnest(p_messages, p_villagers) AS m (id, villager_id)
        JOIN users AS u ON u.village_id = p_village AND u.villager_id = m.villager_id
        WHERE EXISTS (SELECT 1 FROM subscription_grants AS g WHERE g.user_id = u.id AND g.sends_left > 0);
    GET DIAGNOSTICS put = ROW_COUNT;
    RETURN put;
END
$$;
