//! What the other four places published, fact by fact.

use domain::calendar::CycleKind;
use domain::points::{Fen, Points};
use domain::rule_book::{
    CountsFor, Item, ItemKind, Majority, Measure, ReviewRole, Star, Subject, Way,
};

use super::preset;

fn roles(way: &Way) -> Vec<(ReviewRole, u8)> {
    way.stages.iter().map(|stage| (stage.role, stage.quorum)).collect()
}

fn names(items: &[Item]) -> String {
    items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn shuicheng_has_its_aspects_panel_notice_star_credit_and_discounts() {
    let book = preset("shuicheng").book;
    assert_eq!((book.subject, book.cycle), (Subject::Household, CycleKind::Quarter));
    assert_eq!(book.categories.len(), 6);
    for way in [&book.claim_way, &book.rating_way] {
        assert_eq!(roles(way), [(ReviewRole::PanelMember, 3), (ReviewRole::VillageAdmin, 1)]);
        assert!(way.stages.iter().all(|stage| stage.majority == Majority::Simple));
        assert_eq!(way.notice_days, 3);
    }
    for (stars, from, yuan, basis_points) in [
        (1, 60, 400, 200),
        (2, 70, 800, 400),
        (3, 80, 1200, 600),
        (4, 90, 1600, 800),
        (5, 95, 2000, 1000),
    ] {
        let star = Star::new(stars).unwrap();
        assert_eq!(book.stars.star_for(Points::whole(from)), star);
        assert_eq!(book.stars.credit_for(star), Fen::yuan(yuan));
        assert_eq!(book.stars.discount_for(star).get(), basis_points);
    }
    assert_eq!(book.base_score, Points::whole(60));
}

#[test]
fn longwo_has_a_work_team_then_a_certification_group_and_points_for_goods_and_dividend() {
    let book = preset("longwo").book;
    assert_eq!(book.cycle, CycleKind::Year);
    assert_eq!(roles(&book.claim_way), [(ReviewRole::WorkTeam, 1), (ReviewRole::PanelMember, 3)]);
    for item in book.items.iter().filter(|item| item.kind == ItemKind::Award) {
        assert!(item.counts_for.contains(&CountsFor::Points), "{}", item.code);
        assert!(item.counts_for.contains(&CountsFor::Dividend), "{}", item.code);
    }
}

#[test]
fn qingcheng_has_its_six_boards_one_cadre_and_what_it_awards_and_deducts_for() {
    let book = preset("qingcheng").book;
    assert_eq!(book.subject, Subject::Household);
    let boards: Vec<_> = book.categories.iter().map(|board| board.name.as_str()).collect();
    assert_eq!(boards, ["教育引导", "产业发展", "村级事务", "遵纪守法", "移风易俗", "善行义举"]);
    assert_eq!(roles(&book.claim_way), [(ReviewRole::VillageAdmin, 1)]);
    let (awards, faults): (Vec<_>, Vec<_>) =
        book.items.into_iter().partition(|item| item.kind == ItemKind::Award);
    let (awarded, deducted) = (names(&awards), names(&faults));
    for word in ["产业", "公益劳动", "防汛、防火", "尊老", "扶贫济困"] {
        assert!(awarded.contains(word), "{word}");
    }
    for word in ["打架斗殴", "赌博", "虐待老人", "乱倒垃圾", "破坏公物"] {
        assert!(deducted.contains(word), "{word}");
    }
}

#[test]
fn an_hour_of_work_in_qingcheng_is_worth_about_a_third_of_a_yuan_and_the_average_household_has_two_stars()
 {
    // As published: 1.056 million points, 339,000 yuan of goods, 69,100 households.
    let (points, fen, households) = (1_056_000, 33_900_000, 69_100);
    let book = preset("qingcheng").book;
    let hour = Measure { quantity: Some(1), choice: None };
    let worth = book.item("AFF-1").unwrap().amount.of(&hour).unwrap();
    assert_eq!(worth.hundredths() * fen / points / 100, 32, "fen an hour");
    let average = Points::from_hundredths(points * 100 / households);
    assert_eq!(book.stars.star_for(average).get(), 2, "{average} points");
}

#[test]
fn jinpings_compact_stands_with_its_numbers() {
    let book = preset("jinping").book;
    let named = |code: &str| book.item(code).unwrap().name.clone();
    for (code, figure) in [
        ("BANQ-1", "不超过350元"),
        ("BANQ-9", "超过350元"),
        ("BUILD-1", "3层半以内"),
        ("BUILD-9", "超过3层半"),
        ("FIRE-1", "不超过2箍"),
        ("FIRE-9", "超过2箍"),
        ("SAN-1", "每户每年50至100元"),
        ("WED-1", "操办前报告"),
        ("FUN-1", "操办后报告"),
    ] {
        assert!(named(code).contains(figure), "{code}");
    }
    // Traits of the place's warning list are no facts.
    assert!(!names(&book.items).contains("游手好闲"));
}
