//! Asking to join the alliance: applications, and what becomes of them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role, Scope};
use domain::alliance::{Answer, Application, ApplicationState, MerchantFacts, may_apply};
use domain::four_eyes::Hand;
use domain::id::{DivisionId, MerchantApplicationId, MerchantId, UserId, VillageId, VillagerId};
use domain::policy::{Action, Permit, Target, allows};
use domain::report::{Datum, Spot};
use domain::role_grant::Term;
use serde_json::json;
use uuid::Uuid;

use super::register::{NewMerchant, register_in_tx};
use super::row::{category_of, kind_of};
use super::shops::NewShop;
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::messages::{Kind, Message, leave_in_tx};
use crate::places::DivisionRow;
use crate::reading::Why;
use crate::role_grants::{Holder, NewGrant, insert_in_tx};
use crate::schema::{merchant_applications, users};

/// An application as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = merchant_applications)]
pub struct ApplicationRow {
    /// Its id.
    pub id: Uuid,
    /// The division that is asked.
    pub division_id: Uuid,
    name: String,
    kind: String,
    category: String,
    address: String,
    phone: String,
    hours: String,
    link: Option<String>,
    latitude_e6: Option<i32>,
    longitude_e6: Option<i32>,
    /// Whom to ask for.
    pub contact: String,
    /// What they say for themselves.
    pub text: String,
    applied_by: Uuid,
    applied_by_villager: Option<Uuid>,
    /// When they asked.
    pub applied_at: DateTime<Utc>,
    state: String,
    decided_by: Option<Uuid>,
    /// When it was decided or taken back.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// The merchant that came of it.
    pub merchant_id: Option<Uuid>,
}

impl ApplicationRow {
    /// What is to be registered.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn asked(&self) -> Result<NewMerchant, Error> {
        let spot = self.latitude_e6.zip(self.longitude_e6);
        Ok(NewMerchant {
            division: DivisionId(self.division_id),
            facts: MerchantFacts {
                name: self.name.clone(),
                kind: kind_of(&self.kind)?,
                category: category_of(&self.category)?,
                address: self.address.clone(),
                phone: self.phone.clone(),
                link: self.link.clone(),
            },
            shop: NewShop {
                name: self.name.clone(),
                address: self.address.clone(),
                phone: self.phone.clone(),
                hours: self.hours.clone(),
                spot: spot.and_then(|(lat, lng)| Spot::new(Datum::Gcj02, lat, lng)),
            },
        })
    }

    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn state(&self) -> Result<ApplicationState, Error> {
        ApplicationState::from_name(&self.state)
            .ok_or_else(|| Error::Bug("an application in an unknown state".into()))
    }

    fn application(&self) -> Result<Application, Error> {
        Ok(Application {
            applied_by: hand(self.applied_by, self.applied_by_villager),
            state: self.state()?,
        })
    }
}

/// What somebody asks who wants to join.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is to be registered.
    pub merchant: NewMerchant,
    /// Whom to ask for.
    pub contact: String,
    /// What they say for themselves.
    pub text: String,
}

/// Asks a division to be registered. Whoever signed in may.
///
/// # Errors
/// `already_exists` for an open one of the same person and name, `application_too_many`,
/// `merchant_address_missing`, `not_found`.
pub fn apply(
    db: &Db,
    actor: &Actor,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<ApplicationRow, Error> {
    let NewMerchant { division, facts, shop } = &asked.merchant;
    facts.check()?;
    db.division(*division)?;
    db.write(|tx| {
        // Held, so that of many sent at once each sees the others.
        let _: Uuid =
            users::table.find(actor.user.0).select(users::id).for_no_key_update().first(tx)?;
        let open: i64 = merchant_applications::table
            .filter(merchant_applications::applied_by.eq(actor.user.0))
            .filter(merchant_applications::state.eq(ApplicationState::Open.as_str()))
            .count()
            .get_result(tx)?;
        may_apply(open)?;
        let row = ApplicationRow {
            id: id::new(),
            division_id: division.0,
            name: facts.name.clone(),
            kind: facts.kind.as_str().to_owned(),
            category: facts.category.as_str().to_owned(),
            address: facts.address.clone(),
            phone: facts.phone.clone(),
            hours: shop.hours.clone(),
            link: facts.link.clone(),
            latitude_e6: shop.spot.map(Spot::latitude_e6),
            longitude_e6: shop.spot.map(Spot::longitude_e6),
            contact: asked.contact.clone(),
            text: asked.text.clone(),
            applied_by: actor.user.0,
            applied_by_villager: villager_of(Hand::of(actor)),
            applied_at: now,
            state: ApplicationState::Open.as_str().to_owned(),
            decided_by: None,
            decided_at: None,
            reason: None,
            merchant_id: None,
        };
        diesel::insert_into(merchant_applications::table).values(&row).execute(tx)?;
        record(tx, actor, None, &row, "merchant_application_create", now)?;
        Ok(row)
    })
}

/// What somebody asked, the newest first.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn mine(
    db: &Db,
    actor: &Actor,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ApplicationRow>, Error> {
    db.read(|c| {
        let mut query = merchant_applications::table
            .filter(merchant_applications::applied_by.eq(actor.user.0))
            .order(merchant_applications::id.desc())
            .limit(limit)
            .select(ApplicationRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(merchant_applications::id.lt(before));
        }
        Ok(query.load(c)?)
    })
}

/// What a division is asked, the oldest first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    state: ApplicationState,
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<ApplicationRow>, Error> {
    let target = target_of(&db.division(division)?);
    db.allows_reading(actor, Action::MerchantApplicationShow, &target, why)?;
    db.read(|c| {
        Ok(merchant_applications::table
            .filter(merchant_applications::division_id.eq(division.0))
            .filter(merchant_applications::state.eq(state.as_str()))
            .filter(merchant_applications::id.gt(after.unwrap_or(Uuid::nil())))
            .order(merchant_applications::id)
            .limit(limit)
            .select(ApplicationRow::as_select())
            .load(c)?)
    })
}

/// What is answered, and why.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Yes or no.
    pub answer: Answer,
    /// Why; the applicant is told.
    pub reason: Option<String>,
}

/// Decides on an application. Approving registers the merchant, with the applicant as its owner.
///
/// # Errors
/// `checker_is_maker`, `application_state`, `already_exists` for a name that the division has,
/// `forbidden`, `not_found`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    (division, application): (DivisionId, MerchantApplicationId),
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<ApplicationRow, Error> {
    let target = target_of(&db.division(division)?);
    let permit = allows(actor, Action::MerchantManage, &target)?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, application)?;
        if row.division_id != division.0 {
            return Err(domain::refusal::Refusal::NotFound.into());
        }
        let state = row.application()?.decide(Hand::of(actor), decision.answer)?;
        if state == ApplicationState::Approved {
            row.merchant_id = Some(found_in_tx(tx, actor, &row, now)?.0);
        }
        row.reason.clone_from(&decision.reason);
        settle_in_tx(tx, actor, &mut row, state, now)?;
        tell_in_tx(tx, &row, now)?;
        record(tx, actor, Some(permit), &row, "merchant_application_decide", now)?;
        Ok(row)
    })
}

/// Takes an application back.
///
/// # Errors
/// `application_state`; `not_found` for another's.
pub fn withdraw(
    db: &Db,
    actor: &Actor,
    application: MerchantApplicationId,
    now: DateTime<Utc>,
) -> Result<ApplicationRow, Error> {
    db.write(|tx| {
        let mut row = lock_in_tx(tx, application)?;
        let state = row.application()?.withdraw(actor.user)?;
        settle_in_tx(tx, actor, &mut row, state, now)?;
        record(tx, actor, None, &row, "merchant_application_withdraw", now)?;
        Ok(row)
    })
}

fn lock_in_tx(
    tx: &mut PgConnection,
    application: MerchantApplicationId,
) -> Result<ApplicationRow, Error> {
    let row = merchant_applications::table.find(application.0);
    Ok(row.select(ApplicationRow::as_select()).for_no_key_update().first(tx)?)
}

/// Registers what was asked for, with the applicant as owner.
fn found_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    row: &ApplicationRow,
    now: DateTime<Utc>,
) -> Result<MerchantId, Error> {
    let (merchant, _) = register_in_tx(tx, actor, &row.asked()?, now)?;
    let merchant = MerchantId(merchant.id);
    let grant = NewGrant {
        role: Role::MerchantOwner,
        scope: Scope::Merchant(merchant),
        holder: Holder::User(UserId(row.applied_by)),
        term: Term::new(None, None, now)?,
        reason: "application",
        granted_by: Some(actor.user),
    };
    insert_in_tx(tx, &grant, now)?;
    Ok(merchant)
}

fn settle_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    row: &mut ApplicationRow,
    state: ApplicationState,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    row.state = state.as_str().to_owned();
    (row.decided_by, row.decided_at) = (Some(actor.user.0), Some(now));
    diesel::update(merchant_applications::table.find(row.id))
        .set((
            merchant_applications::state.eq(&row.state),
            merchant_applications::decided_by.eq(row.decided_by),
            merchant_applications::decided_at.eq(row.decided_at),
            merchant_applications::reason.eq(&row.reason),
            merchant_applications::merchant_id.eq(row.merchant_id),
        ))
        .execute(tx)?;
    Ok(())
}

/// Who is on no village's roster finds the answer in the list of their own applications only.
fn tell_in_tx(
    tx: &mut PgConnection,
    row: &ApplicationRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (village, villager): (Option<Uuid>, Option<Uuid>) = users::table
        .find(row.applied_by)
        .select((users::village_id, users::villager_id))
        .first(tx)?;
    let Some((village, villager)) = village.zip(villager) else { return Ok(()) };
    let message = Message {
        to: VillagerId(villager),
        kind: Kind::MerchantApplicationDecided,
        data: json!({
            "application_id": row.id, "merchant_id": row.merchant_id, "merchant_name": row.name,
            "state": row.state, "reason": row.reason,
        }),
    };
    leave_in_tx(tx, VillageId(village), &[message], now)
}

/// Of a village, it is recorded there; of a town or county nowhere.
fn target_of(division: &DivisionRow) -> Target {
    division.place().map_or_else(|| Target::division(division.path()), Target::village)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Option<Permit>,
    row: &ApplicationRow,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village: NO_VILLAGE,
            at: now,
            user: Some(actor.user),
            role: permit.map(|permit| permit.role),
            action,
            subject: Some(row.id),
            reason: row.reason.as_deref(),
            detail: Some(json!({"state": row.state, "merchant_id": row.merchant_id})),
        },
    )
}
