//! Points that come back from a redemption after the end of their year.

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::day_of;
use crate::id::RedemptionId;
use crate::ledger::Source;
use crate::lots::{self, Lot, Movement, Part};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::PointsPolicy;

/// A year of a village, as far as it has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearOver {
    /// The year.
    pub year: i32,
    /// What the book of its last day says.
    pub policy: PointsPolicy,
    /// When the program had gone through all accounts for it.
    pub finished_at: Option<DateTime<Utc>>,
}

impl YearOver {
    /// Whether points that were redeemed then and come back now missed its end: it came while they were
    /// held.
    pub fn was_missed(&self, redeemed_at: DateTime<Utc>, today: NaiveDate) -> bool {
        self.policy.last_day(self.year).is_some_and(|last_day| {
            let held_then = day_of(redeemed_at) <= last_day;
            last_day < today
                && (held_then || self.finished_at.is_some_and(|finished| redeemed_at < finished))
        })
    }
}

/// What of the points that came back with a redemption would have run out in these years, which it missed;
/// the oldest year comes first. `movements` are all of the purse with those that gave them back and what was
/// taken of them since.
///
/// # Errors
/// As [`lots::of`].
pub fn over_on_return(
    movements: &[Movement],
    redemption: RedemptionId,
    missed: &[YearOver],
) -> Result<Points, Refusal> {
    let traced = lots::traced(movements.iter().copied())?;
    let back = traced.returned.get(&Source::Redemption(redemption));
    let mut held: Vec<Lot> = Vec::new();
    for Part { entry, points } in back.into_iter().flatten() {
        if let Some(lot) = traced.lots.iter().find(|lot| lot.entry == *entry) {
            held.push(Lot { left: lot.left.min(*points), settled: None, ..*lot });
        }
    }
    let mut gone = 0_i64;
    for year in missed {
        let parts = lots::expire(&mut held, year.policy, year.year);
        gone = parts.iter().fold(gone, |sum, part| sum.saturating_add(part.points.hundredths()));
    }
    Ok(Points::from_hundredths(gone))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Book, account, carry, claim, day, h, redemption};
    use super::*;
    use crate::expiry::next;
    use crate::ledger::Entry;

    const RESET: PointsPolicy = PointsPolicy::YearEndReset { grace_days: 31 };

    fn year(policy: PointsPolicy) -> YearOver {
        YearOver { year: 2026, policy, finished_at: None }
    }

    fn id() -> RedemptionId {
        RedemptionId(uuid::Uuid::from_u128(7))
    }

    /// An award of 10 of which 6 were redeemed.
    fn held(redeemed_on: &str) -> (Book, Entry) {
        let mut book = Book::new(account(1));
        book.moves(claim(1), 0, 1_000, day("2026-06-01"));
        let redeemed = book.moves(redemption(id()), 0, -600, day(redeemed_on)).unwrap();
        (book, redeemed)
    }

    #[test]
    fn a_year_is_missed_by_what_was_redeemed_by_its_last_day_and_comes_back_after_it() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let missed = |redeemed: &str, today| year(RESET).was_missed(at(redeemed), day(today));
        assert!(missed("2027-01-31T12:00:00Z", "2027-02-01"));
        assert!(!missed("2027-01-31T12:00:00Z", "2027-01-31"));
        assert!(!missed("2027-02-01T12:00:00Z", "2027-02-02"));
        // Between the last day and the round of the program.
        let late = YearOver { finished_at: Some(at("2027-02-01T13:00:00Z")), ..year(RESET) };
        assert!(late.was_missed(at("2027-02-01T12:00:00Z"), day("2027-02-02")));
        assert!(
            !year(PointsPolicy::Never).was_missed(at("2026-12-31T04:00:00Z"), day("2028-01-01"))
        );
    }

    #[test]
    fn what_comes_back_has_run_out_as_it_would_have_in_the_purse() {
        let (mut book, redeemed) = held("2027-01-31");
        book.reverse(&redeemed, day("2027-02-01"));
        let gone = |policy| over_on_return(&book.movements, id(), &[year(policy)]).unwrap();
        assert_eq!(gone(RESET), h(600));
        assert_eq!(gone(carry(4_000)), h(360));
        assert_eq!(over_on_return(&book.movements, id(), &[]), Ok(Points::ZERO));
    }

    #[test]
    fn no_more_runs_out_than_was_left_of_it() {
        let (mut book, redeemed) = held("2027-01-31");
        book.reverse(&redeemed, day("2027-02-01"));
        book.moves(claim(2), 0, -700, day("2027-02-01"));
        assert_eq!(over_on_return(&book.movements, id(), &[year(RESET)]), Ok(h(300)));
    }

    #[test]
    fn what_ran_out_of_them_is_taken_from_their_own_lots_and_no_others() {
        let (mut book, redeemed) = held("2027-01-31");
        book.moves(claim(2), 0, 500, day("2027-01-05"));
        book.reverse(&redeemed, day("2027-02-01"));
        book.moves(redemption(id()), 1, -600, day("2027-02-01"));
        let lots = lots::of(book.movements.iter().copied()).unwrap();
        let left: Vec<_> = lots.iter().map(|lot| lot.left).collect();
        assert_eq!(left, [h(400), h(500)]);
        let years = [(2027, RESET)];
        let left = next(&book.movements, years, day("2027-03-01")).unwrap().unwrap();
        assert_eq!(left.points, h(900));
    }

    #[test]
    fn an_award_that_ran_out_on_its_return_is_not_taken_back_a_second_time() {
        let mut book = Book::new(account(1));
        let award = book.moves(claim(1), 0, 600, day("2026-06-01")).unwrap();
        let redeemed = book.moves(redemption(id()), 0, -600, day("2026-12-31")).unwrap();
        book.moves(claim(2), 0, 500, day("2027-01-05"));
        book.reverse(&redeemed, day("2027-02-01"));
        book.moves(redemption(id()), 1, -600, day("2027-02-01"));
        book.correct(&award, claim(1), 1, 0, day("2027-02-02"));
        assert_eq!(book.balance(), 500);
    }
}
