//! A payout and its lines as they are stored, and as the domain knows them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, PayoutId, VillageId};
use domain::notice::NoticeKind;
use domain::payout::{Candidate, Kind as PayoutKind, LeftOut, Line, State, Terms};
use domain::points::{Fen, Points};
use domain::rule_book::Resolution;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{payout_handovers, payout_lines, payout_reckonings, payouts};

/// A payout as it is stored.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
    Serialize,
    Deserialize,
)]
#[diesel(table_name = payouts, treat_none_as_null = true)]
pub struct PayoutRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// `dividend` or `awards`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// The first day of the period.
    pub from_day: NaiveDate,
    /// The last day.
    pub until_day: NaiveDate,
    /// By which terms, as [`Terms`].
    pub terms: serde_json::Value,
    /// The number of its present reckoning, the first being 1.
    pub reckoning: i16,
    /// As of when it was reckoned; entries recorded later do not count.
    pub as_of: DateTime<Utc>,
    /// Where it stands.
    pub state: String,
    /// What all parts come to, in fen.
    pub total: i64,
    /// How many claims of the period might still count, as of its reckoning.
    pub unsettled_claims: i32,
    /// By how much the fullest account of the fund held less, in fen, when that was last looked at.
    pub fund_short: i64,
    /// What the assembly resolved, as [`Resolution`].
    pub resolution: Option<serde_json::Value>,
    /// About which reckoning.
    pub voted_reckoning: Option<i16>,
    /// For how many days it hangs.
    pub notice_days: Option<i16>,
    /// The notice it is or was on.
    pub notice_id: Option<Uuid>,
    /// Who hung it.
    pub published_by: Option<Uuid>,
    /// The villager that they were bound to then.
    #[serde(default)]
    pub published_by_villager: Option<Uuid>,
    /// Whether it was reckoned anew since it was hung there.
    pub renewed: bool,
    /// Who prepared it.
    pub made_by: Uuid,
    /// The villager that they were bound to then.
    #[serde(default)]
    pub made_by_villager: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Since when it holds.
    pub effective_at: Option<DateTime<Utc>>,
    /// Out of which account of the fund it was paid.
    pub fund_account_id: Option<Uuid>,
    /// By which document.
    pub document: Option<String>,
    /// The voucher of the fund.
    pub fund_voucher_id: Option<Uuid>,
    /// Who had it paid.
    pub paid_by: Option<Uuid>,
    /// When.
    pub paid_at: Option<DateTime<Utc>>,
    /// Why it was taken back.
    pub withdrawn_reason: Option<String>,
    /// Counts the changes.
    pub version: i32,
}

/// The part of an account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = payout_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    /// The village.
    pub village_id: Uuid,
    /// The payout.
    pub payout_id: Uuid,
    /// The number of the reckoning.
    pub reckoning: i16,
    /// The account.
    pub account_id: Uuid,
    /// The household it belonged to then.
    pub household_id: Uuid,
    /// Where it stands on the list, the first being 1.
    pub place: i32,
    /// What counted of it, in hundredths of a point.
    pub points: i64,
    /// Its rank.
    pub rank: Option<i32>,
    /// Money.
    pub fen: i64,
    /// The title of its prize.
    pub title: Option<String>,
    /// What is given besides money.
    pub goods: Option<String>,
    /// Why it has no part whatever its points.
    pub left_out: Option<String>,
    /// Redeemable points that it used up, in hundredths.
    pub used_up: i64,
}

/// A reckoning of a payout: none is replaced by the next.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = payout_reckonings)]
pub(super) struct ReckoningRow {
    pub(super) village_id: Uuid,
    pub(super) payout_id: Uuid,
    pub(super) number: i16,
    pub(super) as_of: DateTime<Utc>,
    pub(super) total: i64,
    pub(super) reckoned_at: DateTime<Utc>,
}

/// That a part was handed out, or that this was put down by mistake.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize,
)]
#[diesel(table_name = payout_handovers)]
pub struct HandoverRow {
    /// The village.
    pub village_id: Uuid,
    /// The payout.
    pub payout_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The first of a part is 1; the latest holds.
    pub number: i16,
    /// Whether it takes back the one before it; then the note says why.
    pub reverses: bool,
    /// `cash`, `card`, `transfer` or `goods`.
    pub how: String,
    /// Who took it.
    pub received_by: String,
    /// What else is to be known.
    pub note: String,
    /// Who handed it out.
    pub handed_out_by: Uuid,
    /// The villager that they were bound to then.
    #[serde(default)]
    pub handed_out_by_villager: Option<Uuid>,
    /// When.
    pub handed_out_at: DateTime<Utc>,
}

fn read<T: DeserializeOwned>(what: &str, value: serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(value)
        .map_err(|error| Error::Bug(format!("a payout with {what} that cannot be read: {error}")))
}

impl PayoutRow {
    /// The terms.
    ///
    /// # Errors
    /// [`Error::Bug`] if they cannot be read.
    pub fn terms(&self) -> Result<Terms, Error> {
        read("terms", self.terms.clone())
    }

    /// What the assembly resolved.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn resolution(&self) -> Result<Option<Resolution>, Error> {
        self.resolution.clone().map(|value| read("a resolution", value)).transpose()
    }

    /// What is given out.
    ///
    /// # Errors
    /// [`Error::Bug`] if that is unknown.
    pub fn kind(&self) -> Result<PayoutKind, Error> {
        PayoutKind::from_name(&self.kind)
            .ok_or_else(|| Error::Bug(format!("a payout of the kind {}", self.kind)))
    }

    /// Whether it was reckoned anew since the assembly voted for it.
    pub fn changed_since_vote(&self) -> bool {
        self.voted_reckoning.is_some_and(|voted| voted != self.reckoning)
    }

    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Bug`] if that is unknown.
    pub fn state(&self) -> Result<State, Error> {
        State::from_name(&self.state)
            .ok_or_else(|| Error::Bug(format!("a payout that is {}", self.state)))
    }

    /// The kind of notice on which it hangs.
    ///
    /// # Errors
    /// [`Error::Bug`] if its kind is unknown.
    pub fn notice_kind(&self) -> Result<NoticeKind, Error> {
        Ok(self.kind()?.notice())
    }

    /// The same row in another state.
    #[must_use]
    pub(crate) fn to(self, state: State) -> Self {
        Self { state: state.as_str().to_owned(), ..self }
    }
}

impl LineRow {
    /// The row of a line that was just reckoned, as the one at `place`.
    pub(super) fn of(payout: &PayoutRow, place: i32, line: Line) -> Self {
        Self {
            village_id: payout.village_id,
            payout_id: payout.id,
            reckoning: payout.reckoning,
            account_id: line.of.account.0,
            household_id: line.of.household.0,
            place,
            points: line.of.points.hundredths(),
            rank: line.rank.and_then(|rank| i32::try_from(rank).ok()),
            fen: line.fen.get(),
            title: line.title,
            goods: line.goods,
            left_out: line.of.left_out.map(|why| why.as_str().to_owned()),
            used_up: 0,
        }
    }

    /// The line as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn line(&self) -> Result<Line, Error> {
        let unknown = || Error::Bug("a payout's line with a reason of its own".into());
        let left_out = self.left_out.as_deref();
        Ok(Line {
            of: Candidate {
                account: AccountId(self.account_id),
                household: HouseholdId(self.household_id),
                points: Points::from_hundredths(self.points),
                left_out: left_out
                    .map(|name| LeftOut::from_name(name).ok_or_else(unknown))
                    .transpose()?,
            },
            rank: self.rank.and_then(|rank| u32::try_from(rank).ok()),
            fen: Fen::new(self.fen),
            title: self.title.clone(),
            goods: self.goods.clone(),
        })
    }
}

/// One payout.
///
/// # Errors
/// `not_found`.
pub(super) fn find(
    c: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
) -> Result<PayoutRow, Error> {
    Ok(payouts::table.find((village.0, id.0)).select(PayoutRow::as_select()).first(c)?)
}

/// A payout, locked until the transaction ends.
///
/// # Errors
/// `not_found`.
pub(crate) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
) -> Result<PayoutRow, Error> {
    Ok(payouts::table
        .find((village.0, id.0))
        .select(PayoutRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// Writes a payout that was locked, as its next version.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn save_in_tx(tx: &mut PgConnection, row: PayoutRow) -> Result<PayoutRow, Error> {
    let row = PayoutRow { version: row.version + 1, ..row };
    diesel::update(payouts::table.find((row.village_id, row.id))).set(&row).execute(tx)?;
    Ok(row)
}

/// All lines of the present reckoning of a payout, in their order.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Bug`] if one cannot be read.
pub(super) fn lines_of(c: &mut PgConnection, row: &PayoutRow) -> Result<Vec<Line>, Error> {
    let rows: Vec<LineRow> = payout_lines::table
        .filter(payout_lines::village_id.eq(row.village_id))
        .filter(payout_lines::payout_id.eq(row.id))
        .filter(payout_lines::reckoning.eq(row.reckoning))
        .order(payout_lines::place)
        .select(LineRow::as_select())
        .load(c)?;
    rows.iter().map(LineRow::line).collect()
}
