//! The reference model: section 4 of the specification, the slow and obvious way.
//!
//! It keeps what arrived in order and, asked what stands, reckons all of it anew with loops in i128
//! hundredths. Of the program under test it takes the book and the deeds as data, and nothing else.

use chrono::{Datelike, NaiveDate};
use domain::calendar::CycleKind;
use domain::rule_book::{
    Amount, CapLimit, CapPeriod, CapScope, CumulativeTiers, Duration, Item, ItemKind, Measure,
    RuleBook,
};

use crate::histories::Deed;

/// A deed with what was decided on it later.
pub struct Known {
    pub deed: Deed,
    pub corrected: Option<i128>,
    pub put_right_on: Option<NaiveDate>,
}

/// What a deed comes to.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: usize,
    pub worth: i128,
    /// What doubling put on top.
    pub doubled: i128,
    /// What each cap of its item cut, in the order of the book.
    pub cuts: Vec<i128>,
    /// Those that ceased to count when it arrived.
    pub replaces: Vec<usize>,
    /// Which counted instead when it arrived.
    pub yields_to: Option<usize>,
    /// Whether it counts now, as the highest of its deed.
    pub counts: bool,
    /// What it brings as long as it counts.
    pub brings: i128,
    /// What it brings now.
    pub granted: i128,
    /// The last day on which it is effective.
    pub until: NaiveDate,
}

pub struct Model<'b> {
    book: &'b RuleBook,
    pub standing: Vec<Known>,
}

impl<'b> Model<'b> {
    pub fn new(book: &'b RuleBook) -> Self {
        Self { book, standing: Vec::new() }
    }

    pub fn item(&self, n: usize) -> &'b Item {
        &self.book.items[self.standing[n].deed.item]
    }

    /// All that stands, in the order of arrival.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for arrived in 0..self.standing.len() {
            let row = self.row(arrived, &rows);
            rows.push(row);
            let same = self.deeds_among(arrived + 1);
            let counted = |n: usize| n < arrived && rows[n].counts;
            let before: Vec<bool> = (0..=arrived).map(counted).collect();
            for n in 0..=arrived {
                rows[n].counts = self.highest(&rows, &same, same[n]) == n;
                let takes = self.item(n).kind != ItemKind::DirectGrade;
                rows[n].granted = if rows[n].counts && takes { rows[n].brings } else { 0 };
            }
            rows[arrived].replaces =
                (0..arrived).filter(|n| before[*n] && !rows[*n].counts).collect();
            rows[arrived].replaces.iter_mut().for_each(|n| *n = self.standing[*n].deed.number);
            let highest = self.highest(&rows, &same, same[arrived]);
            rows[arrived].yields_to =
                (highest != arrived).then(|| self.standing[highest].deed.number);
            if highest != arrived {
                rows[arrived].brings = 0;
                rows[arrived].cuts.fill(0);
            }
        }
        rows
    }

    /// The deed that has just arrived, as if it were the highest; `rows` is how things stood before.
    fn row(&self, arrived: usize, rows: &[Row]) -> Row {
        let (known, item) = (&self.standing[arrived], self.item(arrived));
        let same = self.deeds_among(arrived + 1);
        let mut worth = match &item.amount {
            Amount::CumulativeTiers(tiers) => self.tops_up(arrived, tiers),
            Amount::Range { .. } => known.deed.filled_in.unwrap().hundredths().into(),
            amount => by_itself(amount, &known.deed.measure),
        };
        let is_repeated = item.repeat_doubles
            && item.kind == ItemKind::Deduction
            && (0..arrived).any(|n| {
                let first = &self.standing[n].deed;
                same[n] != same[arrived]
                    && first.item == known.deed.item
                    && first.person == known.deed.person
                    && rows[n].granted > 0
                    && first.day <= known.deed.day
                    && known.deed.day <= rows[n].until
            });
        let doubled = if is_repeated { worth } else { 0 };
        worth += doubled;
        worth = known.corrected.unwrap_or(worth);
        let mut brings = worth;
        let mut cuts = Vec::new();
        for cap in &item.caps {
            let (mut deeds, mut points) = (0, 0);
            for n in 0..arrived {
                let other = &self.standing[n].deed;
                let is_another = same[n] != same[arrived] && rows[n].granted > 0;
                let same_subject =
                    cap.per == CapScope::Account || other.person == known.deed.person;
                if is_another
                    && other.item == known.deed.item
                    && same_subject
                    && self.same_period(cap.period, other.day, known.deed.day)
                {
                    deeds += 1;
                    points += rows[n].granted;
                }
            }
            let left = match cap.limit {
                CapLimit::Count(most) if deeds < most => brings,
                CapLimit::Count(_) => 0,
                CapLimit::Points(most) => {
                    brings.min((i128::from(most.hundredths()) - points).max(0))
                }
            };
            cuts.push(brings - left);
            brings = left;
        }
        let until = self.until(known, item, brings);
        let number = known.deed.number;
        let (replaces, yields_to) = (Vec::new(), None);
        Row {
            number,
            worth,
            doubled,
            cuts,
            replaces,
            yields_to,
            counts: true,
            brings,
            granted: 0,
            until,
        }
    }

    /// For each of the first so many, the number of the earliest that is of the same deed.
    pub fn deeds_among(&self, count: usize) -> Vec<usize> {
        let mut deeds: Vec<usize> = (0..count).collect();
        loop {
            let before = deeds.clone();
            for a in 0..count {
                for b in 0..count {
                    if self.is_same(a, b) {
                        deeds[b] = deeds[b].min(deeds[a]);
                    }
                }
            }
            if deeds == before {
                return deeds;
            }
        }
    }

    /// Whether two look like the same deed by themselves.
    fn is_same(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.standing[a].deed, &self.standing[b].deed);
        let (item, other_item) = (self.item(a), self.item(b));
        let good = |item: &Item| item.kind == ItemKind::Award;
        let said = one.same_as.unwrap_or(one.number) == other.same_as.unwrap_or(other.number);
        let fits_both = item.exclusive.is_some()
            && item.exclusive == other_item.exclusive
            && one.person == other.person
            && one.day == other.day;
        good(item) == good(other_item) && (said || fits_both)
    }

    /// The highest of one deed: the direct grade or else the largest; of equals the first.
    fn highest(&self, rows: &[Row], same: &[usize], deed: usize) -> usize {
        let mut highest = deed;
        let rank = |n: usize| (self.item(n).kind == ItemKind::DirectGrade, rows[n].worth);
        for (n, its_deed) in same.iter().enumerate() {
            if *its_deed == deed && rank(n) > rank(highest) {
                highest = n;
            }
        }
        highest
    }

    /// What the quantity adds to the step that was reached without it.
    fn tops_up(&self, arrived: usize, tiers: &CumulativeTiers) -> i128 {
        let name = |n: usize| match &self.item(n).amount {
            Amount::CumulativeTiers(one) => {
                Some(one.tally.clone().unwrap_or_else(|| self.item(n).code.clone()))
            }
            _ => None,
        };
        let deed = &self.standing[arrived].deed;
        let mut sum = 0;
        for n in 0..arrived {
            let other = &self.standing[n].deed;
            if name(n) == name(arrived)
                && (tiers.per == CapScope::Account || other.person == deed.person)
                && self.same_period(tiers.period, other.day, deed.day)
            {
                sum += other.measure.quantity.unwrap();
            }
        }
        let steps: Vec<_> = self
            .book
            .items
            .iter()
            .filter_map(|item| match &item.amount {
                Amount::CumulativeTiers(one)
                    if Some(one.tally.as_ref().unwrap_or(&item.code)) == name(arrived).as_ref() =>
                {
                    Some(&one.tiers)
                }
                _ => None,
            })
            .flatten()
            .collect();
        let reached = |sum: u32| {
            let mut best = 0;
            for step in &steps {
                if step.from <= sum {
                    best = best.max(i128::from(step.points.hundredths()));
                }
            }
            best
        };
        reached(sum + deed.measure.quantity.unwrap()) - reached(sum)
    }

    pub fn same_period(&self, period: CapPeriod, a: NaiveDate, b: NaiveDate) -> bool {
        match period {
            CapPeriod::Day => a == b,
            CapPeriod::Week => a.iso_week() == b.iso_week(),
            CapPeriod::Month => same_months(1, a, b),
            CapPeriod::Quarter => same_months(3, a, b),
            CapPeriod::Year => same_months(12, a, b),
            CapPeriod::Cycle => same_months(months(self.book.cycle), a, b),
        }
    }

    fn until(&self, known: &Known, item: &Item, brings: i128) -> NaiveDate {
        let mut duration = item.duration;
        if let (Amount::Choice { options }, Some(choice)) =
            (&item.amount, &known.deed.measure.choice)
        {
            let option = options.iter().find(|option| option.code == *choice).unwrap();
            duration = option.duration.unwrap_or(duration);
        }
        match (item.extends_until_corrected, known.put_right_on) {
            (true, None) => NaiveDate::from_ymd_opt(9999, 12, 31).unwrap(),
            (true, Some(on)) => {
                last_day(duration, known.deed.day, brings, self.book.cycle, Some(on))
            }
            (false, _) => last_day(duration, known.deed.day, brings, self.book.cycle, None),
        }
    }
}

/// What a measure is worth by an amount without looking at others: counted unit by unit.
pub fn by_itself(amount: &Amount, measure: &Measure) -> i128 {
    match amount {
        Amount::Fixed { points } => points.hundredths().into(),
        Amount::Choice { options } => {
            let choice = measure.choice.as_ref().unwrap();
            let option = options.iter().find(|option| option.code == *choice).unwrap();
            option.points.hundredths().into()
        }
        Amount::PerUnit { each, points, points_max, .. } => {
            let (mut sum, mut units) = (0, 0);
            for _ in 0..measure.quantity.unwrap() {
                units += 1;
                if units % each == 0 {
                    sum += i128::from(points.hundredths());
                }
            }
            sum.min(points_max.hundredths().into())
        }
        Amount::MarginalTiers(marginal) => {
            let mut units = vec![0_u32; marginal.tiers.len()];
            let mut sums = vec![0_i128; marginal.tiers.len()];
            for unit in 1..=measure.quantity.unwrap() {
                let fits =
                    |tier: &domain::rule_book::Slice| tier.up_to.is_none_or(|end| unit <= end);
                let Some(n) = marginal.tiers.iter().position(fits) else { continue };
                units[n] += 1;
                if units[n] % marginal.tiers[n].each == 0 {
                    let most = marginal.tiers[n].points_max.hundredths();
                    sums[n] += i128::from(marginal.tiers[n].points.hundredths());
                    sums[n] = sums[n].min(most.into());
                }
            }
            sums.iter().sum()
        }
        Amount::CumulativeTiers(_) | Amount::Range { .. } => unreachable!("needs others"),
    }
}

/// The last day on which something counts: extended, period by period, until it was put right.
pub fn last_day(
    duration: Duration,
    day: NaiveDate,
    points: i128,
    cycle: CycleKind,
    put_right_on: Option<NaiveDate>,
) -> NaiveDate {
    let years = match duration {
        Duration::Cycle | Duration::Year => {
            let months = if duration == Duration::Year { 12 } else { months(cycle) };
            let mut last = put_right_on.map_or(day, |on| on.max(day));
            while same_months(months, last, last.succ_opt().unwrap()) {
                last = last.succ_opt().unwrap();
            }
            return last;
        }
        Duration::Years { years } => years,
        Duration::ByPoints { up_to, years, years_above } => {
            if points <= i128::from(up_to.hundredths()) { years } else { years_above }
        }
    };
    let mut years = i32::from(years);
    loop {
        let year = day.year() + years;
        // Who was born on the 29th of February has a birthday on the 28th in other years.
        let again =
            day.with_year(year).unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 2, 28).unwrap());
        let last = again.pred_opt().unwrap();
        if put_right_on.is_none_or(|on| on <= last) {
            return last;
        }
        years += 1;
    }
}

fn months(cycle: CycleKind) -> u32 {
    match cycle {
        CycleKind::Month => 1,
        CycleKind::Quarter => 3,
        CycleKind::HalfYear => 6,
        CycleKind::Year => 12,
    }
}

fn same_months(months: u32, a: NaiveDate, b: NaiveDate) -> bool {
    a.year() == b.year() && (a.month() - 1) / months == (b.month() - 1) / months
}
