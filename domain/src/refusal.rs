//! Every business "no" as a value with a stable code.
//!
//! A refusal says what rule stood in the way and with which figures. Which HTTP status and which
//! words it gets is chosen in `api`, in one file.

use chrono::{DateTime, NaiveDate, Utc};

use crate::claim::State;
use crate::fund::VoucherState;
use crate::import::BadLine;
use crate::points::{BasisPoints, Fen, Points};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* $(,)? })? => $code:literal;)*) => {
        /// A decision of the domain not to do what was asked.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $name $({
                $(
                    #[doc = concat!("The `", stringify!($field), "` that the rule looked at.")]
                    $field: $type
                ),*
            })?,)*
        }

        impl Refusal {
            /// Every code, in the order of the enum.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code that clients branch on.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }
        }
    };
}

refusals! {
    /// The thing does not exist, or the actor may not know that it does.
    NotFound => "not_found";
    /// The actor may know of the thing but may not do this with it.
    Forbidden => "forbidden";
    /// A reading of other people's data needs a recorded reason.
    ReasonRequired => "reason_required";
    /// The user is not bound to a villager yet.
    NotBound => "not_bound";
    /// The user is already bound to a villager.
    AlreadyBound => "already_bound";
    /// The villager is already bound to another user.
    VillagerTaken => "villager_taken";
    /// Children have no account of their own.
    TooYoung { age_min: u32 } => "too_young";
    /// The invitation code is unknown, used or out of date.
    InvitationInvalid => "invitation_invalid";
    /// Nobody on a roster fits what the user proved.
    RosterNoMatch => "roster_no_match";
    /// The time to choose among those who share a phone is over, or the token is not ours.
    BindingChoiceExpired => "binding_choice_expired";
    /// A cadre decided on the request already, or the user was bound otherwise.
    BindingRequestDecided => "binding_request_decided";
    /// Nobody is bound to the villager.
    VillagerNotBound => "villager_not_bound";
    /// The sign-in is over: revoked, out of date or a token used a second time.
    SessionOver => "session_over";
    /// The role cannot be granted by this actor, or not for this kind of place.
    RoleNotGrantable => "role_not_grantable";
    /// The role was ended, or its term is over.
    RoleOver => "role_over";
    /// A term whose end is not after its beginning.
    TermEmpty => "term_empty";

    /// No rule book is in force on that day.
    NoRuleBook { day: NaiveDate } => "no_rule_book";
    /// The rule book contradicts itself or a safeguard.
    RuleBookInvalid { faults: Vec<crate::rule_book::Fault> } => "rule_book_invalid";
    /// Nothing adopted is ever edited.
    RuleBookAdopted => "rule_book_adopted";
    /// A draft that rates other accounts (households or persons) cannot be compared.
    SimulationSubject => "simulation_subject";
    /// The resolution did not carry, or its figures do not fit.
    ResolutionNotCarried => "resolution_not_carried";
    /// A book comes into force after its adoption and after the book before it.
    InForceTooEarly { earliest: NaiveDate } => "in_force_too_early";
    /// A layer contradicts one above it.
    RuleBookContradicts { contradictions: Vec<crate::rule_book::Contradiction> } => "rule_book_contradicts";
    /// A frame or manual would leave villages with books that have faults.
    RuleBooksBroken { villages: Vec<crate::rule_book::BrokenBook> } => "rule_books_broken";
    /// More pledges than households, or no household.
    PledgesInvalid => "pledges_invalid";
    /// Fewer households signed the pledge than a layer asks for.
    PledgesTooFew { share_min: BasisPoints } => "pledges_too_few";
    /// An order has no number or lies in the future.
    OrderInvalid => "order_invalid";

    /// The book of the day has no such item.
    ItemUnknown => "item_unknown";
    /// The item may not be claimed this way.
    ItemNotClaimable => "item_not_claimable";
    /// The item counts by units and none were given, or the other way round, or out of range.
    QuantityInvalid { quantity_max: Option<u32> } => "quantity_invalid";
    /// The item asks for a choice that was not given or does not exist.
    ChoiceInvalid => "choice_invalid";
    /// The deed has not happened yet.
    DeedInFuture => "deed_in_future";
    /// The deed lies too far back to be claimed.
    DeedTooOld { days_max: u16 } => "deed_too_old";
    /// The village registers deeds until the end of their period, and that day is past.
    RegistrationOver { until: NaiveDate } => "registration_over";
    /// The item needs evidence that is missing.
    EvidenceMissing => "evidence_missing";
    /// Too many files for one claim.
    EvidenceTooMany { files_max: usize } => "evidence_too_many";
    /// A photo is unknown, somebody else's, or belongs to something else already.
    PhotoNotUsable => "photo_not_usable";
    /// Too many photos of this person lie about unused.
    PhotoTooMany { photos_max: usize } => "photo_too_many";
    /// A picture of so many pixels is not taken.
    PhotoTooLarge { pixels_max: u32, side_max: u32 } => "photo_too_large";
    /// A picture in HEIC, HEIF or AVIF: to be converted by the phone.
    HeicNotTaken => "heic_not_taken";
    /// The link to a photo was not made here, or was altered.
    LinkInvalid => "link_invalid";
    /// The time of the link to a photo is over.
    LinkExpired => "link_expired";
    /// Someone claims for a person who did not consent.
    ConsentMissing => "consent_missing";
    /// The person is no active member of the account.
    PersonNotEligible => "person_not_eligible";
    /// The item is for people of another track.
    TrackExcluded => "track_excluded";
    /// The item is for those who hold a duty post or gave a pledge that names it, and on that day the
    /// person did not.
    DutyNotHeld { source: crate::rule_book::DutySource, day: NaiveDate } => "duty_not_held";
    /// A duty is named for an item that asks for none.
    DutyNotAsked => "duty_not_asked";
    /// A duty post names no item, or some that the book has not for duty posts.
    DutyItemsInvalid { codes: Vec<String> } => "duty_items_invalid";
    /// A duty post or pledge for what must not be scored.
    DutyForbidden { word: &'static str } => "duty_forbidden";
    /// A duty begins or ends on a day on which it cannot.
    DutyDayInvalid { earliest: Option<NaiveDate>, latest: Option<NaiveDate> } => "duty_day_invalid";
    /// The duty post is closed, or the duty ended already.
    DutyOver => "duty_over";
    /// The item credits a relative of whoever did the deed, and that tie is not declared; or it
    /// credits whoever did it, and somebody else is named.
    RelativeInvalid => "relative_invalid";
    /// The claim of the same deed does not exist or is of another account.
    SameDeedInvalid => "same_deed_invalid";
    /// The panel states points within the range of the item, and only for an item with a range.
    PointsInvalid { points_min: Option<Points>, points_max: Option<Points> } => "points_invalid";
    /// There is nothing to repair: only what counts until it is corrected, or a direct grade.
    NotRepairable => "not_repairable";
    /// A second recorder must be another who may record, of another household than the first and
    /// the person concerned.
    SecondRecorderInvalid => "second_recorder_invalid";
    /// One of many people stands in the way of a claim for all; the first has the number 1.
    PersonRefused { number: usize, why: Box<Refusal> } => "person_refused";
    /// Only a deduction with a cure can be closed as cured.
    NotCurable => "not_curable";
    /// The time to put it right is over.
    CureTooLate { until: NaiveDate } => "cure_too_late";
    /// The claim is in a state that does not allow this.
    ClaimState { state: State } => "claim_state";
    /// Nobody decides on their own household.
    OwnHousehold => "own_household";
    /// Nobody decides on declared kin.
    DeclaredKin => "declared_kin";
    /// Who made a claim does not review it.
    OwnClaim => "own_claim";
    /// The reviewer stepped aside from this claim.
    SteppedAside => "stepped_aside";
    /// One person, one decision.
    AlreadyDecided => "already_decided";
    /// A decision against someone says why.
    ReasonMissing => "reason_missing";
    /// The stage asks for another role.
    NotYourStage => "not_your_stage";

    /// The report is in a state that does not allow this.
    ReportState { state: crate::report::State } => "report_state";
    /// That is not done with reports of this kind.
    ReportKind { kind: crate::report::Kind } => "report_kind";
    /// The village has no such category.
    CategoryUnknown => "category_unknown";
    /// A code stands twice, a kind has no category, or there are too many.
    CategoryListInvalid { most: usize } => "category_list_invalid";
    /// A category for what must not be reported on people.
    CategoryForbidden { word: &'static str } => "category_forbidden";
    /// A report and its resolution have one photo at least, and nine at most.
    PhotosNeeded { photos_max: usize } => "photos_needed";
    /// A text of nothing but blanks.
    TextMissing => "text_missing";
    /// So many reports were sent by one person on one day.
    ReportTooMany { a_day_max: usize } => "report_too_many";
    /// The same person has an open report of the same at the same place.
    ReportRepeated => "report_repeated";
    /// Nobody deals with their own report.
    OwnReport => "own_report";
    /// Nobody confirms their own work.
    OwnWork => "own_work";
    /// A report joins another of the same kind that somebody still deals with.
    JoinInvalid => "join_invalid";
    /// The people named do not fit the kind of report, or are too many.
    PartiesInvalid => "parties_invalid";
    /// Triage says who can be recognised in a good deed, or that nobody can.
    ShownMissing => "shown_missing";
    /// The person is no grid worker here.
    WorkerInvalid => "worker_invalid";
    /// The grid worker is bound to the report in some way.
    WorkerNotFree => "worker_not_free";
    /// The good deed names nobody who is praised.
    PraisedMissing => "praised_missing";
    /// There is nothing to urge yet.
    NotOverdue { due_at: Option<DateTime<Utc>> } => "not_overdue";
    /// It was urged today.
    AlreadyUrged => "already_urged";
    /// A claim or deduction came of the report already.
    ReportProposed => "report_proposed";
    /// Others reported the same, and their reports are joined to this one.
    ReportShared => "report_shared";
    /// So many comments were written by one side of a report on one day.
    CommentTooMany { a_day_max: usize } => "comment_too_many";
    /// Somebody changed their mind about being shown so often on one day.
    ShowingTooMany { a_day_max: usize } => "showing_too_many";

    /// Nothing waits to be put on a notice.
    NothingToPublish => "nothing_to_publish";
    /// The notice is closed.
    NoticeClosed { closed_at: DateTime<Utc> } => "notice_closed";
    /// The same person has an open objection to the same thing.
    ObjectionOpen => "objection_open";
    /// Nobody under age is shown on a list, nor anybody whose age is unknown.
    ListingMinor { age_min: u32 } => "listing_minor";
    /// This person is not shown on a list: deceased, or with an open legal case.
    ListingPersonUnfit => "listing_person_unfit";
    /// An entry points to what counts in the books and is not disputed.
    ListingFactUnfit => "listing_fact_unfit";
    /// Nobody is warned of who can still put it right, or never could.
    ListingCureOpen { until: Option<NaiveDate> } => "listing_cure_open";
    /// Praise alone has words, short ones, and not about what the safeguards keep out.
    ListingWords => "listing_words";
    /// The entry has been decided on, or has ended.
    ListingState => "listing_state";
    /// Praise goes at the person's wish, whatever others think of it.
    ListingWishHolds => "listing_wish_holds";
    /// The delivery is done or under way, so that there is nothing to try again.
    DeliveryNotOpen => "delivery_not_open";
    /// The installation has no such template of subscribe messages.
    TemplateUnknown => "template_unknown";
    /// Who objected does not answer.
    OwnObjection => "own_objection";
    /// Who prepared it does not confirm it.
    CheckerIsMaker => "checker_is_maker";
    /// The objection was answered already.
    ObjectionAnswered => "objection_answered";
    /// An appeal is for the person concerned.
    AppealNotConcerned => "appeal_not_concerned";
    /// The time to appeal is over.
    AppealTooLate { days_max: u16 } => "appeal_too_late";
    /// A correction without a new amount, or an amount without a correction.
    CorrectionInvalid => "correction_invalid";

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

    /// The code is not one of ours, or was altered.
    CodeInvalid => "code_invalid";
    /// The code is out of date.
    CodeExpired => "code_expired";
    /// The code was used already.
    CodeUsed => "code_used";
    /// The card or its PIN is wrong. How many tries are left is told of a card that exists.
    CardRefused { tries_left: Option<u8> } => "card_refused";
    /// The card is blocked.
    CardBlocked => "card_blocked";
    /// The merchant has no agreement with the household's village that is in force.
    NoAgreement => "no_agreement";
    /// The two parties have an agreement for part of that time already.
    AgreementOverlaps => "agreement_overlaps";
    /// An agreement ends from today on and within its term.
    AgreementEndInvalid { earliest: NaiveDate, latest: Option<NaiveDate> } => "agreement_end_invalid";
    /// The PIN has another form than six digits, or one that anyone would guess.
    PinInvalid => "pin_invalid";
    /// The household has no star, so there is no discount.
    NoStar => "no_star";
    /// The quote is out of date.
    QuoteExpired => "quote_expired";
    /// The quote was used for another purchase.
    QuoteUsed => "quote_used";
    /// The price is above what one purchase may cost.
    PriceAboveCeiling { ceiling: Fen } => "price_above_ceiling";
    /// The price is not above zero.
    PriceInvalid => "price_invalid";
    // The fund
    /// A transfer names two accounts of the fund, and nothing else does.
    VoucherAccounts => "voucher_accounts";
    /// The voucher is in a state in which this is not possible.
    VoucherState { state: VoucherState } => "voucher_state";
    /// A statement or dividend rests on the voucher: it is not taken back over their heads.
    VoucherSettles => "voucher_settles";
    /// Another voucher takes it back already, or waits to.
    VoucherCorrected => "voucher_corrected";
    /// The account of the fund is closed.
    FundAccountClosed => "fund_account_closed";
    /// The account of the fund still holds money, or a voucher about it waits.
    FundAccountInUse { left: Fen } => "fund_account_in_use";
    /// The fund has as many open accounts as it may have.
    FundAccountTooMany { most: i64 } => "fund_account_too_many";
    /// The account of the fund holds too little.
    FundTooLow { left: Fen } => "fund_too_low";
    /// The lines or days of the brake cannot hold.
    BrakePolicyInvalid => "brake_policy_invalid";
    /// A statement of that period exists.
    FundStatementExists => "fund_statement_exists";
    /// The period is not over.
    FundPeriodOpen { until: NaiveDate } => "fund_period_open";
    /// The statement is in a state in which this is not possible.
    FundStatementState => "fund_statement_state";
    /// More moved in the period than a statement lists.
    FundStatementTooLong { lines_max: u64 } => "fund_statement_too_long";
    /// The purchase waits for the villager's confirmation, or its time is over.
    PurchaseState => "purchase_state";
    /// The time for a refund is over.
    RefundTooLate { days_max: u16 } => "refund_too_late";
    /// The merchant is not trading.
    MerchantClosed => "merchant_closed";
    // The alliance
    /// The merchant does not trade for a while.
    MerchantPaused { until: Option<NaiveDate> } => "merchant_paused";
    /// A pause begins today at the earliest and ends after it began.
    PauseInvalid { earliest: NaiveDate } => "pause_invalid";
    /// The division paused the merchant, and the merchant cannot end or change that.
    PauseOfDivision => "pause_of_division";
    /// The merchant is not paused.
    NotPaused => "not_paused";
    /// An online merchant has an address on the net, one with a shop an address in the street.
    MerchantAddressMissing => "merchant_address_missing";
    /// The merchant is registered elsewhere: it serves the division that registered it.
    MerchantElsewhere => "merchant_elsewhere";
    /// The shop is closed, or nobody is left to sell there.
    ShopClosed => "shop_closed";
    /// Who sells at several shops says at which.
    ShopNeeded => "shop_needed";
    /// A merchant that trades has a shop.
    LastShop => "last_shop";
    /// A merchant has so many open shops at most.
    ShopTooMany { open_max: i64 } => "shop_too_many";
    /// An agreement is for some goods.
    AgreementGoodsMissing => "agreement_goods_missing";
    /// The hours of an agreement are hours of one day.
    AgreementHoursInvalid => "agreement_hours_invalid";
    /// The villages of a common agreement lie in the division, and are no more than so many.
    AgreementVillagesInvalid { villages_max: u16 } => "agreement_villages_invalid";
    /// The application was decided or taken back.
    ApplicationState => "application_state";
    /// So many applications of one person are open.
    ApplicationTooMany { open_max: u16 } => "application_too_many";

    // Payouts, lists of who fits, proofs of a star
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
    /// A rating that ranks or admits is not in effect.
    RatingNotEffective => "rating_not_effective";
    /// No list is for what everybody has a right to, or for what must not be scored.
    PurposeForbidden { word: &'static str } => "purpose_forbidden";
    /// A list asks for something, and its conditions fit each other.
    ConditionsInvalid => "conditions_invalid";
    /// A proof is good for so many days at most.
    ProofTooLong { days_max: u16 } => "proof_too_long";
    /// A household has so many proofs at most that are good.
    ProofTooMany { at_once_max: usize } => "proof_too_many";
    // Statements and settlement
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
    /// A line for signals is outside of what can be set.
    SignalLinesInvalid => "signal_lines_invalid";
    /// Somebody has written what they found of it.
    SignalFound => "signal_found";
    // The points store
    /// The store is closed.
    StoreClosed => "store_closed";
    /// The goods were withdrawn, or are on sale at another time.
    GoodsNotOnSale { from: NaiveDate, until: Option<NaiveDate> } => "goods_not_on_sale";
    /// Points and cash together are worth more than the market asks.
    GoodsOverpriced { worth: Fen, top_up: Fen, market_price: Fen } => "goods_overpriced";
    /// A service is had in a slot, which begins in the future and ends soon after; goods have none.
    SlotInvalid { days_max: i64 } => "slot_invalid";
    /// The slot began, or was closed.
    SlotOver => "slot_over";
    /// So many places are left in the slot.
    SlotFull { left: u32 } => "slot_full";
    /// So many are left on the shelf.
    SoldOut { left: u32 } => "sold_out";
    /// So many are left on the shelf, and so many wait to be picked up.
    StockTooLow { left: u32, reserved: u32 } => "stock_too_low";
    /// A veto suspends redemption.
    RedemptionSuspended { until: NaiveDate } => "redemption_suspended";
    /// The household has had as many as one may have in a period.
    LimitReached { left: u32, count: u32, period: crate::store::LimitPeriod } => "limit_reached";
    /// The account holds too few points for it.
    PointsMissing { points: Points, missing: Points } => "points_missing";
    /// The redemption is in a state that does not allow this.
    RedemptionState { state: crate::store::RedemptionState } => "redemption_state";
    /// The time in which the household may cancel is over.
    CancelTooLate { until: DateTime<Utc> } => "cancel_too_late";
    /// Another amount of cash is due.
    CashDiffers { due: Fen } => "cash_differs";
    /// Nothing waits at the store for this code.
    PickupUnknown => "pickup_unknown";
    /// Too many wrong codes were tried at the store.
    PickupTriesOver { until: DateTime<Utc> } => "pickup_tries_over";
    /// So much is left today of what the card may take.
    CardCeiling { left: Fen } => "card_ceiling";

    /// Nobody decides about what they wrote or uploaded themselves.
    OwnContent => "own_content";
    /// WeChat is still asked about it, or it is settled.
    ContentNotHeld => "content_not_held";

    /// The same key came with another body.
    IdempotencyMismatch => "idempotency_mismatch";
    /// The first request with this key is still under way.
    IdempotencyInFlight => "idempotency_in_flight";
    /// Somebody else changed the same thing at the same time, again and again.
    Contended => "contended";
    /// Something of that name or code exists already.
    AlreadyExists => "already_exists";
    /// The file cannot be read as what it claims to be.
    FileUnreadable => "file_unreadable";
    /// The file is not of a kind that is taken here.
    FileTypeRefused => "file_type_refused";

    /// Lines of an imported file are wrong; nothing was changed.
    ImportInvalid { lines: Vec<BadLine> } => "import_invalid";
    /// The file has more lines than one import takes.
    ImportTooLong { lines_max: usize } => "import_too_long";
    /// The file has no header, or columns are missing or stand twice.
    HeaderInvalid { missing: Vec<&'static str>, twice: Vec<&'static str> } => "header_invalid";
    /// A grid lies in a larger one.
    GridNotSmaller => "grid_not_smaller";
    /// A household has one head.
    HeadTaken => "head_taken";
    /// Nobody is their own kin.
    KinWithOneself => "kin_with_oneself";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let mut codes = Refusal::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::CODES.len());
        assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }
}
