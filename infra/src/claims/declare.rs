//! A villager, a member of the household or a cadre by proxy declares a deed.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::{Claim, Declared, EvidenceFile, Person, Via, declare};
use domain::id::{ClaimId, DutyId, HouseholdId, PhotoId, VillageId, VillagerId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::{Item, Measure, RuleBook};

use super::draft::draft;
use super::{Event, Kept, Receipt, files, record_in_tx, row, tell};
use crate::audit::{self, Deed as AuditDeed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::{accounts, duties, villagers};

/// What was done, whoever did it.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The item.
    pub item_code: String,
    /// Units or choice.
    pub measure: Measure,
    /// The day.
    pub happened_on: NaiveDate,
    /// What is written about it.
    pub text: String,
    /// The files that support it.
    pub evidence: Vec<PhotoId>,
    /// A second recorder, for items that need two.
    pub second_recorder: Option<VillagerId>,
    /// Another claim of the same deed: of several only the highest counts.
    pub same_deed_as: Option<ClaimId>,
    /// Who did it, if a relative is credited.
    pub doer: Option<VillagerId>,
    /// The duty post or pledge of the person to which it belongs, if several fit.
    pub duty: Option<DutyId>,
}

/// That somebody agreed to a claim by proxy.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Who: the person, or a member of the household.
    pub by: String,
    /// Spoken, signed, by telephone.
    pub how: String,
    /// When.
    pub on: NaiveDate,
}

/// A deed that is declared for one person.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Who did it.
    pub person: VillagerId,
    /// What.
    pub deed: Deed,
    /// With it, a cadre declares for someone else.
    pub proxy: Option<Consent>,
}

/// Declares a deed.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`declare`].
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    declaration: &Declaration,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| create_in_tx(db, tx, (actor, &place), declaration, now))
}

/// Declares a deed as part of something else, such as from a snapshot report.
///
/// # Errors
/// Those of [`create`].
pub(crate) fn create_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    (actor, place): (&Actor, &Place),
    declaration: &Declaration,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let village = place.village;
    let mut person = villagers::person(tx, village, declaration.person)?;
    let (via, role) = way(actor, place, &person, declaration.proxy.as_ref())?;
    let draft = draft(tx, actor, place, via, &declaration.deed, Some(&person), now)?;
    let (book_id, book) = db.book_on(tx, village, draft.happened_on)?;
    let (item, day) = (book.item(&draft.item_code), draft.happened_on);
    duties::load_in_tx(tx, village, item, day, std::slice::from_mut(&mut person))?;
    let calendar = db.calendar(tx)?;
    let files = draft.files.clone();
    let declared = declare(draft, &person, book_id, &book, &calendar, now)?;
    keep_in_tx(tx, std::slice::from_ref(&declared), &files, role, now)?;
    let claim = declared.claim;
    if declaration.proxy.is_some() {
        let item = item_of(&claim, &book)?;
        let to = [claim.person];
        tell::tell_in_tx(tx, &claim, item, Kind::ClaimDeclared, &to, tell::More::new(), now)?;
    }
    let deed = AuditDeed {
        village,
        at: now,
        user: Some(actor.user),
        role: Some(role),
        action: "claim_create",
        subject: Some(claim.id.0),
        reason: None,
        detail: None,
    };
    audit::record_in_tx(tx, &deed)?;
    Ok(Receipt::of(&claim, &book))
}

fn way(
    actor: &Actor,
    place: &Place,
    person: &Person,
    proxy: Option<&Consent>,
) -> Result<(Via, Role), Refusal> {
    let target = Target::household(*place, person.household);
    let Some(consent) = proxy else {
        let permit = allows(actor, Action::ClaimCreate, &target)?;
        let claimant = actor.membership.ok_or(Refusal::NotFound)?.villager;
        return Ok((Via::of_villager(claimant, person.villager), permit.role));
    };
    let permit = allows(actor, Action::ClaimCreateForOthers, &target)?;
    let via = Via::Proxy {
        consented_by: consent.by.clone(),
        consented_how: consent.how.clone(),
        consented_on: consent.on,
    };
    Ok((via, permit.role))
}

/// Keeps new claims of one deed with their files and duties, opens the accounts they will count on, and records
/// that they were submitted.
///
/// # Errors
/// [`Error::LostRace`] if a file was taken meanwhile.
pub(super) fn keep_in_tx(
    tx: &mut PgConnection,
    list: &[Declared],
    files: &[EvidenceFile],
    role: Role,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let claims: Vec<&Claim> = list.iter().map(|one| &one.claim).collect();
    let Some(first) = claims.first() else { return Ok(()) };
    let (village, deed) = (first.village, first.via.deed(first.id));
    let wanted: Vec<_> =
        claims.iter().map(|claim| (claim.account, claim.household, personal(claim))).collect();
    accounts::open_for_in_tx(tx, village, &wanted)?;
    let kept: Vec<_> = claims
        .iter()
        .map(|claim| Kept {
            claim: (*claim).clone(),
            notice: None,
            submitted_at: now,
            changed_at: now,
            posted_at: None,
        })
        .collect();
    row::insert_in_tx(tx, &kept)?;
    let ids: Vec<ClaimId> = claims.iter().map(|claim| claim.id).collect();
    files::link_in_tx(tx, village, deed, &ids, files, now)?;
    duties::keep_of_claims_in_tx(tx, village, list)?;
    let event = Event {
        event: "submitted",
        user: Some(first.claimed_by),
        role: Some(role),
        reason: None,
        at: now,
    };
    record_in_tx(tx, &claims, event)
}

/// The person whose own account it is; none where the household has one together.
fn personal(claim: &Claim) -> Option<VillagerId> {
    let of_household = claim.account == domain::id::AccountId::from(HouseholdId(claim.household.0));
    (!of_household).then_some(claim.person)
}

/// The item of a claim in its book.
///
/// # Errors
/// `item_unknown`.
pub(super) fn item_of<'a>(claim: &Claim, book: &'a RuleBook) -> Result<&'a Item, Refusal> {
    book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)
}
