//! Where the target is, and the people of it.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use infra::secrets::Lookup;
use serde_json::json;
use uuid::Uuid;

use super::{Asker, Shelf, Shelves, bytes, new};
use crate::access::people::{Target, Walker};

impl Shelves<'_> {
    pub(super) fn place(&mut self, shelf: &mut Shelf, walker: Walker, target: Target) {
        let demo = &self.world.demo;
        let (village, household) = match target {
            Target::Own => (demo.village.0, demo.households[&walker.lives_in.unwrap_or(1)].0),
            Target::OtherHousehold => (demo.village.0, demo.households[&2].0),
            Target::OtherVillage => (demo.other_village.0, demo.other_households[&1].0),
            Target::OtherCounty => self.far_village(),
        };
        shelf.insert("village", village.to_string());
        shelf.insert("division", village.to_string());
        let (town, county) = match target {
            Target::OtherCounty => (self.far_town, self.far_county),
            _ => (self.world.demo.town.0, self.world.demo.county.0),
        };
        shelf.insert("town", town.to_string());
        shelf.insert("county", county.to_string());
        shelf.insert("household", household.to_string());
        shelf.insert("account", household.to_string());
        let name = format!("第{}网格", self.made);
        self.put(shelf, "grid", "grids", json!({"level": "small", "name": name}));
    }

    /// A village of another county, with a household, its account and a book in force.
    fn far_village(&mut self) -> (Uuid, Uuid) {
        let (village, household) = (new(), new());
        self.rows.db_insert(
            "divisions",
            json!({"id": village, "code": format!("520302100{:03}", self.made), "level": "village",
                "name": "远方村", "county_id": self.far_county, "town_id": self.far_town}),
        );
        let home = json!({"village_id": village, "id": household, "number": "001"});
        self.rows.db_insert("households", home);
        self.rows.db_insert(
            "accounts",
            json!({"village_id": village, "id": household, "household_id": household, "alias": bytes(&self.made.to_be_bytes().repeat(2))}),
        );
        diesel::sql_query(
            "INSERT INTO rule_books (village_id, id, number, name, book, state, in_force_from, \
                 resolution, written_by, written_at, adopted_at) \
             SELECT $1, $2, number, name, book, state, in_force_from, resolution, written_by, \
                 written_at, adopted_at FROM rule_books WHERE village_id = $3 AND number = 1",
        )
        .bind::<SqlUuid, _>(village)
        .bind::<SqlUuid, _>(new())
        .bind::<SqlUuid, _>(self.world.demo.village.0)
        .execute(self.rows.connection())
        .expect("a book");
        (village, household)
    }

    pub(super) fn people(&mut self, shelf: &mut Shelf, asker: &Asker, target: Target) {
        let (now, made) = (self.now, self.made);
        let phone = self.world.db.secrets().lookup(Lookup::Phone, &shelf["phone"]);
        let villager = json!({"household_id": shelf["household"], "name": format!("路人{made}"),
            "relation": "亲属", "born_on": "1980-01-01", "residence": "resident",
            "phone_hash": bytes(&phone)});
        self.put(shelf, "villager", "villagers", villager);
        for (name, called) in [("kin", "表亲"), ("declared_kin", "堂亲")] {
            let kin = json!({"household_id": shelf["household"], "name": format!("{called}{made}"),
                "relation": "亲属", "born_on": "1981-01-01", "residence": "resident"});
            self.put(shelf, name, "villagers", kin);
        }
        for (one, other) in [("villager", "declared_kin"), ("declared_kin", "villager")] {
            self.rows.db_insert(
                "kinships",
                json!({"village_id": shelf["village"], "villager_id": shelf[one],
                    "kin_id": shelf[other], "relation": "sibling", "recorded_at": now}),
            );
        }
        let user = new();
        self.rows.db_insert(
            "users",
            json!({"id": user, "openid": format!("walk-{made}"), "recorded_at": now}),
        );
        shelf.insert("user", user.to_string());
        let own = target == Target::Own;
        let (session, owner) = (new(), if own { asker.user } else { user });
        if owner != Uuid::nil() {
            self.rows.db_insert(
                "sessions",
                json!({"id": session, "user_id": owner, "client": "walk", "began_at": now,
                    "refreshed_at": now}),
            );
        }
        shelf.insert("session", session.to_string());
        let to =
            asker.villager.filter(|_| own).map_or(shelf["villager"].clone(), |id| id.to_string());
        let message = json!({"villager_id": to, "kind": "claim_posted", "sent_at": now});
        self.put(shelf, "message", "messages", message);
        let request = json!({"user_id": user, "name": "路人", "note": "", "requested_at": now,
            "state": "waiting"});
        self.put(shelf, "binding_request", "binding_requests", request);
        let hash = self.world.db.secrets().lookup(Lookup::Invitation, &format!("WALK{made}"));
        let invitation = json!({"code_hash": bytes(&hash), "villager_id": shelf["villager"],
            "created_at": now, "expires_at": now + Duration::days(7)});
        self.put(shelf, "invitation", "invitations", invitation);
        self.grant(
            shelf,
            "role_grant",
            json!({"role": "collector", "division_id": shelf["village"]}),
        );
        self.grant(
            shelf,
            "supervisor_grant",
            json!({"role": "supervisor", "division_id": shelf["county"]}),
        );
    }
}
