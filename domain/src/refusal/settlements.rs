//! Statements, settlement and signals.

macro_rules! refusals_of_settlements {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// A month is closed when it is over and a little later.
        SettlementTooEarly { from: DateTime<Utc> } => "settlement_too_early";
        /// What happened in that month can no more be recorded: its statements are made.
        MonthClosed => "month_closed";
        /// The statement is in a state that does not allow this.
        SettlementState { state: crate::settlement::State } => "settlement_state";
        /// Till and ledger do not say the same.
        SettlementDiffers => "settlement_differs";
        /// The party disputes it, and has no answer yet.
        SettlementDisputed => "settlement_disputed";
        /// The time to dispute it is over.
        SettlementDisputeLate { until: DateTime<Utc> } => "settlement_dispute_late";
        /// There is nothing to pay.
        SettlementNothingDue => "settlement_nothing_due";
        /// A later statement of the same party builds on it.
        SettlementFollowed => "settlement_followed";
        /// Whoever owns the merchant, or stands at its till, does nothing for the village with its statement.
        OwnMerchant => "own_merchant";
        /// The party can still say that it is wrong, and has not agreed.
        SettlementDisputeOpen { until: DateTime<Utc> } => "settlement_dispute_open";
        /// The party agreed already.
        SettlementAgreed => "settlement_agreed";
        /// Something is proposed already.
        SettlementProposed => "settlement_proposed";
        /// Nothing is proposed that could be decided.
        SettlementNotProposed => "settlement_not_proposed";
        /// A line for signals is outside of what can be set.
        SignalLinesInvalid => "signal_lines_invalid";
        /// Somebody has written what they found of it.
        SignalFound => "signal_found";
    } };
}
