use chrono::Datelike;
use proptest::prelude::*;

use super::*;
use crate::ledger::Entry;

mod book;
mod slow;

pub(super) use book::{Book, account, carry, claim, day, end, h, purchase, redemption};
use slow::Tokens;

const RESET: PointsPolicy = PointsPolicy::YearEndReset { grace_days: 31 };

#[test]
fn a_year_is_looked_at_from_december_on_warned_of_and_ended_after_its_last_day() {
    let at = |policy, all, today| {
        let warned = Some(Warned { policy, all }).filter(|warned| warned.all);
        step(2026, policy, warned, day(today))
    };
    let wait = |until| Step::Wait { until: day(until) };
    let warn = |last_day| Step::Warn { last_day: day(last_day), goes_on: false };
    assert_eq!(at(RESET, false, "2026-05-01"), wait("2026-12-01"));
    // Until the year is over another book may come into force.
    assert_eq!(at(RESET, false, "2026-12-20"), wait("2026-12-21"));
    assert_eq!(at(PointsPolicy::Never, false, "2026-12-31"), wait("2027-01-01"));
    assert_eq!(at(PointsPolicy::Never, false, "2027-01-01"), Step::Over);
    assert_eq!(at(RESET, false, "2027-01-01"), warn("2027-01-31"));
    assert_eq!(at(RESET, true, "2027-01-01"), wait("2027-01-02"));
    assert_eq!(at(RESET, true, "2027-01-31"), wait("2027-02-01"));
    let last_day = day("2027-01-31");
    assert_eq!(at(RESET, true, "2027-02-01"), Step::RunOut { last_day });
    // A server that was off meanwhile.
    assert_eq!(at(RESET, false, "2027-06-01"), Step::RunOut { last_day });
    let last_day = day("2026-12-31");
    assert_eq!(at(carry(5_000), false, "2026-12-01"), warn("2026-12-31"));
    assert_eq!(at(carry(5_000), true, "2027-01-01"), Step::RunOut { last_day });
}

#[test]
fn who_was_told_by_another_policy_is_told_again_from_the_first() {
    let today = day("2026-12-10");
    let last_day = day("2026-12-31");
    let told = |policy, all| step(2026, carry(5_000), Some(Warned { policy, all }), today);
    assert_eq!(told(carry(5_000), false), Step::Warn { last_day, goes_on: true });
    assert_eq!(told(carry(5_000), true), Step::Wait { until: day("2026-12-11") });
    for before in [carry(8_000), RESET, PointsPolicy::Never] {
        assert_eq!(told(before, true), Step::Warn { last_day, goes_on: false });
        assert_eq!(told(before, false), Step::Warn { last_day, goes_on: false });
    }
}

#[test]
fn what_was_redeemed_by_the_last_day_does_not_run_out() {
    let mut book = Book::new(account(1));
    book.moves(claim(1), 0, 1_000, day("2026-06-01"));
    let run_out = |book: &Book, today| run_out(&book.movements, RESET, 2026, day(today)).unwrap();
    assert_eq!(run_out(&book, "2027-01-31"), Points::ZERO);
    book.moves(purchase(0), 0, -300, day("2027-01-31"));
    // Points of January are not of last year.
    book.moves(claim(2), 0, 400, day("2027-01-31"));
    assert_eq!(run_out(&book, "2027-02-01"), h(700));
    assert_eq!(at_stake(&book.movements, RESET, 2026), Ok(h(700)));
}

#[test]
fn a_late_round_ends_the_year_as_of_its_last_day() {
    let mut book = Book::new(account(1));
    book.moves(claim(1), 0, 1_000, day("2026-06-01"));
    let spent = book.moves(purchase(0), 0, -400, day("2026-07-01"));
    let half = |book: &Book| run_out(&book.movements, carry(5_000), 2026, day("2027-01-10"));
    assert_eq!(half(&book), Ok(h(300)));
    // Half of 6 was carried over, and more than that was spent before the program came round.
    let mut late = book.clone();
    late.moves(purchase(1), 0, -500, day("2027-01-02"));
    assert_eq!(half(&late), Ok(h(100)));
    // What comes back after the last day lasts for another year.
    book.reverse(&spent.unwrap(), day("2027-01-05"));
    assert_eq!(half(&book), Ok(h(300)));
}

#[test]
fn a_younger_year_whose_last_day_comes_first_ends_as_of_the_older_ones_end() {
    let long = PointsPolicy::YearEndReset { grace_days: 366 };
    let mut book = Book::new(account(1));
    book.moves(claim(1), 0, 1_000, day("2026-06-01"));
    book.moves(claim(2), 0, 400, day("2027-06-01"));
    let today = day("2028-01-02");
    let older = book.ends(&end(2026, long), today);
    assert_eq!(older[0].amount, -1_000);
    older.into_iter().for_each(|posting| drop(book.post(posting, today)));
    // Half of the 4 of 2027, not of the 14 that were there on its last day.
    assert_eq!(run_out(&book.movements, carry(5_000), 2027, today), Ok(h(200)));
}

#[test]
fn what_runs_out_next_is_the_first_that_takes_anything() {
    let mut book = Book::new(account(1));
    book.moves(claim(1), 0, 1_000, day("2027-01-10"));
    let today = day("2027-01-15");
    let next =
        |book: &Book, years: [(i32, PointsPolicy); 2]| next(&book.movements, years, today).unwrap();
    let of = |points, year, last| Some(Expiring { points: h(points), last_day: day(last), year });
    assert_eq!(next(&book, [(2026, RESET), (2027, RESET)]), of(1_000, 2027, "2028-01-31"));
    assert_eq!(next(&book, [(2026, RESET), (2027, PointsPolicy::Never)]), None);
    let mut older = Book::new(account(1));
    older.moves(claim(1), 0, 200, day("2026-12-31"));
    older.moves(claim(2), 0, 500, day("2027-01-10"));
    assert_eq!(next(&older, [(2026, RESET), (2027, RESET)]), of(200, 2026, "2027-01-31"));
    // Its last day is over, though it is not posted yet.
    assert_eq!(next(&older, [(2026, carry(5_000)), (2027, RESET)]), of(600, 2027, "2028-01-31"));
    // The younger year waits for the older one that has the longer grace.
    let long = PointsPolicy::YearEndReset { grace_days: 366 };
    assert_eq!(next(&older, [(2026, long), (2027, carry(0))]), of(200, 2026, "2028-01-01"));
    assert_eq!(next(&book, [(2026, long), (2027, carry(0))]), of(1_000, 2027, "2028-01-01"));
}

fn policies() -> impl Strategy<Value = PointsPolicy> {
    prop_oneof![
        Just(PointsPolicy::Never),
        (0_u16..=366).prop_map(|grace_days| PointsPolicy::YearEndReset { grace_days }),
        (0_u16..=10_000).prop_map(carry),
    ]
}

/// What happens to a purse: so many days later, one of the kinds, with a number to choose by.
type Happening = (u8, u8, u16);

fn histories() -> impl Strategy<Value = Vec<Happening>> {
    proptest::collection::vec((0_u8..60, 0_u8..6, any::<u16>()), 1..40)
}

/// Plays a history on the ledger and with single tokens, and ends each year so many days after it can
/// be ended.
struct Played {
    book: Book,
    tokens: Tokens,
    today: NaiveDate,
    ends: Vec<(YearEnd, u8)>,
    awards: Vec<(Source, i16, Option<Entry>)>,
    spent: Vec<Option<Entry>>,
}

impl Played {
    fn new(policies: &[(PointsPolicy, u8)]) -> Self {
        let ends = (2026..).zip(policies).map(|(year, (policy, lag))| (end(year, *policy), *lag));
        Self {
            book: Book::new(account(1)),
            tokens: Tokens::default(),
            today: day("2026-10-01"),
            ends: ends.collect(),
            awards: Vec::new(),
            spent: Vec::new(),
        }
    }

    /// One day after the other, so that the model sees each purse as of its last day.
    fn until(&mut self, last: NaiveDate) -> Result<(), TestCaseError> {
        while self.today < last {
            self.tokens.day_is_over(self.today);
            self.today = self.today.succ_opt().unwrap();
            self.end_years()?;
        }
        Ok(())
    }

    fn end_years(&mut self) -> Result<(), TestCaseError> {
        while let Some((end, lag)) = self.ends.first().copied() {
            let over = end.policy.last_day(end.year).unwrap_or_else(|| end_of_year(end.year));
            if self.today <= over + Days::new(u64::from(lag)) {
                break;
            }
            let posted = self.book.ends(&end, self.today);
            let points = self.tokens.end_of(end.year, end.policy, self.book.next_id());
            let amounts: Vec<i64> = posted.iter().map(|posting| -posting.amount).collect();
            prop_assert_eq!(amounts.iter().sum::<i64>(), points);
            for posting in posted {
                self.book.post(posting, self.today);
            }
            prop_assert_eq!(self.book.ends(&end, self.today), vec![]);
            self.ends.remove(0);
        }
        Ok(())
    }

    fn happens(&mut self, (later, kind, by): Happening) -> Result<(), TestCaseError> {
        self.until(self.today + Days::new(u64::from(later)))?;
        let (today, by) = (self.today, usize::from(by));
        match kind {
            0..=2 => {
                let (source, amount) = (claim(self.awards.len() as u128), 1 + by as i64 % 9);
                let entry = self.book.moves(source, 0, amount, today);
                self.tokens.comes_in(entry.as_ref().unwrap(), today);
                self.awards.push((source, 0, entry));
            }
            3 => {
                let amount = self.book.balance() * (by as i64 % 101) / 100;
                let source = purchase(self.spent.len() as u128);
                let entry = self.book.moves(source, 0, -amount, today);
                entry.iter().for_each(|entry| self.tokens.goes_out(entry, &[]));
                self.spent.push(entry);
            }
            // A redemption lapses.
            4 => {
                let count = self.spent.len().max(1);
                let Some(entry) = self.spent.get_mut(by % count).and_then(Option::take) else {
                    return Ok(());
                };
                if let Some(back) = self.book.reverse(&entry, today) {
                    self.tokens.comes_back(&back, entry.posting.id, today);
                }
            }
            // An award is struck, or counts another amount: what gives first, then what takes.
            _ => {
                let count = self.awards.len().max(1);
                let Some((source, nth, Some(was))) = self.awards.get(by % count).cloned() else {
                    return Ok(());
                };
                let instead = (by / 7) as i64 % 9;
                let (now, back) = self.book.correct(&was, source, nth + 1, instead, today);
                now.iter().for_each(|entry| self.tokens.comes_in(entry, today));
                let first: Vec<EntryId> =
                    now.iter().chain([&was]).map(|entry| entry.posting.id).collect();
                back.iter().for_each(|back| self.tokens.goes_out(back, &first));
                self.awards[by % count] = (source, nth + 1, now);
            }
        }
        prop_assert_eq!(self.book.balance(), self.tokens.here());
        Ok(())
    }
}

proptest! {
    #[test]
    fn years_end_as_if_every_hundredth_were_followed_one_by_one(
        history in histories(),
        policies in proptest::collection::vec((policies(), 0_u8..40), 3),
    ) {
        let mut played = Played::new(&policies);
        for happening in history {
            played.happens(happening)?;
        }
        played.until(day("2030-03-01"))?;
        prop_assert_eq!(played.book.balance(), played.tokens.here());
        let lots = lots::of(played.book.movements.iter().copied()).unwrap();
        for lot in lots {
            prop_assert_eq!(lot.left.hundredths(), played.tokens.left_of(lot.entry));
        }
    }

    #[test]
    fn a_village_that_is_interrupted_at_any_account_and_begun_again_ends_the_same(
        purses in proptest::collection::vec(
            proptest::collection::vec((-500_i64..1_000, 0_u64..500), 0..12), 1..8),
        policy in policies(),
        interrupted_at in 0_usize..8,
    ) {
        let mut books: Vec<Book> = Vec::new();
        for (n, moves) in purses.iter().enumerate() {
            let mut book = Book::new(account(n as u128));
            let mut days: Vec<u64> = moves.iter().map(|(_, later)| *later).collect();
            days.sort_unstable();
            for ((amount, _), later) in moves.iter().zip(days) {
                let amount = (*amount).max(-book.balance());
                let source = claim(book.entries.len() as u128);
                book.moves(source, 0, amount, day("2025-12-01") + Days::new(later));
            }
            books.push(book);
        }
        let (end, today) = (end(2026, policy), day("2028-02-01"));
        let ended = |book: &mut Book| {
            let before = book.balance();
            let list = book.ends(&end, today);
            let asked: i64 = list.iter().map(|posting| posting.amount).sum();
            for posting in list {
                book.post(posting, today);
            }
            assert_eq!(book.balance(), before + asked);
            assert!(book.balance() >= 0);
        };
        let mut at_once = books.clone();
        at_once.iter_mut().for_each(ended);
        let mut twice = books;
        twice.iter_mut().take(interrupted_at).for_each(ended);
        twice.iter_mut().for_each(ended);
        for (one, two) in at_once.iter().zip(&twice) {
            prop_assert_eq!(&one.movements, &two.movements);
            prop_assert_eq!(one.balance(), two.balance());
            // What is left of that year and older is what its policy carries over.
            let lots = lots::of(one.movements.iter().copied()).unwrap();
            if matches!(policy, PointsPolicy::YearEndReset { .. }) {
                let left = lots.iter().filter(|lot| lot.day.year() <= 2026).map(|lot| lot.left);
                prop_assert!(left.into_iter().all(|left| left == Points::ZERO));
            }
        }
    }
}
