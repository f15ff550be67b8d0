DROP FUNCTION purchase_append, purchase_day_add;
ALTER TABLE role_grants DROP CONSTRAINT role_grants_merchant;
DROP TABLE purchase_days, purchases, quotes, used_codes, cards, agreements, merchants;
