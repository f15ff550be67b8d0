//! Every error of the API: RFC 9457 `application/problem+json` with a stable code, in Chinese, or in
//! English if the client asks for it. The one place that chooses HTTP status codes.

mod alliance;
mod books;
mod dividend;
mod duties;
mod faults;
mod files;
mod fund;
mod lines;
mod render;
mod reports;
mod settlement;
mod shops;
mod store;
mod words;

pub(crate) use faults::{contradiction, fault, warning};
pub(crate) use lines::{flaw, place};
pub(crate) use render::Language;
pub use render::{ProblemOut, in_the_clients_language};

use actix_web::http::StatusCode;
use book_file::{BadFile, Unwritable};
use domain::refusal::Refusal;
use infra::error::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct FieldError {
    /// The field: `items[3].amount`, or empty for the body as a whole.
    #[schema(example = "price_fen")]
    pub field: String,
    /// What is wrong with it, for developers.
    #[schema(example = "expected an integer")]
    pub message: String,
    /// Where in the file that was sent, for people: `条目!D5`, `第 3 行第 5 列`. Only for the file of a
    /// rule book.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub place: Option<String>,
    /// The stable code of what is wrong there. Only for the file of a rule book.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub code: Option<&'static str>,
}

/// Why a request was not done.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) cause: Cause,
}

#[derive(Debug, Clone)]
pub(crate) enum Cause {
    Refused(Refusal),
    Door(Door),
    Fields(Door, Vec<FieldError>),
    BookFile(BadFile),
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident $status:ident $code:literal $zh:literal $en:literal;)*) => {
        /// A "no" that the API says before the domain is asked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Door { $($(#[$doc])* $name,)* }

        impl Door {
            /// Every code.
            pub const CODES: &[&str] = &[$($code),*];

            /// The HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The words, in Chinese and English.
            pub(crate) const fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($zh, $en),)* }
            }
        }
    };
}

doors! {
    /// The body is not JSON, or not of the form that the operation takes.
    BadBody BAD_REQUEST "bad_body" "请求内容格式不对。" "The body does not have the right form.";
    /// A value in the path cannot be read.
    BadPath BAD_REQUEST "bad_path" "地址里的编号不对。" "A value in the path cannot be read.";
    /// A query parameter cannot be read.
    BadQuery BAD_REQUEST "bad_query" "查询参数不对。" "A query parameter cannot be read.";
    /// A header that the operation needs is missing or cannot be read.
    BadHeader BAD_REQUEST "bad_header" "请求头不对。" "A header cannot be read.";
    /// The operation moves points or money and needs an `Idempotency-Key`.
    KeyMissing BAD_REQUEST "idempotency_key_missing" "缺少防重复提交的编号(Idempotency-Key)。" "An Idempotency-Key of 8 to 64 letters, digits, - or _ is needed.";
    /// A field breaks a limit.
    Invalid UNPROCESSABLE_ENTITY "invalid" "有填写不符合要求的地方。" "A field breaks a limit.";
    /// No token, or one that does not hold.
    SignInNeeded UNAUTHORIZED "sign_in_needed" "请先登录。" "Sign in first.";
    /// The address does not exist.
    NoRoute NOT_FOUND "no_such_route" "没有这个地址。" "There is no such address.";
    /// The address exists, but not with this method.
    WrongMethod METHOD_NOT_ALLOWED "method_not_allowed" "这个地址不支持这种请求方式。" "The address does not take this method.";
    /// The body or file is too large.
    TooLarge PAYLOAD_TOO_LARGE "too_large" "内容太大了。" "The body is too large.";
    /// The body is of a type that the operation does not take.
    WrongType UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "不支持这种内容格式。" "The operation does not take this content type.";
    /// The part of a file that is asked for does not lie in it.
    NoSuchPart RANGE_NOT_SATISFIABLE "no_such_part" "文件没有这一段。" "The range does not lie in the file.";
    /// Too many requests of this kind.
    TooMany TOO_MANY_REQUESTS "too_many_requests" "操作太频繁,请稍后再试。" "Too many requests; wait a little.";
    /// WeChat says that the code is wrong, used or too old.
    WeChatCode UNPROCESSABLE_ENTITY "wechat_code_invalid" "微信登录已过期,请重新点击登录。" "WeChat does not accept the code: sign in again with a new one.";
    /// WeChat blocks this user.
    WeChatBlocked FORBIDDEN "wechat_user_blocked" "微信认为该账号有风险,暂时不能登录。" "WeChat blocks this user as a risk.";
    /// A push is not WeChat's, or is for another app.
    PushRefused FORBIDDEN "push_refused" "签名不正确。" "The push is not WeChat's, or is for another app.";
    /// The file of a rule book cannot be taken.
    BookFile UNPROCESSABLE_ENTITY "rule_book_file_invalid" "细则文件有问题,请按所列位置修改后重新上传。" "The file of the rule book has faults; nothing was changed.";
    /// A draft cannot be written as a file of that kind.
    BookUnwritable UNPROCESSABLE_ENTITY "rule_book_unwritable" "这份草稿写不成这种文件,请按所列位置修改后再导出。" "The draft cannot be written as such a file: put right what is listed first.";
    /// The database, WeChat or the disk is away.
    Away SERVICE_UNAVAILABLE "unavailable" "系统暂时繁忙,请稍后再试;不会重复提交。" "Something that is needed is away; the same request may succeed in a moment.";
    /// A mistake of ours.
    Bug INTERNAL_SERVER_ERROR "internal" "系统出错了,我们已记录。" "A mistake of ours; it was recorded.";
}

impl Problem {
    /// A "no" at the door.
    pub const fn door(door: Door) -> Self {
        Self { cause: Cause::Door(door) }
    }

    /// A "no" at the door, field by field.
    pub const fn fields(door: Door, fields: Vec<FieldError>) -> Self {
        Self { cause: Cause::Fields(door, fields) }
    }

    /// A "no" at the door because of one field.
    pub fn field(door: Door, field: &str, message: impl ToString) -> Self {
        Self::fields(
            door,
            vec![FieldError {
                field: field.to_owned(),
                message: message.to_string(),
                ..FieldError::default()
            }],
        )
    }

    /// The fields that it is about, if it is a "no" because of some.
    pub(crate) fn into_fields(self) -> Vec<FieldError> {
        match self.cause {
            Cause::Fields(_, fields) => fields,
            Cause::Door(_) | Cause::Refused(_) | Cause::BookFile(_) => Vec::new(),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Refused(refusal) => refusal.code(),
            Cause::Door(door) | Cause::Fields(door, _) => door.code(),
            Cause::BookFile(_) => Door::BookFile.code(),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match &self.cause {
            Cause::Refused(refusal) => status_of(refusal),
            Cause::Door(door) | Cause::Fields(door, _) => door.status(),
            Cause::BookFile(_) => Door::BookFile.status(),
        }
    }
}

/// 404 and 403 as the policy says; 409 where the thing has moved on or somebody else was faster;
/// 422 where what was asked cannot be done by the rules; 401 where the sign-in is over.
const fn status_of(refusal: &Refusal) -> StatusCode {
    use Refusal as R;
    match refusal {
        R::NotFound => StatusCode::NOT_FOUND,
        R::SessionOver => StatusCode::UNAUTHORIZED,
        R::FileTypeRefused | R::HeicNotTaken => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        R::Forbidden
        | R::LinkInvalid
        | R::LinkExpired
        | R::ReasonRequired
        | R::NotBound
        | R::RoleNotGrantable
        | R::OwnHousehold
        | R::DeclaredKin
        | R::OwnClaim
        | R::OwnObjection
        | R::CheckerIsMaker
        | R::OwnContent
        | R::SteppedAside
        | R::NotYourStage
        | R::AppealNotConcerned
        | R::CardRefused { .. }
        | R::CardBlocked
        | R::OwnReport
        | R::OwnWork
        | R::MerchantClosed
        // The points store
        | R::RedemptionSuspended { .. }
        | R::CardCeiling { .. }
        | R::MerchantPaused { .. }
        | R::PauseOfDivision => StatusCode::FORBIDDEN,
        R::AlreadyBound
        | R::VillagerTaken
        | R::BindingRequestDecided
        | R::VillagerNotBound
        | R::RoleOver
        | R::DutyOver
        | R::RuleBookAdopted
        | R::ClaimState { .. }
        | R::AlreadyDecided
        | R::NothingToPublish
        | R::NoticeClosed { .. }
        | R::DeliveryNotOpen
        | R::ListingState
        | R::ObjectionOpen
        | R::ObjectionAnswered
        | R::ContentNotHeld
        | R::AlreadyReversed
        | R::CycleRated
        | R::RatingState
        | R::CodeUsed
        | R::QuoteUsed
        | R::PurchaseState
        | R::PayoutState
        | R::PartHandedOut
        | R::AgreementOverlaps
        | R::NotPaused
        | R::ShopClosed
        | R::LastShop
        | R::ApplicationState
        | R::HeadTaken
        | R::ReportState { .. }
        | R::ReportProposed
        | R::ReportShared
        | R::AlreadyUrged
        | R::SettlementState { .. }
        | R::SettlementDiffers
        | R::SettlementDisputed
        | R::SettlementNothingDue
        | R::SettlementFollowed
        | R::MonthClosed
        | R::SignalFound
        | R::VoucherState { .. }
        | R::VoucherCorrected
        | R::FundAccountClosed
        | R::FundAccountInUse { .. }
        | R::FundStatementExists
        | R::FundStatementState
        | R::IdempotencyInFlight
        | R::Contended
        | R::AlreadyExists
        // The points store
        | R::StoreClosed
        | R::SlotOver
        | R::SlotFull { .. }
        | R::SoldOut { .. }
        | R::StockTooLow { .. }
        | R::RedemptionState { .. } => StatusCode::CONFLICT,
        R::PickupTriesOver { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self { cause: Cause::Refused(refusal) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Unavailable(why) => {
                tracing::warn!(why, "answered 503");
                Self::door(Door::Away)
            }
            Error::BadBookFile(bad) => Self { cause: Cause::BookFile(bad) },
            Error::BookUnwritable(why) => {
                let field = match &why {
                    Unwritable::ItemCode { place } | Unwritable::TextTooLong { place } => place,
                    Unwritable::TooManyLines | Unwritable::Differs(_) => "",
                };
                Self::field(Door::BookUnwritable, field, &why)
            }
            Error::LostRace => Refusal::Contended.into(),
            Error::Bug(why) => {
                tracing::error!(why, "answered 500");
                Self::door(Door::Bug)
            }
        }
    }
}
