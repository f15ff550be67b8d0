//! The words of what stands in the way of a rule book or a layer, in Chinese and English.

use domain::points::{BasisPoints, Points};
use domain::rule_book::{BrokenBook, Contradiction, Fault};

use super::fault;

type Words = (String, String);

pub(super) fn invalid(faults: &[Fault]) -> Words {
    let list = faults.iter().take(20);
    let zh = list.clone().map(|f| format!("{}:{}", f.place, fault(f.kind).0));
    let en = list.map(|f| format!("{}: {}", f.place, fault(f.kind).1));
    (
        format!("积分细则有问题:{}", zh.collect::<Vec<_>>().join(";")),
        format!("The rule book has faults: {}", en.collect::<Vec<_>>().join("; ")),
    )
}

pub(super) fn contradicts(contradictions: &[Contradiction]) -> Words {
    let places: Vec<_> = contradictions.iter().take(3).map(|one| one.place.as_str()).collect();
    (
        format!("与上级细则相抵触:{}。", places.join("、")),
        format!("It contradicts a higher layer at {}.", places.join(", ")),
    )
}

pub(super) fn broken(villages: &[BrokenBook]) -> Words {
    let count = villages.len();
    (
        format!("{count}个村的细则将因此不成立。"),
        format!("It would leave {count} villages with books that do not hold."),
    )
}

pub(super) fn pledges_too_few(share_min: BasisPoints) -> Words {
    // Hundredths of a percent are written as hundredths of a point are.
    let share = Points::from_hundredths(i64::from(share_min.get()));
    (
        format!("签约户数未达到{share}%。"),
        format!("Fewer than {share}% of the households signed the pledge."),
    )
}
