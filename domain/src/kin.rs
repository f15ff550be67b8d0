//! Declared kin (亲属): nobody decides on them. A tie is declared once and holds both ways.

use serde::{Deserialize, Serialize};

use crate::id::VillagerId;
use crate::refusal::Refusal;

/// Decides whether two people can be each other's kin.
///
/// # Errors
/// `kin_with_oneself`.
pub fn may_be_kin(villager: VillagerId, kin: VillagerId) -> Result<(), Refusal> {
    if villager == kin { Err(Refusal::KinWithOneself) } else { Ok(()) }
}

/// What somebody is to a villager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kin {
    /// 配偶.
    Spouse,
    /// 父母.
    Parent,
    /// 子女.
    Child,
    /// 兄弟姐妹.
    Sibling,
    /// 祖父母, 外祖父母.
    Grandparent,
    /// 孙子女, 外孙子女.
    Grandchild,
    /// 公婆, 岳父母.
    ParentInLaw,
    /// 儿媳, 女婿.
    ChildInLaw,
    /// 伯叔姑舅姨.
    UncleOrAunt,
    /// 侄子女, 外甥子女.
    NephewOrNiece,
    /// Any other tie by blood or marriage.
    Other,
}

impl Kin {
    /// Every tie.
    pub const ALL: [Self; 11] = [
        Self::Spouse,
        Self::Parent,
        Self::Child,
        Self::Sibling,
        Self::Grandparent,
        Self::Grandchild,
        Self::ParentInLaw,
        Self::ChildInLaw,
        Self::UncleOrAunt,
        Self::NephewOrNiece,
        Self::Other,
    ];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::Parent => "parent",
            Self::Child => "child",
            Self::Sibling => "sibling",
            Self::Grandparent => "grandparent",
            Self::Grandchild => "grandchild",
            Self::ParentInLaw => "parent_in_law",
            Self::ChildInLaw => "child_in_law",
            Self::UncleOrAunt => "uncle_or_aunt",
            Self::NephewOrNiece => "nephew_or_niece",
            Self::Other => "other",
        }
    }

    /// The tie of that name; one that this version does not know is some other tie.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|kin| kin.as_str() == name).unwrap_or(Self::Other)
    }

    /// What the villager is to them.
    pub const fn back(self) -> Self {
        match self {
            Self::Spouse => Self::Spouse,
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
            Self::Sibling => Self::Sibling,
            Self::Grandparent => Self::Grandchild,
            Self::Grandchild => Self::Grandparent,
            Self::ParentInLaw => Self::ChildInLaw,
            Self::ChildInLaw => Self::ParentInLaw,
            Self::UncleOrAunt => Self::NephewOrNiece,
            Self::NephewOrNiece => Self::UncleOrAunt,
            Self::Other => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_there_and_back_is_the_same_tie() {
        for kin in Kin::ALL {
            assert_eq!(kin.back().back(), kin);
            assert_eq!(Kin::from_name(kin.as_str()), kin);
        }
        assert_eq!(Kin::from_name("表姐"), Kin::Other);
    }
}
