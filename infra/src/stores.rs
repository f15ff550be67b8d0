//! Points stores: opened by the village, run by itself or by a merchant.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Grant, Role, Scope};
use domain::calendar::day_of;
use domain::id::{DivisionId, MerchantId, StoreId, VillageId};
use domain::place::Place;
use domain::points::Points;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use domain::store::{StorePolicy, pays_the_merchant};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::stores;
use crate::{goods, id, merchants, redemptions};

/// The most stores of a village that are listed.
pub const STORES_MAX: i64 = 100;

/// A store as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = stores)]
pub struct StoreRow {
    /// Its village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// When it is open, in words.
    pub hours: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
    /// The merchant that runs it; none: the village.
    pub merchant_id: Option<Uuid>,
    /// After how many days what was not picked up lapses.
    pub lapse_days: i16,
    /// Whether the points return then.
    pub lapse_returns: bool,
    /// For how many days a household may cancel; none: as long as it waits.
    pub cancel_days: Option<i16>,
    /// For how many days after it was handed over faulty goods are taken back.
    pub refund_days: i16,
    /// Who opened it.
    pub opened_by: Uuid,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

impl StoreRow {
    /// Its policy.
    pub fn policy(&self) -> StorePolicy {
        let days = |n: i16| u16::try_from(n).unwrap_or(0);
        StorePolicy {
            lapse_days: days(self.lapse_days),
            lapse_returns: self.lapse_returns,
            cancel_days: self.cancel_days.map(days),
            refund_days: days(self.refund_days),
        }
    }

    /// What is done at this store is done to this.
    pub(crate) fn target(&self, place: Place) -> Target {
        Target { merchant: self.merchant_id.map(MerchantId), ..Target::village(place) }
    }

    /// What the audit log tells of it. Not the phone, which may be somebody's own.
    fn said(&self) -> Value {
        json!({
            "name": self.name,
            "address": self.address,
            "hours": self.hours,
            "lapse_days": self.lapse_days,
            "lapse_returns": self.lapse_returns,
            "cancel_days": self.cancel_days,
            "refund_days": self.refund_days,
        })
    }

    fn set(&mut self, facts: &StoreFacts) {
        let days = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
        self.name.clone_from(&facts.name);
        self.address.clone_from(&facts.address);
        self.hours.clone_from(&facts.hours);
        self.phone.clone_from(&facts.phone);
        self.lapse_days = days(facts.policy.lapse_days);
        self.lapse_returns = facts.policy.lapse_returns;
        self.cancel_days = facts.policy.cancel_days.map(days);
        self.refund_days = days(facts.policy.refund_days);
    }
}

/// What a village says of a store.
#[derive(Clone, Debug)]
pub struct StoreFacts {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// When it is open, in words.
    pub hours: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
    /// Its policy.
    pub policy: StorePolicy,
}

pub(crate) fn find(
    c: &mut PgConnection,
    village: VillageId,
    store: StoreId,
) -> Result<StoreRow, Error> {
    Ok(stores::table.find((village.0, store.0)).select(StoreRow::as_select()).first(c)?)
}

/// A store, if the actor may do this there.
pub(crate) fn counter(
    db: &Db,
    actor: &Actor,
    action: Action,
    (village, store): (VillageId, StoreId),
) -> Result<(StoreRow, Permit), Error> {
    let place = db.place(village)?;
    let row = db.read(|c| find(c, village, store))?;
    let permit = allows(actor, action, &row.target(place))?;
    Ok((row, permit))
}

/// Opens a store, run by the village or by a merchant of it or of a division above it.
///
/// # Errors
/// `already_exists` for a name that an open store has, `merchant_closed`, `exchange_value_missing` for a
/// merchant where the book of the day does not say what a point is worth, `forbidden`, `not_found`.
pub fn open(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (facts, merchant): (&StoreFacts, Option<MerchantId>),
    now: DateTime<Utc>,
) -> Result<StoreRow, Error> {
    let place = db.place(village)?;
    let permit = allows(actor, Action::StoreManage, &Target::village(place))?;
    db.write(|tx| {
        if let Some(merchant) = merchant {
            let merchant = merchants::find(tx, merchant)?;
            if !place.lies_in(DivisionId(merchant.division_id)) {
                return Err(Refusal::NotFound.into());
            }
            merchant.standing()?.is_open()?;
            let a_point = goods::worth_in_tx(db, tx, village, Points::whole(1), day_of(now))?;
            pays_the_merchant(true, a_point)?;
        }
        let mut row = StoreRow {
            village_id: village.0,
            id: id::new(),
            name: String::new(),
            address: String::new(),
            hours: String::new(),
            phone: String::new(),
            merchant_id: merchant.map(|id| id.0),
            lapse_days: 0,
            lapse_returns: true,
            cancel_days: None,
            refund_days: 0,
            opened_by: actor.user.0,
            opened_at: now,
            closed_at: None,
        };
        row.set(facts);
        diesel::insert_into(stores::table).values(&row).execute(tx)?;
        record(tx, actor, permit.role, &row, "store_create", now)?;
        Ok(row)
    })
}

/// Changes what is said of a store. Its new policy is for redemptions that come after it.
///
/// # Errors
/// `store_closed`, `already_exists`, `forbidden`, `not_found`.
pub fn change(
    db: &Db,
    actor: &Actor,
    (village, store): (VillageId, StoreId),
    facts: &StoreFacts,
    now: DateTime<Utc>,
) -> Result<StoreRow, Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, village, store)?;
        if row.closed_at.is_some() {
            return Err(Refusal::StoreClosed.into());
        }
        let before = row.said();
        row.set(facts);
        diesel::update(stores::table.find((village.0, store.0)))
            .set((
                stores::name.eq(&row.name),
                stores::address.eq(&row.address),
                stores::hours.eq(&row.hours),
                stores::phone.eq(&row.phone),
                stores::lapse_days.eq(row.lapse_days),
                stores::lapse_returns.eq(row.lapse_returns),
                stores::cancel_days.eq(row.cancel_days),
                stores::refund_days.eq(row.refund_days),
            ))
            .execute(tx)?;
        let detail = audit::changes(&before, &row.said());
        record_with(tx, actor, permit.role, &row, ("store_update", Some(detail)), now)?;
        Ok(row)
    })
}

/// Closes a store: nothing more is redeemed there. What waits can still be picked up, cancelled and taken
/// back; it returns its points if it lapses, whatever was agreed, and the households are told. Closing it
/// again changes nothing.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    (village, store): (VillageId, StoreId),
    now: DateTime<Utc>,
) -> Result<StoreRow, Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, village, store)?;
        if row.closed_at.is_none() {
            row.closed_at = Some(now);
            diesel::update(stores::table.find((village.0, store.0)))
                .set(stores::closed_at.eq(now))
                .execute(tx)?;
            redemptions::store_closes_in_tx(tx, village, store, now)?;
            record(tx, actor, permit.role, &row, "store_close", now)?;
        }
        Ok(row)
    })
}

fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    store: StoreId,
) -> Result<StoreRow, Error> {
    Ok(stores::table
        .find((village.0, store.0))
        .select(StoreRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// The stores of a village, the open ones first. Whoever only works for a merchant sees those that it
/// runs.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(db: &Db, actor: &Actor, village: VillageId) -> Result<Vec<StoreRow>, Error> {
    let place = db.place(village)?;
    let permit = allows(actor, Action::StoreShow, &Target::village(place));
    let merchants: Vec<Uuid> = actor.grants.iter().filter_map(of_merchant).collect();
    let rows: Vec<StoreRow> = db.read(|c| {
        let mut query = stores::table
            .filter(stores::village_id.eq(village.0))
            .order((stores::closed_at.is_not_null(), stores::name, stores::id))
            .limit(STORES_MAX)
            .select(StoreRow::as_select())
            .into_boxed();
        if permit.is_err() {
            query = query.filter(stores::merchant_id.eq_any(&merchants));
        }
        Ok(query.load(c)?)
    })?;
    let Err(refusal) = permit else { return Ok(rows) };
    let shown = |row: &StoreRow| allows(actor, Action::StoreShow, &row.target(place)).is_ok();
    let theirs: Vec<_> = rows.into_iter().filter(shown).collect();
    if theirs.is_empty() { Err(refusal.into()) } else { Ok(theirs) }
}

/// The merchant that a grant is for.
fn of_merchant(grant: &Grant) -> Option<Uuid> {
    match grant.scope {
        Scope::Merchant(merchant) => Some(merchant.0),
        Scope::Platform | Scope::Division(_) => None,
    }
}

/// A store.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(db: &Db, actor: &Actor, village: VillageId, store: StoreId) -> Result<StoreRow, Error> {
    counter(db, actor, Action::StoreShow, (village, store)).map(|(row, _)| row)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    store: &StoreRow,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    record_with(tx, actor, role, store, (action, None), now)
}

fn record_with(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    store: &StoreRow,
    (action, detail): (&str, Option<Value>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village: VillageId(store.village_id),
            at: now,
            user: Some(actor.user),
            role: Some(role),
            action,
            subject: Some(store.id),
            reason: None,
            detail,
        },
    )
}
