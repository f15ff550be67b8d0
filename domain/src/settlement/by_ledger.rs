//! What a month comes to by the ledger alone, where the till says something else.

use super::{Figures, Party};
use crate::points::{Fen, Points};
use crate::refusal::Refusal;

/// A line of a store of which till and ledger say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnequalLine {
    /// Whether it is a refund.
    pub refund: bool,
    /// What its points were worth, by the till.
    pub worth: Fen,
    /// The points that the till says.
    pub points: Points,
    /// The hundredths of points that the ledger says; zero if it has no entry.
    pub ledger: i64,
}

impl UnequalLine {
    /// What the points of the ledger were worth: in proportion, rounded down.
    fn worth_by_ledger(&self) -> Option<i64> {
        let points = i128::from(self.points.hundredths());
        if points == 0 {
            return Some(0);
        }
        i64::try_from(i128::from(self.worth.get()) * i128::from(self.ledger) / points).ok()
    }
}

/// What a month comes to by the ledger. At a merchant that is what its entries say. At a merchant's store
/// the ledger knows points: every line of which it says something else (`unequal`) counts with what the
/// ledger's points were worth. The cash of a store of the village is in no ledger: nothing changes there.
///
/// # Errors
/// `amount_out_of_range`.
pub fn ledger_net(
    party: Party,
    figures: &Figures,
    unequal: &[UnequalLine],
) -> Result<Fen, Refusal> {
    let net = match party {
        Party::Merchant(_) => {
            Fen::new(figures.sales.ledger).minus(Fen::new(figures.refunds.ledger))
        }
        Party::VillageStore(_) => Some(figures.net(party)?),
        Party::MerchantStore(_) => unequal.iter().try_fold(figures.net(party)?, |net, line| {
            let more = Fen::new(line.worth_by_ledger()?).minus(line.worth)?;
            if line.refund { net.minus(more) } else { net.plus(more) }
        }),
    };
    net.ok_or(Refusal::AmountOutOfRange)
}
