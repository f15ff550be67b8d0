//! Declared kin (亲属): nobody decides on them. A tie is declared once and holds both ways.

use crate::id::VillagerId;
use crate::refusal::Refusal;

/// Decides whether two people can be each other's kin.
///
/// # Errors
/// `kin_with_oneself`.
pub fn may_be_kin(villager: VillagerId, kin: VillagerId) -> Result<(), Refusal> {
    if villager == kin { Err(Refusal::KinWithOneself) } else { Ok(()) }
}

names! {
    /// What somebody is to a villager.
    Kin {
        /// 配偶.
        Spouse "spouse",
        /// 父母.
        Parent "parent",
        /// 子女.
        Child "child",
        /// 兄弟姐妹.
        Sibling "sibling",
        /// 祖父母, 外祖父母.
        Grandparent "grandparent",
        /// 孙子女, 外孙子女.
        Grandchild "grandchild",
        /// 公婆, 岳父母.
        ParentInLaw "parent_in_law",
        /// 儿媳, 女婿.
        ChildInLaw "child_in_law",
        /// 伯叔姑舅姨.
        UncleOrAunt "uncle_or_aunt",
        /// 侄子女, 外甥子女.
        NephewOrNiece "nephew_or_niece",
        /// Any other tie by blood or marriage.
        Other "other",
    }
}

impl Kin {
    /// The tie of that name; one that this version does not know is some other tie.
    pub fn of_any_name(name: &str) -> Self {
        Self::from_name(name).unwrap_or(Self::Other)
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
        for &kin in Kin::ALL {
            assert_eq!(kin.back().back(), kin);
            assert_eq!(Kin::of_any_name(kin.as_str()), kin);
        }
        assert_eq!(Kin::of_any_name("表姐"), Kin::Other);
    }
}
