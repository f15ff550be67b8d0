//! Rule books as TOML, in the form of the presets: one line a value, one table an item.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::parse_toml;
pub use write::to_toml;

/// The largest TOML file, in bytes: a book of 1,000 items with every text as long as allowed.
pub const TOML_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The most commas and line feeds, one of which follows every value: a book of 1,000 items has about
/// 50,000. So a file of nothing but small values does not fill the memory.
const SEPARATORS_MAX: usize = 200_000;
