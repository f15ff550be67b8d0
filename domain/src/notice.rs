//! Public notices (公示): what is certified hangs on the board, anyone may object, and when the
//! time is over what is undisputed takes effect.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

use crate::calendar::{CycleKind, day_of, end_of, start_of};
use crate::claim::{Claim, State};
use crate::fund::brake::{Brake, points_issued};
use crate::id::EntryId;
use crate::ledger::{Counter, Effect, Posting, Purse, Shortfall, Source};
use crate::person::masked_name;
use crate::refusal::Refusal;
use crate::rule_book::{CountsFor, Item, ItemKind, OPEN_ENDED, RuleBook, Way};

/// The most lines one notice holds; more go on the next.
pub const LINES_MAX: usize = 10_000;
/// At which hour of the day (Asia/Shanghai) the program itself opens a notice for what is certified.
pub const DAILY_HOUR: u32 = 8;

names! {
    /// What hangs on a notice.
    NoticeKind {
        /// Certified claims and deductions.
        Claims "claims",
        /// The star rating of a cycle.
        Rating "rating",
        /// The dividend of a period.
        Dividend "dividend",
        /// The year-end awards.
        Awards "awards",
        /// A statement of the village fund.
        FundStatement "fund_statement",
        /// A brake on issuance that is announced.
        Brake "brake",
    }
}

/// When a notice of so many days that opens now will close: at the end of the last full day.
pub fn closes_at(opens_at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    let first = day_of(opens_at);
    end_of(first.checked_add_days(Days::new(u64::from(days))).unwrap_or(first))
}

/// Whether a certified claim can go on: a deduction waits until the time to put it right is over
/// (safeguard 15.5), so that nobody hangs on the board for what they cured.
pub fn is_ready(claim: &Claim, now: DateTime<Utc>) -> bool {
    claim.state == State::Certified && claim.cure_until.is_none_or(|until| until < day_of(now))
}

/// The first day on which a deed of that day can hang, where the notices of a village gather periods
/// (`every` of [`Way::notice_every`]): the day after the period of the deed. Without periods that is
/// the day of the deed.
pub fn hangs_from(every: Option<CycleKind>, happened_on: NaiveDate) -> NaiveDate {
    every.map_or(happened_on, |every| every.holding(happened_on).next_first_day())
}

/// Whether a certified claim can go on a notice that opens now: it [`is_ready`], and the period of its
/// deed is over if `way`, by which it was certified, gathers periods.
///
/// Within a period nothing is ready, so the notice of [`opens_daily`] opens on the morning after it
/// for all of its deeds together. What is certified later, such as a deed from December in January,
/// goes on the next day's and does not wait for another period to end.
pub fn is_ready_by(way: &Way, claim: &Claim, now: DateTime<Utc>) -> bool {
    is_ready(claim, now) && day_of(now) >= hangs_from(way.notice_every, claim.happened_on)
}

/// Whether the time of a notice is over, so that it is closed.
pub fn is_due(closes_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= closes_at
}

/// Whether the program opens a notice for a village with certified claims by itself: once a day,
/// from [`DAILY_HOUR`] on, unless a notice of claims was opened on that day already.
pub fn opens_daily(opened_last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let today = day_of(now);
    let early = now < start_of(today) + Duration::hours(i64::from(DAILY_HOUR));
    !early && opened_last.is_none_or(|opened| day_of(opened) < today)
}

/// Decides whether a notice still takes objections. Its time counts, not when the program came
/// round to closing it.
///
/// # Errors
/// `notice_closed`.
pub fn takes_objections(
    closes_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    match closed_at {
        Some(closed_at) => Err(Refusal::NoticeClosed { closed_at }),
        None if is_due(closes_at, now) => Err(Refusal::NoticeClosed { closed_at: closes_at }),
        None => Ok(()),
    }
}

/// How the board names the person of a claim: an award with the name, a deduction masked
/// (section 6, privacy by audience).
pub fn name_shown(kind: ItemKind, name: &str) -> String {
    if kind.is_adverse() { masked_name(name) } else { name.to_owned() }
}

/// Hangs a certified claim on a notice.
///
/// # Errors
/// `claim_state` unless it is certified.
pub fn hang(mut claim: Claim) -> Result<Claim, Refusal> {
    claim.state = claim.state.to(State::OnNotice)?;
    claim.version += 1;
    Ok(claim)
}

/// What becomes of a claim when its notice closes.
///
/// # Errors
/// `claim_state` unless it hangs on the notice.
pub fn settle(mut claim: Claim, disputed: bool) -> Result<Claim, Refusal> {
    if claim.state != State::OnNotice {
        return Err(Refusal::ClaimState { state: claim.state });
    }
    if disputed {
        claim.state = State::Disputed;
        claim.version += 1;
        return Ok(claim);
    }
    post(claim)
}

/// Marks a claim as written to the ledger once more; [`postings`] says what to write.
///
/// # Errors
/// `claim_state` unless it is certified, on notice or disputed.
pub fn post(mut claim: Claim) -> Result<Claim, Refusal> {
    claim.state = claim.state.to(State::Posted)?;
    claim.postings += 1;
    claim.version += 1;
    Ok(claim)
}

/// What a posted claim moves: the score, and the redeemable purse if the item counts for it. Of an
/// award of redeemable points a brake that holds on the day of the deed issues its share
/// ([`crate::fund::brake`]); of a deduction the book's forfeiture takes its share.
pub fn postings(
    claim: &Claim,
    (book, item): (&RuleBook, &Item),
    brakes: &[Brake],
    mut new_id: impl FnMut() -> EntryId,
) -> Vec<Posting> {
    let amount = |purse| match purse {
        Purse::Points if claim.kind.is_adverse() => book.forfeited(claim.signed()).hundredths(),
        Purse::Points => points_issued(brakes, claim.signed(), claim.happened_on).hundredths(),
        Purse::Score | Purse::StarCredit => claim.signed().hundredths(),
    };
    let counter = if claim.kind.is_adverse() { Counter::Forfeit } else { Counter::Issue };
    let redeemable = Claim::counts_for(item, CountsFor::Points).then_some(Purse::Points);
    [Some(Purse::Score), redeemable]
        .into_iter()
        .flatten()
        .map(|purse| (purse, amount(purse)))
        .filter(|(_, amount)| *amount != 0)
        .map(|(purse, amount)| Posting {
            id: new_id(),
            account: claim.account,
            purse,
            amount,
            counter,
            source: Source::Claim(claim.id),
            source_posting: claim.postings - 1,
            rule_book: Some(claim.rule_book),
            item_code: Some(claim.item_code.clone()),
            happened_on: claim.counts_from(),
            effect: (purse == Purse::Score).then(|| Effect {
                member: claim.person,
                part: item.part,
                counts_until: claim.counts_until.unwrap_or(OPEN_ENDED),
            }),
            reverses: None,
            shortfall: Shortfall::TakeWhatIsThere,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_three_days_hangs_for_three_whole_days() {
        let opens: DateTime<Utc> = "2026-10-12T02:00:00Z".parse().unwrap();
        assert_eq!(closes_at(opens, 3), end_of("2026-10-15".parse().unwrap()));
    }

    #[test]
    fn the_program_opens_a_notice_once_a_day_from_eight_on() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // Eight in the morning in Shanghai is midnight in UTC.
        assert!(!opens_daily(None, at("2026-10-11T23:59:59Z")));
        assert!(opens_daily(None, at("2026-10-12T00:00:00Z")));
        assert!(opens_daily(Some(at("2026-10-11T09:00:00Z")), at("2026-10-12T00:00:00Z")));
        // Somebody opened one at half past six.
        assert!(!opens_daily(Some(at("2026-10-11T22:30:00Z")), at("2026-10-12T00:00:00Z")));
    }

    #[test]
    fn a_quarterly_notice_shows_a_deed_once_its_quarter_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let quarter = Some(CycleKind::Quarter);
        assert_eq!(hangs_from(quarter, day("2026-10-01")), day("2027-01-01"));
        assert_eq!(hangs_from(quarter, day("2026-12-31")), day("2027-01-01"));
        assert_eq!(hangs_from(None, day("2026-12-31")), day("2026-12-31"));
    }

    #[test]
    fn a_notice_takes_objections_until_its_time_is_over() {
        let closes = end_of("2026-10-15".parse().unwrap());
        let second = Duration::seconds(1);
        assert_eq!(takes_objections(closes, None, closes - second), Ok(()));
        let over = Err(Refusal::NoticeClosed { closed_at: closes });
        assert_eq!(takes_objections(closes, None, closes), over);
        assert_eq!(takes_objections(closes + second, Some(closes), closes - second), over);
    }

    #[test]
    fn the_board_names_who_did_good_and_masks_who_did_not() {
        assert_eq!(name_shown(ItemKind::Award, "王秀英"), "王秀英");
        assert_eq!(name_shown(ItemKind::Deduction, "王秀英"), "王*英");
    }
}
