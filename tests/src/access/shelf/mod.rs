//! The things whose ids are sent: one shelf for each person and target.
//!
//! | placeholder | what it stands for |
//! |---|---|
//! | `village`, `division`, `town`, `county`, `household`, `account`, `grid` | where the target is |
//! | `merchant`, `closing_merchant`, `branched_merchant` | the shop of the target; two others of the same place; who owns the first owns the last |
//! | `shop`, `closing_shop`, `shop_photo`, `old_agreement` | of `branched_merchant`; the photo of the first |
//! | `clerk` | somebody else who stands at the till of `merchant` |
//! | `application`, `own_application` | of a merchant that wants to join: by `user`; by who asks |
//! | `villager`, `kin`, `declared_kin` | people of the household who never signed in; the last is kin of the first |
//! | `user`, `session`, `message`, `role_grant`, `supervisor_grant`, `clerk_grant`, `invitation`, `binding_request` | people's things |
//! | `rule_book`, `adopted_rule_book`, `preset_book` | a draft; the book in force; a whole book as JSON |
//! | `rule_layer`, `issued_rule_layer`, `town_rule_layer` | a draft and an issued layer of the county; a draft of the town |
//! | `duty_post`, `closing_post`, `duty`, `pledge`, `own_duty`, `oneself` | posts; `duty` of `villager` on the first, a pledge that is over; a pledge of who asks; their villager |
//! | `claim`, `rechecked_claim`, `returned_claim`, `posted_claim`, `noticed_claim` | in review by the panel; by the village; sent back; posted; on the notice |
//! | `own_claim`, `own_returned_claim` | in review, sent back; made by who asks |
//! | `disputed_claim`, `objected_claim` | on the notice, objected to: by somebody; by who asks |
//! | `recused_claim`, `deduction` | in review by the panel; a deduction in review that can be cured |
//! | `photo`, `own_photo` | of `claim`; one that who asks has just uploaded |
//! | `ticket`, `file` | the signature and name of a link to both |
//! | `report`, `submitted_report` | about the household and in the hands of who asks; waits for triage |
//! | `own_report`, `good_deed` | resolved, sent by who asks; taken on, praises `villager` |
//! | `content_check` | a text of `user` that is held |
//! | `notice`, `objection`, `own_objection` | open; to `disputed_claim`; to `objected_claim` |
//! | `rating`, `rechecked_rating` | in review: by the panel; by the village |
//! | `agreement`, `card`, `quote`, `purchase`, `waiting_purchase` | of merchant and household |
//! | `settlement`, `approved_settlement`, `disputed_settlement`, `paid_settlement`, `proposed_settlement`, `signal`, `settling_account` | of the merchant with the village, the last one paid, with a proposal that it came back; an account of the fund |
//! | `phone`, `pin`, `card_number`, `payment_code` | of villager, card and household |
//! | `today`, `yesterday`, `month`, `last_quarter`, `item`, `name` | constants; `name` is that of a preset |
//! | `list_entry`, `list_proposal`, `wished_entry` | praise of `kin`: approved; proposed; asked to be taken down |
//! | `brake_policy` | proposed by somebody |
//! | `fund_account`, `closing_fund_account` | of the fund: with money; with none |
//! | `fund_voucher`, `own_fund_voucher`, `booked_voucher` | waits, made by somebody, by who asks; booked |
//! | `fund_statement`, `drawn_statement`, `thrown_statement` | published; two drawn up by somebody |
//! | `payout`, `voted_payout`, `effective_payout`, `paid_payout`, `paying_account` | a dividend by how it stands; what pays it |
//! | `eligibility_list`, `ending_list` | lists of who fits |
//! | `star_proof`, `read_proof`, `star_token` | proofs of the household; the text of the second's QR |
//! | `delivery` | dead in the outbox of the village |
//! | `store`, `closing_store`, `goods`, `service`, `withdrawn_goods`, `slot`, `redemption`, `handed_over`, `pickup_code`, `store_card_number` | of merchant and household; the code is that of `redemption`, the card one that nobody blocks |
//! | `village_store`, `village_goods`, `village_redemption`, `village_handed_over` | the same at a store that the village runs, by the same code |
//! | `login_code`, `refresh_token` | fresh for each request |

mod deeds;
mod duties;
mod fund;
mod home;
mod payouts;
mod reports;
mod shop;
mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use domain::calendar::day_of;
use infra::demo;
use serde_json::{Value, json};
use uuid::Uuid;

use super::people::{Target, Walker};
use super::row::Rows;
use crate::World;
use crate::ratings::last_quarter;

/// What placeholders stand for.
pub type Shelf = BTreeMap<&'static str, String>;

/// Placeholders that are the same whatever the target.
pub const CONSTANT: &[&str] = &[
    "today",
    "yesterday",
    "month",
    "last_quarter",
    "item",
    "name",
    "login_code",
    "refresh_token",
    "pin",
    "preset_book",
];
/// Placeholders that are the same for all households of a village.
pub const OF_VILLAGE: &[&str] = &[
    "village",
    "division",
    "town",
    "county",
    "grid",
    "rule_book",
    "adopted_rule_book",
    "rule_layer",
    "issued_rule_layer",
    "town_rule_layer",
    "rating",
    "rechecked_rating",
    "notice",
    "role_grant",
    "supervisor_grant",
    "application",
    "invitation",
    "binding_request",
    "user",
    "own_photo",
    "ticket",
    "file",
    "duty_post",
    "closing_post",
    "delivery",
    "payout",
    "voted_payout",
    "effective_payout",
    "eligibility_list",
    "ending_list",
    "paying_account",
    "brake_policy",
    "fund_account",
    "closing_fund_account",
    "fund_voucher",
    "own_fund_voucher",
    "booked_voucher",
    "fund_statement",
    "drawn_statement",
    "thrown_statement",
    "goods",
    "service",
    "withdrawn_goods",
    "slot",
];

/// Who asks, as the database knows them.
struct Asker {
    user: Uuid,
    villager: Option<Uuid>,
}

/// Makes shelves.
pub struct Shelves<'a> {
    world: &'a World,
    rows: Rows,
    now: DateTime<Utc>,
    made: u32,
    far_county: Uuid,
    far_town: Uuid,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    villager_id: Option<Uuid>,
}

fn new() -> Uuid {
    Uuid::now_v7()
}

impl<'a> Shelves<'a> {
    /// Begins with a county far away.
    pub fn new(world: &'a World) -> Self {
        let mut rows = Rows::new(world.connect());
        let (now, county, far_town) = (world.clock.now(), new(), new());
        for (id, code, level, name, town) in [
            (county, "520302", "county", "红花岗区", None),
            (far_town, "520302100", "town", "远方镇", Some(far_town)),
        ] {
            rows.db_insert(
                "divisions",
                json!({"id": id, "code": code, "level": level, "name": name, "county_id": county,
                    "town_id": town, "recorded_at": now}),
            );
        }
        Self { world, rows, now, made: 0, far_county: county, far_town }
    }

    /// Fresh things for a person and a target.
    pub fn make(&mut self, walker: Walker, target: Target) -> Shelf {
        self.made += 1;
        let mut shelf = self.constants();
        let asker = self.asker(walker);
        self.place(&mut shelf, walker, target);
        self.people(&mut shelf, &asker, target);
        self.books(&mut shelf);
        self.claims(&mut shelf, &asker, target);
        self.photos(&mut shelf, &asker, target);
        self.duties(&mut shelf, &asker, target);
        self.content(&mut shelf);
        self.notice(&mut shelf, &asker);
        self.reports(&mut shelf, &asker, target);
        self.ratings(&mut shelf);
        self.payouts(&mut shelf);
        self.delivery(&mut shelf);
        self.list_entries(&mut shelf, &asker, target);
        self.fund(&mut shelf, &asker);
        self.shop(&mut shelf, &asker, walker, target);
        self.store(&mut shelf);
        self.applications(&mut shelf, &asker);
        shelf
    }

    fn list_entries(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        // Of the one who asks, if it is of the own household.
        let own = asker.villager.filter(|_| target == Target::Own);
        let person = own.map_or_else(|| shelf["kin"].clone(), |id| id.to_string());
        let by = Some(json!({"by": new(), "voice": "oneself", "how": null, "before": []}));
        for (name, state, asked) in [
            ("list_entry", "approved", false),
            ("list_proposal", "proposed", false),
            ("wished_entry", "approved", true),
        ] {
            let asked_at = asked.then_some(self.now);
            let entry = json!({"list": "honor", "fact": "claim", "fact_id": new(),
                "household_id": shelf["household"], "person_id": person, "title": "清扫",
                "happened_on": day_of(self.now), "standing": "public", "state": state,
                "proposed_at": self.now, "removal_asked_at": asked_at,
                "removal_due_at": asked_at, "removal_by": by.clone().filter(|_| asked),
                "looked_at": self.now, "version": 1});
            self.put(shelf, name, "list_entries", entry);
        }
    }

    fn delivery(&mut self, shelf: &mut Shelf) {
        let dead = json!({"kind": "subscribe_message", "put_at": self.now, "due_at": self.now,
            "attempts": 1, "dead_at": self.now, "last_error": "no such template"});
        self.put(shelf, "delivery", "outbox", dead);
    }

    fn constants(&self) -> Shelf {
        let today = day_of(self.now);
        Shelf::from([
            ("today", today.to_string()),
            ("yesterday", (today - Days::new(1)).to_string()),
            ("month", today.format("%Y-%m").to_string()),
            ("last_quarter", last_quarter(self.world).to_string()),
            ("item", "ENV-1".to_owned()),
            ("name", "shuicheng".to_owned()),
            ("pin", "135790".to_owned()),
            ("preset_book", Self::preset().to_string()),
            ("card_number", format!("{:016}", 6_600_000_000_000_000 + u64::from(self.made))),
            ("phone", format!("138{:08}", self.made)),
        ])
    }

    fn asker(&mut self, walker: Walker) -> Asker {
        let found: Option<Found> =
            diesel::sql_query("SELECT id, villager_id FROM users WHERE openid = $1")
                .bind::<Text, _>(demo::openid(walker.key))
                .get_result(self.rows.connection())
                .optional()
                .expect("a user");
        found.map_or(Asker { user: Uuid::nil(), villager: None }, |found| Asker {
            user: found.id,
            villager: found.villager_id,
        })
    }

    /// Inserts a row with an id of its own into a table of village data.
    fn put(&mut self, shelf: &mut Shelf, name: &'static str, table: &str, given: Value) {
        let (mut row, id) = (given, new());
        row["village_id"] = json!(shelf["village"]);
        row["id"] = json!(id);
        self.rows.db_insert(table, row);
        shelf.insert(name, id.to_string());
    }

    fn grant(&mut self, shelf: &mut Shelf, name: &'static str, given: Value) {
        let (mut row, id) = (given, new());
        row["id"] = json!(id);
        row["user_id"] = json!(shelf["user"]);
        row["begins_at"] = json!(self.now);
        row["granted_at"] = json!(self.now);
        row["reason"] = json!("walk");
        self.rows.db_insert("role_grants", row);
        shelf.insert(name, id.to_string());
    }
}

/// Bytes as Postgres reads them.
fn bytes(bytes: &[u8]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\\x{hex}")
}
