//! Texts longer than WeChat takes are asked about in parts.

/// The longest text that WeChat looks at, in characters.
pub const PART_CHARS_MAX: usize = 2_500;
/// How many characters two parts have in common, so that nothing hides on the cut.
pub const PART_OVERLAP_CHARS: usize = 100;

/// A text in parts of at most [`PART_CHARS_MAX`] characters; none for a text of blanks.
pub fn parts(text: &str) -> Vec<&str> {
    let mut list = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = at_char(rest, PART_CHARS_MAX);
        let (part, after) = rest.split_at(end);
        list.push(part);
        if after.is_empty() {
            break;
        }
        let next = at_char(rest, PART_CHARS_MAX - PART_OVERLAP_CHARS);
        rest = rest.get(next..).unwrap_or_default();
    }
    list
}

/// Where the character with this number begins, or the text ends.
fn at_char(text: &str, number: usize) -> usize {
    text.char_indices().nth(number).map_or(text.len(), |(at, _)| at)
}
