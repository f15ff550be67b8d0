DROP FUNCTION purchase_append, purchase_day_add;
ALTER TABLE role_grants DROP CONSTRAINT role_grants_merchant, DROP CONSTRAINT role_grants_shop;
DROP TABLE purchase_days, purchases, quotes, used_codes, cards, agreements, shops, merchants;
