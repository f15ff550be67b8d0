//! Registration by the month and notices by the quarter, as a claim meets them.

use super::tests::{book, draft, id, person, villager};
use super::*;
use crate::calendar::{CycleKind, WorkingCalendar};
use crate::notice::{is_ready, is_ready_by};
use crate::rule_book::{Registration, Way};

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Registered by the month with three days of grace, shown by the quarter.
fn wendeng() -> RuleBook {
    let plain = book();
    RuleBook {
        registration: Some(Registration { every: CycleKind::Month, grace_days: 3 }),
        claim_way: Way { notice_every: Some(CycleKind::Quarter), ..plain.claim_way.clone() },
        ..plain
    }
}

fn declared(book: &RuleBook, happened_on: &str, now: &str) -> Result<Claim, Refusal> {
    let own = draft(&villager(20, 10), Via::Own, "AWARD");
    let own = Draft { happened_on: happened_on.parse().unwrap(), ..own };
    let calendar = WorkingCalendar::default();
    declare(own, &person(20, 10), id(9), book, &calendar, moment(now)).map(|done| done.claim)
}

#[test]
fn a_deed_is_declared_by_the_end_of_its_month_and_the_days_of_grace() {
    // The last second of 3 October in Shanghai, and the one after it.
    assert!(declared(&wendeng(), "2026-09-01", "2026-10-03T15:59:59Z").is_ok());
    let until = "2026-10-03".parse().unwrap();
    let late = "2026-10-03T16:00:00Z";
    assert_eq!(declared(&wendeng(), "2026-09-30", late), Err(Refusal::RegistrationOver { until }));
    assert!(declared(&wendeng(), "2026-10-01", late).is_ok());
    assert!(declared(&book(), "2026-09-30", late).is_ok(), "a book without registration");
}

#[test]
fn a_certified_deed_waits_for_the_end_of_its_quarter_and_a_late_one_does_not_wait_for_the_next() {
    let deed = declared(&wendeng(), "2026-12-31", "2027-01-02T02:00:00Z").unwrap();
    let certified = deed.certify(&wendeng(), &[]).unwrap();
    let quarterly = wendeng().claim_way;
    let ready = |way: &Way, at| is_ready_by(way, &certified, moment(at));
    assert!(!ready(&quarterly, "2026-12-31T15:59:59Z"));
    assert!(ready(&quarterly, "2026-12-31T16:00:00Z"));
    assert!(ready(&quarterly, "2027-01-20T02:00:00Z"));
    assert!(ready(&book().claim_way, "2026-12-31T15:59:59Z"), "by the day");
    assert!(is_ready(&certified, moment("2026-12-31T15:59:59Z")));
}
