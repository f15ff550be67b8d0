//! A dividend or awards as they are shown, and their list.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::dividend::PaidIn;
use domain::id::{PayoutId, VillageId};
use domain::payout::{Deductions, RankedBy, Terms};
use infra::payouts::{self, Overview, PayoutRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::draft::{DeductionsName, PaidInName, PrizeBody, RankedByName};
use super::names::{PayoutKindName, PayoutStateName};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::names::TrackName;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// What the assembly resolved of a payout.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "held_on": "2027-01-05", "present": 42, "votes_for": 40, "votes_against": 1
}))]
pub struct PayoutVoteOut {
    /// The day of the assembly.
    held_on: NaiveDate,
    /// How many were present.
    present: u32,
    /// How many voted for it.
    votes_for: u32,
    /// How many voted against it.
    votes_against: u32,
}

/// The terms of a dividend or of awards: the fields of the other are none.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(example = json!({
    "pool_fen": 5000000, "paid_in": "whole_yuan", "deductions": "ignored",
    "uses_up_points": false, "ranked_by": null, "rating_id": null, "track": null, "prizes": []
}))]
pub struct PayoutTermsOut {
    /// What a dividend shares, in fen.
    pool_fen: Option<i64>,
    /// In what it is paid.
    #[schema(inline)]
    paid_in: Option<PaidInName>,
    /// What deductions do.
    #[schema(inline)]
    deductions: Option<DeductionsName>,
    /// Whether redeemable points are used up.
    uses_up_points: bool,
    /// By what awards rank.
    #[schema(inline)]
    ranked_by: Option<RankedByName>,
    /// The rating that ranks.
    rating_id: Option<Uuid>,
    /// Who is ranked.
    track: Option<TrackName>,
    /// What goes to which ranks.
    #[schema(max_items = 20)]
    prizes: Vec<PrizeBody>,
}

impl From<Terms> for PayoutTermsOut {
    fn from(terms: Terms) -> Self {
        match terms {
            Terms::Dividend { pool, paid_in, deductions, uses_up_points } => Self {
                pool_fen: Some(pool.get()),
                paid_in: Some(match paid_in {
                    PaidIn::Fen => PaidInName::Fen,
                    PaidIn::WholeYuan => PaidInName::WholeYuan,
                }),
                deductions: Some(match deductions {
                    Deductions::Ignored => DeductionsName::Ignored,
                    Deductions::Lower => DeductionsName::Lower,
                }),
                uses_up_points,
                ..Self::default()
            },
            Terms::Awards { ranked, track, prizes } => {
                let (ranked_by, rating_id) = match ranked {
                    RankedBy::Points => (RankedByName::Points, None),
                    RankedBy::Score { rating } => (RankedByName::Score, Some(rating.0)),
                };
                Self {
                    ranked_by: Some(ranked_by),
                    rating_id,
                    track: track.map(Into::into),
                    prizes: prizes.into_iter().map(Into::into).collect(),
                    ..Self::default()
                }
            }
        }
    }
}

/// A dividend or awards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "dividend",
    "title": "2026年度积分分红", "from": "2026-01-01", "until": "2026-12-31", "state": "paid",
    "terms": {
        "pool_fen": 5000000, "paid_in": "whole_yuan", "deductions": "ignored",
        "uses_up_points": false, "ranked_by": null, "rating_id": null, "track": null, "prizes": []
    },
    "reckoning": 1, "as_of": "2027-01-04T09:00:00+08:00", "total_fen": 5000000,
    "unsettled_claims": 0, "fund_short_fen": 0, "changed_since_vote": false, "renewed": false,
    "vote": {"held_on": "2027-01-05", "present": 42, "votes_for": 40, "votes_against": 1},
    "notice_days": 7, "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "effective_at": "2027-01-13T00:00:00+08:00", "paid_at": "2027-01-14T10:00:00+08:00",
    "fund_account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "fund_voucher_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "document": "支2027-003",
    "withdrawn_reason": null, "version": 5
}))]
pub struct PayoutOut {
    /// Its id.
    id: Uuid,
    /// What is given out.
    kind: PayoutKindName,
    /// What people call it.
    title: String,
    /// The first day of the period.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// Where it stands.
    state: PayoutStateName,
    /// By which terms.
    terms: PayoutTermsOut,
    /// The number of its reckoning, the first being 1. None is replaced by the next: a notice goes on
    /// showing the lines that hang on it.
    #[schema(minimum = 1)]
    reckoning: i16,
    /// When it was reckoned. What was recorded later does not count.
    as_of: String,
    /// What all parts come to, in fen.
    #[schema(minimum = 0)]
    total_fen: i64,
    /// How many claims of the period were certified, hung or were disputed when it was reckoned: they do
    /// not count in it.
    #[schema(minimum = 0)]
    unsettled_claims: i32,
    /// By how much the fullest account of the fund holds less than the total, in fen: then it cannot be
    /// paid yet. In the answer to a step as of that step, when it is shown as of now.
    #[schema(minimum = 0)]
    fund_short_fen: i64,
    /// Whether it was reckoned anew since the assembly voted for it, and came out otherwise.
    changed_since_vote: bool,
    /// Whether it was reckoned anew since it was hung: then it hangs once more.
    renewed: bool,
    /// What the assembly resolved.
    vote: Option<PayoutVoteOut>,
    /// For how many days it hangs.
    notice_days: Option<i16>,
    /// The notice it is or was on.
    notice_id: Option<Uuid>,
    /// Since when it holds.
    effective_at: Option<String>,
    /// When it was paid out of the fund.
    paid_at: Option<String>,
    /// Out of which account.
    fund_account_id: Option<Uuid>,
    /// The voucher of the fund.
    fund_voucher_id: Option<Uuid>,
    /// The number of the document.
    document: Option<String>,
    /// Why it was taken back.
    withdrawn_reason: Option<String>,
    /// Grows with every change.
    version: i32,
}

impl PayoutOut {
    /// A payout as it is shown.
    ///
    /// # Errors
    /// A bug if what is stored cannot be read.
    pub fn of(row: PayoutRow) -> Result<Self, Problem> {
        let vote = row.resolution()?.map(|vote| PayoutVoteOut {
            held_on: vote.held_on,
            present: vote.present,
            votes_for: vote.votes_for,
            votes_against: vote.votes_against,
        });
        Ok(Self {
            terms: row.terms()?.into(),
            vote,
            id: row.id,
            kind: row.kind()?.into(),
            state: row.state()?.into(),
            changed_since_vote: row.changed_since_vote(),
            reckoning: row.reckoning,
            unsettled_claims: row.unsettled_claims,
            fund_short_fen: row.fund_short,
            title: row.title,
            from: row.from_day,
            until: row.until_day,
            as_of: shown(row.as_of),
            total_fen: row.total,
            renewed: row.renewed,
            notice_days: row.notice_days,
            notice_id: row.notice_id,
            effective_at: row.effective_at.map(shown),
            paid_at: row.paid_at.map(shown),
            fund_account_id: row.fund_account_id,
            fund_voucher_id: row.fund_voucher_id,
            document: row.document,
            withdrawn_reason: row.withdrawn_reason,
            version: row.version,
        })
    }
}

/// A dividend or awards with how far they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "payout": {
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "dividend",
        "title": "2026年度积分分红", "from": "2026-01-01", "until": "2026-12-31", "state": "draft",
        "terms": {
            "pool_fen": 5000000, "paid_in": "whole_yuan", "deductions": "ignored",
            "uses_up_points": false, "ranked_by": null, "rating_id": null, "track": null,
            "prizes": []
        },
        "reckoning": 1, "as_of": "2027-01-04T09:00:00+08:00", "total_fen": 5000000,
        "unsettled_claims": 3, "fund_short_fen": 1200000, "changed_since_vote": false,
        "renewed": false, "vote": null,
        "notice_days": null, "notice_id": null, "effective_at": null, "paid_at": null,
        "fund_account_id": null, "fund_voucher_id": null, "document": null,
        "withdrawn_reason": null, "version": 1
    },
    "parts": 187, "handed_out": 0
}))]
pub struct PayoutShownOut {
    /// What it is.
    payout: PayoutOut,
    /// How many parts there are to hand out.
    #[schema(minimum = 0)]
    parts: i64,
    /// How many were handed out.
    #[schema(minimum = 0)]
    handed_out: i64,
}

/// List dividends and awards
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The newest first.", body = Page<PayoutOut>), Failures)
)]
#[get("/villages/{village_id}/payouts")]
pub async fn payout_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<PayoutOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| payouts::list(db, &acting.actor, village, before, limit + 1, &why))
        .await?;
    let shown = rows.into_iter().map(PayoutOut::of).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Json(Page::from_one_more(shown, limit, |one| one.id.to_string(), |one| one)))
}

/// Show a dividend or awards
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        ReadingHeader,
    ),
    responses((status = 200, description = "How it stands.", body = PayoutShownOut), Failures)
)]
#[get("/villages/{village_id}/payouts/{payout_id}")]
pub async fn payout_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<PayoutShownOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), PayoutId(path.0.1));
    let why = reading.at(state.clock.now());
    let Overview { row, parts, handed_out } =
        state.run(move |db| payouts::show(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(PayoutShownOut { payout: PayoutOut::of(row)?, parts, handed_out }))
}
