//! What serde complains about, as a reason with its place.

use domain::points::Points;
use domain::rule_book::RuleBook;

use crate::fault::Reason;
use crate::path::{Path, Step};
use crate::tree::Tree;

/// What serde meant, and where exactly. Inside of a table with a kind serde tells the place of the
/// table only, so the value that it complains about is looked for.
pub(crate) fn explain(tree: &Tree, path: Path, message: &str) -> (Path, Reason) {
    let named = |prefix: &str| {
        let rest = message.strip_prefix(prefix)?;
        rest.split_once('`').map(|(name, after)| (name.to_owned(), after.to_owned()))
    };
    if let Some((name, _)) = named("unknown field `") {
        let owner = if path.last() == Some(&Step::Key(name.clone())) {
            Path::from(path.get(..path.len().saturating_sub(1)).unwrap_or_default())
        } else {
            path
        };
        let at = find(tree, &owner, &|path, _| path.last() == Some(&Step::Key(name.clone())));
        let at = at.unwrap_or_else(|| owner.key(&name));
        let holder = at.get(..at.len().saturating_sub(1)).and_then(|holder| tree.at(holder));
        let kind = holder.and_then(|holder| holder.get("kind")).and_then(Tree::text);
        return match kind {
            Some(kind) if name == "unit" => {
                (at, Reason::UnitWithoutQuantity { kind: kind.to_owned() })
            }
            _ => (at, Reason::UnknownField { name }),
        };
    }
    if let Some((name, _)) = named("missing field `") {
        return (path.key(&name), Reason::MissingField { name });
    }
    if let Some((found, after)) = named("unknown variant `") {
        let expected = after.split_once("expected ").map_or("", |(_, list)| list);
        let expected = expected.trim_start_matches("one of ").replace('`', "");
        let at = find(tree, &path, &|path, value| {
            value.text() == Some(found.as_str()) || path.last() == Some(&Step::Key(found.clone()))
        });
        return (at.unwrap_or(path), Reason::UnknownValue { found, expected });
    }
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) =
            message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected "))
        {
            let at = find(tree, &path, &|_, value| unexpected(value) == found);
            let reason =
                Reason::WrongType { found: found.to_owned(), expected: expected.to_owned() };
            return (at.unwrap_or(path), reason);
        }
    }
    if message.starts_with("not points") {
        let at =
            tree.at(&path).filter(|value| value.is_branch()).and_then(|_| culprit(tree, &path));
        let at = at.unwrap_or(path);
        let found = tree.at(&at).and_then(Tree::text).unwrap_or_default().to_owned();
        return (at, Reason::NotPoints { found });
    }
    (path, Reason::Invalid { detail: message.to_owned() })
}

/// The first value below a path that answers a description.
fn find(tree: &Tree, below: &Path, is: &dyn Fn(&Path, &Tree) -> bool) -> Option<Path> {
    let top = tree.at(below)?;
    let mut waiting = vec![(below.clone(), top)];
    while let Some((path, value)) = waiting.pop() {
        if path != *below && is(&path, value) || path == *below && !value.is_branch() {
            return Some(path);
        }
        match value {
            Tree::Table(entries) => {
                waiting.extend(entries.iter().rev().map(|(name, value)| (path.key(name), value)));
            }
            Tree::List(list) => {
                waiting.extend(list.iter().enumerate().rev().map(|(n, v)| (path.index(n), v)));
            }
            _ => {}
        }
    }
    None
}

/// As serde writes what it did not expect.
fn unexpected(value: &Tree) -> String {
    match value {
        Tree::Null => "null".to_owned(),
        Tree::Bool(yes) => format!("boolean `{yes}`"),
        Tree::Int(number) => format!("integer `{number}`"),
        Tree::Text(text) => format!("string {text:?}"),
        Tree::List(_) => "sequence".to_owned(),
        Tree::Table(_) => "map".to_owned(),
    }
}

/// The text below a path that should be points and is not: the one without which the complaint
/// goes away.
fn culprit(tree: &Tree, below: &Path) -> Option<Path> {
    let texts = tree
        .at(below)?
        .leaves()
        .into_iter()
        .filter(|(_, leaf)| leaf.text().is_some_and(|text| text.parse::<Points>().is_err()));
    let candidates: Vec<Path> = texts
        .map(|(inner, _)| inner.iter().fold(below.clone(), |path, step| path.step(step.clone())))
        .collect();
    let goes_away = |path: &&Path| {
        let mut changed = tree.clone();
        changed.put(path, Tree::Text("1".to_owned()))
            && match changed.read::<RuleBook>() {
                Ok(_) => true,
                // A kind that does not exist is another complaint, not the end of this one.
                Err((at, message)) => at != *below && !message.starts_with("unknown variant `1`"),
            }
    };
    candidates.iter().find(goes_away).or_else(|| candidates.iter().find(named_points)).cloned()
}

fn named_points(path: &&Path) -> bool {
    matches!(path.last(), Some(Step::Key(name)) if name.starts_with("points"))
}
