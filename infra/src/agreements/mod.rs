//! Agreements between merchants and a village: made, listed, ended. Of the same parties several may hold
//! at a time, for other goods or at other hours; the domain says which goes before.

mod make;
mod row;

pub use make::{Proposal, VILLAGES_MAX, make, make_in};
pub(crate) use row::AgreementRow;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::Agreement;
use domain::id::{AgreementId, MerchantId, VillageId};
use domain::policy::{Action, Permit, Target, allows};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::agreements;

/// The agreements of a merchant and a village whose term a day lies in.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn in_force(
    c: &mut PgConnection,
    village: VillageId,
    merchant: MerchantId,
    day: NaiveDate,
) -> Result<Vec<Agreement>, Error> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::merchant_id.eq(merchant.0))
        .filter(agreements::village_id.eq(village.0))
        .filter(agreements::from_day.le(day))
        .filter(agreements::until_day.is_null().or(agreements::until_day.ge(day)))
        .select(AgreementRow::as_select())
        .load(c)?;
    rows.into_iter().map(AgreementRow::agreement).collect()
}

/// The agreements of a village, the newest first.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Agreement>, Error> {
    allows(actor, Action::AgreementShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let mut query = agreements::table
            .filter(agreements::village_id.eq(village.0))
            .order(agreements::id.desc())
            .limit(limit)
            .select(AgreementRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(agreements::id.lt(before));
        }
        query.load(c)?.into_iter().map(AgreementRow::agreement).collect()
    })
}

/// Ends an agreement: `on` is the last day on which it holds.
///
/// # Errors
/// `agreement_end_invalid`, `forbidden`, `not_found`.
pub fn end(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    agreement: AgreementId,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Agreement, Error> {
    let permit = allows(actor, Action::AgreementManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let row: AgreementRow = agreements::table
            .find((village.0, agreement.0))
            .select(AgreementRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        let mut ended = row.agreement()?;
        ended.terms = ended.terms.ended_on(on, day_of(now))?;
        diesel::update(agreements::table.find((village.0, agreement.0)))
            .set(agreements::until_day.eq(ended.terms.until))
            .execute(tx)?;
        audit::record_in_tx(tx, &deed(actor, permit, &ended, "agreement_end", now))?;
        Ok(ended)
    })
}

fn deed<'a>(
    actor: &Actor,
    permit: Permit,
    agreement: &Agreement,
    action: &'a str,
    now: DateTime<Utc>,
) -> Deed<'a> {
    Deed {
        village: agreement.village,
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(agreement.id.0),
        reason: None,
        detail: Some(serde_json::json!({
            "merchant_id": agreement.merchant, "until": agreement.terms.until,
        })),
    }
}
