//! Dividends, awards, lists of who fits, proofs of a star.

macro_rules! refusals_of_payouts {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// A payout is for a period that is over, of two years at most.
        PayoutPeriod => "payout_period";
        /// The payout is in a state that does not allow this.
        PayoutState => "payout_state";
        /// There is nothing to share, too much, or not in whole yuan.
        PoolInvalid => "pool_invalid";
        /// Prizes leave a rank out, or one of them is nothing or must not be given.
        PrizesInvalid => "prizes_invalid";
        /// Nobody earned anything in the period, so that nobody has a part.
        NobodyEarned => "nobody_earned";
        /// Money is paid out of an account of the fund.
        FundAccountNeeded => "fund_account_needed";
        /// The part is nothing.
        PartEmpty => "part_empty";
        /// The part was handed out already.
        PartHandedOut => "part_handed_out";
        /// No part that was handed out stands.
        PartNotHandedOut => "part_not_handed_out";
        /// One voucher of the fund pays so much at most.
        PayoutTooLarge { most: Fen } => "payout_too_large";
        /// Another payout of the kind is for days of this period.
        PayoutOverlaps { payout: uuid::Uuid, title: String } => "payout_overlaps";
        /// In the period both households and people had accounts that earned.
        AccountsMixed => "accounts_mixed";
        /// Lines of the rating that ranks are disputed.
        RatingDisputed { lines: usize } => "rating_disputed";
        /// The cycle of the rating that ranks does not lie in the period.
        RatingOutsidePeriod { cycle: String } => "rating_outside_period";
        /// A rating that ranks or admits is not in effect.
        RatingNotEffective => "rating_not_effective";
        /// No list is for what everybody has a right to, or for what must not be scored.
        PurposeForbidden { word: &'static str } => "purpose_forbidden";
        /// A list asks for something, and its conditions fit each other.
        ConditionsInvalid => "conditions_invalid";
        /// A proof is good for so many days at most.
        ProofTooLong { days_max: u16 } => "proof_too_long";
        /// A proof can be read so many times at most.
        ProofReadings { readings_max: u16 } => "proof_readings";
        /// The proof was read as often as it may be.
        ProofUsedUp { readings_max: u16 } => "proof_used_up";
        /// A household has so many proofs at most that are good.
        ProofTooMany { at_once_max: usize } => "proof_too_many";
    } };
}
