//! The stock of goods (库存): what can be redeemed, and what waits to be picked up. Together they are what
//! lies in the store.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

names! {
    /// Why stock moves.
    StockKind {
        /// 进货: it was delivered.
        Delivery "delivery",
        /// It is kept for whoever redeemed it.
        Reserved "reserved",
        /// It is back on the shelf: cancelled, lapsed or taken back.
        Returned "returned",
        /// 核销: it left the store.
        HandedOver "handed_over",
        /// 盘点: there was more or less of it than the ledger said.
        Difference "difference",
        /// 报损: it is spoilt.
        WriteOff "write_off",
    }
}

/// A movement of stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Why.
    pub kind: StockKind,
    /// What it adds to what can be redeemed.
    pub stock: i64,
    /// What it adds to what waits.
    pub reserved: i64,
}

impl Move {
    /// So many were delivered.
    pub fn delivery(quantity: u32) -> Self {
        Self { kind: StockKind::Delivery, stock: i64::from(quantity), reserved: 0 }
    }

    /// So many were redeemed, to be picked up.
    pub fn reserved(quantity: u32) -> Self {
        let n = i64::from(quantity);
        Self { kind: StockKind::Reserved, stock: -n, reserved: n }
    }

    /// So many were redeemed and taken at once.
    pub fn sold(quantity: u32) -> Self {
        Self { kind: StockKind::HandedOver, stock: -i64::from(quantity), reserved: 0 }
    }

    /// So many that waited were picked up.
    pub fn picked_up(quantity: u32) -> Self {
        Self { kind: StockKind::HandedOver, stock: 0, reserved: -i64::from(quantity) }
    }

    /// So many that waited are back on the shelf.
    pub fn released(quantity: u32) -> Self {
        let n = i64::from(quantity);
        Self { kind: StockKind::Returned, stock: n, reserved: -n }
    }

    /// So many that had left the store are back on the shelf.
    pub fn taken_back(quantity: u32) -> Self {
        Self { kind: StockKind::Returned, stock: i64::from(quantity), reserved: 0 }
    }

    /// So many are spoilt.
    pub fn write_off(quantity: u32) -> Self {
        Self { kind: StockKind::WriteOff, stock: -i64::from(quantity), reserved: 0 }
    }
}

/// What there is of goods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// What can be redeemed.
    pub available: u32,
    /// What waits to be picked up.
    pub reserved: u32,
}

impl Stock {
    /// After a movement.
    ///
    /// # Errors
    /// `stock_too_low` if there is less than it takes.
    pub fn after(self, moved: Move) -> Result<Self, Refusal> {
        let too_low = Refusal::StockTooLow { left: self.available, reserved: self.reserved };
        let add = |have: u32, change: i64| u32::try_from(i64::from(have) + change).ok();
        match (add(self.available, moved.stock), add(self.reserved, moved.reserved)) {
            (Some(available), Some(reserved)) => Ok(Self { available, reserved }),
            _ => Err(too_low),
        }
    }

    /// The movement that makes the ledger say what was counted in the store; none if it does. What waits
    /// is promised: whoever counts less than that cancels some of it first.
    ///
    /// # Errors
    /// `stock_too_low` if less was counted than waits to be picked up.
    pub fn counted(self, counted: u32) -> Result<Option<Move>, Refusal> {
        if counted < self.reserved {
            return Err(Refusal::StockTooLow { left: self.available, reserved: self.reserved });
        }
        let stock = i64::from(counted - self.reserved) - i64::from(self.available);
        let kind = StockKind::Difference;
        Ok((stock != 0).then_some(Move { kind, stock, reserved: 0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_becomes_what_the_ledger_says_but_what_waits_is_promised() {
        let stock = Stock { available: 7, reserved: 3 };
        assert_eq!(stock.counted(10), Ok(None));
        let lost = stock.counted(8).unwrap().unwrap();
        assert_eq!((lost.kind, lost.stock), (StockKind::Difference, -2));
        assert_eq!(stock.after(lost), Ok(Stock { available: 5, reserved: 3 }));
        assert_eq!(stock.counted(3).unwrap().unwrap().stock, -7);
        let short = Err(Refusal::StockTooLow { left: 7, reserved: 3 });
        assert_eq!(stock.counted(2), short);
        assert_eq!(stock.after(Move::write_off(8)).err(), short.err());
    }
}
