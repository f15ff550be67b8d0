//! Random histories of one account: who did what on which day, and what fell or was put right later.

use chrono::{Days, NaiveDate};
use domain::points::Points;
use domain::rule_book::{Amount, Asks, Duration, ItemKind, Measure, RuleBook};

use crate::dice::Dice;

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Its number, in the order of arrival.
    pub number: usize,
    /// The place of its item in the book.
    pub item: usize,
    pub person: u32,
    pub day: NaiveDate,
    pub measure: Measure,
    /// For a range.
    pub filled_in: Option<Points>,
    /// The first one of the same deed.
    pub same_as: Option<usize>,
}

/// What arrives.
#[derive(Clone, Debug)]
pub enum Event {
    Certified(Deed),
    Struck(usize),
    Corrected(usize, Points),
    PutRight(usize, NaiveDate),
}

/// The first of the two years.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap()
}

pub fn any(dice: &mut Dice<'_>, book: &RuleBook) -> Vec<Event> {
    let centre = dice.below(720);
    let mut deeds: Vec<Deed> = Vec::new();
    let mut events = Vec::new();
    for _ in 0..dice.between(1, 14) {
        let which = dice.below(10);
        let earlier = dice.below(deeds.len().max(1) as u32) as usize;
        let event = match (which, deeds.get(earlier)) {
            (7, Some(_)) => Event::Struck(earlier),
            (8, Some(deed)) if book.items[deed.item].kind != ItemKind::DirectGrade => {
                Event::Corrected(earlier, Points::from_hundredths(dice.between(1, 1_500).into()))
            }
            (9, Some(deed)) if can_be_put_right(book, deed) => {
                Event::PutRight(earlier, after(deed.day, dice.below(1_500)))
            }
            _ => {
                let deed = deed(dice, book, centre, &deeds);
                deeds.push(deed.clone());
                Event::Certified(deed)
            }
        };
        events.push(event);
    }
    events
}

/// What lasts by its amount is left out: its last day is fixed when it is put right, whatever its
/// amount becomes later.
fn can_be_put_right(book: &RuleBook, deed: &Deed) -> bool {
    let item = &book.items[deed.item];
    item.extends_until_corrected
        && !matches!(item.duration_of(&deed.measure), Duration::ByPoints { .. })
}

fn deed(dice: &mut Dice<'_>, book: &RuleBook, centre: u32, before: &[Deed]) -> Deed {
    let item = dice.below(book.items.len() as u32) as usize;
    // Mostly within few days, so that caps, tallies and groups have something to do.
    let day = if dice.once_in(4) { dice.below(730) } else { centre + dice.below(6) };
    let same_as = (!before.is_empty() && dice.once_in(5)).then(|| {
        let one = &before[dice.below(before.len() as u32) as usize];
        one.same_as.unwrap_or(one.number)
    });
    let amount = &book.items[item].amount;
    Deed {
        number: before.len(),
        item,
        person: dice.below(3),
        day: after(first_day(), day),
        measure: measure(dice, amount),
        filled_in: match amount {
            Amount::Range { points_min, points_max } => {
                let wide = points_max.hundredths() - points_min.hundredths();
                let more = dice.between(0, u32::try_from(wide).unwrap());
                Some(Points::from_hundredths(points_min.hundredths() + i64::from(more)))
            }
            _ => None,
        },
        same_as,
    }
}

pub fn measure(dice: &mut Dice<'_>, amount: &Amount) -> Measure {
    let choice = |dice: &mut Dice<'_>| match amount {
        Amount::Choice { options } => dice.below(options.len() as u32).to_string(),
        _ => unreachable!("only a choice asks for one"),
    };
    match amount.asks() {
        Asks::Nothing => Measure::default(),
        Asks::Quantity => Measure { quantity: Some(dice.between(1, 30)), choice: None },
        Asks::Choice => Measure { quantity: None, choice: Some(choice(dice)) },
    }
}

pub fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap()
}
