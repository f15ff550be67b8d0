//! What caps cut, told so that everybody understands it.

use domain::rule_book::{CapLimit, CapPeriod, CapScope, Cut};

/// A cut in Chinese: 同一账户每月最多计12分,超出的2分不计。
pub fn of_cut(cut: &Cut) -> String {
    let who = match cut.cap.per {
        CapScope::Account => "同一账户",
        CapScope::Member => "同一人",
    };
    let when = match cut.cap.period {
        CapPeriod::Day => "每天",
        CapPeriod::Week => "每周",
        CapPeriod::Month => "每月",
        CapPeriod::Quarter => "每季度",
        CapPeriod::Year => "每年",
        CapPeriod::Cycle => "每个评定周期",
    };
    let points = cut.points;
    match cut.cap.limit {
        CapLimit::Count(most) => {
            format!("该条目{who}{when}最多计{most}次,次数已满,这次的{points}分不计。")
        }
        CapLimit::Points(most) => {
            format!("该条目{who}{when}最多计{most}分,超出的{points}分不计。")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::points::Points;
    use domain::rule_book::Cap;

    #[test]
    fn a_cut_says_whose_cap_in_which_period_took_how_much() {
        let cap = |limit| Cap { per: CapScope::Account, period: CapPeriod::Month, limit };
        let points =
            Cut { cap: cap(CapLimit::Points(Points::whole(12))), points: Points::whole(2) };
        assert_eq!(of_cut(&points), "该条目同一账户每月最多计12分,超出的2分不计。");
        let count = Cut { cap: cap(CapLimit::Count(1)), points: Points::from_hundredths(250) };
        assert_eq!(of_cut(&count), "该条目同一账户每月最多计1次,次数已满,这次的2.5分不计。");
    }
}
