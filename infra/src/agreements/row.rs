//! An agreement as it is stored.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::discount::{Agreement, AgreementTerms, Bearer, Categories, Category, Times, Weekdays};
use domain::id::{AgreementId, MerchantId, VillageId};
use domain::points::{BasisPoints, Fen};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::agreements;

/// An agreement as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements)]
pub(crate) struct AgreementRow {
    village_id: Uuid,
    id: Uuid,
    merchant_id: Uuid,
    from_day: NaiveDate,
    until_day: Option<NaiveDate>,
    categories: Vec<String>,
    weekdays: i16,
    from_minute: i16,
    until_minute: i16,
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

/// No names: all categories.
fn categories_of(names: &[String]) -> Result<Categories, Error> {
    if names.is_empty() {
        return Ok(Categories::ALL);
    }
    let known = |name: &String| Category::from_name(name).ok_or_else(unreadable);
    Ok(Categories::of(&names.iter().map(known).collect::<Result<Vec<_>, _>>()?))
}

fn names_of(categories: Categories) -> Vec<String> {
    let each = categories.each().filter(|_| !categories.is_all());
    each.map(|category| category.as_str().to_owned()).collect()
}

fn times_of(weekdays: i16, from_minute: i16, until_minute: i16) -> Result<Times, Error> {
    let minute = |n: i16| u16::try_from(n).map_err(|_| unreadable());
    let weekdays = u8::try_from(weekdays).ok().and_then(Weekdays::from_bits);
    Ok(Times {
        weekdays: weekdays.ok_or_else(unreadable)?,
        from_minute: minute(from_minute)?,
        until_minute: minute(until_minute)?,
    })
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
                categories: categories_of(&self.categories)?,
                times: times_of(self.weekdays, self.from_minute, self.until_minute)?,
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

    pub(super) fn of(
        agreement: &Agreement,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let terms = &agreement.terms;
        let small = |n: u16| i16::try_from(n).map_err(|_| unreadable());
        Ok(Self {
            village_id: agreement.village.0,
            id: agreement.id.0,
            merchant_id: agreement.merchant.0,
            from_day: terms.from,
            until_day: terms.until,
            categories: names_of(terms.categories),
            weekdays: terms.times.weekdays.bits().into(),
            from_minute: small(terms.times.from_minute)?,
            until_minute: small(terms.times.until_minute)?,
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
