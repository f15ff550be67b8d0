//! The words of what stands in the way of a duty, in Chinese and English.

use chrono::NaiveDate;
use domain::rule_book::DutySource;

type Words = (String, String);

pub(super) fn not_held(source: DutySource, day: NaiveDate) -> Words {
    match source {
        DutySource::DutyPost => (
            format!("此人{day}未担任该条目对应的岗位,不能按岗位职责申报。"),
            format!("On {day} the person held no duty post that names the item."),
        ),
        DutySource::Pledge => (
            format!("此人{day}没有有效的相应契约,不能按契约申报。"),
            format!("On {day} the person had no pledge in force that the item is for."),
        ),
    }
}

pub(super) fn items(codes: &[String]) -> Words {
    if codes.is_empty() {
        let zh = "岗位须至少对应细则中的一个岗位条目。";
        return (zh.to_owned(), "A duty post names at least one item.".to_owned());
    }
    let list = codes.join("、");
    (
        format!("以下条目不是现行细则中的岗位条目:{list}。"),
        format!("The book in force has these not as items of duty posts: {}.", codes.join(", ")),
    )
}

pub(super) fn forbidden(word: &str) -> Words {
    (
        format!("岗位和契约不得涉及不能计分的事项(“{word}”)。"),
        format!("A duty post or pledge must not be about what is never scored: {word}."),
    )
}

pub(super) fn day(earliest: Option<NaiveDate>, latest: Option<NaiveDate>) -> Words {
    match (earliest, latest) {
        (Some(from), Some(until)) => (
            format!("日期须在{from}至{until}之间。"),
            format!("The day must be from {from} to {until}."),
        ),
        (Some(from), None) => {
            (format!("日期不能早于{from}。"), format!("The day cannot be before {from}."))
        }
        (None, Some(until)) => {
            (format!("期限{until}已过。"), format!("The period was over on {until}."))
        }
        (None, None) => ("日期不对。".to_owned(), "The day does not fit.".to_owned()),
    }
}
