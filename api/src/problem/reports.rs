//! The words of what stands in the way of a snapshot report, in Chinese and English.

use domain::refusal::Refusal;
use domain::report::{Kind, State};

type Words = (String, String);

/// The words of a refusal about a report.
pub(super) fn of(refusal: &Refusal) -> Words {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::ReportState { state } => return of_state(*state),
        R::ReportKind { kind: Kind::GoodDeed } => {
            ("这是一件好人好事,不能这样办理。", "This is a good deed; that is done with nuisances.")
        }
        R::ReportKind { kind: Kind::Nuisance } => {
            ("这是一件问题反映,不能这样办理。", "This is a nuisance; that is done with good deeds.")
        }
        R::CategoryUnknown => ("没有这个类别,请重新选择。", "The village has no such category."),
        R::CategoryListInvalid { most } => return list_invalid(*most),
        R::CategoryForbidden { word } => {
            return (
                format!("不得设置涉及“{word}”的类别。"),
                format!("Nothing may be reported on people that is about: {word}."),
            );
        }
        R::PhotosNeeded { photos_max } => {
            return (
                format!("请附1至{photos_max}张照片。"),
                format!("One photo at least, and {photos_max} at most."),
            );
        }
        R::TextMissing => ("请写明情况。", "The text is missing."),
        R::ReportTooMany { a_day_max } => {
            return (
                format!("每人每天最多反映{a_day_max}件,请明天再来。"),
                format!("One person sends {a_day_max} reports a day at most."),
            );
        }
        R::ReportRepeated => (
            "您已在这里反映过同类问题,正在办理中,请勿重复提交。",
            "You have an open report of the same at this place.",
        ),
        R::OwnReport => ("不能办理自己反映的事。", "Nobody deals with their own report."),
        R::OwnWork => ("不能确认自己办理的结果。", "Nobody confirms their own work."),
        R::JoinInvalid => (
            "只能并入另一件正在办理的同类反映。",
            "A report joins another of its kind that somebody still deals with.",
        ),
        R::PartiesInvalid => (
            "涉及的人与这类反映不符,或人数过多。",
            "The people named do not fit this kind of report, or are too many.",
        ),
        R::ShownMissing => (
            "请注明照片和文字中能认出谁,或确认认不出任何人。",
            "Say who can be recognised in text and photos, or that nobody can.",
        ),
        R::WorkerInvalid => ("这个人不是本村网格员。", "The person is no grid worker here."),
        R::WorkerNotFree => (
            "这名网格员与此事有关联,请改派他人。",
            "The grid worker is bound to this in some way: choose another.",
        ),
        R::PraisedMissing => ("没有注明受表扬的人。", "The report names nobody who is praised."),
        R::NotOverdue { .. } => ("还没有到期,暂不能催办。", "There is nothing to urge yet."),
        R::AlreadyUrged => ("今天已经催办过了。", "It was urged today."),
        R::ReportProposed => {
            ("这件反映已经转为积分事项。", "A claim or deduction came of the report already.")
        }
        R::ReportShared => (
            "还有别人反映了同一件事,已并入这件办理,不能撤回。",
            "Others reported the same and wait for this report: it cannot be taken back.",
        ),
        R::CommentTooMany { a_day_max } => {
            return (
                format!("每天最多留言{a_day_max}条。"),
                format!("{a_day_max} comments a day at most."),
            );
        }
        R::ShowingTooMany { a_day_max } => {
            return (
                format!("今天已更改{a_day_max}次,请明天再同意公开。"),
                format!("The answer was changed {a_day_max} times today: agree again tomorrow."),
            );
        }
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}

fn of_state(state: State) -> Words {
    let zh = match state {
        State::Submitted => "待受理",
        State::Accepted => "已受理",
        State::Refused => "未予受理",
        State::Joined => "已合并办理",
        State::Dispatched => "办理中",
        State::Resolved => "已办结",
        State::Confirmed => "已确认",
        State::Reopened => "退回重办",
        State::StruckOff => "已销号",
        State::Withdrawn => "已撤回",
    };
    (
        format!("这件反映的状态是“{zh}”,不能这样办理。"),
        format!("The report is {}: that cannot be done now.", state.as_str()),
    )
}

fn list_invalid(most: usize) -> Words {
    (
        format!("类别代码不能重复,两类都要有,总数不超过{most}个。"),
        format!("Codes stand once, both kinds have one, and there are {most} at most."),
    )
}
