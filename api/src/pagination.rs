//! Lists come by pages: `limit` items, and a cursor to go on with.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// The most items on one page.
pub const LIMIT_MAX: i64 = 100;

/// Which page.
#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    pub limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    pub cursor: Option<String>,
}

pub(crate) const fn twenty() -> i64 {
    20
}

impl PageQuery {
    /// What the cursor says.
    ///
    /// # Errors
    /// `bad_query` for a cursor that is not one of ours.
    pub fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, crate::problem::Problem> {
        use crate::problem::{Door, Problem};
        let bad = || Problem::field(Door::BadQuery, "cursor", "not a cursor of this list");
        self.cursor.as_deref().map(|text| text.parse().map_err(|_| bad())).transpose()
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// The items.
    #[schema(max_items = 100)]
    pub items: Vec<T>,
    /// To get the next page; none on the last.
    #[schema(max_length = 64)]
    pub next_cursor: Option<String>,
}

impl<T: ToSchema> Page<T> {
    /// A page from one item more than was asked for, if there is one more.
    pub fn from_one_more<R>(
        mut rows: Vec<R>,
        limit: i64,
        cursor: impl Fn(&R) -> String,
        render: impl Fn(R) -> T,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(cursor);
        Self { items: rows.into_iter().map(render).collect(), next_cursor }
    }

    /// A list that is never longer than one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}
