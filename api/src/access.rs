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
    ("statement_list", Policy(&[Action::StatementShow])),
    ("score_show", Policy(&[Action::StatementShow])),
    ("ledger_check", Policy(&[Action::LedgerCheck])),
    ("balance_show", Policy(&[Action::BalanceShow])),
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
