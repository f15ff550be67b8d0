//! Books for the tests: the presets, one with everything that a book can hold, and random ones.

use domain::rule_book::RuleBook;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::parse_toml;

/// Every preset that comes with the program, by its file name.
pub(crate) fn presets() -> Vec<(String, RuleBook)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/presets");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let read = parse_toml(&text).unwrap_or_else(|bad| panic!("{name}: {bad}"));
            found.push((name, read.book));
        }
    }
    assert!(!found.is_empty());
    found
}

/// A book with every kind of amount and everything else that an item can have.
pub(crate) fn whole() -> RuleBook {
    parse_toml(include_str!("whole.toml")).unwrap_or_else(|bad| panic!("{bad}")).book
}

/// Texts as nobody should write them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[一-龥a-z]{1,8}",
        1 => Just(String::new()),
        1 => Just(" 前后有空格 ".to_owned()),
        1 => Just("　全角　".to_owned()),
        1 => Just("=SUM(A1)".to_owned()),
        1 => Just("'单引号".to_owned()),
        1 => Just("第一行\n第二行\r\n第三行\t制表".to_owned()),
        1 => Just("_x0041_".to_owned()),
        1 => Just("\"引号\" \\ \u{1}\u{7f}".to_owned()),
        1 => Just("12.50".to_owned()),
        1 => Just("是".to_owned()),
        1 => Just("[1, 2]".to_owned()),
        1 => Just("<b>&amp;</b>".to_owned()),
        1 => Just("🀄\u{200b}\u{feff}".to_owned()),
        1 => "\\PC{0,12}",
    ]
}

fn points() -> impl Strategy<Value = Value> {
    (-300_000_i64..300_000).prop_map(|h| json!(domain::points::Points::from_hundredths(h)))
}

fn duration() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"kind": "cycle"})),
        Just(json!({"kind": "year"})),
        any::<u8>().prop_map(|years| json!({"kind": "years", "years": years})),
        (points(), any::<u8>(), any::<u8>()).prop_map(|(up_to, years, above)| {
            json!({"kind": "by_points", "up_to": up_to, "years": years, "years_above": above})
        }),
    ]
}

fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::select(names).prop_map(|name| json!(name))
}

fn some_of(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::subsequence(names, 0..=names.len()).prop_map(|names| json!(names))
}

const SCOPE: &[&str] = &["account", "member"];
const PERIOD: &[&str] = &["day", "week", "month", "quarter", "year", "cycle"];

fn amount() -> impl Strategy<Value = Value> {
    let option = (text(), text(), points(), proptest::option::of(duration())).prop_map(
        |(code, name, points, duration)| {
            json!({"code": code, "name": name, "points": points, "duration": duration})
        },
    );
    let tier = (any::<u32>(), points()).prop_map(|(from, p)| json!({"from": from, "points": p}));
    let slice = (proptest::option::of(any::<u32>()), any::<u32>(), points(), points()).prop_map(
        |(up_to, each, points, most)| {
            json!({"up_to": up_to, "each": each, "points": points, "points_max": most})
        },
    );
    let many = |of: BoxedStrategy<Value>| proptest::collection::vec(of, 0..4);
    prop_oneof![
        points().prop_map(|points| json!({"kind": "fixed", "points": points})),
        (text(), any::<u32>(), points(), points()).prop_map(|(unit, each, points, most)| {
            json!({"kind": "per_unit", "unit": unit, "each": each, "points": points,
                   "points_max": most})
        }),
        many(option.boxed()).prop_map(|options| json!({"kind": "choice", "options": options})),
        (text(), proptest::option::of(text()), one_of(SCOPE), one_of(PERIOD), many(tier.boxed()))
            .prop_map(|(unit, tally, per, period, tiers)| {
                json!({"kind": "cumulative_tiers", "unit": unit, "tally": tally, "per": per,
                       "period": period, "tiers": tiers})
            }),
        (text(), many(slice.boxed())).prop_map(|(unit, tiers)| {
            json!({"kind": "marginal_tiers", "unit": unit, "tiers": tiers})
        }),
        (points(), points()).prop_map(|(least, most)| {
            json!({"kind": "range", "points_min": least, "points_max": most})
        }),
    ]
}

fn item(code: usize) -> impl Strategy<Value = Value> {
    let cap = (
        one_of(SCOPE),
        one_of(PERIOD),
        prop_oneof![
            any::<u32>().prop_map(|count| json!({"count": count})),
            points().prop_map(|points| json!({"points": points}))
        ],
    )
        .prop_map(|(per, period, limit)| json!({"per": per, "period": period, "limit": limit}));
    let beneficiary = prop_oneof![
        Just(json!({"kind": "doer"})),
        some_of(&["spouse", "parent", "child", "other"])
            .prop_map(|relations| json!({"kind": "relative", "relations": relations})),
    ];
    let first = (
        prop_oneof![3 => one_of(&["a", "b", "c"]), 1 => text().prop_map(|text| json!(text))],
        text(),
        one_of(&["award", "deduction", "direct_grade", "veto"]),
        amount(),
        some_of(&["villager", "cadre", "system"]),
        one_of(&["none", "photo", "document", "two_recorders"]),
        some_of(&["points", "dividend"]),
        proptest::collection::vec(cap, 0..3),
        proptest::option::of(any::<u16>()),
        proptest::option::of(text()),
    );
    let second = (
        some_of(&["party_member", "representative", "volunteer", "elder"]),
        beneficiary,
        proptest::option::of(text()),
        any::<bool>(),
        duration(),
        any::<bool>(),
        proptest::option::of(0_u8..=5),
        proptest::option::of(any::<u8>().prop_map(|years| json!({"further_years": years}))),
        one_of(&["personal_credit", "role_duty"]),
        one_of(&["own", "published"]),
        (
            proptest::option::of(one_of(&["duty_post", "pledge"])),
            one_of(&["village", "shared", "district"]),
        ),
    );
    (first, second).prop_map(move |(a, b)| {
        json!({
            "code": format!("I-{code}"), "category": a.0, "name": a.1, "kind": a.2, "amount": a.3,
            "claimed_by": a.4, "evidence": a.5, "counts_for": a.6, "caps": a.7, "cure_days": a.8,
            "cure": a.9, "tracks": b.0, "beneficiary": b.1, "exclusive": b.2,
            "repeat_doubles": b.3, "duration": b.4, "extends_until_corrected": b.5, "grade": b.6,
            "suspends": b.7, "part": b.8, "figures": b.9, "duty_source": b.10.0,
            "level": b.10.1,
        })
    })
}

fn way() -> impl Strategy<Value = Value> {
    let stage = (
        text(),
        one_of(&["collector", "grid_worker", "work_team", "panel_member", "village_admin"]),
        any::<u8>(),
        one_of(&["simple", "unanimous"]),
        any::<u16>(),
        some_of(&["village", "shared", "district"]),
    )
        .prop_map(|(name, role, quorum, majority, days, levels)| {
            json!({"name": name, "role": role, "quorum": quorum, "majority": majority,
                   "working_days_max": days, "levels": levels})
        });
    (proptest::collection::vec(stage, 0..4), any::<u16>(), proptest::option::of(period()))
        .prop_map(|(stages, days, every)| {
            json!({"stages": stages, "notice_days": days, "notice_every": every})
        })
}

fn period() -> impl Strategy<Value = Value> {
    one_of(&["month", "quarter", "half_year", "year"])
}

fn track() -> impl Strategy<Value = Value> {
    let grade = (
        one_of(&["excellent", "qualified", "basically_qualified", "unqualified"]),
        points(),
        any::<bool>(),
        0_u8..=5,
    )
        .prop_map(|(grade, from, inclusive, stars)| {
            json!({"grade": grade, "from": from, "inclusive": inclusive, "stars": stars})
        });
    (
        one_of(&["party_member", "representative", "volunteer", "elder"]),
        0_u16..=10_000,
        points(),
        proptest::collection::vec(grade, 0..4),
    )
        .prop_map(|(track, share, base, grades)| {
            json!({"track": track, "role_duty_bp": share, "role_duty_base": base,
                   "grades": grades})
        })
}

/// Tracks, the score of households, registration, what becomes of points and what one is worth.
fn policies() -> impl Strategy<Value = [Value; 6]> {
    let registration = (period(), any::<u16>())
        .prop_map(|(every, days)| json!({"every": every, "grace_days": days}));
    let points = prop_oneof![
        Just(json!({"kind": "never"})),
        any::<u16>().prop_map(|days| json!({"kind": "year_end_reset", "grace_days": days})),
        (0_u16..=10_000).prop_map(|share| json!({"kind": "carry_over", "share_bp": share})),
    ];
    (
        proptest::collection::vec(track(), 0..3),
        one_of(&["sum", "average", "head"]),
        proptest::option::of(registration),
        points,
        proptest::option::of(any::<i32>()),
        proptest::option::of(0_u16..=10_000),
    )
        .prop_map(|(tracks, score, registration, points, value, share)| {
            [json!(tracks), json!(score), json!(registration), points, json!(value), json!(share)]
        })
}

/// Books that are readable and otherwise as wrong as can be.
pub(crate) fn random() -> impl Strategy<Value = RuleBook> {
    let star = (0_u8..=5, points(), any::<bool>(), any::<i32>(), 0_u16..=10_000).prop_map(
        |(stars, from, inclusive, fen, share)| {
            json!({"stars": stars, "from": from, "inclusive": inclusive, "star_credit_fen": fen,
                   "discount_bp": share})
        },
    );
    let category = (text(), text()).prop_map(|(code, name)| json!({"code": code, "name": name}));
    let plain = ["a", "b", "c"].map(|code| json!({"code": code, "name": format!("类别{code}")}));
    (
        (
            text(),
            one_of(&["household", "person"]),
            one_of(&["month", "quarter", "half_year", "year"]),
        ),
        (points(), any::<u16>(), any::<u16>(), way(), way()),
        proptest::collection::vec(star, 0..6),
        proptest::collection::vec(category, 0..3),
        (item(0), item(1), item(2)),
        policies(),
    )
        .prop_map(move |((name, subject, cycle), b, stars, mut categories, items, more)| {
            categories.extend(plain.clone());
            let [tracks, household_score, registration, points_policy, value, forfeiture] = more;
            let book = json!({
                "name": name, "subject": subject, "cycle": cycle, "base_score": b.0,
                "claim_days_max": b.1, "appeal_days_max": b.2, "claim_way": b.3, "rating_way": b.4,
                "stars": stars, "categories": categories, "items": [items.0, items.1, items.2],
                "tracks": tracks, "household_score": household_score,
                "registration": registration, "points_policy": points_policy,
                "exchange_value_fen": value, "forfeiture_bp": forfeiture,
            });
            serde_json::from_value(book).unwrap()
        })
}
