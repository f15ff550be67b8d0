//! The lines of a statement: every purchase or redemption of its month and every refund, each with its
//! entry of the ledger. They are read where they are: `refuse_settled_change` keeps a closed month.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::discount::{Bearer, Category, Purchase, PurchaseState};
use domain::id::{RedemptionId, VillageId};
use domain::ledger::{Purse, Source};
use domain::points::{BasisPoints, Fen, Points};
use domain::policy::Action;
use domain::refusal::Refusal;
use domain::settlement::Party;
use domain::store::RedemptionState;
use uuid::Uuid;

use super::list::{Shown, named, target_in};
use super::row::{SettlementRow, find};
use super::sums::Span;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{entries, purchases, redemptions};

/// The most lines of one file.
pub const LINES_MAX: i64 = 100_000;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// A purchase, or goods that were handed over.
    Sale,
    /// A refund.
    Refund,
}

/// A line of a statement. Whose purchase it was stands in the ledger, and not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When the ledger recorded it.
    pub at: DateTime<Utc>,
    /// What it is.
    pub kind: LineKind,
    /// The purchase or redemption.
    pub of: Uuid,
    /// What goods, at a store.
    pub goods: Option<String>,
    /// At a merchant: the category, by which the agreement was found.
    pub category: Option<Category>,
    /// At a merchant: which share of the price came off, as far as no ceiling was in the way.
    pub share: Option<BasisPoints>,
    /// What the goods cost.
    pub price: Fen,
    /// What the village owes for it; of a refund, what it owes less.
    pub owed: Fen,
    /// What the merchant gave.
    pub given: Fen,
    /// The cash that a store took.
    pub cash: Fen,
    /// The points that were redeemed.
    pub points: Points,
    /// The entry of the ledger that says so; none where nothing moved.
    pub entry: Option<Uuid>,
}

/// Where a page of lines begins: after this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    at: DateTime<Utc>,
    kind: LineKind,
    of: Uuid,
}

impl From<&Line> for After {
    fn from(line: &Line) -> Self {
        Self { at: line.at, kind: line.kind, of: line.of }
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind == LineKind::Sale { 's' } else { 'r' };
        write!(f, "{}{kind}{}", self.at.timestamp_micros(), self.of.simple())
    }
}

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let kind = if text.contains('s') { 's' } else { 'r' };
        let (at, of) = text.split_once(kind).ok_or(())?;
        Ok(Self {
            at: at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(())?,
            kind: if kind == 's' { LineKind::Sale } else { LineKind::Refund },
            of: Uuid::parse_str(of).map_err(|_| ())?,
        })
    }
}

/// A statement with lines of it.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The statement.
    pub shown: Shown,
    /// The lines, in the order of their time.
    pub lines: Vec<Line>,
}

/// The lines of a statement after one of them; one more than `limit`.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn lines(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    after: Option<After>,
    limit: i64,
    why: &Why,
) -> Result<Vec<Line>, Error> {
    let place = db.place(village)?;
    let (row, target) = db.read(|c| {
        let row = find(c, village, id)?;
        let target = target_in(c, place, &row)?;
        Ok((row, target))
    })?;
    db.allows_reading(actor, Action::SettlementShow, &target, &why.about(id))?;
    db.read(|c| page(c, &row, after, limit.saturating_add(1)))
}

/// A statement with its lines, at most [`LINES_MAX`], to be taken away as a file. Whoever it is says why,
/// and it is recorded.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn export(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    why: &Why,
) -> Result<Lines, Error> {
    let place = db.place(village)?;
    let (row, target) = db.read(|c| {
        let row = find(c, village, id)?;
        let target = target_in(c, place, &row)?;
        Ok((row, target))
    })?;
    let permit = domain::policy::allows(actor, Action::SettlementShow, &target)?;
    let reason = why.reason.as_deref().ok_or(Refusal::ReasonRequired)?;
    db.write(|tx| {
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: why.at,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "settlement_export",
                subject: Some(id),
                reason: Some(reason),
                detail: None,
            },
        )
    })?;
    db.read(|c| {
        let lines = page(c, &row, None, LINES_MAX)?;
        let shown = named(c, vec![row.clone()])?.pop().ok_or(Refusal::NotFound)?;
        Ok(Lines { shown, lines })
    })
}

/// Lines of a statement, sales and refunds by their time.
pub(super) fn page(
    c: &mut PgConnection,
    row: &SettlementRow,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let span = Span::of(row.month()?);
    let mut lines = match row.party()? {
        Party::Merchant(_) => purchase_lines(c, row, span, after, limit)?,
        Party::MerchantStore(_) | Party::VillageStore(_) => {
            redemption_lines(c, row, span, after, limit)?
        }
    };
    lines.sort_by_key(|line| (line.at, line.kind, line.of));
    lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(lines)
}

/// From which moment on lines of a kind follow, and those of that very moment from which id on.
fn bounds(after: Option<After>, kind: LineKind, span: Span) -> (DateTime<Utc>, Uuid) {
    match after {
        None => (span.from, Uuid::nil()),
        Some(after) if after.at < span.from => (span.from, Uuid::nil()),
        // At the same moment refunds follow sales; of one kind, by their ids.
        Some(after) if after.kind == kind => (after.at, after.of),
        Some(after) if after.kind == LineKind::Sale => (after.at, Uuid::nil()),
        Some(after) => (after.at, Uuid::max()),
    }
}

fn purchase_lines(
    c: &mut PgConnection,
    row: &SettlementRow,
    span: Span,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    type Found = (Uuid, Option<DateTime<Utc>>, i64, i64, String, String, i16, Option<Uuid>);
    let theirs = || {
        purchases::table
            .filter(purchases::village_id.eq(row.village_id))
            .filter(purchases::merchant_id.eq(row.party_id))
    };
    let (at, id) = bounds(after, LineKind::Sale, span);
    let waited = Duration::seconds(Purchase::CONFIRM_SECONDS);
    let sold = || {
        theirs()
            .filter(purchases::completed_at.ge(at))
            .filter(purchases::completed_at.lt(span.to))
            .filter(purchases::made_at.ge(at - waited))
            .filter(purchases::made_at.lt(span.to))
            .filter(
                purchases::completed_at
                    .gt(at)
                    .or(purchases::completed_at.eq(at).and(purchases::id.gt(id))),
            )
    };
    // Purchases lie in the order of their making, lines in that of their completion. So a page looks no
    // further than to the last moment at which one that is on it could be made.
    let last: Option<DateTime<Utc>> = sold()
        .order(purchases::made_at)
        .offset(limit.saturating_sub(1))
        .select(purchases::made_at)
        .first(c)
        .optional()?;
    let sales: Vec<Found> = sold()
        .filter(purchases::made_at.le(last.map_or(span.to, |last| last + waited)))
        .order((purchases::completed_at, purchases::id))
        .limit(limit)
        .select((
            purchases::id,
            purchases::completed_at,
            purchases::price,
            purchases::discount,
            purchases::bearer,
            purchases::category,
            purchases::discount_bp,
            purchases::entry_id,
        ))
        .load(c)?;
    let (at, id) = bounds(after, LineKind::Refund, span);
    let refunds: Vec<Found> = theirs()
        .left_join(
            entries::table.on(entries::village_id
                .eq(purchases::village_id)
                .and(entries::reverses.eq(purchases::entry_id))),
        )
        .filter(purchases::state.eq(PurchaseState::Refunded.as_str()))
        .filter(purchases::refunded_at.ge(at))
        .filter(purchases::refunded_at.lt(span.to))
        .filter(
            purchases::refunded_at
                .gt(at)
                .or(purchases::refunded_at.eq(at).and(purchases::id.gt(id))),
        )
        .order((purchases::refunded_at, purchases::id))
        .limit(limit)
        .select((
            purchases::id,
            purchases::refunded_at,
            purchases::price,
            purchases::discount,
            purchases::bearer,
            purchases::category,
            purchases::discount_bp,
            entries::id.nullable(),
        ))
        .load(c)?;
    let line = |kind: LineKind| {
        move |(of, at, price, discount, bearer, category, share, entry): Found| {
            let off = Fen::new(discount);
            let owed = bearer == Bearer::CreditOffset.as_str();
            Line {
                at: at.unwrap_or(span.from),
                kind,
                of,
                goods: None,
                category: Category::from_name(&category),
                share: u16::try_from(share).ok().and_then(BasisPoints::new),
                price: Fen::new(price),
                owed: if owed { off } else { Fen::ZERO },
                given: if owed { Fen::ZERO } else { off },
                cash: Fen::ZERO,
                points: Points::ZERO,
                entry,
            }
        }
    };
    let sales = sales.into_iter().map(line(LineKind::Sale));
    Ok(sales.chain(refunds.into_iter().map(line(LineKind::Refund))).collect())
}

fn redemption_lines(
    c: &mut PgConnection,
    row: &SettlementRow,
    span: Span,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Line>, Error> {
    type Found = (Uuid, Option<DateTime<Utc>>, String, i32, i64, Option<i64>, i64, Option<Uuid>);
    let kind = Source::Redemption(RedemptionId(Uuid::nil())).code();
    let entry = || {
        entries::village_id
            .eq(redemptions::village_id)
            .and(entries::source_id.eq(redemptions::id))
            .and(entries::source.eq(kind))
            .and(entries::purse.eq(Purse::Points.code()))
    };
    let theirs = || {
        redemptions::table
            .filter(redemptions::village_id.eq(row.village_id))
            .filter(redemptions::store_id.eq(row.party_id))
    };
    let (at, id) = bounds(after, LineKind::Sale, span);
    let handed_over: Vec<Found> = theirs()
        .left_join(entries::table.on(entry().and(entries::reverses.is_null())))
        .filter(redemptions::handed_over_at.ge(at))
        .filter(redemptions::handed_over_at.lt(span.to))
        .filter(
            redemptions::handed_over_at
                .gt(at)
                .or(redemptions::handed_over_at.eq(at).and(redemptions::id.gt(id))),
        )
        .order((redemptions::handed_over_at, redemptions::id))
        .limit(limit)
        .select((
            redemptions::id,
            redemptions::handed_over_at,
            redemptions::goods_name,
            redemptions::quantity,
            redemptions::worth,
            redemptions::cash_taken,
            redemptions::points,
            entries::id.nullable(),
        ))
        .load(c)?;
    let (at, id) = bounds(after, LineKind::Refund, span);
    let refunded: Vec<Found> = theirs()
        .left_join(entries::table.on(entry().and(entries::reverses.is_not_null())))
        .filter(redemptions::state.eq(RedemptionState::Refunded.as_str()))
        .filter(redemptions::ended_at.ge(at))
        .filter(redemptions::ended_at.lt(span.to))
        .filter(
            redemptions::ended_at
                .gt(at)
                .or(redemptions::ended_at.eq(at).and(redemptions::id.gt(id))),
        )
        .order((redemptions::ended_at, redemptions::id))
        .limit(limit)
        .select((
            redemptions::id,
            redemptions::ended_at,
            redemptions::goods_name,
            redemptions::quantity,
            redemptions::worth,
            redemptions::cash_taken,
            redemptions::points,
            entries::id.nullable(),
        ))
        .load(c)?;
    let line = |kind: LineKind| {
        move |(of, at, goods, quantity, worth, cash, points, entry): Found| {
            let (worth, cash) = (Fen::new(worth), Fen::new(cash.unwrap_or(0)));
            Ok(Line {
                at: at.unwrap_or(span.from),
                kind,
                of,
                goods: Some(format!("{goods} ×{quantity}")),
                category: None,
                share: None,
                price: worth.plus(cash).ok_or(Refusal::AmountOutOfRange)?,
                owed: worth,
                given: Fen::ZERO,
                cash,
                points: Points::from_hundredths(points),
                entry,
            })
        }
    };
    let handed_over = handed_over.into_iter().map(line(LineKind::Sale));
    handed_over.chain(refunded.into_iter().map(line(LineKind::Refund))).collect()
}
