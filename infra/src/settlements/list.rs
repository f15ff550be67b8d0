//! Looking at statements: those of a village, those of a merchant, one with what became of it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::Cycle;
use domain::id::{MerchantId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target};
use domain::refusal::Refusal;
use domain::settlement::{Party, State};
use uuid::Uuid;

use super::row::{SettlementRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::merchants::at_the_till;
use crate::names;
use crate::reading::Why;
use crate::schema::{divisions, merchants, settlement_steps, settlements, stores};

/// Which statements.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Of this month.
    pub month: Option<Cycle>,
    /// In this state.
    pub state: Option<State>,
    /// Of this merchant or store.
    pub party: Option<Uuid>,
    /// Older than this one.
    pub before: Option<Uuid>,
}

/// How a party is called, and which merchant gets the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyName {
    /// The name of the merchant or store.
    pub name: String,
    /// The merchant, or the one that runs the store; none where the village runs it.
    pub merchant: Option<MerchantId>,
}

/// A statement with its names.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The statement.
    pub row: SettlementRow,
    /// With whom.
    pub party: PartyName,
    /// The name of the village.
    pub village_name: String,
}

/// Something that somebody did with a statement.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// What: the name of a [`domain::settlement::Step`].
    pub step: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which role.
    pub role: String,
    /// The whole name of who did it, where they are on a roster.
    pub by_name: Option<String>,
    /// What they wrote.
    pub text: Option<String>,
    /// Of a payment: its voucher in the fund.
    pub voucher: Option<Uuid>,
}

/// The statements of a village, the newest first; one more than `limit`.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_village(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    asked: &Asked,
    limit: i64,
    why: &Why,
) -> Result<Vec<Shown>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::SettlementListShow, &target, why)?;
    db.read(|c| {
        let mut query = settlements::table
            .filter(settlements::village_id.eq(village.0))
            .order(settlements::id.desc())
            .limit(limit.saturating_add(1))
            .select(SettlementRow::as_select())
            .into_boxed();
        if let Some(month) = asked.month {
            query = query.filter(settlements::month.eq(month.to_string()));
        }
        if let Some(state) = asked.state {
            query = query.filter(settlements::state.eq(state.as_str()));
        }
        if let Some(party) = asked.party {
            query = query.filter(settlements::party_id.eq(party));
        }
        if let Some(before) = asked.before {
            query = query.filter(settlements::id.lt(before));
        }
        let rows = query.load(c)?;
        named(c, rows)
    })
}

/// The statements of a merchant and of the stores it runs, with all villages, the newest first, for its
/// owner; one more than `limit`.
///
/// # Errors
/// `not_found`.
pub fn of_merchant(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Shown>, Error> {
    at_the_till(actor, Action::SettlementOwnShow, merchant)?;
    db.read(|c| {
        let mut parties: Vec<Uuid> =
            stores::table.filter(stores::merchant_id.eq(merchant.0)).select(stores::id).load(c)?;
        parties.push(merchant.0);
        let rows = settlements::table
            .filter(settlements::party_id.eq_any(parties))
            .filter(settlements::party.ne(Party::VillageStore(Uuid::nil().into()).kind()))
            .filter(settlements::id.lt(before.unwrap_or(Uuid::max())))
            .order(settlements::id.desc())
            .limit(limit.saturating_add(1))
            .select(SettlementRow::as_select())
            .load(c)?;
        named(c, rows)
    })
}

/// A statement, with what became of it.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    why: &Why,
) -> Result<(Shown, Vec<StepRow>), Error> {
    let place = db.place(village)?;
    let target = db.read(|c| {
        let row = find(c, village, id)?;
        target_in(c, place, &row)
    })?;
    db.allows_reading(actor, Action::SettlementShow, &target, &why.about(id))?;
    db.read(|c| {
        let row = find(c, village, id)?;
        let shown = named(c, vec![row])?.pop().ok_or(Refusal::NotFound)?;
        Ok((shown, steps(c, village, id)?))
    })
}

fn steps(c: &mut PgConnection, village: VillageId, id: Uuid) -> Result<Vec<StepRow>, Error> {
    type Found = (String, Uuid, String, DateTime<Utc>, Option<String>, Option<Uuid>);
    let rows: Vec<Found> = settlement_steps::table
        .filter(settlement_steps::village_id.eq(village.0))
        .filter(settlement_steps::settlement_id.eq(id))
        .order(settlement_steps::version)
        .select((
            settlement_steps::step,
            settlement_steps::by_user,
            settlement_steps::role,
            settlement_steps::at,
            settlement_steps::text,
            settlement_steps::voucher_id,
        ))
        .load(c)?;
    let known = names::of_users(c, rows.iter().map(|(_, user, ..)| *user))?;
    let step = |(step, user, role, at, text, voucher): Found| StepRow {
        step,
        at,
        role,
        by_name: known.get(&user).cloned(),
        text,
        voucher,
    };
    Ok(rows.into_iter().map(step).collect())
}

/// What a statement belongs to: the village, and the merchant who gets the money.
///
/// # Errors
/// `not_found`.
pub(super) fn target_in(
    c: &mut PgConnection,
    place: Place,
    row: &SettlementRow,
) -> Result<Target, Error> {
    let merchant = match row.party()? {
        Party::Merchant(merchant) => Some(merchant.0),
        Party::MerchantStore(store) => stores::table
            .find((row.village_id, store.0))
            .select(stores::merchant_id)
            .first::<Option<Uuid>>(c)?,
        Party::VillageStore(_) => None,
    };
    Ok(match merchant {
        Some(merchant) => Target::merchant_at(MerchantId(merchant), place),
        None => Target::village(place),
    })
}

/// Statements with their names, in the same order.
pub(super) fn named(c: &mut PgConnection, rows: Vec<SettlementRow>) -> Result<Vec<Shown>, Error> {
    let villages: HashMap<Uuid, String> = divisions::table
        .filter(divisions::id.eq_any(rows.iter().map(|row| row.village_id)))
        .select((divisions::id, divisions::name))
        .load::<(Uuid, String)>(c)?
        .into_iter()
        .collect();
    let parties = names_of(c, rows.iter().map(|row| row.party_id))?;
    let shown = |row: SettlementRow| {
        let party = parties.get(&row.party_id).cloned().ok_or_else(|| {
            Error::Bug("a stored statement with a party that is not there".into())
        })?;
        let village_name = villages.get(&row.village_id).cloned().unwrap_or_default();
        Ok(Shown { row, party, village_name })
    };
    rows.into_iter().map(shown).collect()
}

/// How merchants and stores are called, by their ids.
pub(super) fn names_of(
    c: &mut PgConnection,
    parties: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, PartyName>, Error> {
    let ids: Vec<Uuid> = parties.into_iter().collect();
    let shops: Vec<(Uuid, String)> = merchants::table
        .filter(merchants::id.eq_any(&ids))
        .select((merchants::id, merchants::name))
        .load(c)?;
    let of_stores: Vec<(Uuid, String, Option<Uuid>)> = stores::table
        .filter(stores::id.eq_any(&ids))
        .select((stores::id, stores::name, stores::merchant_id))
        .load(c)?;
    let shops = shops
        .into_iter()
        .map(|(id, name)| (id, PartyName { name, merchant: Some(MerchantId(id)) }));
    let of_stores = of_stores
        .into_iter()
        .map(|(id, name, merchant)| (id, PartyName { name, merchant: merchant.map(MerchantId) }));
    Ok(shops.chain(of_stores).collect())
}
