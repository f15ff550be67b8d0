//! Binding a sign-in to a villager on a roster, and undoing it.
//!
//! Wrong tries tell nothing: whether nobody has that name, or somebody has it with other digits,
//! the answer is `roster_no_match`. A verified phone and a name with the right digits prove enough
//! to be told that the villager is taken or too young.

mod candidates;
mod choice;
mod end;
mod requests;

pub use candidates::Found;
pub(crate) use candidates::one as candidate;
pub use end::end;
pub use requests::{Decision, RequestRow, create as request, decide, list as requests, of_user};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::binding::{Candidate, Match, Method, RequestState, matched};
use domain::calendar::day_of;
use domain::id::{UserId, VillagerId};
use domain::person::Phone;
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{binding_requests, users};
use crate::secrets::Lookup;
use crate::wechat::PhoneNumber;
use candidates::Evidence;

/// The country code of the Chinese mainland: rosters hold no other numbers.
const CHINA: u16 = 86;

/// By what somebody says who they are.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A number that WeChat verified.
    Phone(PhoneNumber),
    /// The whole name, and the last six characters of the identity number.
    Name {
        /// As on the identity card.
        name: String,
        /// Digits, the last may be X.
        last_six: String,
    },
    /// The token of an earlier answer with several choices.
    Choice(String),
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The user is bound.
    Bound,
    /// Several fit: the user says who they are.
    Choose {
        /// Those who are free.
        choices: Vec<Found>,
        /// What to send with the choice.
        token: String,
        /// When the token ends.
        until: DateTime<Utc>,
    },
}

/// Binds a user to the villager whom the proof fits, or offers those whom it fits.
///
/// # Errors
/// `already_bound`, `roster_no_match`, `villager_taken`, `too_young`, `binding_choice_expired`.
pub fn bind(
    db: &Db,
    user: UserId,
    proof: &Proof,
    chosen: Option<VillagerId>,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let evidence = evidence(db, user, proof, now)?;
    db.write(|tx| {
        check_unbound_in_tx(tx, user)?;
        let found = candidates::that_fit(tx, &evidence)?;
        let candidates: Vec<Candidate> = found.iter().map(|found| found.candidate).collect();
        match matched(&candidates, chosen, day_of(now))? {
            Match::One(candidate) => {
                let by = By { user, role: None };
                bind_in_tx(tx, user, &candidate, evidence.method, by, now)?;
                Ok(Outcome::Bound)
            }
            Match::Several(free) => {
                let choices = found.into_iter().filter(|f| free.contains(&f.candidate)).collect();
                let (token, until) = choice::give(db.secrets(), user, &evidence, now)?;
                Ok(Outcome::Choose { choices, token, until })
            }
        }
    })
}

fn evidence(db: &Db, user: UserId, proof: &Proof, now: DateTime<Utc>) -> Result<Evidence, Error> {
    let secrets = db.secrets();
    match proof {
        Proof::Phone(number) => {
            let phone: Option<Phone> = number.national_number.parse().ok();
            let phone = phone.filter(|_| number.country_code == CHINA);
            let phone = phone.ok_or(Refusal::RosterNoMatch)?;
            let hash = secrets.lookup(Lookup::Phone, phone.expose());
            Ok(Evidence { method: Method::Phone, hash })
        }
        Proof::Name { name, last_six } => {
            let text = format!("{}|{}", name.trim(), last_six.to_ascii_uppercase());
            let hash = secrets.lookup(Lookup::NameAndTail, &text);
            Ok(Evidence { method: Method::Name, hash })
        }
        Proof::Choice(token) => choice::take(secrets, user, token, now),
    }
}

/// Whether the user is bound to nobody, as it is in the database now.
pub(crate) fn check_unbound_in_tx(tx: &mut PgConnection, user: UserId) -> Result<(), Error> {
    let villager: Option<Uuid> = users::table.find(user.0).select(users::villager_id).first(tx)?;
    if villager.is_some() { Err(Refusal::AlreadyBound.into()) } else { Ok(()) }
}

/// Who binds: the user, or a cadre in a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By {
    pub user: UserId,
    pub role: Option<Role>,
}

/// Binds, and closes what the user still asked of cadres. The caller has asked the domain.
pub(crate) fn bind_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    to: &Candidate,
    method: Method,
    by: By,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let bound = diesel::update(users::table.find(user.0))
        .filter(users::villager_id.is_null())
        .set((
            users::village_id.eq(to.village.0),
            users::villager_id.eq(to.villager.0),
            users::bound_at.eq(now),
            users::bound_by.eq(method.as_str()),
        ))
        .execute(tx)?;
    if bound == 0 {
        return Err(Error::LostRace);
    }
    diesel::update(binding_requests::table)
        .filter(binding_requests::user_id.eq(user.0))
        .filter(binding_requests::state.eq(RequestState::Waiting.as_str()))
        .set((
            binding_requests::state.eq(RequestState::Refused.as_str()),
            binding_requests::decided_at.eq(now),
            binding_requests::reason.eq("已用其他方式认领身份。"),
        ))
        .execute(tx)?;
    audit::record_in_tx(
        tx,
        &Deed {
            village: to.village,
            at: now,
            user: Some(by.user),
            role: by.role,
            action: "binding_create",
            subject: Some(to.villager.0),
            reason: None,
            detail: Some(json!({"method": method.as_str(), "user_id": user})),
        },
    )
}
