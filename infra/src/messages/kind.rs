//! What messages are about.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal;)*) => {
        /// What a message is about. The API has words for each, or it does not compile.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in API and database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

kinds! {
    /// Somebody declared a deed for the person: by proxy, or for an activity (`activity_title`).
    ClaimDeclared "claim_declared";
    /// Reviewers ask for more (`reason`).
    ClaimReturned "claim_returned";
    /// Reviewers said no (`reason`).
    ClaimRejected "claim_rejected";
    /// All stages passed; `cut` if a cap lowered the points.
    ClaimCertified "claim_certified";
    /// Hangs on the notice board (`notice_number`, `closes_at`).
    ClaimOnNotice "claim_on_notice";
    /// The notice is over and an objection still waits for its answer.
    ClaimDisputed "claim_disputed";
    /// Stands in the ledger.
    ClaimPosted "claim_posted";
    /// A higher claim of the same deed counts instead.
    ClaimReplaced "claim_replaced";
    /// It counts another amount (`points`), since another claim fell or was corrected.
    ClaimReassessed "claim_reassessed";
    /// A fault was recorded (`text`, `cure`, `cure_until`).
    DeductionRecorded "deduction_recorded";
    /// Whoever recorded it took it back.
    DeductionWithdrawn "deduction_withdrawn";
    /// It was put right in time (`reason`: what was seen).
    DeductionCured "deduction_cured";
    /// It was put right after it was posted (`reason`), and counts until `counts_until`.
    ClaimRepaired "claim_repaired";
    /// The receiver was named as the second who saw a fault.
    SecondRecorderNamed "second_recorder_named";
    /// Somebody objected to what hangs of the receiver (`text`).
    ObjectionRaised "objection_raised";
    /// An objection or appeal was answered (`outcome`, `corrected`, `answer`).
    ObjectionAnswered "objection_answered";
    /// An objection should have been answered by `due_at`; to those who can.
    ObjectionOverdue "objection_overdue";
    /// A rating took effect (`cycle`, `score`, `stars`, `star_credit_fen`).
    RatingPublished "rating_published";
    /// A dividend or awards in which the receiver has a part hold (`payout_title`, `fen`, `prize_title`,
    /// `goods`).
    PayoutEffective "payout_effective";
    /// The receiver's part was handed out (`how`, `received_by`; so all of the above).
    PartHandedOut "part_handed_out";
    /// The receiver's part fell when a payout that hung was reckoned anew (`fen_before`, `prize_title_before`; so all
    /// of the above but the last two).
    PayoutPartLowered "payout_part_lowered";
    /// A payout that hung and in which the receiver had a part was taken back (`payout_title`, `reason`).
    PayoutWithdrawn "payout_withdrawn";
    /// That the receiver's part was handed out was put down by mistake (`payout_title`, `fen`, `prize_title`,
    /// `goods`, `received_by`, `reason`).
    PartHandoverReversed "part_handover_reversed";
    /// Points run out unless they are redeemed by `last_day` (`points`, `year`).
    PointsExpiring "points_expiring";
    /// Points ran out after `last_day` (`points`, `left`, `year`).
    PointsExpired "points_expired";
    /// A purchase was completed.
    PurchaseMade "purchase_made";
    /// A purchase waits to be confirmed until `confirm_until`.
    PurchaseWaits "purchase_waits";
    /// A card was issued for the household (`daily_ceiling_fen`).
    CardIssued "card_issued";
    /// A card of the household was blocked (`reason`, or the `cause` wrong_pin).
    CardBlocked "card_blocked";
    /// A purchase was refunded (`reason`).
    PurchaseRefunded "purchase_refunded";
    /// The receiver has a role from now on (`role`, `scope_name`, `begins_at`, `ends_at`, `reason`).
    RoleGranted "role_granted";
    /// The receiver has it no more.
    RoleEnded "role_ended";
    /// The receiver holds a duty post from now on (`post_name`, `from`).
    DutyAssigned "duty_assigned";
    /// A cadre recorded a pledge of the receiver (`colour`, `period`).
    PledgeRecorded "pledge_recorded";
    /// The village ended a duty of the receiver (`post_name`, or `colour` and `period`; `on`, `reason`).
    DutyEnded "duty_ended";
    /// The receiver, or somebody of the household (`person_name`; so all of these), is proposed for a
    /// list (`list`, `title`, `happened_on`, `words`).
    ListEntryProposed "list_entry_proposed";
    /// The panel decided on it (`state`, `shown_until`).
    ListEntryDecided "list_entry_decided";
    /// It was taken down, or ended by itself (`why`, `reason`).
    ListEntryEnded "list_entry_ended";
    /// A cadre wrote down that the person wishes it taken down, or objects (`text`, `how`, `due_at`).
    ListRemovalAsked "list_removal_asked";
    /// The receiver's wish or objection was answered (`outcome`, `answer`).
    ListEntryAnswered "list_entry_answered";
    /// A wish or objection should be answered by `due_at`; to those who run the village.
    ListRemovalUrged "list_removal_urged";
    /// What became of a pledge was confirmed (`colour`, `period`, `outcome`, `reason`).
    PledgeConfirmed "pledge_confirmed";
    /// A person looked at what the receiver wrote or uploaded (`subject_kind`, `piece`, `reason`):
    /// others may see it.
    ContentReleased "content_released";
    /// A person looked at it: nobody else sees it.
    ContentRefused "content_refused";
    /// Triage took the receiver's report on (`report_id`, `category_name`, `place`; so all of these).
    ReportAccepted "report_accepted";
    /// Triage did not (`reason`).
    ReportRefused "report_refused";
    /// Triage joined it to another report of the same.
    ReportJoined "report_joined";
    /// A grid worker has the receiver's report in hand (`due_at`).
    ReportDispatched "report_dispatched";
    /// The receiver is that grid worker (`due_at`, `note`).
    ReportAssigned "report_assigned";
    /// The receiver's report is done; they confirm or reopen it (`due_at`).
    ReportResolved "report_resolved";
    /// What the receiver, a grid worker, had done is not done (`reason`).
    ReportReopened "report_reopened";
    /// The receiver's report was closed (`reason`).
    ReportStruckOff "report_struck_off";
    /// A report that the receiver deals with should have been dealt with by `due_at`.
    ReportUrged "report_urged";
    /// The month of a merchant whom the receiver owns is closed (`month`, `village_name`, `party_name`,
    /// `due_fen`, `dispute_until`; so all of these but the last).
    SettlementMade "settlement_made";
    /// A statement and the ledger say different things (`lines`: of so many purchases; `line_ids`); to
    /// those who run the village and those who supervise it.
    SettlementDiffers "settlement_differs";
    /// What was due was paid (`document`, `paid_on`).
    SettlementPaid "settlement_paid";
    /// A merchant says that its statement is wrong (`text`); to those who run the village.
    SettlementDisputed "settlement_disputed";
    /// The village answered (`answer`).
    SettlementAnswered "settlement_answered";
    /// Till and ledger differed, and two people settled the statement by what the ledger says (`reason`,
    /// `dispute_until`).
    SettlementByLedger "settlement_by_ledger";
    /// A payment never arrived and is made anew (`reason`).
    SettlementReturned "settlement_returned";
    /// The fund covers little of what the village owes (`held_fen`, `owed_fen`, `coverage_bp`; so all of
    /// these); to those who run the village.
    FundLow "fund_low";
    /// From a day on less points and star credit are issued (`from`, `issued_bp`).
    BrakeAnnounced "brake_announced";
    /// That ends with a day, or was called off before it began (`last_day`, `called_off`).
    BrakeLifted "brake_lifted";
    /// A good deed of the receiver, or of somebody of the household (`person_name`), may be shown in
    /// the village if they agree.
    ShowingAsked "showing_asked";
    // The points store
    /// The household redeemed something (`goods_name`, `quantity`, `unit`, `store_name`, `points`,
    /// `top_up_fen`, `lapses_at`, `lapse_returns`; so all of these).
    RedemptionMade "redemption_made";
    /// It was handed over.
    RedemptionHandedOver "redemption_handed_over";
    /// It lapses at `lapses_at` unless it is picked up.
    RedemptionLapsing "redemption_lapsing";
    /// Nobody picked it up in time.
    RedemptionLapsed "redemption_lapsed";
    /// The household or the store called it off (`reason`).
    RedemptionCancelled "redemption_cancelled";
    /// The store took it back (`reason`). Of these three: what of the points was taken later, and what had
    /// run out meanwhile (`taken_points`, `over_points`).
    RedemptionRefunded "redemption_refunded";
    /// The store closed; it can still be picked up, and its points return if it is not.
    RedemptionStoreClosed "redemption_store_closed";
    // The alliance
    /// What the receiver asked for a merchant was decided (`merchant_name`, `state`, `reason`).
    MerchantApplicationDecided "merchant_application_decided";
    /// Purchases of a day crossed a line (`village_name`, `day`, `signals`: so many times); to those who
    /// supervise the village.
    PurchaseSignalsFound "purchase_signals_found";
}

impl Kind {
    /// Whether it is sent to people's WeChat, if they agreed: what they would not want to learn a day
    /// late. The rest waits in the list.
    pub const fn is_sent(self) -> bool {
        super::facts::state(self).is_some()
    }

    /// The kind with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_own_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::from_name("news"), None);
    }

    #[test]
    fn these_kinds_are_sent() {
        let sent: Vec<_> =
            Kind::ALL.iter().filter(|kind| kind.is_sent()).map(|kind| kind.as_str()).collect();
        // `purchase_append` in the database knows `purchase_made` by its name.
        let expected = [
            "claim_returned",
            "claim_certified",
            "claim_on_notice",
            "claim_posted",
            "deduction_recorded",
            "objection_answered",
            "rating_published",
            "purchase_made",
            "report_dispatched",
            "report_resolved",
        ];
        assert_eq!(sent, expected);
    }
}
