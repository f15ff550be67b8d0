//! Declaring a deed, or recording a fault.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Claim, State};
use crate::actor::Actor;
use crate::calendar::{WorkingCalendar, day_of};
use crate::duty::{Duty, under};
use crate::id::{
    AccountId, ActivityId, ClaimId, DutyId, HouseholdId, PhotoId, RuleBookId, UserId, VillageId,
    VillagerId,
};
use crate::kin::Kin;
use crate::person::{ACCOUNT_AGE_MIN, Residence, Track, age_on};
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;
use crate::rule_book::{Beneficiary, ClaimedBy, EvidenceNeed, Item, Measure, RuleBook, Subject};

/// In which way a claim came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Via {
    /// The person declared it.
    Own,
    /// A member of the household declared it.
    HouseholdMember,
    /// A cadre declared it for someone without a phone (代申报).
    Proxy {
        /// Who consented: the person, or a member of the household.
        consented_by: String,
        /// How: spoken, signed, by telephone.
        consented_how: String,
        /// When.
        consented_on: NaiveDate,
    },
    /// A cadre declared it for many who took part in something together.
    Activity {
        /// The same for all of them.
        activity: ActivityId,
        /// What they took part in.
        title: String,
    },
    /// A cadre recorded a deduction.
    Recorded,
}

impl Via {
    /// The way in which a villager declares a deed of this person.
    pub fn of_villager(claimant: VillagerId, person: VillagerId) -> Self {
        if claimant == person { Self::Own } else { Self::HouseholdMember }
    }

    /// Whether it is the claim of the villager and their household, whoever wrote it down.
    pub const fn is_villagers(&self) -> bool {
        matches!(self.claimed_by(), ClaimedBy::Villager)
    }

    /// What a file of evidence is used for: the activity, or this one claim.
    pub const fn deed(&self, claim: ClaimId) -> Uuid {
        match self {
            Self::Activity { activity, .. } => activity.0,
            _ => claim.0,
        }
    }

    const fn claimed_by(&self) -> ClaimedBy {
        match self {
            Self::Own | Self::HouseholdMember | Self::Proxy { .. } => ClaimedBy::Villager,
            Self::Activity { .. } | Self::Recorded => ClaimedBy::Cadre,
        }
    }
}

/// The person who is credited with the deed, as the roster knows them: who did it, as a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub villager: VillagerId,
    /// In which household.
    pub household: HouseholdId,
    /// Born when, if the roster says so.
    pub born_on: Option<NaiveDate>,
    /// Where they stand.
    pub residence: Residence,
    /// What they are besides.
    pub tracks: BTreeSet<Track>,
    /// What they took on, as far as it bears on the day of the deed and the item asks for a duty.
    pub duties: Vec<Duty>,
}

/// The deed of a claim that was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SameDeed {
    /// The first claim of it.
    pub first: ClaimId,
    /// The account on which that one counts.
    pub account: AccountId,
}

/// Who did a deed that is credited to a relative, such as one who died and was buried in the woods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doer {
    /// Who, of the same village.
    pub villager: VillagerId,
    /// What the person who is credited is to them, if that was declared.
    pub credited_is: Option<Kin>,
}

impl Person {
    /// The account on which the person's deeds count.
    pub fn account(&self, subject: Subject) -> AccountId {
        match subject {
            Subject::Household => self.household.into(),
            Subject::Person => self.villager.into(),
        }
    }
}

/// Someone who recorded a fault, with what is needed to see that they are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorder {
    /// Who.
    pub villager: VillagerId,
    /// In which household.
    pub household: HouseholdId,
}

/// A file as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Its id.
    pub id: PhotoId,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// The claim or activity that uses it already: one file proves one deed.
    pub used_by: Option<Uuid>,
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The id that the claim will have.
    pub id: ClaimId,
    /// The village.
    pub village: VillageId,
    /// Who makes it.
    pub claimed_by: UserId,
    /// The villager that the claimant is, if any.
    pub claimant: Option<Recorder>,
    /// In which way.
    pub via: Via,
    /// The item.
    pub item_code: String,
    /// Units or choice.
    pub measure: Measure,
    /// The day of the deed.
    pub happened_on: NaiveDate,
    /// What was written about it.
    pub text: String,
    /// The files it names, as found in the store.
    pub files: Vec<EvidenceFile>,
    /// A second recorder.
    pub second_recorder: Option<Recorder>,
    /// The deed of another claim, if it is the same: of several claims only the highest counts.
    pub same_deed_as: Option<SameDeed>,
    /// Who did it, if the person is a relative who is credited.
    pub doer: Option<Doer>,
    /// The duty to which it belongs, if it was named.
    pub duty: Option<DutyId>,
}

/// A claim that was made, and the duty to which it belongs. That is no part of the [`Claim`]: nothing
/// that happens to it afterwards asks for it, but for those who look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The claim.
    pub claim: Claim,
    /// The duty post or pledge under which it was made.
    pub duty: Option<DutyId>,
}

/// Somebody named as second recorder: a villager here who may record deductions.
///
/// # Errors
/// `second_recorder_invalid`.
pub fn second_recorder(named: &Actor, place: &Place) -> Result<Recorder, Refusal> {
    let may = allows(named, Action::DeductionCreate, &Target::village(*place)).is_ok();
    named
        .membership
        .filter(|m| may && m.place.village == place.village)
        .map(|m| Recorder { villager: m.villager, household: m.household })
        .ok_or(Refusal::SecondRecorderInvalid)
}

/// Makes a claim for one person by the book of the day of the deed.
///
/// # Errors
/// Those of the item, the day, the person, the evidence and the consent; see [`Refusal`].
pub fn declare(
    draft: Draft,
    person: &Person,
    rule_book: RuleBookId,
    book: &RuleBook,
    calendar: &WorkingCalendar,
    now: DateTime<Utc>,
) -> Result<Declared, Refusal> {
    let item = book.item(&draft.item_code).ok_or(Refusal::ItemUnknown)?;
    claimable(item, &draft.via)?;
    timely(draft.happened_on, book, now)?;
    eligible(person, book.subject, &draft)?;
    if !item.applies_to(&person.tracks) {
        return Err(Refusal::TrackExcluded);
    }
    let duty = under(item, draft.duty, &person.duties, draft.happened_on)?;
    let doer = credited(item, draft.doer, person)?;
    if draft.same_deed_as.is_some_and(|deed| deed.account != person.account(book.subject)) {
        return Err(Refusal::SameDeedInvalid);
    }
    let asked = item.amount.of(&draft.measure)?;
    evidenced(item, &draft, person)?;
    let (stage, first_stage) = book
        .claim_way
        .stage_for(item.level, 0)
        .ok_or(Refusal::NoRuleBook { day: draft.happened_on })?;
    let cure_until = item
        .cure_days
        .filter(|_| item.kind.is_adverse())
        .and_then(|days| day_of(now).checked_add_days(Days::new(u64::from(days))));
    let claim = Claim {
        id: draft.id,
        village: draft.village,
        household: person.household,
        person: person.villager,
        account: person.account(book.subject),
        rule_book,
        item_code: draft.item_code,
        kind: item.kind,
        measure: draft.measure,
        happened_on: draft.happened_on,
        text: draft.text,
        claimed_by: draft.claimed_by,
        via: draft.via,
        second_recorder: draft.second_recorder.map(|recorder| recorder.villager),
        state: State::Submitted,
        stage,
        round: 1,
        stage_due_at: Some(calendar.due(now, first_stage.working_days_max)),
        asked,
        granted: None,
        adjustments: Vec::new(),
        deed: draft.same_deed_as.map(|deed| deed.first),
        doer: doer.map(|doer| doer.villager),
        counts_until: None,
        cure_until,
        repaired_on: None,
        postings: 0,
        version: 1,
    };
    Ok(Declared { claim, duty })
}

fn claimable(item: &Item, via: &Via) -> Result<(), Refusal> {
    let right_kind = item.kind.is_adverse() == (*via == Via::Recorded);
    if right_kind && item.claimed_by.contains(&via.claimed_by()) {
        Ok(())
    } else {
        Err(Refusal::ItemNotClaimable)
    }
}

/// Whoever did it, where the item credits a relative.
fn credited(item: &Item, doer: Option<Doer>, person: &Person) -> Result<Option<Doer>, Refusal> {
    match (&item.beneficiary, doer) {
        (Beneficiary::Doer, None) => Ok(None),
        (Beneficiary::Relative { relations }, Some(doer))
            if doer.villager != person.villager
                && doer.credited_is.is_some_and(|kin| relations.contains(&kin)) =>
        {
            Ok(Some(doer))
        }
        _ => Err(Refusal::RelativeInvalid),
    }
}

fn timely(happened_on: NaiveDate, book: &RuleBook, now: DateTime<Utc>) -> Result<(), Refusal> {
    let today = day_of(now);
    if happened_on > today {
        return Err(Refusal::DeedInFuture);
    }
    let age = today.signed_duration_since(happened_on).num_days();
    if age > i64::from(book.claim_days_max) {
        return Err(Refusal::DeedTooOld { days_max: book.claim_days_max });
    }
    book.registration.map_or(Ok(()), |registration| registration.takes(happened_on, now))
}

fn eligible(person: &Person, subject: Subject, draft: &Draft) -> Result<(), Refusal> {
    if person.residence == Residence::Deceased {
        return Err(Refusal::PersonNotEligible);
    }
    let too_young =
        person.born_on.is_some_and(|born| age_on(born, draft.happened_on) < ACCOUNT_AGE_MIN);
    if subject == Subject::Person && too_young {
        return Err(Refusal::TooYoung { age_min: ACCOUNT_AGE_MIN });
    }
    let claimant = draft.claimant;
    match &draft.via {
        Via::Own if claimant.is_some_and(|c| c.villager == person.villager) => Ok(()),
        Via::HouseholdMember if claimant.is_some_and(|c| c.household == person.household) => Ok(()),
        Via::Own | Via::HouseholdMember => Err(Refusal::PersonNotEligible),
        // A cadre who claims for the own household does so as a villager, and is reviewed as one.
        Via::Proxy { .. } | Via::Activity { .. } => Ok(()),
        Via::Recorded if claimant.is_some_and(|c| c.household == person.household) => {
            Err(Refusal::OwnHousehold)
        }
        Via::Recorded => Ok(()),
    }?;
    if let Via::Proxy { consented_by, consented_how, consented_on } = &draft.via {
        let said = !consented_by.trim().is_empty() && !consented_how.trim().is_empty();
        if !said || *consented_on < draft.happened_on {
            return Err(Refusal::ConsentMissing);
        }
    }
    Ok(())
}

fn evidenced(item: &Item, draft: &Draft, person: &Person) -> Result<(), Refusal> {
    usable(&draft.files, 0, draft.claimed_by, draft.via.deed(draft.id))?;
    let independent = |second: &Recorder| {
        second.household != person.household
            && draft.claimant.is_none_or(|first| first.household != second.household)
    };
    if !draft.second_recorder.as_ref().is_none_or(independent) {
        return Err(Refusal::SecondRecorderInvalid);
    }
    let there = match item.evidence {
        EvidenceNeed::None => true,
        EvidenceNeed::Photo | EvidenceNeed::Document => !draft.files.is_empty(),
        EvidenceNeed::TwoRecorders => draft.second_recorder.is_some(),
    };
    if there { Ok(()) } else { Err(Refusal::EvidenceMissing) }
}

/// Checks that files can prove this deed, besides so many that do already.
pub(super) fn usable(
    files: &[EvidenceFile],
    already: usize,
    by: UserId,
    deed: Uuid,
) -> Result<(), Refusal> {
    if files.len() + already > Claim::FILES_MAX {
        return Err(Refusal::EvidenceTooMany { files_max: Claim::FILES_MAX });
    }
    let fits = |file: &EvidenceFile| {
        file.uploaded_by == by && file.used_by.is_none_or(|other| other == deed)
    };
    if files.iter().all(fits) { Ok(()) } else { Err(Refusal::PhotoNotUsable) }
}
