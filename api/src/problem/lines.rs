//! What is wrong where: fields of a body, lines of a file, places of a rule book.

use book_file::Place;
use domain::import::Flaw;
use domain::refusal::Refusal;

use super::render::Language;
use super::{Cause, FieldError, Problem, contradiction, fault};

impl Problem {
    /// The places that are wrong, if the problem is about some.
    pub(crate) fn field_errors(&self, language: Language) -> Vec<FieldError> {
        match &self.cause {
            Cause::Fields(_, fields) => fields.clone(),
            Cause::Refused(Refusal::ImportInvalid { lines }) => lines
                .iter()
                .map(|bad| FieldError {
                    field: format!("lines[{}].{}", bad.line, bad.field),
                    message: format!("{}: {}", bad.flaw.code(), flaw(bad.flaw, language)),
                    ..FieldError::default()
                })
                .collect(),
            Cause::Refused(Refusal::RuleBookInvalid { faults }) => faults
                .iter()
                .map(|found| FieldError {
                    field: found.place.clone(),
                    message: language.of_two(fault(found.kind)).to_owned(),
                    ..FieldError::default()
                })
                .collect(),
            Cause::Refused(Refusal::RuleBookContradicts { contradictions }) => contradictions
                .iter()
                .map(|found| FieldError {
                    field: found.place.clone(),
                    message: language.of_two(contradiction(found.kind)).to_owned(),
                    code: Some(found.kind.code()),
                    ..FieldError::default()
                })
                .collect(),
            Cause::Refused(Refusal::RuleBooksBroken { villages }) => villages
                .iter()
                .flat_map(|broken| broken.faults.iter().map(move |found| (broken.village, found)))
                .map(|(village, found)| FieldError {
                    field: format!("villages[{village}].{}", found.place),
                    message: language.of_two(fault(found.kind)).to_owned(),
                    ..FieldError::default()
                })
                .collect(),
            Cause::Refused(Refusal::PersonRefused { number, why }) => vec![FieldError {
                field: format!("person_ids[{}]", number.saturating_sub(1)),
                message: why.code().to_owned(),
                ..FieldError::default()
            }],
            Cause::BookFile(bad) => bad
                .faults
                .iter()
                .map(|found| FieldError {
                    field: found.path.clone(),
                    message: language.pick(|| found.reason.zh(), || found.reason.en()),
                    place: Some(place(&found.place, language)),
                    code: Some(found.code()),
                })
                .collect(),
            Cause::Refused(_) | Cause::Door(_) => Vec::new(),
        }
    }
}

impl Language {
    /// The one of two texts, Chinese and English, that is in this language.
    pub(crate) const fn of_two<'a>(self, (chinese, english): (&'a str, &'a str)) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// As [`Language::of_two`], of texts that are made.
    fn pick(self, chinese: impl FnOnce() -> String, english: impl FnOnce() -> String) -> String {
        match self {
            Self::Chinese => chinese(),
            Self::English => english(),
        }
    }
}

/// A place in the file of a rule book, in words for a clerk.
pub(crate) fn place(place: &Place, language: Language) -> String {
    language.pick(|| place.zh(), || place.en())
}

/// What is wrong with a field of a line, in words for a clerk.
pub(crate) fn flaw(flaw: Flaw, language: Language) -> String {
    let words = match flaw {
        Flaw::Missing => ("必填", "must be filled in"),
        Flaw::TooLong { chars_max } => {
            return match language {
                Language::Chinese => format!("不能超过{chars_max}个字"),
                Language::English => format!("at most {chars_max} characters"),
            };
        }
        Flaw::ControlCharacter => ("含有看不见的字符", "holds invisible characters"),
        Flaw::CellBroken => ("单元格是错误值", "the cell holds an error"),
        Flaw::DigitsLost => (
            "号码被存成数字,已丢失位数;请把该列设为文本后重新填写",
            "kept as a number, so digits are lost: make the column text and fill it in again",
        ),
        Flaw::IdNumberForm => ("身份证号应为18位", "not 17 digits followed by a digit or X"),
        Flaw::IdNumberBirthDate => {
            ("身份证号里的出生日期不对", "its day of birth is none, or has not come")
        }
        Flaw::IdNumberCheckDigit => {
            ("身份证号校验位不对,请核对", "its check digit does not fit: a digit is wrong")
        }
        Flaw::IdNumberTwice { first_line } => {
            return same(language, "身份证号", "the identity number", first_line);
        }
        Flaw::PhoneForm => ("手机号应为11位", "not a mobile number of eleven digits"),
        Flaw::NameTwice { first_line } => {
            return same(
                language,
                "同户同名(请填身份证号区分)",
                "the name (identity numbers would tell them apart)",
                first_line,
            );
        }
        Flaw::NoHead => ("这一户没有户主", "the household has no head in the file"),
        Flaw::SecondHead { first_line } => return same(language, "户主", "the head", first_line),
        Flaw::OtherHead => (
            "花名册上这一户的原户主不在表中,请一并列出并写明新的关系",
            "the head on the roster is not in the file: list them with their new relation",
        ),
        Flaw::UnknownStatus => (
            "状态应为:居住、在外求学、迁出、去世、涉案未结",
            "not one of 居住, 在外求学, 迁出, 去世, 涉案未结",
        ),
        Flaw::UnknownGrid => ("村里没有这个网格", "the village has no such grid"),
        Flaw::GridDiffers { first_line } => {
            return match language {
                Language::Chinese => format!("与第{first_line}行同户,网格却不同"),
                Language::English => {
                    format!("another grid than the household has in line {first_line}")
                }
            };
        }
        Flaw::NotYesOrNo => ("应填是或否", "neither 是 (yes) nor 否 (no)"),
        Flaw::Ambiguous => (
            "花名册上有同名的人,请填身份证号区分",
            "several people on the roster could be meant: an identity number would tell",
        ),
        Flaw::DivisionCode => ("代码应为6、9或12位数字", "not 6, 9 or 12 digits"),
        Flaw::DivisionTwice => ("代码重复", "the code stands in another line too"),
        Flaw::DivisionParent => ("找不到上级区划", "the division above is not known"),
    };
    language.of_two(words).to_owned()
}

fn same(language: Language, zh: &str, en: &str, first_line: u32) -> String {
    match language {
        Language::Chinese => format!("{zh}与第{first_line}行重复"),
        Language::English => format!("{en} stands in line {first_line} too"),
    }
}
