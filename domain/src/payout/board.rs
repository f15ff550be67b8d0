//! What the notice board shows of a line: enough to add the plan up, and nothing against anybody.

use chrono::NaiveDate;

use crate::person::{age_on, masked_name};
use crate::points::Points;

/// Who is younger is not named.
const AGE_MIN: u32 = 18;

/// How the board names whose line it is: masked for who was struck or left out, as it masks a deduction
/// (section 6, privacy by audience), and for who is under 18 on the day on which it was hung.
pub fn name_shown(
    name: &str,
    left_out: bool,
    born_on: Option<NaiveDate>,
    hung_on: NaiveDate,
) -> String {
    let minor = born_on.is_some_and(|born| age_on(born, hung_on) < AGE_MIN);
    if left_out || minor { masked_name(name) } else { name.to_owned() }
}

/// The points that the board shows. Where deductions took more than was earned it shows nothing earned: by
/// how much is between the village and the household.
pub fn points_shown(points: Points) -> Points {
    points.max(Points::ZERO)
}
