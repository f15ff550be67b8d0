//! The order of the lines of a rating.

use std::cmp::Reverse;

use super::Line;

/// The lines by track, those on none first, and within it in the order of their score, each with its
/// rank within the village and the track. Equal scores share a rank and the next one is left out
/// (1, 2, 2, 4); who is excluded comes last and has none.
pub fn ranked<T>(mut lines: Vec<T>, line: impl Fn(&T) -> Line) -> Vec<(Option<usize>, T)> {
    lines.sort_by_key(|item| {
        let line = line(item);
        (line.excluded.is_some(), line.track, Reverse(line.score), line.account)
    });
    // The line before with its rank, and how many of its track there were up to it.
    let mut before: Option<(Line, usize, usize)> = None;
    lines
        .into_iter()
        .map(|item| {
            let line = line(&item);
            if line.excluded.is_some() {
                return (None, item);
            }
            let (rank, count) = match before {
                Some((same, rank, count)) if same.track == line.track => {
                    (if same.score == line.score { rank } else { count + 1 }, count + 1)
                }
                _ => (1, 1),
            };
            before = Some((line, rank, count));
            (Some(rank), item)
        })
        .collect()
}
