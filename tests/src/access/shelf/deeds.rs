//! Rule books, claims with their evidence, notices, ratings.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use domain::calendar::day_of;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Asker, Found, Shelf, Shelves};

impl Shelves<'_> {
    pub(super) fn book_and_claims(&mut self, shelf: &mut Shelf, asker: &Asker) {
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
        for (name, state, by) in [
            ("claim", "submitted", Uuid::nil()),
            ("returned_claim", "returned", Uuid::nil()),
            ("own_claim", "submitted", asker.user),
            ("posted_claim", "posted", Uuid::nil()),
        ] {
            let claim = self.claim(shelf, state, by);
            self.put(shelf, name, "claims", claim);
        }
        for (name, claim, by) in
            [("evidence", Some("claim"), Uuid::nil()), ("own_evidence", None, asker.user)]
        {
            let claim = claim.map(|claim| shelf[claim].clone());
            let household = claim.as_ref().map(|_| shelf["household"].clone());
            let file = json!({"household_id": household, "claim_id": claim,
                "media_type": "image/png", "bytes": 68, "uploaded_by": by, "uploaded_at": self.now});
            self.put(shelf, name, "evidence", file);
        }
    }

    fn preset() -> Value {
        let preset = infra::presets::load("shuicheng").expect("readable").expect("a preset");
        serde_json::to_value(preset.book).expect("JSON")
    }

    fn claim(&self, shelf: &Shelf, state: &str, by: Uuid) -> Value {
        let posted = state == "posted";
        json!({
            "household_id": shelf["household"], "person_id": shelf["villager"],
            "account_id": shelf["account"], "rule_book_id": shelf["adopted_rule_book"],
            "item_code": "ENV-1", "kind": "award", "quantity": 2,
            "happened_on": day_of(self.now), "text": "清扫", "claimed_by": by,
            "via": {"kind": "own"}, "state": state, "stage": 0, "round": 1,
            "stage_due_at": self.now + Duration::days(7), "asked": 200,
            "granted": posted.then_some(200), "posted_at": posted.then_some(self.now),
            "cuts": [], "postings": i32::from(posted), "version": 1,
            "submitted_at": self.now, "changed_at": self.now,
        })
    }

    pub(super) fn notice_and_rating(&mut self, shelf: &mut Shelf) {
        let (now, made) = (self.now, self.made);
        let notice = json!({"kind": "claims", "number": 1_000 + made, "opens_at": now,
            "closes_at": now + Duration::days(3)});
        self.put(shelf, "notice", "notices", notice);
        let mut claim = self.claim(shelf, "on_notice", Uuid::nil());
        claim["notice_id"] = json!(shelf["notice"]);
        claim["granted"] = json!(200);
        self.put(shelf, "noticed_claim", "claims", claim);
        let objection = json!({"kind": "objection", "claim_id": shelf["noticed_claim"],
            "notice_id": shelf["notice"], "raised_at": now, "text": "不实",
            "due_at": now + Duration::days(9)});
        self.put(shelf, "objection", "objections", objection);
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
