//! Rule books, claims with their photos, notices, ratings.

use chrono::{Days, Duration, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use domain::calendar::day_of;
use domain::id::VillageId;
use infra::photos::Address;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Asker, Found, Shelf, Shelves, bytes, new};
use crate::access::people::Target;
use crate::claims::photo;

impl Shelves<'_> {
    pub(super) fn books(&mut self, shelf: &mut Shelf) {
        let draft = json!({"number": 1_000 + self.made, "name": "草案", "book": Self::preset(),
            "state": "draft", "written_at": self.now});
        self.put(shelf, "rule_book", "rule_books", draft);
        let village: Uuid = shelf["village"].parse().expect("an id");
        let adopted: Found = diesel::sql_query(
            "SELECT id, NULL::uuid AS villager_id FROM rule_books \
             WHERE village_id = $1 AND state = 'adopted' ORDER BY number LIMIT 1",
        )
        .bind::<SqlUuid, _>(village)
        .get_result(self.rows.connection())
        .expect("a book in force");
        shelf.insert("adopted_rule_book", adopted.id.to_string());
        // Each from a day of its own, and none near enough to change a book.
        let from =
            NaiveDate::from_ymd_opt(2080, 1, 1).expect("a day") + Days::new(self.made.into());
        let issued = json!({"state": "adopted", "in_force_from": from, "adopted_at": self.now,
            "issued_by_order": {"number": "1", "issued_on": day_of(self.now)}});
        for (name, division, with) in [
            ("rule_layer", "county", json!({"state": "draft"})),
            ("town_rule_layer", "town", json!({"state": "draft"})),
            ("issued_rule_layer", "county", issued),
        ] {
            let id = new();
            let number = 10 * self.made + u32::from(name == "issued_rule_layer");
            let mut row = json!({"division_id": shelf[division], "id": id, "number": number,
                "name": "框架", "layer": {"name": "框架"}, "written_at": self.now});
            let all = row.as_object_mut().expect("an object");
            all.extend(with.as_object().expect("an object").clone());
            self.rows.db_insert("rule_layers", row);
            shelf.insert(name, id.to_string());
        }
    }

    pub(super) fn preset() -> Value {
        let preset = infra::presets::load("shuicheng").expect("readable").expect("a preset");
        serde_json::to_value(preset.book).expect("JSON")
    }

    pub(super) fn claims(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        let nobody = Uuid::nil();
        // Who lives elsewhere, or asks about others, can have made it for them only.
        let own = match asker.villager {
            Some(_) if target == Target::Own => json!({"kind": "own"}),
            _ => json!({"kind": "proxy", "consented_by": "路人", "consented_how": "当面",
                "consented_on": day_of(self.now)}),
        };
        for (name, state, by, with) in [
            ("claim", "submitted", nobody, json!({})),
            ("rechecked_claim", "in_review", nobody, json!({"stage": 1})),
            ("returned_claim", "returned", nobody, json!({})),
            ("recused_claim", "submitted", nobody, json!({})),
            ("own_claim", "submitted", asker.user, json!({"via": own})),
            ("own_returned_claim", "returned", asker.user, json!({"via": own})),
            ("posted_claim", "posted", nobody, json!({})),
            (
                "deduction",
                "submitted",
                nobody,
                json!({"kind": "deduction", "item_code": "ENV-9", "measure": {},
                    "via": {"kind": "recorded"}, "cure_until": day_of(self.now)}),
            ),
        ] {
            let mut claim = self.claim(shelf, state, by);
            let all = claim.as_object_mut().expect("an object");
            all.extend(with.as_object().expect("an object").clone());
            self.put(shelf, name, "claims", claim);
        }
    }

    pub(super) fn photos(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        let village = VillageId(shelf["village"].parse().expect("an id"));
        let file = Address::of(&photo());
        let address = bytes(file.as_bytes());
        self.rows.db_insert_once(
            "photo_files",
            json!({"village_id": village, "sha256": address, "bytes": photo().len()}),
        );
        let link = self.world.state.links.link(village, file, self.now);
        let mut parts = link.rsplit('/').map(str::to_owned);
        shelf.insert("file", parts.next().expect("a file"));
        shelf.insert("ticket", parts.next().expect("a ticket"));
        let folder = format!("photos/{village}/{}", &shelf["file"][..2]);
        let folder = self.world.folder().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(&shelf["file"]), photo()).expect("a file");
        // Uploaded by who asks only where they can upload: in the village in which they live.
        let here = target <= Target::OtherHousehold && asker.villager.is_some();
        let uploader = if here { asker.user } else { Uuid::nil() };
        for (name, by, owner) in
            [("photo", Uuid::nil(), Some(shelf["claim"].clone())), ("own_photo", uploader, None)]
        {
            let attached = owner.is_some().then_some(self.now);
            let photo = json!({"sha256": address, "bytes": photo().len(), "width": 1, "height": 1,
                "thumbnail_sha256": address, "uploaded_by": by, "uploaded_at": self.now,
                "owner_id": owner, "attached_at": attached});
            self.put(shelf, name, "photos", photo);
        }
        self.rows.db_insert(
            "claim_photos",
            json!({"village_id": village, "claim_id": shelf["claim"], "photo_id": shelf["photo"]}),
        );
    }

    fn claim(&self, shelf: &Shelf, state: &str, by: Uuid) -> Value {
        let posted = state == "posted";
        json!({
            "household_id": shelf["household"], "person_id": shelf["villager"],
            "account_id": shelf["account"], "rule_book_id": shelf["adopted_rule_book"],
            "item_code": "ENV-1", "kind": "award", "measure": {"quantity": 2},
            "happened_on": day_of(self.now), "text": "清扫", "claimed_by": by,
            "via": {"kind": "own"}, "state": state, "stage": 0, "round": 1,
            "stage_due_at": self.now + Duration::days(7), "asked": 200,
            "granted": posted.then_some(200), "posted_at": posted.then_some(self.now),
            "adjustments": [], "counts_until": posted.then_some(day_of(self.now)),
            "postings": i32::from(posted), "version": 1,
            "submitted_at": self.now, "changed_at": self.now,
        })
    }

    pub(super) fn notice(&mut self, shelf: &mut Shelf, asker: &Asker) {
        let (now, made) = (self.now, self.made);
        let notice = json!({"kind": "claims", "number": 1_000 + made, "opens_at": now,
            "closes_at": now + Duration::days(3)});
        self.put(shelf, "notice", "notices", notice);
        let mut claim = self.claim(shelf, "on_notice", Uuid::nil());
        claim["notice_id"] = json!(shelf["notice"]);
        claim["granted"] = json!(200);
        self.put(shelf, "noticed_claim", "claims", claim.clone());
        for (claim_name, name, by) in [
            ("disputed_claim", "objection", Uuid::nil()),
            ("objected_claim", "own_objection", asker.user),
        ] {
            self.put(shelf, claim_name, "claims", claim.clone());
            let objection = json!({"kind": "objection", "household_id": shelf["household"],
                "claim_id": shelf[claim_name], "notice_id": shelf["notice"], "raised_by": by,
                "raised_at": now, "text": "不实", "due_at": now + Duration::days(9)});
            self.put(shelf, name, "objections", objection);
        }
    }

    pub(super) fn ratings(&mut self, shelf: &mut Shelf) {
        let (now, made) = (self.now, self.made);
        // Cycles of their own, long ago: each is rated once.
        for (name, quarter, stage) in [("rating", "Q1", 0), ("rechecked_rating", "Q2", 1)] {
            let rating = json!({"cycle": format!("{:04}-{quarter}", 1_000 + made),
                "rule_book_id": shelf["adopted_rule_book"], "as_of": now, "state": "in_review",
                "stage": stage, "stage_due_at": now + Duration::days(7), "version": 1});
            self.put(shelf, name, "ratings", rating);
            let line = json!({"village_id": shelf["village"], "rating_id": shelf[name],
                "account_id": shelf["account"], "household_id": shelf["household"],
                "score": 6_000, "stars": 1, "state": "pending"});
            self.rows.db_insert("rating_lines", line);
        }
    }
}
