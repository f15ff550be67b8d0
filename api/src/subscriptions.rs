//! Subscribe messages: which templates the mini-program asks for, and what people answered.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::subscription::grants::Answer;
use infra::messages::subscriptions::{self, Subscription};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What somebody answered when they were asked for a template, as `wx.requestSubscribeMessage` says
/// it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accept")]
pub enum SubscriptionAnswer {
    /// One more message.
    Accept,
    /// None for this time.
    Reject,
    /// WeChat has closed the template.
    Ban,
    /// WeChat left it out, since another of the same title was asked for.
    Filter,
}

impl From<SubscriptionAnswer> for Answer {
    fn from(answer: SubscriptionAnswer) -> Self {
        match answer {
            SubscriptionAnswer::Accept => Self::Accept,
            SubscriptionAnswer::Reject => Self::Reject,
            SubscriptionAnswer::Ban => Self::Ban,
            SubscriptionAnswer::Filter => Self::Filter,
        }
    }
}

impl From<Answer> for SubscriptionAnswer {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Accept => Self::Accept,
            Answer::Reject => Self::Reject,
            Answer::Ban => Self::Ban,
            Answer::Filter => Self::Filter,
        }
    }
}

/// A template of subscribe messages, and how many can still be sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "template_id": "k8K3c5kVnQ2m1Zl8eT4aXw7Rr0yBd9uHsJfGpOqLtNi", "title": "积分申报进度提醒",
    "kinds": ["claim_returned", "claim_posted"], "sends_left": 2, "answer": "accept",
    "answered_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct SubscriptionOut {
    /// WeChat's id of it: what to ask for.
    template_id: String,
    /// What people know it by.
    title: String,
    /// The kinds of message that are sent with it.
    #[schema(max_items = 60)]
    kinds: Vec<String>,
    /// How many messages can still be sent with it, as far as we know: each accept gives one.
    #[schema(minimum = 0)]
    sends_left: u32,
    /// What was answered last.
    answer: Option<SubscriptionAnswer>,
    /// When.
    answered_at: Option<String>,
}

impl From<Subscription> for SubscriptionOut {
    fn from(of: Subscription) -> Self {
        Self {
            template_id: of.template_id,
            title: of.title,
            kinds: of.kinds,
            sends_left: of.sends_left,
            answer: of.answer.map(SubscriptionAnswer::from),
            answered_at: of.answered_at.map(crate::time::shown),
        }
    }
}

/// The templates that people can be asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "template_id": "k8K3c5kVnQ2m1Zl8eT4aXw7Rr0yBd9uHsJfGpOqLtNi", "title": "积分申报进度提醒",
    "kinds": ["claim_returned", "claim_posted"], "sends_left": 2, "answer": "accept",
    "answered_at": "2026-10-12T10:00:00+08:00"
}]}))]
pub struct SubscriptionsOut {
    /// All of them.
    #[schema(max_items = 25)]
    items: Vec<SubscriptionOut>,
}

impl From<Vec<Subscription>> for SubscriptionsOut {
    fn from(list: Vec<Subscription>) -> Self {
        Self { items: list.into_iter().map(SubscriptionOut::from).collect() }
    }
}

/// What somebody answered for one template.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionAnswerIn {
    /// The template.
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64)]
    template_id: String,
    /// The answer.
    answer: SubscriptionAnswer,
}

/// What `wx.requestSubscribeMessage` brought.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answers": [
    {"template_id": "k8K3c5kVnQ2m1Zl8eT4aXw7Rr0yBd9uHsJfGpOqLtNi", "answer": "accept"}
]}))]
pub struct SubscriptionGrantIn {
    /// Each template once.
    #[validate(length(min = 1, max = 25), nested)]
    #[schema(min_items = 1, max_items = 25)]
    answers: Vec<SubscriptionAnswerIn>,
}

/// List subscribe messages
///
/// Which templates to ask for with `wx.requestSubscribeMessage`, and how many messages can still be
/// sent with each. Empty where the installation sends none. What is not sent stands in `message_list`,
/// which always holds all.
#[utoipa::path(
    tag = "mini-program",
    responses((status = 200, description = "All templates.", body = SubscriptionsOut), Failures)
)]
#[get("/me/subscriptions")]
pub async fn subscription_list(
    acting: Acting,
    state: Data<State>,
) -> Result<Json<SubscriptionsOut>, Problem> {
    let templates = state.templates.clone();
    let list = state.run(move |db| subscriptions::list(db, &templates, &acting.actor)).await?;
    Ok(Json(list.into()))
}

/// Record what was answered about subscribe messages
///
/// To be called after each `wx.requestSubscribeMessage`: every accept gives one send. Where WeChat's
/// push tells of the same answer it is not counted twice.
#[utoipa::path(
    tag = "mini-program",
    params(KeyHeader),
    request_body = SubscriptionGrantIn,
    responses((status = 201, description = "Recorded; all templates as they are now.", body = SubscriptionsOut), Failures)
)]
#[post("/me/subscriptions")]
pub async fn subscription_grant_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    body: Body<SubscriptionGrantIn>,
) -> Result<HttpResponse, Problem> {
    let (templates, now) = (state.templates.clone(), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let answers: Vec<_> = body
        .value
        .answers
        .into_iter()
        .map(|answer| (answer.template_id, answer.answer.into()))
        .collect();
    let list = state
        .run(move |db| subscriptions::grant(db, &templates, &acting.actor, &answers, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(SubscriptionsOut::from(list)))
}
