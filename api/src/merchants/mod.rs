//! Merchants of the alliance: asked for, registered, with their shops, paused, closed, and found.

mod applications;
mod list;
mod merchant;
mod names;
mod near;
mod pause;
mod shops;

pub use applications::*;
pub use list::*;
pub use merchant::*;
pub(crate) use names::category_zh;
pub use names::{MapPoint, MerchantKind, TradeCategory};
pub use near::*;
pub use pause::*;
pub use shops::*;

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::body::filled;

/// Why something is ended.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "商家停业"}))]
pub struct ReasonIn {
    /// Why; kept in the audit log.
    #[validate(length(min = 1, max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    pub(crate) reason: String,
}
