//! Durations in words: 本周期, 本年, 3年, 40分及以下1年,超过2年.

use domain::points::Points;

use super::cell::half_width;
use crate::tree::Tree;

/// A duration of the book in words; `None` if there are no words for it.
pub(crate) fn words(value: &Tree) -> Option<String> {
    let number = |name: &str| match value.get(name) {
        Some(Tree::Int(number)) => Some(*number),
        _ => None,
    };
    match value.get("kind").and_then(Tree::text)? {
        "cycle" => Some("本周期".to_owned()),
        "year" => Some("本年".to_owned()),
        "years" => Some(format!("{}年", number("years")?)),
        "by_points" => {
            let up_to = value.get("up_to").and_then(Tree::text)?;
            let (years, above) = (number("years")?, number("years_above")?);
            Some(format!("{up_to}分及以下{years}年,超过{above}年"))
        }
        _ => None,
    }
}

/// The duration that somebody wrote.
pub(crate) fn of_words(text: &str) -> Option<Tree> {
    let bare: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let table = |entries: Vec<(&str, Tree)>| {
        Some(Tree::Table(entries.into_iter().map(|(name, v)| (name.to_owned(), v)).collect()))
    };
    let kind = |name: &str| ("kind", Tree::Text(name.to_owned()));
    match bare.as_str() {
        "本周期" | "周期" | "评定周期" | "cycle" => return table(vec![kind("cycle")]),
        "本年" | "当年" | "本年度" | "year" => return table(vec![kind("year")]),
        _ => {}
    }
    if let Some(years) = years(&bare) {
        return table(vec![kind("years"), ("years", Tree::Int(years))]);
    }
    let (up_to, rest) = bare.split_once('分')?;
    let up_to: Points = up_to.parse().ok()?;
    let rest = ["及以下", "及以内", "以下", "以内"].iter().find_map(|w| rest.strip_prefix(w))?;
    let (first, second) = rest.split_once([',', '、', ';', '。'])?;
    let above = ["超过", "以上", "高于"].iter().find_map(|word| second.strip_prefix(word))?;
    table(vec![
        kind("by_points"),
        ("up_to", Tree::Text(up_to.to_string())),
        ("years", Tree::Int(years(first)?)),
        ("years_above", Tree::Int(years(above)?)),
    ])
}

fn years(text: &str) -> Option<i64> {
    let digits = text.strip_suffix('年')?;
    let short = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if short { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let by_points = of_words("40分及以下1年,超过2年").unwrap();
        assert_eq!(words(&by_points).unwrap(), "40分及以下1年,超过2年");
        assert_eq!(of_words(" ４０ 分以内 １年，以上２年 "), Some(by_points));
        assert_eq!(words(&of_words("３ 年").unwrap()).unwrap(), "3年");
        for wrong in ["", "年", "3", "三年", "3月", "40分以下1年", "x分以下1年,超过2年", "-1年"]
        {
            assert_eq!(of_words(wrong), None, "{wrong}");
        }
    }
}
