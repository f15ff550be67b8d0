//! Balances and ratings.

macro_rules! refusals_of_points {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The purse does not hold that much.
        BalanceTooLow { points: Points } => "balance_too_low";
        /// The credit does not hold that much.
        CreditTooLow { left: Fen } => "credit_too_low";
        /// An amount left the range that the ledger can hold.
        AmountOutOfRange => "amount_out_of_range";
        /// The entry was reversed already.
        AlreadyReversed => "already_reversed";
        /// A cycle is rated when it is over.
        CycleNotOver { ends_on: NaiveDate } => "cycle_not_over";
        /// The cycle does not exist in the rule book.
        CycleWrongKind => "cycle_wrong_kind";
        /// The cycle is rated already.
        CycleRated => "cycle_rated";
        /// The rating is in a state that does not allow this.
        RatingState => "rating_state";
    } };
}
