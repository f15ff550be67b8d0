//! Making agreements: one merchant with one village or with many at once, all of them or none.
//!
//! Whoever makes one holds the merchant's row, so that two at once look at each other.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::alliance::{may_partner, serves};
use domain::calendar::day_of;
use domain::discount::{Agreement, AgreementTerms, Bearer, Categories, Times};
use domain::id::{AgreementId, DivisionId, MerchantId, VillageId};
use domain::place::Place;
use domain::points::{BasisPoints, Fen};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Star;
use uuid::Uuid;

use super::{AgreementRow, deed};
use crate::audit;
use crate::db::Db;
use crate::error::Error;
use crate::places::division_in_tx;
use crate::schema::{agreements, divisions};
use crate::{id, merchants};

/// The most villages of one request: a county has some hundred.
pub const VILLAGES_MAX: usize = 500;

/// What somebody wants to agree. Without discounts by star, those of the rule book in force.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// With whom.
    pub merchant: MerchantId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// For which goods.
    pub categories: Categories,
    /// At which times of those days.
    pub times: Times,
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

/// Makes an agreement with one village.
///
/// # Errors
/// Those of [`AgreementTerms::check`]; `agreement_overlaps`, `agreement_too_many`, `partners_too_many`, `merchant_closed`, `merchant_elsewhere`,
/// `no_rule_book`, `forbidden`, `not_found`.
pub fn make(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<Agreement, Error> {
    let made = make_with(db, actor, &[db.place(village)?], proposal, now)?;
    made.into_iter().next().ok_or_else(|| Error::Bug("one village, no agreement".into()))
}

/// Makes the same agreement with several villages of a division, or with all of them: one each, for
/// all or for none. The discounts of the star table are each village's own.
///
/// # Errors
/// As [`make`]; `agreement_villages_invalid` for none or more than [`VILLAGES_MAX`], or one that lies
/// elsewhere.
pub fn make_in(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    villages: Option<&BTreeSet<VillageId>>,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<Vec<Agreement>, Error> {
    let of_division = db.read(|c| {
        let path = division_in_tx(c, division)?.path();
        allows(actor, Action::AgreementManage, &Target::division(path))?;
        let all: Vec<(Uuid, Uuid, Uuid)> = divisions::table
            .filter(divisions::level.eq("village"))
            .filter(divisions::county_id.eq(path.county.0))
            .filter(
                divisions::county_id
                    .eq(division.0)
                    .or(divisions::town_id.eq(division.0).assume_not_null())
                    .or(divisions::id.eq(division.0)),
            )
            .order(divisions::code)
            .select((divisions::county_id, divisions::town_id.assume_not_null(), divisions::id))
            .load(c)?;
        Ok(all)
    })?;
    let places: Vec<Place> = of_division
        .into_iter()
        .map(|(county, town, village)| Place {
            county: DivisionId(county),
            town: DivisionId(town),
            village: VillageId(village),
        })
        .filter(|place| villages.is_none_or(|wanted| wanted.contains(&place.village)))
        .collect();
    let wanted = villages.map_or(places.len(), BTreeSet::len);
    if places.is_empty() || places.len() != wanted || wanted > VILLAGES_MAX {
        let villages_max = u16::try_from(VILLAGES_MAX).unwrap_or(u16::MAX);
        return Err(Refusal::AgreementVillagesInvalid { villages_max }.into());
    }
    make_with(db, actor, &places, proposal, now)
}

fn make_with(
    db: &Db,
    actor: &Actor,
    places: &[Place],
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> Result<Vec<Agreement>, Error> {
    let permits: Vec<Permit> = places
        .iter()
        .map(|place| allows(actor, Action::AgreementManage, &Target::village(*place)))
        .collect::<Result<_, _>>()?;
    db.write(|tx| {
        let merchant = merchants::lock_in_tx(tx, proposal.merchant)?;
        merchant.standing()?.is_open()?;
        let registered_by = division_in_tx(tx, DivisionId(merchant.division_id))?.path();
        let there = others(tx, places, proposal.merchant)?;
        check_partners(tx, places, proposal.merchant, &there)?;
        let mut made = Vec::with_capacity(places.len());
        for place in places {
            serves(registered_by, *place)?;
            let terms = terms(db, tx, place.village, proposal, now)?;
            terms.check()?;
            let theirs = || there.iter().filter(|other| other.village == place.village);
            terms.fits(theirs())?;
            let today = day_of(now);
            let running = theirs().filter(|other| !other.terms.is_over_on(today)).count();
            AgreementTerms::may_have_one_more(running)?;
            let (merchant, village) = (proposal.merchant, place.village);
            made.push(Agreement { id: id::new::<AgreementId>(), merchant, village, terms });
        }
        let rows: Vec<_> = made
            .iter()
            .map(|agreement| AgreementRow::of(agreement, actor, now))
            .collect::<Result<_, _>>()?;
        diesel::insert_into(agreements::table).values(&rows).execute(tx)?;
        let deeds: Vec<_> = made
            .iter()
            .zip(&permits)
            .map(|(agreement, permit)| deed(actor, *permit, agreement, "agreement_create", now))
            .collect();
        audit::record_all_in_tx(tx, &deeds)?;
        Ok(made)
    })
}

/// Checks that neither the merchant nor one of the villages comes to have more partners than a statement
/// or a month's check lists. Two that are made at once for the same village by different merchants may
/// both be the last: the limit leaves room for that.
fn check_partners(
    c: &mut PgConnection,
    places: &[Place],
    merchant: MerchantId,
    there: &[Agreement],
) -> Result<(), Error> {
    let known: BTreeSet<VillageId> = there.iter().map(|agreement| agreement.village).collect();
    let new: Vec<Uuid> =
        places.iter().filter(|p| !known.contains(&p.village)).map(|p| p.village.0).collect();
    let Some(more) = new.len().checked_sub(1) else { return Ok(()) };
    let villages: i64 = agreements::table
        .filter(agreements::merchant_id.eq(merchant.0))
        .select(count(agreements::village_id).aggregate_distinct())
        .first(c)?;
    may_partner(villages.saturating_add(i64::try_from(more).unwrap_or(i64::MAX)))?;
    let merchants: Vec<i64> = agreements::table
        .filter(agreements::village_id.eq_any(new))
        .group_by(agreements::village_id)
        .select(count(agreements::merchant_id).aggregate_distinct())
        .load(c)?;
    merchants.into_iter().try_for_each(may_partner)?;
    Ok(())
}

/// All agreements of the merchant with these villages, over or not.
fn others(
    c: &mut PgConnection,
    places: &[Place],
    merchant: MerchantId,
) -> Result<Vec<Agreement>, Error> {
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::merchant_id.eq(merchant.0))
        .filter(agreements::village_id.eq_any(places.iter().map(|place| place.village.0)))
        .select(AgreementRow::as_select())
        .load(c)?;
    rows.into_iter().map(AgreementRow::agreement).collect()
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
        categories: proposal.categories,
        times: proposal.times,
        bearer: proposal.bearer,
        discount_by_star,
        price_ceiling: proposal.price_ceiling,
        account_daily_ceiling: proposal.account_daily_ceiling,
        merchant_daily_ceiling: proposal.merchant_daily_ceiling,
        confirm_above: proposal.confirm_above,
        refund_days_max: proposal.refund_days_max,
    })
}
