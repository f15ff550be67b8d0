//! Statements of the fund: drawn up from its book for a period that is over, put on the notice board by a
//! second person, frozen as they were drawn up.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, start_of};
use domain::four_eyes::Hand;
use domain::fund::{self, Booked, Figures, StatementState, party_on_the_board};
use domain::id::{FundStatementId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{VoucherRow, check, coverage};
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::ledger::sum_exact;
use crate::notices::{self, Hung};
use crate::schema::{fund_accounts, fund_entries, fund_statements, fund_vouchers, objections};

/// A statement of the fund as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = fund_statements)]
pub struct StatementRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The period, written as a cycle.
    pub period: String,
    /// Where it stands.
    pub state: String,
    /// What it says.
    pub figures: Value,
    /// Who drew it up.
    pub drawn_by: Uuid,
    /// The villager that they were bound to then.
    #[serde(default)]
    pub drawn_by_villager: Option<Uuid>,
    /// When.
    pub drawn_at: DateTime<Utc>,
    /// The notice on which it hangs or hung.
    pub notice_id: Option<Uuid>,
    /// Who put it there.
    pub published_by: Option<Uuid>,
}

/// A statement of the fund, read.
#[derive(Clone, Debug)]
pub struct Stated {
    /// As it is stored.
    pub row: StatementRow,
    /// Where it stands.
    pub state: StatementState,
    /// What it says.
    pub figures: Figures,
}

impl StatementRow {
    /// The statement, read.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn read(self) -> Result<Stated, Error> {
        let figures = Figures::deserialize(&self.figures);
        let figures = figures.map_err(|error| Error::Bug(error.to_string()))?;
        Ok(Stated { state: self.state()?, figures, row: self })
    }

    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Bug`] for a state that this version does not know.
    pub fn state(&self) -> Result<StatementState, Error> {
        StatementState::from_name(&self.state)
            .ok_or_else(|| Error::Bug(format!("a statement of the fund that is {}", self.state)))
    }
}

/// Draws up the statement of a period that is over. Every account is held while it is, so that nothing is
/// booked into the period afterwards ([`super::book`]).
///
/// # Errors
/// `fund_period_open`, `fund_statement_exists`, `fund_statement_too_long`, `fund_book_differs` where the
/// accounts do not hold what their entries add up to, `forbidden`, `not_found`.
pub fn draw(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    period: Cycle,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<StatementRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    fund::is_over(period, now)?;
    db.write_once_of_one_moment(once, now, |tx| {
        let _: Vec<Uuid> = fund_accounts::table
            .filter(fund_accounts::village_id.eq(village.0))
            .order(fund_accounts::id)
            .select(fund_accounts::id)
            .for_share()
            .load(tx)?;
        let checked = check::of_in(tx, village)?;
        fund::adds_up(checked.held, checked.booked)?;
        let (from, to) = (start_of(period.first_day()), start_of(period.next_first_day()));
        let opening: i64 = fund_entries::table
            .filter(fund_entries::village_id.eq(village.0))
            .filter(fund_entries::recorded_at.lt(from))
            .select(sum_exact(fund_entries::amount))
            .first(tx)?;
        let booked = booked_in_tx(tx, village, (from, to))?;
        let covered = coverage::of_in(db, tx, village, now)?;
        let figures = fund::draw_up(Fen::new(opening), &booked, &covered)?;
        let row = StatementRow {
            village_id: village.0,
            id: id::new(),
            period: period.to_string(),
            state: StatementState::Drawn.as_str().to_owned(),
            figures: serde_json::to_value(&figures).map_err(|e| Error::Bug(e.to_string()))?,
            drawn_by: actor.user.0,
            drawn_by_villager: villager_of(Hand::of(actor)),
            drawn_at: now,
            notice_id: None,
            published_by: None,
        };
        diesel::insert_into(fund_statements::table).values(&row).execute(tx)?;
        record(tx, actor, permit, &row, "fund_statement_create", now)?;
        Ok(row)
    })
}

/// The vouchers that were booked in a time, each with what it moved over all accounts, in the order of
/// their numbers. One more than a statement can list is enough to refuse it.
fn booked_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Booked>, Error> {
    let moved: Vec<(Uuid, i64)> = fund_entries::table
        .filter(fund_entries::village_id.eq(village.0))
        .filter(fund_entries::recorded_at.ge(from))
        .filter(fund_entries::recorded_at.lt(to))
        .group_by(fund_entries::voucher_id)
        .having(sum_exact(fund_entries::amount).ne(0))
        .select((fund_entries::voucher_id, sum_exact(fund_entries::amount)))
        .limit(i64::try_from(fund::LINES_MAX + 1).unwrap_or(i64::MAX))
        .load(tx)?;
    let moved: BTreeMap<Uuid, i64> = moved.into_iter().collect();
    let rows: Vec<VoucherRow> = fund_vouchers::table
        .filter(fund_vouchers::village_id.eq(village.0))
        .filter(fund_vouchers::id.eq_any(moved.keys()))
        .order(fund_vouchers::number)
        .select(VoucherRow::as_select())
        .load(tx)?;
    rows.into_iter()
        .map(|row| {
            Ok(Booked {
                number: row.number,
                kind: row.voucher()?.kind,
                party: party_on_the_board(&row.party, row.shown()?),
                amount: Fen::new(moved.get(&row.id).copied().unwrap_or(0)),
                purpose: row.purpose,
            })
        })
        .collect()
}

/// Puts a statement on the notice board for so many days; by somebody else than whoever drew it up.
///
/// # Errors
/// `checker_is_maker`, `fund_statement_state`, `fund_notice_days`, `forbidden`, `not_found`.
pub fn publish(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (statement, days): (FundStatementId, u16),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<StatementRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let mut row = lock_in_tx(tx, village, statement)?;
        let drawn_by = hand(row.drawn_by, row.drawn_by_villager);
        let next = row.state()?.published_by(drawn_by, Hand::of(actor), days)?;
        let hung = Hung::FundStatement(statement);
        let notice = notices::open_in_tx(tx, village, hung, days, now, Some(actor.user))?;
        row.state = next.as_str().to_owned();
        row.notice_id = Some(notice.0);
        row.published_by = Some(actor.user.0);
        diesel::update(fund_statements::table.find((village.0, statement.0)))
            .set((
                fund_statements::state.eq(&row.state),
                fund_statements::notice_id.eq(row.notice_id),
                fund_statements::published_by.eq(row.published_by),
            ))
            .execute(tx)?;
        record(tx, actor, permit, &row, "fund_statement_publish", now)?;
        Ok(row)
    })
}

/// Throws a statement away that does not hang yet, so that the period can be stated again.
///
/// # Errors
/// `fund_statement_state`, `forbidden`, `not_found`.
pub fn discard(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    statement: FundStatementId,
    now: DateTime<Utc>,
) -> Result<StatementRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, village, statement)?;
        let next = row.state()?.discarded()?;
        row.state = next.as_str().to_owned();
        save_state_in_tx(tx, village, statement, next)?;
        record(tx, actor, permit, &row, "fund_statement_discard", now)?;
        Ok(row)
    })
}

/// The statements of a village before an id, the newest first: those that hang or hung for everybody, all
/// of them for those who run the fund.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<StatementRow>, Error> {
    let target = Target::village(db.place(village)?);
    allows(actor, Action::FundShow, &target)?;
    let all = allows(actor, Action::FundManage, &target).is_ok();
    let public: Vec<&str> =
        StatementState::public().into_iter().map(StatementState::as_str).collect();
    db.read(|c| {
        let mut query = fund_statements::table
            .filter(fund_statements::village_id.eq(village.0))
            .filter(fund_statements::id.lt(before.unwrap_or(Uuid::max())))
            .order(fund_statements::id.desc())
            .limit(limit)
            .select(StatementRow::as_select())
            .into_boxed();
        if !all {
            query = query.filter(fund_statements::state.eq_any(&public));
        }
        Ok(query.load(c)?)
    })
}

/// One statement.
///
/// # Errors
/// `forbidden`, `not_found`; also for one that one may not see yet.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    statement: FundStatementId,
) -> Result<StatementRow, Error> {
    let target = Target::village(db.place(village)?);
    allows(actor, Action::FundShow, &target)?;
    let row = db.read(|c| find(c, village, statement))?;
    if !row.state()?.is_public() && allows(actor, Action::FundManage, &target).is_err() {
        return Err(Refusal::NotFound.into());
    }
    Ok(row)
}

pub(crate) fn find(
    c: &mut PgConnection,
    village: VillageId,
    statement: FundStatementId,
) -> Result<StatementRow, Error> {
    Ok(fund_statements::table
        .find((village.0, statement.0))
        .select(StatementRow::as_select())
        .first(c)?)
}

/// A statement that stays as it is until the transaction ends.
///
/// # Errors
/// `not_found`.
pub(crate) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    statement: FundStatementId,
) -> Result<StatementRow, Error> {
    Ok(fund_statements::table
        .find((village.0, statement.0))
        .select(StatementRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

pub(crate) fn save_state_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    statement: FundStatementId,
    state: StatementState,
) -> Result<(), Error> {
    diesel::update(fund_statements::table.find((village.0, statement.0)))
        .set(fund_statements::state.eq(state.as_str()))
        .execute(tx)?;
    Ok(())
}

/// The notice of a statement is over. Answers whether an objection still waits.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn over_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    statement: FundStatementId,
) -> Result<bool, Error> {
    let row = lock_in_tx(tx, village, statement)?;
    let open: bool = diesel::select(exists(
        objections::table
            .filter(objections::village_id.eq(village.0))
            .filter(objections::fund_statement_id.assume_not_null().eq(statement.0))
            .filter(objections::answered_at.is_null()),
    ))
    .get_result(tx)?;
    let next = row.state()?.over(open)?;
    save_state_in_tx(tx, village, statement, next)?;
    Ok(next == StatementState::Disputed)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    row: &StatementRow,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village: VillageId(row.village_id),
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(row.id),
        reason: None,
        detail: Some(json!({"period": row.period})),
    };
    audit::record_in_tx(tx, &deed)
}
