//! Roles in bodies: their names, described from the one list in `domain`.

use domain::actor::Role;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// How a role is described: a string, one of the names.
pub fn schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Role::ALL.iter().map(|role| role.as_str())))
        .examples([Role::PanelMember.as_str()])
        .build()
}
