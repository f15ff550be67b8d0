//! Names of things that the domain knows as enums, with their description for the OpenAPI document.
//! A name that the domain gains or loses fails to compile here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares names of the API that stand for the values of an enum of the domain.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $domain:ty {
        $($(#[$what:meta])* $variant:ident),* $(,)?
    })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$what])* $variant),* }

        impl From<$name> for $domain {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => <$domain>::$variant),* }
            }
        }

        impl From<$domain> for $name {
            fn from(known: $domain) -> Self {
                match known { $(<$domain>::$variant => Self::$variant),* }
            }
        }
    )*};
}

pub(crate) use names;

names! {
    /// The level of a division.
    DivisionLevelName = domain::place::DivisionLevel {
        /// County or district.
        County,
        /// Town or township.
        Town,
        /// Village.
        Village,
    }
    /// How far an item matters.
    #[derive(Default)]
    ItemLevelName = domain::rule_book::ItemLevel {
        /// 村级.
        #[default]
        Village,
        /// 共享: in the village and above it.
        Shared,
        /// 区级: above the village.
        District,
    }
    /// A setting of a rule book, by the name of its field.
    SettingName = domain::rule_book::Setting {
        /// Who has an account.
        Subject,
        /// How long a cycle of rating lasts.
        Cycle,
        /// The score with which everybody begins a cycle.
        BaseScore,
        /// How many days after a deed it may still be declared.
        ClaimDaysMax,
        /// How many days after posting the person concerned may appeal.
        AppealDaysMax,
        /// The way of a claim or deduction.
        ClaimWay,
        /// The way of a rating.
        RatingWay,
        /// From score to star.
        Stars,
        /// How those on a track are scored.
        Tracks,
        /// How the score of a household comes from its members.
        HouseholdScore,
        /// By when a deed is to be registered.
        Registration,
        /// What becomes of redeemable points at the end of a year.
        PointsPolicy,
        /// The exchange value of a redeemable point, in fen.
        ExchangeValueFen,
    }
    /// Where a version of a rule book or layer stands today.
    VersionStateName = domain::rule_book::VersionState {
        /// Not adopted.
        Draft,
        /// Adopted, and not in force yet.
        Adopted,
        /// In force.
        InForce,
        /// Followed by a version that is in force.
        Superseded,
    }
    /// The size of a grid.
    GridLevelName = domain::place::GridLevel {
        /// 大网格.
        Large,
        /// 中网格.
        Medium,
        /// 小网格.
        Small,
        /// 微网格.
        Micro,
    }
    /// What the holiday table says of a day.
    DayKindName = domain::calendar::DayKind {
        /// No working day.
        Holiday,
        /// A weekend that is worked (调休).
        Workday,
    }
    /// Where a villager stands.
    ResidenceName = domain::person::Residence {
        /// 居住.
        Resident,
        /// 在外求学.
        Student,
        /// 迁出.
        MovedAway,
        /// 去世.
        Deceased,
        /// 涉案未结.
        OpenLegalCase,
    }
    /// What a villager also is.
    TrackName = domain::person::Track {
        /// 党员.
        PartyMember,
        /// 村民代表.
        Representative,
        /// 志愿者.
        Volunteer,
        /// 五老.
        Elder,
    }
    /// What somebody is to a villager.
    KinName = domain::kin::Kin {
        /// 配偶.
        Spouse,
        /// 父母.
        Parent,
        /// 子女.
        Child,
        /// 兄弟姐妹.
        Sibling,
        /// 祖父母, 外祖父母.
        Grandparent,
        /// 孙子女, 外孙子女.
        Grandchild,
        /// 公婆, 岳父母.
        ParentInLaw,
        /// 儿媳, 女婿.
        ChildInLaw,
        /// 伯叔姑舅姨.
        UncleOrAunt,
        /// 侄子女, 外甥子女.
        NephewOrNiece,
        /// Any other tie.
        Other,
    }
    /// A colour of the five (五色契约), each the contract of one kind of people.
    ColourName = domain::duty::Colour {
        /// 红色先锋契约: party members.
        Red,
        /// 黄色模范契约: villager representatives.
        Yellow,
        /// 蓝色自治契约: all villagers.
        Blue,
        /// 绿色服务契约: volunteers.
        Green,
        /// 银色调解契约: the five kinds of elders (五老).
        Silver,
    }
    /// What became of a pledge.
    PledgeOutcomeName = domain::duty::Outcome {
        /// 已兑现.
        Kept,
        /// 部分兑现.
        PartlyKept,
        /// 未兑现.
        NotKept,
    }
    /// What somebody took on.
    DutySourceName = domain::rule_book::DutySource {
        /// 岗位.
        DutyPost,
        /// 契约承诺.
        Pledge,
    }
    /// What a text or photo belongs to.
    ContentSubjectName = domain::content::SubjectKind {
        /// 随手拍.
        Report,
        /// 留言.
        Comment,
        /// 好人好事.
        Praise,
    }
    /// Where the check of a text or photo stands.
    #[derive(Default)]
    ContentStateName = domain::content::State {
        /// WeChat was asked, or will be.
        Asked,
        /// Waits for a person.
        #[default]
        Held,
        /// WeChat passed it.
        Passed,
        /// A person released it.
        Released,
        /// A person refused it.
        Refused,
    }
    /// Why a text or photo is held for a person.
    HeldForName = domain::content::HeldFor {
        /// WeChat calls it risky.
        Risky,
        /// WeChat wants a person to look.
        Review,
        /// WeChat did not answer in time.
        Silence,
        /// WeChat could not do it.
        Failed,
        /// WeChat's answer has no result that we know.
        Unreadable,
        /// WeChat does not know the author, or not lately enough.
        AuthorUnknown,
        /// There is no WeChat to ask.
        #[serde(rename = "no_wechat")]
        NoWeChat,
    }
    /// What a person decided about a text or photo.
    ContentVerdictName = domain::content::Verdict {
        /// Others may see it.
        Release,
        /// Nobody else sees it.
        Refuse,
    }
    /// Who has an account.
    SubjectName = domain::rule_book::Subject {
        /// The household together.
        Household,
        /// Each person of 14 years or more.
        Person,
    }
}
