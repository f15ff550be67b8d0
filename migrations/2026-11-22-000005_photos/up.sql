-- Photos: what people upload, for claims, reports, lists and news alike. They take the place of
-- `evidence`, whose files kept what the phone wrote into them (where, when, which phone).
DROP TABLE claim_evidence, evidence;

-- The files that photos are kept in, by content: key photos/{village}/{2 digits}/{64 digits}.jpg in
-- the store. A row is there before its file is written and goes after the file is removed, so that
-- whatever is killed in between, no file lies about that nothing knows.
CREATE TABLE photo_files (
    village_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    -- Since when no photo has it; none while one has.
    unneeded_since timestamptz,
    -- Somebody removes the file and is done, or dead, by then. From here on nobody may have it.
    removing_until timestamptz,
    PRIMARY KEY (village_id, sha256),
    CONSTRAINT photo_files_hash_whole CHECK (octet_length(sha256) = 32),
    CONSTRAINT photo_files_not_empty CHECK (bytes > 0),
    CONSTRAINT photo_files_removed_unneeded CHECK (removing_until IS NULL OR unneeded_since IS NOT NULL)
);
CREATE INDEX photo_files_unneeded ON photo_files (unneeded_since) WHERE unneeded_since IS NOT NULL;

CREATE TABLE photos (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    -- Pixels, upright.
    width integer NOT NULL,
    height integer NOT NULL,
    thumbnail_sha256 bytea NOT NULL,
    -- None once it is forgotten: who uploaded the photos of a report is who sent it.
    uploaded_by uuid,
    uploaded_at timestamptz NOT NULL,
    -- What it belongs to: a claim, the activity with all its claims, a report, an entry of a list.
    -- Once, and for good, but for goods, whose pictures are replaced. None: it goes a day after it was uploaded.
    owner_id uuid,
    attached_at timestamptz,
    PRIMARY KEY (village_id, id),
    CONSTRAINT photos_file FOREIGN KEY (village_id, sha256) REFERENCES photo_files (village_id, sha256),
    CONSTRAINT photos_thumbnail FOREIGN KEY (village_id, thumbnail_sha256)
        REFERENCES photo_files (village_id, sha256),
    CONSTRAINT photos_uploader_known CHECK (uploaded_by IS NOT NULL OR owner_id IS NOT NULL),
    CONSTRAINT photos_attached_whole CHECK ((owner_id IS NULL) = (attached_at IS NULL)),
    CONSTRAINT photos_have_pixels CHECK (width > 0 AND height > 0)
);
CREATE INDEX photos_owner ON photos (village_id, owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX photos_unattached ON photos (village_id, uploaded_by) WHERE owner_id IS NULL;
CREATE INDEX photos_unattached_old ON photos (uploaded_at) WHERE owner_id IS NULL;
-- For the foreign keys, and to see whether a file is still needed.
CREATE INDEX photos_file ON photos (village_id, sha256);
CREATE INDEX photos_thumbnail ON photos (village_id, thumbnail_sha256);

-- Which photos support which claim; the claims of an activity share theirs.
CREATE TABLE claim_photos (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    photo_id uuid NOT NULL,
    PRIMARY KEY (village_id, claim_id, photo_id),
    CONSTRAINT claim_photos_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id),
    CONSTRAINT claim_photos_photo FOREIGN KEY (village_id, photo_id) REFERENCES photos (village_id, id)
);
CREATE INDEX claim_photos_photo ON claim_photos (village_id, photo_id);
