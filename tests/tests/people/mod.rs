//! Who somebody is: binding, invitations, roles, messages, the audit log, reading with a reason.

mod binding;
mod binding_requests;
mod invitations;
mod messages;
mod reading;
mod role_grants;
mod unbinding;
