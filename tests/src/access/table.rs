//! One row for each operation: what a right request brings, with the least it needs. Parameters of
//! the path are filled in by their names (`{claim_id}` by the shelf's `claim`); the placeholders are
//! listed in `shelf.rs`. An operation has several rows where who may depends on more than the target.

use super::fixture::{Fixture, on};

/// A PNG of one pixel.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\
    \x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0aIDATx\x9cc\x60\x00\x00\x00\x02\x00\x01\
    \x48\xaf\xa4\x71\x00\x00\x00\x00IEND\xaeB\x60\x82";
/// A roster of one line, which comes on top of what is there.
const ROSTER: &[u8] = "户号,姓名,与户主关系\n901,钱多多,户主\n".as_bytes();
/// A rule book as a file.
const RULE_BOOK: &[u8] = include_bytes!("../../../domain/presets/shuicheng.toml");
/// The county of the demo, by its name.
const OWN_COUNTY: &[u8] = "code,name\n520204,水城区\n".as_bytes();
/// A county that nobody of the demo has to do with.
const OTHER_COUNTY: &[u8] = "code,name\n110101,东城区\n".as_bytes();

/// A push of WeChat that says nothing, sealed for the mini-program of the tests.
const PUSH: &str = r#"{"Encrypt": "uMMzGtqcnpOzXOYBwDQNrQ0K9qRq2mW2clS1IQB1JxuBdcp8AsGoPN7uZkB9klDF+juVziokhpLh+tX/VJzzMQ=="}"#;
const PUSH_QUERY: &str = "?timestamp=1714112445&nonce=415670741\
    &msg_signature=8fb93a043f1530794ba2a145981e01d71c79bba0";

/// Every operation, in the order of `routes.rs`.
pub const FIXTURES: &[Fixture] = &[
    // The demo. A second, so that no sign-in ends on the way.
    on("demo_clock_show"),
    on("demo_clock_advance").json(r#"{"seconds": 1}"#),
    // Signing in
    on("session_create").json(r#"{"code": "{login_code}", "client": "walk"}"#),
    on("session_refresh").json(r#"{"refresh_token": "{refresh_token}"}"#),
    on("session_list"),
    on("session_end"),
    on("session_revoke"),
    // Claims and their evidence
    on("claim_create").json(
        r#"{"person_id": "{villager}", "item_code": "{item}", "quantity": 1,
            "happened_on": "{yesterday}", "evidence_ids": ["{own_photo}"]}"#,
    ),
    on("claim_create").case("by proxy").json(
        r#"{"person_id": "{villager}", "item_code": "{item}", "quantity": 1,
            "happened_on": "{yesterday}", "evidence_ids": ["{own_photo}"],
            "proxy": {"consented_by": "路人", "consented_how": "当面", "consented_on": "{today}"}}"#,
    ),
    on("claim_list"),
    on("claim_list").case("of a household").query("?household_id={household}"),
    on("claim_list").case("queue").query("?queue=mine"),
    on("claim_show"),
    on("activity_claim_create").json(
        r#"{"title": "清扫", "person_ids": ["{villager}"], "item_code": "ENV-2",
            "happened_on": "{yesterday}"}"#,
    ),
    on("deduction_create").json(
        r#"{"person_id": "{villager}", "item_code": "ENV-9", "happened_on": "{yesterday}",
            "evidence_ids": ["{own_photo}"]}"#,
    ),
    on("claim_cure").path(&[("claim_id", "deduction")]).json(r#"{"reason": "已清理"}"#),
    on("claim_decide").case("panel").json(r#"{"decision": "approve"}"#),
    on("claim_decide")
        .case("recheck")
        .path(&[("claim_id", "rechecked_claim")])
        .json(r#"{"decision": "approve"}"#),
    on("claim_repair").path(&[("claim_id", "deduction")]).json(r#"{"reason": "已整改"}"#),
    on("claim_recuse").path(&[("claim_id", "recused_claim")]).json(r#"{"reason": "有纠纷"}"#),
    on("claim_resubmit")
        .case("another's")
        .path(&[("claim_id", "returned_claim")])
        .json(r#"{"text": "补充"}"#),
    on("claim_resubmit")
        .case("one's own")
        .path(&[("claim_id", "own_returned_claim")])
        .json(r#"{"text": "补充"}"#),
    on("claim_withdraw").case("another's"),
    on("claim_withdraw").case("one's own").path(&[("claim_id", "own_claim")]),
    on("photo_upload").file("a.png", PHOTO),
    on("photo_show").case("of a claim"),
    on("photo_show").case("one's own").path(&[("photo_id", "own_photo")]),
    on("photo_file_show"),
    // Duty posts and pledges. The item is none of duty posts, which the domain says after the policy.
    on("duty_post_create").json(
        r#"{"name": "环境卫生岗", "description": "巡查路段", "item_codes": ["{item}"]}"#,
    ),
    on("duty_post_list"),
    on("duty_post_close")
        .path(&[("duty_post_id", "closing_post")])
        .json(r#"{"reason": "不再需要"}"#),
    on("duty_assign").json(
        r#"{"person_id": "{kin}", "consent": {"consented_by": "路人", "consented_how": "当面",
            "consented_on": "{today}"}}"#,
    ),
    on("pledge_create").case("one's own").json(
        r#"{"person_id": "{oneself}", "colour": "blue", "period": "2099", "text": "守约"}"#,
    ),
    on("pledge_create").case("of one who agreed").json(
        r#"{"person_id": "{villager}", "colour": "blue", "period": "2099", "text": "守约",
            "consent": {"consented_by": "路人", "consented_how": "当面",
            "consented_on": "{today}"}}"#,
    ),
    on("pledge_confirm").json(r#"{"outcome": "kept"}"#),
    on("duty_list"),
    on("duty_list").case("of a household").query("?household_id={household}"),
    on("duty_end").case("another's").json(r#"{"reason": "外出务工"}"#),
    on("duty_end").case("one's own").path(&[("duty_id", "own_duty")]).json(r#"{}"#),
    // Snapshot reports. Who resolves or sends one has no photos here, which is said after the policy.
    on("report_create").json(
        r#"{"kind": "nuisance", "category": "garbage", "place": "村口", "text": "看到",
            "spot": {"latitude_e6": 26541234, "longitude_e6": 104712345},
            "photo_ids": ["{village}"]}"#,
    ),
    on("report_nearby")
        .query("?kind=nuisance&category=garbage&latitude_e6=26541234&longitude_e6=104712345"),
    on("report_list"),
    on("report_mine_list"),
    on("report_show").case("in hand"),
    on("report_show").case("one's own").path(&[("report_id", "own_report")]),
    on("report_triage")
        .path(&[("report_id", "submitted_report")])
        .json(r#"{"decision": "accept"}"#),
    on("report_dispatch").json(r#"{"worker_id": "{villager}", "working_days": 3}"#),
    on("report_resolve").json(r#"{"text": "已清理", "photo_ids": ["{village}"]}"#),
    on("report_confirm").path(&[("report_id", "own_report")]).json("{}"),
    on("report_reopen").path(&[("report_id", "own_report")]).json(r#"{"reason": "没清完"}"#),
    on("report_urge").path(&[("report_id", "own_report")]).json("{}"),
    on("report_withdraw").path(&[("report_id", "own_report")]).json("{}"),
    on("report_comment_create").json(r#"{"text": "已联系户主"}"#),
    on("report_comment_list").case("in hand"),
    on("report_comment_list").case("one's own").path(&[("report_id", "own_report")]),
    on("report_reporter_show").json(r#"{"reason": "了解情况"}"#),
    on("report_claim_create").path(&[("report_id", "good_deed")]).json(
        r#"{"item_code": "NEI-1", "happened_on": "{yesterday}",
            "proxy": {"consented_by": "路人", "consented_how": "当面", "consented_on": "{today}"}}"#,
    ),
    on("report_deduction_create").json(
        r#"{"person_id": "{villager}", "item_code": "ENV-9", "happened_on": "{yesterday}"}"#,
    ),
    on("report_consent_answer")
        .path(&[("report_id", "good_deed")])
        .json(r#"{"agrees": true, "person_id": "{villager}"}"#),
    on("good_deed_feed"),
    on("report_category_list"),
    on("report_category_update").json(
        r#"{"categories": [{"kind": "good_deed", "code": "help", "name": "助人为乐"},
            {"kind": "nuisance", "code": "garbage", "name": "乱倒垃圾"}]}"#,
    ),
    on("report_strike").json(r#"{"reason": "已清运"}"#),
    // What others see
    on("content_check_list"),
    on("content_check_decide").json(r#"{"verdict": "release", "reason": "没有问题"}"#),
    // WeChat's own example, with the token that it has.
    on("wechat_push_verify").query(
        "?signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492\
         &echostr=1",
    ),
    on("wechat_push_receive").query(PUSH_QUERY).json(PUSH),
    // Who somebody is
    on("me_show"),
    // Of nobody, so that all stay who they are.
    on("binding_create")
        .json(r#"{"method": "name", "name": "查无此人", "id_last_six": "123456"}"#),
    on("binding_request_list"),
    on("binding_request_decide")
        .path(&[("request_id", "binding_request")])
        .json(r#"{"accept": "{villager}"}"#),
    on("binding_end").json(r#"{"reason": "认错了人"}"#),
    on("invitation_create").json(r#"{"villager_id": "{villager}"}"#),
    on("role_grant_create")
        .case("collector")
        .json(r#"{"role": "collector", "user_id": "{user}", "reason": "村里推选"}"#),
    on("role_grant_create")
        .case("village_admin")
        .json(r#"{"role": "village_admin", "user_id": "{user}", "reason": "乡里任命"}"#),
    on("role_grant_create")
        .case("town_officer")
        .path(&[("division_id", "town")])
        .json(r#"{"role": "town_officer", "user_id": "{user}", "reason": "区里任命"}"#),
    on("role_grant_create")
        .case("supervisor of a village")
        .json(r#"{"role": "supervisor", "user_id": "{user}", "reason": "纪委派驻"}"#),
    on("role_grant_create")
        .case("county_operator")
        .path(&[("division_id", "county")])
        .json(r#"{"role": "county_operator", "user_id": "{user}", "reason": "区里任命"}"#),
    on("role_grant_list"),
    on("role_grant_list").case("of a town").path(&[("division_id", "town")]),
    on("role_grant_list").case("of a county").path(&[("division_id", "county")]),
    on("role_grant_end")
        .case("collector")
        .path(&[("grant_id", "role_grant")])
        .json(r#"{"reason": "任期已满"}"#),
    on("role_grant_end")
        .case("supervisor of a county")
        .path(&[("division_id", "county"), ("grant_id", "supervisor_grant")])
        .json(r#"{"reason": "任期已满"}"#),
    on("message_list"),
    on("message_read"),
    on("subscription_list"),
    on("subscription_grant_create")
        .json(r#"{"answers": [{"template_id": "demo-rating", "answer": "reject"}]}"#),
    on("delivery_list"),
    on("delivery_list").case("of a county").path(&[("division_id", "county")]),
    on("delivery_retry"),
    on("audit_list"),
    // The ledger
    on("balance_show"),
    // Honor and warning lists
    on("list_entry_propose").json(r#"{"list": "honor", "claim_id": "{posted_claim}"}"#),
    on("list_entry_decide")
        .path(&[("list_entry_id", "list_proposal")])
        .json(r#"{"decision": "approve"}"#),
    on("list_entry_consent").json(r#"{"agreed": true, "how": "当面"}"#),
    on("list_entry_ask_removal").json(r#"{"text": "不想公开", "how": "当面"}"#),
    on("list_entry_answer")
        .path(&[("list_entry_id", "wished_entry")])
        .json(r#"{"outcome": "removed", "text": "已撤下"}"#),
    on("list_entry_take_down")
        .path(&[("list_entry_id", "list_proposal")])
        .json(r#"{"reason": "登记有误"}"#),
    on("list_entry_list").query("?state=proposed"),
    on("list_entry_show"),
    on("honor_list"),
    on("warning_list"),
    // Ratings
    on("rating_create").json(r#"{"cycle": "{last_quarter}"}"#),
    on("rating_list"),
    on("rating_show"),
    on("rating_line_list"),
    on("rating_decide").case("panel").json(r#"{"decision": "approve"}"#),
    on("rating_decide")
        .case("recheck")
        .path(&[("rating_id", "rechecked_rating")])
        .json(r#"{"decision": "approve"}"#),
    on("rating_recompute_check"),
    on("household_rating_list"),
    // Dividend, awards, lists of who fits, proofs of a star
    on("dividend_create").json(
        r#"{"title": "分红", "from": "{yesterday}", "until": "{yesterday}", "pool_fen": 500,
            "paid_in": "fen", "deductions": "ignored"}"#,
    ),
    on("year_end_awards_create").json(
        r#"{"title": "表彰", "from": "{yesterday}", "until": "{yesterday}", "ranked_by": "points",
            "prizes": [{"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 500}]}"#,
    ),
    on("payout_list"),
    on("payout_show"),
    on("payout_line_list"),
    on("payout_recompute_check"),
    on("payout_export").path(&[("payout_id", "effective_payout")]),
    on("payout_vote").json(
        r#"{"held_on": "{today}", "present": 4, "votes_for": 4, "votes_against": 0}"#,
    ),
    on("payout_publish").path(&[("payout_id", "voted_payout")]).json(r#"{"days": 3}"#),
    on("payout_withdraw").path(&[("payout_id", "voted_payout")]).json(r#"{"reason": "有误"}"#),
    on("payout_pay")
        .path(&[("payout_id", "effective_payout")])
        .json(r#"{"fund_account_id": "{paying_account}", "document": "支1"}"#),
    on("payout_hand_out")
        .path(&[("payout_id", "paid_payout"), ("account_id", "account")])
        .json(r#"{"how": "cash", "received_by": "路人", "note": "代领"}"#),
    on("payout_handover_reverse")
        .path(&[("payout_id", "handed_payout"), ("account_id", "account")])
        .json(r#"{"reason": "登记错户"}"#),
    on("household_payout_list"),
    on("eligibility_list_create").json(
        r#"{"purpose": "title", "title": "最美家庭",
            "conditions": {"stars": {"min": 4, "ratings": 1}}}"#,
    ),
    on("eligibility_list_list"),
    on("eligibility_entry_list"),
    on("eligibility_list_end").path(&[("eligibility_list_id", "ending_list")]),
    on("eligibility_explain"),
    on("unlisting_set"),
    on("unlisting_end"),
    on("star_proof_create").json(r#"{"purpose": "贷款", "shows": "star", "days": 7}"#),
    on("star_proof_list"),
    on("star_proof_revoke"),
    on("star_proof_reading_list"),
    on("star_proof_read").json(r#"{"token": "{star_token}", "reader": "柜台"}"#),
    // Notices, objections, appeals
    on("notice_create"),
    on("notice_list"),
    on("notice_show"),
    on("notice_line_list"),
    on("objection_create").json(r#"{"claim_id": "{noticed_claim}", "text": "不实"}"#),
    on("appeal_create").json(r#"{"claim_id": "{posted_claim}", "text": "少算了一小时"}"#),
    on("objection_list"),
    on("objection_mine_list"),
    on("objection_show").case("another's"),
    on("objection_show").case("one's own").path(&[("objection_id", "own_objection")]),
    // Nobody answers their own: tests/tests/objections.rs.
    on("objection_answer").json(r#"{"outcome": "upheld", "text": "情况属实"}"#),
    // The ledger
    on("statement_list"),
    on("score_show"),
    on("points_show"),
    on("score_explain"),
    on("ledger_check"),
    // Places
    on("division_list"),
    on("division_import").case("own county").file("a.csv", OWN_COUNTY),
    on("division_import").case("other county").file("a.csv", OTHER_COUNTY),
    on("holiday_import").json(r#"{"days": [{"day": "2031-10-01", "kind": "holiday"}]}"#),
    on("village_show"),
    on("grid_create").json(r#"{"name": "新网格", "level": "micro", "parent_id": "{grid}"}"#),
    on("grid_list"),
    on("household_grid_set").json(r#"{"grid_id": "{grid}"}"#),
    // The roster
    on("roster_import").case("dry run").query("?dry_run=true").file("a.csv", ROSTER),
    on("roster_import").case("done").query("?dry_run=false").file("a.csv", ROSTER),
    on("household_list"),
    on("household_show"),
    on("villager_update").json(r#"{"residence": "resident", "tracks": [], "reason": "核对"}"#),
    on("kin_create").json(r#"{"kin_id": "{kin}", "relation": "sibling"}"#),
    on("kin_list"),
    on("kin_delete").path(&[("kin_id", "declared_kin")]),
    // Rule books
    on("rule_book_preset_list"),
    on("rule_book_preset_show"),
    on("rule_book_preset_export").query("?format=xlsx"),
    on("rule_book_create").json(r#"{"preset": "{name}"}"#),
    on("rule_book_import").case("dry run").query("?dry_run=true").file("a.toml", RULE_BOOK),
    on("rule_book_import").case("done").file("a.toml", RULE_BOOK),
    on("rule_book_update").json(r#"{"book": {preset_book}}"#),
    // Of a day that is far away, so that the book in force stays.
    on("rule_book_adopt").json(
        r#"{"held_on": "{yesterday}", "present": 40, "votes_for": 38, "votes_against": 1,
            "in_force_from": "2099-01-01"}"#,
    ),
    on("rule_book_list"),
    on("rule_book_show").case("draft"),
    on("rule_book_show").case("adopted").path(&[("rule_book_id", "adopted_rule_book")]),
    on("rule_book_export").case("draft").query("?format=toml"),
    on("rule_book_export")
        .case("adopted")
        .query("?format=xlsx")
        .path(&[("rule_book_id", "adopted_rule_book")]),
    on("rule_book_in_force"),
    on("rule_book_simulate").query("?cycle=2000-Q1"),
    on("rule_layer_create")
        .case("of a town")
        .path(&[("division_id", "town")])
        .json(r#"{"layer": {"name": "手册"}}"#),
    on("rule_layer_create")
        .case("of a county")
        .path(&[("division_id", "county")])
        .json(r#"{"layer": {"name": "框架"}}"#),
    on("rule_layer_update")
        .case("of a town")
        .path(&[("division_id", "town"), ("rule_layer_id", "town_rule_layer")])
        .json(r#"{"layer": {"name": "手册"}}"#),
    on("rule_layer_update")
        .case("of a county")
        .path(&[("division_id", "county")])
        .json(r#"{"layer": {"name": "框架"}}"#),
    on("rule_layer_issue")
        .case("of a county, dry run")
        .path(&[("division_id", "county")])
        .query("?dry_run=true")
        .json(
            r#"{"number": "〔2026〕1号", "issued_on": "{yesterday}", "in_force_from": "2099-01-01"}"#,
        ),
    on("rule_layer_issue")
        .case("of a town")
        .path(&[("division_id", "town"), ("rule_layer_id", "town_rule_layer")])
        .json(
            r#"{"number": "〔2026〕1号", "issued_on": "{yesterday}", "in_force_from": "2099-01-01"}"#,
        ),
    on("rule_layer_list").path(&[("division_id", "county")]),
    on("rule_layer_show").case("draft").path(&[("division_id", "county")]),
    on("rule_layer_show")
        .case("issued")
        .path(&[("division_id", "county"), ("rule_layer_id", "issued_rule_layer")]),
    // The fund
    on("fund_coverage_show"),
    on("fund_brake_show"),
    on("fund_brake_update").json(
        r#"{"warn_below_bp": 0, "brake_below_bp": 0, "issued_bp": 5000, "notice_days": 7}"#,
    ),
    on("fund_brake_confirm").json(r#"{"policy_id": "{brake_policy}"}"#),
    on("fund_account_create").json(r#"{"name": "信用基金专户"}"#),
    on("fund_account_close").path(&[("fund_account_id", "closing_fund_account")]),
    on("fund_account_list"),
    on("fund_entry_list"),
    on("fund_voucher_create").json(
        r#"{"kind": "donation", "account_id": "{fund_account}", "amount_fen": 100,
            "party": "李建国", "party_shown": "named", "purpose": "捐赠", "document": "1",
            "happened_on": "{today}"}"#,
    ),
    on("fund_voucher_decide").json(r#"{"verdict": "book"}"#),
    on("fund_voucher_correct")
        .path(&[("fund_voucher_id", "booked_voucher")])
        .json(r#"{"reason": "金额记错"}"#),
    on("fund_voucher_withdraw")
        .path(&[("fund_voucher_id", "own_fund_voucher")])
        .json(r#"{"reason": "金额记错"}"#),
    on("fund_voucher_list"),
    on("fund_voucher_show"),
    on("fund_statement_create").json(r#"{"period": "2019"}"#),
    on("fund_statement_publish")
        .path(&[("fund_statement_id", "drawn_statement")])
        .json(r#"{"days": 3}"#),
    on("fund_statement_discard").path(&[("fund_statement_id", "thrown_statement")]),
    on("fund_statement_list"),
    on("fund_statement_show"),
    on("fund_statement_export"),
    // Shops
    on("merchant_create").case("of a village").json(
        r#"{"division_id": "{village}", "name": "新店", "address": "街上", "phone": "0858-1"}"#,
    ),
    on("merchant_create").case("of a town").json(
        r#"{"division_id": "{town}", "name": "新店", "address": "街上", "phone": "0858-1"}"#,
    ),
    on("merchant_show"),
    on("merchant_update")
        .path(&[("merchant_id", "branched_merchant")])
        .json(r#"{"name": "第{branched_merchant}", "address": "街上", "phone": "0858-1"}"#),
    on("merchant_close").path(&[("merchant_id", "closing_merchant")]).json(r#"{"reason": "停业"}"#),
    on("merchant_list"),
    on("merchant_candidate_list"),
    on("clerk_invite").json(r#"{"role": "merchant_clerk"}"#),
    on("clerk_list"),
    on("clerk_assign").path(&[("user_id", "clerk")]).json("{}"),
    on("clerk_dismiss").json(r#"{"reason": "离职"}"#),
    // Of days that are far away, so that the demo's agreements stay.
    on("agreement_create").json(
        r#"{"merchant_id": "{merchant}", "from": "2090-01-01", "until": "2090-12-31",
            "bearer": "merchant_funded", "price_ceiling_fen": 200000,
            "account_daily_ceiling_fen": 20000, "merchant_daily_ceiling_fen": 500000,
            "refund_days_max": 7}"#,
    ),
    on("agreement_list"),
    on("agreement_end").json(r#"{"on": "{today}"}"#),
    on("payment_code_show"),
    on("card_issue")
        .json(r#"{"household_id": "{household}", "pin": "280415", "daily_ceiling_fen": 5000}"#),
    on("card_list"),
    on("card_list").case("of a household").query("?household_id={household}"),
    on("card_block").json(r#"{"reason": "遗失"}"#),
    on("scan_create").case("code").json(r#"{"code": "{payment_code}"}"#),
    on("scan_create").case("card").json(r#"{"card_number": "{card_number}", "pin": "{pin}"}"#),
    on("purchase_create")
        .json(r#"{"village_id": "{village}", "quote_id": "{quote}", "price_fen": 10000}"#),
    on("purchase_list"),
    on("purchase_list").case("of a past day").query("?day={yesterday}"),
    on("purchase_show").query("?village_id={village}"),
    on("purchase_refund").json(r#"{"village_id": "{village}", "reason": "退货"}"#),
    on("purchase_confirm").path(&[("purchase_id", "waiting_purchase")]),
    on("household_purchase_list"),
    on("merchant_statement_show"),
    on("merchant_statement_show").case("of a village").query("?village_id={village}"),
    // The alliance
    on("merchant_pause")
        .path(&[("merchant_id", "branched_merchant")])
        .json(r#"{"reason": "装修"}"#),
    on("merchant_resume")
        .path(&[("merchant_id", "branched_merchant")])
        .json(r#"{"reason": "装修完毕"}"#),
    on("shop_create")
        .path(&[("merchant_id", "branched_merchant")])
        .json(r#"{"name": "新门店", "address": "街上", "phone": "0858-1"}"#),
    on("shop_list"),
    on("shop_update")
        .path(&[("merchant_id", "branched_merchant")])
        .json(r#"{"name": "新名称", "address": "街上", "phone": "0858-1"}"#),
    on("shop_close")
        .path(&[("merchant_id", "branched_merchant"), ("shop_id", "closing_shop")])
        .json(r#"{"reason": "停业"}"#),
    // Of days that are far away, and other days than those of one village.
    on("common_agreement_create").case("of a village").json(
        r#"{"agreement": {"merchant_id": "{merchant}", "from": "2091-01-01", "until": "2091-12-31",
            "bearer": "merchant_funded", "price_ceiling_fen": 200000,
            "account_daily_ceiling_fen": 20000, "merchant_daily_ceiling_fen": 500000,
            "refund_days_max": 7}}"#,
    ),
    on("merchant_application_create").json(
        r#"{"merchant": {"division_id": "{village}", "name": "申请店", "address": "街上",
            "phone": "0858-1"}, "contact": "店主"}"#,
    ),
    on("merchant_application_mine_list"),
    on("merchant_application_withdraw").path(&[("application_id", "own_application")]),
    on("merchant_application_list"),
    on("merchant_application_decide").json(r#"{"decision": "refuse", "reason": "资料不全"}"#),
    on("shop_near_list").query("?latitude_e6=26541234&longitude_e6=104712345"),
    on("shop_photo_add").json(r#"{"photo_ids": ["{village}"]}"#),
    on("shop_photo_remove").path(&[("photo_id", "shop_photo")]),
    // Statements, settlement and signals
    on("merchant_settlement_list"),
    on("settlement_list"),
    // The demo's month is not over.
    on("settlement_close_month").json(r#"{"month": "{month}"}"#),
    on("settlement_check").query("?month={month}"),
    on("settlement_show"),
    on("settlement_line_list"),
    on("settlement_export"),
    on("settlement_reckon"),
    on("settlement_decide").case("approved").json(r#"{"decision": "approve"}"#),
    on("settlement_decide")
        .case("taken back")
        .path(&[("settlement_id", "approved_settlement")])
        .json(r#"{"decision": "take_back", "reason": "凭证有误"}"#),
    on("settlement_dispute").json(r#"{"text": "少算了一笔"}"#),
    on("settlement_answer")
        .path(&[("settlement_id", "disputed_settlement")])
        .json(r#"{"text": "在下月"}"#),
    // The account is empty: whoever may pay is told so.
    on("settlement_pay").path(&[("settlement_id", "approved_settlement")]).json(
        r#"{"fund_account_id": "{settling_account}", "document": "1", "paid_on": "{today}"}"#,
    ),
    on("settlement_close").path(&[("settlement_id", "paid_settlement")]),
    on("settlement_agree"),
    on("settlement_propose")
        .path(&[("settlement_id", "paid_settlement")])
        .json(r#"{"cure": "returned", "reason": "银行退汇"}"#),
    on("settlement_proposal_decide")
        .path(&[("settlement_id", "proposed_settlement")])
        .json(r#"{"decision": "refuse", "reason": "已到账"}"#),
    on("purchase_signal_list"),
    on("division_purchase_signal_list").case("of a village"),
    on("division_purchase_signal_list").case("of a county").path(&[("division_id", "county")]),
    on("purchase_signal_find").json(r#"{"finding": "explained", "text": "已核实"}"#),
    on("signal_lines_show"),
    on("signal_lines_set").json(
        r#"{"many": 4, "round_fen": 5000, "round_count": 3, "ceiling_share_bp": 9500,
            "ceiling_count": 2, "night_from": 22, "night_until": 6, "night_count": 2}"#,
    ),
];
