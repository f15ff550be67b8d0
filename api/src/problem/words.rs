//! What people are told, in Chinese and English. Short, polite, and with what to do next.

use domain::claim::State;
use domain::refusal::Refusal;

use super::render::Language;
use super::{
    Cause, Door, Problem, alliance, books, dividend, duties, files, fund, reports, settlement,
    shops, store,
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

fn of_refusal(refusal: &Refusal) -> (String, String) {
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
        R::ItemUnknown => {
            ("当日生效的细则里没有这个条目。", "The book of that day has no such item.")
        }
        R::ItemNotClaimable => ("这个条目不能这样申报。", "The item cannot be claimed this way."),
        R::QuantityInvalid { quantity_max: Some(most) } => {
            return (
                format!("数量须在1到{most}之间。"),
                format!("The quantity must be between 1 and {most}."),
            );
        }
        R::QuantityInvalid { quantity_max: None } => {
            ("这个条目不填数量。", "The item takes no quantity.")
        }
        R::ChoiceInvalid => ("请从该条目的选项中选一项。", "Choose one of the item's options."),
        R::DeedInFuture => ("日期还没到,不能提前申报。", "The deed lies in the future."),
        R::DeedTooOld { days_max } => {
            return (
                format!("超过{days_max}天的事项不再受理。"),
                format!("A deed can be declared for {days_max} days."),
            );
        }
        R::TrackExcluded => {
            ("这个条目不适用于此人的身份。", "The item is for people of another track.")
        }
        R::DutyNotHeld { source, day } => return duties::not_held(*source, *day),
        R::DutyNotAsked => {
            ("这个条目不需要填写岗位或契约。", "The item asks for no duty post or pledge.")
        }
        R::DutyItemsInvalid { codes } => return duties::items(codes),
        R::DutyForbidden { word } => return duties::forbidden(word),
        R::DutyDayInvalid { earliest, latest } => return duties::day(*earliest, *latest),
        R::DutyOver => {
            ("该岗位已撤销或任期、契约已经结束。", "The post is closed, or the duty is over.")
        }
        R::RelativeInvalid => (
            "这个条目记入亲属名下:须写明行为人,且亲属关系已登记;其他条目不填行为人。",
            "An item that credits a relative names who did it, of a declared tie; others name nobody.",
        ),
        R::SameDeedInvalid => (
            "同一事项的另一条申报不存在或不属于同一账户。",
            "The other claim of the same deed does not exist or is of another account.",
        ),
        R::PointsInvalid { points_min: Some(least), points_max: Some(most) } => {
            return (
                format!("请在{least}到{most}分之间评定分值。"),
                format!("Fill in points from {least} to {most}."),
            );
        }
        R::PointsInvalid { .. } => {
            ("这个条目不由评议小组评定分值。", "The item leaves no points to the panel.")
        }
        R::RegistrationOver { until } => {
            return (
                format!("登记截止{until},已过期限。"),
                format!("It could be registered until {until}."),
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
        R::NotRepairable => ("没有可以修复的内容。", "There is nothing to repair."),
        R::EvidenceMissing => {
            ("这个条目需要佐证,请补充。", "The item needs evidence that is missing.")
        }
        R::EvidenceTooMany { files_max } => {
            return (
                format!("佐证最多{files_max}个文件。"),
                format!("At most {files_max} files of evidence."),
            );
        }
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
        R::ConsentMissing => (
            "代申报须写明本人何时、以何种方式同意。",
            "A proxy claim says who consented, how and when.",
        ),
        R::PersonNotEligible => {
            ("该人员不能计分,或不是您家的成员。", "That person cannot be claimed for.")
        }
        R::SecondRecorderInvalid => (
            "第二记录人须是本村另一位可以记录扣分的人员,且与记录人、当事人不同户。",
            "The second recorder must be another who may record, of another household than both.",
        ),
        R::PersonRefused { number, why } => {
            let (zh, en) = of_refusal(why);
            return (format!("名单中第{number}人:{zh}"), format!("Person {number}: {en}"));
        }
        R::NotCurable => {
            ("只有可以整改的扣分才能这样处理。", "Only a deduction with a cure can be closed so.")
        }
        R::CureTooLate { until } => {
            return (
                format!("整改期限为{until},已过期。"),
                format!("It could be put right until {until}."),
            );
        }
        R::ClaimState { state } => {
            return (
                format!("该事项目前是“{}”,不能这样处理。", state_zh(*state)),
                format!("The claim is {}: this cannot be done now.", state.as_str()),
            );
        }
        R::OwnHousehold => ("涉及本户,按规定须回避。", "Nobody decides on their own household."),
        R::DeclaredKin => ("涉及亲属,按规定须回避。", "Nobody decides on declared kin."),
        R::OwnClaim => {
            ("您是申报人或记录人,按规定须回避。", "Who made a claim does not review it.")
        }
        R::SteppedAside => ("您已声明回避。", "You stepped aside from this."),
        R::AlreadyDecided => ("您已表决过,不能重复表决。", "You decided on this already."),
        R::ReasonMissing => ("请写明理由。", "Say why."),
        R::NotYourStage => ("现在不由您这一环节办理。", "The stage asks for another role."),
        R::NothingToPublish => ("目前没有待公示的事项。", "Nothing waits for a notice."),
        R::NoticeClosed { closed_at } => {
            return (
                format!("公示已于{}结束。", closed_at.date_naive()),
                format!("The notice closed on {}.", closed_at.date_naive()),
            );
        }
        R::ListingMinor { .. } => (
            "未满18周岁或出生日期不详的,不列入红黑榜。",
            "Nobody under 18, or of unknown age, is shown on a list.",
        ),
        R::ListingPersonUnfit => {
            ("此人当前情况不适合列入红黑榜。", "This person is not shown on a list.")
        }
        R::ListingFactUnfit => (
            "只能依据已入账且无争议的事实列入。",
            "An entry points to what counts in the books and is not disputed.",
        ),
        R::ListingCureOpen { .. } => (
            "须先给予整改机会,整改期限过后仍未整改的才能列入。",
            "There must have been a chance to put it right, and its time must be over.",
        ),
        R::ListingWords => (
            "文字只用于表扬,不超过100字,且不得涉及贫困、疾病、信仰等内容。",
            "Only praise has words: at most 100 characters, and about no trait such as poverty, illness or belief.",
        ),
        R::ListingState => {
            ("该条目已决定或已结束。", "The entry has been decided on, or has ended.")
        }
        R::ListingWishHolds => {
            ("本人要求撤下表扬的,应当撤下。", "Praise is taken down when the person wishes it.")
        }
        R::DeliveryNotOpen => {
            ("这项发送已完成或正在进行。", "This has been sent, or is being sent right now.")
        }
        R::TemplateUnknown => (
            "没有这个订阅消息模板,请刷新后重试。",
            "There is no such template; load the list again.",
        ),
        R::ObjectionOpen => ("您对此已有一件异议在办理。", "You have an open objection to this."),
        R::OwnObjection => {
            ("您对此提过异议,按规定须回避。", "Who objected to this does not answer.")
        }
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
        | R::RatingNotEffective
        | R::PurposeForbidden { .. }
        | R::ConditionsInvalid
        | R::ProofTooLong { .. }
        | R::ProofTooMany { .. } => return dividend::of(refusal),
        R::OwnContent => ("不能审核自己提交的内容。", "Nobody decides about their own."),
        R::ContentNotHeld => (
            "该内容不在待人工审核状态。",
            "It does not wait for a person: WeChat is asked, or it is settled.",
        ),
        R::ObjectionAnswered => ("该异议已答复。", "The objection was answered."),
        R::AppealNotConcerned => {
            ("只有当事户可以申诉。", "Only the household concerned may appeal.")
        }
        R::AppealTooLate { days_max } => {
            return (
                format!("申诉期为{days_max}天,已过期。"),
                format!("An appeal can be made for {days_max} days."),
            );
        }
        R::CorrectionInvalid => (
            "更正须给出新的分值,且不同于原分值。",
            "A correction needs a new amount, unlike the old.",
        ),
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
        | R::CardCeiling { .. } => return store::of(refusal),
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
    };
    (zh.to_owned(), en.to_owned())
}

const fn state_zh(state: State) -> &'static str {
    match state {
        State::Submitted => "已提交",
        State::Returned => "已退回",
        State::InReview => "评议中",
        State::Certified => "已认定",
        State::OnNotice => "公示中",
        State::Posted => "已入账",
        State::Rejected => "未通过",
        State::Withdrawn => "已撤回",
        State::Disputed => "有异议",
        State::Overturned => "已撤销",
        State::Reversed => "已冲销",
    }
}
