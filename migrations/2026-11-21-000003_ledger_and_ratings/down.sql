DROP TABLE rating_lines, ratings;
DROP FUNCTION ledger_append;
DROP AGGREGATE sum_exact(bigint);
DROP TABLE entries, accounts;
