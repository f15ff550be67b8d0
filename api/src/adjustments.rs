//! How what was asked for became what counts: the adjustments of a claim, told so that everybody
//! understands them.

use domain::claim::Adjustment;
use domain::rule_book::{Cap, CapLimit, CapPeriod, CapScope, Cut};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What moved an amount.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimAdjustment, example = json!({
    "kind": "cut", "points": "-2", "claim_id": null,
    "words": "每个账户每月最多计12分,超出的2分不计。"
}))]
pub struct AdjustmentOut {
    /// What did it: `filled_in` by the panel, `topped_up` by tiers that add up, `doubled` as a
    /// repeated fault, `yields_to` a higher claim of the same deed, `replaces` a lower one, `corrected`
    /// after an objection, or `cut` by a cap.
    kind: &'static str,
    /// The points that it added or, below zero, took away; what it came to for `filled_in`,
    /// `topped_up` and `corrected`.
    points: String,
    /// The other claim, where there is one.
    claim_id: Option<Uuid>,
    /// Why, in Chinese, for people.
    words: String,
}

impl From<&Adjustment> for AdjustmentOut {
    fn from(one: &Adjustment) -> Self {
        let (kind, points, claim) = match one {
            Adjustment::FilledIn { points } => ("filled_in", *points, None),
            Adjustment::ToppedUp { reached, .. } => ("topped_up", *reached, None),
            Adjustment::Doubled { because_of, points } => ("doubled", *points, Some(because_of)),
            Adjustment::YieldsTo { claim, points } => ("yields_to", points.negated(), Some(claim)),
            Adjustment::Replaces { claim, points } => ("replaces", points.negated(), Some(claim)),
            Adjustment::Corrected { points } => ("corrected", *points, None),
            Adjustment::Cut(cut) => ("cut", cut.points.negated(), None),
        };
        Self {
            kind,
            points: points.to_string(),
            claim_id: claim.map(|id| id.0),
            words: format!("{}。", clause(one)),
        }
    }
}

/// An adjustment in Chinese, as part of a sentence.
pub fn clause(one: &Adjustment) -> String {
    match one {
        Adjustment::FilledIn { points } => format!("评议小组评定为{points}分"),
        Adjustment::ToppedUp { units, reached, before } => {
            format!("累计数量{units},对应{reached}分,此前已计{before}分")
        }
        Adjustment::Doubled { points, .. } => {
            format!("同类扣分尚在有效期内,加倍再扣{points}分")
        }
        Adjustment::YieldsTo { points, .. } => {
            format!("同一事项只计最高的一项,这里的{points}分不计")
        }
        Adjustment::Replaces { points, .. } => {
            format!("同一事项只计最高的一项,代替原来的{points}分")
        }
        Adjustment::Corrected { points } => format!("经异议更正为{points}分"),
        Adjustment::Cut(cut) => of_cut(cut),
    }
}

fn of_cut(Cut { cap, points }: &Cut) -> String {
    let rest = match cap.limit {
        CapLimit::Count(_) => format!("次数已满,这次的{points}分不计"),
        CapLimit::Points(_) => format!("超出的{points}分不计"),
    };
    format!("{},{rest}", of_cap(cap))
}

fn of_cap(cap: &Cap) -> String {
    let per = match cap.per {
        CapScope::Account => "每个账户",
        CapScope::Member => "每人",
    };
    let period = match cap.period {
        CapPeriod::Day => "每天",
        CapPeriod::Week => "每周",
        CapPeriod::Month => "每月",
        CapPeriod::Quarter => "每季度",
        CapPeriod::Year => "每年",
        CapPeriod::Cycle => "每个评定周期",
    };
    match cap.limit {
        CapLimit::Count(most) => format!("{per}{period}最多计{most}次"),
        CapLimit::Points(most) => format!("{per}{period}最多计{most}分"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::ClaimId;
    use domain::points::Points;

    #[test]
    fn a_cut_says_whose_cap_in_which_period_took_how_much() {
        let cap = |limit| Cap { per: CapScope::Account, period: CapPeriod::Month, limit };
        let points =
            Cut { cap: cap(CapLimit::Points(Points::whole(12))), points: Points::whole(2) };
        assert_eq!(of_cut(&points), "每个账户每月最多计12分,超出的2分不计");
        let count = Cut { cap: cap(CapLimit::Count(1)), points: Points::from_hundredths(250) };
        assert_eq!(of_cut(&count), "每个账户每月最多计1次,次数已满,这次的2.5分不计");
    }

    #[test]
    fn what_took_points_is_below_zero_and_names_the_other_claim() {
        let other = ClaimId(Uuid::from_u128(7));
        let yields = Adjustment::YieldsTo { claim: other, points: Points::whole(3) };
        let told = AdjustmentOut::from(&yields);
        assert_eq!((told.points.as_str(), told.claim_id), ("-3", Some(other.0)));
        assert_eq!(told.words, "同一事项只计最高的一项,这里的3分不计。");
        let doubled = Adjustment::Doubled { because_of: other, points: Points::whole(5) };
        assert_eq!(AdjustmentOut::from(&doubled).points, "5");
    }
}
