//! What is wrong with a line of an imported file, told by its number so that a clerk can put it
//! right.

/// A line that cannot be taken, with the field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The number of the line in the file, or of the row in the sheet; the first is 1.
    pub line: u32,
    /// The field, as the API names it: `id_number`.
    pub field: &'static str,
    /// What is wrong with it.
    pub flaw: Flaw,
}

macro_rules! flaws {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* $(,)? })? => $code:literal;)*) => {
        /// What can be wrong with a field of a line.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Flaw {
            $($(#[$doc])* $name $({
                $(
                    #[doc = concat!("The `", stringify!($field), "` that was found.")]
                    $field: $type
                ),*
            })?,)*
        }

        impl Flaw {
            /// Every code, in the order of the enum.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code that clients branch on.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }
        }
    };
}

flaws! {
    /// The field must be filled in.
    Missing => "missing";
    /// The text is longer than allowed.
    TooLong { chars_max: u16 } => "too_long";
    /// The text holds characters that no text holds, such as a line feed.
    ControlCharacter => "control_character";
    /// The cell holds an error of the spreadsheet, such as `#N/A`.
    CellBroken => "cell_broken";
    /// The spreadsheet kept the number as a number, which has 15 digits: the rest is lost.
    DigitsLost => "digits_lost";
    /// The identity number is not 17 digits followed by a digit or X (GB 11643).
    IdNumberForm => "id_number_form";
    /// The day of birth in the identity number is no day, or has not come yet.
    IdNumberBirthDate => "id_number_birth_date";
    /// The check digit of the identity number does not fit (GB 11643).
    IdNumberCheckDigit => "id_number_check_digit";
    /// The identity number stands in another line too.
    IdNumberTwice { first_line: u32 } => "id_number_twice";
    /// The phone is no mobile number of eleven digits.
    PhoneForm => "phone_form";
    /// The name stands twice in the household and an identity number is missing to tell who is who.
    NameTwice { first_line: u32 } => "name_twice";
    /// The household has no head in the file.
    NoHead => "no_head";
    /// The household has more than one head in the file.
    SecondHead { first_line: u32 } => "second_head";
    /// The household has a head on the roster who is not in the file.
    OtherHead => "other_head";
    /// There is no such status.
    UnknownStatus => "unknown_status";
    /// The village has no grid of that name.
    UnknownGrid => "unknown_grid";
    /// The household lies in another grid by an earlier line.
    GridDiffers { first_line: u32 } => "grid_differs";
    /// Neither yes nor no.
    NotYesOrNo => "not_yes_or_no";
    /// Several villagers on the roster could be meant; an identity number would tell.
    Ambiguous => "ambiguous";
    /// The code has not 6, 9 or 12 digits.
    DivisionCode => "division_code";
    /// The code stands in another line too.
    DivisionTwice => "division_twice";
    /// The division above is neither known nor in the file.
    DivisionParent => "division_parent";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut codes = Flaw::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Flaw::CODES.len());
    }
}
