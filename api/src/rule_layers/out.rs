//! How layers are shown.

use infra::rule_books::carrying::CarriedTo;
use infra::rule_layers::{Issued, ShownLayer};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::VersionStateName;
use crate::problem::{Language, Problem};
use crate::rule_books::{ContradictionOut, FaultOut, LayerBody};

/// The document by which a county or town issues its layer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderOut {
    /// Its number (文号).
    number: String,
    /// The day on which it was issued.
    #[schema(format = Date)]
    issued_on: String,
}

/// The frame of a county or the manual of a town.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!(crate::rule_books::example_of_a_layer()))]
pub struct RuleLayerOut {
    /// Its id.
    id: Uuid,
    /// The first of the division is 1.
    number: i32,
    /// Where it stands today. Nothing issued is ever edited.
    state: VersionStateName,
    /// The first day of an issued layer; it holds until the next one's.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_from: Option<String>,
    /// The order by which it was issued.
    #[schema(value_type = Option<OrderOut>)]
    order: Option<serde_json::Value>,
    /// When it was written last.
    written_at: String,
    /// When its order was recorded.
    adopted_at: Option<String>,
    /// What it says.
    layer: LayerBody,
    /// What stands in the way of its order.
    #[schema(max_items = 100_000)]
    faults: Vec<FaultOut>,
    /// What contradicts the layer above, or is about nothing: it stands in the way of its order too.
    #[schema(max_items = 100_000)]
    contradictions: Vec<ContradictionOut>,
}

impl RuleLayerOut {
    pub(super) fn of(shown: ShownLayer, language: Language) -> Result<Self, Problem> {
        let ShownLayer { row, layer, state, faults, contradictions } = shown;
        let contradictions = contradictions.into_iter();
        Ok(Self {
            id: row.id,
            number: row.number,
            state: state.into(),
            in_force_from: row.in_force_from.map(|day| day.to_string()),
            order: row.issued_by_order,
            written_at: crate::time::shown(row.written_at),
            adopted_at: row.adopted_at.map(crate::time::shown),
            layer: LayerBody::of(&layer)?,
            faults: faults.into_iter().map(|found| FaultOut::of(found, language)).collect(),
            contradictions: contradictions.map(|c| ContradictionOut::of(c, language)).collect(),
        })
    }
}

/// What an order did to the villages below.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 1, "in_force_from": "2027-01-01",
    "books": [{
        "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "rule_book_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "in_force_from": "2027-01-01",
        "contradictions": [{
            "place": "base_score", "kind": "locked_setting", "against": "county",
            "message": "上级已锁定这项设置"
        }]
    }]
}))]
pub struct RuleLayerIssuedOut {
    /// The layer.
    id: Uuid,
    /// Its number in the division.
    number: i32,
    /// Its first day.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_from: Option<String>,
    /// The books of villages that were merged anew.
    #[schema(max_items = 100_000)]
    books: Vec<CarriedBookOut>,
}

/// A village's book that was merged anew.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarriedBookOut {
    /// The village.
    village_id: Uuid,
    /// The new book; none if it was only tried.
    rule_book_id: Option<Uuid>,
    /// Its first day.
    #[schema(format = Date)]
    in_force_from: String,
    /// What of the village's own layer no longer holds: its people are to be told.
    #[schema(max_items = 100_000)]
    contradictions: Vec<ContradictionOut>,
}

impl RuleLayerIssuedOut {
    pub(super) fn of(issued: Issued, language: Language) -> Self {
        let book = |carried: CarriedTo| CarriedBookOut {
            village_id: carried.village.0,
            rule_book_id: carried.rule_book,
            in_force_from: carried.in_force_from.to_string(),
            contradictions: carried
                .contradictions
                .into_iter()
                .map(|found| ContradictionOut::of(found, language))
                .collect(),
        };
        Self {
            id: issued.row.id,
            number: issued.row.number,
            in_force_from: issued.row.in_force_from.map(|day| day.to_string()),
            books: issued.carried.into_iter().map(book).collect(),
        }
    }
}
