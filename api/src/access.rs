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
    ("session_create", Anyone),
    ("session_refresh", Anyone),
    ("session_list", SignedIn),
    ("session_end", SignedIn),
    ("session_revoke", SignedIn),
    ("balance_show", Policy(&[Action::BalanceShow])),
    // Shops
    ("merchant_create", Policy(&[Action::MerchantManage])),
    ("merchant_show", Policy(&[Action::MerchantShow])),
    ("merchant_close", Policy(&[Action::MerchantManage])),
    ("merchant_list", Policy(&[Action::AgreementShow])),
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
    ("purchase_list", Policy(&[Action::PurchaseShow, Action::MerchantStatementShow])),
    ("purchase_show", Policy(&[Action::PurchaseShow])),
    ("purchase_refund", Policy(&[Action::PurchaseRefund])),
    ("purchase_confirm", Policy(&[Action::PurchaseConfirm])),
    ("household_purchase_list", Policy(&[Action::StatementShow])),
    ("merchant_statement_show", Policy(&[Action::MerchantStatementShow])),
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
