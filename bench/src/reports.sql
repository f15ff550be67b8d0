-- {reports} reports of one village out of a seed, half of them good deeds: rows for COPY. The same seed
-- makes the same reports. They lie within a square of 6 km, so thickly that there is always something
-- nearby; the last {near_days} days have {lately} of them.
SET LOCAL work_mem = '256MB';
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.drawn(what text, number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashint8extended(number, hashtextextended(what, {seed})) & 9223372036854775807
$$;
-- A UUID of version 7, as the program makes them: in the order of their moments.
CREATE FUNCTION pg_temp.made_id(moment timestamptz, what text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
        || substr(md5('{seed}' || what), 1, 3) || '8' || substr(md5('{seed}' || what), 4, 15))::uuid
$$;

-- From the oldest to the newest; the last {lately} are of the last {near_days} days.
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT n, at, pg_temp.made_id(at, 'report' || n) AS id,
        CASE WHEN n % 2 = 0 THEN 'good_deed' ELSE 'nuisance' END AS kind,
        (26500000 + pg_temp.drawn('latitude', n) % 54000)::int AS latitude_e6,
        (104700000 + pg_temp.drawn('longitude', n) % 60000)::int AS longitude_e6
    FROM (SELECT n, CASE WHEN n > {reports} - {lately}
            THEN timestamptz '{now}' - interval '1 hour' - make_interval(secs =>
                ({reports} - n) * ({near_days} - 1) * 86400.0 / {lately})
            ELSE timestamptz '{now}' - interval '15 days' - make_interval(secs => ({reports} - n) * 60.0)
            END AS at
        FROM generate_series(1, {reports}) n) t;

INSERT INTO reports (village_id, id, kind, category, category_name, datum, latitude_e6, longitude_e6,
        cell, place, text, state, standing, overdue_told, shown_at, submitted_at, changed_at, version)
    SELECT '{village}', id, kind,
        CASE WHEN kind = 'good_deed' THEN (ARRAY['help', 'elders', 'labour', 'environment'])[1 + n / 2 % 4]
            ELSE (ARRAY['garbage', 'sewage', 'clutter', 'road'])[1 + n / 2 % 4] END,
        CASE WHEN kind = 'good_deed' THEN '助人为乐' ELSE '乱倒垃圾' END,
        'gcj02', latitude_e6, longitude_e6,
        (latitude_e6 / 600)::bigint * 1000000 + longitude_e6 / 800,
        '第' || n % 57 || '网格', '雨后和邻居一起把路面的泥清走,方便老人孩子出行。',
        CASE WHEN kind = 'good_deed' THEN 'accepted' WHEN n > {reports} - {lately} THEN 'dispatched'
            ELSE 'confirmed' END,
        CASE WHEN kind = 'good_deed' THEN 'public' ELSE 'waiting' END, true,
        CASE WHEN kind = 'good_deed' THEN at END, at, at, 3
    FROM made ORDER BY n;

-- Every good deed praises somebody, who agreed, and has two photos.
INSERT INTO report_parties (village_id, report_id, party_id, villager_id, household_id, part, consent)
    SELECT '{village}', m.id, p.id, p.id, p.household_id, 'praised', 'agreed'
    FROM made m
    JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS of, id, household_id
        FROM villagers WHERE village_id = '{village}') p
        ON m.kind = 'good_deed' AND p.n = pg_temp.drawn('praised', m.n) % p.of;
INSERT INTO photo_files (village_id, sha256, bytes)
    SELECT '{village}', sha256(n::text::bytea), 100000 FROM generate_series(1, 1000) n;
INSERT INTO photos (village_id, id, sha256, bytes, width, height, thumbnail_sha256, uploaded_by,
        uploaded_at, owner_id, attached_at)
    SELECT '{village}', pg_temp.made_id(m.at, 'photo' || m.n || '/' || one),
        sha256((1 + m.n % 1000)::text::bytea), 100000, 1200, 1600,
        sha256((1 + (m.n + 500) % 1000)::text::bytea), '{village}', m.at, m.id, m.at
    FROM made m, generate_series(1, 2) one WHERE m.kind = 'good_deed' ORDER BY m.n, one;
