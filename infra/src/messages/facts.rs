//! What a template can say of each kind of message: facts with names, read from the message's data.

use chrono::{DateTime, NaiveDate, Utc};
use domain::objection::Verdict;
use domain::points::{Fen, Points};
use domain::subscription::{Fact, FactKind};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::Kind;

/// The fact that opens the message in the mini-program.
pub(super) const MESSAGE_ID: &str = "message_id";

/// What every message has: its id, when it was left, what became of what it is about, and what that
/// is.
const OF_ALL: &[(&str, FactKind)] = &[
    (MESSAGE_ID, FactKind::Id),
    ("sent_at", FactKind::Moment),
    ("state", FactKind::Word),
    ("subject", FactKind::Text),
];

/// What messages about a claim have.
const OF_CLAIM: &[(&str, FactKind)] =
    &[("item_name", FactKind::Text), ("points", FactKind::Points), ("happened_on", FactKind::Day)];

/// The facts of a kind besides those of all, and what they are. What may be missing is a text.
const fn more(kind: Kind) -> &'static [(&'static str, FactKind)] {
    use FactKind as F;
    match kind {
        Kind::ClaimReturned => &[("reason", F::Text)],
        Kind::ClaimOnNotice => &[("notice_number", F::Count), ("closes_at", F::Moment)],
        Kind::DeductionRecorded => &[("text", F::Text), ("cure", F::Text), ("cure_until", F::Text)],
        Kind::ObjectionAnswered => &[("outcome", F::Word), ("answer", F::Text)],
        Kind::RatingPublished => &[
            ("cycle", F::Text),
            ("score", F::Points),
            ("stars", F::Text),
            ("star_credit", F::Money),
        ],
        Kind::PurchaseMade => &[
            ("merchant_name", F::Text),
            ("price", F::Money),
            ("discount", F::Money),
            ("to_pay", F::Money),
            ("credit_left", F::Money),
        ],
        Kind::ReportDispatched | Kind::ReportResolved => {
            &[("category_name", F::Text), ("place", F::Text), ("due_at", F::Moment)]
        }
        _ => &[],
    }
}

const fn of_claim(kind: Kind) -> &'static [(&'static str, FactKind)] {
    match kind {
        Kind::ClaimReturned
        | Kind::ClaimCertified
        | Kind::ClaimOnNotice
        | Kind::ClaimPosted
        | Kind::DeductionRecorded => OF_CLAIM,
        _ => &[],
    }
}

fn all(kind: Kind) -> impl Iterator<Item = &'static (&'static str, FactKind)> {
    OF_ALL.iter().chain(of_claim(kind)).chain(more(kind))
}

/// The names of the facts of a kind.
pub(super) fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    all(kind).map(|(name, _)| *name)
}

/// What the fact of that name is.
pub(super) fn kind_of(kind: Kind, name: &str) -> Option<FactKind> {
    all(kind).find(|(known, _)| *known == name).map(|(_, fact)| *fact)
}

/// What became of what a message is about, in at most five Chinese characters; none for a kind that
/// is not sent.
pub(super) const fn state(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::ClaimReturned => "需要补充",
        Kind::ClaimCertified => "已认定",
        Kind::ClaimOnNotice => "公示中",
        Kind::ClaimPosted => "已入账",
        Kind::DeductionRecorded => "扣分登记",
        Kind::ObjectionAnswered => "已答复",
        Kind::RatingPublished => "已评定",
        Kind::PurchaseMade => "已完成",
        Kind::ReportDispatched => "已派单",
        Kind::ReportResolved => "已办结",
        _ => return None,
    })
}

/// A message, as templates look at it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: Kind,
    /// What its words are made of.
    pub data: &'a Value,
    /// When it was left.
    pub sent_at: DateTime<Utc>,
}

impl Told<'_> {
    /// The fact of that name, unless the message has none.
    pub(super) fn fact(&self, name: &str) -> Option<Fact> {
        match name {
            MESSAGE_ID => return Some(Fact::Id(self.id.simple().to_string())),
            "sent_at" => return Some(Fact::Moment(self.sent_at)),
            "state" => return state(self.kind).map(Fact::Word),
            "subject" => return Some(Fact::Text(self.subject())),
            "outcome" => return self.read::<Verdict>("outcome").map(verdict).map(Fact::Word),
            "cure_until" => return self.day_or_moment(name).map(Fact::Text),
            "stars" => return self.read::<u8>(name).map(|stars| Fact::Text(format!("{stars}星"))),
            _ => {}
        }
        Some(match kind_of(self.kind, name)? {
            FactKind::Text => Fact::Text(self.read(name)?),
            FactKind::Points => Fact::Points(self.read::<Points>(name)?),
            FactKind::Money => Fact::Money(self.read::<Fen>(&format!("{name}_fen"))?),
            FactKind::Count => Fact::Count(self.read(name)?),
            FactKind::Moment => Fact::Moment(self.read(name)?),
            FactKind::Day => Fact::Day(self.read::<NaiveDate>(name)?),
            FactKind::Word | FactKind::Id => return None,
        })
    }

    /// What it is about, in the words that people know.
    fn subject(&self) -> String {
        let text = |name: &str| self.read::<String>(name).filter(|text| !text.is_empty());
        text("item_name")
            .or_else(|| text("merchant_name"))
            .or_else(|| text("category_name"))
            .or_else(|| text("cycle").map(|cycle| format!("{cycle}星级评定")))
            .unwrap_or_else(|| "您的事项".to_owned())
    }

    fn day_or_moment(&self, name: &str) -> Option<String> {
        if let Some(day) = self.read::<NaiveDate>(name) {
            return Some(Fact::Day(day).words());
        }
        self.read::<DateTime<Utc>>(name).map(|moment| Fact::Moment(moment).words())
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.data.get(name)?).ok()
    }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Upheld => "维持原结果",
        Verdict::Corrected => "已更正",
        Verdict::Struck => "已撤销",
    }
}
