//! The limits, by examples and by property.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::grants::{ACCEPTED_MAX, Answer, Count, Teller};
use super::{Fact, Field, FieldKind, Value};
use crate::points::{Fen, Points};

fn words(kind: FieldKind, text: &str) -> Option<String> {
    Value::from_words(kind, text).map(|value| value.as_str().to_owned())
}

fn fact(kind: FieldKind, fact: &Fact) -> Option<String> {
    Value::from_fact(kind, fact).map(|value| value.as_str().to_owned())
}

/// What wechat.md says of a kind, written down a second time and from the outside.
fn keeps_the_limits(value: &Value) -> bool {
    let text = value.as_str();
    let length = text.encode_utf16().count();
    let han = |sign: char| ('\u{3400}'..='\u{9fff}').contains(&sign);
    let shown = text.chars().all(|sign| !sign.is_control()) && text.trim() == text;
    let kept = match value.kind() {
        FieldKind::Thing => length <= 20,
        FieldKind::Number => {
            length <= 32 && text.chars().all(|sign| sign.is_ascii_digit() || sign == '.')
        }
        FieldKind::Letter => length <= 32 && text.chars().all(|sign| sign.is_ascii_alphabetic()),
        FieldKind::Symbol => length <= 5 && !text.chars().any(char::is_alphanumeric),
        FieldKind::CharacterString => length <= 32 && text.is_ascii() && !text.contains(' '),
        FieldKind::Time => {
            let (day, time) = text.split_once(' ').expect("a day and a time");
            let (hour, minute) = time.split_once(':').expect("an hour and a minute");
            is_day(day) && hour.len() == 2 && minute.len() == 2
        }
        FieldKind::Date => is_day(text),
        FieldKind::Amount => {
            let number = text.strip_suffix('元').expect("元 at the end");
            number.chars().filter(char::is_ascii_digit).count() <= 10 && !number.contains('-')
        }
        FieldKind::PhoneNumber => length <= 17,
        FieldKind::CarNumber => length <= 8,
        FieldKind::Name => length <= 10 && text.chars().all(han),
        FieldKind::Phrase => length <= 5 && text.chars().all(han),
    };
    kept && shown && !text.is_empty()
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['年', '月', '日']).collect();
    matches!(parts[..], [year, month, day, ""]
        if [year, month, day].iter().all(|part| part.parse::<u32>().is_ok()))
}

#[test]
fn a_thing_is_cut_with_a_sign_that_says_so() {
    let text = "打扫村口公共厕所两小时并清运垃圾三车给五保户送饭";
    let cut = words(FieldKind::Thing, text).unwrap();
    assert_eq!(cut, "打扫村口公共厕所两小时并清运垃圾三车给…");
    assert_eq!(cut.chars().count(), 20);
    let exact = "一二三四五六七八九十一二三四五六七八九十";
    assert_eq!(words(FieldKind::Thing, exact).unwrap(), exact);
    // Two units each: nine of them and the sign, not nine and a half.
    assert_eq!(words(FieldKind::Thing, &"𠮷".repeat(11)).unwrap(), "𠮷".repeat(9) + "…");
}

#[test]
fn line_breaks_and_signs_that_are_not_seen_are_taken_out() {
    let text = " 清理\r\n卫生\u{200b}死角\t\u{202e}一处 ";
    assert_eq!(words(FieldKind::Thing, text).unwrap(), "清理 卫生 死角 一处");
    assert_eq!(words(FieldKind::Thing, "\n\u{200b} "), None);
}

#[test]
fn what_cannot_be_shortened_is_refused() {
    for (kind, good, bad) in [
        (FieldKind::Phrase, "需要补充", "需要补充材料"),
        (FieldKind::Phrase, "公示中", "公示中!"),
        (FieldKind::Name, "阿卜杜拉买买提", "阿卜杜拉·买买提"),
        (FieldKind::CharacterString, "2026-Q3", "2026年3季度"),
        (
            FieldKind::CharacterString,
            "0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef0",
        ),
        (FieldKind::Number, "12.5", "-12.5"),
        (FieldKind::Number, "0", "1.2.3"),
        (FieldKind::Letter, "AbC", "AB1"),
        (FieldKind::Symbol, "★★★★★", "★★★★★★"),
        (FieldKind::PhoneNumber, "+86-0858-1234567", "+86-0858-12345678-9"),
        (FieldKind::CarNumber, "贵B12345", "贵B123456学9"),
        (FieldKind::CarNumber, "粤Z12澳", "粤Z1港2澳"),
    ] {
        assert_eq!(words(kind, good).as_deref(), Some(good), "{kind:?}");
        assert_eq!(words(kind, bad), None, "{kind:?} {bad}");
        assert_eq!(words(kind, ""), None, "{kind:?}");
    }
}

#[test]
fn times_dates_and_amounts_are_written_as_wechat_writes_them() {
    let moment = Fact::Moment("2026-09-30T23:05:59Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(fact(FieldKind::Time, &moment).unwrap(), "2026年10月1日 07:05");
    assert_eq!(fact(FieldKind::Date, &moment).unwrap(), "2026年10月1日");
    let day = Fact::Day(NaiveDate::from_ymd_opt(2026, 1, 9).unwrap());
    assert_eq!(fact(FieldKind::Date, &day).unwrap(), "2026年1月9日");
    assert_eq!(fact(FieldKind::Time, &day), None);
    assert_eq!(fact(FieldKind::Amount, &Fact::Money(Fen::new(1_250))).unwrap(), "12.50元");
    assert_eq!(
        fact(FieldKind::Amount, &Fact::Money(Fen::new(9_999_999_999))).unwrap(),
        "99999999.99元"
    );
    assert_eq!(fact(FieldKind::Amount, &Fact::Money(Fen::new(10_000_000_000))), None);
    assert_eq!(fact(FieldKind::Amount, &Fact::Money(Fen::new(-1))), None);
    assert_eq!(words(FieldKind::Amount, "12.50元"), None);
    let deducted = Fact::Points(Points::from_hundredths(-250));
    assert_eq!(fact(FieldKind::Number, &deducted).unwrap(), "2.5");
    assert_eq!(fact(FieldKind::CharacterString, &deducted).unwrap(), "-2.5");
}

#[test]
fn a_field_has_a_kind_that_wechat_knows_and_a_number() {
    for kind in FieldKind::ALL {
        let field = Field { kind: *kind, number: 12 };
        assert_eq!(Field::from_name(&field.to_string()), Some(field));
    }
    for bad in ["thing", "thing0", "thing01", "1", "thing1x", "things1", "Thing1", "thing99999", ""]
    {
        assert_eq!(Field::from_name(bad), None, "{bad}");
    }
}

#[test]
fn the_same_tap_told_twice_gives_one_send() {
    let both = Count::default()
        .answered(Answer::Accept, Teller::MiniProgram)
        .answered(Answer::Accept, Teller::Push);
    assert_eq!(both.left(), 1);
    assert_eq!(both.sent().left(), 0);
    assert_eq!(both.sent().sent(), both.sent());
    let by_one = Count::default()
        .answered(Answer::Accept, Teller::Push)
        .answered(Answer::Accept, Teller::Push);
    assert_eq!(by_one.left(), 2);
    assert_eq!(by_one.emptied().left(), 0);
    assert_eq!(by_one.emptied().answered(Answer::Accept, Teller::Push).left(), 1);
    // Two pushes were lost, or never came: those that come from now on count all the same.
    let lagging = Count { told: 5, pushed: 3, spent: 4 }.emptied();
    let one = lagging.answered(Answer::Accept, Teller::Push);
    assert_eq!((lagging.left(), one.left()), (0, 1));
    assert_eq!(one.answered(Answer::Accept, Teller::Push).left(), 2);
    let refused = [Answer::Reject, Answer::Ban, Answer::Filter];
    for answer in refused {
        assert_eq!(by_one.answered(answer, Teller::Push).left(), 2);
    }
}

fn any_kind() -> impl Strategy<Value = FieldKind> {
    proptest::sample::select(FieldKind::ALL)
}

/// Texts of people: Chinese, Latin, signs, emoji, and what should never have got here.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[一-龥]{0,40}",
        "[0-9.]{0,40}",
        "[a-zA-Z0-9+()-]{0,40}",
        "[一-龥a-z0-9 \\n\\t，。！🎉𠮷]{0,60}",
    ]
}

fn any_fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        any_text().prop_map(Fact::Text),
        any_text().prop_map(Fact::Id),
        any::<i64>().prop_map(|number| Fact::Points(Points::from_hundredths(number))),
        any::<i64>().prop_map(|fen| Fact::Money(Fen::new(fen))),
        any::<u64>().prop_map(Fact::Count),
        (0_i64..4_102_444_800).prop_map(|seconds| {
            Fact::Moment(DateTime::from_timestamp(seconds, 0).expect("before 2100"))
        }),
        (700_000_i32..800_000).prop_map(|day| {
            Fact::Day(NaiveDate::from_num_days_from_ce_opt(day).expect("a day"))
        }),
    ]
}

proptest! {
    #[test]
    fn no_value_breaks_the_limits_of_its_kind(
        kind in any_kind(), text in any_text(), fact in any_fact()
    ) {
        let made = [Value::from_words(kind, &text), Value::from_fact(kind, &fact)];
        for value in made.into_iter().flatten() {
            prop_assert!(keeps_the_limits(&value), "{value:?}");
            prop_assert_eq!(value.kind(), kind);
        }
    }

    #[test]
    fn whatever_can_be_seen_makes_a_thing(text in any_text()) {
        let made = Value::from_words(FieldKind::Thing, &text);
        let seen = text.chars().any(char::is_alphanumeric);
        prop_assert!(made.is_some() || !seen);
    }

    #[test]
    fn nobody_is_sent_more_than_they_agreed_to(steps in prop::collection::vec(0..5_u8, 0..200)) {
        let (mut count, mut sent, mut told, mut pushed) = (Count::default(), 0_u32, 0_u32, 0_u32);
        for step in steps {
            count = match step {
                0 => { told += 1; count.answered(Answer::Accept, Teller::MiniProgram) }
                1 => { pushed += 1; count.answered(Answer::Accept, Teller::Push) }
                2 => count.answered(Answer::Reject, Teller::MiniProgram),
                3 if count.left() > 0 => { sent += 1; count.sent() }
                3 => count,
                // What was agreed to before is void, and both begin anew.
                _ => { (sent, told, pushed) = (0, 0, 0); count.emptied() }
            };
            prop_assert!(sent <= told.max(pushed));
            prop_assert_eq!(count.left(), told.max(pushed) - sent);
            prop_assert!(count.left() <= ACCEPTED_MAX);
        }
    }
}
