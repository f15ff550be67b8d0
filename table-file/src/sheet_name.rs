//! The name of a sheet, which has rules of its own: short, without some signs, each name once.

/// The most UTF-16 units of a name.
const UNITS_MAX: usize = 31;

/// A name that a sheet can have and that none of `taken` is, as like to the one asked for as can be.
pub(crate) fn free_name(asked: &str, taken: &[String]) -> String {
    let odd = |c: char| c.is_control() || "*?:[]\\/'\u{fffe}\u{ffff}".contains(c);
    let plain: String = asked.chars().map(|c| if odd(c) { '-' } else { c }).collect();
    // Excel keeps this name for itself.
    let reserved = plain.trim().is_empty() || plain.eq_ignore_ascii_case("history");
    let plain = if reserved { format!("表{}", plain.trim()) } else { plain };
    let free =
        |name: &String| taken.iter().all(|other| other.to_lowercase() != name.to_lowercase());
    let numbered = (2_u32..).map(|n| {
        let number = format!(" ({n})");
        format!("{}{number}", cut(&plain, UNITS_MAX - number.len()))
    });
    let mut names = std::iter::once(cut(&plain, UNITS_MAX).to_owned()).chain(numbered);
    names.find(free).unwrap_or_default()
}

/// The beginning of a text that has at most so many UTF-16 units.
fn cut(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > units_max
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or_default())
}
