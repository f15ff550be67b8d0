//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{balances, demo, sessions};

/// Adds all operations of `/v1`.
pub fn all(config: &mut ServiceConfig<'_>) {
    config
        // The demo
        .service(demo::demo_clock_show)
        .service(demo::demo_clock_advance)
        // Signing in
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_list)
        .service(sessions::session_end)
        .service(sessions::session_revoke)
        // The ledger
        .service(balances::balance_show);
}
