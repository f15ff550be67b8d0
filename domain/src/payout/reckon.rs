//! Reckoning the lines of a payout: the same facts always give the same lines.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::{RankedBy, Terms};
use crate::dividend::{NotShared, shares};
use crate::id::{AccountId, EntryId, HouseholdId, PayoutId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
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
/// `pool_invalid`, `nobody_earned`, `amount_out_of_range`.
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
/// `amount_out_of_range`.
pub fn total(lines: &[Line]) -> Result<Fen, Refusal> {
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.fen.get()));
    sum.map(Fen::new).ok_or(Refusal::AmountOutOfRange)
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

/// What a part uses up, if the terms say so: the points it was paid for, as far as they are still
/// there. What was redeemed meanwhile is not asked back, unless it returns by itself.
pub fn used_up(
    terms: &Terms,
    payout: PayoutId,
    line: &Line,
    on: NaiveDate,
    id: EntryId,
) -> Option<Posting> {
    let asked = matches!(terms, Terms::Dividend { uses_up_points: true, .. });
    (asked && line.has_part()).then(|| Posting {
        id,
        account: line.of.account,
        purse: Purse::Points,
        amount: -line.of.points.hundredths(),
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
