//! What a clerk had better look at again before the assembly does. None of it stands in the way of
//! adoption: each may be meant as it is.

mod of_book;
mod of_items;

use super::kind::kinds;
use crate::rule_book::RuleBook;
use serde::{Deserialize, Serialize};

/// Something unclear in a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Where: `items[3].evidence`.
    pub place: String,
    /// What is unclear.
    pub kind: WarningKind,
}

kinds! {
    /// What can be unclear in a draft.
    pub enum WarningKind {
        /// The base score brings no star, though there is one: everybody begins below the table.
        BaseBelowStars => "base_below_stars",
        /// The base score brings the highest star: awards move nobody.
        BaseHasTopStar => "base_has_top_star",
        /// The table has no row: nobody has a star.
        NoStars => "no_stars",
        /// More stars bring less credit or discount than fewer.
        StarBringsLess => "star_brings_less",
        /// Certified without a day on the notice board: nobody can object before it counts.
        NoNotice => "no_notice",
        /// No item is of this category.
        CategoryUnused => "category_unused",
        /// A code that differs from another in case only.
        CodeAlike => "code_alike",
        /// A name that another item or option has already.
        NameTwice => "name_twice",
        /// An item without evidence.
        NoEvidence => "no_evidence",
        /// An award that can be had any number of times.
        NoCap => "no_cap",
        /// A unit with a figure in it: whoever declares 300 yuan does not know whether to write 3 or
        /// 300. The figure belongs to `each`.
        UnitUnclear => "unit_unclear",
        /// Options whose points neither rise nor fall from first to last.
        OptionsUnordered => "options_unordered",
        /// An amount that one claim can bring and a cap never lets pass whole.
        AmountAboveCap => "amount_above_cap",
        /// A cap that never cuts, because another always cuts before.
        CapNeverCuts => "cap_never_cuts",
        /// "Per member" where every person has an account: the same as per account.
        MemberIsAccount => "member_is_account",
        /// The days to put it right end before the stages have to decide.
        CureShort => "cure_short",
        /// A larger amount counts for a shorter time than a smaller one.
        DurationFalls => "duration_falls",
        /// A direct grade that runs out by itself while nothing was put right.
        GradeRunsOut => "grade_runs_out",
        /// An exclusive group of one item of a fixed amount: there is nothing to exclude.
        ExclusiveAlone => "exclusive_alone",
        /// A tally that no other item shares.
        TallyAlone => "tally_alone",
        /// A track on which role duty or personal credit has no weight.
        PartWithoutWeight => "part_without_weight",
        /// Registration that never ends before `claim_days_max` does.
        RegistrationNeverEnds => "registration_never_ends",
        /// A period of registration whose first deeds `claim_days_max` shuts out before it is over.
        RegistrationTooLong => "registration_too_long",
        /// Role duty that is asked of everybody.
        RoleDutyOfAll => "role_duty_of_all",
        /// A duty post or pledge that counts as personal credit for people on a track that weighs
        /// role duty.
        DutyNotRoleDuty => "duty_not_role_duty",
    }
}

impl RuleBook {
    /// What is unclear, in the order of the book; what several items say together comes last.
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Warnings::default();
        of_book::check(self, &mut warnings);
        for (n, item) in self.items.iter().enumerate() {
            of_items::check(&format!("items[{n}]"), item, self, &mut warnings);
        }
        of_book::check_together(self, &mut warnings);
        warnings.0
    }
}

#[derive(Default)]
struct Warnings(Vec<Warning>);

impl Warnings {
    fn add(&mut self, place: impl Into<String>, kind: WarningKind) {
        self.0.push(Warning { place: place.into(), kind });
    }

    fn add_if(&mut self, unclear: bool, place: impl Into<String>, kind: WarningKind) {
        if unclear {
            self.add(place, kind);
        }
    }
}
