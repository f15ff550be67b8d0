//! The limits of a message's fields, by their kind, as WeChat's documentation has them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FIELDS_MAX;
use crate::answer::Refusal;

/// The fields of a message, if all keep their limits and are those of the template, where one is
/// given.
pub(super) fn checked(
    given: impl Iterator<Item = (String, Value)>,
    template: Option<&[String]>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut fields = BTreeMap::new();
    for (name, value) in given {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => return Err(Refusal::argument(&name)),
        };
        if !fits(&name, &text) {
            return Err(Refusal::argument(&name));
        }
        fields.insert(name, text);
    }
    if let Some(wanted) = template {
        let strange = fields.keys().find(|name| !wanted.contains(name));
        let missing = wanted.iter().find(|name| !fields.contains_key(*name));
        if let Some(name) = strange.or(missing) {
            return Err(Refusal::argument(name));
        }
    }
    if fields.is_empty() || fields.len() > FIELDS_MAX {
        return Err(Refusal::argument("data"));
    }
    Ok(fields)
}

/// Whether the value keeps the limit of the field's kind. An empty value never does.
fn fits(name: &str, value: &str) -> bool {
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = value.chars().count();
    if kind.len() == name.len() || count == 0 {
        return false;
    }
    match kind {
        "thing" => count <= 20,
        "number" => count <= 32 && is_number(value),
        "letter" => count <= 32 && value.chars().all(|c| c.is_ascii_alphabetic()),
        "symbol" => count <= 5 && value.chars().all(|c| !c.is_alphanumeric()),
        "character_string" => count <= 32 && value.is_ascii(),
        "time" => is_time(value),
        "date" => is_date(value) || is_time(value),
        "amount" => {
            let value = value.strip_suffix('元').unwrap_or(value);
            let value = value.strip_prefix(['¥', '¥', '$']).unwrap_or(value);
            is_number(value) && value.chars().filter(char::is_ascii_digit).count() <= 10
        }
        "phone_number" => {
            count <= 17 && value.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
        }
        "car_number" => count <= 8,
        // Ten 汉字, or twenty letters.
        "name" => {
            let letters = value.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
            count <= if letters { 20 } else { 10 } && !value.chars().any(|c| c.is_ascii_digit())
        }
        "phrase" => count <= 5 && value.chars().all(is_han),
        _ => false,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Digits, with one point among them at most and a sign before them.
fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(part)
}

/// `15:01`, `15:01:30`, or with the day before it. A range is two of them with `~` between.
fn is_time(value: &str) -> bool {
    if let Some((from, until)) = value.split_once('~') {
        return is_moment(from.trim()) && is_moment(until.trim());
    }
    is_moment(value)
}

fn is_moment(value: &str) -> bool {
    match value.rsplit_once(' ') {
        Some((day, clock)) => is_date(day) && is_clock(clock),
        None => is_clock(value),
    }
}

fn is_clock(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let limits = [23, 59, 59];
    (2..=3).contains(&parts.len())
        && parts.iter().zip(limits).all(|(part, max)| {
            (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|number| number <= max)
        })
}

/// `2019年10月1日`, or with `-`, `/` or `.` between.
fn is_date(value: &str) -> bool {
    let plain = value.strip_suffix('日').map(|rest| rest.replace(['年', '月'], "-"));
    let plain = plain.unwrap_or_else(|| value.replace(['/', '.'], "-"));
    let parts: Vec<Option<i32>> = plain.split('-').map(|part| part.parse().ok()).collect();
    match parts.as_slice() {
        [Some(year), Some(month), Some(day)] => {
            let (month, day) = (u32::try_from(*month), u32::try_from(*day));
            month.is_ok_and(|month| {
                day.is_ok_and(|day| chrono::NaiveDate::from_ymd_opt(*year, month, day).is_some())
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_limit() {
        let long = |sign: &str, count: usize| sign.repeat(count);
        for (name, good, bad) in [
            ("thing1", long("字", 20), long("字", 21)),
            ("number2", "9".repeat(32), "9".repeat(33)),
            ("number2", "-3.5".into(), "3分".into()),
            ("letter3", "a".repeat(32), "a1".into()),
            ("symbol4", "!!".into(), "!!!!!!".into()),
            ("character_string5", "A-1".into(), "第1号".into()),
            ("time6", "2019年10月1日 15:01".into(), "2019年10月1日".into()),
            ("time6", "15:01".into(), "25:01".into()),
            ("date7", "2019年10月1日".into(), "2019年13月1日".into()),
            ("date7", "2019-10-01".into(), "明天".into()),
            ("amount8", "1234567890元".into(), "12345678901元".into()),
            ("amount8", "¥12.50".into(), "十元".into()),
            ("phone_number9", "+86-0766-66888866".into(), "电话".into()),
            ("car_number10", "粤A8Z888挂".into(), "粤A8Z888挂挂".into()),
            ("name11", long("字", 10), long("字", 11)),
            ("phrase12", long("字", 5), long("字", 6)),
            ("phrase12", "已通过".into(), "ok".into()),
        ] {
            assert!(fits(name, &good), "{name} {good}");
            assert!(!fits(name, &bad), "{name} {bad}");
        }
        for name in ["thing", "1", "", "title1"] {
            assert!(!fits(name, "字"), "{name}");
        }
        assert!(!fits("thing1", ""));
    }
}
