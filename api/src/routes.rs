//! Every operation of the API, as one list: it makes the routes and the OpenAPI document.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;

use crate::{
    agreements, audit, balances, bindings, cards, claims, clerks, content_checks, deliveries, demo,
    divisions, duties, eligibility, explanations, funds, goods, grids, holidays, households,
    invitations, kin, ledger, lists, me, merchant_statements, merchants, messages, notices,
    objections, payment_codes, payouts, photos, points, purchases, ratings, redemptions, reports,
    role_grants, roster, rule_books, rule_layers, scans, sessions, settlements, signals,
    star_proofs, statements, stores, subscriptions, villagers, villages, wechat_push,
};

/// What takes in operations one by one.
pub trait Routes {
    /// Takes in an operation.
    fn service(
        &mut self,
        operation: impl HttpServiceFactory + OpenApiFactory + 'static,
    ) -> &mut Self;
}

/// A server answers them. The document is not its matter: describing everything takes longer than
/// all the rest of a start, in each worker.
impl Routes for web::ServiceConfig {
    fn service(
        &mut self,
        operation: impl HttpServiceFactory + OpenApiFactory + 'static,
    ) -> &mut Self {
        Self::service(self, operation)
    }
}

/// The document describes them.
impl Routes for utoipa_actix_web::service_config::ServiceConfig<'_> {
    fn service(
        &mut self,
        operation: impl HttpServiceFactory + OpenApiFactory + 'static,
    ) -> &mut Self {
        Self::service(self, operation)
    }
}

/// Adds all operations of `/v1`.
pub fn all(config: &mut impl Routes) {
    config
        // What a queue at a shop waits for: the router tries one operation after the other.
        .service(balances::balance_show)
        .service(scans::scan_create)
        .service(purchases::purchase_create)
        .service(payment_codes::payment_code_show)
        .service(redemptions::redemption_create)
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
        // Dividend, awards, lists of who fits, proofs of a star
        .service(payouts::draft::dividend_create)
        .service(payouts::draft::year_end_awards_create)
        .service(payouts::out::payout_list)
        .service(payouts::out::payout_show)
        .service(payouts::lines::payout_line_list)
        .service(payouts::check::payout_recompute_check)
        .service(payouts::file::payout_export)
        .service(payouts::steps::payout_vote)
        .service(payouts::steps::payout_publish)
        .service(payouts::steps::payout_withdraw)
        .service(payouts::steps::payout_pay)
        .service(payouts::lines::payout_hand_out)
        .service(payouts::lines::payout_handover_reverse)
        .service(payouts::household::household_payout_list)
        .service(eligibility::lists::eligibility_list_create)
        .service(eligibility::lists::eligibility_list_list)
        .service(eligibility::lists::eligibility_entry_list)
        .service(eligibility::lists::eligibility_list_end)
        .service(eligibility::own::eligibility_explain)
        .service(eligibility::own::unlisting_set)
        .service(eligibility::own::unlisting_end)
        .service(star_proofs::star_proof_create)
        .service(star_proofs::star_proof_list)
        .service(star_proofs::star_proof_revoke)
        .service(star_proofs::star_proof_reading_list)
        .service(star_proofs::star_proof_read)
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
        // Honor and warning lists
        .service(lists::change::list_entry_propose)
        .service(lists::change::list_entry_decide)
        .service(lists::change::list_entry_consent)
        .service(lists::change::list_entry_ask_removal)
        .service(lists::change::list_entry_answer)
        .service(lists::change::list_entry_take_down)
        .service(lists::show::list_entry_list)
        .service(lists::show::list_entry_show)
        .service(lists::show::honor_list)
        .service(lists::show::warning_list)
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
        // The fund
        .service(funds::coverage::fund_coverage_show)
        .service(funds::brakes::fund_brake_show)
        .service(funds::brakes::fund_brake_update)
        .service(funds::brakes::fund_brake_confirm)
        .service(funds::accounts::fund_account_create)
        .service(funds::accounts::fund_account_close)
        .service(funds::accounts::fund_account_list)
        .service(funds::accounts::fund_entry_list)
        .service(funds::vouchers::fund_voucher_create)
        .service(funds::vouchers::fund_voucher_decide)
        .service(funds::vouchers::fund_voucher_correct)
        .service(funds::vouchers::fund_voucher_withdraw)
        .service(funds::voucher_book::fund_voucher_list)
        .service(funds::voucher_book::fund_voucher_show)
        .service(funds::statements::fund_statement_create)
        .service(funds::statements::fund_statement_publish)
        .service(funds::statements::fund_statement_discard)
        .service(funds::statements::fund_statement_list)
        .service(funds::statements::fund_statement_show)
        .service(funds::statements::fund_statement_export)
        // Shops
        .service(merchants::merchant_create)
        .service(merchants::merchant_show)
        .service(merchants::merchant_close)
        .service(merchants::merchant_list)
        .service(merchants::merchant_candidate_list)
        .service(clerks::clerk_invite)
        .service(clerks::clerk_list)
        .service(clerks::clerk_assign)
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
        .service(merchant_statements::merchant_statement_show)
        // Statements, settlement and signals
        .service(settlements::list::merchant_settlement_list)
        .service(settlements::list::settlement_list)
        .service(settlements::decide::settlement_close_month)
        .service(settlements::check::settlement_check)
        .service(settlements::list::settlement_show)
        .service(settlements::list::settlement_line_list)
        .service(settlements::file::settlement_export)
        .service(settlements::check::settlement_reckon)
        .service(settlements::decide::settlement_decide)
        .service(settlements::dispute::settlement_dispute)
        .service(settlements::dispute::settlement_answer)
        .service(settlements::decide::settlement_pay)
        .service(settlements::decide::settlement_close)
        .service(settlements::dispute::settlement_agree)
        .service(settlements::cure::settlement_propose)
        .service(settlements::cure::settlement_proposal_decide)
        .service(signals::purchase_signal_list)
        .service(signals::division_purchase_signal_list)
        .service(signals::purchase_signal_find)
        .service(signals::signal_lines_show)
        .service(signals::signal_lines_set)
        // The points store
        .service(stores::store_create)
        .service(stores::store_list)
        .service(stores::store_show)
        .service(stores::store_update)
        .service(stores::store_close)
        .service(goods::goods_create)
        .service(goods::goods_list)
        .service(goods::goods_heading_list)
        .service(goods::goods_show)
        .service(goods::goods_update)
        .service(goods::goods_withdraw)
        .service(goods::slot_create)
        .service(goods::slot_list)
        .service(goods::slot_close)
        .service(goods::stock_entry_create)
        .service(goods::stock_entry_list)
        .service(redemptions::household_redemption_list)
        .service(redemptions::redemption_show)
        .service(redemptions::redemption_cancel)
        .service(redemptions::pickup_look_up)
        .service(redemptions::pickup_create)
        .service(redemptions::card_redemption_create)
        .service(redemptions::store_redemption_list)
        .service(redemptions::redemption_refund)
        // The alliance
        .service(merchants::merchant_pause)
        .service(merchants::merchant_resume)
        .service(merchants::shop_create)
        .service(merchants::shop_list)
        .service(merchants::shop_update)
        .service(merchants::shop_close)
        .service(agreements::common_agreement_create)
        .service(merchants::merchant_application_create)
        .service(merchants::merchant_application_mine_list)
        .service(merchants::merchant_application_withdraw)
        .service(merchants::merchant_application_list)
        .service(merchants::merchant_application_decide)
        .service(merchants::shop_near_list)
        .service(merchants::shop_photo_add)
        .service(merchants::shop_photo_remove)
        .service(merchants::merchant_update);
}
