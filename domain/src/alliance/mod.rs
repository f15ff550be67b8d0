//! The merchant alliance (商家联盟): who asks to join, which merchants and shops there are, when they
//! pause, and which of them lie near a villager. What they take off a price is in
//! [`discount`](crate::discount).
//!
//! Everything that a villager reads of a merchant was written or approved by the division that
//! registered it. The merchant itself says when it pauses and who stands at which till.

mod application;
mod merchant;
mod nearby;
mod pause;
mod shop;

pub use application::{Answer, Application, ApplicationState, OPEN_MAX, may_apply};
pub use merchant::{Kind, MerchantFacts, PARTNERS_MAX, may_partner, serves};
pub use nearby::{DISTANCE_MAX, Mark, Nearby, page};
pub use pause::{Pause, PausedBy, Standing};
pub use shop::{AtSale, PHOTOS_MAX, Stand, Stands, close_shop, may_show_photos, shop_for};
