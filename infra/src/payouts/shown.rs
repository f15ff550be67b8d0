//! Lines with whose they are: the board, the pay list, and whom to tell.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, NoticeId, PayoutId, VillageId, VillagerId};
use domain::notice::NoticeKind;
use domain::payout;
use domain::person::Residence;
use domain::points::Points;
use uuid::Uuid;

use super::hand;
use super::row::{HandoverRow, LineRow};
use crate::error::Error;
use crate::schema::{
    accounts, households, objections, payout_lines, payout_reckonings, payouts, villagers,
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
    /// When that person was born.
    pub born_on: Option<NaiveDate>,
    /// Where that person stands: the part of somebody who died or moved away is not lost.
    pub residence: Option<String>,
    /// Whether an objection to it is open.
    pub disputed: bool,
    /// That it was handed out.
    pub handover: Option<HandoverRow>,
}

/// Lines of a reckoning of a payout after a place, in the order of their places; only those with a part if
/// `parts` says so.
pub(super) fn lines_after(
    c: &mut PgConnection,
    (village, id, reckoning): (VillageId, PayoutId, i16),
    parts: bool,
    after: i32,
    limit: i64,
) -> Result<Vec<ShownLine>, Error> {
    type Row = (LineRow, String, Option<String>, Option<NaiveDate>, Option<String>);
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
        .filter(payout_lines::village_id.eq(village.0))
        .filter(payout_lines::payout_id.eq(id.0))
        .filter(payout_lines::reckoning.eq(reckoning))
        .filter(payout_lines::place.gt(after))
        .order(payout_lines::place)
        .limit(limit)
        .select((
            LineRow::as_select(),
            households::number,
            villagers::name.nullable(),
            villagers::born_on.nullable(),
            villagers::residence.nullable(),
        ))
        .into_boxed();
    if parts {
        query = query.filter(payout_lines::fen.gt(0).or(payout_lines::title.is_not_null()));
    }
    let rows: Vec<Row> = query.load(c)?;
    let accounts: Vec<Uuid> = rows.iter().map(|(row, ..)| row.account_id).collect();
    let open = disputed(c, village, id, &accounts)?;
    let asked = accounts.into_iter().map(|account| (id.0, account)).collect();
    let mut handed_out = hand::standing(c, village, &asked)?;
    Ok(rows
        .into_iter()
        .map(|(row, household_number, name, born_on, residence)| ShownLine {
            disputed: open.contains(&row.account_id),
            handover: handed_out.remove(&(id.0, row.account_id)),
            row,
            household_number,
            name,
            born_on,
            residence,
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

/// A notice of a payout.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    /// The village.
    pub(crate) village: VillageId,
    /// The notice.
    pub(crate) notice: NoticeId,
    /// The payout.
    pub(crate) payout: PayoutId,
    /// Dividend or awards.
    pub(crate) kind: NoticeKind,
    /// The day on which it was hung.
    pub(crate) hung_on: NaiveDate,
}

/// The lines of a payout as they hang or hung on a notice, also after it was reckoned anew. A dividend shows
/// every account, so that everybody can add it up and nobody is forgotten; awards show those who get one, so
/// that nobody is shown at the bottom. Nothing stands there against anybody ([`payout::name_shown`]).
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn of_board(
    c: &mut PgConnection,
    board: Board,
    after: i32,
    limit: i64,
) -> Result<Vec<ShownLine>, Error> {
    let Board { village, notice, payout: id, kind, hung_on } = board;
    let hung: Option<i16> = payout_reckonings::table
        .filter(payout_reckonings::village_id.eq(village.0))
        .filter(payout_reckonings::notice_id.eq(notice.0))
        .select(payout_reckonings::number)
        .first(c)
        .optional()?;
    let Some(reckoning) = hung else { return Ok(Vec::new()) };
    let of = (village, id, reckoning);
    let lines = lines_after(c, of, kind == NoticeKind::Awards, after, limit)?;
    let shown = |mut line: ShownLine| {
        let left_out = line.row.left_out.take().is_some();
        let name = line.name.take();
        line.name = name.map(|name| payout::name_shown(&name, left_out, line.born_on, hung_on));
        let points = Points::from_hundredths(line.row.points);
        line.row.points = payout::points_shown(points).hundredths();
        line
    };
    Ok(lines.into_iter().map(shown).collect())
}

/// How many lines hang or hung on each of these notices, if it is one of a payout.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn counts(
    c: &mut PgConnection,
    village: VillageId,
    notices: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, Error> {
    Ok(payout_lines::table
        .inner_join(
            payout_reckonings::table.on(payout_reckonings::village_id
                .eq(payout_lines::village_id)
                .and(payout_reckonings::payout_id.eq(payout_lines::payout_id))
                .and(payout_reckonings::number.eq(payout_lines::reckoning))),
        )
        .inner_join(
            payouts::table.on(payouts::village_id
                .eq(payout_lines::village_id)
                .and(payouts::id.eq(payout_lines::payout_id))),
        )
        .filter(payout_lines::village_id.eq(village.0))
        .filter(payout_reckonings::notice_id.assume_not_null().eq_any(notices))
        .filter(
            payouts::kind
                .eq(NoticeKind::Dividend.as_str())
                .or(payout_lines::fen.gt(0))
                .or(payout_lines::title.is_not_null()),
        )
        .group_by(payout_reckonings::notice_id)
        .select((payout_reckonings::notice_id.assume_not_null(), diesel::dsl::count_star()))
        .load(c)?)
}

/// The household that an account belongs to now, if it has a line in the present reckoning of a payout.
///
/// # Errors
/// `not_found`.
pub(crate) fn whose_line_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (id, reckoning): (PayoutId, i16),
    account: AccountId,
) -> Result<HouseholdId, Error> {
    let _: Uuid = payout_lines::table
        .find((village.0, id.0, reckoning, account.0))
        .select(payout_lines::household_id)
        .first(tx)?;
    household_now(tx, village, account)
}

/// The household that an account belongs to now.
///
/// # Errors
/// `not_found`.
pub(super) fn household_now(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<HouseholdId, Error> {
    let household: Uuid =
        accounts::table.find((village.0, account.0)).select(accounts::household_id).first(c)?;
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
