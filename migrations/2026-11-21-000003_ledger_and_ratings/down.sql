DROP TABLE rating_lines, ratings;
DROP FUNCTION ledger_append;
DROP TABLE entries, accounts;
