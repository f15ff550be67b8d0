//! Files that say how something is, so that a change of it is a diff in review. A test compares;
//! `UPDATE_GOLDEN=1 cargo test` writes them anew.

use std::path::PathBuf;

/// Whether this run writes the files instead of comparing.
pub fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// The file of that path, counted from the repository.
pub fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
}

/// What stands in the file; nothing if there is none.
pub fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_default()
}

/// Writes the file.
pub fn write(file: &str, text: &str) {
    let path = path(file);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    std::fs::write(path, text).expect("written");
}

/// Fails unless the file says this, naming the lines that differ.
#[track_caller]
pub fn compare(file: &str, text: &str) {
    if updating() {
        return write(file, text);
    }
    let expected = read(file);
    if expected == text {
        return;
    }
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), text.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let list: Vec<_> = gone.chain(come).take(60).collect();
    panic!(
        "{file} says something else. If the change is meant: UPDATE_GOLDEN=1 cargo test\n{}",
        list.join("\n")
    );
}

/// A table whose columns are as wide as their widest cell; the first row is the heading.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
