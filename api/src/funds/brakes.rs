//! When a village brakes the issuance of points and star credit.

use actix_web::web::{Data, Json};
use actix_web::{get, post, put};
use chrono::NaiveDate;
use domain::fund::brake::BrakePolicy;
use domain::id::VillageId;
use domain::points::BasisPoints;
use infra::funds::brakes::{self, Announced, Proposed, Shown};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// When a village brakes, and how hard.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "warn_below_bp": 10_000, "brake_below_bp": 6_000, "issued_bp": 5_000, "notice_days": 7
}))]
pub struct BrakePolicyBody {
    /// Below this coverage those who run the village are warned; not below `brake_below_bp`.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    warn_below_bp: u32,
    /// Below this coverage a brake is announced; 0 never brakes.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    brake_below_bp: u32,
    /// The share that is issued while braked, in basis points.
    #[validate(range(max = 9_999))]
    #[schema(minimum = 0, maximum = 9_999)]
    issued_bp: u16,
    /// How many whole days lie between the announcement and the first braked day.
    #[validate(range(min = 3, max = 60))]
    #[schema(minimum = 3, maximum = 60)]
    notice_days: u16,
}

impl From<BrakePolicy> for BrakePolicyBody {
    fn from(policy: BrakePolicy) -> Self {
        Self {
            warn_below_bp: policy.warn_below,
            brake_below_bp: policy.brake_below,
            issued_bp: policy.issued.get(),
            notice_days: policy.notice_days,
        }
    }
}

/// A brake that was announced.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2026-12-01", "until": null, "issued_bp": 5_000, "held_fen": 400_000, "owed_fen": 1_000_000
}))]
pub struct BrakeOut {
    /// The first day on which less is issued.
    from: NaiveDate,
    /// The last one, once it is known.
    until: Option<NaiveDate>,
    /// The share that is issued, in basis points.
    issued_bp: u16,
    /// What the fund held when it was announced.
    held_fen: i64,
    /// What was owed then.
    owed_fen: i64,
}

impl From<Announced> for BrakeOut {
    fn from(Announced { brake, held, owed }: Announced) -> Self {
        Self {
            from: brake.from,
            until: brake.until,
            issued_bp: brake.issued.get(),
            held_fen: held.get(),
            owed_fen: owed.get(),
        }
    }
}

/// A policy of the brake that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "policy_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "policy": {"warn_below_bp": 10_000, "brake_below_bp": 6_000, "issued_bp": 5_000, "notice_days": 7},
    "proposed_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct BrakeProposalOut {
    /// Its id, which whoever confirms it sends.
    policy_id: Uuid,
    /// What is proposed.
    policy: BrakePolicyBody,
    /// When.
    proposed_at: String,
}

impl From<Proposed> for BrakeProposalOut {
    fn from(proposed: Proposed) -> Self {
        Self {
            policy_id: proposed.id,
            policy: proposed.policy.into(),
            proposed_at: shown(proposed.at),
        }
    }
}

/// The brake of a village.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "policy": {"warn_below_bp": 10_000, "brake_below_bp": 6_000, "issued_bp": 5_000, "notice_days": 7},
    "proposed": null,
    "brake": {
        "from": "2026-12-01", "until": null, "issued_bp": 5_000, "held_fen": 400_000, "owed_fen": 1_000_000
    }
}))]
pub struct FundBrakeOut {
    /// When it brakes; none if it never does.
    policy: Option<BrakePolicyBody>,
    /// What was proposed and waits for a second person.
    proposed: Option<BrakeProposalOut>,
    /// The brake that holds or is to come; none if everything is issued.
    brake: Option<BrakeOut>,
}

/// When less is issued, and whether it is now
///
/// A deed of a braked day brings its share of redeemable points, whenever it is certified; a deed of the
/// day before brings all of them. Star credit of a cycle is issued by the share of its days. Scores, stars and the weight in a dividend are not braked.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "As of now.", body = FundBrakeOut), Failures)
)]
#[get("/villages/{village_id}/fund/brake")]
pub async fn fund_brake_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<FundBrakeOut>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let Shown { policy, proposed, brake } =
        state.run(move |db| brakes::show(db, &acting.actor, village, now)).await?;
    Ok(Json(FundBrakeOut {
        policy: policy.map(Into::into),
        proposed: proposed.map(Into::into),
        brake: brake.map(Into::into),
    }))
}

/// Propose when less is issued
///
/// It holds once somebody else of those who run the fund confirms it with `fund_brake_confirm`; what was
/// proposed before and not confirmed waits no more.
#[utoipa::path(
    tag = "admin",
    request_body = BrakePolicyBody,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "It waits.", body = BrakeProposalOut), Failures)
)]
#[put("/villages/{village_id}/fund/brake")]
pub async fn fund_brake_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<BrakePolicyBody>,
) -> Result<Json<BrakeProposalOut>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let given = body.value;
    let range = || Problem::field(Door::Invalid, "issued_bp", "须为0至9999");
    let policy = BrakePolicy {
        warn_below: given.warn_below_bp,
        brake_below: given.brake_below_bp,
        issued: BasisPoints::new(given.issued_bp).ok_or_else(range)?,
        notice_days: given.notice_days,
    };
    let proposed =
        state.run(move |db| brakes::propose(db, &acting.actor, village, &policy, now)).await?;
    Ok(Json(proposed.into()))
}

/// A proposal to confirm.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"policy_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60"}))]
pub struct BrakeConfirmationIn {
    /// The proposal that one has seen.
    policy_id: Uuid,
}

/// Confirm when less is issued (复核)
///
/// By somebody else than whoever proposed it; the newest proposal only. The coverage is looked at from now
/// on, and then every day. A brake is announced to everybody and on the notice board, begins `notice_days`
/// whole days later, and is lifted the day after coverage is back; nothing is ever braked for a day that is
/// over.
#[utoipa::path(
    tag = "admin",
    request_body = BrakeConfirmationIn,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "It holds.", body = BrakePolicyBody), Failures)
)]
#[post("/villages/{village_id}/fund/brake/confirmation")]
pub async fn fund_brake_confirm(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<BrakeConfirmationIn>,
) -> Result<Json<BrakePolicyBody>, Problem> {
    let (village, now, policy) = (VillageId(path.0), state.clock.now(), body.value.policy_id);
    let confirmed =
        state.run(move |db| brakes::confirm(db, &acting.actor, village, policy, now)).await?;
    Ok(Json(confirmed.into()))
}
