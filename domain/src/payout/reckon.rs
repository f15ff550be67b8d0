//! Reckoning the lines of a payout: the same facts always give the same lines.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{RankedBy, Terms};
use crate::dividend::{NotShared, shares};
use crate::fund::AMOUNT_MAX;
use crate::id::{AccountId, ClaimId, EntryId, HouseholdId, PayoutId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::lots::{self, Movement};
use crate::person::Track;
use crate::points::{Fen, Points};
use crate::rating::{self, Exclusion};
use crate::refusal::Refusal;

/// Why an account has no part whatever its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The account is not rated (section 8): for awards only. What somebody earned before they moved
    /// away is still their part of a dividend.
    Excluded(Exclusion),
    /// A direct grade stands, and no award moves the star while it does.
    DirectGrade,
    /// It has no line in effect in the rating that ranks.
    NotRated,
    /// It is not on the track that is ranked.
    OtherTrack,
    /// Its line fell by the answer to an objection.
    Struck,
}

impl LeftOut {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Excluded(why) => why.as_str(),
            Self::DirectGrade => "direct_grade",
            Self::NotRated => "not_rated",
            Self::OtherTrack => "other_track",
            Self::Struck => "struck",
        }
    }

    /// Why an account with this line of a rating has no prize among those of a track, if it has none.
    pub fn of(line: &rating::Line, asked: Option<Track>) -> Option<Self> {
        let elsewhere = asked.is_some() && line.track != asked;
        line.excluded
            .map(Self::Excluded)
            .or(line.direct_grade.map(|_| Self::DirectGrade))
            .or(elsewhere.then_some(Self::OtherTrack))
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::DirectGrade, Self::NotRated, Self::OtherTrack, Self::Struck]
            .into_iter()
            .find(|why| why.as_str() == name)
            .or_else(|| Exclusion::from_name(name).map(Self::Excluded))
    }
}

/// An account before its part is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account: AccountId,
    /// The household it belongs to.
    pub household: HouseholdId,
    /// What counts of it: points earned, or its score.
    pub points: Points,
    /// Why it has no part.
    pub left_out: Option<LeftOut>,
}

/// The part of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account with what counted of it.
    pub of: Candidate,
    /// Its rank, where a prize goes by it.
    pub rank: Option<u32>,
    /// Money.
    pub fen: Fen,
    /// The title of its prize.
    pub title: Option<String>,
    /// What is given besides money.
    pub goods: Option<String>,
}

impl Line {
    /// Whether there is something to hand out.
    pub fn has_part(&self) -> bool {
        self.fen > Fen::ZERO || self.title.is_some()
    }

    fn nothing(of: Candidate) -> Self {
        Self { of, rank: None, fen: Fen::ZERO, title: None, goods: None }
    }
}

/// The lines of a payout, in the order of the candidates: give them in the order of the household
/// numbers, which everybody can check, since of equals in a dividend who stands first comes first.
///
/// # Errors
/// `pool_invalid`, `nobody_earned`.
pub fn lines(terms: &Terms, candidates: Vec<Candidate>) -> Result<Vec<Line>, Refusal> {
    match terms {
        Terms::Dividend { pool, paid_in, .. } => {
            let weight = |one: &Candidate| match one.left_out {
                None => one.points,
                Some(_) => Points::ZERO,
            };
            let weights: Vec<Points> = candidates.iter().map(weight).collect();
            let parts = shares(*pool, &weights, *paid_in).map_err(|why| match why {
                NotShared::NobodyEarned => Refusal::NobodyEarned,
                NotShared::PoolEmpty | NotShared::PoolNotWholeYuan => Refusal::PoolInvalid,
            })?;
            let of = candidates.into_iter().zip(parts);
            Ok(of.map(|(of, fen)| Line { fen, ..Line::nothing(of) }).collect())
        }
        Terms::Awards { ranked, .. } => awards(terms, *ranked, candidates),
    }
}

/// The total of lines.
///
/// # Errors
/// `payout_too_large` for more than one voucher of the fund can pay.
pub fn total(lines: &[Line]) -> Result<Fen, Refusal> {
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.fen.get()));
    let within = sum.map(Fen::new).filter(|sum| *sum <= AMOUNT_MAX);
    within.ok_or(Refusal::PayoutTooLarge { most: AMOUNT_MAX })
}

/// The parts that fell: less money than before, or for the same money another prize. Each with what the
/// account has now.
pub fn lowered<'a>(before: &'a [Line], after: &'a [Line]) -> Vec<(&'a Line, Option<&'a Line>)> {
    let now: BTreeMap<AccountId, &Line> =
        after.iter().map(|line| (line.of.account, line)).collect();
    let had = before.iter().filter(|line| line.has_part());
    had.map(|line| (line, now.get(&line.of.account).copied()))
        .filter(|(line, now)| {
            let other = |now: &Line| (&now.title, &now.goods) != (&line.title, &line.goods);
            now.is_none_or(|now| now.fen < line.fen || (now.fen == line.fen && other(now)))
        })
        .collect()
}

fn awards(
    terms: &Terms,
    ranked: RankedBy,
    candidates: Vec<Candidate>,
) -> Result<Vec<Line>, Refusal> {
    // Who earned nothing has no rank; a score has a base and ranks whatever it is.
    let in_it = |one: &Candidate| {
        one.left_out.is_none() && (ranked != RankedBy::Points || one.points.is_positive())
    };
    let mut order: Vec<(usize, Points)> = candidates
        .iter()
        .enumerate()
        .filter(|(_, one)| in_it(one))
        .map(|(at, one)| (at, one.points))
        .collect();
    order.sort_by_key(|(at, points)| (Reverse(*points), *at));
    let mut lines: Vec<Line> = candidates.into_iter().map(Line::nothing).collect();
    let mut before: Option<(Points, u32)> = None;
    for (count, (at, points)) in (1_u32..).zip(order) {
        let rank = before.filter(|(same, _)| *same == points).map_or(count, |(_, rank)| rank);
        before = Some((points, rank));
        let Some(line) = lines.get_mut(at) else { continue };
        line.rank = Some(rank);
        if let Some(prize) = terms.prize(rank) {
            line.fen = prize.fen;
            line.title = Some(prize.title.clone());
            line.goods = (!prize.goods.trim().is_empty()).then(|| prize.goods.clone());
        }
    }
    if lines.iter().any(Line::has_part) { Ok(lines) } else { Err(Refusal::NobodyEarned) }
}

/// What is left in a purse of the points that came from these claims. `movements` are all of the purse, in
/// their order.
///
/// # Errors
/// As [`lots::of`].
pub fn left_of(movements: &[Movement], claims: &BTreeSet<ClaimId>) -> Result<Points, Refusal> {
    let brought: BTreeSet<EntryId> = movements
        .iter()
        .filter(|moved| matches!(moved.cause.0, Source::Claim(id) if claims.contains(&id)))
        .map(|moved| moved.entry)
        .collect();
    let lots = lots::of(movements.iter().copied())?;
    let left = lots.iter().filter(|lot| brought.contains(&lot.entry));
    let sum = left.fold(0_i64, |sum, lot| sum.saturating_add(lot.left.hundredths()));
    Ok(Points::from_hundredths(sum))
}

/// What a part uses up, if the terms say so: the points it was paid for, as far as they are still
/// there. `left` is what is left of those ([`left_of`]): what was handed over meanwhile, or never was issued,
/// is not asked back, and points that were earned for something else are let alone.
pub fn used_up(
    terms: &Terms,
    payout: PayoutId,
    line: &Line,
    left: Points,
    (on, id): (NaiveDate, EntryId),
) -> Option<Posting> {
    let asked = matches!(terms, Terms::Dividend { uses_up_points: true, .. });
    let points = line.of.points.min(left);
    (asked && line.has_part() && points.is_positive()).then(|| Posting {
        id,
        account: line.of.account,
        purse: Purse::Points,
        amount: -points.hundredths(),
        counter: Counter::Dividend,
        source: Source::Payout(payout),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: on,
        effect: None,
        reverses: None,
        shortfall: Shortfall::TakeWhatIsThere,
    })
}
