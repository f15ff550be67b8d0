DROP TABLE rating_lines, ratings, repairs, marks, expiries;
DROP FUNCTION ledger_append;
DROP AGGREGATE sum_exact(bigint);
DROP TABLE arrears, entries, accounts;
