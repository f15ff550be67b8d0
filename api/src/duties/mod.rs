//! Duty posts (设岗定责) and five-colour pledges (五色契约): what people took on. It gives no points by
//! itself; it opens items of the rule book, see `claim_create`.

pub mod list;
pub mod pledges;
pub mod posts;

use chrono::NaiveDate;
use domain::duty::{Colour, Consent, Outcome};
use infra::duties::{DutyReceipt, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::claims::a_day;

/// That somebody agreed to what a cadre records for them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DutyConsent, example = json!({
    "consented_by": "陈桂芳", "consented_how": "党员大会上签字认岗", "consented_on": "2026-10-10"
}))]
pub struct ConsentIn {
    /// Who said so: the person, or a member of the household.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    consented_by: String,
    /// How: spoken, signed, by telephone.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    consented_how: String,
    /// When; not after today.
    #[validate(custom(function = "a_day"))]
    consented_on: NaiveDate,
}

impl From<ConsentIn> for Consent {
    fn from(given: ConsentIn) -> Self {
        Self { by: given.consented_by, how: given.consented_how, on: given.consented_on }
    }
}

/// A duty after a change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "from": "2026-10-12", "until": "2026-12-31",
    "outcome": null
}))]
pub struct DutyReceiptOut {
    /// Its id.
    id: Uuid,
    /// The first day.
    from: NaiveDate,
    /// The last day, which still counts; none as long as nobody set one.
    until: Option<NaiveDate>,
    /// What became of a pledge: `kept`, `partly_kept` or `not_kept`.
    outcome: Option<String>,
}

impl From<DutyReceipt> for DutyReceiptOut {
    fn from(receipt: DutyReceipt) -> Self {
        let DutyReceipt { duty, from, until, outcome } = receipt;
        Self { id: duty.0, from, until, outcome }
    }
}

/// What a duty is called, in Chinese.
pub(crate) fn called(title: &Title) -> String {
    match title {
        Title::Post(name) => format!("岗位:{name}"),
        Title::Pledge(colour, period) => format!("{}({period})", contract(*colour)),
    }
}

/// What the contract of a colour is called.
pub(crate) const fn contract(colour: Colour) -> &'static str {
    match colour {
        Colour::Red => "红色先锋契约",
        Colour::Yellow => "黄色模范契约",
        Colour::Blue => "蓝色自治契约",
        Colour::Green => "绿色服务契约",
        Colour::Silver => "银色调解契约",
    }
}

/// What an outcome is called.
pub(crate) const fn kept(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept => "已兑现",
        Outcome::PartlyKept => "部分兑现",
        Outcome::NotKept => "未兑现",
    }
}
