//! A claim as it is stored, and as the domain knows it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::claim::{Claim, Decision, State, Via, Vote};
use domain::id::{
    AccountId, ClaimId, HouseholdId, NoticeId, RuleBookId, UserId, VillageId, VillagerId,
};
use domain::points::Points;
use domain::rule_book::{ItemKind, Measure};
use serde::Deserialize;
use uuid::Uuid;

use crate::error::Error;
use crate::id;
use crate::schema::{claim_events, claims, votes};

/// A claim as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = claims, primary_key(village_id, id), treat_none_as_null = true)]
pub(crate) struct ClaimRow {
    pub(crate) village_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) household_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) account_id: Uuid,
    pub(crate) rule_book_id: Uuid,
    pub(crate) item_code: String,
    pub(crate) kind: String,
    pub(crate) measure: serde_json::Value,
    pub(crate) happened_on: NaiveDate,
    pub(crate) text: String,
    pub(crate) claimed_by: Uuid,
    pub(crate) via: serde_json::Value,
    pub(crate) second_recorder_id: Option<Uuid>,
    pub(crate) state: String,
    pub(crate) stage: i16,
    pub(crate) round: i16,
    pub(crate) stage_due_at: Option<DateTime<Utc>>,
    pub(crate) asked: i64,
    pub(crate) granted: Option<i64>,
    pub(crate) adjustments: serde_json::Value,
    pub(crate) deed_id: Option<Uuid>,
    pub(crate) doer_id: Option<Uuid>,
    pub(crate) repaired_on: Option<NaiveDate>,
    pub(crate) counts_until: Option<NaiveDate>,
    pub(crate) cure_until: Option<NaiveDate>,
    pub(crate) notice_id: Option<Uuid>,
    pub(crate) postings: i16,
    pub(crate) posted_at: Option<DateTime<Utc>>,
    pub(crate) version: i32,
    pub(crate) submitted_at: DateTime<Utc>,
    pub(crate) changed_at: DateTime<Utc>,
}

/// A claim with what the store adds to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The claim.
    pub claim: Claim,
    /// The notice it is or was on.
    pub notice: Option<NoticeId>,
    /// When it was made.
    pub submitted_at: DateTime<Utc>,
    /// When it changed last.
    pub changed_at: DateTime<Utc>,
    /// When it was first written to the ledger.
    pub posted_at: Option<DateTime<Utc>>,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored claim has a {what} that cannot be read"))
}

impl ClaimRow {
    /// The claim as the domain knows it.
    pub(crate) fn kept(self) -> Result<Kept, Error> {
        let claim = Claim {
            id: ClaimId(self.id),
            village: VillageId(self.village_id),
            household: HouseholdId(self.household_id),
            person: VillagerId(self.person_id),
            account: AccountId(self.account_id),
            rule_book: RuleBookId(self.rule_book_id),
            item_code: self.item_code,
            kind: ItemKind::from_name(&self.kind).ok_or_else(|| unreadable("kind"))?,
            measure: Measure::deserialize(self.measure).map_err(|_| unreadable("measure"))?,
            happened_on: self.happened_on,
            text: self.text,
            claimed_by: UserId(self.claimed_by),
            via: Via::deserialize(self.via).map_err(|_| unreadable("via"))?,
            second_recorder: self.second_recorder_id.map(VillagerId),
            state: State::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            stage: u8::try_from(self.stage).map_err(|_| unreadable("stage"))?,
            round: u16::try_from(self.round).map_err(|_| unreadable("round"))?,
            stage_due_at: self.stage_due_at,
            asked: Points::from_hundredths(self.asked),
            granted: self.granted.map(Points::from_hundredths),
            adjustments: Vec::deserialize(self.adjustments)
                .map_err(|_| unreadable("adjustments"))?,
            deed: self.deed_id.map(ClaimId),
            doer: self.doer_id.map(VillagerId),
            repaired_on: self.repaired_on,
            counts_until: self.counts_until,
            cure_until: self.cure_until,
            postings: self.postings,
            version: self.version,
        };
        Ok(Kept {
            claim,
            notice: self.notice_id.map(NoticeId),
            submitted_at: self.submitted_at,
            changed_at: self.changed_at,
            posted_at: self.posted_at,
        })
    }

    /// The row that keeps a claim.
    pub(crate) fn of(kept: &Kept) -> Result<Self, Error> {
        let claim = &kept.claim;
        let json =
            |value: Result<_, serde_json::Error>| value.map_err(|e| Error::Bug(e.to_string()));
        Ok(Self {
            village_id: claim.village.0,
            id: claim.id.0,
            household_id: claim.household.0,
            person_id: claim.person.0,
            account_id: claim.account.0,
            rule_book_id: claim.rule_book.0,
            item_code: claim.item_code.clone(),
            kind: claim.kind.as_str().to_owned(),
            measure: json(serde_json::to_value(&claim.measure))?,
            happened_on: claim.happened_on,
            text: claim.text.clone(),
            claimed_by: claim.claimed_by.0,
            via: json(serde_json::to_value(&claim.via))?,
            second_recorder_id: claim.second_recorder.map(|id| id.0),
            state: claim.state.as_str().to_owned(),
            stage: i16::from(claim.stage),
            round: i16::try_from(claim.round).map_err(|_| unreadable("round"))?,
            stage_due_at: claim.stage_due_at,
            asked: claim.asked.hundredths(),
            granted: claim.granted.map(Points::hundredths),
            adjustments: json(serde_json::to_value(&claim.adjustments))?,
            deed_id: claim.deed.map(|id| id.0),
            doer_id: claim.doer.map(|id| id.0),
            repaired_on: claim.repaired_on,
            counts_until: claim.counts_until,
            cure_until: claim.cure_until,
            notice_id: kept.notice.map(|id| id.0),
            postings: claim.postings,
            posted_at: kept.posted_at,
            version: claim.version,
            submitted_at: kept.submitted_at,
            changed_at: kept.changed_at,
        })
    }
}

/// One claim.
///
/// # Errors
/// `not_found`.
pub fn find(c: &mut PgConnection, village: VillageId, id: ClaimId) -> Result<Kept, Error> {
    claims::table.find((village.0, id.0)).select(ClaimRow::as_select()).first(c)?.kept()
}

/// Keeps new claims.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn insert_in_tx(tx: &mut PgConnection, list: &[Kept]) -> Result<(), Error> {
    let rows = list.iter().map(ClaimRow::of).collect::<Result<Vec<_>, _>>()?;
    // Postgres takes 65,535 parameters in a statement, and a row has 32.
    for batch in rows.chunks(2_000) {
        diesel::insert_into(claims::table).values(batch).execute(tx)?;
    }
    Ok(())
}

/// Writes a claim that the domain changed, unless somebody else changed it since it was read as
/// `version_before`.
///
/// # Errors
/// [`Error::LostRace`].
pub fn save_in_tx(tx: &mut PgConnection, kept: &Kept, version_before: i32) -> Result<(), Error> {
    let row = ClaimRow::of(kept)?;
    let written = diesel::update(
        claims::table.find((row.village_id, row.id)).filter(claims::version.eq(version_before)),
    )
    .set(&row)
    .execute(tx)?;
    if written == 1 { Ok(()) } else { Err(Error::LostRace) }
}

/// Something that happened to a claim.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// What: `submitted`, `approve`, `return`, `certified`, `on_notice`, `posted` …
    pub event: &'a str,
    /// Who; none for the program itself.
    pub user: Option<UserId>,
    /// In which role.
    pub role: Option<Role>,
    /// Why.
    pub reason: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Records events of claims, with the state and stage that each claim has now.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn record_in_tx(
    tx: &mut PgConnection,
    claims: &[&Claim],
    event: Event<'_>,
) -> Result<(), Error> {
    let rows: Vec<_> = claims
        .iter()
        .map(|claim| {
            (
                claim_events::village_id.eq(claim.village.0),
                claim_events::id.eq(id::new::<Uuid>()),
                claim_events::claim_id.eq(claim.id.0),
                claim_events::event.eq(event.event),
                claim_events::state.eq(claim.state.as_str()),
                claim_events::stage.eq(i16::from(claim.stage)),
                claim_events::user_id.eq(event.user.map(|user| user.0)),
                claim_events::role.eq(event.role.map(Role::as_str)),
                claim_events::reason.eq(event.reason),
                claim_events::at.eq(event.at),
            )
        })
        .collect();
    for batch in rows.chunks(5_000) {
        diesel::insert_into(claim_events::table).values(batch).execute(tx)?;
    }
    Ok(())
}

/// The votes on a claim or rating, in all rounds.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn votes_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Uuid,
) -> Result<Vec<Vote>, Error> {
    let rows: Vec<(Uuid, i16, i16, String, Option<i64>)> = votes::table
        .filter(votes::village_id.eq(village.0))
        .filter(votes::subject_id.eq(subject))
        .order(votes::at)
        .select((votes::user_id, votes::stage, votes::round, votes::decision, votes::points))
        .load(tx)?;
    rows.into_iter()
        .map(|(user, stage, round, decision, points)| {
            Ok(Vote {
                points: points.map(Points::from_hundredths),
                user: UserId(user),
                stage: u8::try_from(stage).map_err(|_| unreadable("stage"))?,
                round: u16::try_from(round).map_err(|_| unreadable("round"))?,
                decision: match decision.as_str() {
                    "approve" => Decision::Approve,
                    "reject" => Decision::Reject,
                    "return" => Decision::Return,
                    _ => return Err(unreadable("vote")),
                },
            })
        })
        .collect()
}
