//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agreements, cards, clerks, merchant_statements, merchants, payment_codes, purchases, scans,
};
use crate::{balances, sessions};

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
        // Shops
        .service(merchants::merchant_create)
        .service(merchants::merchant_show)
        .service(merchants::merchant_close)
        .service(merchants::merchant_list)
        .service(clerks::clerk_invite)
        .service(clerks::clerk_list)
        .service(clerks::clerk_dismiss)
        .service(agreements::agreement_create)
        .service(agreements::agreement_list)
        .service(agreements::agreement_end)
        .service(payment_codes::payment_code_show)
        .service(cards::card_issue)
        .service(cards::card_list)
        .service(cards::card_block)
        .service(scans::scan_create)
        .service(purchases::purchase_create)
        .service(purchases::purchase_list)
        .service(purchases::purchase_show)
        .service(purchases::purchase_refund)
        .service(purchases::purchase_confirm)
        .service(purchases::household_purchase_list)
        .service(merchant_statements::merchant_statement_show);
}
