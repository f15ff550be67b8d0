//! The notice board as people read it: whose line it is stands there as its kind needs, no more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::claim::State;
use domain::id::{FundStatementId, NoticeId, PayoutId, VillageId};
use domain::notice::{NoticeKind, name_shown};
use domain::points::Points;
use domain::policy::{Action, Target, allows};
use domain::rating_line::LineState;
use domain::rule_book::ItemKind;
use uuid::Uuid;

use super::NoticeRow;
use crate::claims::row::ClaimRow;
use crate::db::Db;
use crate::error::Error;
use crate::funds::brakes::{self, Announced};
use crate::funds::statements::{self, Stated};
use crate::payouts::{self, Board};
use crate::schema::{accounts, claims, households, notices, objections, rating_lines, villagers};

/// A notice with how much hangs on it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The notice.
    pub notice: NoticeRow,
    /// How many lines it has.
    pub lines: i64,
}

/// A line of a notice.
#[derive(Clone, Debug)]
pub enum BoardLine {
    /// A claim or deduction.
    Claim(ClaimLine),
    /// An account in a rating.
    Rating(RatingLine),
    /// An account in a payout.
    Payout(Box<payouts::ShownLine>),
    /// A statement of the fund, the only line.
    FundStatement(Box<Stated>),
    /// A brake on issuance with its id, the only line.
    Brake(Uuid, Announced),
}

/// Where a page of a notice ended: at the id of a claim or account, or at a place of a payout's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// After this id.
    Id(Uuid),
    /// After this place.
    Place(i32),
}

impl BoardLine {
    /// Where the next page goes on.
    pub fn cursor(&self) -> Cursor {
        match self {
            Self::Claim(line) => Cursor::Id(line.claim_id),
            Self::Rating(line) => Cursor::Id(line.account_id),
            Self::Payout(line) => Cursor::Place(line.row.place),
            Self::FundStatement(statement) => Cursor::Id(statement.row.id),
            Self::Brake(id, _) => Cursor::Id(*id),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Place(place) => place.fmt(f),
        }
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let id = text.parse().map(Self::Id);
        id.or_else(|_| text.parse().map(Self::Place)).map_err(|_| ())
    }
}

/// A claim as it hangs.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    /// The claim.
    pub claim_id: Uuid,
    /// The number of the household.
    pub household_number: String,
    /// The person's name as the board shows it.
    pub name: String,
    /// The name of the item.
    pub item: String,
    /// Award or deduction.
    pub kind: ItemKind,
    /// The day of the deed.
    pub happened_on: NaiveDate,
    /// With their sign.
    pub points: Points,
    /// Where the claim stands now.
    pub state: State,
    /// Whether an objection to it is open.
    pub disputed: bool,
}

/// An account in a rating as it hangs.
#[derive(Clone, Debug)]
pub struct RatingLine {
    /// The account.
    pub account_id: Uuid,
    /// The number of the household.
    pub household_number: String,
    /// The name of the person, or of the head of the household.
    pub name: Option<String>,
    /// The score of the cycle.
    pub score: Points,
    /// The stars.
    pub stars: i16,
    /// Why there is no star whatever the score.
    pub excluded: Option<String>,
    /// Where the line stands now.
    pub state: LineState,
    /// Whether an objection to it is open.
    pub disputed: bool,
}

/// The notices of a village, the newest first, before a number.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    allows(actor, Action::NoticeShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let rows: Vec<NoticeRow> = notices::table
            .filter(notices::village_id.eq(village.0))
            .filter(notices::number.lt(before.unwrap_or(i32::MAX)))
            .order(notices::number.desc())
            .limit(limit)
            .select(NoticeRow::as_select())
            .load(c)?;
        counted(c, village, rows)
    })
}

/// One notice.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(db: &Db, actor: &Actor, village: VillageId, id: NoticeId) -> Result<Listed, Error> {
    allows(actor, Action::NoticeShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let row = find(c, village, id)?;
        counted(c, village, vec![row])?.pop().ok_or_else(|| diesel::NotFound.into())
    })
}

fn find(c: &mut PgConnection, village: VillageId, id: NoticeId) -> Result<NoticeRow, Error> {
    Ok(notices::table.find((village.0, id.0)).select(NoticeRow::as_select()).first(c)?)
}

fn counted(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<NoticeRow>,
) -> Result<Vec<Listed>, Error> {
    let claims: Vec<(Option<Uuid>, i64)> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::notice_id.eq_any(rows.iter().map(|row| row.id)))
        .group_by(claims::notice_id)
        .select((claims::notice_id, count_star()))
        .load(c)?;
    let ratings: Vec<(Uuid, i64)> = rating_lines::table
        .filter(rating_lines::village_id.eq(village.0))
        .filter(rating_lines::rating_id.eq_any(rows.iter().filter_map(|row| row.rating_id)))
        .group_by(rating_lines::rating_id)
        .select((rating_lines::rating_id, count_star()))
        .load(c)?;
    let of_payouts = rows.iter().filter(|row| row.payout_id.is_some());
    let ids: Vec<Uuid> = of_payouts.map(|row| row.id).collect();
    let payouts = payouts::counts(c, village, &ids)?;
    let whole = ratings.into_iter().chain(payouts).map(|(id, count)| (Some(id), count));
    let counts: BTreeMap<_, _> = claims.into_iter().chain(whole).collect();
    let lines = |row: &NoticeRow| {
        let on_it = counts.get(&Some(row.id)).or(counts.get(&row.rating_id));
        let alone = row.fund_statement_id.or(row.brake_id).is_some();
        on_it.copied().unwrap_or(i64::from(alone))
    };
    Ok(rows.into_iter().map(|notice| Listed { lines: lines(&notice), notice }).collect())
}

/// The lines of a notice, after a cursor.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn lines(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    notice: NoticeId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<BoardLine>, Error> {
    allows(actor, Action::NoticeShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let row = find(c, village, notice)?;
        let (id, place) = match after {
            None => (Uuid::nil(), 0),
            Some(Cursor::Id(id)) => (id, i32::MAX),
            Some(Cursor::Place(place)) => (Uuid::max(), place),
        };
        match (row.kind()?, row.rating_id, row.payout_id) {
            (NoticeKind::Rating, Some(rating), _) => ratings(c, village, rating, id, limit),
            (kind @ (NoticeKind::Dividend | NoticeKind::Awards), _, Some(payout)) => {
                let (payout, hung_on) = (PayoutId(payout), day_of(row.opens_at));
                let board = Board { village, notice, payout, kind, hung_on };
                let lines = payouts::of_board(c, board, place, limit)?;
                Ok(lines.into_iter().map(|line| BoardLine::Payout(Box::new(line))).collect())
            }
            (NoticeKind::FundStatement, ..) => {
                let hung = row.fund_statement_id.filter(|hung| *hung > id);
                let Some(hung) = hung else { return Ok(Vec::new()) };
                let statement = statements::find(c, village, FundStatementId(hung))?.read()?;
                Ok(vec![BoardLine::FundStatement(Box::new(statement))])
            }
            (NoticeKind::Brake, ..) => {
                let hung = row.brake_id.filter(|hung| *hung > id);
                let Some(hung) = hung else { return Ok(Vec::new()) };
                Ok(vec![BoardLine::Brake(hung, brakes::of_board(c, village, hung)?)])
            }
            _ => claims(db, c, village, notice, id, limit),
        }
    })
}

fn claims(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<BoardLine>, Error> {
    let rows: Vec<(ClaimRow, String, String)> = claims::table
        .inner_join(villagers::table.on(
            villagers::village_id.eq(claims::village_id).and(villagers::id.eq(claims::person_id)),
        ))
        .inner_join(
            households::table.on(households::village_id
                .eq(claims::village_id)
                .and(households::id.eq(claims::household_id))),
        )
        .filter(claims::village_id.eq(village.0))
        .filter(claims::notice_id.eq(notice.0))
        .filter(claims::id.gt(after))
        .order(claims::id)
        .limit(limit)
        .select((ClaimRow::as_select(), villagers::name, households::number))
        .load(c)?;
    let open: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::claim_id.eq_any(rows.iter().map(|(row, ..)| row.id)))
        .filter(objections::answered_at.is_null())
        .select(objections::claim_id)
        .load(c)?;
    let open: BTreeSet<_> = open.into_iter().flatten().collect();
    rows.into_iter()
        .map(|(row, name, household_number)| {
            let claim = row.kept()?.claim;
            let book = db.book(c, village, claim.rule_book)?;
            let item = book.item(&claim.item_code).map(|item| item.name.clone());
            Ok(BoardLine::Claim(ClaimLine {
                claim_id: claim.id.0,
                household_number,
                name: name_shown(claim.kind, &name),
                kind: claim.kind,
                happened_on: claim.happened_on,
                points: claim.signed(),
                state: claim.state,
                disputed: open.contains(&claim.id.0),
                item: item.unwrap_or(claim.item_code),
            }))
        })
        .collect()
}

fn ratings(
    c: &mut PgConnection,
    village: VillageId,
    rating: Uuid,
    after: Uuid,
    limit: i64,
) -> Result<Vec<BoardLine>, Error> {
    type Row = (Uuid, i64, i16, Option<String>, String, String, Option<String>);
    let rows: Vec<Row> = rating_lines::table
        .inner_join(
            accounts::table.on(accounts::village_id
                .eq(rating_lines::village_id)
                .and(accounts::id.eq(rating_lines::account_id))),
        )
        .inner_join(
            households::table.on(households::village_id
                .eq(rating_lines::village_id)
                .and(households::id.eq(rating_lines::household_id))),
        )
        .left_join(
            villagers::table.on(villagers::village_id.eq(rating_lines::village_id).and(
                villagers::id.nullable().eq(accounts::villager_id).or(accounts::villager_id
                    .is_null()
                    .and(villagers::id.nullable().eq(households::head_id))),
            )),
        )
        .filter(rating_lines::village_id.eq(village.0))
        .filter(rating_lines::rating_id.eq(rating))
        .filter(rating_lines::account_id.gt(after))
        .order(rating_lines::account_id)
        .limit(limit)
        .select((
            rating_lines::account_id,
            rating_lines::score,
            rating_lines::stars,
            rating_lines::excluded,
            rating_lines::state,
            households::number,
            villagers::name.nullable(),
        ))
        .load(c)?;
    let open: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::rating_id.eq(rating))
        .filter(objections::account_id.eq_any(rows.iter().map(|row| row.0)))
        .filter(objections::answered_at.is_null())
        .select(objections::account_id)
        .load(c)?;
    let open: BTreeSet<_> = open.into_iter().flatten().collect();
    rows.into_iter()
        .map(|(account_id, score, stars, excluded, state, household_number, name)| {
            let state = LineState::from_name(&state)
                .ok_or_else(|| Error::Bug(format!("a rating line that is {state}")))?;
            Ok(BoardLine::Rating(RatingLine {
                account_id,
                household_number,
                name,
                score: Points::from_hundredths(score),
                stars,
                excluded,
                state,
                disputed: open.contains(&account_id),
            }))
        })
        .collect()
}
