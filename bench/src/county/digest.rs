//! What a settled county comes to, without ids and moments that differ from run to run.

use diesel::prelude::*;
use diesel::sql_types::Text;
use infra::db::Db;

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Text)]
    sum: String,
}

/// The tables that a settlement writes, and what of each line must be the same however often it was
/// interrupted.
const PARTS: [(&str, &str); 9] = [
    (
        "ratings",
        "SELECT concat_ws(' ', village_id, cycle, state, stage, as_of, effective_at, version, \
             computed_by) AS line FROM ratings",
    ),
    (
        "lines of ratings",
        "SELECT concat_ws(' ', l.village_id, r.cycle, l.account_id, l.score, l.stars, l.excluded, \
             l.state) AS line FROM rating_lines l JOIN ratings r ON r.village_id = l.village_id \
             AND r.id = l.rating_id",
    ),
    (
        "balances",
        "SELECT concat_ws(' ', village_id, id, score, points, star_credit, version, stars, \
             stars_cycle) AS line FROM accounts",
    ),
    (
        "entries by account",
        "SELECT concat_ws(' ', village_id, account_id, purse, counter, source, sum(amount), \
             count(*), max(account_version), max(recorded_at)) AS line FROM entries \
             GROUP BY village_id, account_id, purse, counter, source",
    ),
    (
        "notices",
        "SELECT concat_ws(' ', village_id, kind, number, opens_at, closes_at, closed_at) AS line \
             FROM notices",
    ),
    (
        "messages",
        "SELECT concat_ws(' ', village_id, villager_id, kind, sent_at, data - 'rating_id') AS line \
             FROM messages",
    ),
    ("votes", "SELECT concat_ws(' ', village_id, user_id, decision, at) AS line FROM votes"),
    (
        "audit log",
        "SELECT concat_ws(' ', village_id, user_id, action, at, detail) AS line FROM audit_log",
    ),
    ("keys", "SELECT concat_ws(' ', user_id, key) AS line FROM idempotency_keys"),
];

/// Each part with its checksum.
pub fn digest(db: &Db) -> Vec<(&'static str, String)> {
    let of = |part: &str| {
        let query = format!(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(line, E'\\n' ORDER BY line)), '-') \
                 AS sum FROM ({part}) AS part"
        );
        db.read(|c| Ok(diesel::sql_query(&query).get_result::<Sum>(c)?)).unwrap().sum
    };
    PARTS.iter().map(|(name, part)| (*name, of(part))).collect()
}
