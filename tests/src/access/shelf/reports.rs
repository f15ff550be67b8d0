//! Snapshot reports.

use chrono::Duration;
use serde_json::json;
use uuid::Uuid;

use super::{Asker, Shelf, Shelves};
use crate::access::people::Target;
use crate::reports::HERE;

impl Shelves<'_> {
    pub(super) fn reports(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        let nobody = Uuid::nil();
        let here = target <= Target::OtherHousehold && asker.villager.is_some();
        let own = if here { asker.user } else { nobody };
        for (name, kind, state, sender, party) in [
            ("report", "nuisance", "dispatched", nobody, Some("concerned")),
            ("submitted_report", "nuisance", "submitted", nobody, None),
            ("own_report", "nuisance", "resolved", own, None),
            ("good_deed", "good_deed", "accepted", nobody, Some("praised")),
        ] {
            let worker = (name == "report").then_some(asker.user);
            let row = json!({"kind": kind, "category": "garbage", "category_name": "乱倒垃圾",
                "datum": "gcj02", "latitude_e6": HERE.0, "longitude_e6": HERE.1, "place": "村口",
                "text": "看到", "state": state, "standing": "public", "worker_user_id": worker,
                "worker_id": worker, "due_at": self.now + Duration::days(7), "overdue_told": false,
                "submitted_at": self.now - Duration::days(30), "changed_at": self.now, "version": 1});
            self.put(shelf, name, "reports", row);
            self.rows.db_insert(
                "report_reporters",
                json!({"village_id": shelf["village"], "report_id": shelf[name], "user_id": sender,
                    "villager_id": shelf["villager"], "household_id": shelf["household"],
                    "reported_at": self.now - Duration::days(30)}),
            );
            let Some(part) = party else { continue };
            let person = (part == "praised").then(|| shelf["villager"].clone());
            let party = person.clone().unwrap_or_else(|| shelf["household"].clone());
            self.rows.db_insert(
                "report_parties",
                json!({"village_id": shelf["village"], "report_id": shelf[name], "party_id": party,
                    "villager_id": person, "household_id": shelf["household"], "part": part,
                    "consent": "asked"}),
            );
        }
    }
}
