//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{balances, ratings, sessions};

/// Adds all operations of `/v1`.
pub fn all(config: &mut ServiceConfig<'_>) {
    config
        // Signing in
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_list)
        .service(sessions::session_end)
        .service(sessions::session_revoke)
        // The ledger
        .service(balances::balance_show)
        // Ratings
        .service(ratings::rating::rating_create)
        .service(ratings::rating::rating_list)
        .service(ratings::show::rating_show)
        .service(ratings::lines::rating_line_list)
        .service(ratings::decide::rating_decide)
        .service(ratings::recompute::rating_recompute_check)
        .service(ratings::household::household_rating_list);
}
