//! The engine under test, driven as the program drives it: deeds are declared, certified among those
//! that count, objections are answered, and what that changes is reckoned anew.

use chrono::NaiveDate;
use domain::calendar::{WorkingCalendar, end_of};
use domain::claim::{
    Adjustment, Claim, Draft, Person, Recorder, SameDeed, State, Via, declare, make_way, reassess,
};
use domain::id::{ClaimId, RuleBookId, UserId, VillageId};
use domain::objection::{self, Outcome};
use domain::person::Residence;
use domain::points::Points;
use domain::refusal::Refusal;
use domain::rule_book::RuleBook;
use uuid::Uuid;

use crate::histories::Deed;

fn id<T: From<Uuid>>(n: usize) -> T {
    Uuid::from_u128(n as u128).into()
}

/// The number of the deed of a claim.
pub fn number(claim: ClaimId) -> usize {
    usize::try_from(claim.0.as_u128()).unwrap()
}

/// The claim of a deed, passed by its last stage.
pub fn claim(book: &RuleBook, deed: &Deed) -> Claim {
    let item = &book.items[deed.item];
    let person = Person {
        villager: id(deed.person as usize),
        household: id(100),
        born_on: None,
        residence: Residence::Resident,
        tracks: [].into(),
        duties: Vec::new(),
    };
    let (via, household) =
        if item.kind.is_adverse() { (Via::Recorded, id(200)) } else { (Via::Own, id(100)) };
    let draft = Draft {
        id: id(deed.number),
        village: id::<VillageId>(300),
        claimed_by: id::<UserId>(400),
        claimant: Some(Recorder { villager: person.villager, household }),
        via,
        item_code: item.code.clone(),
        measure: deed.measure.clone(),
        happened_on: deed.day,
        text: String::new(),
        files: Vec::new(),
        second_recorder: None,
        same_deed_as: deed.same_as.map(|first| SameDeed { first: id(first), account: id(100) }),
        doer: None,
        duty: None,
    };
    let calendar = WorkingCalendar::default();
    let now = end_of(deed.day);
    let claim = declare(draft, &person, id::<RuleBookId>(500), book, &calendar, now).unwrap().claim;
    Claim { asked: deed.filled_in.unwrap_or(claim.asked), ..claim }
}

/// What stands, in the order of arrival.
pub struct Engine<'b> {
    pub book: &'b RuleBook,
    pub claims: Vec<Claim>,
}

impl<'b> Engine<'b> {
    pub fn new(book: &'b RuleBook) -> Self {
        Self { book, claims: Vec::new() }
    }

    /// What all of these come to, in this order.
    pub fn of(book: &'b RuleBook, deeds: &[Deed]) -> Self {
        let mut engine = Self::new(book);
        deeds.iter().for_each(|deed| engine.certify(deed));
        engine
    }

    pub fn certify(&mut self, deed: &Deed) {
        let others: Vec<_> = self.claims.iter().map(Claim::counted).collect();
        let new = claim(self.book, deed).certify(self.book, &others).unwrap();
        self.claims = make_way(std::mem::take(&mut self.claims), &new);
        self.claims.push(new);
    }

    fn place(&self, deed: usize) -> Option<usize> {
        self.claims.iter().position(|claim| number(claim.id) == deed)
    }

    fn reassess(&mut self) {
        self.claims = reassess(&self.claims, |_| Some(self.book)).unwrap();
    }

    /// Answers whether it stood.
    pub fn strike(&mut self, deed: usize) -> bool {
        let Some(place) = self.place(deed) else { return false };
        self.claims.remove(place);
        self.reassess();
        true
    }

    /// Answers whether it stood and was worth something else.
    pub fn correct(&mut self, deed: usize, points: Points) -> bool {
        let Some(place) = self.place(deed) else { return false };
        let disputed = Claim { state: State::Disputed, ..self.claims[place].clone() };
        match objection::answer(disputed, Outcome::Corrected { points }, true) {
            Ok((corrected, _)) => self.claims[place] = corrected,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::CorrectionInvalid);
                return false;
            }
        }
        self.reassess();
        true
    }

    /// Answers whether it stood and was not put right before.
    pub fn put_right(&mut self, deed: usize, on: NaiveDate) -> bool {
        let Some(place) = self.place(deed) else { return false };
        let claim = &mut self.claims[place];
        if claim.counts_until != Some(domain::rule_book::OPEN_ENDED) {
            return false;
        }
        let duration = self.book.item(&claim.item_code).unwrap().duration_of(&claim.measure);
        let cycle = self.book.cycle;
        let last = duration.last_day(claim.happened_on, Points::ZERO, cycle);
        claim.counts_until = Some(duration.last_day_corrected(last, on, cycle));
        self.reassess();
        true
    }

    /// What all of it comes to, in hundredths.
    pub fn total(&self) -> i64 {
        self.claims.iter().map(|claim| claim.granted.unwrap().hundredths()).sum()
    }
}

/// What an adjustment takes from the worth of a claim, in hundredths.
pub fn taken(adjustment: &Adjustment) -> i64 {
    match adjustment {
        Adjustment::YieldsTo { points, .. } => points.hundredths(),
        Adjustment::Cut(cut) => cut.points.hundredths(),
        Adjustment::FilledIn { .. }
        | Adjustment::ToppedUp { .. }
        | Adjustment::Doubled { .. }
        | Adjustment::Corrected { .. }
        | Adjustment::Replaces { .. } => 0,
    }
}
