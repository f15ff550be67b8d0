//! What everybody has a right to by law (safeguard 15.2): no list, no title and no prize decides about it.

use crate::rule_book::{forbidden_duty, forbidden_fault};

/// Words of schooling, medical care, relief and housing by law, besides those that no rule book may score;
/// each with the phrases in which it is a deed that somebody does for others.
const STATUTORY: &[(&str, &[&str])] = &[
    ("医疗", &["医疗志愿", "义务医疗"]),
    ("就医", &["送医就医", "护送就医", "陪同就医"]),
    ("看病", &["陪老人看病", "送老人看病", "陪邻居看病", "送邻居看病"]),
    ("住院", &[]),
    ("上学", &["护送上学", "接送上学"]),
    ("就学", &[]),
    ("升学", &[]),
    ("招生", &[]),
    ("退休金", &[]),
    (
        "救助",
        &[
            "见义勇为救助",
            "救助群众",
            "救助他人",
            "救助落水",
            "救助邻居",
            "救助老人",
            "救助伤员",
            "救助遇险",
            "抢险救助",
            "参与救助",
            "主动救助",
            "水上救助",
        ],
    ),
    ("公租房", &[]),
    ("保障房", &[]),
    ("危房改造", &[]),
];

/// The word that shows that a title, a prize or a list is about a statutory benefit, or about what must not
/// be scored.
pub fn forbidden_use(text: &str) -> Option<&'static str> {
    forbidden_duty(text).or_else(|| forbidden_fault(text)).or_else(|| statutory(text))
}

fn statutory(text: &str) -> Option<&'static str> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_meant = |word: &str, deeds: &[&str]| {
        // What stands where the deed stood keeps its neighbours apart.
        let rest = deeds.iter().fold(text.clone(), |rest, deed| rest.replace(deed, "/"));
        rest.contains(word)
    };
    STATUTORY.iter().find(|(word, deeds)| is_meant(word, deeds)).map(|(word, _)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_has_a_right_to_is_found_and_a_deed_that_sounds_like_it_is_not() {
        for text in
            ["低保名额", "医疗救助金", "临时救助优先", "救 助名额", "子女升学奖励名额", "公租房"]
        {
            assert!(forbidden_use(text).is_some(), "{text}");
        }
        for text in ["见义勇为救助群众表彰", "救助落水儿童奖", "护送上学志愿者", "锦旗"]
        {
            assert_eq!(forbidden_use(text), None, "{text}");
        }
    }

    #[test]
    fn one_deed_does_not_excuse_a_benefit_beside_it() {
        assert_eq!(forbidden_use("救助群众者优先享受救助"), Some("救助"));
    }
}
