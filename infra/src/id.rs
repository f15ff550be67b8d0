//! New identifiers: UUIDv7, so that newer rows lie at the end of an index.

/// A new id of any type.
pub fn new<T: From<uuid::Uuid>>() -> T {
    uuid::Uuid::now_v7().into()
}
