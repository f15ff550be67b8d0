//! Subscribe messages (订阅消息): what WeChat takes in a template's fields, and how many it lets a
//! person be sent.
//!
//! A template has fields with names such as `thing1`: a [`FieldKind`] and a number. Each kind has
//! limits, and WeChat refuses the whole message if one value breaks them (errcode 47003). A
//! [`Value`] is made by the functions here alone, so one that breaks them does not exist; what can be
//! shortened without saying something else is shortened, anything else is `None`.
//!
//! `han` and `value` hold the limits, [`Fact`] is what values are made from, [`grants`] counts.

mod fact;
pub mod grants;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;

pub use fact::{Fact, FactKind};
pub use value::Value;

macro_rules! field_kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal;)*) => {
        /// A kind of field, as WeChat names them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FieldKind { $($(#[$doc])* $name,)* }

        impl FieldKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in WeChat's templates.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

field_kinds! {
    /// 事物: at most 20 characters of any kind.
    Thing "thing";
    /// 数字: at most 32 digits, a point among them.
    Number "number";
    /// 字母: at most 32 letters.
    Letter "letter";
    /// 符号: at most 5 signs.
    Symbol "symbol";
    /// 字符串: at most 32 digits, letters and signs, nothing Chinese.
    CharacterString "character_string";
    /// 时间: `15:01` or `2019年10月1日 15:01`.
    Time "time";
    /// 日期: `2019年10月1日`.
    Date "date";
    /// 金额: at most 10 digits, may end in 元.
    Amount "amount";
    /// 电话: at most 17 digits and signs.
    PhoneNumber "phone_number";
    /// 车牌: at most 8 characters.
    CarNumber "car_number";
    /// 姓名: at most 10 Chinese characters.
    Name "name";
    /// 汉字: at most 5 Chinese characters.
    Phrase "phrase";
}

/// The name of a field of a template, such as `thing1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// What it takes.
    pub kind: FieldKind,
    /// Its number in the template.
    pub number: u16,
}

impl Field {
    /// The field of that name, if WeChat could have one.
    pub fn from_name(name: &str) -> Option<Self> {
        let digits_at = name.find(|sign: char| sign.is_ascii_digit())?;
        let (kind, number) = name.split_at_checked(digits_at)?;
        let kind = FieldKind::ALL.iter().copied().find(|known| known.as_str() == kind)?;
        let plain = number.len() <= 4 && number.bytes().all(|sign| sign.is_ascii_digit());
        let number = number.parse().ok().filter(|_| plain && !number.starts_with('0'))?;
        Some(Self { kind, number })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.kind.as_str(), self.number)
    }
}
