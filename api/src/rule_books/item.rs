//! The items of a rule book as the API reads and shows them.

use domain::rule_book::Star;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::names::DutySourceName;

use super::amount::{AmountBody, CapBody, DurationBody, amount_limits};
use crate::names::ItemLevelName;

/// One thing that is scored.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// Stable code of at most 32 characters of `A-Z a-z 0-9 . - _`.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "ENV-1")]
    code: String,
    /// The code of its category.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "environment")]
    category: String,
    /// What people call it.
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "参加村组公共区域清扫")]
    name: String,
    /// What it does to the score.
    kind: ItemKindName,
    /// How much.
    #[validate(custom(function = "amount_limits"))]
    amount: AmountBody,
    /// Who may bring it forward.
    #[validate(length(max = 3))]
    #[schema(max_items = 3)]
    claimed_by: Vec<ClaimedByName>,
    /// The evidence it needs.
    #[serde(default)]
    evidence: EvidenceNeedName,
    /// What it adds to besides the score.
    #[serde(default)]
    #[validate(length(max = 2))]
    #[schema(max_items = 2)]
    counts_for: Vec<CountsForName>,
    /// Caps, in the order in which they are applied.
    #[serde(default)]
    #[validate(length(max = 10))]
    #[schema(max_items = 10)]
    caps: Vec<CapBody>,
    /// For a deduction: how many days the person has to put it right, 1 to 366.
    #[schema(minimum = 0, maximum = 65_535)]
    cure_days: Option<u16>,
    /// For a deduction: how it is put right.
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    cure: Option<String>,
    /// The tracks that it applies to; everybody if it names none.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    tracks: Vec<TrackName>,
    /// Whom it is credited to.
    #[serde(default)]
    #[validate(custom(function = "beneficiary_limits"))]
    beneficiary: BeneficiaryBody,
    /// Items of one group are ways to see the same thing: what somebody did on one day counts by the
    /// highest of them only.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "honours")]
    exclusive: Option<String>,
    /// For a deduction: the same again while the first still counts is taken twice.
    #[serde(default)]
    repeat_doubles: bool,
    /// How long it stays in the score.
    #[serde(default)]
    duration: DurationBody,
    /// For a deduction or direct grade: it is extended until it is put right.
    #[serde(default)]
    extends_until_corrected: bool,
    /// For a direct grade: the star that it sets.
    #[schema(value_type = Option<u8>, minimum = 0, maximum = 5)]
    grade: Option<Star>,
    /// For a veto: for how long. It is recorded; there is no redemption yet that it would suspend.
    suspends: Option<SuspensionBody>,
    /// Which part of the score it is of.
    #[serde(default)]
    part: ScorePartName,
    /// What the person must have taken on by the day of the deed: a duty post that names the item, or
    /// a pledge under a colour of one of its tracks.
    duty_source: Option<DutySourceName>,
    /// How far it matters: a stage of review may be for some levels only.
    #[serde(default)]
    level: ItemLevelName,
    /// Where its figures come from.
    #[serde(default)]
    figures: FiguresName,
}

/// What an item does to the score.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKindName {
    /// 加分.
    Award,
    /// 扣分.
    Deduction,
    /// 直接判级: sets the star whatever the score. The amount is the deduction that replaces it once
    /// it is repaired.
    DirectGrade,
    /// 一票否决: suspends redemption for a time.
    Veto,
}

/// A track.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ItemTrack)]
pub enum TrackName {
    /// 党员.
    PartyMember,
    /// 村民代表.
    Representative,
    /// 志愿者.
    Volunteer,
    /// 五老人员.
    Elder,
}

/// Whom an item is credited to.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Beneficiary)]
pub enum BeneficiaryBody {
    /// Who did it.
    #[default]
    Doer,
    /// A relative who is named in the claim.
    Relative {
        /// What the relative is to whoever did it.
        #[schema(max_items = 11)]
        relations: Vec<RelationName>,
    },
}

fn beneficiary_limits(beneficiary: &BeneficiaryBody) -> Result<(), ValidationError> {
    match beneficiary {
        BeneficiaryBody::Relative { relations } if relations.len() > 11 => {
            Err(ValidationError::new("length"))
        }
        _ => Ok(()),
    }
}

/// What a relative is to somebody.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BeneficiaryRelation)]
pub enum RelationName {
    /// 配偶.
    Spouse,
    /// 父母.
    Parent,
    /// 子女.
    Child,
    /// 兄弟姐妹.
    Sibling,
    /// 祖父母.
    Grandparent,
    /// 孙子女.
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

/// For how long a veto suspends redemption.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Suspension)]
pub struct SuspensionBody {
    /// So many whole calendar years after the one in which it happened: 1 is the rest of this year
    /// and the next.
    #[schema(minimum = 0, maximum = 255)]
    further_years: u8,
}

/// Which part of the score an item is of.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScorePart)]
pub enum ScorePartName {
    /// 居民信用积分: what everybody is scored by.
    #[default]
    PersonalCredit,
    /// 角色职责积分: what a party member or representative is scored by besides.
    RoleDuty,
}

/// Where figures come from.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Figures)]
pub enum FiguresName {
    /// The village's own, or a default of the preset.
    #[default]
    Own,
    /// The place published them.
    Published,
}

/// Who may bring an item forward.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedByName {
    /// The villager, or a member of the household.
    Villager,
    /// A cadre.
    Cadre,
    /// The program.
    System,
}

/// The evidence that an item needs.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceNeedName {
    /// None.
    #[default]
    None,
    /// At least one photo.
    Photo,
    /// At least one picture of a document.
    Document,
    /// Two recorders who saw it.
    TwoRecorders,
}

/// What an entry adds to besides the score.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountsForName {
    /// 可用积分.
    Points,
    /// The weight in a dividend.
    Dividend,
}
