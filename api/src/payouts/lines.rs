//! The pay list, and handing parts out.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{AccountId, PayoutId, VillageId};
use domain::payout::{HandOver, How};
use domain::points::Points;
use infra::payouts::{self, HandoverRow, ShownLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// How a part came to whom it is for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandoverHow {
    /// In cash.
    Cash,
    /// On the household's card (一卡通).
    Card,
    /// To a bank account.
    Transfer,
    /// As goods.
    Goods,
}

/// Why a handover is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "登记错户,该户尚未领取"}))]
pub struct HandoverReversalIn {
    /// Why.
    #[validate(length(max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// A part that is handed out.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"how": "cash", "received_by": "王秀英"}))]
pub struct HandoverIn {
    /// How.
    #[schema(inline)]
    how: HandoverHow,
    /// Who took it, by name.
    #[validate(length(max = 60), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    received_by: String,
    /// What else is to be known; needed for the part of somebody who died or moved away.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    note: String,
}

/// That a part was handed out, or that this was put down by mistake.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "how": "cash", "received_by": "王秀英", "note": "", "reverses": false,
    "handed_out_by": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "handed_out_at": "2027-01-15T09:30:00+08:00"
}))]
pub struct HandoverOut {
    /// `cash`, `card`, `transfer` or `goods`.
    how: String,
    /// Who took it.
    received_by: String,
    /// What else is to be known; for a reversal the reason.
    note: String,
    /// Whether it takes back what was put down by mistake.
    reverses: bool,
    /// Who put it down.
    handed_out_by: Uuid,
    /// When.
    handed_out_at: String,
}

impl From<HandoverRow> for HandoverOut {
    fn from(row: HandoverRow) -> Self {
        Self {
            how: row.how,
            received_by: row.received_by,
            note: row.note,
            reverses: row.reverses,
            handed_out_by: row.handed_out_by,
            handed_out_at: shown(row.handed_out_at),
        }
    }
}

/// A line of a pay list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "place": 17, "household_number": "017",
    "name": "王秀英", "residence": "resident", "points": "91.5", "rank": null, "fen": 36600,
    "title": null, "goods": null, "left_out": null, "used_up_points": "0", "handover": null
}))]
pub struct PayoutLineOut {
    /// The account.
    account_id: Uuid,
    /// Where it stands on the list, the first being 1: in the order of household numbers.
    place: i32,
    /// 户号.
    household_number: String,
    /// The person's name, or that of the head of the household.
    name: Option<String>,
    /// Where that person stands: `resident`, `student`, `moved_away`, `deceased`, `open_legal_case`.
    residence: Option<String>,
    /// The weight, or what it is ranked by.
    points: String,
    /// The rank, for awards; equals share one.
    rank: Option<i32>,
    /// Money, in fen.
    #[schema(minimum = 0)]
    fen: i64,
    /// The title of the prize.
    title: Option<String>,
    /// What is given besides money.
    goods: Option<String>,
    /// Why it has no part whatever its points: `no_resident`, `student`, `moved_away`, `deceased`,
    /// `open_legal_case`, `direct_grade`, `not_rated`, `other_track` or `struck`.
    left_out: Option<String>,
    /// Redeemable points that the part used up.
    used_up_points: String,
    /// That it was handed out.
    handover: Option<HandoverOut>,
}

impl From<ShownLine> for PayoutLineOut {
    fn from(line: ShownLine) -> Self {
        let ShownLine { row, household_number, name, residence, handover, .. } = line;
        Self {
            account_id: row.account_id,
            place: row.place,
            household_number,
            name,
            residence,
            points: Points::from_hundredths(row.points).to_string(),
            rank: row.rank,
            fen: row.fen,
            title: row.title,
            goods: row.goods,
            left_out: row.left_out,
            used_up_points: Points::from_hundredths(row.used_up).to_string(),
            handover: handover.map(Into::into),
        }
    }
}

/// List the lines of a dividend or of awards
///
/// All accounts in the order of household numbers, with the part of each, why one has none, and how it
/// was handed out.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The lines.", body = Page<PayoutLineOut>), Failures)
)]
#[get("/villages/{village_id}/payouts/{payout_id}/lines")]
pub async fn payout_line_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<PayoutLineOut>>, Problem> {
    let (village, id) = (VillageId(path.0.0), PayoutId(path.0.1));
    let (limit, after) = (query.0.limit, query.0.after::<i32>()?.unwrap_or(0));
    let why = reading.at(state.clock.now());
    let lines = state
        .run(move |db| payouts::lines(db, &acting.actor, village, (id, after), limit + 1, &why))
        .await?;
    let cursor = |line: &ShownLine| line.row.place.to_string();
    Ok(Json(Page::from_one_more(lines, limit, cursor, PayoutLineOut::from)))
}

/// Mark a part as handed out
///
/// Once it was paid out of the fund; each part once, and not to one's own household or declared kin. Whose part it is is
/// told at once. The part of somebody who died or moved away is not lost: a note says who took it.
#[utoipa::path(
    tag = "admin",
    request_body = HandoverIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        ("account_id" = Uuid, Path, description = "The account whose part it is."),
        KeyHeader,
    ),
    responses((status = 201, description = "Recorded.", body = HandoverOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/lines/{account_id}/handovers")]
pub async fn payout_hand_out(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
    key: Key,
    body: Body<HandoverIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let account = AccountId(path.0.2);
    let once = key.once(acting.actor.user, &body.hash);
    let HandoverIn { how, received_by, note } = body.value;
    let how = match how {
        HandoverHow::Cash => How::Cash,
        HandoverHow::Card => How::Card,
        HandoverHow::Transfer => How::Transfer,
        HandoverHow::Goods => How::Goods,
    };
    let said = HandOver { how, received_by, note };
    let row = state
        .run(move |db| {
            payouts::hand_out(db, &acting.actor, village, (id, account, &said), &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(HandoverOut::from(row)))
}

/// Take back that a part was handed out
///
/// For what was put down by mistake, by somebody else than who put it down, with the reason; not for one's
/// own household or declared kin. Both stay on record. Whose part it is is told at once, and it waits to be
/// handed out again.
#[utoipa::path(
    tag = "admin",
    request_body = HandoverReversalIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        ("account_id" = Uuid, Path, description = "The account whose part it is."),
        KeyHeader,
    ),
    responses((status = 201, description = "Taken back.", body = HandoverOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/lines/{account_id}/handover-reversals")]
pub async fn payout_handover_reverse(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
    key: Key,
    body: Body<HandoverReversalIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let account = AccountId(path.0.2);
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let row = state
        .run(move |db| {
            let part = (id, account, reason.as_str());
            payouts::reverse_handover(db, &acting.actor, village, part, &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(HandoverOut::from(row)))
}
