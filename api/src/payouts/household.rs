//! What a household sees of its own parts.

use std::str::FromStr;

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{HouseholdId, VillageId};
use domain::points::Points;
use infra::payouts::{self, OwnPart};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::lines::HandoverOut;
use super::names::{PayoutKindName, PayoutStateName};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A household's part in a dividend or awards.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "payout_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "dividend",
    "title": "2026年度积分分红", "state": "effective",
    "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "total_fen": 5000000,
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "points": "91.5", "rank": null,
    "fen": 36600, "prize_title": null, "goods": null, "left_out": null, "used_up_points": "0",
    "handover": null
}))]
pub struct HouseholdPayoutOut {
    /// The dividend or awards.
    payout_id: Uuid,
    /// What is given out.
    kind: PayoutKindName,
    /// What people call it.
    title: String,
    /// Where it stands.
    state: PayoutStateName,
    /// The notice it is or was on.
    notice_id: Option<Uuid>,
    /// What all parts of the village come to, in fen.
    #[schema(minimum = 0)]
    total_fen: i64,
    /// The account.
    account_id: Uuid,
    /// The weight, or what it is ranked by.
    points: String,
    /// The rank, for awards.
    rank: Option<i32>,
    /// Money, in fen.
    #[schema(minimum = 0)]
    fen: i64,
    /// The title of the prize.
    prize_title: Option<String>,
    /// What is given besides money.
    goods: Option<String>,
    /// Why it has no part whatever its points.
    left_out: Option<String>,
    /// Redeemable points that the part used up.
    used_up_points: String,
    /// That it was handed out: who took it, how and when.
    handover: Option<HandoverOut>,
}

impl HouseholdPayoutOut {
    /// A part as it is shown.
    fn of(part: OwnPart) -> Result<Self, Problem> {
        let OwnPart { payout, line, handover } = part;
        Ok(Self {
            payout_id: payout.id,
            kind: payout.kind()?.into(),
            state: payout.state()?.into(),
            title: payout.title,
            notice_id: payout.notice_id,
            total_fen: payout.total,
            account_id: line.account_id,
            points: Points::from_hundredths(line.points).to_string(),
            rank: line.rank,
            fen: line.fen,
            prize_title: line.title,
            goods: line.goods,
            left_out: line.left_out,
            used_up_points: Points::from_hundredths(line.used_up).to_string(),
            handover: handover.map(Into::into),
        })
    }
}

/// Where a page ended: at a place of a payout.
struct Cursor(Uuid, i32);

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (id, place) = text.split_once('.').ok_or(())?;
        Ok(Self(id.parse().map_err(|_| ())?, place.parse().map_err(|_| ())?))
    }
}

/// List the parts of a household in dividends and awards
///
/// Of those that hang or hung on the notice board, the newest first. Where people have accounts of their
/// own a part goes with them when they move to another household.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The parts.", body = Page<HouseholdPayoutOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/payouts")]
pub async fn household_payout_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<HouseholdPayoutOut>>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let limit = query.0.limit;
    let after = query.0.after::<Cursor>()?.map(|Cursor(id, place)| (id, place));
    let why = reading.at(state.clock.now());
    let parts = state
        .run(move |db| {
            let page = (after, limit + 1);
            payouts::of_household(db, &acting.actor, village, household, page, &why)
        })
        .await?;
    let shown = |part: OwnPart| {
        let cursor = format!("{}.{}", part.payout.id, part.line.place);
        Ok((cursor, HouseholdPayoutOut::of(part)?))
    };
    let shown = parts.into_iter().map(shown).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Json(Page::from_one_more(shown, limit, |(cursor, _)| cursor.clone(), |(_, part)| part)))
}
