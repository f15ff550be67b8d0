//! The words of what stands in the way of a claim, a deduction or a duty, in Chinese and English.

use domain::claim::State;
use domain::refusal::Refusal;

use super::{duties, words::of_refusal};

/// The words of a refusal about a claim or a duty.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
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
        _ => ("不能这样办理。", "This is not possible."),
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
