//! How a layer is adopted: a county's or town's by order, a village's by its assembly.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Contradiction, ContradictionKind, Layer, Setting, Stack, Version};
use crate::calendar::day_of;
use crate::place::DivisionLevel;
use crate::refusal::Refusal;
use crate::rule_book::adoption::{Order, Pledges, Resolution, follows};
use crate::rule_book::{Fault, FaultKind, RuleBook};

/// Decides whether a village can adopt its layer and bring it into force on `in_force_from`; answers
/// the whole book.
///
/// `above` is what is in force above the village on that day ([`super::Timeline::stack_on`]);
/// `newest_in_force_from` the first day of the newest version that the village adopted.
///
/// # Errors
/// `rule_book_invalid`, with places in the layer, or in the whole book when each layer is sound by
/// itself; `rule_book_contradicts` with what stands against a layer above; `resolution_not_carried`,
/// `pledges_invalid`, `pledges_too_few`, `in_force_too_early`.
pub fn adopt_village_layer(
    above: &Stack<'_>,
    draft: &Layer,
    resolution: &Resolution,
    pledges: Option<&Pledges>,
    in_force_from: NaiveDate,
    newest_in_force_from: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<RuleBook, Refusal> {
    let stack = Stack { village: Some(draft), ..*above };
    let merged = stack.merge();
    let faults = stack.faults_of_village(&merged);
    if !faults.is_empty() {
        return Err(Refusal::RuleBookInvalid { faults });
    }
    let contradictions = merged.contradictions_of(DivisionLevel::Village);
    if !contradictions.is_empty() {
        return Err(Refusal::RuleBookContradicts { contradictions });
    }
    // Without a contradiction in the village's layer no setting is missing.
    let book = merged.book.ok_or(Refusal::NoRuleBook { day: in_force_from })?;
    if !resolution.carried() || resolution.held_on > day_of(now) {
        return Err(Refusal::ResolutionNotCarried);
    }
    Pledges::suffice(pledges, stack.pledges_bp_min())?;
    // A first book may hold from the assembly on. A later one begins tomorrow at the earliest, so that
    // no day has two books.
    let decided_on = match newest_in_force_from {
        None => resolution.held_on,
        Some(_) => resolution.held_on.max(tomorrow(now)),
    };
    follows(in_force_from, decided_on, newest_in_force_from)?;
    Ok(book)
}

/// On which day the layers above a village are looked at when it adopts a book: on its first day, and
/// for one that began in the past today, so that no frame is passed by with an early date.
pub fn looked_at_on(in_force_from: NaiveDate, now: DateTime<Utc>) -> NaiveDate {
    in_force_from.max(day_of(now))
}

/// What stands in the way of a book's following another on a day: where accounts or the length of a
/// cycle change, both must begin a cycle then, or no rating could be made of what lies between.
pub fn faults_of_change(before: &RuleBook, after: &RuleBook, on: NaiveDate) -> Vec<Fault> {
    let begins = |book: &RuleBook| book.cycle.holding(on).first_day() == on;
    if begins(before) && begins(after) {
        return Vec::new();
    }
    let changed =
        [("subject", before.subject != after.subject), ("cycle", before.cycle != after.cycle)];
    let changed = changed.into_iter().filter(|(_, changed)| *changed);
    changed.map(|(place, _)| Fault { place: place.into(), kind: FaultKind::CycleCut }).collect()
}

fn tomorrow(now: DateTime<Utc>) -> NaiveDate {
    let today = day_of(now);
    today.succ_opt().unwrap_or(today)
}

/// Decides whether a town can issue its manual. `county` is the frame in force on `in_force_from`,
/// `newest` the newest version that the town adopted.
///
/// # Errors
/// `rule_book_invalid`, `rule_book_contradicts`, `order_invalid`, `in_force_too_early`.
pub fn adopt_town_manual(
    county: Option<&Layer>,
    draft: &Layer,
    newest: Option<&Version<&Layer>>,
    order: &Order,
    in_force_from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let stack = Stack { county, town: Some(draft), village: None };
    issue(&stack, DivisionLevel::Town, newest, order, in_force_from, now)
}

/// Decides whether a county can issue its frame. `newest` is the newest version that it adopted.
/// What it means for towns and villages, [`Stack::merge`] says; it does not stand in the way.
///
/// # Errors
/// As of [`adopt_town_manual`].
pub fn adopt_county_frame(
    draft: &Layer,
    newest: Option<&Version<&Layer>>,
    order: &Order,
    in_force_from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let stack = Stack { county: Some(draft), town: None, village: None };
    issue(&stack, DivisionLevel::County, newest, order, in_force_from, now)
}

fn issue(
    stack: &Stack<'_>,
    level: DivisionLevel,
    newest: Option<&Version<&Layer>>,
    order: &Order,
    in_force_from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let today = day_of(now);
    let faults = stack.faults_of(level);
    if !faults.is_empty() {
        return Err(Refusal::RuleBookInvalid { faults });
    }
    // What lower and higher layers have of their own does not stand in its way.
    let mut contradictions = stack.merge().contradictions_of(level);
    contradictions.extend(newest.iter().flat_map(|before| stack.withdrawn(level, before.layer)));
    if !contradictions.is_empty() {
        return Err(Refusal::RuleBookContradicts { contradictions });
    }
    if !order.is_sound() || order.issued_on > today {
        return Err(Refusal::OrderInvalid);
    }
    // From tomorrow on: a day that has begun is not judged by another book than it began with, in
    // villages that had no part in the order.
    follows(in_force_from, tomorrow(now), newest.and_then(|version| version.in_force_from))
}

impl Stack<'_> {
    /// What the layer of a level that went before stated and neither the new one nor one above it
    /// does: villages may rely on it.
    pub fn withdrawn(&self, level: DivisionLevel, before: &Layer) -> Vec<Contradiction> {
        let layers = || self.from_the_top().map(|(_, layer)| layer);
        let settings = Setting::ALL.iter().filter(|setting| {
            before.states(**setting) && !layers().any(|layer| layer.states(**setting))
        });
        let categories = before.categories.iter().filter(|category| {
            let mut now = layers().flat_map(|layer| &layer.categories);
            now.all(|other| other.code != category.code)
        });
        let settings = settings.map(|setting| setting.as_str().to_owned());
        let categories = categories.map(|category| format!("categories.{}", category.code));
        settings
            .chain(categories)
            .map(move |place| Contradiction {
                layer: level,
                against: level,
                place,
                kind: ContradictionKind::Withdrawn,
            })
            .collect()
    }
}
