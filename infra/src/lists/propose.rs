//! Proposing an entry.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::content::{Scene, Standing, Subject, SubjectKind};
use domain::id::{ClaimId, HouseholdId, RatingId, VillageId, VillagerId};
use domain::listing::{EntryState, List, claim_fits, may_be_shown, may_say, rating_fits};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;

use super::row::EntryRow;
use super::tell::{record_in_tx, tell_in_tx};
use crate::claims;
use crate::content::{self, Piece};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::{list_entries, objections, rating_lines, ratings};
use crate::villagers;

/// The fact that an entry points to.
#[derive(Clone, Copy, Debug)]
pub enum ProposedFact {
    /// A posted claim; its person is shown.
    Claim(ClaimId),
    /// The line of a household in a rating; its head is shown.
    Rating(RatingId, HouseholdId),
}

/// An entry to propose.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// For which list.
    pub list: List,
    /// What it points to.
    pub fact: ProposedFact,
    /// What is said in praise; empty for none.
    pub words: String,
}

/// What the books say of a fact.
struct Found {
    person: VillagerId,
    household: HouseholdId,
    title: String,
    happened_on: NaiveDate,
    stars: Option<i16>,
}

/// Proposes an entry to the panel. The person is told at once: who is praised is asked for consent,
/// who is warned may object and may still put it right.
///
/// # Errors
/// Those of `domain::listing`; `already_exists` for a fact that is proposed or shown already;
/// `forbidden`, `not_found`.
pub fn propose(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    proposal: &Proposal,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let permit = allows(actor, Action::ListEntryPropose, &Target::village(db.place(village)?))?;
    let today = day_of(now);
    db.write_once(once, now, |tx| {
        let Proposal { list, fact, words } = proposal;
        may_say(*list, words)?;
        let found = match fact {
            ProposedFact::Claim(claim) => claim_in_tx(db, tx, village, *list, *claim, today)?,
            ProposedFact::Rating(rating, household) => {
                rating_in_tx(tx, village, *list, *rating, *household)?
            }
        };
        may_be_shown(&villagers::person(tx, village, found.person)?, today)?;
        let silent = words.trim().is_empty();
        let standing = if silent { Standing::Public } else { Standing::Waiting };
        let row = EntryRow {
            village_id: village.0,
            id: id::new(),
            list: list.as_str().to_owned(),
            fact: fact.name().to_owned(),
            fact_id: fact.id(),
            stars: found.stars,
            household_id: found.household.0,
            person_id: found.person.0,
            title: found.title,
            happened_on: found.happened_on,
            words: words.trim().to_owned(),
            standing: standing.as_str().to_owned(),
            proposed_by: actor.user.0,
            proposed_at: now,
            state: EntryState::Proposed.as_str().to_owned(),
            decided_at: None,
            consented_at: None,
            consent: None,
            shown_until: None,
            removal_asked_at: None,
            removal_asked_by: None,
            removal_text: None,
            removal_due_at: None,
            removal_urged_at: None,
            removal_answered_at: None,
            removal_answered_by: None,
            removal_answer: None,
            ended_at: None,
            ended_why: None,
            version: 1,
        };
        diesel::insert_into(list_entries::table).values(&row).execute(tx)?;
        if !silent {
            let subject = Subject { kind: SubjectKind::Praise, id: row.id };
            let pieces = [Piece::Text { text: &row.words, scene: Scene::Forum }];
            content::submit_in_tx(tx, village, subject, actor.user, &pieces, now)?;
        }
        tell_in_tx(tx, &row, Kind::ListEntryProposed, json!({"words": row.words}), now)?;
        record_in_tx(tx, &row, Some((actor.user, permit)), "list_entry_propose", None, now)?;
        Ok(row)
    })
}

impl ProposedFact {
    const fn name(self) -> &'static str {
        match self {
            Self::Claim(_) => "claim",
            Self::Rating(..) => "rating",
        }
    }

    const fn id(self) -> uuid::Uuid {
        match self {
            Self::Claim(claim) => claim.0,
            Self::Rating(rating, _) => rating.0,
        }
    }
}

fn claim_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    list: List,
    id: ClaimId,
    today: NaiveDate,
) -> Result<Found, Error> {
    let claim = claims::find(tx, village, id)?.claim;
    let open = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::claim_id.eq(id.0))
        .filter(objections::answered_at.is_null());
    let disputed = diesel::select(exists(open)).get_result(tx)?;
    claim_fits(list, &claim, disputed, today)?;
    let book = db.book(tx, village, claim.rule_book)?;
    let item = book.item(&claim.item_code);
    Ok(Found {
        person: claim.person,
        household: claim.household,
        title: item.map_or_else(|| claim.item_code.clone(), |item| item.name.clone()),
        happened_on: claim.happened_on,
        stars: None,
    })
}

fn rating_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: List,
    rating: RatingId,
    household: HouseholdId,
) -> Result<Found, Error> {
    type Line = (String, Option<DateTime<Utc>>, i16, String);
    let (cycle, effective_at, stars, state): Line = ratings::table
        .inner_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(ratings::village_id)
                .and(rating_lines::rating_id.eq(ratings::id))),
        )
        .filter(ratings::village_id.eq(village.0))
        .filter(ratings::id.eq(rating.0))
        .filter(rating_lines::account_id.eq(household.0))
        .select((ratings::cycle, ratings::effective_at, rating_lines::stars, rating_lines::state))
        .first(tx)?;
    let in_effect = effective_at.is_some() && state == "effective";
    rating_fits(list, in_effect, u8::try_from(stars).unwrap_or(0))?;
    let happened_on = effective_at.map(day_of).ok_or(Refusal::ListingFactUnfit)?;
    let head = villagers::head(tx, village, household)?.ok_or(Refusal::ListingFactUnfit)?;
    let title = format!("{cycle}星级评定{stars}星");
    Ok(Found { person: head, household, title, happened_on, stars: Some(stars) })
}
