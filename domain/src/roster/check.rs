//! Checking every line, so that a clerk learns of all mistakes at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::cells::{Cell, Column, Line};
use super::{CELL_CHARS_MAX, HEAD, NAME_CHARS_MAX, NUMBER_CHARS_MAX, RELATION_CHARS_MAX};
use crate::id::GridId;
use crate::import::{BadLine, Flaw};
use crate::person::{BadIdNumber, IdNumber, Phone, Residence, Track};

/// A line that is right by itself and beside the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the file.
    pub line: u32,
    /// 户号.
    pub household: String,
    /// 姓名.
    pub name: String,
    /// 与户主关系.
    pub relation: String,
    /// 身份证号.
    pub id_number: Option<IdNumber>,
    /// 手机号.
    pub phone: Option<Phone>,
    /// 网格.
    pub grid: Option<GridId>,
    /// What the file says of tracks; what it does not say stays.
    pub tracks: BTreeMap<Track, bool>,
    /// 状态.
    pub residence: Option<Residence>,
}

impl Entry {
    /// Whether this is the head of the household.
    pub fn is_head(&self) -> bool {
        self.relation == HEAD
    }
}

/// The columns that say yes or no.
const TRACKS: &[(Column, Track)] = &[
    (Column::PartyMember, Track::PartyMember),
    (Column::Representative, Track::Representative),
    (Column::Volunteer, Track::Volunteer),
    (Column::Elder, Track::Elder),
];

/// Checks all lines.
///
/// # Errors
/// What is wrong, in the order of the lines; a line can be wrong in several fields.
pub fn check(
    lines: &[Line],
    grids: &BTreeMap<String, GridId>,
    today: NaiveDate,
) -> Result<Vec<Entry>, Vec<BadLine>> {
    let mut bad = Vec::new();
    let read: Vec<Reading> = lines.iter().map(|line| line.read(grids, today, &mut bad)).collect();
    id_numbers_differ(&read, &mut bad);
    names_differ(&read, &mut bad);
    one_head_each(&read, &mut bad);
    one_grid_each(&read, &mut bad);
    if bad.is_empty() {
        return Ok(read.into_iter().filter_map(Reading::entry).collect());
    }
    bad.sort_by_key(|bad| bad.line);
    Err(bad)
}

/// A line as far as it could be read: what is missing is needed or wrong, and told already.
struct Reading {
    line: u32,
    household: Option<String>,
    name: Option<String>,
    relation: Option<String>,
    id_number: Option<IdNumber>,
    phone: Option<Phone>,
    grid: Option<GridId>,
    tracks: BTreeMap<Track, bool>,
    residence: Option<Residence>,
}

impl Reading {
    fn entry(self) -> Option<Entry> {
        Some(Entry {
            line: self.line,
            household: self.household?,
            name: self.name?,
            relation: self.relation?,
            id_number: self.id_number,
            phone: self.phone,
            grid: self.grid,
            tracks: self.tracks,
            residence: self.residence,
        })
    }
}

impl Line {
    fn read(
        &self,
        grids: &BTreeMap<String, GridId>,
        today: NaiveDate,
        bad: &mut Vec<BadLine>,
    ) -> Reading {
        let mut told = Told { line: self.number, bad };
        let number = told.take(Column::Household, self.needed(Column::Household, NUMBER_CHARS_MAX));
        let name = told.take(Column::Name, self.needed(Column::Name, NAME_CHARS_MAX));
        let relation =
            told.take(Column::Relation, self.needed(Column::Relation, RELATION_CHARS_MAX));
        let id_number = told.take(Column::IdNumber, self.id_number(today));
        let phone = told.take(Column::Phone, self.phone());
        let grid = told.take(Column::Grid, self.grid(grids));
        let residence = told.take(Column::Residence, self.residence());
        let tracks = TRACKS
            .iter()
            .filter_map(|(column, track)| Some((*track, told.take(*column, self.yes(*column))??)))
            .collect();
        Reading {
            line: self.number,
            household: number,
            name: name.map(|name| without_padding(&name)),
            relation: relation.map(|relation| without_padding(&relation)),
            id_number: id_number.flatten(),
            phone: phone.flatten(),
            grid: grid.flatten(),
            tracks,
            residence: residence.flatten(),
        }
    }

    /// The text of a cell, none if it is empty.
    fn text(&self, column: Column) -> Result<Option<&str>, Flaw> {
        match self.cells.get(&column) {
            None | Some(Cell::Empty) => Ok(None),
            Some(Cell::DigitsLost) => Err(Flaw::DigitsLost),
            Some(Cell::Broken) => Err(Flaw::CellBroken),
            Some(Cell::TooLong) => Err(Flaw::TooLong { chars_max: CELL_CHARS_MAX }),
            Some(Cell::Text(text)) => {
                // Spreadsheets mark a text that looks like a number with an apostrophe.
                let text = text.trim();
                let text = text.strip_prefix('\'').unwrap_or(text).trim();
                if text.chars().any(char::is_control) {
                    return Err(Flaw::ControlCharacter);
                }
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
        }
    }

    fn needed(&self, column: Column, chars_max: u16) -> Result<String, Flaw> {
        let text = self.text(column)?.ok_or(Flaw::Missing)?;
        if text.chars().count() > usize::from(chars_max) {
            return Err(Flaw::TooLong { chars_max });
        }
        Ok(text.to_owned())
    }

    fn id_number(&self, today: NaiveDate) -> Result<Option<IdNumber>, Flaw> {
        let Some(text) = self.text(Column::IdNumber)? else { return Ok(None) };
        if is_scientific(text) {
            return Err(Flaw::DigitsLost);
        }
        let number: IdNumber = text.parse().map_err(|why| match why {
            BadIdNumber::Form => Flaw::IdNumberForm,
            BadIdNumber::BirthDate => Flaw::IdNumberBirthDate,
            BadIdNumber::CheckDigit => Flaw::IdNumberCheckDigit,
        })?;
        if number.born_on() > today { Err(Flaw::IdNumberBirthDate) } else { Ok(Some(number)) }
    }

    fn phone(&self) -> Result<Option<Phone>, Flaw> {
        let Some(text) = self.text(Column::Phone)? else { return Ok(None) };
        if is_scientific(text) {
            return Err(Flaw::DigitsLost);
        }
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        digits.parse().map(Some).map_err(|()| Flaw::PhoneForm)
    }

    fn grid(&self, grids: &BTreeMap<String, GridId>) -> Result<Option<GridId>, Flaw> {
        let Some(text) = self.text(Column::Grid)? else { return Ok(None) };
        grids.get(text).copied().map(Some).ok_or(Flaw::UnknownGrid)
    }

    fn residence(&self) -> Result<Option<Residence>, Flaw> {
        let Some(text) = self.text(Column::Residence)? else { return Ok(None) };
        Ok(Some(match text {
            "居住" | "在村" | "常住" | "在家" | "正常" | "resident" => {
                Residence::Resident
            }
            "在外求学" | "求学" | "学生" | "在校" | "student" => Residence::Student,
            "迁出" | "已迁出" | "外迁" | "moved_away" => Residence::MovedAway,
            "去世" | "已去世" | "死亡" | "已故" | "deceased" => Residence::Deceased,
            "涉案未结" | "涉案" | "open_legal_case" => Residence::OpenLegalCase,
            _ => return Err(Flaw::UnknownStatus),
        }))
    }

    fn yes(&self, column: Column) -> Result<Option<bool>, Flaw> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        match text.to_lowercase().as_str() {
            "是" | "有" | "√" | "✓" | "✔" | "1" | "y" | "yes" | "true" => Ok(Some(true)),
            "否" | "无" | "不是" | "×" | "-" | "0" | "n" | "no" | "false" => Ok(Some(false)),
            // 党员 in the column 党员.
            own if column.titles().contains(&own) => Ok(Some(true)),
            _ => Err(Flaw::NotYesOrNo),
        }
    }
}

/// Whether a spreadsheet wrote a long number as `5.20204E+17`.
fn is_scientific(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_number =
        |s: &str, extra: char| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || c == extra);
    is_number(digits, '.') && is_number(exponent, '0')
}

/// A name without the spaces that line up two characters with three: 王  明 is 王明. Names in
/// letters keep one space between their parts.
fn without_padding(name: &str) -> String {
    let between = if name.chars().any(|c| c.is_ascii_alphabetic()) { " " } else { "" };
    name.split_whitespace().collect::<Vec<_>>().join(between)
}

/// Where flaws of a line are noted.
struct Told<'a> {
    line: u32,
    bad: &'a mut Vec<BadLine>,
}

impl Told<'_> {
    fn take<T>(&mut self, column: Column, read: Result<T, Flaw>) -> Option<T> {
        read.map_err(|flaw| {
            self.bad.push(BadLine { line: self.line, field: column.field(), flaw });
        })
        .ok()
    }
}

fn id_numbers_differ(read: &[Reading], bad: &mut Vec<BadLine>) {
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    for line in read {
        let Some(number) = &line.id_number else { continue };
        let first_line = *first.entry(number.expose()).or_insert(line.line);
        if first_line != line.line {
            let flaw = Flaw::IdNumberTwice { first_line };
            bad.push(BadLine { line: line.line, field: Column::IdNumber.field(), flaw });
        }
    }
}

fn names_differ(read: &[Reading], bad: &mut Vec<BadLine>) {
    let mut first: BTreeMap<(&str, &str), (u32, bool)> = BTreeMap::new();
    for line in read {
        let (Some(household), Some(name)) = (&line.household, &line.name) else { continue };
        let numbered = line.id_number.is_some();
        let &mut (first_line, both_numbered) = first
            .entry((household, name))
            .and_modify(|(_, all)| *all &= numbered)
            .or_insert((line.line, numbered));
        if first_line != line.line && !both_numbered {
            let flaw = Flaw::NameTwice { first_line };
            bad.push(BadLine { line: line.line, field: Column::Name.field(), flaw });
        }
    }
}

fn one_head_each(read: &[Reading], bad: &mut Vec<BadLine>) {
    struct Home {
        first_line: u32,
        head: Option<u32>,
        unread: bool,
    }
    let mut homes: BTreeMap<&str, Home> = BTreeMap::new();
    let field = Column::Relation.field();
    for line in read {
        let Some(household) = &line.household else { continue };
        let home = homes.entry(household).or_insert(Home {
            first_line: line.line,
            head: None,
            unread: false,
        });
        home.unread |= line.relation.is_none();
        if line.relation.as_deref() != Some(HEAD) {
            continue;
        }
        match home.head {
            None => home.head = Some(line.line),
            Some(first_line) => {
                bad.push(BadLine { line: line.line, field, flaw: Flaw::SecondHead { first_line } });
            }
        }
    }
    // Where a relation could not be read, that line is told; the head may be there.
    let headless = homes.values().filter(|home| home.head.is_none() && !home.unread);
    bad.extend(headless.map(|home| BadLine { line: home.first_line, field, flaw: Flaw::NoHead }));
}

fn one_grid_each(read: &[Reading], bad: &mut Vec<BadLine>) {
    let mut first: BTreeMap<&str, (u32, GridId)> = BTreeMap::new();
    for line in read {
        let (Some(household), Some(grid)) = (&line.household, line.grid) else { continue };
        let &mut (first_line, first_grid) = first.entry(household).or_insert((line.line, grid));
        if grid != first_grid {
            let flaw = Flaw::GridDiffers { first_line };
            bad.push(BadLine { line: line.line, field: Column::Grid.field(), flaw });
        }
    }
}

#[cfg(test)]
mod tests;
