//! The daily look: one query a village and day, and one transaction that writes what it found and goes on
//! to the next day, so that a day is looked through once, whoever is killed.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Timestamptz, Uuid as SqlUuid};
use domain::actor::Role;
use domain::calendar::{end_of, start_of};
use domain::id::{AccountId, MerchantId, VillageId};
use domain::points::Fen;
use domain::signal::{Lines, Tally, signals};
use serde_json::json;
use uuid::Uuid;

use super::lines::lines_in;
use super::list::SignalRow;
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::role_grants::holders_here_or_above;
use crate::schema::{purchase_signals, settlement_calendars};
use crate::{id, places};

/// How long after its end a day is looked through: longer than any request takes.
const LOOK_AFTER_MINUTES: i64 = 60;
/// How many signals one INSERT writes.
const ROWS_MAX: usize = 1_000;

/// From when on a day is looked through.
pub(crate) fn look_due_at(day: NaiveDate) -> DateTime<Utc> {
    end_of(day) + Duration::minutes(LOOK_AFTER_MINUTES)
}

#[derive(QueryableByName)]
struct TallyRow {
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    merchant_id: Uuid,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    round: i64,
    #[diesel(sql_type = BigInt)]
    at_ceiling: i64,
    #[diesel(sql_type = BigInt)]
    at_night: i64,
    #[diesel(sql_type = BigInt)]
    price: i64,
    #[diesel(sql_type = BigInt)]
    discount: i64,
}

/// Looks through days that are over, at most so many of all villages together, those that have waited
/// longest first. A village that cannot be looked through keeps nobody else waiting. Answers how many
/// signals there were, and what failed.
pub fn look(db: &Db, now: DateTime<Utc>, days_max: usize) -> (usize, Vec<Error>) {
    let (mut found, mut failed) = (0, Vec::new());
    let mut left_out: Vec<Uuid> = Vec::new();
    for _ in 0..days_max {
        let mut taken = None;
        match db.write(|tx| look_in_tx(tx, (&left_out, &mut taken), now)) {
            Ok(Some(signals)) => found += signals,
            Ok(None) => break,
            Err(error) => {
                let away = matches!(error, Error::Unavailable(_));
                failed.push(error);
                match taken.filter(|_| !away) {
                    Some(village) => {
                        tracing::error!(%village, "the purchases of a day are not looked through");
                        left_out.push(village);
                    }
                    None => break,
                }
            }
        }
    }
    (found, failed)
}

/// The next day of the village that has waited longest; none if there is none. `taken` says of which.
fn look_in_tx(
    tx: &mut PgConnection,
    (left_out, taken): (&[Uuid], &mut Option<Uuid>),
    now: DateTime<Utc>,
) -> Result<Option<usize>, Error> {
    *taken = None;
    let due: Option<(Uuid, NaiveDate)> = settlement_calendars::table
        .filter(settlement_calendars::look_due_at.le(now))
        .filter(settlement_calendars::village_id.ne_all(left_out))
        .order((settlement_calendars::look_due_at, settlement_calendars::village_id))
        .select((settlement_calendars::village_id, settlement_calendars::look_day))
        .for_no_key_update()
        .skip_locked()
        .first(tx)
        .optional()?;
    let Some((village, day)) = due else { return Ok(None) };
    *taken = Some(village);
    let lines = lines_in(tx, VillageId(village))?;
    let mut rows = Vec::new();
    for tally in tallies(tx, village, day, &lines)? {
        for signal in signals(&lines, &tally) {
            rows.push(SignalRow {
                village_id: village,
                id: id::new(),
                day,
                kind: signal.kind.as_str().to_owned(),
                account_id: tally.account.0,
                merchant_id: tally.merchant.0,
                count: signal.count,
                line: i16::try_from(signal.line).unwrap_or(i16::MAX),
                price: tally.price.get(),
                discount: tally.discount.get(),
                made_at: now,
                finding: None,
                found_text: None,
                found_by: None,
                found_at: None,
            });
        }
    }
    for some in rows.chunks(ROWS_MAX) {
        diesel::insert_into(purchase_signals::table)
            .values(some)
            .on_conflict_do_nothing()
            .execute(tx)?;
    }
    if !rows.is_empty() {
        tell_in_tx(tx, VillageId(village), day, rows.len(), now)?;
    }
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    diesel::update(settlement_calendars::table.find(village))
        .set((
            settlement_calendars::look_day.eq(next),
            settlement_calendars::look_due_at.eq(look_due_at(next)),
        ))
        .execute(tx)?;
    Ok(Some(rows.len()))
}

/// Tells those who supervise the village, or a division above it, once of a day. What crossed which line
/// they read with a reason.
fn tell_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    day: NaiveDate,
    signals: usize,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let division = places::division_in_tx(tx, village.into())?;
    let place = division.place().ok_or_else(|| Error::Bug("a look at no village".into()))?;
    let data = json!({
        "village_id": village.0, "village_name": division.name, "day": day, "signals": signals,
    });
    let mut by_home: BTreeMap<VillageId, Vec<Message>> = BTreeMap::new();
    for (home, to) in holders_here_or_above(tx, place.village, Role::Supervisor, now)? {
        let message = Message { to, kind: Kind::PurchaseSignalsFound, data: data.clone() };
        by_home.entry(home).or_default().push(message);
    }
    for (home, list) in by_home {
        messages::leave_in_tx(tx, home, &list, now)?;
    }
    Ok(())
}

fn tallies(
    tx: &mut PgConnection,
    village: Uuid,
    day: NaiveDate,
    lines: &Lines,
) -> Result<Vec<Tally>, Error> {
    // The least of the lines, so that what crosses none is not read.
    let least = [lines.many, lines.round_count, lines.ceiling_count, lines.night_count];
    let least = least.into_iter().min().unwrap_or(1);
    let rows: Vec<TallyRow> = diesel::sql_query(
        "SELECT * FROM purchase_tallies($1, $2, $3, $4, $5, $6, $7) WHERE count >= $8 \
         ORDER BY account_id, merchant_id",
    )
    .bind::<SqlUuid, _>(village)
    .bind::<Timestamptz, _>(start_of(day))
    .bind::<Timestamptz, _>(end_of(day))
    .bind::<BigInt, _>(lines.round.get())
    .bind::<BigInt, _>(i64::from(lines.ceiling_share.get()))
    .bind::<Integer, _>(i32::from(lines.night_from))
    .bind::<Integer, _>(i32::from(lines.night_until))
    .bind::<BigInt, _>(i64::from(least))
    .load(tx)?;
    let tally = |row: TallyRow| Tally {
        account: AccountId(row.account_id),
        merchant: MerchantId(row.merchant_id),
        count: row.count,
        round: row.round,
        at_ceiling: row.at_ceiling,
        at_night: row.at_night,
        price: Fen::new(row.price),
        discount: Fen::new(row.discount),
    };
    Ok(rows.into_iter().map(tally).collect())
}
