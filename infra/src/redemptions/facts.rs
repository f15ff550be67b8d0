//! What the statement of a household says of a redemption.

use domain::store::RedemptionState;

use crate::error::Error;

/// The columns that make [`RedemptionFacts`]: goods, quantity, unit, state, store.
pub(crate) type RedemptionColumns = (String, i32, String, String, String);

/// What a statement says of a redemption.
#[derive(Clone, Debug)]
pub struct RedemptionFacts {
    /// The goods, as they were called then.
    pub goods: String,
    /// How many.
    pub quantity: i32,
    /// What one of them is.
    pub unit: String,
    /// Where it stands now.
    pub state: RedemptionState,
    /// The store.
    pub store: String,
}

impl RedemptionFacts {
    /// The facts as they are stored.
    ///
    /// # Errors
    /// [`Error::Bug`] for a state that this version does not know.
    pub(crate) fn of(
        (goods, quantity, unit, state, store): RedemptionColumns,
    ) -> Result<Self, Error> {
        let state = RedemptionState::from_name(&state)
            .ok_or_else(|| Error::Bug("a stored redemption that cannot be read".into()))?;
        Ok(Self { goods, quantity, unit, state, store })
    }
}
