//! Lines with whose they are: the board, the pay list, and whom to tell.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, PayoutId, VillageId, VillagerId};
use domain::notice::NoticeKind;
use domain::person::Residence;
use uuid::Uuid;

use super::row::{HandoverRow, LineRow};
use crate::error::Error;
use crate::schema::{
    accounts, households, objections, payout_handovers, payout_lines, payouts, villagers,
};
use crate::villagers::residence_of;

/// A line with whose it is and what became of it.
#[derive(Clone, Debug)]
pub struct ShownLine {
    /// The line.
    pub row: LineRow,
    /// The number of the household.
    pub household_number: String,
    /// The name of the person, or of the head of the household.
    pub name: Option<String>,
    /// Where that person stands: the part of somebody who died or moved away is not lost.
    pub residence: Option<String>,
    /// Whether an objection to it is open.
    pub disputed: bool,
    /// That it was handed out.
    pub handover: Option<HandoverRow>,
}

/// Lines of a payout after a place, in the order of their places; only those with a part if `parts`
/// says so.
pub(super) fn lines_after(
    c: &mut PgConnection,
    (village, id): (VillageId, PayoutId),
    parts: bool,
    after: i32,
    limit: i64,
) -> Result<Vec<ShownLine>, Error> {
    type Row = (LineRow, String, Option<String>, Option<String>, Option<HandoverRow>);
    let mut query = payout_lines::table
        .inner_join(
            accounts::table.on(accounts::village_id
                .eq(payout_lines::village_id)
                .and(accounts::id.eq(payout_lines::account_id))),
        )
        .inner_join(
            households::table.on(households::village_id
                .eq(payout_lines::village_id)
                .and(households::id.eq(payout_lines::household_id))),
        )
        .left_join(
            villagers::table.on(villagers::village_id.eq(payout_lines::village_id).and(
                villagers::id.nullable().eq(accounts::villager_id).or(accounts::villager_id
                    .is_null()
                    .and(villagers::id.nullable().eq(households::head_id))),
            )),
        )
        .left_join(
            payout_handovers::table.on(payout_handovers::village_id
                .eq(payout_lines::village_id)
                .and(payout_handovers::payout_id.eq(payout_lines::payout_id))
                .and(payout_handovers::account_id.eq(payout_lines::account_id))),
        )
        .filter(payout_lines::village_id.eq(village.0))
        .filter(payout_lines::payout_id.eq(id.0))
        .filter(payout_lines::place.gt(after))
        .order(payout_lines::place)
        .limit(limit)
        .select((
            LineRow::as_select(),
            households::number,
            villagers::name.nullable(),
            villagers::residence.nullable(),
            Option::<HandoverRow>::as_select(),
        ))
        .into_boxed();
    if parts {
        query = query.filter(payout_lines::fen.gt(0).or(payout_lines::title.is_not_null()));
    }
    let rows: Vec<Row> = query.load(c)?;
    let accounts: Vec<Uuid> = rows.iter().map(|(row, ..)| row.account_id).collect();
    let open = disputed(c, village, id, &accounts)?;
    Ok(rows
        .into_iter()
        .map(|(row, household_number, name, residence, handover)| ShownLine {
            disputed: open.contains(&row.account_id),
            row,
            household_number,
            name,
            residence,
            handover,
        })
        .collect())
}

fn disputed(
    c: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
    accounts: &[Uuid],
) -> Result<BTreeSet<Uuid>, Error> {
    let open: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::payout_id.eq(id.0))
        .filter(objections::account_id.eq_any(accounts))
        .filter(objections::answered_at.is_null())
        .select(objections::account_id)
        .load(c)?;
    Ok(open.into_iter().flatten().collect())
}

/// The lines of a payout as they hang. A dividend shows every account, so that everybody can add it up
/// and nobody is forgotten; awards show those who get one, so that nobody is shown at the bottom.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn of_board(
    c: &mut PgConnection,
    (village, id): (VillageId, PayoutId),
    kind: NoticeKind,
    after: i32,
    limit: i64,
) -> Result<Vec<ShownLine>, Error> {
    lines_after(c, (village, id), kind == NoticeKind::Awards, after, limit)
}

/// How many lines of each payout hang.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn counts(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, Error> {
    Ok(payout_lines::table
        .inner_join(
            payouts::table.on(payouts::village_id
                .eq(payout_lines::village_id)
                .and(payouts::id.eq(payout_lines::payout_id))),
        )
        .filter(payout_lines::village_id.eq(village.0))
        .filter(payout_lines::payout_id.eq_any(ids))
        .filter(
            payouts::kind
                .eq(NoticeKind::Dividend.as_str())
                .or(payout_lines::fen.gt(0))
                .or(payout_lines::title.is_not_null()),
        )
        .group_by(payout_lines::payout_id)
        .select((payout_lines::payout_id, diesel::dsl::count_star()))
        .load(c)?)
}

/// The household of a line.
///
/// # Errors
/// `not_found`.
pub(crate) fn whose_line_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
    account: AccountId,
) -> Result<HouseholdId, Error> {
    let household: Uuid = payout_lines::table
        .find((village.0, id.0, account.0))
        .select(payout_lines::household_id)
        .first(tx)?;
    Ok(HouseholdId(household))
}

/// Whom to tell of accounts: the person whose it is, or the head of the household.
pub(crate) fn receivers(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, VillagerId>, Error> {
    let found: Vec<(Uuid, Option<Uuid>, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(ids))
        .select((accounts::id, accounts::villager_id, households::head_id))
        .load(c)?;
    let to = |(account, villager, head): (Uuid, Option<Uuid>, Option<Uuid>)| {
        Some((account, VillagerId(villager.or(head)?)))
    };
    Ok(found.into_iter().filter_map(to).collect())
}

/// Where the person stands whose account it is, or who heads its household.
pub(super) fn residence_of_account(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<Option<Residence>, Error> {
    let Some(person) = receivers(c, village, &[account.0])?.remove(&account.0) else {
        return Ok(None);
    };
    let name: String =
        villagers::table.find((village.0, person.0)).select(villagers::residence).first(c)?;
    residence_of(&name).map(Some)
}
