//! A cell as a value of the book, and back.

use domain::points::{BasisPoints, Points};

use super::labels::{self, Labels};
use super::sheets::Kind;
use super::{CELL_CHARS_MAX, duration};
use crate::fault::Reason;
use crate::tree::Tree;

/// What stands in a cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    /// A text.
    Text(String),
    /// A number, written as short as it can be.
    Number(String),
    /// Yes or no.
    Bool(bool),
    /// A day or time.
    Date,
    /// A number with more digits than a spreadsheet keeps.
    DigitsLost,
    /// An error, such as `#N/A`.
    Broken(String),
    /// More characters than are read.
    TooLong,
}

/// What is written into a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Out {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(u32),
}

/// Categories by code and name: the sheet of items says either.
#[derive(Clone, Debug, Default)]
pub(crate) struct Categories(pub(crate) Vec<(String, String)>);

/// How a text begins that a cell would change; the rest is the text in JSON.
const VERBATIM: &str = "json:";

impl Raw {
    /// Whether nothing stands there.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// What somebody wrote, trimmed.
    pub(crate) fn text(&self) -> Result<String, Reason> {
        match self {
            Self::Text(text) => Ok(text.trim().to_owned()),
            Self::Number(number) => Ok(number.clone()),
            Self::Bool(yes) => Ok(if *yes { "是" } else { "否" }.to_owned()),
            Self::Date => Err(Reason::IsDate),
            Self::DigitsLost => Err(Reason::DigitsLost),
            Self::Broken(found) => Err(Reason::CellBroken { found: found.clone() }),
            Self::TooLong => Err(Reason::CellTooLong { chars_max: CELL_CHARS_MAX }),
        }
    }
}

/// The value of a cell; `None` if it is blank.
///
/// # Errors
/// Why it is none.
pub(crate) fn read(raw: &Raw, kind: Kind, categories: &Categories) -> Result<Option<Tree>, Reason> {
    let text = raw.text()?;
    if text.is_empty() {
        return Ok(None);
    }
    if matches!(kind, Kind::Text | Kind::Code | Kind::Category | Kind::Owner)
        && let Some(json) = text.strip_prefix(VERBATIM)
        && let Ok(verbatim) = serde_json::from_str(json)
    {
        return Ok(Some(Tree::Text(verbatim)));
    }
    let plain = half_width(&text);
    let plain = plain.trim();
    let value = match kind {
        Kind::Text => Tree::Text(text.replace("\r\n", "\n")),
        Kind::Code | Kind::Owner => Tree::Text(squeezed(plain)),
        Kind::Category => Tree::Text(categories.code_of(&text)),
        Kind::Whole => Tree::Int(whole(plain).ok_or(Reason::NotWhole { found: text })?),
        Kind::Points => {
            let bare = plain.strip_prefix('+').unwrap_or(plain);
            let bare = bare.strip_suffix('分').unwrap_or(bare).trim();
            let points: Points = bare.parse().map_err(|_| Reason::NotPoints { found: text })?;
            Tree::Text(points.to_string())
        }
        Kind::Yuan => {
            let bare = plain.strip_suffix('元').unwrap_or(plain).trim();
            Tree::Int(hundredths(bare).ok_or(Reason::NotMoney { found: text })?)
        }
        Kind::Percent => percent(plain, &text)?,
        Kind::YesNo => Tree::Bool(yes_or_no(plain).ok_or(Reason::NotYesOrNo { found: text })?),
        Kind::Label(known) => Tree::Text(one_of(known, &text)?),
        Kind::Labels(known) => some_of(known, &text)?,
        Kind::Duration => duration::of_words(&text).ok_or(Reason::NotDuration { found: text })?,
        Kind::Note => return Ok(None),
    };
    Ok(Some(value))
}

/// The cell of a value; `None` if a cell of that kind cannot hold it as it is.
pub(crate) fn write(value: &Tree, kind: Kind, categories: &Categories) -> Option<Out> {
    let out = match (kind, value) {
        (Kind::Text | Kind::Code | Kind::Owner, Tree::Text(text)) => Out::Text(text.clone()),
        (Kind::Category, Tree::Text(code)) => Out::Text(categories.name_of(code)),
        (Kind::Whole, Tree::Int(number)) => match u32::try_from(*number) {
            Ok(number) => Out::Whole(number),
            Err(_) => Out::Text(number.to_string()),
        },
        (Kind::Points, Tree::Text(text)) => Out::Text(text.clone()),
        (Kind::Yuan, Tree::Int(fen)) => Out::Text(Points::from_hundredths(*fen).to_string()),
        (Kind::Percent, Tree::Int(share)) => {
            Out::Text(format!("{}%", Points::from_hundredths(*share)))
        }
        (Kind::YesNo, Tree::Bool(yes)) => Out::Text(if *yes { "是" } else { "否" }.to_owned()),
        (Kind::Label(known), Tree::Text(name)) => {
            Out::Text(labels::label(known, name).unwrap_or(name).to_owned())
        }
        (Kind::Labels(known), Tree::List(names)) => {
            let names = names
                .iter()
                .map(|name| name.text().map(|name| labels::label(known, name).unwrap_or(name)));
            let names: Vec<_> = names.collect::<Option<_>>()?;
            Out::Text(if names.is_empty() { NONE.to_owned() } else { names.join("、") })
        }
        (Kind::Duration, value) => Out::Text(duration::words(value)?),
        _ => return None,
    };
    if reads_as(&out, value, kind, categories) {
        return Some(out);
    }
    // A text that a cell would change is written in JSON, with nothing but ASCII.
    let Tree::Text(text) = value else { return None };
    let out = Out::Text(format!("{VERBATIM}{}", json(text)));
    if reads_as(&out, value, kind, categories) { Some(out) } else { None }
}

fn reads_as(out: &Out, value: &Tree, kind: Kind, categories: &Categories) -> bool {
    let raw = match out {
        Out::Text(text) if !survives(text) => return false,
        Out::Text(text) => Raw::Text(text.clone()),
        Out::Whole(number) => Raw::Number(number.to_string()),
    };
    matches!(read(&raw, kind, categories), Ok(Some(read)) if read == *value)
}

/// Whether a spreadsheet keeps a text as it is: no control characters, none that XML does not have,
/// and nothing that looks like an escape of the format (`_x0041_`).
pub(crate) fn survives(text: &str) -> bool {
    let odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().count() <= CELL_CHARS_MAX && !text.chars().any(odd) && !text.contains("_x")
}

/// A text in JSON that nothing on its way changes.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::from("\"");
    let mut units = [0; 2];
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // The second half of "_x" too, so that no escape is left.
            c if c.is_control() || c == '_' || !c.is_ascii() && !c.is_alphanumeric() => {
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What stands for none of several, where a blank cell would mean that nothing was said.
const NONE: &str = "无";

fn one_of(known: Labels, text: &str) -> Result<String, Reason> {
    let text = squeezed(text);
    if let Some(name) = labels::name(known, &text) {
        return Ok(name.to_owned());
    }
    // The book may know a name that has no label yet.
    let name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if !text.is_empty() && text.bytes().all(name) {
        return Ok(text);
    }
    Err(Reason::UnknownValue { found: text, expected: labels::all(known) })
}

fn some_of(known: Labels, text: &str) -> Result<Tree, Reason> {
    if squeezed(text) == NONE {
        return Ok(Tree::List(Vec::new()));
    }
    let between = |c: char| c.is_whitespace() || "、,，;；/".contains(c);
    let parts = text.split(between).filter(|part| !part.is_empty());
    let names: Result<Vec<_>, _> = parts.map(|p| one_of(known, p).map(Tree::Text)).collect();
    Ok(Tree::List(names?))
}

impl Categories {
    fn code_of(&self, text: &str) -> String {
        let code = squeezed(&half_width(text));
        let by_code = self.0.iter().find(|(known, _)| *known == text || *known == code);
        let by_name = || self.0.iter().find(|(_, name)| name == text);
        by_code.or_else(by_name).map_or(code, |(code, _)| code.clone())
    }

    fn name_of(&self, code: &str) -> String {
        let name = self.0.iter().find(|(known, _)| known == code).map(|(_, name)| name.as_str());
        name.filter(|name| self.code_of(name) == code).unwrap_or(code).to_owned()
    }
}

/// Full-width letters, digits and signs as plain ones.
pub(crate) fn half_width(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' => '.',
        '−' | '–' | '—' => '-',
        c => c,
    };
    text.chars().map(plain).collect()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A whole number from 0 up, with or without what it counts.
fn whole(text: &str) -> Option<i64> {
    let bare = text.trim_end_matches(['天', '日', '人', '次', '年', '星', '级', '个']).trim();
    let digits = (1..=15).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    if digits { bare.parse().ok() } else { None }
}

/// A decimal with at most two places, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    text.parse::<Points>().ok().map(Points::hundredths)
}

/// A cell that is formatted as a percentage holds 0.08 for 8 %, so a bare number below 1 could mean
/// either.
fn percent(plain: &str, found: &str) -> Result<Tree, Reason> {
    let refused = || Reason::NotPercent { found: found.to_owned() };
    let (number, sign) = match plain.strip_suffix('%') {
        Some(number) => (number.trim(), true),
        None => (plain, false),
    };
    let share = hundredths(number).ok_or_else(refused)?;
    if !sign && (1..=100).contains(&share) {
        return Err(Reason::PercentUnclear { found: found.to_owned() });
    }
    let whole = u16::try_from(share).ok().and_then(BasisPoints::new).ok_or_else(refused)?;
    Ok(Tree::Int(i64::from(whole.get())))
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "是" | "√" | "✓" | "对" | "yes" | "y" | "true" | "1" => Some(true),
        "否" | "×" | "x" | "不" | "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, kind: Kind) -> Result<Option<Tree>, &'static str> {
        let read = read(&Raw::Text(text.into()), kind, &Categories::default());
        read.map_err(|reason| reason.code())
    }

    fn read_number(number: &str, kind: Kind) -> Result<Option<Tree>, &'static str> {
        let read = read(&Raw::Number(number.into()), kind, &Categories::default());
        read.map_err(|reason| reason.code())
    }

    fn text(text: &str) -> Result<Option<Tree>, &'static str> {
        Ok(Some(Tree::Text(text.into())))
    }

    #[test]
    fn points_are_read_in_any_width_and_only_with_two_places() {
        for (written, points) in
            [("0.1", "0.1"), (" １．５０ ", "1.5"), ("+2分", "2"), ("－3", "-3"), ("10。5", "10.5")]
        {
            assert_eq!(read_text(written, Kind::Points), text(points), "{written}");
        }
        assert_eq!(read_number("0.1", Kind::Points), text("0.1"));
        for number in ["0.30000000000000004", "0.125", "1e21", "NaN"] {
            assert_eq!(read_number(number, Kind::Points), Err("not_points"), "{number}");
        }
        for wrong in ["1,000", "一", "1.", "0.1.2", "1 2"] {
            assert_eq!(read_text(wrong, Kind::Points), Err("not_points"), "{wrong}");
        }
        assert_eq!(read_text(" 　", Kind::Points), Ok(None));
    }

    #[test]
    fn a_share_that_could_mean_two_things_is_not_guessed() {
        assert_eq!(read_text("8%", Kind::Percent), Ok(Some(Tree::Int(800))));
        assert_eq!(read_text("０．２５％", Kind::Percent), Ok(Some(Tree::Int(25))));
        assert_eq!(read_number("8", Kind::Percent), Ok(Some(Tree::Int(800))));
        assert_eq!(read_number("0", Kind::Percent), Ok(Some(Tree::Int(0))));
        // 0.08 may be 8 % as a spreadsheet keeps it, and 1 may be 100 %.
        for number in ["0.08", "1"] {
            assert_eq!(read_number(number, Kind::Percent), Err("percent_unclear"), "{number}");
        }
        assert_eq!(read_text("101%", Kind::Percent), Err("not_percent"));
        assert_eq!(read_text("-1%", Kind::Percent), Err("not_percent"));
    }

    #[test]
    fn labels_are_read_by_name_and_an_unknown_one_says_what_is_possible() {
        let kind = Kind::Labels(labels::CLAIMED_BY);
        let both = Tree::List(vec![Tree::Text("villager".into()), Tree::Text("cadre".into())]);
        for written in ["村民、干部", "村民，干部", " 村民 cadre ", "村民/干部"] {
            assert_eq!(read_text(written, kind), Ok(Some(both.clone())), "{written}");
        }
        assert_eq!(read_text("无", kind), Ok(Some(Tree::List(Vec::new()))));
        let wrong = read(&Raw::Text("干布".into()), kind, &Categories::default()).unwrap_err();
        assert_eq!(wrong.code(), "unknown_value");
        assert!(wrong.zh().contains("村民、干部、系统"));
    }

    #[test]
    fn dates_errors_and_long_numbers_are_refused_by_name() {
        let code = |raw: Raw| read(&raw, Kind::Code, &Categories::default()).unwrap_err().code();
        assert_eq!(code(Raw::Date), "is_date");
        assert_eq!(code(Raw::Broken("#N/A".into())), "cell_broken");
        assert_eq!(code(Raw::DigitsLost), "digits_lost");
        assert_eq!(code(Raw::TooLong), "cell_too_long");
    }

    #[test]
    fn a_category_is_found_by_name_or_code_and_never_taken_for_another() {
        let known = [("a", "环境"), ("b", "a"), ("c", "环境")];
        let known = Categories(known.map(|(code, name)| (code.into(), name.into())).into());
        assert_eq!(known.name_of("a"), "环境");
        // Its name is the code of another, or means another.
        assert_eq!((known.name_of("b"), known.name_of("c")), ("b".into(), "c".into()));
        assert_eq!(known.name_of("x"), "x");
        assert_eq!(known.code_of(" ｂ "), "b");
    }

    #[test]
    fn a_text_that_a_cell_would_change_is_written_so_that_it_stays() {
        for odd in [" x", "", "\r\n", "_x0041_", "json:\"1\"", "\u{1}", "　"] {
            let value = Tree::Text(odd.into());
            let out = write(&value, Kind::Text, &Categories::default());
            assert!(matches!(&out, Some(Out::Text(t)) if t.starts_with("json:\"")), "{out:?}");
        }
        let plain = write(&Tree::Text("第一行\n第二行".into()), Kind::Text, &Categories::default());
        assert_eq!(plain, Some(Out::Text("第一行\n第二行".into())));
    }
}
