//! Reconciliation: the till, the ledger and the statement of a month must say the same, to the fen.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::dsl::not;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, CycleKind};
use domain::id::{PurchaseId, RedemptionId, VillageId};
use domain::ledger::{Purse, Source};
use domain::points::{Fen, Points};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::settlement::{
    Difference, Figures, Movement, Party, State, Step, UnequalLine, differences, for_the_village,
    ledger_net, settle,
};
use uuid::Uuid;

use super::calendar::hold_in_tx;
use super::decide::record_in_tx;
use super::lines::{LINES_MAX, Line, LineKind, page};
use super::list::{PartyName, names_of, target_in};
use super::row::{SettlementRow, lock_in_tx, save_whole_in_tx};
use super::sums::{self, Span};
use super::{cure, tell};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::reading::Why;
use crate::redemptions;
use crate::schema::{entries, purchases, redemptions as handed_out, settlements};

/// Of how many parties the differing lines are told; of the others, that they differ.
const PARTIES_MAX: usize = 20;
/// How many differing lines of one party are told.
const LINES_TOLD_MAX: usize = 100;

/// A month of a village, compared.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whether all three say the same of everybody, and no entry is without its purchase.
    pub agrees: bool,
    /// The parties.
    pub parties: Vec<CheckedParty>,
    /// Entries of the month whose purchase or redemption is not there; at most a hundred.
    pub orphans: Vec<Uuid>,
}

/// A party, compared.
#[derive(Clone, Debug)]
pub struct CheckedParty {
    /// Who.
    pub party: Party,
    /// Its name.
    pub name: String,
    /// What till and ledger say now.
    pub now: Figures,
    /// The statement, once there is one.
    pub statement: Option<SettlementRow>,
    /// Whether all of them say the same.
    pub agrees: bool,
    /// The lines of which till and ledger differ.
    pub differences: Vec<Difference>,
    /// At a store: whether its own ledger says that as many goods left the shelf as were handed over.
    pub stock_agrees: Option<bool>,
}

/// Compares what tills, ledger and statements say of a month of a village.
///
/// # Errors
/// `cycle_wrong_kind`, `forbidden`, `not_found`, `reason_required`.
pub fn check(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    month: Cycle,
    why: &Why,
) -> Result<Checked, Error> {
    if month.kind() != CycleKind::Month {
        return Err(Refusal::CycleWrongKind.into());
    }
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::SettlementListShow, &target, why)?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| compare(c, village, month))
    })
}

fn compare(c: &mut PgConnection, village: VillageId, month: Cycle) -> Result<Checked, Error> {
    let span = Span::of(month);
    let mut sums = sums::of_villages(c, &[village.0], span)?;
    let rows: Vec<SettlementRow> = settlements::table
        .filter(settlements::village_id.eq(village.0))
        .filter(settlements::month.eq(month.to_string()))
        .select(SettlementRow::as_select())
        .load(c)?;
    for row in &rows {
        sums.entry((village.0, row.party()?)).or_default();
    }
    let closed = super::months_closed_until(c, village)? >= span.to;
    let names = names_of(c, sums.keys().map(|(_, party)| party.id()))?;
    let mut parties = Vec::with_capacity(sums.len());
    let mut told = 0;
    for ((_, party), now) in sums {
        let statement = rows.iter().find(|row| row.party().is_ok_and(|of| of == party)).cloned();
        let stated = match &statement {
            Some(row) => row.figures() == now,
            None => !closed,
        };
        let mut lines = Vec::new();
        if !now.reconciled(party) && told < PARTIES_MAX {
            lines = differing(c, village.0, party, month)?;
            lines.truncate(LINES_TOLD_MAX);
            told += 1;
        }
        let stock_agrees = match party {
            Party::Merchant(_) => None,
            Party::MerchantStore(store) | Party::VillageStore(store) => {
                Some(redemptions::month_in(c, village, store, month)?.agrees())
            }
        };
        let name = names.get(&party.id()).map(|PartyName { name, .. }| name.clone());
        parties.push(CheckedParty {
            party,
            name: name.unwrap_or_default(),
            now,
            statement,
            agrees: stated && now.reconciled(party) && stock_agrees != Some(false),
            differences: lines,
            stock_agrees,
        });
    }
    let orphans = orphans(c, village, span)?;
    let agrees = orphans.is_empty() && parties.iter().all(|party| party.agrees);
    Ok(Checked { agrees, parties, orphans })
}

/// Entries that say they are of a purchase or redemption that nobody knows.
fn orphans(c: &mut PgConnection, village: VillageId, span: Span) -> Result<Vec<Uuid>, Error> {
    let most = i64::try_from(LINES_TOLD_MAX).unwrap_or(i64::MAX);
    let recorded = || {
        entries::village_id
            .eq(village.0)
            .and(entries::recorded_at.ge(span.from))
            .and(entries::recorded_at.lt(span.to))
    };
    let mut found: Vec<Uuid> = entries::table
        .left_join(purchases::table.on(
            purchases::village_id.eq(entries::village_id).and(purchases::id.eq(entries::source_id)),
        ))
        .filter(recorded())
        .filter(entries::purse.eq(Purse::StarCredit.code()))
        .filter(entries::source.eq(Source::Purchase(PurchaseId(Uuid::nil())).code()))
        .filter(purchases::id.nullable().is_null())
        .order(entries::id)
        .limit(most)
        .select(entries::id)
        .load(c)?;
    found.extend::<Vec<Uuid>>(
        entries::table
            .left_join(
                handed_out::table.on(handed_out::village_id
                    .eq(entries::village_id)
                    .and(handed_out::id.eq(entries::source_id))),
            )
            .filter(recorded())
            .filter(entries::purse.eq(Purse::Points.code()))
            .filter(entries::source.eq(Source::Redemption(RedemptionId(Uuid::nil())).code()))
            .filter(handed_out::id.nullable().is_null())
            .order(entries::id)
            .limit(most)
            .select(entries::id)
            .load(c)?,
    );
    found.truncate(LINES_TOLD_MAX);
    Ok(found)
}

/// The lines of a statement of which till and ledger differ.
pub(super) fn differing_in(
    c: &mut PgConnection,
    row: &SettlementRow,
) -> Result<Vec<Difference>, Error> {
    differing(c, row.village_id, row.party()?, row.month()?)
}

/// What the ledger says that the month of a statement comes to.
pub(super) fn ledger_net_in(c: &mut PgConnection, row: &SettlementRow) -> Result<Fen, Error> {
    let party = row.party()?;
    let mut unequal = Vec::new();
    if matches!(party, Party::MerchantStore(_)) {
        let (lines, differences) = compared(c, row.village_id, party, row.month()?)?;
        let known: BTreeMap<(Uuid, bool), Line> = lines
            .into_iter()
            .map(|line| ((line.of, line.kind == LineKind::Refund), line))
            .collect();
        unequal.extend(differences.iter().map(|difference| {
            let line = known.get(&(difference.of, difference.refund));
            UnequalLine {
                refund: difference.refund,
                worth: line.map_or(Fen::ZERO, |line| line.owed),
                points: line.map_or(Points::ZERO, |line| line.points),
                ledger: difference.ledger.unwrap_or(0),
            }
        }));
    }
    Ok(ledger_net(party, &row.figures(), &unequal)?)
}

fn differing(
    c: &mut PgConnection,
    village: Uuid,
    party: Party,
    month: Cycle,
) -> Result<Vec<Difference>, Error> {
    compared(c, village, party, month).map(|(_, differences)| differences)
}

fn compared(
    c: &mut PgConnection,
    village: Uuid,
    party: Party,
    month: Cycle,
) -> Result<(Vec<Line>, Vec<Difference>), Error> {
    let row = SettlementRow::new(
        (village, party, month),
        (&Figures::default(), &Default::default()),
        None,
        DateTime::<Utc>::MIN_UTC,
    );
    let lines = page(c, &row, None, LINES_MAX)?;
    let of_merchant = matches!(party, Party::Merchant(_));
    let till: Vec<Movement> = lines
        .iter()
        .map(|line| Movement {
            of: line.of,
            refund: line.kind == LineKind::Refund,
            amount: if of_merchant { line.owed.get() } else { line.points.hundredths() },
        })
        .collect();
    let ledger = if of_merchant {
        purchase_entries(c, &row, Span::of(month))?
    } else {
        redemption_entries(c, &row, lines.iter().map(|line| line.of).collect())?
    };
    let found = differences(&till, &ledger);
    Ok((lines, found))
}

type Moved = (Uuid, Option<Uuid>, i64);

fn moved((of, reverses, amount): Moved) -> Movement {
    let refund = reverses.is_some();
    Movement { of, refund, amount: if refund { amount } else { -amount } }
}

fn purchase_entries(
    c: &mut PgConnection,
    row: &SettlementRow,
    span: Span,
) -> Result<Vec<Movement>, Error> {
    let rows: Vec<Moved> = entries::table
        .inner_join(purchases::table.on(
            purchases::village_id.eq(entries::village_id).and(purchases::id.eq(entries::source_id)),
        ))
        .filter(entries::village_id.eq(row.village_id))
        .filter(entries::recorded_at.ge(span.from))
        .filter(entries::recorded_at.lt(span.to))
        .filter(entries::purse.eq(Purse::StarCredit.code()))
        .filter(entries::source.eq(Source::Purchase(PurchaseId(Uuid::nil())).code()))
        .filter(purchases::merchant_id.eq(row.party_id))
        .limit(LINES_MAX)
        .select((entries::source_id, entries::reverses, entries::amount))
        .load(c)?;
    Ok(rows.into_iter().map(moved).collect())
}

/// Of redemptions whose goods were handed over or taken back in the month, whenever the points moved:
/// a purchase and its refund are compared where they are lines.
fn redemption_entries(
    c: &mut PgConnection,
    row: &SettlementRow,
    of: Vec<Uuid>,
) -> Result<Vec<Movement>, Error> {
    let span = Span::of(row.month()?);
    let theirs = || {
        entries::table
            .inner_join(
                handed_out::table.on(handed_out::village_id
                    .eq(entries::village_id)
                    .and(handed_out::id.eq(entries::source_id))),
            )
            .filter(entries::village_id.eq(row.village_id))
            .filter(entries::source_id.eq_any(of.clone()))
            .filter(entries::source.eq(Source::Redemption(RedemptionId(Uuid::nil())).code()))
            .filter(entries::purse.eq(Purse::Points.code()))
            .select((entries::source_id, entries::reverses, entries::amount))
    };
    let mut rows: Vec<Moved> = theirs()
        .filter(entries::reverses.is_null())
        .filter(handed_out::handed_over_at.ge(span.from))
        .filter(handed_out::handed_over_at.lt(span.to))
        .load(c)?;
    rows.extend::<Vec<Moved>>(
        theirs()
            .filter(not(entries::reverses.is_null()))
            .filter(handed_out::ended_at.ge(span.from))
            .filter(handed_out::ended_at.lt(span.to))
            .load(c)?,
    );
    Ok(rows.into_iter().map(moved).collect())
}

/// Reckons a statement anew from till and ledger, after what differed was cleared up.
///
/// # Errors
/// `settlement_state` once it is approved, `settlement_followed` if a later statement goes on from what it
/// carried on and that would change, `own_merchant`, `forbidden`, `not_found`.
pub fn reckon(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<SettlementRow, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut row = lock_in_tx(tx, village, id)?;
        let target = target_in(tx, place, &row)?;
        let permit = allows(actor, Action::SettlementManage, &target)?;
        for_the_village(actor, target.merchant)?;
        hold_in_tx(tx, village)?;
        let (party, month, before) = (row.party()?, row.month()?, row.settlement()?);
        let sums = sums::of_villages(tx, &[village.0], Span::of(month))?;
        let figures = sums.get(&(village.0, party)).copied().unwrap_or_default();
        let balance = settle(party, &figures, Fen::new(row.carried_in))?;
        let after = before.reckon(figures.reconciled(party), balance.due)?;
        if balance.carried_out.get() != row.carried_out && is_followed(tx, &row)? {
            return Err(Refusal::SettlementFollowed.into());
        }
        cure::forget_in_tx(tx, &row)?;
        row.reckoned(party, &figures, &balance);
        row.stands(&after);
        save_whole_in_tx(tx, &mut row)?;
        record_in_tx(tx, &row, (actor, permit), Step::Reckoned, (None, None), now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "settlement_reckon",
                subject: Some(id),
                reason: None,
                detail: None,
            },
        )?;
        if after.state == State::Differs {
            tell::differing_in_tx(tx, &row, now)?;
        } else if after.due != before.due {
            tell::due_in_tx(tx, &row, now)?;
        }
        Ok(row)
    })
}

/// Whether a later statement of the party was made.
pub(super) fn is_followed(tx: &mut PgConnection, row: &SettlementRow) -> Result<bool, Error> {
    let later = settlements::table
        .filter(settlements::village_id.eq(row.village_id))
        .filter(settlements::party_id.eq(row.party_id))
        .filter(settlements::month.gt(&row.month));
    Ok(diesel::select(diesel::dsl::exists(later)).get_result(tx)?)
}
