//! Frames of counties and manuals of towns: drafts that are edited, and versions that were issued by an
//! order and never are. What they come to in a village is in `rule_books::carrying`.

mod above;
mod drafts;
mod issuing;
mod lines;
mod shown;

pub use above::Above;
pub use drafts::{draft, rewrite};
pub use issuing::{Issued, Issuing, issue, try_issue};
pub use lines::list;
pub use shown::{ShownLayer, show, written};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::id::{DivisionId, RuleLayerId};
use domain::rule_book::{Layer, Version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Error;
use crate::rule_books::from_json;
use crate::schema::rule_layers;

/// A layer as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = rule_layers)]
pub struct RuleLayerRow {
    /// The county or town.
    pub division_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The first of the division is 1.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// What it says.
    pub layer: Value,
    /// `draft` or `adopted`.
    pub state: String,
    /// The first day of an adopted layer.
    pub in_force_from: Option<NaiveDate>,
    /// The order by which it was issued.
    pub issued_by_order: Option<Value>,
    /// Who wrote it.
    pub written_by: Uuid,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// Who recorded the order.
    pub adopted_by: Option<Uuid>,
    /// When the order was recorded.
    pub adopted_at: Option<DateTime<Utc>>,
}

impl RuleLayerRow {
    /// What it says.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn layer(&self) -> Result<Layer, Error> {
        from_json(&self.layer)
    }

    fn version(&self) -> Result<Version<Layer>, Error> {
        Ok(Version { in_force_from: self.in_force_from, layer: self.layer()? })
    }
}

fn find(
    c: &mut PgConnection,
    division: DivisionId,
    id: RuleLayerId,
) -> Result<RuleLayerRow, Error> {
    let found = rule_layers::table.find((division.0, id.0)).select(RuleLayerRow::as_select());
    Ok(found.first(c)?)
}
