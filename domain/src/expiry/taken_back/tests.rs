use proptest::prelude::*;

use crate::expiry::tests::{Book, account, claim, day, end, h, purchase};
use crate::ledger::Entry;
use crate::points::{BasisPoints, Points};
use crate::rule_book::PointsPolicy;

/// Ends 2026 for a purse.
fn end_2026(book: &mut Book, policy: PointsPolicy) -> i64 {
    let today = day("2027-02-01");
    let posted = book.ends(&end(2026, policy), today);
    posted.into_iter().filter_map(|posting| book.post(posting, today)).map(gone).sum()
}

fn gone(entry: Entry) -> i64 {
    -entry.posting.amount
}

const RESET: PointsPolicy = PointsPolicy::YearEndReset { grace_days: 31 };

/// What striking an award takes.
fn struck(book: &mut Book, was: &Entry) -> i64 {
    let (_, back) = book.correct(was, was.posting.source, 1, 0, day("2027-04-01"));
    back.map_or(0, gone)
}

#[test]
fn an_award_that_ran_out_takes_nothing_from_newer_points_when_it_is_struck() {
    let mut book = Book::new(account(1));
    let award = book.moves(claim(1), 0, 300, day("2026-06-01")).unwrap();
    assert_eq!(end_2026(&mut book, RESET), 300);
    book.moves(claim(2), 0, 500, day("2027-03-01"));
    assert_eq!(struck(&mut book, &award), 0);
    assert_eq!(book.balance(), 500);
}

#[test]
fn what_was_spent_of_it_is_taken() {
    let mut book = Book::new(account(1));
    let award = book.moves(claim(1), 0, 300, day("2026-06-01")).unwrap();
    book.moves(purchase(1), 0, -200, day("2026-07-01"));
    assert_eq!(end_2026(&mut book, RESET), 100);
    book.moves(claim(2), 0, 500, day("2027-03-01"));
    assert_eq!(struck(&mut book, &award), 200);
}

#[test]
fn a_correction_gives_only_what_it_adds_to_an_award_that_ran_out() {
    let corrected = |instead| {
        let mut book = Book::new(account(1));
        let award = book.moves(claim(1), 0, 300, day("2026-06-01")).unwrap();
        end_2026(&mut book, RESET);
        book.correct(&award, claim(1), 1, instead, day("2027-04-01"));
        book
    };
    assert_eq!(corrected(400).balance(), 100);
    assert_eq!(corrected(200).balance(), 0);
    // And struck after all: what was added goes, and no more.
    let mut book = corrected(400);
    book.moves(claim(2), 0, 500, day("2027-04-02"));
    let award = book.entries.iter().find(|entry| entry.posting.amount == 400).cloned().unwrap();
    let (_, back) = book.correct(&award, claim(1), 2, 0, day("2027-05-01"));
    assert_eq!((back.map(gone), book.balance()), (Some(100), 500));
}

#[test]
fn of_a_share_that_ran_out_the_part_of_the_award_is_rounded_up() {
    let half = PointsPolicy::CarryOver { share_bp: BasisPoints::new(5_000).unwrap() };
    let mut book = Book::new(account(1));
    let award = book.moves(claim(1), 0, 101, day("2026-06-01")).unwrap();
    book.moves(claim(2), 0, 200, day("2026-06-02"));
    // Half of 3.01 is kept, rounded down to 1.50; 1.51 ran out, of which 0.51 falls on the 1.01.
    assert_eq!(end_2026(&mut book, half), 151);
    assert_eq!(struck(&mut book, &award), 50);
    assert_eq!(Points::from_hundredths(book.balance()), h(100));
}

proptest! {
    /// Of awards of one year, some of which was spent: only what could not have been spent without the
    /// award is taken.
    #[test]
    fn after_a_reset_it_takes_what_could_not_have_been_spent_without_it(
        awards in proptest::collection::vec(1_i64..500, 1..8),
        share in 0_i64..=100,
        which in any::<prop::sample::Index>(),
    ) {
        let mut book = Book::new(account(1));
        let total: i64 = awards.iter().sum();
        let mut entries = Vec::new();
        for (award, n) in awards.iter().zip(1..) {
            entries.extend(book.moves(claim(n), 0, *award, day("2026-06-01")));
        }
        let spent = total * share / 100;
        book.moves(purchase(1), 0, -spent, day("2026-07-01"));
        prop_assert_eq!(end_2026(&mut book, RESET), total - spent);
        book.moves(claim(100), 0, 10_000, day("2027-03-01"));
        let award = &entries[which.index(entries.len())];
        let without = total - award.posting.amount;
        prop_assert_eq!(struck(&mut book, award), (spent - without).max(0));
    }
}
