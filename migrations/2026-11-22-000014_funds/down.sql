DROP TABLE fund_statements;
DROP TABLE brakes;
DROP TABLE brake_looks;
DROP TABLE brake_policies;
DROP TABLE fund_entries;
DROP TABLE fund_vouchers;
DROP TABLE fund_accounts;
