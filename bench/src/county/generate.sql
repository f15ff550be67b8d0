-- A county out of nothing: {villages} villages, {households} households, {people} people, {entries}
-- entries of the score in the year {year}. The same seed makes the same county. Every figure is drawn
-- by drawn(what, number), every id by made_id(moment, what).
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';
-- Checks of foreign keys are left out while the rows are made: each points to a row made before it.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.drawn(what text, number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashint8extended(number, hashtextextended(what, {seed})) & 9223372036854775807
$$;
-- A UUID of version 7, as the program makes them: in the order of their moments.
CREATE FUNCTION pg_temp.made_id(moment timestamptz, what text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
        || substr(md5('{seed}' || what), 1, 3) || '8' || substr(md5('{seed}' || what), 4, 15))::uuid
$$;

INSERT INTO divisions (id, code, level, name, county_id, town_id, recorded_at)
    SELECT pg_temp.made_id('{founded}', '{county}'), '{county}', 'county', '庆城县',
        pg_temp.made_id('{founded}', '{county}'), NULL, '{founded}';
INSERT INTO divisions (id, code, level, name, county_id, town_id, recorded_at)
    SELECT pg_temp.made_id('{founded}', code), code, 'town', '第' || n || '镇',
        pg_temp.made_id('{founded}', '{county}'), pg_temp.made_id('{founded}', code), '{founded}'
    FROM (SELECT n, '{county}' || lpad(n::text, 3, '0') AS code
        FROM generate_series(1, ({villages} + 9) / 10) n) t;
CREATE TEMP TABLE made_villages ON COMMIT DROP AS
    SELECT n, code, pg_temp.made_id('{founded}', code) AS id, pg_temp.made_id('{founded}', town) AS town
    FROM (SELECT n, '{county}' || lpad((n / 10 + 1)::text, 3, '0') AS town,
            '{county}' || lpad((n / 10 + 1)::text, 3, '0') || lpad((n % 10 + 201)::text, 3, '0') AS code
        FROM generate_series(0, {villages} - 1) n) v;
INSERT INTO divisions (id, code, level, name, county_id, town_id, recorded_at)
    SELECT id, code, 'village', '第' || n + 1 || '村', pg_temp.made_id('{founded}', '{county}'), town,
        '{founded}'
    FROM made_villages;
INSERT INTO rule_books (village_id, id, number, name, book, state, in_force_from, resolution,
        written_by, written_at, adopted_at)
    SELECT id, pg_temp.made_id('{founded}', 'book' || n), 1, '庆城县积分管理细则', $book${book}$book$,
        'adopted', '{in_force_from}', $resolution${resolution}$resolution$,
        '00000000-0000-0000-0000-000000000000', '{founded}', '{founded}'
    FROM made_villages;

-- Two cadres a village: one has the rating computed, the other reviews it.
CREATE TEMP TABLE made_cadres ON COMMIT DROP AS
    SELECT id AS village_id, number, pg_temp.made_id('{founded}', 'cadre' || n || '/' || number) AS id
    FROM made_villages, generate_series(1, 2) number;
INSERT INTO users (id, openid, recorded_at)
    SELECT id, 'county-' || village_id || '-' || number, '{founded}' FROM made_cadres;
INSERT INTO role_grants (id, role, division_id, user_id, begins_at, reason, granted_at)
    SELECT pg_temp.made_id('{founded}', 'grant' || id), 'village_admin', village_id, id, '{founded}',
        'county', '{founded}'
    FROM made_cadres;

-- Two thirds of the households are spread evenly, one third over the first half of the villages.
CREATE TEMP TABLE made_households ON COMMIT DROP AS
    SELECT h.n, v.id AS village_id, pg_temp.made_id('{founded}', 'household' || h.n) AS id
    FROM generate_series(0, {households} - 1) AS h (n)
    JOIN made_villages v ON v.n = CASE WHEN pg_temp.drawn('half', h.n) % 3 = 0
        THEN pg_temp.drawn('village', h.n) % ({villages} / 2)
        ELSE pg_temp.drawn('village', h.n) % {villages} END;
ALTER TABLE made_households ADD PRIMARY KEY (n);
CREATE TEMP TABLE made_people ON COMMIT DROP AS
    SELECT p.n, h.village_id, h.id AS household_id, pg_temp.made_id('{founded}', 'person' || p.n) AS id,
        CASE pg_temp.drawn('residence', p.n) % 100
            WHEN 0 THEN 'open_legal_case' WHEN 1 THEN 'deceased' WHEN 2 THEN 'deceased'
            WHEN 3 THEN 'student' WHEN 4 THEN 'student' WHEN 5 THEN 'student'
            WHEN 6 THEN 'moved_away' WHEN 7 THEN 'moved_away' WHEN 8 THEN 'moved_away'
            ELSE 'resident' END AS residence
    FROM generate_series(0, {people} - 1) AS p (n)
    -- The first of each household is its head.
    JOIN made_households h ON h.n = CASE WHEN p.n < {households} THEN p.n
        ELSE pg_temp.drawn('home', p.n) % {households} END;
ALTER TABLE made_people ADD PRIMARY KEY (n);
-- A roster is imported village by village.
INSERT INTO households (village_id, id, number, head_id, recorded_at)
    SELECT h.village_id, h.id, 'H' || h.n, p.id, '{founded}'
    FROM made_households h JOIN made_people p ON p.n = h.n ORDER BY h.village_id, h.n;
INSERT INTO villagers (village_id, id, household_id, name, relation, born_on, residence, recorded_at)
    SELECT village_id, id, household_id, '村民' || n, CASE WHEN n < {households} THEN '户主' ELSE '家人' END,
        date '1950-01-01' + (pg_temp.drawn('born', n) % 25000)::integer, residence, '{founded}'
    FROM made_people ORDER BY village_id, n;

-- Half of the deeds are anybody's, half those of the first third: heads of households.
CREATE TEMP TABLE made_entries ON COMMIT DROP AS
    SELECT d.n, p.village_id, p.household_id, p.id AS member_id, d.happened_on, d.recorded_at,
        (ARRAY['EDU-1', 'EDU-2', 'AFF-1', 'AFF-1', 'AFF-2', 'AFF-2', 'AFF-3', 'AFF-3', 'AFF-4',
            'LAW-1', 'DEED-2', 'DEED-2', 'DEED-3', 'CUS-1', 'AFF-8', 'AFF-3'])[d.kind] AS item_code,
        (ARRAY[100, 150, 100, 200, 100, 300, 50, 50, 150, 100, 50, 100, 200, 300, -200, 50])[d.kind]
            ::bigint AS amount
    FROM (SELECT n, (pg_temp.drawn('item', n) % 16 + 1)::integer AS kind, happened_on,
            happened_on + interval '1 day' * (1 + pg_temp.drawn('delay', n) % 30)
                + interval '1 second' * (pg_temp.drawn('second', n) % 86400) AS recorded_at,
            pg_temp.drawn('person', n) % CASE WHEN pg_temp.drawn('active', n) % 2 = 0
                THEN {people} ELSE {people} / 3 END AS person
        FROM (SELECT n, date '{year}-01-01' + (pg_temp.drawn('day', n) % 365)::integer AS happened_on
            FROM generate_series(0, {entries} - 1) n) e) d
    JOIN made_people p ON p.n = d.person;
INSERT INTO accounts (village_id, id, household_id, score, version, alias)
    SELECT h.village_id, h.id, h.id, coalesce(e.score, 0), coalesce(e.version, 0),
        decode(md5('{seed}alias' || h.n), 'hex')
    FROM made_households h
    LEFT JOIN (SELECT household_id, sum(amount) AS score, count(*) AS version
        FROM made_entries GROUP BY household_id) e ON e.household_id = h.id
    ORDER BY h.village_id, h.n;
-- In the order in which they would have been recorded, all villages among each other.
INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, balance_after, counter,
        source, source_id, source_posting, rule_book_id, item_code, happened_on, member_id, part,
        counts_until, recorded_at)
    SELECT e.village_id, pg_temp.made_id(e.recorded_at, 'entry' || e.n), e.household_id,
        row_number() OVER account, 1, e.amount, sum(e.amount) OVER account, 1,
        1, pg_temp.made_id(e.recorded_at - interval '5 days', 'claim' || e.n), 0, b.id, e.item_code,
        e.happened_on, e.member_id, 1, '{year}-12-31', e.recorded_at
    FROM made_entries e JOIN rule_books b ON b.village_id = e.village_id
    WINDOW account AS (PARTITION BY e.household_id ORDER BY e.recorded_at, e.n)
    ORDER BY e.recorded_at, e.n;
