//! The states of a rating.

names! {
    /// Where a rating stands.
    RatingState {
        /// The stages of the book look at it.
        InReview "in_review",
        /// It hangs on the notice board.
        OnNotice "on_notice",
        /// Its stars hold.
        Effective "effective",
        /// A stage voted against it; the cycle can be computed again.
        Rejected "rejected",
    }
}

impl RatingState {
    /// Whether households see their line: from the moment it hangs on the notice board. What is
    /// still reviewed, or was rejected, is seen by those who work on it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Effective)
    }
}
