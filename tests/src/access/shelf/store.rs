//! A store that the merchant runs, with goods, a service, and what the household redeemed.

use chrono::Duration;
use domain::calendar::day_of;
use infra::secrets::Lookup;
use serde_json::{Value, json};

use super::shop::PIN_HASH;
use super::{Shelf, Shelves, bytes};

impl Shelves<'_> {
    pub(super) fn store(&mut self, shelf: &mut Shelf) {
        let (now, made) = (self.now, self.made);
        for (name, called) in
            [("closing_store", "旧超市"), ("store", "超市"), ("village_store", "村超市")]
        {
            let of_village = name == "village_store";
            let store = json!({"name": format!("第{made}{called}"),
                "merchant_id": (!of_village).then(|| shelf["merchant"].clone()), "lapse_days": 30, "lapse_returns": true,
                "refund_days": 7, "opened_at": now});
            self.put(shelf, name, "stores", store);
        }
        for (name, kind, store) in [
            ("withdrawn_goods", "stock", "store"),
            ("service", "service", "store"),
            ("goods", "stock", "store"),
            ("village_goods", "stock", "village_store"),
        ] {
            let stock = if kind == "stock" { 9 } else { 0 };
            let goods = json!({"store_id": shelf[store], "name": "盐", "unit": "袋",
                "category": "food", "kind": kind, "price": 100, "top_up": 0, "market_price": 1_000,
                "on_sale_from": day_of(now), "stock": stock, "reserved": stock / 9,
                "stock_version": 0, "version": 1, "made_at": now});
            self.put(shelf, name, "goods", goods);
        }
        let slot = json!({"goods_id": shelf["service"], "starts_at": now + Duration::days(1),
            "ends_at": now + Duration::days(2), "capacity": 1, "taken": 0, "place": "田头",
            "made_at": now});
        self.put(shelf, "slot", "goods_slots", slot);
        let code = format!("{made:08}");
        for (name, state, handed_over, [store, goods]) in [
            ("handed_over", "handed_over", json!(now), ["store", "goods"]),
            ("redemption", "waiting", Value::Null, ["store", "goods"]),
            ("village_handed_over", "handed_over", json!(now), ["village_store", "village_goods"]),
            ("village_redemption", "waiting", Value::Null, ["village_store", "village_goods"]),
        ] {
            let waits = state == "waiting";
            let redemption = json!({"store_id": shelf[store], "goods_id": shelf[goods],
                "slot_id": null, "account_id": shelf["account"],
                "household_id": shelf["household"], "goods_name": "盐", "unit": "袋",
                "quantity": 1, "points": 100, "top_up": 0, "worth": 0, "state": state,
                "code": waits.then_some(&code), "card_id": null, "counted_in": null,
                "lapse_returns": true, "refund_days": 7, "lapses_at": now + Duration::days(30),
                "tell_at": now + Duration::days(27), "cancel_until": now + Duration::days(30),
                "redeemed_at": now, "handed_over_at": handed_over.clone(),
                "handed_over_by": (!waits).then(super::new), "cash_taken": (!waits).then_some(0)});
            self.put(shelf, name, "redemptions", redemption);
        }
        shelf.insert("pickup_code", code);
        // Another than the one that `card_block` blocks.
        let number = format!("{:016}", 7_700_000_000_000_000 + u64::from(made));
        let hash = bytes(&self.world.db.secrets().lookup(Lookup::Card, &number));
        let card = json!({"account_id": shelf["account"], "number_hash": hash, "pin_hash": PIN_HASH,
            "daily_ceiling": 5_000, "tries_left": 5, "issued_at": now});
        self.put(shelf, "store_card", "cards", card);
        shelf.insert("store_card_number", number);
    }
}
