//! Identifiers: a UUIDv7 each, made by the program, with a type of its own so that none is taken
//! for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// A division: county, town or village.
    DivisionId
    /// A village: the division that all village data belongs to.
    VillageId
    /// A grid inside a village.
    GridId
    /// A household.
    HouseholdId
    /// A villager on the roster.
    VillagerId
    /// Somebody who signed in with WeChat.
    UserId
    /// A sign-in and all tokens that followed from it.
    SessionId
    /// A version of a village's rule book.
    RuleBookId
    /// A version of a county's frame or a town's manual.
    RuleLayerId
    /// A claim, award or deduction.
    ClaimId
    /// Something that many took part in, declared for all of them at once.
    ActivityId
    /// A photo that somebody uploaded.
    PhotoId
    /// A public notice.
    NoticeId
    /// An objection or appeal.
    ObjectionId
    /// An account of the ledger: the id of the household or villager that it is for.
    AccountId
    /// An entry of the ledger.
    EntryId
    /// A rating of a village for a cycle.
    RatingId
    /// A merchant.
    MerchantId
    /// A shop of a merchant.
    ShopId
    /// What somebody asks who wants to join the alliance.
    MerchantApplicationId
    /// An agreement between a merchant and a village.
    AgreementId
    /// A printed card.
    CardId
    /// A quote for a purchase.
    QuoteId
    /// A purchase.
    PurchaseId
    /// A dividend, or the year-end awards.
    PayoutId
    /// A list of who fits for something.
    EligibilityListId
    /// A proof of a star.
    StarProofId
    /// A reading of such a proof.
    StarProofReadingId
    /// The end of a year of a village, at which points run out.
    PointsExpiryId
    /// What a posting was to take from redeemable points and did not find.
    ArrearsId
    /// An account of the village fund.
    FundAccountId
    /// A voucher of the village fund.
    FundVoucherId
    /// A statement of the village fund.
    FundStatementId
    /// A duty post of a village.
    DutyPostId
    /// A snapshot report.
    ReportId
    /// A comment on a report.
    CommentId
    /// What somebody took on: a duty post that they hold, or a pledge.
    DutyId
    /// An entry of the honor or warning list.
    ListEntryId
    // The points store
    /// A points store.
    StoreId
    /// Something that can be redeemed.
    GoodsId
    /// A time at which a service can be had.
    SlotId
    /// A redemption.
    RedemptionId
    /// An entry of a store's own ledger.
    StockEntryId
    // Statements and settlement
    /// The statement of a village with a party for a month.
    SettlementId
    /// A signal to a supervisor.
    SignalId
}

impl From<VillageId> for DivisionId {
    fn from(id: VillageId) -> Self {
        Self(id.0)
    }
}

impl From<HouseholdId> for AccountId {
    fn from(id: HouseholdId) -> Self {
        Self(id.0)
    }
}

impl From<VillagerId> for AccountId {
    fn from(id: VillagerId) -> Self {
        Self(id.0)
    }
}
