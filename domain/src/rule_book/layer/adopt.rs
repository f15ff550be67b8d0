//! How a layer is adopted: a county's or town's by order, a village's by its assembly.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Contradiction, ContradictionKind, Layer, Setting, Stack, Version};
use crate::calendar::day_of;
use crate::place::DivisionLevel;
use crate::refusal::Refusal;
use crate::rule_book::RuleBook;
use crate::rule_book::adoption::{Order, Pledges, Resolution, follows};

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
    follows(in_force_from, resolution.held_on, newest_in_force_from)?;
    Ok(book)
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
    let before = newest.map(|version| version.layer);
    contradictions.extend(before.into_iter().flat_map(|before| withdrawn(stack, level, before)));
    if !contradictions.is_empty() {
        return Err(Refusal::RuleBookContradicts { contradictions });
    }
    if !order.is_sound() || order.issued_on > today {
        return Err(Refusal::OrderInvalid);
    }
    // From tomorrow on: a day that has begun is not judged by another book than it began with, in
    // villages that had no part in the order.
    let tomorrow = today.succ_opt().unwrap_or(today);
    follows(in_force_from, tomorrow, newest.and_then(|version| version.in_force_from))
}

/// What the layer before stated and neither the new one nor one above it does: villages may rely
/// on it.
fn withdrawn<'a>(
    stack: &'a Stack<'a>,
    level: DivisionLevel,
    before: &'a Layer,
) -> impl Iterator<Item = Contradiction> + 'a {
    let layers = || stack.from_the_top().map(|(_, layer)| layer);
    let settings = Setting::ALL.iter().filter(move |setting| {
        before.states(**setting) && !layers().any(|layer| layer.states(**setting))
    });
    let categories = before.categories.iter().filter(move |category| {
        let mut now = layers().flat_map(|layer| &layer.categories);
        now.all(|other| other.code != category.code)
    });
    let settings = settings.map(|setting| setting.as_str().to_owned());
    let categories = categories.map(|category| format!("categories.{}", category.code));
    settings.chain(categories).map(move |place| Contradiction {
        layer: level,
        against: level,
        place,
        kind: ContradictionKind::Withdrawn,
    })
}
