//! Dividends, lists of who fits, proofs of a star.

use chrono::Duration;
use domain::calendar::day_of;
use domain::id::{StarProofId, VillageId};
use infra::star_proofs::token_of;
use serde_json::json;
use uuid::Uuid;

use super::{Shelf, Shelves, new};

impl Shelves<'_> {
    pub(super) fn payouts(&mut self, shelf: &mut Shelf) {
        let (now, nobody) = (self.now, Uuid::nil());
        let vote =
            json!({"held_on": day_of(now), "present": 4, "votes_for": 4, "votes_against": 0});
        let terms = json!({"kind": "dividend", "pool": 500, "paid_in": "fen",
            "deductions": "ignored", "uses_up_points": false});
        for (name, state) in [
            ("payout", "draft"),
            ("voted_payout", "voted"),
            ("effective_payout", "effective"),
            ("paid_payout", "paid"),
            ("handed_payout", "paid"),
        ] {
            let paid = state == "paid";
            let row = json!({"kind": "dividend", "title": "分红", "from_day": day_of(now),
                "until_day": day_of(now), "terms": terms, "as_of": now, "state": state,
                "total": 500, "reckoning": 1, "unsettled_claims": 0, "fund_short": 0, "resolution": (state != "draft").then_some(&vote), "renewed": false,
                "made_by": nobody, "made_at": now, "paid_at": paid.then_some(now),
                "paid_by": paid.then(new), "version": 1});
            self.put(shelf, name, "payouts", row);
            let line = json!({"village_id": shelf["village"], "payout_id": shelf[name],
                "account_id": shelf["account"], "household_id": shelf["household"], "place": 1,
                "reckoning": 1, "points": 100, "fen": 500, "used_up": 0});
            self.rows.db_insert("payout_lines", line);
        }
        let handover = json!({"village_id": shelf["village"], "payout_id": shelf["handed_payout"],
            "account_id": shelf["account"], "number": 1, "reverses": false, "how": "cash",
            "received_by": "路人", "note": "", "handed_out_by": new(), "handed_out_at": now});
        self.rows.db_insert("payout_handovers", handover);
        let fund = json!({"name": format!("专户{}", self.made), "balance": 1_000_000, "version": 0,
            "opened_by": nobody, "opened_at": now});
        self.put(shelf, "paying_account", "fund_accounts", fund);
        let list = json!({"purpose": "title", "title": "最美家庭", "as_of": now,
            "conditions": {"stars": {"min": 1, "ratings": 1}, "points": null, "tracks": [],
                "no_veto": false, "no_direct_grade": false}});
        self.put(shelf, "eligibility_list", "eligibility_lists", list.clone());
        self.put(shelf, "ending_list", "eligibility_lists", list);
        for name in ["star_proof", "read_proof"] {
            let proof = json!({"household_id": shelf["household"], "account_id": shelf["account"],
                "purpose": "贷款", "scope": {"shows": "star"}, "made_at": now,
                "valid_until": now + Duration::days(7), "readings_max": 20});
            self.put(shelf, name, "star_proofs", proof);
        }
        let of = |name: &str| shelf[name].parse::<Uuid>().expect("an id");
        let (village, proof) = (VillageId(of("village")), StarProofId(of("read_proof")));
        shelf.insert("star_token", token_of(&self.world.db, village, proof));
    }
}
