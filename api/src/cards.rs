//! Printed cards for people without a phone.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{AccountId, CardId, HouseholdId, VillageId};
use domain::points::Fen;
use infra::cards::{self, HouseholdCard, Order};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::agreements::FEN_MAX;
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::merchants::ReasonIn;
use crate::pagination::{LIMIT_MAX, Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A card to issue.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "pin": "280415",
    "daily_ceiling_fen": 5_000
}))]
pub struct CardIn {
    /// The household, where households have accounts.
    household_id: Option<Uuid>,
    /// The villager, where persons have accounts. Exactly one of the two.
    villager_id: Option<Uuid>,
    /// Six digits that the holder chose: not all the same, not a run such as 123456.
    #[validate(length(min = 6, max = 6))]
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pin: String,
    /// The most that this card may take in a day, in fen: discounts at shops, and what is redeemed at points
    /// stores, together.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    daily_ceiling_fen: i64,
}

/// A card, without its number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "card_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "daily_ceiling_fen": 5_000,
    "tries_left": 5, "issued_at": "2026-10-12T10:00:00+08:00", "blocked_at": null,
    "blocked_why": null
}))]
pub struct CardOut {
    /// Its id.
    card_id: Uuid,
    /// The household.
    household_id: Uuid,
    /// The account that it shows.
    account_id: Uuid,
    /// The most that it may take in a day, in fen.
    daily_ceiling_fen: i64,
    /// How many wrong PINs are left.
    #[schema(minimum = 0, maximum = 5)]
    tries_left: i16,
    /// When it was issued.
    issued_at: String,
    /// When it was blocked.
    blocked_at: Option<String>,
    /// Why: what was said, or `wrong_pin` after the fifth wrong PIN.
    blocked_why: Option<String>,
}

impl From<HouseholdCard> for CardOut {
    fn from(HouseholdCard { household, card }: HouseholdCard) -> Self {
        Self {
            card_id: card.id,
            household_id: household.0,
            account_id: card.account_id,
            daily_ceiling_fen: card.daily_ceiling,
            tries_left: card.tries_left,
            issued_at: crate::time::shown(card.issued_at),
            blocked_at: card.blocked_at.map(crate::time::shown),
            blocked_why: card.blocked_why,
        }
    }
}

/// A card that was just issued.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "card": {
        "card_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63",
        "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
        "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "daily_ceiling_fen": 5_000,
        "tries_left": 5, "issued_at": "2026-10-12T10:00:00+08:00", "blocked_at": null,
        "blocked_why": null
    },
    "number": "4071835520964183"
}))]
pub struct IssuedOut {
    /// The card.
    card: CardOut,
    /// The number to print on it, told only here: 16 digits.
    #[schema(min_length = 16, max_length = 16, example = "4071835520964183")]
    number: String,
}

/// Issue a card
///
/// The number is random, told once and stored as a hash only. A card that is lost or blocked is
/// replaced by a new one.
#[utoipa::path(
    tag = "admin",
    request_body = CardIn,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 201, description = "Issued.", body = IssuedOut), Failures)
)]
#[post("/villages/{village_id}/cards")]
pub async fn card_issue(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<CardIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now, card) = (VillageId(path.0), state.clock.now(), body.value);
    let account = match (card.household_id, card.villager_id) {
        (Some(id), None) | (None, Some(id)) => AccountId(id),
        _ => {
            let message = "either household_id or villager_id";
            return Err(Problem::field(Door::Invalid, "household_id", message));
        }
    };
    let order = Order { account, pin: card.pin, daily_ceiling: Fen::new(card.daily_ceiling_fen) };
    let issued = state.run(move |db| cards::issue(db, &acting.actor, village, &order, now)).await?;
    let out = IssuedOut { card: issued.card.into(), number: issued.number };
    Ok(HttpResponse::Created().json(out))
}

/// Which cards.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CardQuery {
    /// Those of this household only. A villager sees the own household's.
    household_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

const fn twenty() -> i64 {
    20
}

/// Cards
///
/// Of a household, or of the whole village; the newest first. Numbers are nowhere.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."), CardQuery, ReadingHeader,
    ),
    responses((status = 200, description = "The cards.", body = Page<CardOut>), Failures)
)]
#[get("/villages/{village_id}/cards")]
pub async fn card_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<CardQuery>,
) -> Result<Json<Page<CardOut>>, Problem> {
    let CardQuery { household_id, limit, cursor } = query.0;
    let (village, household) = (VillageId(path.0), household_id.map(HouseholdId));
    let before = PageQuery { limit, cursor }.after()?;
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| cards::list(db, &acting.actor, village, household, before, limit + 1, &why))
        .await?;
    let cursor = |row: &HouseholdCard| row.card.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, CardOut::from)))
}

/// Block a card
///
/// At once: also what was scanned with it a moment ago can no longer be sold. A household blocks
/// the card that it lost; cadres block any. Blocking it again changes nothing.
#[utoipa::path(
    tag = "mini-program",
    request_body = ReasonIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("card_id" = Uuid, Path, description = "The card."),
    ),
    responses((status = 200, description = "Blocked.", body = CardOut), Failures)
)]
#[post("/villages/{village_id}/cards/{card_id}/block")]
pub async fn card_block(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ReasonIn>,
) -> Result<Json<CardOut>, Problem> {
    let (village, card, now) = (VillageId(path.0.0), CardId(path.0.1), state.clock.now());
    let blocked = state
        .run(move |db| cards::block(db, &acting.actor, village, card, &body.value.reason, now))
        .await?;
    Ok(Json(blocked.into()))
}
