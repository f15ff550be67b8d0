//! What can be wrong with a draft, each with a stable name.

use serde::{Deserialize, Serialize};

/// Declares kinds together with their names, so that none can be left out of `ALL`.
macro_rules! kinds {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[doc = $doc:literal])+ $kind:ident => $text:literal,)+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[doc = $doc])+ $kind,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The stable name, the same as in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $text),+ }
            }
        }
    };
}
pub(super) use kinds;

kinds! {
    /// What can be wrong with a draft. Each stands in the way of its adoption.
    pub enum FaultKind {
        /// A text is empty or too long.
        Text => "text",
        /// A code is empty, too long or has other characters than `A-Z a-z 0-9 . - _`.
        Code => "code",
        /// A code stands twice.
        Duplicate => "duplicate",
        /// An item names a category that the book does not have.
        UnknownCategory => "unknown_category",
        /// An amount that must be above zero is not.
        NotPositive => "not_positive",
        /// A unit without a quantity: points for every zero units, or a tier from zero on.
        UnitWithoutQuantity => "unit_without_quantity",
        /// A maximum below the amount of one unit.
        MaximumTooSmall => "maximum_too_small",
        /// A choice without options.
        NoOptions => "no_options",
        /// An amount in tiers without a tier.
        NoTiers => "no_tiers",
        /// Tiers that do not rise: one begins where another already holds, or one after which
        /// nothing can come is not the last.
        TiersOverlap => "tiers_overlap",
        /// A step or slice that no quantity of a claim can ever reach or fill.
        OutOfReach => "out_of_reach",
        /// A range whose least is not above zero and below its most.
        RangeEmpty => "range_empty",
        /// Years that are not 1 to 100.
        Years => "years",
        /// Items that add up together and differ in kind, unit, scope or period.
        TallyDiffers => "tally_differs",
        /// Items that add up together and whose tiers do not make one rising table.
        TallyContradicts => "tally_contradicts",
        /// A cap below the smallest amount: nobody could ever be granted what the item says.
        CapBelowAmount => "cap_below_amount",
        /// Two caps of the same scope, period and sort: only the stricter would ever cut.
        DuplicateCap => "duplicate_cap",
        /// More entries in a list than allowed.
        TooMany => "too_many",
        /// Nobody may bring the item forward.
        NobodyMayClaim => "nobody_may_claim",
        /// A deduction that villagers could bring against a neighbour.
        DeductionByVillager => "deduction_by_villager",
        /// A deduction that the program could make by itself.
        DeductionBySystem => "deduction_by_system",
        /// A deduction without the way and the days to put it right (safeguard 15.5).
        NoCure => "no_cure",
        /// Something to put right on an award.
        CureMisplaced => "cure_misplaced",
        /// A direct grade without the star that it sets.
        GradeMissing => "grade_missing",
        /// A star on what is no direct grade.
        GradeMisplaced => "grade_misplaced",
        /// A direct grade that sets a star which the table does not have.
        GradeUnknown => "grade_unknown",
        /// A direct grade that sets the highest star of the table: it would lift people up.
        GradeHighest => "grade_highest",
        /// A veto that does not say for how long it suspends.
        SuspensionMissing => "suspension_missing",
        /// A suspension on what is no veto.
        SuspensionMisplaced => "suspension_misplaced",
        /// Doubling on what is no deduction.
        DoublingMisplaced => "doubling_misplaced",
        /// Extension until corrected on an award.
        ExtensionMisplaced => "extension_misplaced",
        /// Credit for a relative without saying which relatives.
        RelationsMissing => "relations_missing",
        /// An item under a duty post or pledge that credits a relative: a duty is a person's own.
        DutyOfRelative => "duty_of_relative",
        /// A deduction that is held against a relative (safeguard 15.3).
        RelativeBlamed => "relative_blamed",
        /// An exclusive group on cumulative tiers, where every claim is a part of one sum.
        ExclusiveTiers => "exclusive_tiers",
        /// A way without a stage or with too many.
        Stages => "stages",
        /// No stage of the way looks at items of this level: their claims could never be decided.
        LevelWithoutStage => "level_without_stage",
        /// Levels on a stage of ratings, which are of no item.
        LevelsMisplaced => "levels_misplaced",
        /// Accounts or the length of a cycle change in the middle of a cycle.
        CycleCut => "cycle_cut",
        /// A quorum of zero, or more people than could ever be brought together.
        Quorum => "quorum",
        /// More days than allowed.
        Days => "days",
        /// Rows of the star table that do not fall from row to row.
        StarOrder => "star_order",
        /// A number of stars is left out between the highest and the lowest row.
        StarGap => "star_gap",
        /// A row for no star: that is what those have who reach no row.
        StarZero => "star_zero",
        /// No account can reach this star, whatever it does in a cycle.
        StarUnreachable => "star_unreachable",
        /// Tracks in a book whose accounts are households: nobody is on one there.
        TracksOfHouseholds => "tracks_of_households",
        /// Two rules for the same track: only the first would ever hold.
        TrackTwice => "track_twice",
        /// A track other than party member or representative: it has no role duty.
        TrackWithoutDuty => "track_without_duty",
        /// Rows of a grade table that do not fall from row to row.
        GradeOrder => "grade_order",
        /// An item of role duty in a book without tracks: it would count for nobody.
        RoleDutyWithoutTracks => "role_duty_without_tracks",
        /// How members make up the score of a household, in a book whose accounts are persons.
        HouseholdScoreOfPersons => "household_score_of_persons",
        /// A period of the notice on the way of a rating, where it has no effect.
        NoticePeriodMisplaced => "notice_period_misplaced",
        /// A score, bound or credit below zero.
        Negative => "negative",
        /// The item scores what must not be scored (safeguards 15.2 and 15.3).
        Forbidden => "forbidden",
        /// The book has no item, or too many.
        ItemCount => "item_count",
    }
}

impl FaultKind {
    /// Whether it can only be told of a whole book. A layer that leaves stars, base score, subject,
    /// tracks or further items to others does not have such a fault by itself.
    pub const fn is_of_whole_book(self) -> bool {
        matches!(
            self,
            Self::UnknownCategory
                | Self::ItemCount
                | Self::GradeUnknown
                | Self::GradeHighest
                | Self::StarUnreachable
                | Self::LevelWithoutStage
                | Self::TracksOfHouseholds
                | Self::RoleDutyWithoutTracks
        )
    }
}
