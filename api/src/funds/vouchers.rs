//! Vouchers of the village fund.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::fund::{BESIDES_MAX, TEXT_CHARS_MAX, VoucherKind};
use domain::id::{FundAccountId, FundVoucherId, PhotoId, VillageId};
use domain::points::Fen;
use infra::error::Error;
use infra::funds::vouchers::{self, Decision, Documented, Draft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::FUND_FEN_MAX;
use super::names::{FundVoucherKind, FundVoucherState, PartyShownName};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::claims::a_day;
use crate::photos::PhotoOut;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A voucher to prepare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "donation", "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "amount_fen": 500_000, "party": "李建国", "party_shown": "masked",
    "purpose": "捐给积分超市进货", "document": "收据2026-031", "happened_on": "2026-10-12"
}))]
pub struct FundVoucherIn {
    /// What it does. A `correction` is made by `fund_voucher_correct`, and `takings` come with the
    /// settlement of a store.
    #[validate(custom(function = "by_hand"))]
    kind: FundVoucherKind,
    /// About which account of the fund.
    account_id: Uuid,
    /// For a `transfer` and nothing else: the account that gets it.
    to_account_id: Option<Uuid>,
    /// How much, above zero.
    #[validate(range(min = 1, max = FUND_FEN_MAX))]
    #[schema(minimum = 1, maximum = 1_000_000_000_000_i64)]
    amount_fen: i64,
    /// Who gave it, or gets it.
    #[validate(length(max = TEXT_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    party: String,
    /// How the notice board names them.
    party_shown: PartyShownName,
    /// What for; the notice board shows it.
    #[validate(length(max = TEXT_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    purpose: String,
    /// The number of the document: receipt, invoice, transfer.
    #[validate(length(max = TEXT_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    document: String,
    /// Photos of the document from `photo_upload`, uploaded by whoever prepares.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    photo_ids: Vec<Uuid>,
    /// The day on the document, today at the latest.
    #[validate(custom(function = "a_day"))]
    happened_on: NaiveDate,
}

fn by_hand(kind: &FundVoucherKind) -> Result<(), ValidationError> {
    match VoucherKind::from(*kind) {
        VoucherKind::Correction | VoucherKind::Takings => Err(ValidationError::new("kind")),
        _ => Ok(()),
    }
}

/// A voucher of the fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "number": 7, "kind": "donation",
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "to_account_id": null,
    "amount_fen": 500_000, "party": "李建国", "party_shown": "masked",
    "purpose": "捐给积分超市进货", "document": "收据2026-031", "photos": [],
    "happened_on": "2026-10-12", "settles_id": null, "corrects_id": null, "state": "prepared",
    "made_by": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "made_at": "2026-10-12T10:00:00+08:00",
    "checked_by": null, "checked_at": null, "reason": null, "same_document": []
}))]
pub struct FundVoucherOut {
    /// Its id.
    id: Uuid,
    /// Its number in the village.
    number: i32,
    /// What it does.
    kind: FundVoucherKind,
    /// About which account of the fund.
    account_id: Uuid,
    /// For a transfer: the account that gets it.
    to_account_id: Option<Uuid>,
    /// How much.
    amount_fen: i64,
    /// Who gave it, or gets it.
    party: String,
    /// How the notice board names them.
    party_shown: PartyShownName,
    /// What for.
    purpose: String,
    /// The number of the document.
    document: String,
    /// Photos of the document.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
    /// The day on the document.
    happened_on: NaiveDate,
    /// The statement or dividend that it settles.
    settles_id: Option<Uuid>,
    /// The voucher that it takes back.
    corrects_id: Option<Uuid>,
    /// Where it stands.
    state: FundVoucherState,
    /// Who prepared it.
    made_by: Uuid,
    /// When.
    made_at: String,
    /// Who booked or refused it: somebody else.
    checked_by: Option<Uuid>,
    /// When it was booked, refused or withdrawn.
    checked_at: Option<String>,
    /// Why it was refused or withdrawn.
    reason: Option<String>,
    /// As long as it waits: earlier vouchers with the same document number, the newest first, at most 20.
    /// Whoever books it names them in `besides`.
    #[schema(max_items = 20)]
    same_document: Vec<EarlierVoucherOut>,
}

/// An earlier voucher with the same document number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 3}))]
pub struct EarlierVoucherOut {
    /// The voucher.
    id: Uuid,
    /// Its number in the village.
    number: i32,
}

impl FundVoucherOut {
    pub(super) fn of(state: &State, documented: Documented) -> Result<Self, Problem> {
        let Documented { voucher: row, photos, same_document } = documented;
        let village = VillageId(row.village_id);
        let voucher = row.voucher()?;
        let party_shown = row.shown()?.into();
        Ok(Self {
            id: row.id,
            number: row.number,
            kind: voucher.kind.into(),
            account_id: row.account_id,
            to_account_id: row.to_account_id,
            amount_fen: row.amount,
            party: row.party,
            party_shown,
            purpose: row.purpose,
            document: row.document,
            photos: photos.iter().map(|photo| PhotoOut::of(state, village, photo)).collect(),
            happened_on: row.happened_on,
            settles_id: row.settles_id,
            corrects_id: row.corrects_id,
            state: voucher.state.into(),
            made_by: row.made_by,
            made_at: shown(row.made_at),
            checked_by: row.checked_by,
            checked_at: row.checked_at.map(shown),
            reason: row.reason,
            same_document: same_document
                .into_iter()
                .map(|(id, number)| EarlierVoucherOut { id: id.0, number })
                .collect(),
        })
    }
}

/// Prepare a voucher
///
/// It moves nothing until a second person books it with `fund_voucher_decide`.
#[utoipa::path(
    tag = "admin",
    request_body = FundVoucherIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "It waits.", body = FundVoucherOut), Failures)
)]
#[post("/villages/{village_id}/fund/vouchers")]
pub async fn fund_voucher_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<FundVoucherIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let given = body.value;
    let draft = Draft {
        kind: given.kind.into(),
        account: FundAccountId(given.account_id),
        to: given.to_account_id.map(FundAccountId),
        amount: Fen::new(given.amount_fen),
        party: given.party.trim().to_owned(),
        party_shown: given.party_shown.into(),
        purpose: given.purpose.trim().to_owned(),
        document: given.document.trim().to_owned(),
        photos: given.photo_ids.into_iter().map(PhotoId).collect(),
        happened_on: given.happened_on,
    };
    let made = state
        .run(move |db| {
            let row = vouchers::prepare(db, &acting.actor, village, &draft, &once, now)?;
            vouchers::with_photos(db, row)
        })
        .await?;
    Ok(HttpResponse::Created().json(FundVoucherOut::of(&state, made)?))
}

/// What a second person decides.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundVoucherVerdict {
    /// It is right: the money moves.
    Book,
    /// It is not.
    Refuse,
}

/// A decision on a voucher.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "refuse", "reason": "收据金额与凭证不符"}))]
pub struct FundVoucherDecisionIn {
    /// What was decided.
    verdict: FundVoucherVerdict,
    /// Why it is refused; only then.
    #[validate(length(max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
    /// Earlier vouchers with the same document number (`same_document`), to book it besides them.
    #[serde(default)]
    #[validate(length(max = BESIDES_MAX))]
    #[schema(max_items = 20)]
    besides: Vec<Uuid>,
}

/// Why a voucher is taken back or withdrawn.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "金额记错"}))]
pub struct FundReasonIn {
    /// Why. The notice board shows it as the purpose of a correction.
    #[validate(length(max = TEXT_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

impl FundVoucherDecisionIn {
    fn decision(self) -> Result<Decision, Problem> {
        match (self.verdict, self.reason) {
            (FundVoucherVerdict::Book, None) => {
                Ok(Decision::Book(self.besides.into_iter().map(FundVoucherId).collect()))
            }
            (FundVoucherVerdict::Refuse, Some(reason)) => {
                Ok(Decision::Refuse(reason.trim().to_owned()))
            }
            _ => {
                let message = "退回凭证时须写明原因,入账时不写。";
                Err(Problem::field(Door::Invalid, "reason", message))
            }
        }
    }
}

/// Book or refuse a voucher (复核)
///
/// By somebody else than whoever prepared it; a second account of the same villager is nobody else. Where
/// earlier vouchers have the same document number, they are named in `besides`: nothing is paid twice by
/// oversight. What is booked moves the money at once and stays; a mistake is taken back by
/// `fund_voucher_correct`.
#[utoipa::path(
    tag = "admin",
    request_body = FundVoucherDecisionIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_voucher_id" = Uuid, Path, description = "The voucher."),
        KeyHeader,
    ),
    responses((status = 201, description = "Decided.", body = FundVoucherOut), Failures)
)]
#[post("/villages/{village_id}/fund/vouchers/{fund_voucher_id}/decisions")]
pub async fn fund_voucher_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<FundVoucherDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, voucher) = (VillageId(path.0.0), FundVoucherId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let decision = body.value.decision()?;
    let row = state
        .run(move |db| {
            let about = (voucher, &decision);
            let row = vouchers::decide(db, &acting.actor, village, about, &once, now)?;
            vouchers::with_photos(db, row)
        })
        .await?;
    Ok(HttpResponse::Created().json(FundVoucherOut::of(&state, row)?))
}

/// Take a booked voucher back (冲正)
///
/// Prepares a correction, which a second person books like any other voucher. What settles a statement or
/// dividend is not taken back this way.
#[utoipa::path(
    tag = "admin",
    request_body = FundReasonIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_voucher_id" = Uuid, Path, description = "The booked voucher."),
        KeyHeader,
    ),
    responses((status = 201, description = "The correction waits.", body = FundVoucherOut), Failures)
)]
#[post("/villages/{village_id}/fund/vouchers/{fund_voucher_id}/corrections")]
pub async fn fund_voucher_correct(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<FundReasonIn>,
) -> Result<HttpResponse, Problem> {
    let (village, voucher) = (VillageId(path.0.0), FundVoucherId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason.trim().to_owned();
    let row = state
        .run(move |db| {
            let about = (voucher, reason.as_str());
            let row = vouchers::correct(db, &acting.actor, village, about, &once, now)?;
            vouchers::with_photos(db, row)
        })
        .await?;
    Ok(HttpResponse::Created().json(FundVoucherOut::of(&state, row)?))
}

/// Withdraw a voucher that waits
///
/// By whoever prepared it.
#[utoipa::path(
    tag = "admin",
    request_body = FundReasonIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_voucher_id" = Uuid, Path, description = "The voucher."),
    ),
    responses((status = 200, description = "Withdrawn.", body = FundVoucherOut), Failures)
)]
#[post("/villages/{village_id}/fund/vouchers/{fund_voucher_id}/withdrawal")]
pub async fn fund_voucher_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<FundReasonIn>,
) -> Result<Json<FundVoucherOut>, Problem> {
    let (village, voucher) = (VillageId(path.0.0), FundVoucherId(path.0.1));
    let now = state.clock.now();
    let reason = body.value.reason.trim().to_owned();
    let row = state
        .run(move |db| -> Result<_, Error> {
            let about = (voucher, reason.as_str());
            let row = vouchers::withdraw(db, &acting.actor, village, about, now)?;
            vouchers::with_photos(db, row)
        })
        .await?;
    Ok(Json(FundVoucherOut::of(&state, row)?))
}
