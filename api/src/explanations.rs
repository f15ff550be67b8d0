//! Why a score is what it is, reason by reason, in words.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::calendar::Cycle;
use domain::claim::Mark;
use domain::id::{AccountId, ClaimId, HouseholdId, VillageId};
use domain::rating::{EntryEffect, EntryReason, Exclusion, Reason};
use domain::rule_book::{Grade, OPEN_ENDED};
use infra::scores::{self, Explained};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::adjustments::clause;
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::duties::called;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::statements::ScoreQuery;

/// One reason of a score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreReason)]
pub struct ReasonOut {
    /// `base`, `role_duty_base`, `entry`, `members`, `mixed`, `stars`, `grades`, `direct_grade`,
    /// `excluded`, or `veto`: that suspends redemption and leaves the star alone.
    kind: &'static str,
    /// The points that it brings or, below zero, takes; the score for `mixed`, `stars` and `grades`.
    points: Option<String>,
    /// For an entry: whether it counts in this cycle.
    counts: Option<bool>,
    /// The claim behind it.
    claim_id: Option<Uuid>,
    /// The duty post or pledge under which that was made.
    duty_id: Option<Uuid>,
    /// In words, in Chinese.
    words: String,
}

/// How the score of an account in a cycle came about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "cycle": "2026-Q4", "score": "62",
    "stars": 1, "grade": null,
    "reasons": [
        {"kind": "base", "points": "60", "counts": null, "claim_id": null, "duty_id": null,
            "words": "基础分60分"},
        {
            "kind": "entry", "points": "2", "counts": true,
            "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "duty_id": null,
            "words": "参加村组公共区域清扫(2026-10-10):+2分,计到2026-12-31"
        },
        {
            "kind": "stars", "points": "62", "counts": null, "claim_id": null, "duty_id": null,
            "words": "合计62分,为1星;再得8分为2星"
        }
    ]
}))]
pub struct ExplanationOut {
    /// The account.
    account_id: Uuid,
    /// The cycle.
    cycle: String,
    /// The score.
    score: String,
    /// The star that it gives by the rule book of the cycle.
    #[schema(minimum = 0, maximum = 5)]
    stars: u8,
    /// The grade, on a track that has grades.
    grade: Option<&'static str>,
    /// The reasons, in the order in which they are reckoned.
    #[schema(max_items = 6_000)]
    reasons: Vec<ReasonOut>,
}

/// Explain the score of a cycle
///
/// Entry by entry: what counts and until when, what tiers, doubling, exclusivity and caps did, what ran
/// out, direct grades, and which row of the table the score reaches and how far the next one is.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        ScoreQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The reasons.", body = ExplanationOut), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/score/explanation")]
pub async fn score_explain(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<ScoreQuery>,
) -> Result<Json<ExplanationOut>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (account, cycle): (Option<Uuid>, Option<Cycle>) = query.0.parts()?;
    let which = (household, account.map(AccountId));
    let why = reading.at(state.clock.now());
    let found = state
        .run(move |db| scores::explained(db, &acting.actor, village, which, cycle, &why))
        .await?;
    Ok(Json(ExplanationOut::of(&found)))
}

impl ExplanationOut {
    fn of(found: &Explained) -> Self {
        let line = found.explanation.line;
        Self {
            account_id: line.account.0,
            cycle: found.cycle.to_string(),
            score: line.score.to_string(),
            stars: line.star.get(),
            grade: line.grade.map(Grade::as_str),
            reasons: {
                let reasons = found.explanation.reasons.iter().map(|one| told(one, found));
                reasons.chain(found.vetoes.iter().map(veto)).collect()
            },
        }
    }
}

fn veto((claim, mark): &(ClaimId, Mark)) -> ReasonOut {
    ReasonOut {
        kind: "veto",
        points: None,
        counts: None,
        claim_id: Some(claim.0),
        duty_id: None,
        words: format!("一票否决:自{}至{}暂停兑换,不影响评星", mark.from, mark.until),
    }
}

fn told(reason: &Reason, found: &Explained) -> ReasonOut {
    let plain = |kind, points: Option<String>, words: String| ReasonOut {
        kind,
        points,
        counts: None,
        claim_id: None,
        duty_id: None,
        words,
    };
    match reason {
        Reason::Base { points } => {
            plain("base", Some(points.to_string()), format!("基础分{points}分"))
        }
        Reason::RoleDutyBase { points, .. } => {
            plain("role_duty_base", Some(points.to_string()), format!("角色职责基础分{points}分"))
        }
        Reason::Entry(entry) => of_entry(entry, found),
        Reason::Members(_) => plain("members", None, "按家庭成员折算".to_owned()),
        Reason::Mixed { role_duty, role_duty_bp, personal, personal_bp, mixed, .. } => {
            let share = |bp: u16| domain::points::Points::from_hundredths(i64::from(bp));
            let words = format!(
                "角色职责{role_duty}分占{}%,个人信用{personal}分占{}%,合计{}分",
                share(role_duty_bp.get()),
                share(personal_bp.get()),
                mixed.score
            );
            plain("mixed", Some(mixed.score.to_string()), words)
        }
        Reason::Stars { score, reach } => {
            let stars = reach.row.map_or(0, |row| row.stars.get());
            let mut words = format!("合计{score}分,为{stars}星");
            if let Some(next) = &reach.next {
                words.push_str(&format!(";再得{}分为{}星", next.missing, next.row.stars.get()));
            }
            plain("stars", Some(score.to_string()), words)
        }
        Reason::Grades { score, reach } => {
            let grade = reach.row.map_or(Grade::Unqualified, |row| row.grade);
            let mut words = format!("合计{score}分,等次为{}", grade_name(grade));
            if let Some(next) = &reach.next {
                words.push_str(&format!(";再得{}分为{}", next.missing, grade_name(next.row.grade)));
            }
            plain("grades", Some(score.to_string()), words)
        }
        Reason::DirectGrade { mark, stands, .. } => {
            let stars = mark.star.get();
            let words = if *stands {
                format!("自{}起直接判为{stars}星,整改修复前加分照记、星级不变", mark.since)
            } else {
                format!("自{}起直接判为{stars}星,已修复,不再影响本期", mark.since)
            };
            ReasonOut { claim_id: Some(mark.claim.0), ..plain("direct_grade", None, words) }
        }
        Reason::Excluded { reason } => plain("excluded", None, excluded(*reason).to_owned()),
    }
}

fn of_entry(reason: &EntryReason, found: &Explained) -> ReasonOut {
    let entry = &reason.entry;
    let counts = reason.effect == EntryEffect::Counts;
    let name = entry.claim.as_ref().and_then(|claim| {
        found.names.get(&(claim.rule_book.0, claim.item_code.clone())).map(String::as_str)
    });
    let sign = if entry.amount.is_positive() { "+" } else { "" };
    let mut words =
        format!("{}({}):{sign}{}分", name.unwrap_or("其他"), entry.happened_on, entry.amount);
    let duty = entry.claim.as_ref().and_then(|claim| found.duties.get(&claim.claim));
    if let Some(duty) = duty {
        words.push_str(&format!(",{}", called(&duty.title)));
    }
    if entry.reverses.is_some() {
        words.push_str(",冲销");
    } else if let Some(claim) = &entry.claim {
        for adjustment in &claim.adjustments {
            words.push(',');
            words.push_str(&clause(adjustment));
        }
    }
    words.push_str(&match reason.effect {
        EntryEffect::Counts if entry.counts_until == OPEN_ENDED => ",整改前一直计入".to_owned(),
        EntryEffect::Counts => format!(",计到{}", entry.counts_until),
        EntryEffect::NotYet => ",属于以后的周期".to_owned(),
        EntryEffect::RanOut => format!(",已于{}到期,归档不计", entry.counts_until),
        EntryEffect::NoTrack => ",属角色职责,不计入".to_owned(),
        EntryEffect::MemberNotRated => ",该成员不参加评定,不计入".to_owned(),
        EntryEffect::NotTheHead => ",按户主计分,不计入".to_owned(),
    });
    ReasonOut {
        kind: "entry",
        points: Some(entry.amount.to_string()),
        counts: Some(counts),
        claim_id: entry.claim.as_ref().map(|claim| claim.claim.0),
        duty_id: duty.map(|duty| duty.duty.0),
        words,
    }
}

const fn grade_name(grade: Grade) -> &'static str {
    match grade {
        Grade::Excellent => "优秀",
        Grade::Qualified => "合格",
        Grade::BasicallyQualified => "基本合格",
        Grade::Unqualified => "不合格",
    }
}

/// Why an account is left out, in Chinese.
pub const fn excluded(reason: Exclusion) -> &'static str {
    match reason {
        Exclusion::NoResident => {
            "本期没有在村常住的成员(在外就读、迁出、去世或有未结案件),不参加评定。"
        }
        Exclusion::Student => "在外就读,本期不参加评定。",
        Exclusion::MovedAway => "已迁出,本期不参加评定。",
        Exclusion::Deceased => "已去世,本期不参加评定。",
        Exclusion::OpenLegalCase => "有未结案件,本期不参加评定。",
    }
}
