//! Set-up for tests about people: what stands on the roster, who signs in for the first time.

use diesel::RunQueryDsl;
use diesel::sql_types::{Date, Text, Uuid as SqlUuid};
use domain::id::{HouseholdId, VillagerId};
use domain::person::IdNumber;
use infra::demo::{Home, PEOPLE};
use infra::messages::{Kind, Message};
use serde_json::Value;
use uuid::Uuid;

use crate::{Client, World};

impl World {
    /// Somebody who never signed in before, and is bound to nobody.
    pub async fn newcomer(&self) -> Client {
        let code = self.wechat.new_login_code(&format!("o-{}", Uuid::now_v7()));
        self.anonymous().sign_in(&code).await
    }

    /// The id of a person on the roster, as text.
    pub fn villager_id(&self, key: &str) -> String {
        self.demo.villagers[key].to_string()
    }

    /// The household in which somebody of the first village lives.
    pub fn home_of(&self, key: &str) -> HouseholdId {
        let person = PEOPLE.iter().find(|person| person.key == key).expect("a demo person");
        let Home::Village(number) = person.home else { panic!("{key} lives elsewhere") };
        self.demo.households[&number]
    }

    /// The last six characters of the identity number that the demo made up for a person.
    pub fn last_six(&self, key: &str) -> String {
        let serial = PEOPLE.iter().position(|person| person.key == key).expect("a demo person");
        let body = format!("999999{}{serial:03}", PEOPLE[serial].born);
        let number = "0123456789X".chars().find_map(|check| format!("{body}{check}").parse().ok());
        let number: IdNumber = number.expect("a check digit");
        number.last_six().to_owned()
    }

    /// Puts the phone of one person beside the name of another, as families share one.
    pub fn db_share_phone(&self, owner: &str, other: &str) {
        let statement = "UPDATE villagers SET phone_hash = o.phone_hash, \
             phone_encrypted = o.phone_encrypted FROM villagers o \
             WHERE o.id = $1 AND villagers.id = $2";
        let done = diesel::sql_query(statement)
            .bind::<SqlUuid, _>(self.demo.villagers[owner].0)
            .bind::<SqlUuid, _>(self.demo.villagers[other].0)
            .execute(&mut self.connect());
        assert_eq!(done.expect("an update"), 1);
    }

    /// Changes the day of birth on the roster.
    pub fn db_born_on(&self, key: &str, day: chrono::NaiveDate) {
        let done = diesel::sql_query("UPDATE villagers SET born_on = $1 WHERE id = $2")
            .bind::<Date, _>(day)
            .bind::<SqlUuid, _>(self.demo.villagers[key].0)
            .execute(&mut self.connect());
        assert_eq!(done.expect("an update"), 1);
    }

    /// Changes where a villager stands.
    pub fn db_residence(&self, key: &str, residence: &str) {
        let done = diesel::sql_query("UPDATE villagers SET residence = $1 WHERE id = $2")
            .bind::<Text, _>(residence)
            .bind::<SqlUuid, _>(self.demo.villagers[key].0)
            .execute(&mut self.connect());
        assert_eq!(done.expect("an update"), 1);
    }

    /// Leaves a message for a villager of the first village.
    pub fn db_message(&self, to: VillagerId, kind: Kind, data: &Value) {
        let message = Message { to, kind, data: data.clone() };
        let now = self.clock.now();
        let list = [message];
        self.db
            .write(|tx| infra::messages::leave_in_tx(tx, self.demo.village, &list, now))
            .expect("a message");
    }
}
