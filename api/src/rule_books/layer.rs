//! A layer as the API reads and shows it: any of the settings of a book, and what holds for the layers
//! below. As with a book, the domain says what is wrong with it.

use domain::points::BasisPoints;
use domain::rule_book::{ItemKind, Layer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::book::{CategoryBody, CycleKindName, PointsText, StarRowBody, WayBody};
use super::item::{ItemBody, ItemKindName};
use super::tracks::{HouseholdScoreName, PointsPolicyBody, RegistrationBody, TrackRuleBody};
use crate::names::{SettingName, SubjectName};
use crate::problem::{Door, Problem};

/// What a county, a town or a village adopts where layers lie over each other: any setting of a rule
/// book may be left out, and is then taken from the layer above.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(super::examples::frame()))]
pub struct LayerBody {
    /// Its name. A book has the name of its lowest layer.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    name: String,
    /// Who has an account.
    subject: Option<SubjectName>,
    /// How long a cycle of rating lasts.
    cycle: Option<CycleKindName>,
    /// The score with which everybody begins a cycle.
    base_score: Option<PointsText>,
    /// How many days after a deed it may still be declared, 1 to 366.
    #[schema(minimum = 0, maximum = 65_535)]
    claim_days_max: Option<u16>,
    /// How many days after posting the person concerned may appeal, 1 to 366.
    #[schema(minimum = 0, maximum = 65_535)]
    appeal_days_max: Option<u16>,
    /// The way of a claim or deduction.
    #[validate(nested)]
    claim_way: Option<WayBody>,
    /// The way of a rating.
    #[validate(nested)]
    rating_way: Option<WayBody>,
    /// From score to star, the most stars first.
    #[validate(length(max = 6), nested)]
    #[schema(max_items = 6)]
    stars: Option<Vec<StarRowBody>>,
    /// How those on a track are scored.
    #[validate(length(max = 4), nested)]
    #[schema(max_items = 4)]
    tracks: Option<Vec<TrackRuleBody>>,
    /// How the score of a household comes from its members.
    household_score: Option<HouseholdScoreName>,
    /// By when a deed is to be registered, besides `claim_days_max`.
    registration: Option<RegistrationBody>,
    /// What becomes of redeemable points at the end of a year.
    points_policy: Option<PointsPolicyBody>,
    /// The exchange value of a redeemable point, in fen.
    #[validate(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100_000, example = 32)]
    exchange_value_fen: Option<i64>,
    /// The share of a deduction that is taken from redeemable points too.
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 10_000, example = 10_000)]
    forfeiture_bp: Option<BasisPoints>,
    /// The settings that lower layers may not change, whether stated here or above.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    locked: Vec<SettingName>,
    /// The codes of items that lower layers may neither change nor drop, whether stated here or above.
    #[serde(default)]
    #[validate(length(max = 1_000), custom(function = "codes"))]
    #[schema(max_items = 1_000)]
    locked_items: Vec<CodeText>,
    /// The codes of items of higher layers that do not hold from here on down.
    #[serde(default)]
    #[validate(length(max = 1_000), custom(function = "codes"))]
    #[schema(max_items = 1_000)]
    dropped_items: Vec<CodeText>,
    /// The least share of households, in basis points, that must have signed the pledge before a
    /// village adopts its book.
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 10_000)]
    pledges_bp_min: Option<BasisPoints>,
    /// What lower layers may add; whatever they like, if it says nothing.
    #[serde(default)]
    #[validate(nested)]
    bounds: BoundsBody,
    /// Groups of items, besides those of higher layers.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    categories: Vec<CategoryBody>,
    /// Items of its own, and changed ones of higher layers by their code.
    #[serde(default)]
    #[validate(length(max = 1_000), nested)]
    #[schema(max_items = 1_000)]
    items: Vec<ItemBody>,
}

/// What the layers below may add. Without a list for a level, what they like; with one, only what fits
/// it, so that an empty list leaves no room.
#[derive(Debug, Default, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Bounds)]
pub struct BoundsBody {
    /// For a county: what each town may add.
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    towns: Option<Vec<OwnItemsBody>>,
    /// What each village may add.
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    villages: Option<Vec<OwnItemsBody>>,
}

/// So many own items of a kind, each of so many points at most.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OwnItems)]
pub struct OwnItemsBody {
    /// Of which kind.
    #[schema(value_type = ItemKindName)]
    kind: ItemKind,
    /// Of which category; of any without it.
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    category: Option<String>,
    /// How many.
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    items_max: u32,
    /// The most that one claim of such an item may be worth.
    points_max: PointsText,
}

/// The code of an item.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 100, example = "ENV-1")]
pub struct CodeText(String);

/// Codes as long as a code of an item may be.
fn codes(list: &[CodeText]) -> Result<(), ValidationError> {
    let fits = list.iter().all(|code| code.0.chars().count() <= 100);
    if fits { Ok(()) } else { Err(ValidationError::new("length")) }
}

impl LayerBody {
    /// The layer as the domain knows it.
    ///
    /// # Errors
    /// `internal`, should the two ever differ; a test posts a whole layer to see that they do not.
    pub fn read(&self) -> Result<Layer, Problem> {
        let json = serde_json::to_value(self);
        json.and_then(Layer::deserialize).map_err(|error| {
            tracing::error!(%error, "a layer was read at the door and not behind it");
            Problem::door(Door::Bug)
        })
    }

    /// A layer of the domain as it is shown.
    ///
    /// # Errors
    /// `internal`, as above.
    pub fn of(layer: &Layer) -> Result<Self, Problem> {
        serde_json::to_value(layer).and_then(Self::deserialize).map_err(|error| {
            tracing::error!(%error, "a stored layer cannot be shown");
            Problem::door(Door::Bug)
        })
    }
}
