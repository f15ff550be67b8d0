//! What a points store offers: goods, services with their slots, and the store's own ledger.

mod item;
mod list;
mod slots;
mod stock;

pub use item::*;
pub use list::*;
pub use slots::*;
pub use stock::*;
