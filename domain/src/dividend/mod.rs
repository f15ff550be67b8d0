//! The dividend (积分分红, Longwo and Wendeng): a pool of money shared by weight, which is the points
//! that an account earned in the dividend's period. Exact: whole numbers only, and the parts sum to the
//! pool.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::points::{Fen, Points};

/// In what a dividend is paid out: the policy of its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidIn {
    /// To the fen.
    Fen,
    /// In whole yuan: envelopes without coins.
    WholeYuan,
}

impl PaidIn {
    /// The smallest amount, in fen.
    pub const fn fen(self) -> i64 {
        match self {
            Self::Fen => 1,
            Self::WholeYuan => 100,
        }
    }
}

/// Why a pool cannot be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShared {
    /// There is nothing in it.
    PoolEmpty,
    /// It holds fen, and is to be paid in whole yuan.
    PoolNotWholeYuan,
    /// Nobody earned a point.
    NobodyEarned,
}

impl fmt::Display for NotShared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PoolEmpty => "the pool is empty",
            Self::PoolNotWholeYuan => "the pool is not in whole yuan",
            Self::NobodyEarned => "nobody earned a point",
        })
    }
}

impl std::error::Error for NotShared {}

/// The parts of a pool, in the order of the weights: each its exact share rounded down to what is paid
/// out, and what is left over goes, one such amount each, to those who lost most by the rounding
/// (largest remainder). Of those who lost the same, who earned more comes first, and then who stands
/// first: give the accounts in an order that everybody can check, such as that of their numbers. Who
/// earned nothing, or lost more than they earned, gets nothing.
///
/// # Errors
/// See [`NotShared`].
pub fn shares(pool: Fen, weights: &[Points], paid_in: PaidIn) -> Result<Vec<Fen>, NotShared> {
    if pool <= Fen::ZERO {
        return Err(NotShared::PoolEmpty);
    }
    if pool.get() % paid_in.fen() != 0 {
        return Err(NotShared::PoolNotWholeYuan);
    }
    // A pool times a weight does not fit into 64 bits, and into 128 always.
    let units = i128::from(pool.get() / paid_in.fen());
    let weights = weights.iter().map(|weight| i128::from(weight.hundredths().max(0)));
    let weights: Vec<i128> = weights.collect();
    let all: i128 = weights.iter().sum();
    if all == 0 {
        return Err(NotShared::NobodyEarned);
    }
    let mut parts: Vec<i128> = weights.iter().map(|weight| units * weight / all).collect();
    let left = units - parts.iter().sum::<i128>();
    let mut by_loss: Vec<usize> = (0..weights.len()).collect();
    let loss = |weight: i128| units * weight % all;
    by_loss.sort_by_key(|at| {
        let weight = weights.get(*at).copied().unwrap_or_default();
        Reverse((loss(weight), weight, Reverse(*at)))
    });
    // Less is left over than there are people who lost something.
    for at in by_loss.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    let fen = |part: i128| i64::try_from(part).unwrap_or(i64::MAX);
    Ok(parts.into_iter().map(|part| Fen::new(fen(part) * paid_in.fen())).collect())
}
