DROP FUNCTION redemption_append;
DROP FUNCTION redemptions_free;
DROP FUNCTION stock_move;
DROP TABLE stock_entries, redemptions, goods_counts, goods_slots, goods, stores;
