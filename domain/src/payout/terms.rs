//! By which terms a village gives out: what the assembly votes on.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::claim::Claim;
use crate::dividend::PaidIn;
use crate::fund::AMOUNT_MAX;
use crate::id::RatingId;
use crate::notice::NoticeKind;
use crate::person::Track;
use crate::points::Fen;
use crate::refusal::Refusal;
use crate::rule_book::{CountsFor, Item};
use crate::statutory::forbidden_use;

/// The most characters of a title, and of the words for goods.
pub const TITLE_CHARS_MAX: u64 = 60;
/// The most kinds of prizes.
pub const PRIZES_MAX: u64 = 20;
/// The last rank that can have a prize.
const RANK_MAX: u32 = 1_000;

names! {
    /// What is given out.
    Kind {
        /// 积分分红.
        Dividend "dividend",
        /// 年终表彰.
        Awards "awards",
    }
}

impl Kind {
    /// The notice on which it hangs.
    pub const fn notice(self) -> NoticeKind {
        match self {
            Self::Dividend => NoticeKind::Dividend,
            Self::Awards => NoticeKind::Awards,
        }
    }
}

/// Whether a deduction of an item that counts for the dividend lowers the weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deductions {
    /// Only what was earned counts: a fault costs points once, not twice.
    #[default]
    Ignored,
    /// It lowers the weight, down to nothing.
    Lower,
}

/// By what a village ranks for its awards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum RankedBy {
    /// The points earned in the period by items that count for the dividend.
    Points,
    /// The score of a rating in effect, which has hung on the board already.
    Score {
        /// The rating.
        rating: RatingId,
    },
}

/// What goes to some ranks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// The first rank that gets it.
    pub from_rank: u32,
    /// The last one.
    pub to_rank: u32,
    /// The title: 一等奖.
    pub title: String,
    /// Money for each; may be nothing.
    pub fen: Fen,
    /// What is given besides, in words; may be empty.
    pub goods: String,
}

/// The terms of a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Terms {
    /// 积分分红: a pool is shared by the points earned in the period.
    Dividend {
        /// What is shared.
        pool: Fen,
        /// To the fen, or in whole yuan.
        paid_in: PaidIn,
        /// What deductions do.
        deductions: Deductions,
        /// Whether the redeemable points that a part is paid for are used up. No points are taken
        /// unless the assembly resolved it with these terms.
        uses_up_points: bool,
    },
    /// 年终表彰: prizes by rank within the village, or within a track.
    Awards {
        /// By what.
        ranked: RankedBy,
        /// Who is ranked; everybody without one.
        track: Option<Track>,
        /// What goes to which ranks. Equals share a rank, each gets its prize, and the next rank is
        /// left out (1, 2, 2, 4).
        prizes: Vec<Prize>,
    },
}

impl Terms {
    /// What is given out.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Dividend { .. } => Kind::Dividend,
            Self::Awards { .. } => Kind::Awards,
        }
    }

    /// Decides whether a period can be given out for by these terms today.
    ///
    /// # Errors
    /// `payout_period` unless the period is over and no longer than two years; `pool_invalid`,
    /// `payout_too_large`, `prizes_invalid`.
    pub fn check(
        &self,
        (from, until): (NaiveDate, NaiveDate),
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let days = until.signed_duration_since(from).num_days();
        if !(0..=731).contains(&days) || until >= day_of(now) {
            return Err(Refusal::PayoutPeriod);
        }
        match self {
            Self::Dividend { pool, paid_in, .. } => {
                if *pool > AMOUNT_MAX {
                    return Err(Refusal::PayoutTooLarge { most: AMOUNT_MAX });
                }
                let whole = pool.get() % paid_in.fen() == 0;
                if *pool > Fen::ZERO && whole { Ok(()) } else { Err(Refusal::PoolInvalid) }
            }
            Self::Awards { prizes, .. } => {
                if fit(prizes) {
                    Ok(())
                } else {
                    Err(Refusal::PrizesInvalid)
                }
            }
        }
    }

    /// Whether entries of an item count for the weight.
    pub fn counts(&self, item: &Item) -> bool {
        let lowers = matches!(self, Self::Dividend { deductions: Deductions::Lower, .. });
        Claim::counts_for(item, CountsFor::Dividend) && (!item.kind.is_adverse() || lowers)
    }

    /// What a rank gets.
    pub(super) fn prize(&self, rank: u32) -> Option<&Prize> {
        match self {
            Self::Dividend { .. } => None,
            Self::Awards { prizes, .. } => {
                prizes.iter().find(|prize| (prize.from_rank..=prize.to_rank).contains(&rank))
            }
        }
    }
}

/// Decides whether a payout can be called this.
///
/// # Errors
/// `purpose_forbidden` with the word of a statutory benefit (safeguard 15.2).
pub fn check_title(title: &str) -> Result<(), Refusal> {
    forbidden_use(title).map_or(Ok(()), |word| Err(Refusal::PurposeForbidden { word }))
}

/// Prizes follow each other from the first rank on without a gap; each has a title and is something;
/// none is a statutory benefit (safeguard 15.2).
fn fit(prizes: &[Prize]) -> bool {
    let mut next = 1;
    let each = prizes.iter().all(|prize| {
        let follows = prize.from_rank == next && prize.to_rank >= prize.from_rank;
        next = prize.to_rank.saturating_add(1);
        let something = prize.fen > Fen::ZERO || !prize.goods.trim().is_empty();
        let affordable = (Fen::ZERO..=AMOUNT_MAX).contains(&prize.fen);
        let allowed = [&prize.title, &prize.goods].iter().all(|text| forbidden_use(text).is_none());
        follows && something && affordable && allowed && !prize.title.trim().is_empty()
    });
    let count = u64::try_from(prizes.len()).unwrap_or(u64::MAX);
    each && (1..=PRIZES_MAX).contains(&count) && next <= RANK_MAX + 1
}
