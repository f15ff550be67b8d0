//! Steps around the outbox: agreeing to messages, rounds of the courier, what WeChat was sent.

use std::collections::BTreeMap;

use api::courier::means;
use infra::demo::{PEOPLE, openid};
use infra::outbox::{self, Delivered};
use serde_json::json;

use crate::World;
use crate::notices::db_run;

/// The templates of the demo.
pub const TEMPLATES: [&str; 6] = [
    "demo-claim-progress",
    "demo-deduction",
    "demo-answer",
    "demo-rating",
    "demo-purchase",
    "demo-report",
];

/// A person of the demo agrees to one message of a template, as the mini-program asks it.
pub async fn accept(world: &World, key: &str, template: &str) {
    let client = world.sign_in(key).await;
    let body = json!({"answers": [{"template_id": template, "answer": "accept"}]});
    client.post("/v1/me/subscriptions", body).await.expect(201);
    world.wechat.grant(&openid(key), template, 1);
}

/// Everybody of the demo has agreed to so many messages of every template.
pub async fn db_everybody_accepts(world: &World, times: u32) {
    for template in TEMPLATES {
        db_run(
            world,
            format!(
                "INSERT INTO subscription_grants (user_id, template_id, accepted_told, answer, \
                    answered_at, accepted_at) \
                 SELECT id, '{template}', {times}, 'accept', now(), now() FROM users"
            ),
        )
        .await;
        for person in PEOPLE {
            world.wechat.grant(&openid(person.key), template, times);
        }
    }
}

/// One round of the courier.
pub async fn round(world: &World) -> Delivered {
    outbox::round(&|| means(&world.state), &|| false).await.expect("a round")
}

/// Rounds until nothing more is due. Answers the sum of them.
pub async fn drain(world: &World) -> Delivered {
    let mut whole = Delivered::default();
    loop {
        let part = round(world).await;
        whole.later += part.later;
        whole.dead += part.dead;
        for (word, count) in part.done {
            *whole.done.entry(word).or_default() += count;
        }
        if !part.more {
            return whole;
        }
    }
}

/// How many were sent in a round or in several.
pub fn sent(delivered: &Delivered) -> usize {
    delivered.done.get("sent").copied().unwrap_or(0)
}

/// How often each message was sent, by its id without hyphens, as its page names it.
pub fn sent_by_message(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for message in world.wechat.sent_messages() {
        let page = message.page.expect("a page");
        let id = page.rsplit('=').next().expect("an id").to_owned();
        *counts.entry(id).or_default() += 1;
    }
    counts
}
