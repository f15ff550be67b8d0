//! What can go wrong below the API: a refusal of the domain, something that is away for a while, or
//! a bug. Which HTTP status each gets is chosen in `api`.

use book_file::{BadFile, Unwritable};
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use domain::refusal::Refusal;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The domain said no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// The database, WeChat or the disk is away: the same request may succeed later. Nothing was
    /// lost; whether a write was committed is answered by repeating it with its key.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The file of a rule book cannot be taken.
    #[error("bad file: {0}")]
    BadBookFile(BadFile),
    /// A rule book cannot be written as a file of that kind.
    #[error("unwritable: {0}")]
    BookUnwritable(Unwritable),
    /// Somebody else changed the same rows: decide again. Never leaves this crate.
    #[error("lost a race")]
    LostRace,
    /// A mistake of ours.
    #[error("bug: {0}")]
    Bug(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<BadFile> for Error {
    fn from(bad: BadFile) -> Self {
        Self::BadBookFile(bad)
    }
}

impl From<Unwritable> for Error {
    fn from(why: Unwritable) -> Self {
        match why {
            // The writer reads what it wrote: it is our mistake if that is another book.
            Unwritable::Differs(_) => Self::Bug(why.to_string()),
            _ => Self::BookUnwritable(why),
        }
    }
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        match &error {
            Diesel::NotFound => Self::Refused(Refusal::NotFound),
            Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::LostRace,
            // 40P01 has no kind of its own.
            Diesel::DatabaseError(_, info) if info.message().contains("deadlock detected") => {
                Self::LostRace
            }
            Diesel::DatabaseError(kind, info) => by_constraint(info.constraint_name())
                .unwrap_or_else(|| {
                    let text = format!("{kind:?}: {}", info.message());
                    if is_lost(kind, info.message()) {
                        Self::Unavailable(text)
                    } else {
                        Self::Bug(text)
                    }
                }),
            Diesel::BrokenTransactionManager => Self::Unavailable(error.to_string()),
            _ => Self::Bug(error.to_string()),
        }
    }
}

/// Whether the connection, or the server behind it, is gone or cannot take the work.
fn is_lost(kind: &DatabaseErrorKind, message: &str) -> bool {
    const SIGNS: &[&str] = &[
        "terminating connection",
        "server closed the connection",
        "no connection to the server",
        "connection not open",
        "could not connect",
        "could not receive data",
        "could not send data",
        "the database system is",
        "No space left on device",
        "could not extend file",
        "read-only transaction",
        "lock timeout",
        "statement timeout",
    ];
    matches!(kind, DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand)
        || SIGNS.iter().any(|sign| message.contains(sign))
}

/// The last line of the database, told in the words of the domain.
fn by_constraint(name: Option<&str>) -> Option<Error> {
    let refusal = match name? {
        // Two at once: the other one won, so look again.
        "idempotency_keys_pkey"
        | "votes_pkey"
        | "purchases_quote_once"
        | "used_codes_pkey"
        | "entries_source_once"
        | "entries_reversed_once"
        | "entries_version_unique"
        | "ratings_cycle_once"
        | "settlements_month_once"
        | "notices_number_unique"
        | "rule_books_number_unique"
        | "fund_vouchers_number_unique"
        | "fund_vouchers_settles_once"
        | "fund_entries_pkey"
        | "brakes_one_open"
        // The points store: another code is drawn; what there is is looked at again.
        | "redemptions_code_open"
        | "goods_stock_not_negative"
        | "stock_entries_stock_not_negative"
        | "stock_entries_version_unique"
        | "goods_slots_not_overfull" => {
            return Some(Error::LostRace);
        }
        "settlement_month_closed" => Refusal::MonthClosed,
        "payout_handovers_pkey" => Refusal::PartHandedOut,
        "report_claims_pkey" => Refusal::ReportProposed,
        "fund_vouchers_corrected_once" => Refusal::VoucherCorrected,
        "fund_statements_period_once" => Refusal::FundStatementExists,
        "users_villager_unique" => Refusal::VillagerTaken,
        "objections_one_open_on_claim"
        | "objections_one_open_on_line"
        | "objections_one_open_on_part"
        | "objections_one_open_on_statement" => Refusal::ObjectionOpen,
        "divisions_code_unique"
        | "grids_name_unique"
        | "households_number_unique"
        | "villagers_id_number_unique"
        | "merchants_name_unique"
        | "fund_accounts_name_unique"
        | "stores_name_once"
        | "shops_name_unique"
        | "merchant_applications_one_open"
        | "kinships_pkey"
        | "rule_books_in_force_unique"
        | "binding_requests_one_waiting"
        | "duty_posts_name_once"
        | "duties_post_once"
        | "duties_pledge_once"
        | "list_entries_fact_once"
        | "recusals_pkey" => Refusal::AlreadyExists,
        "accounts_points_not_negative" | "accounts_star_credit_not_negative" => {
            return Some(Error::LostRace);
        }
        _ => return None,
    };
    Some(Error::Refused(refusal))
}
