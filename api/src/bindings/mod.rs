//! Who signs in is somebody on a roster: binding, asking a cadre, undoing.

mod bodies;
mod ending;
mod requests;

pub use bodies::*;
pub use ending::*;
pub use requests::*;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use domain::id::{UserId, VillageId, VillagerId};
use domain::refusal::Refusal;
use infra::binding::{self, Outcome, Proof};
use infra::db::Db;
use infra::invitations::{self, Redeemed};
use infra::me;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::Body;
use crate::me::MeOut;
use crate::problem::Problem;
use crate::session::Acting;
use crate::sessions::of_wechat;
use crate::state::State;

/// Say who one is
///
/// Binds the sign-in to a villager on the roster: by the phone number that WeChat verified, by name
/// and the last six characters of the identity number, or by a printed code. A printed code may
/// also grant a role. What fits several people answers with choices; what fits nobody can be sent
/// to the cadres of a village as a request. One user is one villager, and one villager one user;
/// children under 14 have no sign-in. Ten tries a minute, twenty by name a day.
#[utoipa::path(
    tag = "mini-program",
    request_body = BindingIn,
    responses(
        (status = 200, description = "It fits several people: choose.", body = BindingOut),
        (status = 201, description = "Bound, a role granted, or a request sent.", body = BindingOut),
        Failures
    )
)]
#[post("/me/bindings")]
pub async fn binding_create(
    acting: Acting,
    state: Data<State>,
    body: Body<BindingIn>,
) -> Result<HttpResponse, Problem> {
    let (user, now) = (acting.actor.user, state.clock.now());
    state.limits.binding(user.0)?;
    let out = match body.value {
        BindingIn::Phone { phone_code, villager_id } => {
            if acting.actor.membership.is_some() {
                // Said before the phone code is spent: it works once, and costs.
                return Err(Refusal::AlreadyBound.into());
            }
            let number = state.wechat.phone_number(&phone_code).await.map_err(|e| of_wechat(&e))?;
            bind(&state, user, Proof::Phone(number), villager_id, now).await?
        }
        BindingIn::Name { name, id_last_six } => {
            state.limits.name(user.0)?;
            bind(&state, user, Proof::Name { name, last_six: id_last_six }, None, now).await?
        }
        BindingIn::Choice { choice_token, villager_id } => {
            bind(&state, user, Proof::Choice(choice_token), Some(villager_id), now).await?
        }
        BindingIn::Invitation { code } => redeem(&state, user, code, now).await?,
        BindingIn::Request { village_id, name, note } => {
            let village = VillageId(village_id);
            let ask = move |db: &Db| binding::request(db, user, village, &name, &note, now);
            BindingOut::Waiting { request_id: state.run(ask).await?.id }
        }
    };
    let status = match out {
        BindingOut::Choose { .. } => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    Ok(HttpResponse::build(status).json(out))
}

async fn bind(
    state: &State,
    user: UserId,
    proof: Proof,
    chosen: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<BindingOut, Problem> {
    let chosen = chosen.map(VillagerId);
    match state.run(move |db| binding::bind(db, user, &proof, chosen, now)).await? {
        Outcome::Bound => Ok(BindingOut::Bound { me: changed(state, user, now).await? }),
        Outcome::Choose { choices, token, until } => Ok(BindingOut::Choose {
            choices: choices.into_iter().map(ChoiceOut::from).collect(),
            choice_token: token,
            expires_at: crate::time::shown(until),
        }),
    }
}

async fn redeem(
    state: &State,
    user: UserId,
    code: String,
    now: DateTime<Utc>,
) -> Result<BindingOut, Problem> {
    let redeemed = state.run(move |db| invitations::redeem(db, user, &code, now)).await?;
    let me = changed(state, user, now).await?;
    Ok(match redeemed {
        Redeemed::Bound => BindingOut::Bound { me },
        Redeemed::Role(role) => BindingOut::RoleGranted { role: role.as_str(), me },
    })
}

/// Forgets what was remembered of the user, and tells who they are now.
async fn changed(state: &State, user: UserId, now: DateTime<Utc>) -> Result<MeOut, Problem> {
    state.sessions.forget_user(user);
    let me = state.run(move |db| me::show(db, user, now)).await?;
    Ok(MeOut::of(me))
}
