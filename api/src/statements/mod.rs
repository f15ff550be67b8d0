//! A household's statement and score, every entry explained in words.

mod words;

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::calendar::Cycle;
use domain::id::{AccountId, HouseholdId, VillageId};
use infra::statements::{self, Explained, Score};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::ledger::AmountOut;
use crate::pagination::{LIMIT_MAX, Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which page of which account.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatementQuery {
    /// The account: of the household, or of one of its persons. Without it the household's own, or
    /// the first of its persons.
    account_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

const fn twenty() -> i64 {
    20
}

/// Which cycle of which account.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ScoreQuery {
    /// The account, as in `statement_list`.
    account_id: Option<Uuid>,
    /// The cycle, such as `2026-Q3`, `2026-H1`, `2026-07` or `2026`; without it the present one.
    #[validate(length(max = 7))]
    #[param(max_length = 7, example = "2026-Q3")]
    cycle: Option<String>,
}

impl ScoreQuery {
    /// The account and the cycle.
    ///
    /// # Errors
    /// `bad_query` for what is no cycle.
    pub(crate) fn parts(&self) -> Result<(Option<Uuid>, Option<Cycle>), Problem> {
        let cycle = self.cycle.as_deref().map(str::parse::<Cycle>).transpose();
        let wrong = |_| Problem::field(Door::BadQuery, "cycle", "not a cycle: 2026-Q3");
        Ok((self.account_id, cycle.map_err(wrong)?))
    }
}

/// An entry of the ledger, explained.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "account_version": 17, "purse": "points",
    "amount": {"points": "2"}, "balance_after": {"points": "12.5"},
    "title": "参加村组公共区域清扫", "happened_on": "2026-10-10",
    "recorded_at": "2026-10-16T00:00:05+08:00",
    "reasons": ["2026-10-10的事项", "按积分细则第1版", "经第12号公示"],
    "words": "参加村组公共区域清扫:可用积分+2分,余12.5分。2026-10-10的事项;按积分细则第1版;经第12号公示。",
    "source": "claim", "source_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "notice_number": 12, "rule_book_number": 1, "reverses": null
}))]
pub struct StatementEntryOut {
    /// The entry.
    entry_id: Uuid,
    /// The account's version after it: 1 is its first entry.
    account_version: i64,
    /// `score`, `points` or `star_credit`.
    #[schema(example = "points")]
    purse: &'static str,
    /// What it added, or took away (below zero).
    amount: AmountOut,
    /// What the purse held after it.
    balance_after: AmountOut,
    /// What it is for.
    title: String,
    /// The day of the deed.
    happened_on: String,
    /// When it was written to the ledger.
    recorded_at: String,
    /// Why, one reason each.
    #[schema(max_items = 10)]
    reasons: Vec<String>,
    /// All of it in one sentence.
    words: String,
    /// What caused it: `claim`, `rating`, `purchase` or `expiry`.
    source: &'static str,
    /// The claim, rating or purchase; for `expiry` the end of the year, the same for all of a village.
    source_id: Uuid,
    /// The number of the notice on which it hung.
    notice_number: Option<i32>,
    /// The number of the rule book that says so.
    rule_book_number: Option<i32>,
    /// The entry that this one takes back.
    reverses: Option<Uuid>,
}

impl From<Explained> for StatementEntryOut {
    fn from(explained: Explained) -> Self {
        let told = words::told(&explained);
        let posting = &explained.entry.posting;
        Self {
            entry_id: posting.id.0,
            account_version: explained.entry.account_version,
            purse: posting.purse.as_str(),
            amount: AmountOut::new(posting.purse, posting.amount),
            balance_after: AmountOut::new(posting.purse, explained.entry.balance_after),
            happened_on: posting.happened_on.to_string(),
            recorded_at: shown(explained.recorded_at),
            source: posting.source.as_str(),
            source_id: posting.source.id(),
            notice_number: explained.notice_number,
            rule_book_number: explained.book_number,
            reverses: posting.reverses.map(|id| id.0),
            words: told.sentence(),
            title: told.title,
            reasons: told.reasons,
        }
    }
}

/// The score of a cycle.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "cycle": "2026-Q4",
    "first_day": "2026-10-01", "last_day": "2026-12-31", "base": "60", "entries_sum": "2",
    "score": "62", "stars": 1, "no_resident": false,
    "redemption_suspended_until": null,
    "entries": [{
        "entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "account_version": 16,
        "purse": "score", "amount": {"points": "2"}, "balance_after": {"points": "2"},
        "title": "参加村组公共区域清扫", "happened_on": "2026-10-10",
        "recorded_at": "2026-10-16T00:00:05+08:00",
        "reasons": ["2026-10-10的事项", "按积分细则第1版", "经第12号公示"],
        "words": "参加村组公共区域清扫:评星积分+2分,余2分。2026-10-10的事项;按积分细则第1版;经第12号公示。",
        "source": "claim", "source_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "notice_number": 12, "rule_book_number": 1, "reverses": null
    }]
}))]
pub struct ScoreOut {
    /// The household.
    household_id: Uuid,
    /// The account.
    account_id: Uuid,
    /// The cycle.
    #[schema(example = "2026-Q3")]
    cycle: String,
    /// Its first day.
    first_day: String,
    /// Its last day.
    last_day: String,
    /// 基础分: with which everybody begins.
    #[schema(example = "60")]
    base: String,
    /// The sum of the entries of the cycle.
    #[schema(example = "31.5")]
    entries_sum: String,
    /// Both together.
    #[schema(example = "91.5")]
    score: String,
    /// The star that it would give by the rule book of the cycle. The star that holds comes from the
    /// rating: see `balance_show`.
    #[schema(minimum = 0, maximum = 5)]
    stars: u8,
    /// Whether nobody of the account lives in the village, so that it gets no star.
    no_resident: bool,
    /// The last day on which a veto (一票否决) suspends redemption, if one does today.
    #[schema(value_type = Option<String>, format = Date)]
    redemption_suspended_until: Option<String>,
    /// The entries, the newest first, at most 500.
    #[schema(max_items = 500)]
    entries: Vec<StatementEntryOut>,
}

impl ScoreOut {
    fn of(household_id: Uuid, score: Score) -> Self {
        Self {
            household_id,
            account_id: score.line.account.0,
            cycle: score.cycle.to_string(),
            first_day: score.cycle.first_day().to_string(),
            last_day: score.cycle.last_day().to_string(),
            base: score.base.to_string(),
            entries_sum: score.entries_sum.to_string(),
            score: score.line.score.to_string(),
            stars: score.line.star.get(),
            no_resident: score.line.excluded.is_some(),
            redemption_suspended_until: score.suspended_until.map(|day| day.to_string()),
            entries: score.entries.into_iter().map(StatementEntryOut::from).collect(),
        }
    }
}

/// List the entries of a household
///
/// The newest first, each explained in words (Chinese): what it is for, how much with its unit, what
/// was left, and why: which notice, which rule book, what a cap cut, what a reversal takes back.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        StatementQuery,
        ReadingHeader,
    ),
    responses(
        (status = 200, description = "The entries.", body = Page<StatementEntryOut>),
        Failures
    )
)]
#[get("/villages/{village_id}/households/{household_id}/statement")]
pub async fn statement_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<StatementQuery>,
) -> Result<Json<Page<StatementEntryOut>>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let StatementQuery { account_id, limit, cursor } = query.0;
    let before = PageQuery { limit, cursor }.after::<i64>()?;
    let which = (household, account_id.map(AccountId));
    let why = reading.at(state.clock.now());
    let statement = state
        .run(move |db| statements::list(db, &acting.actor, village, which, before, limit + 1, &why))
        .await?;
    let cursor = |row: &Explained| row.entry.account_version.to_string();
    Ok(Json(Page::from_one_more(statement.entries, limit, cursor, StatementEntryOut::from)))
}

/// Show the score of a cycle
///
/// Base and entries of the cycle, and the star that it would give by the rule book of the cycle.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        ScoreQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The score.", body = ScoreOut), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/score")]
pub async fn score_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<ScoreQuery>,
) -> Result<Json<ScoreOut>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (account, cycle) = query.0.parts()?;
    let which = (household, account.map(AccountId));
    let why = reading.at(state.clock.now());
    let score = state
        .run(move |db| statements::score(db, &acting.actor, village, which, cycle, &why))
        .await?;
    Ok(Json(ScoreOut::of(household.0, score)))
}
