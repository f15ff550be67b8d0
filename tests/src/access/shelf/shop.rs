//! A merchant with an agreement, a card, quotes and purchases.

use chrono::{DateTime, Duration, Utc};
use infra::secrets::Lookup;
use serde_json::json;
use uuid::Uuid;

use super::{Shelf, Shelves, bytes, new};
use crate::access::people::Target;

impl Shelves<'_> {
    pub(super) fn shop(&mut self, shelf: &mut Shelf, target: Target) {
        let (now, made) = (self.now, self.made);
        let merchant = if target == Target::Own {
            self.world.demo.merchant.0
        } else {
            let far = target == Target::OtherCounty;
            let town = if far { self.far_town } else { self.world.demo.town.0 };
            let id = new();
            self.rows.db_insert(
                "merchants",
                json!({"id": id, "division_id": town, "name": format!("第{made}商店"),
                    "registered_at": now}),
            );
            id
        };
        shelf.insert("merchant", merchant.to_string());
        self.grant(
            shelf,
            "clerk_grant",
            json!({"role": "merchant_clerk", "merchant_id": merchant}),
        );
        // Long over, so that it stands in nobody's way; the demo's own shop has one in force.
        let agreement = json!({"merchant_id": merchant, "from_day": "2020-01-01",
            "until_day": if target == Target::Own { json!("2020-01-31") } else { json!(null) },
            "bearer": "credit_offset", "discount_by_star": [200, 400, 600, 800, 1000],
            "price_ceiling": 200_000, "account_daily_ceiling": 20_000,
            "merchant_daily_ceiling": 500_000, "refund_days_max": 7, "made_at": now});
        self.put(shelf, "agreement", "agreements", agreement);
        let number = self.world.db.secrets().lookup(Lookup::Card, &shelf["card_number"]);
        let card = json!({"account_id": shelf["account"], "number_hash": bytes(&number),
            "pin_hash": "$argon2id$walk", "daily_ceiling": 5_000, "tries_left": 5,
            "issued_at": now});
        self.put(shelf, "card", "cards", card);
        for (name, state) in
            [("purchase", "completed"), ("waiting_purchase", "awaiting_confirmation")]
        {
            self.quote(shelf, merchant, Some(now));
            let purchase = json!({"merchant_id": merchant, "agreement_id": shelf["agreement"],
                "quote_id": shelf["quote"], "account_id": shelf["account"], "stars": 4,
                "discount_bp": 800, "account_daily_ceiling": 20_000, "price": 10_000,
                "discount": 0, "bearer": "credit_offset", "credit_left": 0, "state": state,
                "made_at": now, "completed_at": (state == "completed").then_some(now)});
            self.put(shelf, name, "purchases", purchase);
        }
        self.quote(shelf, merchant, None);
    }

    fn quote(&mut self, shelf: &mut Shelf, merchant: Uuid, used_at: Option<DateTime<Utc>>) {
        let quote = json!({"merchant_id": merchant, "agreement_id": shelf["agreement"],
            "account_id": shelf["account"], "stars": 4, "discount_bp": 800,
            "account_daily_ceiling": 20_000, "quoted_at": self.now,
            "valid_until": self.now + Duration::seconds(120), "used_at": used_at});
        self.put(shelf, "quote", "quotes", quote);
    }
}
