//! What the books say of the facts that entries point to.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, SmallInt, Text, Uuid as SqlUuid};
use domain::calendar::day_of;
use domain::content::Standing;
use domain::id::{AccountId, ClaimId, HouseholdId, RatingId, ReportId, VillageId, VillagerId};
use domain::listing::{Fact, List, claim_fits, rating_fits, report_fits};
use domain::refusal::Refusal;
use domain::report::{Kind, Part, State};
use uuid::Uuid;

use super::row::EntryRow;
use crate::claims;
use crate::db::Db;
use crate::error::Error;
use crate::schema::{accounts, rating_lines, ratings, report_claims, report_parties, reports};
use crate::villagers;

diesel::define_sql_function! {
    /// See the migration of the lists.
    fn list_fact_stands(
        village: SqlUuid, list: Text, fact: Text, fact_id: SqlUuid, account: Nullable<SqlUuid>,
        stars: Nullable<SmallInt>, person: SqlUuid
    ) -> Bool;
}
diesel::define_sql_function! {
    /// See the migration of the lists.
    fn list_fact_disputed(village: SqlUuid, fact_id: SqlUuid, account: Nullable<SqlUuid>) -> Bool;
}

/// What the books say of a fact.
pub(super) struct Found {
    pub(super) person: VillagerId,
    pub(super) household: HouseholdId,
    pub(super) title: String,
    pub(super) happened_on: NaiveDate,
    pub(super) line: Option<(AccountId, i16)>,
}

/// The id of a fact in the database.
pub(super) const fn id_of(fact: Fact) -> Uuid {
    match fact {
        Fact::Claim(claim) => claim.0,
        Fact::Rating(rating, _) => rating.0,
        Fact::Report(report) => report.0,
    }
}

/// Looks up a fact that fits a list.
///
/// # Errors
/// Those of `domain::listing`; `not_found`.
pub(super) fn find_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    list: List,
    fact: Fact,
    today: NaiveDate,
) -> Result<Found, Error> {
    match fact {
        Fact::Claim(claim) => claim_in_tx(db, tx, village, list, claim, today),
        Fact::Rating(rating, account) => line_in_tx(tx, village, list, rating, account),
        Fact::Report(report) => report_in_tx(tx, village, list, report),
    }
}

/// Whether the fact of an entry still stands.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn stands_in_tx(tx: &mut PgConnection, row: &EntryRow) -> Result<bool, Error> {
    let stands = list_fact_stands(
        row.village_id,
        &row.list,
        &row.fact,
        row.fact_id,
        row.account_id,
        row.stars,
        row.person_id,
    );
    Ok(diesel::select(stands).get_result(tx)?)
}

fn disputed_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: Uuid,
    account: Option<AccountId>,
) -> Result<bool, Error> {
    let account = account.map(|account| account.0);
    Ok(diesel::select(list_fact_disputed(village.0, id, account)).get_result(tx)?)
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
    let disputed = disputed_in_tx(tx, village, id.0, None)?;
    claim_fits(list, &claim, disputed, today)?;
    let book = db.book(tx, village, claim.rule_book)?;
    let item = book.item(&claim.item_code);
    Ok(Found {
        person: claim.person,
        household: claim.household,
        title: item.map_or_else(|| claim.item_code.clone(), |item| item.name.clone()),
        happened_on: claim.happened_on,
        line: None,
    })
}

fn line_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: List,
    rating: RatingId,
    account: AccountId,
) -> Result<Found, Error> {
    type Line = (String, Option<DateTime<Utc>>, i16, String, Uuid, Option<Uuid>);
    let (cycle, effective_at, stars, state, household, person): Line = ratings::table
        .inner_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(ratings::village_id)
                .and(rating_lines::rating_id.eq(ratings::id))),
        )
        .inner_join(
            accounts::table.on(accounts::village_id
                .eq(rating_lines::village_id)
                .and(accounts::id.eq(rating_lines::account_id))),
        )
        .filter(ratings::village_id.eq(village.0))
        .filter(ratings::id.eq(rating.0))
        .filter(rating_lines::account_id.eq(account.0))
        .select((
            ratings::cycle,
            ratings::effective_at,
            rating_lines::stars,
            rating_lines::state,
            accounts::household_id,
            accounts::villager_id,
        ))
        .first(tx)?;
    let in_effect = effective_at.is_some() && state == "effective";
    let undisputed = !disputed_in_tx(tx, village, rating.0, Some(account))?;
    rating_fits(list, in_effect, undisputed, u8::try_from(stars).unwrap_or(0))?;
    let happened_on = effective_at.map(day_of).ok_or(Refusal::ListingFactUnfit)?;
    let household = HouseholdId(household);
    // Where the household is rated its head is shown; where each person is, that person.
    let person = match person {
        Some(person) => VillagerId(person),
        None => villagers::head(tx, village, household)?.ok_or(Refusal::ListingFactUnfit)?,
    };
    let title = format!("{cycle}星级评定{stars}星");
    Ok(Found { person, household, title, happened_on, line: Some((account, stars)) })
}

fn report_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: List,
    report: ReportId,
) -> Result<Found, Error> {
    type Row = (String, String, String, String, DateTime<Utc>);
    let (kind, state, standing, title, submitted_at): Row = reports::table
        .find((village.0, report.0))
        .select((
            reports::kind,
            reports::state,
            reports::standing,
            reports::category_name,
            reports::submitted_at,
        ))
        .first(tx)?;
    let of_it = report_claims::table.find((village.0, report.0));
    let claimed = diesel::select(exists(of_it)).get_result(tx)?;
    // What this version does not know is no fact to it.
    let known = (Kind::from_name(&kind), State::from_name(&state), Standing::from_name(&standing));
    let (Some(kind), Some(state), Some(standing)) = known else {
        return Err(Refusal::ListingFactUnfit.into());
    };
    report_fits(list, kind, state, standing, claimed)?;
    let praised: Option<(Option<Uuid>, Uuid)> = report_parties::table
        .filter(report_parties::village_id.eq(village.0))
        .filter(report_parties::report_id.eq(report.0))
        .filter(report_parties::part.eq(Part::Praised.as_str()))
        .select((report_parties::villager_id, report_parties::household_id))
        .first(tx)
        .optional()?;
    let (person, household) = praised.ok_or(Refusal::ListingFactUnfit)?;
    Ok(Found {
        person: VillagerId(person.ok_or(Refusal::ListingFactUnfit)?),
        household: HouseholdId(household),
        title,
        happened_on: day_of(submitted_at),
        line: None,
    })
}
