//! Proofs of a star (星级证明): made, shown as a QR and taken back by a household, read at a counter.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use domain::id::{AccountId, HouseholdId, StarProofId, VillageId};
use domain::star_proof::{CYCLES_MAX, DAYS_MAX, READINGS_DEFAULT, READINGS_MAX, Scope, WORDS_MAX};
use infra::db::Db;
use infra::star_proofs::{self, ProofRow, Proven, ReadingRow, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::limits::address_of;
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// What whoever reads a proof sees.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofShows {
    /// The village and the star.
    Star,
    /// The masked name besides.
    StarAndName,
    /// The stars of the last ratings besides.
    StarAndHistory,
}

/// A proof to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "信用社贷款", "shows": "star_and_name", "days": 7}))]
pub struct StarProofIn {
    /// Whose star: the household's where the book rates households, one's own where it rates people, and none
    /// other. May be left out.
    account_id: Option<Uuid>,
    /// What it is for: whoever reads it sees it.
    #[validate(length(max = WORDS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    purpose: String,
    /// What it shows.
    #[schema(inline)]
    shows: ProofShows,
    /// Of how many ratings, for `star_and_history` and only then.
    #[validate(range(min = 1, max = CYCLES_MAX))]
    #[schema(minimum = 1, maximum = 12)]
    cycles: Option<u8>,
    /// For how many days it is good.
    #[validate(range(min = 1, max = DAYS_MAX))]
    #[schema(minimum = 1, maximum = 30)]
    days: u16,
    /// How often it can be read.
    #[serde(default = "three")]
    #[validate(range(min = 1, max = READINGS_MAX))]
    #[schema(minimum = 1, maximum = 20, default = 3)]
    readings_max: u16,
}

const fn three() -> u16 {
    READINGS_DEFAULT
}

impl StarProofIn {
    fn scope(&self) -> Result<Scope, Problem> {
        match (self.shows, self.cycles) {
            (ProofShows::Star, None) => Ok(Scope::Star),
            (ProofShows::StarAndName, None) => Ok(Scope::StarAndName),
            (ProofShows::StarAndHistory, Some(cycles)) => Ok(Scope::StarAndHistory { cycles }),
            _ => {
                let message = "显示历次星级时须写明期数,其他情况不写。";
                Err(Problem::field(Door::Invalid, "cycles", message))
            }
        }
    }
}

/// A proof of a star.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "purpose": "信用社贷款",
    "shows": "star_and_name", "cycles": null, "made_at": "2027-01-10T09:00:00+08:00",
    "valid_until": "2027-01-17T09:00:00+08:00", "readings_max": 3, "readings": 1,
    "revoked_at": null, "good": true,
    "token": "AZMtWmwAejuPABssPU5fYAGTLVpsAHo7jwAbLD1OX2E…"
}))]
pub struct StarProofOut {
    /// Its id.
    id: Uuid,
    /// The account whose star it shows.
    account_id: Uuid,
    /// What it is for.
    purpose: String,
    /// What it shows.
    #[schema(inline)]
    shows: ProofShows,
    /// Of how many ratings.
    cycles: Option<u8>,
    /// When it was made.
    made_at: String,
    /// Until when it is good.
    valid_until: String,
    /// How often it can be read.
    #[schema(minimum = 1, maximum = 20)]
    readings_max: i16,
    /// How often it was.
    #[schema(minimum = 0, maximum = 20)]
    readings: i16,
    /// When it was taken back.
    revoked_at: Option<String>,
    /// Whether it can be read: in time, not taken back and not used up.
    good: bool,
    /// The text of its QR, as long as it is good. Whoever has it reads the proof.
    #[schema(max_length = 120)]
    token: Option<String>,
}

impl StarProofOut {
    fn of(db: &Db, row: &ProofRow, now: DateTime<Utc>) -> Result<Self, infra::error::Error> {
        let good = row.is_good(now);
        let (shows, cycles) = match row.scope()? {
            Scope::Star => (ProofShows::Star, None),
            Scope::StarAndName => (ProofShows::StarAndName, None),
            Scope::StarAndHistory { cycles } => (ProofShows::StarAndHistory, Some(cycles)),
        };
        Ok(Self {
            id: row.id,
            account_id: row.account_id,
            purpose: row.purpose.clone(),
            shows,
            cycles,
            made_at: shown(row.made_at),
            valid_until: shown(row.valid_until),
            readings_max: row.readings_max,
            readings: row.readings,
            revoked_at: row.revoked_at.map(shown),
            good,
            token: good
                .then(|| star_proofs::token_of(db, VillageId(row.village_id), StarProofId(row.id))),
        })
    }
}

/// A reading of a proof.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "reader": "龙场信用社柜台", "stars": 4,
    "at": "2027-01-12T10:20:00+08:00"
}))]
pub struct StarProofReadingOut {
    /// The reading.
    id: Uuid,
    /// Who the reader said they were.
    reader: String,
    /// The stars that were shown.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// When.
    at: String,
}

impl From<ReadingRow> for StarProofReadingOut {
    fn from(row: ReadingRow) -> Self {
        Self { id: row.id, reader: row.reader, stars: row.stars, at: shown(row.at) }
    }
}

/// Make a proof of a star
///
/// Good for 1 to 30 days and 1 to 20 readings; a household has ten at most that are. Where the book rates
/// people, everybody shows their own star only. Its token is shown as a QR, and whoever
/// has it reads what the proof shows and nothing else: see `star_proof_read`.
#[utoipa::path(
    tag = "mini-program",
    request_body = StarProofIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
        KeyHeader,
    ),
    responses((status = 201, description = "Made.", body = StarProofOut), Failures)
)]
#[post("/villages/{village_id}/households/{household_id}/star-proofs")]
pub async fn star_proof_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<StarProofIn>,
) -> Result<HttpResponse, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let scope = body.value.scope()?;
    let StarProofIn { account_id, purpose, days, readings_max, .. } = body.value;
    let account = account_id.map(AccountId);
    let wanted = Wanted { account, purpose, scope, days, readings_max };
    let made = state
        .run(move |db| {
            let of = (household, &wanted);
            let row = star_proofs::create(db, &acting.actor, village, of, &once, now)?;
            StarProofOut::of(db, &row, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(made))
}

/// List the proofs of the own household
///
/// The newest first: those of the household, and one's own. A proof of a person goes with them when they
/// move to another household.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
        PageQuery,
    ),
    responses((status = 200, description = "The proofs.", body = Page<StarProofOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/star-proofs")]
pub async fn star_proof_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<StarProofOut>>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (limit, before, now) = (query.0.limit, query.0.after()?, state.clock.now());
    let proofs = state
        .run(move |db| {
            let page = (before, limit + 1);
            let rows = star_proofs::list(db, &acting.actor, village, household, page)?;
            rows.iter().map(|row| StarProofOut::of(db, row, now)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(Json(Page::from_one_more(proofs, limit, |proof| proof.id.to_string(), |proof| proof)))
}

/// Take a proof back
///
/// Nobody reads it from now on.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
        ("star_proof_id" = Uuid, Path, description = "The proof."),
    ),
    responses((status = 204, description = "Taken back."), Failures)
)]
#[delete("/villages/{village_id}/households/{household_id}/star-proofs/{star_proof_id}")]
pub async fn star_proof_revoke(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0.0), state.clock.now());
    let of = (HouseholdId(path.0.1), StarProofId(path.0.2));
    state.run(move |db| star_proofs::revoke(db, &acting.actor, village, of, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List who read a proof
///
/// Every reading, the newest first.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
        ("star_proof_id" = Uuid, Path, description = "The proof."),
        PageQuery,
    ),
    responses((status = 200, description = "The readings.", body = Page<StarProofReadingOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/star-proofs/{star_proof_id}/readings")]
pub async fn star_proof_reading_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<StarProofReadingOut>>, Problem> {
    let village = VillageId(path.0.0);
    let of = (HouseholdId(path.0.1), StarProofId(path.0.2));
    let (limit, before) = (query.0.limit, query.0.after()?);
    let rows = state
        .run(move |db| star_proofs::readings(db, &acting.actor, village, of, (before, limit + 1)))
        .await?;
    let cursor = |row: &ReadingRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, StarProofReadingOut::from)))
}

/// A proof at a counter.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "AZMtWmwAejuPABssPU5fYAGTLVpsAHo7jwAbLD1OX2E…", "reader": "龙场信用社柜台"
}))]
pub struct StarProofReadingIn {
    /// The text of the QR.
    #[validate(length(min = 1, max = 120))]
    #[schema(min_length = 1, max_length = 120)]
    token: String,
    /// Who reads it, in words: the household sees it.
    #[validate(length(max = WORDS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    reader: String,
}

/// The stars of a cycle.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"cycle": "2026-Q3", "stars": 4}))]
pub struct CycleStarsOut {
    /// The cycle.
    cycle: String,
    /// The stars.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
}

/// What a proof shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "village": "云岭村", "purpose": "信用社贷款", "stars": 4, "cycle": "2026-Q4",
    "name": "王*英", "history": [], "read_at": "2027-01-12T10:20:00+08:00",
    "valid_until": "2027-01-17T09:00:00+08:00"
}))]
pub struct ProvenOut {
    /// The village.
    village: String,
    /// What the household says that it is for.
    purpose: String,
    /// The stars that the household has now.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// The cycle in which it earned them; none if it was never rated.
    cycle: Option<String>,
    /// The masked name, if the proof shows it.
    name: Option<String>,
    /// The stars of the last ratings, the newest first, if the proof shows them.
    #[schema(max_items = 12)]
    history: Vec<CycleStarsOut>,
    /// Now: it says nothing of tomorrow.
    read_at: String,
    /// Until when the proof is good.
    valid_until: String,
}

impl ProvenOut {
    fn of(proven: Proven, now: DateTime<Utc>) -> Self {
        let Proven { village, purpose, stars, cycle, name, history, valid_until } = proven;
        let history = history.into_iter().map(|(cycle, stars)| CycleStarsOut { cycle, stars });
        Self {
            village,
            purpose,
            stars,
            cycle,
            name,
            history: history.collect(),
            read_at: shown(now),
            valid_until: shown(valid_until),
        }
    }
}

/// Read a proof of a star
///
/// At the counter of a credit union or shop, by the text of the QR. What is no proof, is out of date or was
/// taken back is answered alike: `not_found`; so is that of who died or moved away. One that was read as often
/// as it may be is `proof_used_up`. Every reading is recorded and shown to the household.
#[utoipa::path(
    tag = "open",
    request_body = StarProofReadingIn,
    responses((status = 201, description = "What it shows; the reading is recorded.", body = ProvenOut), Failures)
)]
#[post("/star-proof-readings")]
pub async fn star_proof_read(
    state: Data<State>,
    request: HttpRequest,
    body: Body<StarProofReadingIn>,
) -> Result<HttpResponse, Problem> {
    state.limits.proof(address_of(&request, state.trust_forwarded))?;
    let StarProofReadingIn { token, reader } = body.value;
    let now = state.clock.now();
    let proven = state.run(move |db| star_proofs::read(db, &token, &reader, now)).await?;
    Ok(HttpResponse::Created().json(ProvenOut::of(proven, now)))
}
