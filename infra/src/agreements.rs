//! Agreements between merchants and a village. Two of the same parties never share a day: whoever
//! makes one holds the merchant's row, so that two at once look at each other.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::{Agreement, AgreementTerms, Bearer, trades};
use domain::id::{AgreementId, MerchantId, VillageId};
use domain::points::{BasisPoints, Fen};
use domain::policy::{Action, Permit, Target, allows};
use domain::rule_book::Star;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{agreements, merchants};

/// An agreement as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements)]
pub(crate) struct AgreementRow {
    village_id: Uuid,
    id: Uuid,
    merchant_id: Uuid,
    from_day: NaiveDate,
    until_day: Option<NaiveDate>,
    bearer: String,
    discount_by_star: Vec<i16>,
    price_ceiling: i64,
    account_daily_ceiling: i64,
    merchant_daily_ceiling: i64,
    confirm_above: Option<i64>,
    refund_days_max: i16,
    made_by: Uuid,
    made_at: DateTime<Utc>,
}

fn unreadable() -> Error {
    Error::Bug("a stored agreement cannot be read".into())
}

impl AgreementRow {
    /// The agreement as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub(crate) fn agreement(self) -> Result<Agreement, Error> {
        let stars = self
            .discount_by_star
            .iter()
            .map(|bp| u16::try_from(*bp).ok().and_then(BasisPoints::new).ok_or_else(unreadable))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Agreement {
            id: AgreementId(self.id),
            merchant: MerchantId(self.merchant_id),
            village: VillageId(self.village_id),
            terms: AgreementTerms {
                from: self.from_day,
                until: self.until_day,
                bearer: Bearer::from_name(&self.bearer).ok_or_else(unreadable)?,
                discount_by_star: stars.try_into().map_err(|_| unreadable())?,
                price_ceiling: Fen::new(self.price_ceiling),
                account_daily_ceiling: Fen::new(self.account_daily_ceiling),
                merchant_daily_ceiling: Fen::new(self.merchant_daily_ceiling),
                confirm_above: self.confirm_above.map(Fen::new),
                refund_days_max: u16::try_from(self.refund_days_max).map_err(|_| unreadable())?,
            },
        })
    }

    fn of(agreement: &Agreement, actor: &Actor, now: DateTime<Utc>) -> Result<Self, Error> {
        let terms = &agreement.terms;
        let small = |n: u16| i16::try_from(n).map_err(|_| unreadable());
        Ok(Self {
            village_id: agreement.village.0,
            id: agreement.id.0,
            merchant_id: agreement.merchant.0,
            from_day: terms.from,
            until_day: terms.until,
            bearer: terms.bearer.as_str().to_owned(),
            discount_by_star: terms
                .discount_by_star
                .iter()
                .map(|bp| small(bp.get()))
                .collect::<Result<_, _>>()?,
            price_ceiling: terms.price_ceiling.get(),
            account_daily_ceiling: terms.account_daily_ceiling.get(),
            merchant_daily_ceiling: terms.merchant_daily_ceiling.get(),
            confirm_above: terms.confirm_above.map(Fen::get),
            refund_days_max: small(terms.refund_days_max)?,
            made_by: actor.user.0,
            made_at: now,
        })
    }
}

/// What somebody wants to agree. Without discounts by star, those of the rule book in force.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// With whom.
    pub merchant: MerchantId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// Who bears the discount.
    pub bearer: Bearer,
    /// What one to five stars take off.
    pub discount_by_star: Option<[BasisPoints; 5]>,
    /// The highest price of one purchase.
    pub price_ceiling: Fen,
    /// The most discount of an account a day.
    pub account_daily_ceiling: Fen,
    /// The most discount under the agreement a day.
    pub merchant_daily_ceiling: Fen,
    /// Above this price the villager confirms.
    pub confirm_above: Option<Fen>,
    /// Within how many days a purchase can be refunded.
    pub refund_days_max: u16,
}

/// Makes an agreement.
///
/// # Errors
/// Those of [`AgreementTerms::check`]; `agreement_overlaps`, `merchant_closed`, `no_rule_book`,
/// `forbidden`, `not_found`.
pub fn make(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<Agreement, Error> {
    let permit = allows(actor, Action::AgreementManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let closed_at: Option<DateTime<Utc>> = merchants::table
            .find(proposal.merchant.0)
            .select(merchants::closed_at)
            .for_no_key_update()
            .first(tx)?;
        trades(closed_at)?;
        let agreement = Agreement {
            id: id::new(),
            merchant: proposal.merchant,
            village,
            terms: terms(db, tx, village, proposal, now)?,
        };
        agreement.terms.check()?;
        agreement.terms.follows(&between(tx, village, proposal.merchant)?)?;
        diesel::insert_into(agreements::table)
            .values(AgreementRow::of(&agreement, actor, now)?)
            .execute(tx)?;
        record(tx, actor, permit, &agreement, "agreement_create", now)?;
        Ok(agreement)
    })
}

fn terms(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<AgreementTerms, Error> {
    let discount_by_star = match proposal.discount_by_star {
        Some(given) => given,
        None => {
            let (_, book) = db.book_on(tx, village, day_of(now))?;
            [1, 2, 3, 4, 5].map(|stars| {
                Star::new(stars).map_or(BasisPoints::ZERO, |star| book.stars.discount_for(star))
            })
        }
    };
    Ok(AgreementTerms {
        from: proposal.from,
        until: proposal.until,
        bearer: proposal.bearer,
        discount_by_star,
        price_ceiling: proposal.price_ceiling,
        account_daily_ceiling: proposal.account_daily_ceiling,
        merchant_daily_ceiling: proposal.merchant_daily_ceiling,
        confirm_above: proposal.confirm_above,
        refund_days_max: proposal.refund_days_max,
    })
}

/// All agreements of a merchant and a village, over or not.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn between(
    c: &mut PgConnection,
    village: VillageId,
    merchant: MerchantId,
) -> Result<Vec<Agreement>, Error> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::merchant_id.eq(merchant.0))
        .filter(agreements::village_id.eq(village.0))
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
        record(tx, actor, permit, &ended, "agreement_end", now)?;
        Ok(ended)
    })
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    agreement: &Agreement,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
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
        },
    )
}
