//! How rule books are shown.

use std::collections::BTreeMap;

use book_file::Read;
use domain::place::DivisionLevel;
use domain::rule_book::{Contradiction, Fault, RuleBook, VersionState, Warning};
use infra::presets::Provenance;
use infra::rule_books::{Shown, VersionLine};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::book::Book;
use super::layer::LayerBody;
use crate::names::{DivisionLevelName, VersionStateName};
use crate::problem::{Language, Problem, contradiction, fault, place, warning};

/// A version of a rule book or of a layer, without its text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 2, "name": "龙场乡诚信积分管理办法",
    "state": "adopted", "in_force_from": "2026-10-01", "written_at": "2026-09-01T10:00:00+08:00",
    "adopted_at": "2026-09-20T16:00:00+08:00"
}))]
pub struct RuleVersionLineOut {
    /// Its id.
    id: Uuid,
    /// The first of the village or division is 1.
    number: i32,
    /// Its name.
    name: String,
    /// Where it stands today.
    state: VersionStateName,
    /// The first day, once it is adopted; it holds until the next one's.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_from: Option<String>,
    /// When it was written last.
    written_at: String,
    /// When its adoption, or the order, was recorded.
    adopted_at: Option<String>,
}

impl From<(VersionLine, VersionState)> for RuleVersionLineOut {
    fn from((line, state): (VersionLine, VersionState)) -> Self {
        Self {
            id: line.id,
            number: line.number,
            name: line.name,
            state: state.into(),
            in_force_from: line.in_force_from.map(|day| day.to_string()),
            written_at: crate::time::shown(line.written_at),
            adopted_at: line.adopted_at.map(crate::time::shown),
        }
    }
}

/// A rule book.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!(super::examples::rule_book()))]
pub struct RuleBookOut {
    /// Its id.
    id: Uuid,
    /// The first of the village is 1.
    number: i32,
    /// Where it stands today. Nothing adopted is ever edited.
    state: VersionStateName,
    /// The first day of an adopted book; it holds until the next one's.
    #[schema(value_type = Option<String>, format = Date)]
    in_force_from: Option<String>,
    /// What the villager assembly resolved.
    #[schema(value_type = Option<super::ResolutionOut>)]
    resolution: Option<serde_json::Value>,
    /// How many households signed the pledge, of how many.
    #[schema(value_type = Option<PledgesOut>)]
    pledges: Option<serde_json::Value>,
    /// When it was written last.
    written_at: String,
    /// When its adoption was recorded.
    adopted_at: Option<String>,
    /// The whole book: what the village wrote, merged with the frame of its county and the manual of its
    /// town. A draft is shown as it comes to today; none if no layer states a setting that a book needs.
    book: Option<Book>,
    /// What the village itself wrote, where that is not the whole book.
    layer: Option<LayerBody>,
    /// The frame of the county that it was merged with.
    county_layer_id: Option<Uuid>,
    /// The manual of the town that it was merged with.
    town_layer_id: Option<Uuid>,
    /// The adopted book of which this is a new merge, since the frame or manual changed.
    carried_from: Option<Uuid>,
    /// New merges of this book, for frames and manuals that hold from a later day on: read them to see what
    /// of it will not hold any more.
    #[schema(max_items = 10_000)]
    merged_later: Vec<MergedLaterOut>,
    /// Which layer brought in an item, by its code; what is not listed is the village's own.
    item_origins: BTreeMap<String, DivisionLevelName>,
    /// What stands in the way of its adoption.
    #[schema(max_items = 100_000)]
    faults: Vec<FaultOut>,
    /// What the village wrote and what does not hold, since it contradicts a layer above. Stands in the
    /// way of a draft's adoption too.
    #[schema(max_items = 100_000)]
    contradictions: Vec<ContradictionOut>,
    /// What is unclear, and no obstacle: the assembly may want it so.
    #[schema(max_items = 100_000)]
    warnings: Vec<WarningOut>,
}

/// What is wrong with a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"place": "items[3].amount", "kind": "not_positive", "message": "须大于零"}))]
pub struct FaultOut {
    /// Where: `items[3].amount`.
    place: String,
    /// The stable code of what is wrong.
    #[schema(value_type = String)]
    kind: domain::rule_book::FaultKind,
    /// What to tell people.
    message: String,
}

/// What of a layer does not hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "place": "stars[0].from", "kind": "locked_setting", "against": "county",
    "message": "上级已锁定这项设置"
}))]
pub struct ContradictionOut {
    /// Where in the layer.
    place: String,
    /// The stable code of what is wrong.
    #[schema(value_type = String)]
    kind: domain::rule_book::ContradictionKind,
    /// Whose layer it contradicts.
    against: DivisionLevelName,
    /// What to tell people.
    message: String,
}

impl ContradictionOut {
    pub(crate) fn of(found: Contradiction, language: Language) -> Self {
        Self {
            message: language.of_two(contradiction(found.kind)).to_owned(),
            place: found.place,
            kind: found.kind,
            against: found.against.into(),
        }
    }
}

/// A new merge of a book.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedLaterOut {
    /// Its id.
    id: Uuid,
    /// Its first day.
    #[schema(format = Date)]
    in_force_from: String,
}

/// How many households signed the pledge.
#[derive(Debug, Serialize, ToSchema)]
pub struct PledgesOut {
    /// How many signed.
    households_signed: u32,
    /// How many households the village had.
    households_total: u32,
}

/// What is unclear about a book.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"place": "items[3].caps", "kind": "no_cap", "message": "加分没有限额"}))]
pub struct WarningOut {
    /// Where.
    place: String,
    /// The stable code.
    #[schema(value_type = String)]
    kind: domain::rule_book::WarningKind,
    /// What to tell people.
    message: String,
}

impl FaultOut {
    pub(crate) fn of(found: Fault, language: Language) -> Self {
        Self {
            message: language.of_two(fault(found.kind)).to_owned(),
            place: found.place,
            kind: found.kind,
        }
    }
}

impl WarningOut {
    fn of(found: Warning, language: Language) -> Self {
        Self {
            message: language.of_two(warning(found.kind)).to_owned(),
            place: found.place,
            kind: found.kind,
        }
    }
}

impl RuleBookOut {
    pub(super) fn of(shown: Shown, language: Language) -> Result<Self, Problem> {
        let Shown { row, state, book, faults, merged, later } = shown;
        let warnings = book.iter().flat_map(RuleBook::warnings);
        let own = merged.contradictions_of(DivisionLevel::Village);
        let inherited = merged.item_origins.into_iter();
        let inherited = inherited.filter(|(_, level)| *level != DivisionLevel::Village);
        // Where there is a book the text is it, unless it says otherwise.
        let layer = row.layer.is_some() || row.book.is_none();
        let layer = if layer { Some(LayerBody::of(&row.text()?)?) } else { None };
        Ok(Self {
            faults: faults.into_iter().map(|found| FaultOut::of(found, language)).collect(),
            contradictions: own
                .into_iter()
                .map(|found| ContradictionOut::of(found, language))
                .collect(),
            warnings: warnings.map(|found| WarningOut::of(found, language)).collect(),
            id: row.id,
            number: row.number,
            state: state.into(),
            in_force_from: row.in_force_from.map(|day| day.to_string()),
            resolution: row.resolution,
            pledges: row.pledges,
            written_at: crate::time::shown(row.written_at),
            adopted_at: row.adopted_at.map(crate::time::shown),
            book: book.as_ref().map(Book::of).transpose()?,
            layer,
            county_layer_id: row.county_layer_id,
            town_layer_id: row.town_layer_id,
            carried_from: row.carried_from,
            merged_later: later
                .into_iter()
                .map(|(id, from)| MergedLaterOut { id, in_force_from: from.to_string() })
                .collect(),
            item_origins: inherited.map(|(code, level)| (code, level.into())).collect(),
        })
    }
}

/// What a file would make.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!(super::examples::trial()))]
pub struct RuleBookTrialOut {
    /// The book that was read.
    book: Book,
    /// What would stand in the way of its adoption.
    #[schema(max_items = 100_000)]
    faults: Vec<FileFaultOut>,
    /// What is unclear, and no obstacle.
    #[schema(max_items = 100_000)]
    warnings: Vec<FileWarningOut>,
    /// Sheets and columns that are no part of a book; they were not read.
    #[schema(max_items = 1_000)]
    ignored: Vec<IgnoredOut>,
}

/// What is wrong with a book of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileFaultOut {
    /// Where in the file, for people: `条目!D5`, `第 3 行第 5 列`.
    file_place: String,
    /// What.
    #[serde(flatten)]
    fault: FaultOut,
}

/// What is unclear about a book of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileWarningOut {
    /// Where in the file, for people.
    file_place: String,
    /// What.
    #[serde(flatten)]
    warning: WarningOut,
}

/// A sheet or column that is no part of a book.
#[derive(Debug, Serialize, ToSchema)]
pub struct IgnoredOut {
    /// Where in the file, for people.
    file_place: String,
    /// Its name or title.
    name: String,
}

impl RuleBookTrialOut {
    pub(super) fn of(read: &Read, language: Language) -> Result<Self, Problem> {
        let faults = read.faults().into_iter().map(|(at, found)| FileFaultOut {
            file_place: place(&at, language),
            fault: FaultOut::of(found, language),
        });
        let warnings = read.book.warnings().into_iter().map(|found| FileWarningOut {
            file_place: place(&read.places.locate(&found.place), language),
            warning: WarningOut::of(found, language),
        });
        let ignored = read
            .ignored
            .iter()
            .map(|(at, name)| IgnoredOut { file_place: place(at, language), name: name.clone() });
        Ok(Self {
            book: Book::of(&read.book)?,
            faults: faults.collect(),
            warnings: warnings.collect(),
            ignored: ignored.collect(),
        })
    }
}

/// A preset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!(super::examples::preset()))]
pub struct PresetOut {
    /// Its name: `shuicheng`.
    pub(super) name: String,
    /// Where its figures come from.
    pub(super) provenance: ProvenanceOut,
    /// The book.
    pub(super) book: Book,
}

/// Which figures a place published, and which are defaults of this software.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvenanceOut {
    /// The publication.
    source: String,
    /// Fields with published figures.
    #[schema(max_items = 100)]
    published: Vec<String>,
    /// Fields with our figures.
    #[schema(max_items = 100)]
    default: Vec<String>,
}

impl From<Provenance> for ProvenanceOut {
    fn from(known: Provenance) -> Self {
        Self { source: known.source, published: known.published, default: known.default }
    }
}
