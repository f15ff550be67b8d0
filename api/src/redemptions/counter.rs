//! At the counter: look up, hand over, redeem for a card, take back.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{RedemptionId, StoreId, VillageId};
use domain::points::Fen;
use domain::store::QUANTITY_MAX;
use infra::redemptions::{self, CardOrder, Faulty, Proof, Receipt};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{RedemptionIn, RedemptionOut, RedemptionQuery};
use crate::agreements::FEN_MAX;
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// What somebody shows at the counter: exactly one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "40718355"}))]
pub struct PickupProofIn {
    /// The eight digits of the code.
    #[validate(length(min = 8, max = 8))]
    #[schema(min_length = 8, max_length = 8, pattern = "^[0-9]{8}$")]
    code: Option<String>,
    /// What the QR holds.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    qr: Option<String>,
}

impl TryFrom<PickupProofIn> for Proof {
    type Error = Problem;

    fn try_from(proof: PickupProofIn) -> Result<Self, Problem> {
        match (proof.code, proof.qr) {
            (Some(code), None) => Ok(Self::Code(code)),
            (None, Some(qr)) => Ok(Self::Qr(qr)),
            _ => Err(Problem::field(Door::Invalid, "code", "either code or qr")),
        }
    }
}

/// Look up what waits for a code or QR
///
/// What to bring and what cash is due, before it is handed over. Ten wrong codes of one person in ten
/// minutes, or thirty of all who stand at the counter, and it takes no more of theirs until the minutes are
/// over; a QR still goes. Wrong codes are recorded.
#[utoipa::path(
    tag = "merchant",
    request_body = PickupProofIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
    ),
    responses((status = 200, description = "What waits.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/pickup-lookups")]
pub async fn pickup_look_up(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<PickupProofIn>,
) -> Result<Json<RedemptionOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), StoreId(path.0.1)), state.clock.now());
    let proof = Proof::try_from(body.value)?;
    let receipt =
        state.run(move |db| redemptions::look_up(db, &acting.actor, at, &proof, now)).await?;
    Ok(Json(receipt.into()))
}

/// The most cash for one redemption, in fen: the most beside one piece, for [`QUANTITY_MAX`] pieces.
const CASH_MAX: i64 = FEN_MAX * 100;
const _: () = assert!(QUANTITY_MAX == 100);

/// What is handed over, and the cash that was taken for it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"proof": {"code": "40718355"}, "cash_taken_fen": 500}))]
pub struct PickupIn {
    /// What somebody showed.
    #[validate(nested)]
    proof: PickupProofIn,
    /// The cash that was taken: what is due, which may be nothing.
    #[validate(range(min = 0, max = CASH_MAX))]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64)]
    cash_taken_fen: i64,
}

/// Hand over what was redeemed (核销)
///
/// All of it, for the cash that is due. Nobody hands over to their own household. An app that sends it
/// twice with the same key hands over once.
#[utoipa::path(
    tag = "merchant",
    request_body = PickupIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        KeyHeader,
    ),
    responses((status = 201, description = "Handed over.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/pickups")]
pub async fn pickup_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<PickupIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), StoreId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let cash = Fen::new(body.value.cash_taken_fen);
    let proof = Proof::try_from(body.value.proof)?;
    let receipt = state
        .run(move |db| redemptions::hand_over(db, &acting.actor, at, (&proof, cash), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(RedemptionOut::from(receipt)))
}

/// What somebody with a card wants.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "card_number": "4071835520964183", "pin": "280415",
    "order": {"goods_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f72", "quantity": 1}
}))]
pub struct CardRedemptionIn {
    /// The number on the card.
    #[validate(length(min = 16, max = 16))]
    #[schema(min_length = 16, max_length = 16, pattern = "^[0-9]{16}$")]
    card_number: String,
    /// Its PIN, typed by the holder.
    #[validate(length(min = 6, max = 6))]
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pin: String,
    /// What they want.
    #[validate(nested)]
    order: RedemptionIn,
}

/// Redeem at the counter with a card
///
/// For people without a phone: with the card and its PIN points are taken, the cash that is due besides is
/// paid, and it is handed over at once. Five wrong PINs block the card. What a card takes in a day is worth
/// no more than its ceiling. Not for the keeper's own household.
#[utoipa::path(
    tag = "merchant",
    request_body = CardRedemptionIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        KeyHeader,
    ),
    responses((status = 201, description = "Handed over.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/card-redemptions")]
pub async fn card_redemption_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<CardRedemptionIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), StoreId(path.0.1)), state.clock.now());
    state.limits.card(acting.actor.user.0)?;
    let once = key.once(acting.actor.user, &body.hash);
    let CardRedemptionIn { card_number, pin, order } = body.value;
    let asked = CardOrder { number: card_number, pin, order: order.into() };
    let receipt = state
        .run(move |db| redemptions::redeem_with_card(db, &acting.actor, at, &asked, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(RedemptionOut::from(receipt)))
}

/// What was redeemed at a store
///
/// The newest first, with masked names and without codes.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        RedemptionQuery, ReadingHeader,
    ),
    responses((status = 200, description = "The redemptions.", body = Page<RedemptionOut>), Failures)
)]
#[get("/villages/{village_id}/stores/{store_id}/redemptions")]
pub async fn store_redemption_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<RedemptionQuery>,
) -> Result<Json<Page<RedemptionOut>>, Problem> {
    let at = (VillageId(path.0.0), StoreId(path.0.1));
    let RedemptionQuery { state: stands, limit, cursor } = query.0;
    let page = (PageQuery { limit, cursor }.after()?, limit + 1);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            redemptions::of_store(db, &acting.actor, at, stands.map(Into::into), page, &why)
        })
        .await?;
    let cursor = |row: &Receipt| row.redemption_id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, RedemptionOut::from)))
}

/// What becomes of goods that are taken back.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultyGoods {
    /// They are back on the shelf.
    BackOnShelf,
    /// They are spoilt.
    WrittenOff,
}

/// Why something is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "瓶盖漏油", "goods": "written_off"}))]
pub struct RedemptionRefundIn {
    /// Why; the household reads it.
    #[validate(length(min = 1, max = 200), custom(function = filled))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// What becomes of the goods; of a service it says nothing.
    goods: FaultyGoods,
}

/// Take back what was handed over
///
/// Within the days that the store set: the points return, and the cash is paid back at the counter. Not for
/// one's own household.
#[utoipa::path(
    tag = "merchant",
    request_body = RedemptionRefundIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("redemption_id" = Uuid, Path, description = "The redemption."),
        KeyHeader,
    ),
    responses((status = 200, description = "Taken back.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/redemptions/{redemption_id}/refund")]
pub async fn redemption_refund(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RedemptionRefundIn>,
) -> Result<Json<RedemptionOut>, Problem> {
    let (which, now) = ((VillageId(path.0.0), RedemptionId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let RedemptionRefundIn { reason, goods } = body.value;
    let faulty = match goods {
        FaultyGoods::BackOnShelf => Faulty::BackOnShelf,
        FaultyGoods::WrittenOff => Faulty::WrittenOff,
    };
    let receipt = state
        .run(move |db| redemptions::refund(db, &acting.actor, which, (&reason, faulty), &once, now))
        .await?;
    Ok(Json(receipt.into()))
}
