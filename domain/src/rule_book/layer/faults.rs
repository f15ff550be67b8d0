//! The faults of one layer, at their places in it.

use super::{Layer, Merged, Setting, Stack};
use crate::calendar::CycleKind;
use crate::place::DivisionLevel;
use crate::points::Points;
use crate::rule_book::{
    Category, Fault, FaultKind, HouseholdScore, PointsPolicy, RuleBook, StarTable, Subject, Way,
};

impl Stack<'_> {
    /// The faults in the layer of a level, taken with the categories of those above it. What it
    /// leaves open is no fault; whether the village's book is whole, the merge says.
    pub fn faults_of(&self, level: DivisionLevel) -> Vec<Fault> {
        let (mut above, mut faults) = (Vec::new(), Vec::new());
        for (at, layer) in self.from_the_top() {
            if at == level {
                faults = layer.faults(&above);
            }
            above.extend(layer.categories.iter().cloned());
        }
        faults
    }

    /// What stands in the way of the village's layer: its own faults, and once it has none those of
    /// the whole book that the layers make. `merged` is their merge.
    pub fn faults_of_village(&self, merged: &Merged) -> Vec<Fault> {
        if let Some(text) = self.whole_text() {
            return text.faults();
        }
        let own = self.faults_of(DivisionLevel::Village);
        match &merged.book {
            Some(book) if own.is_empty() => book.faults(),
            _ => own,
        }
    }

    /// The village's book as it was written, where nothing lies above it and it is whole.
    pub fn whole_text(&self) -> Option<RuleBook> {
        let alone = self.county.is_none() && self.town.is_none();
        self.village.filter(|_| alone).cloned().and_then(Layer::whole)
    }
}

impl Layer {
    /// Its faults, given the categories of the layers above. They are those of the book that the
    /// plainest settings make of it, less what lies in these settings.
    fn faults(&self, categories_above: &[Category]) -> Vec<Fault> {
        let mut alone = self.clone();
        for category in categories_above {
            // After the own ones, so that those keep their places.
            if alone.categories.iter().all(|own| own.code != category.code) {
                alone.categories.push(category.clone());
            }
        }
        let mut faults = alone.filled_in_from(plain()).faults();
        faults.retain(|fault| {
            let left_open = |setting: &&Setting| !self.states(**setting);
            let no_items = self.items.is_empty() && fault.kind == FaultKind::ItemCount;
            let whole = fault.kind.is_of_whole_book() && fault.kind != FaultKind::UnknownCategory;
            !no_items
                && !whole
                && !Setting::ALL.iter().filter(left_open).any(|one| fault.lies_in(*one))
        });
        faults.extend(self.bounds.faults());
        faults
    }
}

impl super::Bounds {
    fn faults(&self) -> impl Iterator<Item = Fault> {
        let lists = [("towns", &self.towns), ("villages", &self.villages)];
        lists.into_iter().flat_map(|(name, list)| {
            let numbered = list.iter().flatten().enumerate();
            let no_room = numbered.filter(|(_, b)| b.items_max > 0 && !b.points_max.is_positive());
            no_room.map(move |(n, _)| Fault {
                place: format!("bounds.{name}[{n}].points_max"),
                kind: FaultKind::NotPositive,
            })
        })
    }
}

impl Fault {
    fn lies_in(&self, setting: Setting) -> bool {
        let rest = self.place.strip_prefix(setting.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

/// Settings to check a layer with that states few.
fn plain() -> RuleBook {
    let way = Way { stages: Vec::new(), notice_days: 0, notice_every: None };
    RuleBook {
        name: String::new(),
        subject: Subject::Household,
        cycle: CycleKind::Year,
        base_score: Points::ZERO,
        claim_days_max: 1,
        appeal_days_max: 1,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(Vec::new()),
        tracks: Vec::new(),
        household_score: HouseholdScore::Sum,
        registration: None,
        points_policy: PointsPolicy::Never,
        exchange_value_fen: None,
        forfeiture_bp: None,
        categories: Vec::new(),
        items: Vec::new(),
    }
}
