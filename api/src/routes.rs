//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{balances, ledger, notices, objections, sessions, statements};

/// Adds all operations of `/v1`.
pub fn all(config: &mut ServiceConfig<'_>) {
    config
        // Signing in
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_list)
        .service(sessions::session_end)
        .service(sessions::session_revoke)
        // Notices, objections, appeals
        .service(notices::notice_create)
        .service(notices::notice_list)
        .service(notices::notice_show)
        .service(notices::notice_line_list)
        .service(objections::objection_create)
        .service(objections::appeal_create)
        .service(objections::objection_list)
        .service(objections::objection_mine_list)
        .service(objections::objection_show)
        .service(objections::objection_answer)
        // The ledger
        .service(statements::statement_list)
        .service(statements::score_show)
        .service(ledger::ledger_check)
        .service(balances::balance_show);
}
