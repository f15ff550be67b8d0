//! A cycle that a village plays from its first day on, by a preset that it adopted over the API. All
//! that happens goes over HTTP; only the clock is moved by hand.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::calendar::{Cycle, CycleKind, day_of, end_of, start_of};
use domain::id::VillagerId;
use serde_json::{Value, json};

use crate::claims::{deed, today, upload};
use crate::ledger::conserved;
use crate::notices::{close, publish};
use crate::ratings::{comes_out_the_same, compute, line_of, line_of_person, lines, vote};
use crate::{Answer, Client, World};

/// How long a token is used before its owner signs in anew.
const TOKEN_MINUTES: i64 = 10;

/// A village in a cycle that it plays.
pub struct Period {
    /// The world of the village.
    pub world: World,
    /// The cycle.
    pub cycle: Cycle,
    /// Whether people have accounts of their own.
    by_person: bool,
    /// Who certifies a claim, in the order of the way.
    way: &'static [&'static str],
    tokens: RefCell<BTreeMap<String, (DateTime<Utc>, Client)>>,
}

/// The rating of the cycle, as it was computed.
pub struct Rated {
    /// Where it is.
    pub path: String,
    /// Its lines.
    pub lines: Vec<Value>,
}

impl Rated {
    /// Score and stars of a household by its number.
    pub fn of(&self, number: u8) -> (String, u64) {
        told(line_of(&self.lines, &format!("{number:03}")))
    }

    /// Score and stars of a person, where people have accounts of their own.
    pub fn of_person(&self, person: VillagerId) -> (String, u64) {
        told(line_of_person(&self.lines, person))
    }
}

fn told(line: &Value) -> (String, u64) {
    let score = line["score"].as_str().expect("a score").to_owned();
    (score, line["stars"].as_u64().expect("stars"))
}

impl Period {
    /// The village adopts a preset as it is, in force from the first day of next year. It is ten
    /// o'clock on that day, in the first cycle of the kind, whenever the test runs.
    pub async fn begin(preset: &str, kind: CycleKind, way: &'static [&'static str]) -> Self {
        let world = World::new().await;
        let cycle = kind.holding(CycleKind::Year.holding(today(&world)).next_first_day());
        let admin = world.sign_in("village-admin").await;
        let draft = admin.post(&world.village("rule-books"), json!({"preset": preset})).await;
        let draft = draft.expect(201);
        let path = format!("rule-books/{}/adoptions", draft["id"].as_str().expect("an id"));
        let resolution = json!({
            "held_on": today(&world), "present": 40, "votes_for": 38, "votes_against": 1,
            "in_force_from": cycle.first_day(),
        });
        admin.post(&world.village(&path), resolution).await.expect(201);
        let by_person = draft["book"]["subject"] == "person";
        let period = Self { world, cycle, by_person, way, tokens: RefCell::default() };
        period.go_to(cycle.first_day());
        period
    }

    /// The day of the cycle after so many others.
    pub fn day(&self, after: u64) -> NaiveDate {
        self.cycle.first_day() + Days::new(after)
    }

    /// Lets time pass until ten o'clock on a day.
    pub fn go_to(&self, day: NaiveDate) {
        self.world.advance_to(start_of(day) + Duration::hours(10));
    }

    /// A person of the demo, signed in.
    pub async fn client(&self, key: &str) -> Client {
        let now = self.world.clock.now();
        let kept = self.tokens.borrow().get(key).cloned();
        if let Some((since, client)) = kept
            && now < since + Duration::minutes(TOKEN_MINUTES)
        {
            return client;
        }
        let client = self.world.sign_in(key).await;
        self.tokens.borrow_mut().insert(key.to_owned(), (now, client.clone()));
        client
    }

    /// Somebody posts something in the village.
    pub async fn post(&self, by: &str, path: &str, body: Value) -> Answer {
        self.client(by).await.post(&self.world.village(path), body).await
    }

    /// Somebody looks at something in the village.
    pub async fn get(&self, by: &str, path: &str) -> Value {
        self.client(by).await.get(&self.world.village(path)).await.expect(200)
    }

    async fn create(&self, by: &str, path: &str, person: &str, item: &str, more: Value) -> String {
        let body = deed(&self.world, &self.client(by).await, person, item, more).await;
        let made = self.post(by, path, body).await.expect(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    /// A villager declares a deed of their own. Gives the claim.
    pub async fn declare(&self, key: &str, item: &str, more: Value) -> String {
        self.create(key, "claims", key, item, more).await
    }

    /// The collector declares a deed for somebody without a phone. Gives the claim.
    pub async fn by_proxy(&self, person: &str, item: &str, mut more: Value) -> String {
        more["proxy"] = json!({
            "consented_by": "本人", "consented_how": "当面口头同意", "consented_on": today(&self.world),
        });
        self.create("collector", "claims", person, item, more).await
    }

    /// A cadre records a deduction, where the item asks for it with a second recorder. Gives the claim.
    pub async fn deduct(&self, by: [&str; 2], person: &str, item: &str) -> String {
        let second = json!({"second_recorder_id": self.world.demo.villagers[by[1]]});
        self.create(by[0], "deductions", person, item, second).await
    }

    /// A cadre declares a collective activity. Gives the claims of those who took part, in order.
    pub async fn together(
        &self,
        by: &str,
        people: &[&str],
        item: &str,
        more: Value,
    ) -> Vec<String> {
        let ids: Vec<_> = people.iter().map(|key| self.world.demo.villagers[key]).collect();
        let mut body = json!({
            "title": "集体活动", "person_ids": ids, "item_code": item,
            "happened_on": today(&self.world),
            "evidence_ids": [upload(&self.world, &self.client(by).await).await],
        });
        let all = body.as_object_mut().expect("an object");
        all.extend(more.as_object().expect("an object").clone());
        let made = self.post(by, "activity-claims", body).await.expect(201);
        let claims = made["claims"].as_array().expect("claims").iter();
        claims.map(|one| one["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// Somebody votes on a claim: `approve`, or `return` or `reject` with a reason.
    pub async fn decide(&self, by: &str, claim: &str, decision: &str) -> Value {
        let body = json!({"decision": decision, "reason": "已核实"});
        self.post(by, &format!("claims/{claim}/decisions"), body).await.expect(201)
    }

    /// These approve a claim, one after the other until it is certified, with points where the item
    /// leaves them to the panel. Gives the last answer.
    pub async fn approved_by(&self, keys: &[&str], claim: &str, points: Option<&str>) -> Value {
        let mut last = Value::Null;
        for key in keys {
            // A stage may be for items of other levels only.
            if last["state"] == "certified" {
                break;
            }
            let body = json!({"decision": "approve", "points": points});
            last = self.post(key, &format!("claims/{claim}/decisions"), body).await.expect(201);
        }
        assert_eq!(last["state"], "certified", "{last:#}");
        last
    }

    /// A claim goes the whole way. Gives what it was granted.
    pub async fn certify(&self, claim: &str) -> String {
        let last = self.approved_by(self.way, claim, None).await;
        last["granted_points"].as_str().expect("points").to_owned()
    }

    /// A villager declares a deed, which goes the whole way. Gives what it was granted.
    pub async fn earn(&self, key: &str, item: &str, more: Value) -> String {
        let claim = self.declare(key, item, more).await;
        self.certify(&claim).await
    }

    /// A villager declares a deed whose points those who certify it fill in. Gives the claim.
    pub async fn fill_in(&self, key: &str, item: &str, points: &str) -> String {
        let claim = self.declare(key, item, json!({})).await;
        let last = self.approved_by(self.way, &claim, Some(points)).await;
        assert_eq!(last["granted_points"], points);
        claim
    }

    /// Somebody votes for sending a claim back, and its villager answers with a photo more.
    pub async fn sent_back(&self, by: &str, claim: &str, villager: &str) {
        assert_eq!(self.decide(by, claim, "return").await["state"], "returned");
        let file = upload(&self.world, &self.client(villager).await).await;
        let more = json!({"text": "补充照片", "evidence_ids": [file]});
        let path = format!("claims/{claim}/resubmissions");
        let again = self.post(villager, &path, more).await.expect(201);
        assert_eq!(again["state"], "submitted");
    }

    /// A cadre saw that a fault was put right in time: it ends there.
    pub async fn cured(&self, by: &str, claim: &str) {
        let path = format!("claims/{claim}/cures");
        let done = self.post(by, &path, json!({"reason": "已复查"})).await.expect(201);
        assert_eq!(done["state"], "withdrawn");
    }

    /// What is ready goes on a notice. Gives it.
    pub async fn publish(&self) -> String {
        publish(&self.world).await
    }

    /// A notice hangs as many whole days as the book says, and the worker closes it.
    pub async fn close(&self, notice: &str, days: u64) {
        let shown = self.get("village-admin", &format!("notices/{notice}")).await;
        let moment = |name: &str| -> DateTime<Utc> {
            shown[name].as_str().expect("a time").parse().expect("a time")
        };
        let last = day_of(moment("opens_at")) + Days::new(days);
        assert_eq!(moment("closes_at"), end_of(last));
        close(&self.world, notice).await;
    }

    /// Somebody objects to a line of a notice, given by the body without its text. Gives the objection.
    pub async fn object(&self, by: &str, notice: &str, mut about: Value) -> String {
        about["text"] = json!("与事实不符。");
        let path = format!("notices/{notice}/objections");
        let raised = self.post(by, &path, about).await.expect(201);
        raised["id"].as_str().expect("an id").to_owned()
    }

    /// Somebody answers an objection: the outcome, and the right points of a correction.
    pub async fn answer(&self, by: &str, objection: &str, outcome: &str, points: Option<&str>) {
        let body = json!({"outcome": outcome, "points": points, "text": "已核实。"});
        let path = format!("objections/{objection}/answers");
        assert_eq!(self.post(by, &path, body).await.expect(201)["outcome"], outcome);
    }

    /// A claim as the village administration sees it.
    pub async fn claim(&self, claim: &str) -> Value {
        self.get("village-admin", &format!("claims/{claim}")).await
    }

    /// Checks that the explanation of somebody's score in the cycle, as they read it, has these words.
    pub async fn is_explained(&self, key: &str, words: &[&str]) {
        let home = self.world.home_of(key);
        let account = if self.by_person { self.world.demo.villagers[key].0 } else { home.0 };
        let query = format!("cycle={}&account_id={account}", self.cycle);
        let path = format!("households/{home}/score/explanation?{query}");
        let told = self.get(key, &path).await["reasons"].to_string();
        for part in words {
            assert!(told.contains(part), "{part} in {told}");
        }
    }

    /// The rating of the cycle is computed, comes out of the ledger once more, and nobody can compute
    /// a second.
    pub async fn rated(&self) -> Rated {
        let rating = compute(&self.world, "village-admin", self.cycle).await.expect(201);
        let twice = compute(&self.world, "village-admin", self.cycle).await;
        twice.expect_problem(409, "cycle_rated");
        let path =
            self.world.village(&format!("ratings/{}", rating["id"].as_str().expect("an id")));
        comes_out_the_same(&self.world, &path).await;
        let lines = lines(&self.client("village-admin").await, &path).await;
        Rated { path, lines }
    }

    /// Those who review a rating pass it on to the notice board. Gives the notice.
    pub async fn hung(&self, rated: &Rated, reviewers: &[&str]) -> String {
        let mut last = Value::Null;
        for key in reviewers {
            last = vote(&self.world, key, &rated.path, "approve").await.expect(201);
        }
        assert_eq!(last["state"], "on_notice", "{last:#}");
        last["notice_id"].as_str().expect("a notice").to_owned()
    }

    /// What was rated holds and still comes out of the ledger, and nothing was lost or made up.
    pub async fn settled(&self, rated: &Rated) {
        let shown = self.client("village-admin").await.get(&rated.path).await.expect(200);
        assert_eq!(shown["rating"]["state"], "effective", "{shown:#}");
        comes_out_the_same(&self.world, &rated.path).await;
        conserved(&self.world).await;
    }
}
