//! A merchant with an agreement, a card, quotes and purchases.

use chrono::{DateTime, Days, Duration, Utc};
use diesel::RunQueryDsl;
use domain::actor::{Actor, Membership, Role};
use domain::calendar::day_of;
use domain::id::{HouseholdId, UserId, VillageId, VillagerId};
use infra::photos::Address;
use infra::secrets::Lookup;
use serde_json::json;
use uuid::Uuid;

use super::{Asker, Found, Shelf, Shelves, bytes, new};
use crate::access::people::{Target, Walker};
use crate::claims::photo;

/// The argon2id hash of the PIN `135790`, as the program makes them.
pub(super) const PIN_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$j158GudJ4jM+M7QCSFTTtQ\
    $b86c918eASs3MHfCQMWGTJ8sXe4KQ4ggPHTybDqUJNg";

impl Shelves<'_> {
    pub(super) fn shop(
        &mut self,
        shelf: &mut Shelf,
        asker: &Asker,
        walker: Walker,
        target: Target,
    ) {
        let (now, made) = (self.now, self.made);
        // The demo's own shop belongs to the town, all others to the village.
        let (own, division) = (target == Target::Own, shelf["village"].clone());
        let merchant = if own {
            self.world.demo.merchant.0
        } else {
            self.merchant(&division, &format!("第{made}商店"))
        };
        let division = if own { shelf["town"].clone() } else { division };
        let closing = self.merchant(&division, &format!("第{made}旧店"));
        shelf.insert("closing_merchant", closing.to_string());
        let branched = self.merchant(&division, &format!("第{made}总店"));
        shelf.insert("branched_merchant", branched.to_string());
        // Who owns the demo's shop owns this one too, so that others' pauses stand in nobody's way.
        if own && walker.role == Some(Role::MerchantOwner) {
            let grant = json!({"id": new(), "role": "merchant_owner", "merchant_id": branched,
                "user_id": asker.user, "begins_at": now, "granted_at": now, "reason": "walk"});
            self.rows.db_insert("role_grants", grant);
        }
        // Over before it began to be of use: the village agreed with it once.
        let once = json!({"merchant_id": branched, "from_day": "2020-01-01",
            "until_day": "2020-01-31", "bearer": "merchant_funded",
            "discount_by_star": [200, 400, 600, 800, 1000], "price_ceiling": 200_000,
            "account_daily_ceiling": 20_000, "merchant_daily_ceiling": 500_000,
            "refund_days_max": 7, "made_at": now});
        self.put(shelf, "old_agreement", "agreements", once);
        for (name, called) in [("shop", "分店"), ("closing_shop", "旧门店")] {
            let id = new();
            self.rows.db_insert(
                "shops",
                json!({"id": id, "merchant_id": branched, "name": format!("第{made}{called}"),
                    "opened_at": now}),
            );
            shelf.insert(name, id.to_string());
        }
        shelf.insert("merchant", merchant.to_string());
        self.grant(
            shelf,
            "clerk_grant",
            json!({"role": "merchant_clerk", "merchant_id": merchant}),
        );
        let clerk = new();
        self.rows.db_insert(
            "users",
            json!({"id": clerk, "openid": format!("walk-clerk-{made}"), "recorded_at": now}),
        );
        let grant = json!({"id": new(), "role": "merchant_clerk", "merchant_id": merchant,
            "user_id": clerk, "begins_at": now, "granted_at": now, "reason": "walk"});
        self.rows.db_insert("role_grants", grant);
        shelf.insert("clerk", clerk.to_string());
        // Long over, so that it stands in nobody's way; the demo's own shop has one in force.
        let agreement = json!({"merchant_id": merchant, "from_day": "2020-01-01",
            "until_day": if own { json!("2020-01-31") } else { json!(null) },
            "bearer": "credit_offset", "discount_by_star": [200, 400, 600, 800, 1000],
            "price_ceiling": 200_000, "account_daily_ceiling": 20_000,
            "merchant_daily_ceiling": 500_000, "refund_days_max": 7, "made_at": now});
        self.put(shelf, "agreement", "agreements", agreement);
        // A sale needs an agreement that runs and a shop that is open.
        let (sold_on, sold_at) = if own {
            let village = &shelf["village"];
            let one = |found: &str| {
                format!("SELECT id, NULL::uuid AS villager_id FROM {found} '{merchant}' AND ")
            };
            let running = one("agreements WHERE merchant_id =");
            let running = format!("{running} village_id = '{village}' AND until_day IS NULL");
            let open = format!("{} closed_at IS NULL", one("shops WHERE merchant_id ="));
            (self.found(&running), self.found(&open))
        } else {
            (shelf["agreement"].parse().expect("an id"), merchant)
        };
        let number = self.world.db.secrets().lookup(Lookup::Card, &shelf["card_number"]);
        let card = json!({"account_id": shelf["account"], "number_hash": bytes(&number),
            "pin_hash": PIN_HASH, "daily_ceiling": 5_000, "tries_left": 5,
            "issued_at": now});
        self.put(shelf, "card", "cards", card);
        for (name, state) in
            [("purchase", "completed"), ("waiting_purchase", "awaiting_confirmation")]
        {
            self.quote(shelf, (merchant, sold_at, sold_on), Some(now));
            let purchase = json!({"merchant_id": merchant, "shop_id": sold_at,
                "agreement_id": sold_on, "category": "other", "quote_id": shelf["quote"], "account_id": shelf["account"], "stars": 4,
                "discount_bp": 800, "account_daily_ceiling": 20_000, "price": 10_000,
                "discount": 0, "bearer": "credit_offset", "credit_left": 0, "state": state,
                "made_at": now, "completed_at": (state == "completed").then_some(now)});
            self.put(shelf, name, "purchases", purchase);
        }
        self.quote(shelf, (merchant, sold_at, sold_on), None);
        self.shop_photo(shelf);
        self.payment_code(shelf);
        self.settlements(shelf, merchant);
    }

    /// Statements of the merchant, each of a month of its own, and a signal.
    fn settlements(&mut self, shelf: &mut Shelf, merchant: Uuid) {
        for (name, state, dispute) in [
            ("settlement", "open", "none"),
            ("approved_settlement", "approved", "agreed"),
            ("proposed_settlement", "paid", "answered"),
            ("disputed_settlement", "open", "raised"),
            ("paid_settlement", "paid", "answered"),
        ] {
            // No month is the same twice for a merchant; the demo's own shop is on many shelves.
            self.made += 1;
            let month = format!("{}-{:02}", 1000 + self.made / 12, self.made % 12 + 1);
            let approved = ["approved", "paid"].contains(&state).then(Uuid::now_v7);
            let due = if state == "open" { 0 } else { 100 };
            let row = json!({"party": "merchant", "party_id": merchant, "month": month,
                "sales_owed": due, "sales_ledger": due, "net": due, "due": due, "state": state,
                "dispute": dispute, "approved_by": approved, "made_at": self.now});
            self.put(shelf, name, "settlements", row);
        }
        let proposal = json!({"village_id": shelf["village"], "cure": "returned",
            "settlement_id": shelf["proposed_settlement"], "by_user": Uuid::now_v7(),
            "at": self.now, "reason": "银行退汇"});
        self.rows.db_insert("settlement_proposals", proposal);
        let account = json!({"name": format!("第{}账户", self.made), "opened_at": self.now});
        self.put(shelf, "settling_account", "fund_accounts", account);
        // The demo's household and shop are on many shelves: each signal is of a day of its own.
        let day = day_of(self.now) - Days::new(u64::from(self.made));
        let signal = json!({"day": day, "kind": "many_purchases",
            "account_id": shelf["account"], "merchant_id": merchant, "count": 4, "line": 4,
            "price": 10_000, "discount": 800, "made_at": self.now});
        self.put(shelf, "signal", "purchase_signals", signal);
    }

    /// What somebody asked of the village, and what who asks now did.
    pub(super) fn applications(&mut self, shelf: &mut Shelf, asker: &Asker) {
        let somebody = shelf["user"].clone();
        let oneself = if asker.user == Uuid::nil() { &somebody } else { &asker.user.to_string() };
        for (name, by) in [("application", &somebody), ("own_application", oneself)] {
            let id = new();
            self.rows.db_insert(
                "merchant_applications",
                json!({"id": id, "division_id": shelf["division"],
                    "name": format!("第{}新店{name}", self.made), "kind": "offline",
                    "category": "food", "address": "街上", "applied_by": by, "state": "open",
                    "applied_at": self.now}),
            );
            shelf.insert(name, id.to_string());
        }
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

    /// What the village photographed of `shop`.
    fn shop_photo(&mut self, shelf: &mut Shelf) {
        let address = bytes(Address::of(&photo()).as_bytes());
        let (village, length) = (shelf["village"].clone(), photo().len());
        self.rows.db_insert_once(
            "photo_files",
            json!({"village_id": village, "sha256": address, "bytes": length}),
        );
        let row = json!({"sha256": address, "bytes": length, "width": 1, "height": 1,
            "thumbnail_sha256": address, "uploaded_by": Uuid::nil(), "uploaded_at": self.now,
            "owner_id": shelf["shop"], "attached_at": self.now});
        self.put(shelf, "shop_photo", "photos", row);
    }

    fn found(&mut self, sql: &str) -> Uuid {
        let found = diesel::sql_query(sql).get_result::<Found>(self.rows.connection());
        found.expect("what the demo made").id
    }

    fn quote(
        &mut self,
        shelf: &mut Shelf,
        (merchant, shop, agreement): (Uuid, Uuid, Uuid),
        used_at: Option<DateTime<Utc>>,
    ) {
        let quote = json!({"merchant_id": merchant, "shop_id": shop,
            "account_id": shelf["account"], "stars": 4, "agreement_ids": [agreement],
            "discounts_bp": [800], "account_daily_ceilings": [20_000], "quoted_at": self.now,
            "valid_until": self.now + Duration::seconds(120), "used_at": used_at});
        self.put(shelf, "quote", "quotes", quote);
    }
}
