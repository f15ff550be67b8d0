//! The table of actions: which roles may do what, and how far they reach.

use crate::actor::Role;

use Reach::{Household, Merchant, Platform, Village};
use Role::{
    Collector, CountyOperator, GridWorker, MerchantClerk, MerchantOwner, PanelMember,
    PlatformAdmin, StoreKeeper, Supervisor, TownOfficer, VillageAdmin, Villager, WorkTeam,
};

/// How far a role reaches in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The actor's own household.
    Household,
    /// Every village that the role covers.
    Village,
    /// The merchant that the role is for.
    Merchant,
    /// What belongs to the whole installation.
    Platform,
}

/// The roles that may do something, each with its reach.
pub(super) type Rules = &'static [(Role, Reach)];

/// Those who run a village and the divisions above it.
const ADMINS: Rules = &[(VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village)];
/// Those who serve a village.
const OFFICERS: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
];
/// Everybody who belongs to a village or answers for it.
const EVERYBODY: Rules = &[
    (Villager, Village),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];
/// A household's own things, and those who serve or supervise it.
const HOUSEHOLD_AND_OFFICERS: Rules = &[
    (Villager, Household),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];
/// A household's own account, and those who answer for it.
const HOUSEHOLD_AND_ADMINS: Rules = &[
    (Villager, Household),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];
/// Those who serve a village, and those above who look at their work.
const OFFICERS_AND_SUPERVISOR: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];

/// Those who stand at the counter of a points store: the village's keepers, or the merchant's people.
const COUNTER: Rules = &[
    (StoreKeeper, Village),
    (VillageAdmin, Village),
    (MerchantOwner, Merchant),
    (MerchantClerk, Merchant),
];
/// Those, and who answers for them.
const COUNTER_AND_SUPERVISOR: Rules = &[
    (StoreKeeper, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
    (MerchantOwner, Merchant),
    (MerchantClerk, Merchant),
];

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $code:literal $kind:ident => $rules:expr;)*) => {
        /// What can be done to something in a village or at a merchant.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the policy file and the audit log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Which roles may do it, and how far they reach.
            pub const fn rules(self) -> Rules {
                match self { $(Self::$name => $rules,)* }
            }

            pub(super) const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }
    };
}

/// Whether those who belong to the village may know that the thing exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Known in the village: refused with `forbidden`.
    Known,
    /// Private to those concerned: refused with `not_found`.
    Private,
}

actions! {
    /// See a village's name and settings.
    VillageShow "village_show" Known => EVERYBODY;
    /// See the grids of a village.
    GridShow "grid_show" Known => EVERYBODY;
    /// Draw grids.
    GridManage "grid_manage" Known => ADMINS;
    /// See the roster: names, and masked numbers.
    RosterShow "roster_show" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Import the roster.
    RosterImport "roster_import" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See a household and its members.
    HouseholdShow "household_show" Known => HOUSEHOLD_AND_OFFICERS;
    /// Change a villager's status or kin.
    VillagerManage "villager_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See the sign-ins that match nothing.
    BindingShow "binding_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Decide on sign-ins that match nothing, and print invitation codes.
    BindingManage "binding_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See who holds which role.
    RoleShow "role_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village), (PlatformAdmin, Village),
    ];
    /// Grant and end roles of a village.
    RoleManage "role_manage" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (PlatformAdmin, Village),
    ];
    /// Read the rule book.
    RuleBookShow "rule_book_show" Known => EVERYBODY;
    /// Read a draft of a rule book.
    RuleBookDraftShow "rule_book_draft_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Write a draft and record its adoption.
    RuleBookManage "rule_book_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Read the drafts of a county's frame or a town's manual.
    RuleLayerDraftShow "rule_layer_draft_show" Known => &[
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Write and issue a county's frame or a town's manual.
    RuleLayerManage "rule_layer_manage" Known => &[
        (TownOfficer, Village), (CountyOperator, Village),
    ];
    /// Upload a photo.
    PhotoUpload "photo_upload" Known => &[
        (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (VillageAdmin, Village), (StoreKeeper, Village),
    ];
    /// Look at a photo by its id.
    PhotoShow "photo_show" Private => HOUSEHOLD_AND_OFFICERS;
    /// Declare a deed for one's own household.
    ClaimCreate "claim_create" Known => &[(Villager, Household)];
    /// Declare a deed for someone else: by proxy, or for an activity.
    ClaimCreateForOthers "claim_create_for_others" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// Record a deduction.
    DeductionCreate "deduction_create" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// See the duty posts of a village and who holds them.
    DutyPostShow "duty_post_show" Known => EVERYBODY;
    /// Set up and close duty posts, and put people on them.
    DutyPostManage "duty_post_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Give a pledge.
    PledgeCreate "pledge_create" Known => &[(Villager, Household)];
    /// Record the pledge of someone who agreed.
    PledgeCreateForOthers "pledge_create_for_others" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// See the duties of people: posts held, pledges and what became of them.
    DutyShow "duty_show" Private => HOUSEHOLD_AND_OFFICERS;
    /// Lay a duty down, or take it from somebody.
    DutyEnd "duty_end" Private => &[
        (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Confirm what became of a pledge.
    PledgeConfirm "pledge_confirm" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Look at a claim.
    ClaimShow "claim_show" Private => HOUSEHOLD_AND_OFFICERS;
    /// Resubmit or withdraw a claim.
    ClaimChange "claim_change" Private => &[
        (Villager, Household), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (VillageAdmin, Village),
    ];
    /// Review a claim; which role at which stage is the rule book's matter.
    ClaimReview "claim_review" Private => OFFICERS;
    /// See what can be reported.
    ReportCategoryShow "report_category_show" Known => EVERYBODY;
    /// Change what can be reported.
    ReportCategoryManage "report_category_manage" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Report a good deed or a nuisance, and look for what was reported nearby.
    ReportCreate "report_create" Known => &[(Villager, Village)];
    /// See the reports that one sent oneself, and those about the own household.
    ReportOwnShow "report_own_show" Known => &[(Villager, Village)];
    /// Confirm, reopen, urge or take back a report that one sent.
    ReportOwnChange "report_own_change" Private => &[(Villager, Village)];
    /// See the reports of a village; a grid worker those that they have in hand.
    ReportListShow "report_list_show" Known => &[
        (GridWorker, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// See a report: whom it is about, the grid worker who has it in hand, triage.
    ReportShow "report_show" Private => &[
        (Villager, Household), (GridWorker, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Take reports on, refuse, join, dispatch and close them.
    ReportTriage "report_triage" Private => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Say that a report is done; the grid worker who has it in hand.
    ReportResolve "report_resolve" Private => &[(GridWorker, Village)];
    /// Ask who reported something; every look is recorded.
    ReportReporterShow "report_reporter_show" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Write a comment on a report.
    ReportComment "report_comment" Private => &[
        (Villager, Household), (GridWorker, Village), (VillageAdmin, Village),
        (TownOfficer, Village),
    ];
    /// Make a claim of a good deed.
    ReportClaimCreate "report_claim_create" Private => &[(VillageAdmin, Village)];
    /// Propose a deduction for a nuisance.
    ReportDeductionCreate "report_deduction_create" Private => &[
        (VillageAdmin, Village), (GridWorker, Village),
    ];
    /// See the good deeds whose people agreed to be shown.
    GoodDeedShow "good_deed_show" Known => EVERYBODY;
    /// Agree to be shown with a good deed, or not any more.
    ShowingConsent "showing_consent" Private => &[(Villager, Household)];
    /// Read the notice board.
    NoticeShow "notice_show" Known => EVERYBODY;
    /// Put what is certified on the notice board.
    NoticeManage "notice_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Object to what hangs on the notice board.
    ObjectionCreate "objection_create" Known => &[(Villager, Village)];
    /// Appeal against what concerns one's own household.
    AppealCreate "appeal_create" Private => &[(Villager, Household)];
    /// See the objections that one raised, and those that concern the own household.
    ObjectionOwnShow "objection_own_show" Known => &[(Villager, Village)];
    /// See objections and appeals.
    ObjectionShow "objection_show" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// Answer an objection or appeal; those who decided before are kept out.
    ObjectionAnswer "objection_answer" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// See the texts and photos that wait for a person, and what became of others.
    ContentCheckShow "content_check_show" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Release or refuse a text or photo.
    ContentCheckDecide "content_check_decide" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// See the balance and stars of a household.
    BalanceShow "balance_show" Known => HOUSEHOLD_AND_ADMINS;
    /// See the entries of a household.
    StatementShow "statement_show" Known => HOUSEHOLD_AND_ADMINS;
    /// Compare balances with entries.
    LedgerCheck "ledger_check" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// Look at the rating of a whole village while it is worked on.
    RatingShow "rating_show" Known => OFFICERS_AND_SUPERVISOR;
    /// Compute a rating.
    RatingManage "rating_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Review a rating; which role at which stage is the rule book's matter.
    RatingReview "rating_review" Known => OFFICERS;
    /// See the dividends and awards of a village while they are worked on, and their pay lists.
    PayoutShow "payout_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Reckon a dividend or awards, record the vote, hang them.
    PayoutManage "payout_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Have one paid out of the fund; who prepared it is kept out.
    PayoutPay "payout_pay" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Mark parts as handed out.
    PayoutHandOut "payout_hand_out" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See the lists of who fits for something: in the village and by those who answer for it.
    EligibilityShow "eligibility_show" Known => &[
        (Villager, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// Make and end such lists.
    EligibilityManage "eligibility_manage" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Learn why the own household stands on a list or not, and ask not to be listed.
    EligibilityOwn "eligibility_own" Private => &[(Villager, Household)];
    /// Make, see and take back proofs of the own star.
    StarProofOwn "star_proof_own" Private => &[(Villager, Household)];
    /// See the agreements of a village with merchants.
    AgreementShow "agreement_show" Known => EVERYBODY;
    /// See the merchants that a village can make an agreement with.
    MerchantCandidateShow "merchant_candidate_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// Make and end agreements.
    AgreementManage "agreement_manage" Known => ADMINS;
    /// Issue cards.
    CardManage "card_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See cards, without their numbers.
    CardShow "card_show" Known => &[
        (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// Block a card: a household blocks the one it lost.
    CardBlock "card_block" Private => &[
        (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Confirm a purchase of one's own household.
    PurchaseConfirm "purchase_confirm" Private => &[(Villager, Household)];
    /// See a merchant's data.
    MerchantShow "merchant_show" Private => &[
        (MerchantOwner, Merchant), (MerchantClerk, Merchant), (VillageAdmin, Village),
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Register a merchant, also one that asks to join, look after its shops, and close it.
    MerchantManage "merchant_manage" Known => ADMINS;
    /// Pause a merchant and end that.
    MerchantPause "merchant_pause" Private => &[
        (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
        (CountyOperator, Village),
    ];
    /// See who asks to join the alliance.
    MerchantApplicationShow "merchant_application_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// Invite and dismiss clerks.
    ClerkManage "clerk_manage" Private => &[(MerchantOwner, Merchant)];
    /// Scan codes and sell.
    PurchaseCreate "purchase_create" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// See a purchase, and those of the day, at the till.
    PurchaseShow "purchase_show" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// Refund a purchase.
    PurchaseRefund "purchase_refund" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// See purchases and statements of a merchant.
    MerchantStatementShow "merchant_statement_show" Private => &[
        (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
        (CountyOperator, Village), (Supervisor, Village),
    ];
    // Statements, settlement and signals
    /// See the kept statements of a village with its shops, and whether they agree with the ledger.
    SettlementListShow "settlement_list_show" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// See the kept statements of one's own merchant.
    SettlementOwnShow "settlement_own_show" Private => &[(MerchantOwner, Merchant)];
    /// See a kept statement, and what it is traced to.
    SettlementShow "settlement_show" Private => &[
        (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
        (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Close months, approve statements, pay them and answer disputes; one approves, another pays.
    SettlementManage "settlement_manage" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Say that the money of a statement has arrived.
    SettlementClose "settlement_close" Private => &[
        (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Say that one's statement is wrong.
    SettlementDispute "settlement_dispute" Private => &[(MerchantOwner, Merchant)];
    /// See which purchases crossed a line.
    PurchaseSignalShow "purchase_signal_show" Private => &[(Supervisor, Village)];
    /// Write what one found of them: all that a supervisor writes.
    PurchaseSignalFind "purchase_signal_find" Private => &[(Supervisor, Village)];
    /// See from when on purchases are a signal.
    SignalLinesShow "signal_lines_show" Private => &[
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Set from when on purchases are a signal: those above the village, and not who is watched.
    SignalLinesSet "signal_lines_set" Private => &[
        (TownOfficer, Village), (CountyOperator, Village),
    ];
    /// See what the fund holds, what is owed, and the statements that were published.
    FundShow "fund_show" Known => EVERYBODY;
    /// See the fund's accounts and vouchers, with who gave and who got.
    FundBookShow "fund_book_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// Open accounts, prepare and check vouchers, state the fund, set when it brakes.
    FundManage "fund_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    // The points store
    /// See the stores of a village, and what they offer.
    StoreShow "store_show" Known => &[
        (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (PanelMember, Village), (StoreKeeper, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
        (MerchantOwner, Merchant), (MerchantClerk, Merchant),
    ];
    /// See under what the stores of a village have goods on sale.
    GoodsHeadingShow "goods_heading_show" Known => &[
        (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (PanelMember, Village), (StoreKeeper, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Open and close stores, and say what they offer at what price.
    StoreManage "store_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Write down deliveries, counts and what is spoilt.
    StockManage "stock_manage" Known => COUNTER;
    /// See why there is as much of something as there is.
    StockShow "stock_show" Known => COUNTER_AND_SUPERVISOR;
    /// Redeem points of one's own household.
    RedemptionCreate "redemption_create" Known => &[(Villager, Household)];
    /// Redeem at the counter for somebody with a card.
    CardRedemptionCreate "card_redemption_create" Known => COUNTER;
    /// Look for what waits for a pickup code, and hand it over.
    PickupCreate "pickup_create" Known => COUNTER;
    /// See what was redeemed at a store.
    StoreRedemptionShow "store_redemption_show" Known => COUNTER_AND_SUPERVISOR;
    /// See a redemption; its code and QR only in one's own household.
    RedemptionShow "redemption_show" Private => &[
        (Villager, Household), (StoreKeeper, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (Supervisor, Village), (MerchantOwner, Merchant),
        (MerchantClerk, Merchant),
    ];
    /// Call a redemption off: the household in time, the store with a reason.
    RedemptionCancel "redemption_cancel" Private => &[
        (Villager, Household), (StoreKeeper, Village), (VillageAdmin, Village),
        (MerchantOwner, Merchant), (MerchantClerk, Merchant),
    ];
    /// Take back what was handed over.
    RedemptionRefund "redemption_refund" Private => COUNTER;
    /// Read the audit log of a village.
    AuditShow "audit_show" Known => &[(VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village)];
    /// Read the honor list.
    HonorListShow "honor_list_show" Known => EVERYBODY;
    /// Read the warning list: in the village and by those who answer for it.
    WarningListShow "warning_list_show" Known => &[
        (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// Propose an entry for a list.
    ListEntryPropose "list_entry_propose" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// List the entries that are worked on.
    ListEntryListShow "list_entry_list_show" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// See an entry that is worked on, or one of one's own household.
    ListEntryShow "list_entry_show" Private => &[
        (Villager, Household), (PanelMember, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Decide on an entry; who proposed it, and who is concerned, is kept out.
    ListEntryDecide "list_entry_decide" Private => &[(PanelMember, Village)];
    /// Agree or not to be praised, and ask for an entry of one's own to be taken down.
    ListEntryOwn "list_entry_own" Private => &[(Villager, Household)];
    /// Write down that somebody without a phone agreed, or wishes an entry to be taken down.
    ListEntryForOthers "list_entry_for_others" Private => &[
        (GridWorker, Village), (VillageAdmin, Village),
    ];
    /// Answer a wish or objection; those who decided before are kept out.
    ListEntryAnswer "list_entry_answer" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Take an entry down.
    ListEntryTakeDown "list_entry_take_down" Private => &[
        (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// See what could not be sent: when, how often, why, and nothing of whom.
    DeliveryShow "delivery_show" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
    /// Have what could not be sent tried again.
    DeliveryManage "delivery_manage" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
    /// Import divisions.
    DivisionManage "division_manage" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
    /// Change the holiday table.
    HolidayManage "holiday_manage" Known => &[(PlatformAdmin, Platform)];
}
