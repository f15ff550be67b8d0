//! Engine and model go through the same history and come to the same after each step; and what must
//! hold whatever a book says.

use domain::claim::{Adjustment, Claim};
use domain::rule_book::{CapLimit, CapScope, FaultKind, ItemKind};

use crate::dice::Dice;
use crate::engine::{Engine, number, taken};
use crate::histories::Event;
use crate::model::{Known, Model, Row};
use crate::{books, histories};

/// How many numbers a book with a history uses at most, or nearly.
pub const ROLLS: usize = 260;

/// One book, one history.
pub fn hold(rolls: &[u32]) {
    let mut dice = Dice::new(rolls);
    let book = books::any(&mut dice);
    // The engine agrees for odder books too than the lint lets through: caps that leave little, the
    // same sort of cap twice, tiers in an exclusive group.
    const ODD: [FaultKind; 6] = [
        FaultKind::ExclusiveTiers,
        FaultKind::CapBelowAmount,
        FaultKind::DuplicateCap,
        FaultKind::OutOfReach,
        FaultKind::TallyContradicts,
        FaultKind::TallyDiffers,
    ];
    let mut faults = book.faults();
    faults.retain(|fault| !ODD.contains(&fault.kind));
    assert_eq!(faults, [], "the book could be adopted but for what is odd");
    let events = histories::any(&mut dice, &book);
    let (mut engine, mut model) = (Engine::new(&book), Model::new(&book));
    for event in &events {
        step(&mut engine, &mut model, event);
        let rows = model.rows();
        assert_eq!(engine.claims.len(), rows.len());
        for (claim, row) in engine.claims.iter().zip(&rows) {
            let same = std::panic::catch_unwind(|| agree(claim, row));
            assert!(same.is_ok(), "{claim:#?}\n{row:#?}\n{events:#?}\n{:#?}", book.items);
        }
        caps_hold(&engine, &model);
        one_of_each_deed_counts(&rows, &model);
    }
}

fn step(engine: &mut Engine<'_>, model: &mut Model<'_>, event: &Event) {
    let known = |model: &Model<'_>, deed: usize| {
        model.standing.iter().position(|known| known.deed.number == deed).unwrap()
    };
    match event {
        Event::Certified(deed) => {
            engine.certify(deed);
            model.standing.push(Known { deed: deed.clone(), corrected: None, put_right_on: None });
        }
        Event::Struck(deed) => {
            if engine.strike(*deed) {
                model.standing.remove(known(model, *deed));
            }
        }
        Event::Corrected(deed, points) => {
            if engine.correct(*deed, *points) {
                let place = known(model, *deed);
                model.standing[place].corrected = Some(points.hundredths().into());
            }
        }
        Event::PutRight(deed, on) => {
            if engine.put_right(*deed, *on) {
                let place = known(model, *deed);
                model.standing[place].put_right_on = Some(*on);
            }
        }
    }
}

fn agree(claim: &Claim, row: &Row) {
    let granted = claim.granted.unwrap().hundredths();
    let worth = claim.worth().hundredths();
    assert_eq!(number(claim.id), row.number);
    assert_eq!((i128::from(worth), i128::from(granted)), (row.worth, row.granted), "amounts");
    assert!(0 <= granted && granted <= worth, "between nothing and its worth");
    assert_eq!(claim.counted().yields, !row.counts, "yields");
    let (mut doubled, mut replaces, mut cuts, mut yields) = (0, Vec::new(), Vec::new(), Vec::new());
    for adjustment in &claim.adjustments {
        match adjustment {
            Adjustment::Doubled { points, .. } => doubled += i128::from(points.hundredths()),
            Adjustment::Replaces { claim, .. } => replaces.push(number(*claim)),
            Adjustment::YieldsTo { claim, .. } => yields.push(number(*claim)),
            Adjustment::Cut(cut) => cuts.push(i128::from(cut.points.hundredths())),
            _ => {}
        }
    }
    replaces.sort_unstable();
    assert_eq!(doubled, row.doubled, "doubled");
    assert_eq!(replaces, row.replaces, "replaces");
    assert_eq!(yields.is_empty(), row.counts, "names the one that counts");
    if row.yields_to.is_some() {
        assert_eq!(yields.first().copied(), row.yields_to, "yields at once");
    }
    assert_eq!(cuts, row.cuts.iter().copied().filter(|cut| *cut > 0).collect::<Vec<_>>(), "cuts");
    let left = worth - claim.adjustments.iter().map(taken).sum::<i64>();
    // A direct grade takes nothing until it is repaired; then what is left is its deduction.
    let is_grade = claim.kind == ItemKind::DirectGrade;
    assert_eq!(left, if is_grade && row.counts { row.brings as i64 } else { granted }, "adds up");
    if row.counts {
        assert_eq!(claim.counts_until, Some(row.until), "last day");
    }
}

/// No cap is exceeded in the period around any deed.
fn caps_hold(engine: &Engine<'_>, model: &Model<'_>) {
    for around in &engine.claims {
        for cap in &engine.book.item(&around.item_code).unwrap().caps {
            let within = |claim: &&Claim| {
                claim.item_code == around.item_code
                    && claim.granted.unwrap().is_positive()
                    && (cap.per == CapScope::Account || claim.person == around.person)
                    && model.same_period(cap.period, claim.happened_on, around.happened_on)
            };
            let counting = engine.claims.iter().filter(within);
            match cap.limit {
                CapLimit::Count(most) => assert!(counting.count() <= most as usize),
                CapLimit::Points(most) => {
                    let sum: i64 = counting.map(|claim| claim.granted.unwrap().hundredths()).sum();
                    assert!(sum <= most.hundredths(), "{sum} of {most}");
                }
            }
        }
    }
}

fn one_of_each_deed_counts(rows: &[Row], model: &Model<'_>) {
    let same = model.deeds_among(rows.len());
    for deed in &same {
        let count = (0..rows.len()).filter(|n| same[*n] == *deed && rows[*n].counts).count();
        assert_eq!(count, 1);
    }
}
