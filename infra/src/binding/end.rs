//! Undoing a wrong binding.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{UserId, VillageId, VillagerId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{users, villagers};

/// Ends the binding of a villager. The user stays signed in, as nobody. Answers the user. Nobody ends their
/// own: who looses it and binds another account instead would stand there twice.
///
/// # Errors
/// `not_found`, `forbidden`, `own_household` for who acts, `villager_not_bound`.
pub fn end(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    villager: VillagerId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<UserId, Error> {
    let permit = allows(actor, Action::BindingManage, &Target::village(db.place(village)?))?;
    if actor.membership.is_some_and(|bound| bound.villager == villager) {
        return Err(Refusal::OwnHousehold.into());
    }
    db.write(|tx| {
        let _: Uuid =
            villagers::table.find((village.0, villager.0)).select(villagers::id).first(tx)?;
        let user: Option<Uuid> = diesel::update(users::table)
            .filter(users::village_id.eq(village.0))
            .filter(users::villager_id.eq(villager.0))
            .set((
                users::village_id.eq(None::<Uuid>),
                users::villager_id.eq(None::<Uuid>),
                users::bound_at.eq(None::<DateTime<Utc>>),
                users::bound_by.eq(None::<String>),
            ))
            .returning(users::id)
            .get_result(tx)
            .optional()?;
        let user = UserId(user.ok_or(Refusal::VillagerNotBound)?);
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "binding_end",
                subject: Some(villager.0),
                reason: Some(reason),
                detail: Some(json!({"user_id": user})),
            },
        )?;
        Ok(user)
    })
}
