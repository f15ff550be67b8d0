//! A layer as it is shown: where it stands, and what is wrong with a draft.

use chrono::NaiveDate;
use diesel::PgConnection;
use domain::actor::Actor;
use domain::id::{DivisionId, RuleLayerId, VillageId};
use domain::place::{DivisionLevel, Place};
use domain::policy::{Action, Target, allows};
use domain::rule_book::{Contradiction, Fault, Layer, Stack, VersionState};

use super::lines::states_on;
use super::{Above, RuleLayerRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::places::{DivisionRow, division_in_tx};

/// A layer with what it comes to.
#[derive(Clone, Debug)]
pub struct ShownLayer {
    /// As it is stored.
    pub row: RuleLayerRow,
    /// What it says.
    pub layer: Layer,
    /// Where it stands on the day it is looked at.
    pub state: VersionState,
    /// What stands in the way of its order.
    pub faults: Vec<Fault>,
    /// What of it contradicts the layer above, or is about nothing.
    pub contradictions: Vec<Contradiction>,
}

impl ShownLayer {
    fn of(
        c: &mut PgConnection,
        place: &DivisionRow,
        row: RuleLayerRow,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let layer = row.layer()?;
        let path = place.path();
        let itself = Place {
            county: path.county,
            town: path.town.unwrap_or(path.county),
            village: VillageId(place.id),
        };
        let above = Above::of(c, &[itself])?;
        let county = above.stack_on(itself, row.in_force_from.unwrap_or(today).max(today)).county;
        let (level, stack) = match path.level() {
            DivisionLevel::County => {
                (DivisionLevel::County, Stack { county: Some(&layer), ..Stack::default() })
            }
            _ => (DivisionLevel::Town, Stack { county, town: Some(&layer), village: None }),
        };
        let faults = stack.faults_of(level);
        let mut contradictions = stack.merge().contradictions_of(level);
        let state = if row.state == "draft" {
            let before = above.newest(place.id);
            contradictions.extend(before.iter().flat_map(|one| stack.withdrawn(level, one.layer)));
            VersionState::Draft
        } else {
            let states = states_on(c, DivisionId(place.id), today)?;
            states.get(&row.number).copied().unwrap_or(VersionState::Draft)
        };
        Ok(Self { row, layer, state, faults, contradictions })
    }
}

/// One layer. What was issued is public; a draft is shown to those who may read drafts.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    id: RuleLayerId,
    today: NaiveDate,
) -> Result<ShownLayer, Error> {
    db.read(|c| {
        let place = division_in_tx(c, division)?;
        let row = find(c, division, id)?;
        if row.state == "draft" {
            allows(actor, Action::RuleLayerDraftShow, &Target::division(place.path()))?;
        }
        ShownLayer::of(c, &place, row, today)
    })
}

/// What a row comes to that was just written.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn written(db: &Db, row: &RuleLayerRow, today: NaiveDate) -> Result<ShownLayer, Error> {
    db.read(|c| {
        let place = division_in_tx(c, DivisionId(row.division_id))?;
        ShownLayer::of(c, &place, row.clone(), today)
    })
}
