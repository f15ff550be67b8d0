DROP TABLE claim_photos, photos, photo_files;

CREATE TABLE evidence (
    village_id uuid NOT NULL,
    id uuid NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    used_by uuid,
    PRIMARY KEY (village_id, id),
    CONSTRAINT evidence_media_known CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp'))
);
CREATE INDEX evidence_unused ON evidence (village_id, uploaded_by) WHERE used_by IS NULL;

CREATE TABLE claim_evidence (
    village_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    evidence_id uuid NOT NULL,
    PRIMARY KEY (village_id, claim_id, evidence_id),
    CONSTRAINT claim_evidence_claim FOREIGN KEY (village_id, claim_id) REFERENCES claims (village_id, id),
    CONSTRAINT claim_evidence_file FOREIGN KEY (village_id, evidence_id) REFERENCES evidence (village_id, id)
);
CREATE INDEX claim_evidence_file ON claim_evidence (village_id, evidence_id);
