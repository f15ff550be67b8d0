//! One item in its book.

use super::{WarningKind, Warnings};
use crate::calendar::CycleKind;
use crate::rule_book::check::amounts;
use crate::rule_book::check::caps::CAPS_MAX;
use crate::rule_book::{
    Amount, Cap, CapLimit, CapPeriod, CapScope, ChoiceOption, ClaimedBy, Duration, EvidenceNeed,
    Item, ItemKind, RuleBook, ScorePart, Subject, Way,
};

pub(super) fn check(place: &str, item: &Item, book: &RuleBook, warnings: &mut Warnings) {
    amount(&format!("{place}.amount"), &item.amount, book, warnings);
    // What the program brings forward it has counted itself.
    let by_people = item.claimed_by.iter().any(|by| *by != ClaimedBy::System);
    warnings.add_if(
        by_people && item.evidence == EvidenceNeed::None,
        format!("{place}.evidence"),
        WarningKind::NoEvidence,
    );
    caps(place, item, book, warnings);
    warnings.add_if(
        item.kind.is_adverse() && cure_is_short(item, &book.claim_way),
        format!("{place}.cure_days"),
        WarningKind::CureShort,
    );
    duration(&format!("{place}.duration"), &item.duration, warnings);
    warnings.add_if(
        item.kind == ItemKind::DirectGrade && !item.extends_until_corrected,
        format!("{place}.extends_until_corrected"),
        WarningKind::GradeRunsOut,
    );
    warnings.add_if(
        item.part == ScorePart::RoleDuty && item.tracks.is_empty(),
        format!("{place}.tracks"),
        WarningKind::RoleDutyOfAll,
    );
    let weighed = book.tracks.iter().any(|rule| item.applies_to(&[rule.track].into()));
    warnings.add_if(
        item.duty_source.is_some() && item.part != ScorePart::RoleDuty && weighed,
        format!("{place}.part"),
        WarningKind::DutyNotRoleDuty,
    );
}

fn amount(place: &str, amount: &Amount, book: &RuleBook, warnings: &mut Warnings) {
    let mut unit = |unit: &str| {
        warnings.add_if(is_unclear(unit), format!("{place}.unit"), WarningKind::UnitUnclear);
    };
    match amount {
        Amount::PerUnit { unit: one, .. } => unit(one),
        Amount::MarginalTiers(one) => unit(&one.unit),
        Amount::CumulativeTiers(one) => {
            unit(&one.unit);
            warnings.add_if(
                one.per == CapScope::Member && book.subject == Subject::Person,
                format!("{place}.per"),
                WarningKind::MemberIsAccount,
            );
        }
        Amount::Choice { options } => {
            if let Some(n) = turn(options) {
                warnings.add(format!("{place}.options[{n}].points"), WarningKind::OptionsUnordered);
            }
            for (n, option) in options.iter().enumerate() {
                if let Some(kind) = &option.duration {
                    duration(&format!("{place}.options[{n}].duration"), kind, warnings);
                }
            }
        }
        Amount::Fixed { .. } | Amount::Range { .. } => {}
    }
}

/// Whether a unit has a figure in it: "100元", "每10元", "百元". A plain "次" or "元" is clear.
fn is_unclear(unit: &str) -> bool {
    let figures = unit.chars().any(|c| c.is_numeric() || "每/／".contains(c));
    let round_sum = unit.ends_with('元') && unit.chars().any(|c| "一二三五十百千万".contains(c));
    figures || round_sum
}

/// The first option at which points that rose begin to fall, or the other way round. From high to
/// low is as good an order as from low to high.
fn turn(options: &[ChoiceOption]) -> Option<usize> {
    let mut direction = None;
    for (n, pair) in options.windows(2).enumerate() {
        if let [one, next] = pair
            && one.points != next.points
        {
            let rises = one.points < next.points;
            if direction.is_some_and(|before| before != rises) {
                return Some(n + 1);
            }
            direction = Some(rises);
        }
    }
    None
}

fn caps(place: &str, item: &Item, book: &RuleBook, warnings: &mut Warnings) {
    // Tiers that add up bound themselves.
    let bounded = !item.caps.is_empty() || matches!(item.amount, Amount::CumulativeTiers(_));
    warnings.add_if(
        item.kind == ItemKind::Award && !bounded,
        format!("{place}.caps"),
        WarningKind::NoCap,
    );
    let adds_up = matches!(item.amount, Amount::CumulativeTiers(_));
    let most = amounts::most(&item.amount).filter(|_| !adds_up);
    for (n, cap) in item.caps.iter().enumerate().take(CAPS_MAX) {
        let place = format!("{place}.caps[{n}]");
        warnings.add_if(
            cap.per == CapScope::Member && book.subject == Subject::Person,
            format!("{place}.per"),
            WarningKind::MemberIsAccount,
        );
        if let (CapLimit::Points(points), Some(most)) = (cap.limit, most) {
            warnings.add_if(points < most, &place, WarningKind::AmountAboveCap);
        }
        let others = item.caps.iter().enumerate().take(CAPS_MAX).filter(|(other, _)| *other != n);
        let idle = others.into_iter().any(|(other, by)| {
            // Of two that are the same in effect the later one is told.
            leaves_nothing_to(by, cap, book) && !(n < other && leaves_nothing_to(cap, by, book))
        });
        warnings.add_if(idle, place, WarningKind::CapNeverCuts);
    }
}

/// Whether what passes `by` always passes `cap`: it holds for at least as many people and at least
/// as long, and lets no more pass.
fn leaves_nothing_to(by: &Cap, cap: &Cap, book: &RuleBook) -> bool {
    let wider = by.per == cap.per || by.per == CapScope::Account || book.subject == Subject::Person;
    let stricter = match (by.limit, cap.limit) {
        (CapLimit::Count(by), CapLimit::Count(cap)) => by <= cap,
        (CapLimit::Points(by), CapLimit::Points(cap)) => by <= cap,
        _ => false,
    };
    wider && stricter && lasts_through(by.period, cap.period, book.cycle)
}

/// Whether every one of the shorter periods lies within one of the longer.
fn lasts_through(longer: CapPeriod, shorter: CapPeriod, cycle: CycleKind) -> bool {
    let months = |period| match period {
        CapPeriod::Day | CapPeriod::Week => None,
        CapPeriod::Month => Some(1),
        CapPeriod::Quarter => Some(3),
        CapPeriod::Year => Some(12),
        CapPeriod::Cycle => Some(match cycle {
            CycleKind::Month => 1,
            CycleKind::Quarter => 3,
            CycleKind::HalfYear => 6,
            CycleKind::Year => 12,
        }),
    };
    match (months(longer), months(shorter)) {
        (Some(longer), Some(shorter)) => longer >= shorter,
        // A week may lie in two months.
        (Some(_), None) => shorter == CapPeriod::Day,
        (None, Some(_)) => false,
        (None, None) => longer == CapPeriod::Week || shorter == CapPeriod::Day,
    }
}

/// Whether the days to put it right may be over before the last stage has to decide: the person would
/// have to act before knowing whether it stands. Five working days are a week.
fn cure_is_short(item: &Item, way: &Way) -> bool {
    let working: u32 = way.stages.iter().map(|stage| u32::from(stage.working_days_max)).sum();
    item.cure_days.is_some_and(|days| u32::from(days) < working / 5 * 7 + working % 5)
}

fn duration(place: &str, duration: &Duration, warnings: &mut Warnings) {
    if let Duration::ByPoints { years, years_above, .. } = duration {
        warnings.add_if(years_above < years, place, WarningKind::DurationFalls);
    }
}
