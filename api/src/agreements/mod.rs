//! Agreements between merchants and a village.

mod common;
mod terms;

pub use common::*;
pub use terms::{AgreementHours, BearerName, FEN_MAX};
pub(crate) use terms::{categories_out, hours_out, weekdays_out};

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use domain::discount::{Agreement, Categories, Category, DAY_MINUTES, Times, Weekdays};
use domain::id::{AgreementId, MerchantId, VillageId};
use domain::points::{BasisPoints, Fen};
use infra::agreements::{self, Proposal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use self::terms::{Share, WeekdayNumber};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::merchants::TradeCategory;
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// An agreement to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "from": "2026-10-01",
    "until": "2027-09-30", "bearer": "credit_offset",
    "discount_by_star_bp": [200, 400, 600, 800, 1000], "price_ceiling_fen": 200_000,
    "account_daily_ceiling_fen": 20_000, "merchant_daily_ceiling_fen": 500_000,
    "confirm_above_fen": 50_000, "refund_days_max": 7
}))]
pub struct AgreementIn {
    /// With whom.
    merchant_id: Uuid,
    /// The first day.
    from: NaiveDate,
    /// The last day; open-ended without.
    until: Option<NaiveDate>,
    /// For which goods; for all without.
    #[validate(length(min = 1, max = 10))]
    #[schema(min_items = 1, max_items = 10)]
    categories: Option<Vec<TradeCategory>>,
    /// On which days of the week, Monday is 1; on all without.
    #[validate(length(min = 1, max = 7))]
    #[schema(min_items = 1, max_items = 7, value_type = Option<Vec<WeekdayNumber>>)]
    weekdays: Option<Vec<u8>>,
    /// At which hours of these days; all day without.
    hours: Option<AgreementHours>,
    /// Who bears the discount.
    bearer: BearerName,
    /// What one to five stars take off, in basis points (800 is 8 %). Without it, the star table of
    /// the rule book in force.
    #[validate(length(equal = 5))]
    #[schema(min_items = 5, max_items = 5, value_type = Option<Vec<Share>>)]
    discount_by_star_bp: Option<Vec<u16>>,
    /// The highest price of one purchase.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    price_ceiling_fen: i64,
    /// The most discount that one account can have a day.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    account_daily_ceiling_fen: i64,
    /// The most discount under this agreement a day.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    merchant_daily_ceiling_fen: i64,
    /// Above this price the villager confirms in the mini-program.
    #[validate(range(min = 0, max = FEN_MAX))]
    #[schema(minimum = 0, maximum = 100_000_000)]
    confirm_above_fen: Option<i64>,
    /// Within how many days a purchase can be refunded; 0 is the same day.
    #[validate(range(max = 90))]
    #[schema(minimum = 0, maximum = 90)]
    refund_days_max: u16,
}

impl AgreementIn {
    fn times(&self) -> Result<Times, Problem> {
        let range = || Problem::field(Door::Invalid, "weekdays", "1 to 7 each");
        let weekdays = self.weekdays.as_deref().map(|list| Weekdays::of(list).ok_or_else(range));
        let whole = AgreementHours { from_minute: 0, until_minute: DAY_MINUTES };
        let AgreementHours { from_minute, until_minute } = self.hours.unwrap_or(whole);
        let weekdays = weekdays.transpose()?.unwrap_or(Weekdays::ALL);
        Ok(Times { weekdays, from_minute, until_minute })
    }

    fn categories(&self) -> Categories {
        self.categories.as_ref().map_or(Categories::ALL, |list| {
            Categories::of(&list.iter().copied().map(Category::from).collect::<Vec<_>>())
        })
    }

    fn proposal(self) -> Result<Proposal, Problem> {
        let range = || Problem::field(Door::Invalid, "discount_by_star_bp", "0 to 10000 each");
        let (categories, times) = (self.categories(), self.times()?);
        let stars = self.discount_by_star_bp.map(|list| {
            let read: Option<Vec<_>> = list.into_iter().map(BasisPoints::new).collect();
            read.and_then(|list| list.try_into().ok()).ok_or_else(range)
        });
        Ok(Proposal {
            merchant: MerchantId(self.merchant_id),
            from: self.from,
            until: self.until,
            categories,
            times,
            bearer: self.bearer.into(),
            discount_by_star: stars.transpose()?,
            price_ceiling: Fen::new(self.price_ceiling_fen),
            account_daily_ceiling: Fen::new(self.account_daily_ceiling_fen),
            merchant_daily_ceiling: Fen::new(self.merchant_daily_ceiling_fen),
            confirm_above: self.confirm_above_fen.map(Fen::new),
            refund_days_max: self.refund_days_max,
        })
    }
}

/// An agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "agreement_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "from": "2026-10-01",
    "until": "2027-09-30", "categories": ["food", "daily_goods"], "weekdays": [6, 7],
    "hours": {"from_minute": 480, "until_minute": 720}, "bearer": "credit_offset",
    "discount_by_star_bp": [200, 400, 600, 800, 1000], "price_ceiling_fen": 200_000,
    "account_daily_ceiling_fen": 20_000, "merchant_daily_ceiling_fen": 500_000,
    "confirm_above_fen": 50_000, "refund_days_max": 7
}))]
pub struct AgreementOut {
    /// Its id.
    agreement_id: Uuid,
    /// The village.
    village_id: Uuid,
    /// With whom.
    merchant_id: Uuid,
    /// The first day.
    from: NaiveDate,
    /// The last day; open-ended without.
    until: Option<NaiveDate>,
    /// For which goods; all if none.
    #[schema(min_items = 1, max_items = 10)]
    categories: Option<Vec<TradeCategory>>,
    /// On which days of the week, Monday is 1; all if none.
    #[schema(min_items = 1, max_items = 7)]
    weekdays: Option<Vec<u8>>,
    /// At which hours; all day if none.
    hours: Option<AgreementHours>,
    /// Who bears the discount.
    bearer: BearerName,
    /// What one to five stars take off, in basis points.
    #[schema(min_items = 5, max_items = 5)]
    discount_by_star_bp: Vec<u16>,
    /// The highest price of one purchase.
    price_ceiling_fen: i64,
    /// The most discount that one account can have a day.
    account_daily_ceiling_fen: i64,
    /// The most discount under this agreement a day.
    merchant_daily_ceiling_fen: i64,
    /// Above this price the villager confirms.
    confirm_above_fen: Option<i64>,
    /// Within how many days a purchase can be refunded.
    refund_days_max: u16,
}

impl From<Agreement> for AgreementOut {
    fn from(agreement: Agreement) -> Self {
        let terms = agreement.terms;
        Self {
            agreement_id: agreement.id.0,
            village_id: agreement.village.0,
            merchant_id: agreement.merchant.0,
            from: terms.from,
            until: terms.until,
            categories: categories_out(terms.categories),
            weekdays: weekdays_out(terms.times),
            hours: hours_out(terms.times),
            bearer: terms.bearer.into(),
            discount_by_star_bp: terms.discount_by_star.map(|bp| bp.get()).to_vec(),
            price_ceiling_fen: terms.price_ceiling.get(),
            account_daily_ceiling_fen: terms.account_daily_ceiling.get(),
            merchant_daily_ceiling_fen: terms.merchant_daily_ceiling.get(),
            confirm_above_fen: terms.confirm_above.map(Fen::get),
            refund_days_max: terms.refund_days_max,
        }
    }
}

/// Record an agreement
///
/// The same merchant and village may have several side by side, for other goods or at other hours. One
/// that names goods goes before one that means all, and among these one that names hours or days before
/// one that holds always; two that are equally specific and meet are refused.
#[utoipa::path(
    tag = "admin",
    request_body = AgreementIn,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 201, description = "Recorded.", body = AgreementOut), Failures)
)]
#[post("/villages/{village_id}/agreements")]
pub async fn agreement_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<AgreementIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let proposal = body.value.proposal()?;
    let made =
        state.run(move |db| agreements::make(db, &acting.actor, village, &proposal, now)).await?;
    Ok(HttpResponse::Created().json(AgreementOut::from(made)))
}

/// Agreements of a village
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "All of them, the newest first.", body = Page<AgreementOut>), Failures)
)]
#[get("/villages/{village_id}/agreements")]
pub async fn agreement_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<AgreementOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let rows = state
        .run(move |db| agreements::list(db, &acting.actor, village, before, limit + 1))
        .await?;
    let cursor = |row: &Agreement| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, AgreementOut::from)))
}

/// When an agreement ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on": "2026-12-31"}))]
pub struct AgreementEndIn {
    /// The last day on which it holds: today at the earliest, and within its term.
    on: NaiveDate,
}

/// End an agreement
#[utoipa::path(
    tag = "admin",
    request_body = AgreementEndIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("agreement_id" = Uuid, Path, description = "The agreement."),
    ),
    responses((status = 200, description = "With its new end.", body = AgreementOut), Failures)
)]
#[post("/villages/{village_id}/agreements/{agreement_id}/end")]
pub async fn agreement_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<AgreementEndIn>,
) -> Result<Json<AgreementOut>, Problem> {
    let (village, agreement) = (VillageId(path.0.0), AgreementId(path.0.1));
    let (on, now) = (body.value.on, state.clock.now());
    let ended = state
        .run(move |db| agreements::end(db, &acting.actor, village, agreement, on, now))
        .await?;
    Ok(Json(ended.into()))
}
