//! What can be reported: a list that each village keeps for itself. Until it does, this one holds.

use std::collections::BTreeSet;

use super::Kind;
use crate::actor::Actor;
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;
use crate::rule_book::{forbidden_duty, forbidden_fault};

/// The most categories of a village, of both kinds together.
pub const CATEGORIES_MAX: usize = 60;
/// The longest code, in characters.
pub const CODE_CHARS_MAX: usize = 32;
/// The longest name, in characters: it fits on a button.
pub const NAME_CHARS_MAX: usize = 20;

/// Something that can be reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Good deed or nuisance.
    pub kind: Kind,
    /// The code, the only one of its kind.
    pub code: String,
    /// What it is called.
    pub name: String,
}

/// The list of a village that has none of its own. No source publishes one: ours, after the aspects
/// of Shuicheng and the boards of Qingcheng, whose program takes 好人好事 and 不文明行为.
const DEFAULTS: &[(Kind, &str, &str)] = &[
    (Kind::GoodDeed, "help", "助人为乐"),
    (Kind::GoodDeed, "elders", "孝老爱亲"),
    (Kind::GoodDeed, "honesty", "拾金不昧"),
    (Kind::GoodDeed, "courage", "见义勇为"),
    (Kind::GoodDeed, "labour", "义务劳动"),
    (Kind::GoodDeed, "environment", "爱护环境"),
    (Kind::GoodDeed, "neighbours", "邻里互助"),
    (Kind::GoodDeed, "other", "其他好事"),
    (Kind::Nuisance, "garbage", "乱倒垃圾"),
    (Kind::Nuisance, "sewage", "污水乱排"),
    (Kind::Nuisance, "clutter", "乱堆乱放"),
    (Kind::Nuisance, "building", "乱搭乱建"),
    (Kind::Nuisance, "road", "占道堵路"),
    (Kind::Nuisance, "damage", "损坏公物"),
    (Kind::Nuisance, "burning", "露天焚烧"),
    (Kind::Nuisance, "noise", "噪音扰民"),
    (Kind::Nuisance, "animals", "牲畜散放"),
    (Kind::Nuisance, "hazard", "安全隐患"),
    (Kind::Nuisance, "other", "其他问题"),
];

/// The list of a village that has none of its own.
pub fn default_categories() -> Vec<Category> {
    let category = |(kind, code, name): &(Kind, &str, &str)| Category {
        kind: *kind,
        code: (*code).to_owned(),
        name: (*name).to_owned(),
    };
    DEFAULTS.iter().map(category).collect()
}

/// Decides whether somebody may give the village this list. Reports that were sent keep the names of
/// their categories.
///
/// # Errors
/// `forbidden`, `not_found`; `category_list_invalid` if a code stands twice, one kind has none, or
/// there are too many; `category_forbidden` for what must not be reported on people
/// (safeguard 15.3: petitions, speech, belief, family planning, health, poverty, kinship).
pub fn replace(actor: &Actor, place: &Place, list: &[Category]) -> Result<Permit, Refusal> {
    let permit = allows(actor, Action::ReportCategoryManage, &Target::village(*place))?;
    let codes: BTreeSet<_> = list.iter().map(|one| (one.kind, one.code.as_str())).collect();
    let both = Kind::ALL.iter().all(|kind| list.iter().any(|one| one.kind == *kind));
    if codes.len() != list.len() || !both || list.len() > CATEGORIES_MAX {
        return Err(Refusal::CategoryListInvalid { most: CATEGORIES_MAX });
    }
    let word = list.iter().find_map(|one| match one.kind {
        Kind::GoodDeed => forbidden_duty(&one.name),
        Kind::Nuisance => forbidden_fault(&one.name),
    });
    word.map_or(Ok(permit), |word| Err(Refusal::CategoryForbidden { word }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_ours_is_one_that_a_village_could_give_itself() {
        let list = default_categories();
        let codes: BTreeSet<_> = list.iter().map(|one| (one.kind, one.code.as_str())).collect();
        assert_eq!(codes.len(), list.len());
        assert!(list.len() <= CATEGORIES_MAX);
        for one in &list {
            assert!(one.name.chars().count() <= NAME_CHARS_MAX);
            assert_eq!(
                forbidden_duty(&one.name).or(forbidden_fault(&one.name)),
                None,
                "{}",
                one.name
            );
        }
    }
}
