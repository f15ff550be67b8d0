//! The words of what stands in the way on the notice board, with an objection, a list or what waits for
//! a person, in Chinese and English.

use domain::refusal::Refusal;

/// The words of a refusal about a notice, an objection or a list.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
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
        _ => ("不能这样办理。", "This is not possible."),
    };
    (zh.to_owned(), en.to_owned())
}
