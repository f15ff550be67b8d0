//! What people are told, in Chinese and English. Short, polite, and with what to do next.

use domain::refusal::Refusal;

use super::render::Language;
use super::{
    Cause, Door, Problem, alliance, books, claims, dividend, files, fund, notices, reports,
    settlement, shops, store,
};

impl Problem {
    /// The words for people.
    pub(crate) fn words(&self, language: Language) -> String {
        let (chinese, english) = match &self.cause {
            Cause::Refused(refusal) => of_refusal(refusal),
            Cause::Door(door) | Cause::Fields(door, _) => of_door(*door),
            Cause::BookFile(_) => of_door(Door::BookFile),
        };
        if language == Language::English { english } else { chinese }
    }
}

fn of_door(door: Door) -> (String, String) {
    let (zh, en) = door.words();
    (zh.to_owned(), en.to_owned())
}

pub(super) fn of_refusal(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::NotFound => ("没有找到,或您无权查看。", "Not found."),
        R::Forbidden => ("您没有办理这件事的权限。", "Your roles do not allow this."),
        R::ReasonRequired => (
            "查看他人资料须填写查阅理由(Reading-Reason)。",
            "Reading other people's data needs a reason in the header Reading-Reason.",
        ),
        R::NotBound => {
            ("请先认领您在村里的身份。", "Bind your sign-in to the village roster first.")
        }
        R::AlreadyBound => ("您已经认领过身份。", "You are bound to a villager already."),
        R::VillagerTaken => {
            ("该村民已由别的微信认领,请联系村干部。", "That villager is bound to another user.")
        }
        R::TooYoung { age_min } => {
            return (
                format!("未满{age_min}周岁,不单独设账户。"),
                format!("People under {age_min} have no account of their own."),
            );
        }
        R::InvitationInvalid => {
            ("邀请码不对、已用过或已过期。", "The invitation code is wrong, used or out of date.")
        }
        R::RosterNoMatch => (
            "名册上没有找到您,请核对后再试,或提交申请由村干部核实。",
            "Nobody on a roster fits. Check what you entered, or send a request to a cadre.",
        ),
        R::BindingChoiceExpired => (
            "选择已过期,请重新授权手机号。",
            "The time to choose is over: begin again with a new phone code.",
        ),
        R::BindingRequestDecided => {
            ("这件申请已经办结。", "The request was decided, or the person is bound already.")
        }
        R::VillagerNotBound => ("该村民没有绑定微信。", "Nobody is bound to that villager."),
        R::SessionOver => ("登录已失效,请重新登录。", "The sign-in is over: sign in again."),
        R::RoleNotGrantable => ("您不能授予这个角色。", "You cannot grant this role here."),
        R::RoleOver => ("该角色已经结束。", "The role was ended, or its term is over."),
        R::TermEmpty => ("结束时间须晚于开始时间。", "The end must come after the beginning."),
        R::NoRuleBook { day } => {
            return (
                format!("{day}没有生效的积分细则。"),
                format!("No rule book was in force on {day}."),
            );
        }
        R::RuleBookInvalid { faults } => return books::invalid(faults),
        R::RuleBookAdopted => (
            "已通过的细则不能修改,请另起新版本。",
            "An adopted rule book is never edited: write a new version.",
        ),
        R::ResolutionNotCarried => (
            "表决人数不符或未过半数,决议不成立。",
            "The resolution did not carry, or its figures do not fit.",
        ),
        R::InForceTooEarly { earliest } => {
            return (
                format!("生效日期不能早于{earliest}。"),
                format!("It cannot come into force before {earliest}."),
            );
        }
        R::RuleBookContradicts { contradictions } => return books::contradicts(contradictions),
        R::RuleBooksBroken { villages } => return books::broken(villages),
        R::PledgesInvalid => ("签约户数不符。", "The figures of the pledges do not fit."),
        R::PledgesTooFew { share_min } => return books::pledges_too_few(*share_min),
        R::OrderInvalid => (
            "文件号或日期不对,最早从明日起生效。",
            "The order needs a number and a day, and holds from tomorrow on at the earliest.",
        ),
        R::SimulationSubject => (
            "草案的计分对象(按户或按人)与现行细则不同,无法试算。",
            "The draft rates other accounts than the book in force, so they cannot be compared.",
        ),
        R::PhotoNotUsable
        | R::PhotoTooMany { .. }
        | R::PhotoTooLarge { .. }
        | R::HeicNotTaken
        | R::LinkInvalid
        | R::LinkExpired
        | R::FileUnreadable
        | R::FileTypeRefused
        | R::ImportInvalid { .. }
        | R::ImportTooLong { .. }
        | R::HeaderInvalid { .. } => return files::of(refusal),
        R::CheckerIsMaker => (
            "经办人不能复核自己经办的事项,请由另一位同志复核。",
            "Who prepared this does not confirm it; somebody else has to.",
        ),
        R::ReportState { .. }
        | R::ReportKind { .. }
        | R::CategoryUnknown
        | R::CategoryListInvalid { .. }
        | R::CategoryForbidden { .. }
        | R::PhotosNeeded { .. }
        | R::TextMissing
        | R::ReportTooMany { .. }
        | R::ReportRepeated
        | R::OwnReport
        | R::OwnWork
        | R::JoinInvalid
        | R::PartiesInvalid
        | R::ShownMissing
        | R::WorkerInvalid
        | R::WorkerNotFree
        | R::PraisedMissing
        | R::NotOverdue { .. }
        | R::AlreadyUrged
        | R::ReportProposed
        | R::ReportShared
        | R::CommentTooMany { .. }
        | R::ShowingTooMany { .. } => return reports::of(refusal),
        // Dividend, awards, lists of who fits, proofs of a star
        R::PayoutPeriod
        | R::PayoutState
        | R::PoolInvalid
        | R::PrizesInvalid
        | R::NobodyEarned
        | R::FundAccountNeeded
        | R::PartEmpty
        | R::PartHandedOut
        | R::PartNotHandedOut
        | R::PayoutTooLarge { .. }
        | R::PayoutOverlaps { .. }
        | R::AccountsMixed
        | R::RatingDisputed { .. }
        | R::RatingOutsidePeriod { .. }
        | R::RatingNotEffective
        | R::PurposeForbidden { .. }
        | R::ConditionsInvalid
        | R::ProofTooLong { .. }
        | R::ProofReadings { .. }
        | R::ProofUsedUp { .. }
        | R::ProofTooMany { .. } => return dividend::of(refusal),
        R::BalanceTooLow { points } => {
            return (
                format!("积分不够,可用{points}分。"),
                format!("Only {points} points are left."),
            );
        }
        R::CreditTooLow { left } => {
            return (
                format!("诚信金不够,余{left}元。"),
                format!("Only {left} yuan of star credit are left."),
            );
        }
        R::AmountOutOfRange => ("数额超出范围。", "The amount is out of range."),
        R::AlreadyReversed => ("该笔已冲销。", "The entry was reversed already."),
        R::CycleNotOver { ends_on } => {
            return (
                format!("周期到{ends_on}才结束,之后才能评定。"),
                format!("The cycle ends on {ends_on}; rate it after that."),
            );
        }
        R::CycleWrongKind => {
            ("细则不是按这种周期评定的。", "The rule book rates by another kind of cycle.")
        }
        R::CycleRated => ("该周期已评定。", "The cycle is rated already."),
        R::RatingState => {
            ("该评定目前不能这样处理。", "The rating is in a state that does not allow this.")
        }
        R::CodeInvalid
        | R::CodeExpired
        | R::CodeUsed
        | R::CardRefused { .. }
        | R::CardBlocked
        | R::NoAgreement
        | R::CategoryNotOffered { .. }
        | R::AgreementOverlaps
        | R::AgreementEndInvalid { .. }
        | R::PinInvalid
        | R::NoStar
        | R::QuoteExpired
        | R::QuoteUsed
        | R::PriceAboveCeiling { .. }
        | R::PriceInvalid
        | R::PurchaseState
        | R::RefundTooLate { .. }
        | R::MerchantClosed => return shops::of(refusal),
        R::SettlementTooEarly { .. }
        | R::MonthClosed
        | R::SettlementState { .. }
        | R::SettlementDiffers
        | R::SettlementDisputed
        | R::SettlementDisputeLate { .. }
        | R::SettlementNothingDue
        | R::SettlementFollowed
        | R::OwnMerchant
        | R::SettlementDisputeOpen { .. }
        | R::SettlementAgreed
        | R::SettlementProposed
        | R::SettlementNotProposed
        | R::SignalLinesInvalid
        | R::SignalFound => return settlement::of(refusal),
        R::VoucherAccounts
        | R::VoucherState { .. }
        | R::VoucherSettles
        | R::VoucherCorrected
        | R::FundAccountClosed
        | R::FundAccountInUse { .. }
        | R::FundAccountTooMany { .. }
        | R::FundTooLow { .. }
        | R::BrakePolicyInvalid
        | R::FundStatementExists
        | R::FundPeriodOpen { .. }
        | R::FundStatementState
        | R::DocumentUsed { .. }
        | R::BrakePolicyNotWaiting
        | R::FundBookDiffers { .. }
        | R::FundNoticeDays { .. }
        | R::FundStatementTooLong { .. } => return fund::of(refusal),
        // The points store
        R::StoreClosed
        | R::GoodsNotOnSale { .. }
        | R::GoodsOverpriced { .. }
        | R::ExchangeValueMissing
        | R::SlotInvalid { .. }
        | R::SlotOver
        | R::SlotFull { .. }
        | R::SoldOut { .. }
        | R::StockTooLow { .. }
        | R::RedemptionSuspended { .. }
        | R::LimitReached { .. }
        | R::PointsMissing { .. }
        | R::RedemptionState { .. }
        | R::CancelTooLate { .. }
        | R::CashDiffers { .. }
        | R::PickupUnknown
        | R::PickupTriesOver { .. }
        | R::CardCeiling { .. }
        | R::GoodsWithdrawn
        | R::ServiceWithoutStock
        | R::AccountMissing { .. }
        | R::AccountOfDeceased => return store::of(refusal),
        // The alliance
        R::MerchantPaused { .. }
        | R::PauseInvalid { .. }
        | R::PauseOfDivision
        | R::NotPaused
        | R::MerchantAddressMissing
        | R::MerchantElsewhere
        | R::ShopClosed
        | R::ShopNeeded
        | R::LastShop
        | R::ShopTooMany { .. }
        | R::AgreementGoodsMissing
        | R::AgreementHoursInvalid
        | R::AgreementVillagesInvalid { .. }
        | R::AgreementTooMany { .. }
        | R::PartnersTooMany { .. }
        | R::ShopsTooManyNear { .. }
        | R::ApplicationState
        | R::ApplicationTooMany { .. } => return alliance::of(refusal),
        R::IdempotencyMismatch => {
            ("同一提交编号对应了不同内容。", "The Idempotency-Key was used with another request.")
        }
        R::IdempotencyInFlight => {
            ("正在处理,请勿重复提交。", "The first request with this key is still under way.")
        }
        R::Contended => ("同时办理的人太多,请再试一次。", "Too many changes at once: try again."),
        R::AlreadyExists => ("已经有了。", "It exists already."),
        R::GridNotSmaller => {
            ("下级网格须小于上级网格。", "A grid must be smaller than the one it lies in.")
        }
        R::HeadTaken => (
            "该户已有户主,请先变更原户主的关系。",
            "The household has a head: change their relation first.",
        ),
        R::KinWithOneself => ("不能与本人登记亲属。", "Nobody is their own kin."),
        // Claims, deductions, duties
        R::ItemUnknown
        | R::ItemNotClaimable
        | R::QuantityInvalid { .. }
        | R::ChoiceInvalid
        | R::DeedInFuture
        | R::DeedTooOld { .. }
        | R::TrackExcluded
        | R::DutyNotHeld { .. }
        | R::DutyNotAsked
        | R::DutyItemsInvalid { .. }
        | R::DutyForbidden { .. }
        | R::DutyDayInvalid { .. }
        | R::DutyOver
        | R::RelativeInvalid
        | R::SameDeedInvalid
        | R::PointsInvalid { .. }
        | R::RegistrationOver { .. }
        | R::NotRepairable
        | R::EvidenceMissing
        | R::EvidenceTooMany { .. }
        | R::ConsentMissing
        | R::PersonNotEligible
        | R::SecondRecorderInvalid
        | R::PersonRefused { .. }
        | R::NotCurable
        | R::CureTooLate { .. }
        | R::ClaimState { .. }
        | R::OwnHousehold
        | R::DeclaredKin
        | R::OwnClaim
        | R::SteppedAside
        | R::AlreadyDecided
        | R::ReasonMissing
        | R::NotYourStage => return claims::of(refusal),
        // The notice board, objections, lists
        R::NothingToPublish
        | R::NoticeClosed { .. }
        | R::ListingMinor { .. }
        | R::ListingPersonUnfit
        | R::ListingFactUnfit
        | R::ListingCureOpen { .. }
        | R::ListingWords
        | R::ListingState
        | R::ListingWishHolds
        | R::DeliveryNotOpen
        | R::TemplateUnknown
        | R::ObjectionOpen
        | R::OwnObjection
        | R::OwnContent
        | R::ContentNotHeld
        | R::ObjectionAnswered
        | R::AppealNotConcerned
        | R::AppealTooLate { .. }
        | R::CorrectionInvalid => return notices::of(refusal),
    };
    (zh.to_owned(), en.to_owned())
}
