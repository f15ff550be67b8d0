//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agreements, audit, balances, bindings, cards, claims, clerks, content_checks, demo, divisions,
    duties, explanations, grids, holidays, households, invitations, kin, ledger, me,
    merchant_statements, merchants, messages, notices, objections, payment_codes, photos, points,
    purchases, ratings, reports, role_grants, roster, rule_books, rule_layers, scans, sessions,
    statements, villagers, villages, wechat_push,
    agreements, audit, balances, bindings, cards, claims, clerks, content_checks, deliveries, demo,
    divisions, duties, explanations, grids, holidays, households, invitations, kin, ledger, me,
    merchant_statements, merchants, messages, notices, objections, payment_codes, photos, points,
    purchases, ratings, role_grants, roster, rule_books, rule_layers, scans, sessions, statements,
    subscriptions, villagers, villages, wechat_push,
};

/// Adds all operations of `/v1`.
pub fn all(config: &mut ServiceConfig<'_>) {
    config
        // What a queue at a shop waits for: the router tries one operation after the other.
        .service(balances::balance_show)
        .service(scans::scan_create)
        .service(purchases::purchase_create)
        .service(payment_codes::payment_code_show)
        .service(reports::near::report_nearby)
        .service(reports::feed::good_deed_feed)
        // The demo
        .service(demo::demo_clock_show)
        .service(demo::demo_clock_advance)
        // Signing in
        .service(sessions::session_create)
        .service(sessions::session_refresh)
        .service(sessions::session_list)
        .service(sessions::session_end)
        .service(sessions::session_revoke)
        // Claims and their evidence
        .service(claims::declare::claim_create)
        .service(claims::list::claim_list)
        .service(claims::show::claim_show)
        .service(claims::activity::activity_claim_create)
        .service(claims::deduct::deduction_create)
        .service(claims::deduct::claim_cure)
        .service(claims::deduct::claim_repair)
        .service(claims::review::claim_decide)
        .service(claims::review::claim_recuse)
        .service(claims::change::claim_resubmit)
        .service(claims::change::claim_withdraw)
        .service(photos::photo_upload)
        .service(photos::photo_show)
        .service(photos::photo_file_show)
        // Duty posts and pledges
        .service(duties::posts::duty_post_create)
        .service(duties::posts::duty_post_list)
        .service(duties::posts::duty_post_close)
        .service(duties::posts::duty_assign)
        .service(duties::pledges::pledge_create)
        .service(duties::pledges::pledge_confirm)
        .service(duties::list::duty_list)
        .service(duties::list::duty_end)
        // What others see
        .service(content_checks::content_check_list)
        .service(content_checks::content_check_decide)
        .service(wechat_push::wechat_push_verify)
        .service(wechat_push::wechat_push_receive)
        // Snapshot reports
        .service(reports::send::report_create)
        .service(reports::list::report_list)
        .service(reports::list::report_mine_list)
        .service(reports::desk::report_triage)
        .service(reports::desk::report_dispatch)
        .service(reports::field::report_resolve)
        .service(reports::own::report_confirm)
        .service(reports::own::report_reopen)
        .service(reports::own::report_urge)
        .service(reports::desk::report_strike)
        .service(reports::own::report_withdraw)
        .service(reports::comments::report_comment_create)
        .service(reports::comments::report_comment_list)
        .service(reports::look::report_reporter_show)
        .service(reports::points::report_claim_create)
        .service(reports::points::report_deduction_create)
        .service(reports::showing::report_consent_answer)
        .service(reports::categories::report_category_list)
        .service(reports::categories::report_category_update)
        .service(reports::show::report_show)
        // Who somebody is
        .service(me::me_show)
        .service(bindings::binding_create)
        .service(bindings::binding_request_list)
        .service(bindings::binding_request_decide)
        .service(bindings::binding_end)
        .service(invitations::invitation_create)
        .service(role_grants::role_grant_create)
        .service(role_grants::role_grant_list)
        .service(role_grants::role_grant_end)
        .service(messages::message_list)
        .service(messages::message_read)
        .service(subscriptions::subscription_list)
        .service(subscriptions::subscription_grant_create)
        .service(deliveries::delivery_list)
        .service(deliveries::delivery_retry)
        .service(audit::audit_list)
        // Ratings
        .service(ratings::rating::rating_create)
        .service(ratings::rating::rating_list)
        .service(ratings::show::rating_show)
        .service(ratings::lines::rating_line_list)
        .service(ratings::decide::rating_decide)
        .service(ratings::recompute::rating_recompute_check)
        .service(ratings::household::household_rating_list)
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
        .service(points::points_show)
        .service(explanations::score_explain)
        .service(ledger::ledger_check)
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
        .service(rule_books::rule_book_preset_export)
        .service(rule_books::rule_book_create)
        .service(rule_books::rule_book_import)
        .service(rule_books::rule_book_update)
        .service(rule_books::rule_book_adopt)
        .service(rule_books::rule_book_list)
        .service(rule_books::rule_book_show)
        .service(rule_books::rule_book_export)
        .service(rule_books::rule_book_in_force)
        .service(rule_books::simulation::rule_book_simulate)
        .service(rule_layers::rule_layer_create)
        .service(rule_layers::rule_layer_update)
        .service(rule_layers::rule_layer_issue)
        .service(rule_layers::rule_layer_list)
        .service(rule_layers::rule_layer_show)
        // Shops
        .service(merchants::merchant_create)
        .service(merchants::merchant_show)
        .service(merchants::merchant_close)
        .service(merchants::merchant_list)
        .service(merchants::merchant_candidate_list)
        .service(clerks::clerk_invite)
        .service(clerks::clerk_list)
        .service(clerks::clerk_dismiss)
        .service(agreements::agreement_create)
        .service(agreements::agreement_list)
        .service(agreements::agreement_end)
        .service(cards::card_issue)
        .service(cards::card_list)
        .service(cards::card_block)
        .service(purchases::purchase_list)
        .service(purchases::purchase_show)
        .service(purchases::purchase_refund)
        .service(purchases::purchase_confirm)
        .service(purchases::household_purchase_list)
        .service(merchant_statements::merchant_statement_show);
}
