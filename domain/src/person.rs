//! People: identity numbers, phones, tracks, status, and what of them may be shown.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

/// Below this age in years nobody has an account or a sign-in of their own (domain rule 15.6).
pub const ACCOUNT_AGE_MIN: u32 = 14;

names! {
    /// What a villager also is; each track has points of its own in some places (Wendeng).
    Track {
        /// 党员.
        PartyMember "party_member",
        /// 村民代表.
        Representative "representative",
        /// 志愿者.
        Volunteer "volunteer",
        /// 五老人员.
        Elder "elder",
    }
}

names! {
    /// Where a villager stands; all but residents are left out of ratings.
    #[derive(Default)]
    Residence {
        /// Lives in the village.
        #[default]
        Resident "resident",
        /// Studies.
        Student "student",
        /// Moved away.
        MovedAway "moved_away",
        /// Died.
        Deceased "deceased",
        /// Has an open legal case.
        OpenLegalCase "open_legal_case",
    }
}

impl Residence {
    /// Whether duties that were taken on end with it. Of who moved away the village decides.
    pub const fn ends_duties(self) -> bool {
        matches!(self, Self::Deceased)
    }

    /// Whether a rating leaves this person out (section 4, "Excluded from rating").
    pub const fn is_rated(self) -> bool {
        matches!(self, Self::Resident)
    }
}

/// A Chinese identity number of 18 characters whose check digit is right (GB 11643).
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber(String);

/// Why a text is not an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BadIdNumber {
    /// Not 17 digits followed by a digit or X.
    Form,
    /// The eight digits in the middle are no day.
    BirthDate,
    /// The check digit does not fit.
    CheckDigit,
}

impl FromStr for IdNumber {
    type Err = BadIdNumber;

    fn from_str(text: &str) -> Result<Self, BadIdNumber> {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        const CHECKS: &[u8; 11] = b"10X98765432";
        let number = text.trim().to_ascii_uppercase();
        let bytes = number.as_bytes();
        let (digits, check) = match bytes {
            [digits @ .., check] if digits.len() == WEIGHTS.len() => (digits, *check),
            _ => return Err(BadIdNumber::Form),
        };
        if !digits.iter().all(u8::is_ascii_digit) || !(check.is_ascii_digit() || check == b'X') {
            return Err(BadIdNumber::Form);
        }
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        let number = Self(number);
        if number.birth_date().is_none() {
            return Err(BadIdNumber::BirthDate);
        }
        if usize::try_from(sum % 11).ok().and_then(|i| CHECKS.get(i)) != Some(&check) {
            return Err(BadIdNumber::CheckDigit);
        }
        Ok(number)
    }
}

impl IdNumber {
    /// The number in full: for encryption only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last six characters, with which people on paper prove who they are.
    pub fn last_six(&self) -> &str {
        self.0.get(12..).unwrap_or_default()
    }

    fn birth_date(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.0.get(6..14)?, "%Y%m%d").ok()
    }

    /// The day of birth it states.
    pub fn born_on(&self) -> NaiveDate {
        self.birth_date().unwrap_or_default()
    }

    /// First and last character, the rest as stars (domain rule 15.6).
    pub fn masked(&self) -> String {
        masked_between(&self.0, 1, 1)
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({})", self.masked())
    }
}

/// A mobile number of the Chinese mainland: eleven digits that begin with 1.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl FromStr for Phone {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.trim();
        let digits = digits.strip_prefix("+86").unwrap_or(digits).trim_start();
        let right = digits.len() == 11
            && digits.starts_with('1')
            && digits.bytes().all(|b| b.is_ascii_digit());
        if right { Ok(Self(digits.to_owned())) } else { Err(()) }
    }
}

impl Phone {
    /// The number in full: for encryption and comparison only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The first three and the last four digits.
    pub fn masked(&self) -> String {
        masked_between(&self.0, 3, 4)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

fn masked_between(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(i, c)| if i < first || i + last >= count { c } else { '*' })
        .collect()
}

/// A name as it is shown to people who need not know it whole: 王小明 is 王*明, 王明 is 王*.
pub fn masked_name(name: &str) -> String {
    match name.chars().count() {
        0 | 1 => name.to_owned(),
        2 => masked_between(name, 1, 0),
        _ => masked_between(name, 1, 1),
    }
}

/// A person's age in whole years on a day.
pub fn age_on(born: NaiveDate, day: NaiveDate) -> u32 {
    day.years_since(born).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_with_the_right_check_digit_is_accepted() {
        let number: IdNumber = "11010519491231002x".parse().unwrap();
        assert_eq!(number.expose(), "11010519491231002X");
        assert_eq!(number.last_six(), "31002X");
        assert_eq!(number.masked(), "1****************X");
        assert_eq!(number.born_on(), NaiveDate::from_ymd_opt(1949, 12, 31).unwrap());
        assert_eq!(format!("{number:?}"), "IdNumber(1****************X)");
    }

    #[test]
    fn an_identity_number_is_refused_with_the_reason() {
        let read = |text: &str| text.parse::<IdNumber>().unwrap_err();
        assert_eq!(read("110105194912310021"), BadIdNumber::CheckDigit);
        assert_eq!(read("110105194913310027"), BadIdNumber::BirthDate);
        assert_eq!(read("11010519491231002"), BadIdNumber::Form);
        assert_eq!(read("1101051949123100２X"), BadIdNumber::Form);
    }

    #[test]
    fn phones_and_names_are_masked() {
        let phone: Phone = "+86 13912345678".parse().unwrap();
        assert_eq!(phone.masked(), "139****5678");
        assert_eq!(masked_name("王小明"), "王*明");
        assert_eq!(masked_name("王明"), "王*");
        assert_eq!(masked_name("阿依古丽"), "阿**丽");
        for bad in ["1391234567", "23912345678", "1391234567a", ""] {
            assert!(bad.parse::<Phone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_birthday_makes_one_a_year_older_on_the_day() {
        let born = NaiveDate::from_ymd_opt(2012, 9, 15).unwrap();
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 9, 14).unwrap()), 13);
        assert_eq!(age_on(born, NaiveDate::from_ymd_opt(2026, 9, 15).unwrap()), 14);
    }
}
