//! The slow and obvious way: every hundredth of a point is a token of its own, and the purse is
//! remembered as it was at the end of every day.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::id::EntryId;
use crate::ledger::Entry;
use crate::rule_book::PointsPolicy;

#[derive(Clone, Debug)]
struct Token {
    brought_by: EntryId,
    day: NaiveDate,
    taken_by: Option<EntryId>,
    through: i32,
}

/// The purse of an account, token by token.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    list: Vec<Token>,
    days: BTreeMap<NaiveDate, Vec<Token>>,
    /// As it was after the last end of a year.
    ended: Option<(NaiveDate, Vec<Token>)>,
    today: NaiveDate,
}

fn is_due(token: &Token, year: i32) -> bool {
    token.taken_by.is_none() && token.day.year() <= year && token.through < year
}

impl Tokens {
    pub(super) fn day_is_over(&mut self, day: NaiveDate) {
        self.days.insert(day, self.list.clone());
        self.today = day.succ_opt().unwrap();
    }

    pub(super) fn here(&self) -> i64 {
        self.list.iter().filter(|token| token.taken_by.is_none()).count() as i64
    }

    pub(super) fn left_of(&self, entry: EntryId) -> i64 {
        let left = |token: &&Token| token.brought_by == entry && token.taken_by.is_none();
        self.list.iter().filter(left).count() as i64
    }

    pub(super) fn comes_in(&mut self, entry: &Entry, day: NaiveDate) {
        self.bring(entry.posting.id, entry.posting.amount, day);
    }

    fn bring(&mut self, brought_by: EntryId, count: i64, day: NaiveDate) {
        for _ in 0..count {
            self.list.push(Token { brought_by, day, taken_by: None, through: 0 });
        }
    }

    /// Takes the oldest, but these first.
    pub(super) fn goes_out(&mut self, entry: &Entry, first: &[EntryId]) {
        for _ in 0..-entry.posting.amount {
            let rank = |token: &Token| {
                let first = first.iter().position(|id| *id == token.brought_by);
                (first.unwrap_or(usize::MAX), token.day, token.brought_by)
            };
            let here = self.list.iter_mut().filter(|token| token.taken_by.is_none());
            here.min_by_key(|token| rank(token)).unwrap().taken_by = Some(entry.posting.id);
        }
    }

    /// Returns what an entry took, the youngest first.
    pub(super) fn comes_back(&mut self, entry: &Entry, taken_by: EntryId, today: NaiveDate) {
        for returned in 0..entry.posting.amount {
            let gone = self.list.iter_mut().filter(|token| token.taken_by == Some(taken_by));
            match gone.max_by_key(|token| (token.day, token.brought_by)) {
                Some(token) => token.taken_by = None,
                None => {
                    self.bring(entry.posting.id, entry.posting.amount - returned, today);
                    return;
                }
            }
        }
    }

    /// Ends a year that can be ended, and answers how much runs out.
    pub(super) fn end_of(&mut self, year: i32, policy: PointsPolicy, by: EntryId) -> i64 {
        let Some(last_day) = policy.last_day(year) else { return 0 };
        let then = match &self.ended {
            Some((day, list)) if *day > last_day => list,
            _ => self.days.get(&last_day).unwrap(),
        };
        let total = then.iter().filter(|token| is_due(token, year)).count() as i64;
        let kept = match policy {
            PointsPolicy::Never => total,
            PointsPolicy::YearEndReset { .. } => 0,
            PointsPolicy::CarryOver { share_bp } => total * i64::from(share_bp.get()) / 10_000,
        };
        let due = self.list.iter().filter(|token| is_due(token, year)).count() as i64;
        let points = (total - kept).min(due);
        for _ in 0..points {
            let due = self.list.iter_mut().filter(|token| is_due(token, year));
            due.min_by_key(|token| (token.day, token.brought_by)).unwrap().taken_by = Some(by);
        }
        if points > 0 {
            let old = self.list.iter_mut().filter(|token| token.day.year() <= year);
            old.for_each(|token| token.through = token.through.max(year));
            self.ended = Some((self.today, self.list.clone()));
        }
        points
    }
}
