//! Which villager a sign-in is: by a verified phone, by name and the end of the identity number, by
//! an invitation, or by a cadre's word.
//!
//! One user is one villager, and one villager one user. The database holds that line too
//! (`users_villager_unique`); here it is told apart why a binding cannot be.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::id::{VillageId, VillagerId};
use crate::person::{ACCOUNT_AGE_MIN, Residence, age_on};
use crate::refusal::Refusal;

/// How long somebody whose phone is shared may take to say who they are, in seconds.
pub const CHOICE_SECONDS: i64 = 10 * 60;
/// How long a printed invitation code is good, in days.
pub const INVITATION_DAYS: i64 = 30;
/// How long the code for the first administrator of an installation is good, in days.
pub const ADMIN_INVITATION_DAYS: i64 = 1;
/// How many requests to cadres one user may have waiting, over all villages.
pub const REQUESTS_WAITING_MAX: i64 = 3;
/// How many choices are shown at most: a phone that more people share proves nothing.
pub const CHOICES_MAX: usize = 20;

names! {
    /// By what somebody proved who they are.
    Method {
        /// A phone number that WeChat verified.
        Phone "phone",
        /// Name and the last six characters of the identity number.
        Name "name",
        /// A printed code.
        Invitation "invitation",
        /// A cadre looked at it.
        Request "request",
    }
}

/// Somebody on a roster whom a sign-in might be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Where.
    pub village: VillageId,
    /// Who.
    pub villager: VillagerId,
    /// Their day of birth, where the roster has it.
    pub born_on: Option<NaiveDate>,
    /// Where they stand.
    pub residence: Residence,
    /// Whether another user is bound to them.
    pub taken: bool,
}

/// What a proof led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// This is the person.
    One(Candidate),
    /// Several have this phone, or this name and number: the person says which one.
    Several(Vec<Candidate>),
}

/// Whether somebody may be bound to this villager on a day.
///
/// # Errors
/// `roster_no_match` for the dead, `too_young`, `villager_taken`.
pub fn may_bind(candidate: &Candidate, today: NaiveDate) -> Result<(), Refusal> {
    if candidate.residence == Residence::Deceased {
        return Err(Refusal::RosterNoMatch);
    }
    if candidate.born_on.is_some_and(|born| age_on(born, today) < ACCOUNT_AGE_MIN) {
        return Err(Refusal::TooYoung { age_min: ACCOUNT_AGE_MIN });
    }
    if candidate.taken { Err(Refusal::VillagerTaken) } else { Ok(()) }
}

/// Decides whom a proof stands for, among those on rosters whom it fits.
///
/// A proof that fits one grown person binds at once. Where it fits several, the free ones are
/// offered, even if only one is left: the other's owner may hold the phone.
///
/// # Errors
/// `roster_no_match`, also for a `chosen` one whom the proof does not fit; `villager_taken` if
/// nobody is free; `too_young` if it fits children only.
pub fn matched(
    candidates: &[Candidate],
    chosen: Option<VillagerId>,
    today: NaiveDate,
) -> Result<Match, Refusal> {
    if let Some(chosen) = chosen {
        let candidate = candidates.iter().find(|candidate| candidate.villager == chosen);
        let candidate = candidate.ok_or(Refusal::RosterNoMatch)?;
        return may_bind(candidate, today).map(|()| Match::One(*candidate));
    }
    let (mut grown, mut free, mut refusal) = (0, Vec::new(), Refusal::RosterNoMatch);
    for candidate in candidates {
        match may_bind(candidate, today) {
            Ok(()) => free.push(*candidate),
            Err(Refusal::RosterNoMatch) => continue,
            Err(young @ Refusal::TooYoung { .. }) => {
                if refusal == Refusal::RosterNoMatch {
                    refusal = young;
                }
                continue;
            }
            Err(taken) => refusal = taken,
        }
        grown += 1;
    }
    match (free.as_slice(), grown) {
        ([], _) => Err(refusal),
        ([only], 1) => Ok(Match::One(*only)),
        _ if free.len() > CHOICES_MAX => Err(Refusal::RosterNoMatch),
        _ => Ok(Match::Several(free)),
    }
}

/// Whether a user who is bound or not, and has so many requests waiting, may ask a cadre.
///
/// # Errors
/// `already_bound`; `already_exists` for too many at once.
pub fn may_request(bound: bool, waiting: i64) -> Result<(), Refusal> {
    if bound {
        return Err(Refusal::AlreadyBound);
    }
    if waiting >= REQUESTS_WAITING_MAX { Err(Refusal::AlreadyExists) } else { Ok(()) }
}

names! {
    /// Where a request to a cadre stands.
    RequestState {
        /// Nobody decided yet.
        Waiting "waiting",
        /// A cadre said who it is.
        Accepted "accepted",
        /// A cadre refused it, or the user was bound otherwise.
        Refused "refused",
    }
}

impl RequestState {
    /// Whether a cadre can still decide.
    ///
    /// # Errors
    /// `binding_request_decided`.
    pub const fn decide(self) -> Result<(), Refusal> {
        match self {
            Self::Waiting => Ok(()),
            Self::Accepted | Self::Refused => Err(Refusal::BindingRequestDecided),
        }
    }
}

/// A printed code as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// Whether it was used.
    pub used: bool,
}

impl Invitation {
    /// Until when a code for a villager or a shop's clerk is good.
    pub fn good_until(now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::days(INVITATION_DAYS)
    }

    /// Whether it can be used now. Used, out of date and unknown codes get the same answer.
    ///
    /// # Errors
    /// `invitation_invalid`.
    pub fn redeem(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.used || now >= self.expires_at {
            return Err(Refusal::InvitationInvalid);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, 20).unwrap()
    }

    fn candidate(n: u128) -> Candidate {
        Candidate {
            village: VillageId(Uuid::from_u128(1)),
            villager: VillagerId(Uuid::from_u128(n)),
            born_on: NaiveDate::from_ymd_opt(1970, 1, 1),
            residence: Residence::Resident,
            taken: false,
        }
    }

    fn child(n: u128) -> Candidate {
        Candidate { born_on: NaiveDate::from_ymd_opt(2012, 10, 21), ..candidate(n) }
    }

    fn taken(n: u128) -> Candidate {
        Candidate { taken: true, ..candidate(n) }
    }

    #[test]
    fn one_match_binds_and_several_are_offered() {
        assert_eq!(matched(&[candidate(1)], None, today()), Ok(Match::One(candidate(1))));
        let shared = [candidate(1), candidate(2)];
        assert_eq!(matched(&shared, None, today()), Ok(Match::Several(shared.to_vec())));
        let chosen = Some(VillagerId(Uuid::from_u128(2)));
        assert_eq!(matched(&shared, chosen, today()), Ok(Match::One(candidate(2))));
    }

    #[test]
    fn the_one_left_of_a_family_is_offered_and_not_assumed() {
        let shared = [taken(1), candidate(2)];
        assert_eq!(matched(&shared, None, today()), Ok(Match::Several(vec![candidate(2)])));
    }

    #[test]
    fn children_are_refused_and_do_not_stand_in_the_way_of_their_parents() {
        let too_young = Err(Refusal::TooYoung { age_min: 14 });
        assert_eq!(matched(&[child(1)], None, today()), too_young);
        let family = [child(1), candidate(2)];
        assert_eq!(matched(&family, None, today()), Ok(Match::One(candidate(2))));
        let chosen = Some(VillagerId(Uuid::from_u128(1)));
        assert_eq!(matched(&family, chosen, today()), too_young);
        // On the fourteenth birthday it is possible.
        let birthday = today().succ_opt().unwrap();
        assert_eq!(matched(&[child(1)], None, birthday), Ok(Match::One(child(1))));
    }

    #[test]
    fn nobody_the_dead_and_those_not_offered_get_the_same_answer() {
        let dead = Candidate { residence: Residence::Deceased, ..candidate(1) };
        let no_match = Err(Refusal::RosterNoMatch);
        assert_eq!(matched(&[], None, today()), no_match);
        assert_eq!(matched(&[dead], None, today()), no_match);
        let other = Some(VillagerId(Uuid::from_u128(9)));
        assert_eq!(matched(&[candidate(1)], other, today()), no_match);
        assert_eq!(matched(&[taken(1), child(2)], None, today()), Err(Refusal::VillagerTaken));
    }

    #[test]
    fn a_number_that_a_crowd_shares_proves_nothing() {
        let crowd: Vec<_> = (0..=CHOICES_MAX as u128).map(candidate).collect();
        assert_eq!(matched(&crowd, None, today()), Err(Refusal::RosterNoMatch));
    }

    #[test]
    fn a_code_works_until_its_last_moment_and_once() {
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let fresh = Invitation { expires_at: Invitation::good_until(now), used: false };
        assert_eq!(fresh.redeem(now), Ok(()));
        let end = now + Duration::days(INVITATION_DAYS);
        assert_eq!(fresh.redeem(end), Err(Refusal::InvitationInvalid));
        let used = Invitation { used: true, ..fresh };
        assert_eq!(used.redeem(now), Err(Refusal::InvitationInvalid));
    }

    #[test]
    fn a_user_asks_three_villages_at_most_and_none_once_bound() {
        assert_eq!(may_request(false, 2), Ok(()));
        assert_eq!(may_request(false, 3), Err(Refusal::AlreadyExists));
        assert_eq!(may_request(true, 0), Err(Refusal::AlreadyBound));
    }
}
