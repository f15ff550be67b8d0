//! A merchant with an agreement, a card, quotes and purchases.

use chrono::{DateTime, Duration, Utc};
use domain::actor::{Actor, Membership};
use domain::id::{HouseholdId, UserId, VillageId, VillagerId};
use infra::secrets::Lookup;
use serde_json::json;
use uuid::Uuid;

use super::{Shelf, Shelves, bytes, new};
use crate::access::people::Target;

/// The argon2id hash of the PIN `135790`, as the program makes them.
pub(super) const PIN_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$j158GudJ4jM+M7QCSFTTtQ\
    $b86c918eASs3MHfCQMWGTJ8sXe4KQ4ggPHTybDqUJNg";

impl Shelves<'_> {
    pub(super) fn shop(&mut self, shelf: &mut Shelf, target: Target) {
        let (now, made) = (self.now, self.made);
        // The demo's own shop belongs to the town, all others to the village.
        let (own, division) = (target == Target::Own, shelf["village"].clone());
        let merchant = if own {
            self.world.demo.merchant.0
        } else {
            self.merchant(&division, &format!("第{made}商店"))
        };
        let division = if own { &shelf["town"] } else { &division };
        let closing = self.merchant(division, &format!("第{made}旧店"));
        shelf.insert("closing_merchant", closing.to_string());
        shelf.insert("merchant", merchant.to_string());
        self.grant(
            shelf,
            "clerk_grant",
            json!({"role": "merchant_clerk", "merchant_id": merchant}),
        );
        // Long over, so that it stands in nobody's way; the demo's own shop has one in force.
        let agreement = json!({"merchant_id": merchant, "from_day": "2020-01-01",
            "until_day": if own { json!("2020-01-31") } else { json!(null) },
            "bearer": "credit_offset", "discount_by_star": [200, 400, 600, 800, 1000],
            "price_ceiling": 200_000, "account_daily_ceiling": 20_000,
            "merchant_daily_ceiling": 500_000, "refund_days_max": 7, "made_at": now});
        self.put(shelf, "agreement", "agreements", agreement);
        let number = self.world.db.secrets().lookup(Lookup::Card, &shelf["card_number"]);
        let card = json!({"account_id": shelf["account"], "number_hash": bytes(&number),
            "pin_hash": PIN_HASH, "daily_ceiling": 5_000, "tries_left": 5,
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
        self.payment_code(shelf);
    }

    fn merchant(&mut self, division: &str, name: &str) -> Uuid {
        let id = new();
        self.rows.db_insert(
            "merchants",
            json!({"id": id, "division_id": division, "name": name, "registered_at": self.now}),
        );
        id
    }

    /// The code that somebody of the household would show.
    fn payment_code(&self, shelf: &mut Shelf) {
        let id = |name: &str| shelf[name].parse::<Uuid>().expect("an id");
        let db = &self.world.db;
        let membership = Membership {
            place: db.place(VillageId(id("village"))).expect("a village"),
            household: HouseholdId(id("household")),
            villager: VillagerId(id("villager")),
        };
        let actor =
            Actor { user: UserId(Uuid::nil()), membership: Some(membership), grants: Vec::new() };
        let shown = infra::codes::show(db, &actor, self.now).expect("a code");
        shelf.insert("payment_code", shown.code);
    }

    fn quote(&mut self, shelf: &mut Shelf, merchant: Uuid, used_at: Option<DateTime<Utc>>) {
        let quote = json!({"merchant_id": merchant, "agreement_id": shelf["agreement"],
            "account_id": shelf["account"], "stars": 4, "discount_bp": 800,
            "account_daily_ceiling": 20_000, "quoted_at": self.now,
            "valid_until": self.now + Duration::seconds(120), "used_at": used_at});
        self.put(shelf, "quote", "quotes", quote);
    }
}
