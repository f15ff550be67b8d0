//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    balances, divisions, grids, holidays, households, kin, roster, rule_books, sessions, villagers,
    villages,
};

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
        // Places
        .service(divisions::division_list)
        .service(divisions::division_import)
        .service(holidays::holiday_import)
        .service(villages::village_show)
        .service(grids::grid_create)
        .service(grids::grid_list)
        .service(grids::household_grid_set)
        // The roster
        .service(roster::roster_import)
        .service(households::household_list)
        .service(households::household_show)
        .service(villagers::villager_update)
        .service(kin::kin_create)
        .service(kin::kin_list)
        .service(kin::kin_delete)
        // Rule books
        .service(rule_books::rule_book_preset_list)
        .service(rule_books::rule_book_preset_show)
        .service(rule_books::rule_book_create)
        .service(rule_books::rule_book_update)
        .service(rule_books::rule_book_adopt)
        .service(rule_books::rule_book_list)
        .service(rule_books::rule_book_show)
        .service(rule_books::rule_book_in_force);
}
