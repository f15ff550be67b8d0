//! Preparing a dividend or awards.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::dividend::PaidIn;
use domain::id::{RatingId, VillageId};
use domain::payout::{Deductions, PRIZES_MAX, Prize, RankedBy, TITLE_CHARS_MAX, Terms};
use domain::points::Fen;
use infra::payouts::{self, Draft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::out::PayoutOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::claims::a_day;
use crate::names::TrackName;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// The most payouts besides which another one is meant to be.
const BESIDES_MAX: u64 = 20;
/// The largest pool or prize, in fen.
const FEN_MAX: i64 = 1_000_000_000_000;

/// In what a dividend is paid out.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaidInName {
    /// To the fen.
    Fen,
    /// In whole yuan.
    WholeYuan,
}

/// What deductions of items that count for the dividend do to a weight.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeductionsName {
    /// Nothing: a fault costs points once.
    Ignored,
    /// They lower it, down to nothing.
    Lower,
}

/// By what a village ranks for its awards.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankedByName {
    /// The points earned in the period by items that count for the dividend.
    Points,
    /// The score of a rating in effect.
    Score,
}

/// A dividend to prepare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "2026年度积分分红", "from": "2026-01-01", "until": "2026-12-31",
    "pool_fen": 5000000, "paid_in": "whole_yuan", "deductions": "ignored"
}))]
pub struct DividendIn {
    /// What people call it.
    #[validate(length(max = TITLE_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    title: String,
    /// The first day of the period.
    #[validate(custom(function = "a_day"))]
    from: NaiveDate,
    /// The last day, which is over; two years at most.
    #[validate(custom(function = "a_day"))]
    until: NaiveDate,
    /// What is shared, in fen.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    pool_fen: i64,
    /// To the fen, or in whole yuan.
    #[schema(inline)]
    paid_in: PaidInName,
    /// What deductions do.
    #[schema(inline)]
    deductions: DeductionsName,
    /// Whether the redeemable points that a part is paid for are used up. By itself no points are taken.
    #[serde(default)]
    uses_up_points: bool,
    /// Dividends for days of the period besides which this one is meant to be; else it is refused.
    #[serde(default)]
    #[validate(length(max = BESIDES_MAX))]
    #[schema(max_items = 20)]
    besides: Vec<Uuid>,
}

/// What goes to some ranks.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 50000, "goods": "锦旗一面"
}))]
pub struct PrizeBody {
    /// The first rank that gets it.
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    from_rank: u32,
    /// The last one.
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    to_rank: u32,
    /// The title.
    #[validate(length(max = TITLE_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    title: String,
    /// Money for each, in fen.
    #[serde(default)]
    #[validate(range(min = 0, max = FEN_MAX))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    fen: i64,
    /// What is given besides, in words.
    #[serde(default)]
    #[validate(length(max = TITLE_CHARS_MAX))]
    #[schema(max_length = 60)]
    goods: String,
}

impl From<PrizeBody> for Prize {
    fn from(body: PrizeBody) -> Self {
        let PrizeBody { from_rank, to_rank, title, fen, goods } = body;
        Self { from_rank, to_rank, title, fen: Fen::new(fen), goods }
    }
}

impl From<Prize> for PrizeBody {
    fn from(prize: Prize) -> Self {
        let Prize { from_rank, to_rank, title, fen, goods } = prize;
        Self { from_rank, to_rank, title, fen: fen.get(), goods }
    }
}

/// Year-end awards to prepare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "2026年度积分表彰", "from": "2026-01-01", "until": "2026-12-31",
    "ranked_by": "points", "prizes": [
        {"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 50000, "goods": "锦旗一面"},
        {"from_rank": 2, "to_rank": 4, "title": "二等奖", "fen": 30000}
    ]
}))]
pub struct YearEndAwardsIn {
    /// What people call them.
    #[validate(length(max = TITLE_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    title: String,
    /// The first day of the period.
    #[validate(custom(function = "a_day"))]
    from: NaiveDate,
    /// The last day, which is over; two years at most.
    #[validate(custom(function = "a_day"))]
    until: NaiveDate,
    /// By points earned, or by the score of a rating.
    #[schema(inline)]
    ranked_by: RankedByName,
    /// The rating, in effect; for `score`, and only then.
    rating_id: Option<Uuid>,
    /// Who is ranked; everybody without one.
    track: Option<TrackName>,
    /// What goes to which ranks: from the first rank on without a gap.
    #[validate(length(min = 1, max = PRIZES_MAX), nested)]
    #[schema(min_items = 1, max_items = 20)]
    prizes: Vec<PrizeBody>,
    /// Awards for days of the period besides which these are meant to be, those of another track as well;
    /// else they are refused.
    #[serde(default)]
    #[validate(length(max = BESIDES_MAX))]
    #[schema(max_items = 20)]
    besides: Vec<Uuid>,
}

impl YearEndAwardsIn {
    fn ranked(&self) -> Result<RankedBy, Problem> {
        match (self.ranked_by, self.rating_id) {
            (RankedByName::Points, None) => Ok(RankedBy::Points),
            (RankedByName::Score, Some(id)) => Ok(RankedBy::Score { rating: RatingId(id) }),
            _ => {
                let message =
                    "按星级评定得分排名(ranked_by为score)时必须填写评定编号,按积分排名时不填";
                Err(Problem::field(crate::problem::Door::Invalid, "rating_id", message))
            }
        }
    }
}

/// Prepare a dividend (积分分红)
///
/// Shares a pool among all accounts of the village by the points that they earned in the period with
/// items that count for the dividend, what was reversed left out. The parts sum to the pool exactly: each
/// is rounded down, and what is left over goes, one fen or yuan each, to those who lost most by it
/// (largest remainder); of equals to who earned more, and then to the lower household number. Nothing
/// is public yet. `unsettled_claims` says how many claims of the period do not count since they are not
/// posted yet: when it is hung it is reckoned once more. `fund_short_fen` says what the fund lacks for it.
///
/// Refused: another dividend for days of the period that `besides` does not name; a period in which both
/// households and people earned points, since the rule book changed.
#[utoipa::path(
    tag = "admin",
    request_body = DividendIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Reckoned; a draft.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/dividends")]
pub async fn dividend_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<DividendIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let DividendIn { title, from, until, pool_fen, paid_in, deductions, uses_up_points, besides } =
        body.value;
    let terms = Terms::Dividend {
        pool: Fen::new(pool_fen),
        paid_in: match paid_in {
            PaidInName::Fen => PaidIn::Fen,
            PaidInName::WholeYuan => PaidIn::WholeYuan,
        },
        deductions: match deductions {
            DeductionsName::Ignored => Deductions::Ignored,
            DeductionsName::Lower => Deductions::Lower,
        },
        uses_up_points,
    };
    let draft = Draft { title: title.trim().to_owned(), period: (from, until), terms, besides };
    let row = state
        .run(move |db| payouts::create(db, &acting.actor, village, &draft, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}

/// Prepare year-end awards (年终表彰)
///
/// Ranks all accounts of the village, or of a track, and gives prizes by rank. Equals share a rank, each
/// gets its prize, and the next rank is left out (1, 2, 2, 4). Who is left out of ratings (moved away,
/// deceased, a student, an open legal case), and who has an uncorrected direct grade, has no rank; the
/// reason is on the line. Nothing is public yet.
///
/// The cycle of a rating that ranks lies in the period, and none of its lines is disputed. Other awards for
/// days of the period are named in `besides`. The total is at most what one voucher of the fund pays.
#[utoipa::path(
    tag = "admin",
    request_body = YearEndAwardsIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Reckoned; a draft.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/year-end-awards")]
pub async fn year_end_awards_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<YearEndAwardsIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let ranked = body.value.ranked()?;
    let YearEndAwardsIn { title, from, until, track, prizes, besides, .. } = body.value;
    let prizes = prizes.into_iter().map(Prize::from).collect();
    let terms = Terms::Awards { ranked, track: track.map(Into::into), prizes };
    let draft = Draft { title: title.trim().to_owned(), period: (from, until), terms, besides };
    let row = state
        .run(move |db| payouts::create(db, &acting.actor, village, &draft, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}
