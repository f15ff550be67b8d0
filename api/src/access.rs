//! Which operation needs what: nothing, a sign-in, or an action of the policy. The OpenAPI document
//! says it with every operation; a test fails if an operation is missing here or a row is stale.

use domain::policy::{Action, Reach};

/// What an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Anyone,
    /// A sign-in; the operation concerns only who is signed in.
    SignedIn,
    /// One of the actions, by the policy.
    Policy(&'static [Action]),
}

use Access::{Anyone, Policy, SignedIn};

/// Every operation with what it needs, in the order of `routes.rs`.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("demo_clock_show", Anyone),
    ("demo_clock_advance", Anyone),
    ("session_create", Anyone),
    ("session_refresh", Anyone),
    ("session_list", SignedIn),
    ("session_end", SignedIn),
    ("session_revoke", SignedIn),
    // Claims and their evidence
    ("claim_create", Policy(&[Action::ClaimCreate, Action::ClaimCreateForOthers])),
    ("claim_list", Policy(&[Action::ClaimShow])),
    ("claim_show", Policy(&[Action::ClaimShow])),
    ("activity_claim_create", Policy(&[Action::ClaimCreateForOthers])),
    ("deduction_create", Policy(&[Action::DeductionCreate])),
    ("claim_cure", Policy(&[Action::DeductionCreate])),
    ("claim_repair", Policy(&[Action::DeductionCreate])),
    ("claim_decide", Policy(&[Action::ClaimReview])),
    ("claim_recuse", Policy(&[Action::ClaimReview])),
    ("claim_resubmit", Policy(&[Action::ClaimChange])),
    ("claim_withdraw", Policy(&[Action::ClaimChange])),
    ("photo_upload", Policy(&[Action::PhotoUpload])),
    ("photo_show", Policy(&[Action::PhotoShow])),
    ("photo_file_show", Anyone),
    // Duty posts and pledges
    ("duty_post_create", Policy(&[Action::DutyPostManage])),
    ("duty_post_list", Policy(&[Action::DutyPostShow])),
    ("duty_post_close", Policy(&[Action::DutyPostManage])),
    ("duty_assign", Policy(&[Action::DutyPostManage])),
    ("pledge_create", Policy(&[Action::PledgeCreate, Action::PledgeCreateForOthers])),
    ("pledge_confirm", Policy(&[Action::PledgeConfirm])),
    ("duty_list", Policy(&[Action::DutyShow])),
    ("duty_end", Policy(&[Action::DutyEnd])),
    // What others see
    ("content_check_list", Policy(&[Action::ContentCheckShow])),
    ("content_check_decide", Policy(&[Action::ContentCheckDecide])),
    // WeChat, known by its signatures.
    ("wechat_push_verify", Anyone),
    ("wechat_push_receive", Anyone),
    // Snapshot reports
    ("report_create", Policy(&[Action::ReportCreate])),
    ("report_nearby", Policy(&[Action::ReportCreate])),
    ("report_list", Policy(&[Action::ReportListShow])),
    ("report_mine_list", Policy(&[Action::ReportOwnShow])),
    ("report_show", Policy(&[Action::ReportShow, Action::ReportOwnShow])),
    ("report_triage", Policy(&[Action::ReportTriage])),
    ("report_dispatch", Policy(&[Action::ReportTriage])),
    ("report_resolve", Policy(&[Action::ReportResolve])),
    ("report_confirm", Policy(&[Action::ReportOwnChange])),
    ("report_reopen", Policy(&[Action::ReportOwnChange])),
    ("report_urge", Policy(&[Action::ReportOwnChange, Action::ReportTriage])),
    ("report_strike", Policy(&[Action::ReportTriage])),
    ("report_withdraw", Policy(&[Action::ReportOwnChange])),
    ("report_comment_create", Policy(&[Action::ReportComment])),
    ("report_comment_list", Policy(&[Action::ReportShow, Action::ReportOwnShow])),
    ("report_reporter_show", Policy(&[Action::ReportReporterShow])),
    ("report_claim_create", Policy(&[Action::ReportClaimCreate])),
    ("report_deduction_create", Policy(&[Action::ReportDeductionCreate])),
    ("report_consent_answer", Policy(&[Action::ShowingConsent])),
    ("good_deed_feed", Policy(&[Action::GoodDeedShow])),
    ("report_category_list", Policy(&[Action::ReportCategoryShow])),
    ("report_category_update", Policy(&[Action::ReportCategoryManage])),
    // Who somebody is
    ("me_show", SignedIn),
    ("binding_create", SignedIn),
    ("binding_request_list", Policy(&[Action::BindingShow])),
    ("binding_request_decide", Policy(&[Action::BindingManage])),
    ("binding_end", Policy(&[Action::BindingManage])),
    ("invitation_create", Policy(&[Action::BindingManage])),
    ("role_grant_create", Policy(&[Action::RoleManage])),
    ("role_grant_list", Policy(&[Action::RoleShow])),
    ("role_grant_end", Policy(&[Action::RoleManage])),
    ("message_list", SignedIn),
    ("message_read", SignedIn),
    ("subscription_list", SignedIn),
    ("subscription_grant_create", SignedIn),
    ("delivery_list", Policy(&[Action::DeliveryShow])),
    ("delivery_retry", Policy(&[Action::DeliveryManage])),
    ("audit_list", Policy(&[Action::AuditShow])),
    // The ledger
    // Notices, objections, appeals
    ("notice_create", Policy(&[Action::NoticeManage])),
    ("notice_list", Policy(&[Action::NoticeShow])),
    ("notice_show", Policy(&[Action::NoticeShow])),
    ("notice_line_list", Policy(&[Action::NoticeShow])),
    ("objection_create", Policy(&[Action::ObjectionCreate])),
    ("appeal_create", Policy(&[Action::AppealCreate])),
    ("objection_list", Policy(&[Action::ObjectionShow])),
    ("objection_mine_list", Policy(&[Action::ObjectionOwnShow])),
    ("objection_show", Policy(&[Action::ObjectionShow, Action::ObjectionOwnShow])),
    ("objection_answer", Policy(&[Action::ObjectionAnswer])),
    // The ledger
    // Honor and warning lists
    ("list_entry_propose", Policy(&[Action::ListEntryPropose])),
    ("list_entry_decide", Policy(&[Action::ListEntryDecide])),
    ("list_entry_consent", Policy(&[Action::ListEntryOwn, Action::ListEntryForOthers])),
    ("list_entry_ask_removal", Policy(&[Action::ListEntryOwn, Action::ListEntryForOthers])),
    ("list_entry_answer", Policy(&[Action::ListEntryAnswer])),
    ("list_entry_take_down", Policy(&[Action::ListEntryTakeDown])),
    ("list_entry_list", Policy(&[Action::ListEntryListShow])),
    ("list_entry_show", Policy(&[Action::ListEntryShow])),
    ("honor_list", Policy(&[Action::HonorListShow])),
    ("warning_list", Policy(&[Action::WarningListShow])),
    // The ledger
    ("statement_list", Policy(&[Action::StatementShow])),
    ("score_show", Policy(&[Action::StatementShow])),
    ("points_show", Policy(&[Action::StatementShow])),
    ("score_explain", Policy(&[Action::StatementShow])),
    ("ledger_check", Policy(&[Action::LedgerCheck])),
    ("balance_show", Policy(&[Action::BalanceShow])),
    // Ratings
    ("rating_create", Policy(&[Action::RatingManage])),
    ("rating_list", Policy(&[Action::RatingShow])),
    ("rating_show", Policy(&[Action::RatingShow])),
    ("rating_line_list", Policy(&[Action::RatingShow])),
    ("rating_decide", Policy(&[Action::RatingReview])),
    ("rating_recompute_check", Policy(&[Action::RatingShow])),
    ("household_rating_list", Policy(&[Action::BalanceShow])),
    // Places
    ("division_list", SignedIn),
    ("division_import", Policy(&[Action::DivisionManage])),
    ("holiday_import", Policy(&[Action::HolidayManage])),
    ("village_show", Policy(&[Action::VillageShow])),
    ("grid_create", Policy(&[Action::GridManage])),
    ("grid_list", Policy(&[Action::GridShow])),
    ("household_grid_set", Policy(&[Action::GridManage])),
    // The roster
    ("roster_import", Policy(&[Action::RosterImport])),
    ("household_list", Policy(&[Action::RosterShow])),
    ("household_show", Policy(&[Action::HouseholdShow])),
    ("villager_update", Policy(&[Action::VillagerManage])),
    ("kin_create", Policy(&[Action::VillagerManage])),
    ("kin_list", Policy(&[Action::HouseholdShow])),
    ("kin_delete", Policy(&[Action::VillagerManage])),
    // Rule books
    ("rule_book_preset_list", SignedIn),
    ("rule_book_preset_show", SignedIn),
    ("rule_book_preset_export", SignedIn),
    ("rule_book_create", Policy(&[Action::RuleBookManage])),
    ("rule_book_import", Policy(&[Action::RuleBookManage])),
    ("rule_book_update", Policy(&[Action::RuleBookManage])),
    ("rule_book_adopt", Policy(&[Action::RuleBookManage])),
    ("rule_book_list", Policy(&[Action::RuleBookShow])),
    ("rule_book_show", Policy(&[Action::RuleBookShow])),
    ("rule_book_export", Policy(&[Action::RuleBookShow])),
    ("rule_book_in_force", Policy(&[Action::RuleBookShow])),
    ("rule_book_simulate", Policy(&[Action::RuleBookManage])),
    ("rule_layer_create", Policy(&[Action::RuleLayerManage])),
    ("rule_layer_update", Policy(&[Action::RuleLayerManage])),
    ("rule_layer_issue", Policy(&[Action::RuleLayerManage])),
    ("rule_layer_list", SignedIn),
    ("rule_layer_show", SignedIn),
    // Shops
    ("merchant_create", Policy(&[Action::MerchantManage])),
    ("merchant_show", Policy(&[Action::MerchantShow])),
    ("merchant_close", Policy(&[Action::MerchantManage])),
    ("merchant_list", Policy(&[Action::AgreementShow])),
    ("merchant_candidate_list", Policy(&[Action::MerchantCandidateShow])),
    ("clerk_invite", Policy(&[Action::ClerkManage])),
    ("clerk_list", Policy(&[Action::ClerkManage])),
    ("clerk_dismiss", Policy(&[Action::ClerkManage])),
    ("agreement_create", Policy(&[Action::AgreementManage])),
    ("agreement_list", Policy(&[Action::AgreementShow])),
    ("agreement_end", Policy(&[Action::AgreementManage])),
    ("payment_code_show", SignedIn),
    ("card_issue", Policy(&[Action::CardManage])),
    ("card_list", Policy(&[Action::CardShow])),
    ("card_block", Policy(&[Action::CardBlock])),
    ("scan_create", Policy(&[Action::PurchaseCreate])),
    ("purchase_create", Policy(&[Action::PurchaseCreate])),
    // The owner any day, clerks today: `domain::discount::looking_through`.
    ("purchase_list", Policy(&[Action::PurchaseShow])),
    ("purchase_show", Policy(&[Action::PurchaseShow])),
    ("purchase_refund", Policy(&[Action::PurchaseRefund])),
    ("purchase_confirm", Policy(&[Action::PurchaseConfirm])),
    ("household_purchase_list", Policy(&[Action::StatementShow])),
    ("merchant_statement_show", Policy(&[Action::MerchantStatementShow])),
    // The points store
    ("redemption_create", Policy(&[Action::RedemptionCreate])),
    ("store_create", Policy(&[Action::StoreManage])),
    ("store_list", Policy(&[Action::StoreShow])),
    ("store_show", Policy(&[Action::StoreShow])),
    ("store_update", Policy(&[Action::StoreManage])),
    ("store_close", Policy(&[Action::StoreManage])),
    ("goods_create", Policy(&[Action::StoreManage])),
    ("goods_list", Policy(&[Action::StoreShow])),
    ("goods_heading_list", Policy(&[Action::GoodsHeadingShow])),
    ("goods_show", Policy(&[Action::StoreShow])),
    ("goods_update", Policy(&[Action::StoreManage])),
    ("goods_withdraw", Policy(&[Action::StoreManage])),
    ("slot_create", Policy(&[Action::StoreManage])),
    ("slot_list", Policy(&[Action::StoreShow])),
    ("slot_close", Policy(&[Action::StoreManage])),
    ("stock_entry_create", Policy(&[Action::StockManage])),
    ("stock_entry_list", Policy(&[Action::StockShow])),
    ("household_redemption_list", Policy(&[Action::StatementShow])),
    ("redemption_show", Policy(&[Action::RedemptionShow])),
    ("redemption_cancel", Policy(&[Action::RedemptionCancel])),
    ("pickup_look_up", Policy(&[Action::PickupCreate])),
    ("pickup_create", Policy(&[Action::PickupCreate])),
    ("card_redemption_create", Policy(&[Action::CardRedemptionCreate])),
    ("store_redemption_list", Policy(&[Action::StoreRedemptionShow])),
    ("redemption_refund", Policy(&[Action::RedemptionRefund])),
];

/// What an operation needs.
pub fn of(operation: &str) -> Option<Access> {
    OPERATIONS.iter().find(|(name, _)| *name == operation).map(|(_, access)| *access)
}

impl Access {
    /// Who may call it, in words for the OpenAPI document.
    pub fn words(self) -> String {
        match self {
            Anyone => "Anyone, without signing in.".to_owned(),
            SignedIn => "Anyone who is signed in, for themselves.".to_owned(),
            Policy(actions) => {
                let mut who: Vec<String> = Vec::new();
                for (role, reach) in actions.iter().flat_map(|action| action.rules()) {
                    let scope = match reach {
                        Reach::Household => "own household",
                        Reach::Village => "their villages",
                        Reach::Merchant => "own merchant",
                        Reach::Platform => "the installation",
                    };
                    let line = format!("`{}` ({scope})", role.as_str());
                    if !who.contains(&line) {
                        who.push(line);
                    }
                }
                who.join(", ")
            }
        }
    }
}
