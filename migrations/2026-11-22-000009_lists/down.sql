DROP FUNCTION list_fact_disputed(uuid, uuid, uuid);
DROP FUNCTION list_fact_stands(uuid, text, text, uuid, uuid, smallint, uuid);
DROP TABLE list_entries;
