//! What goods are of (品类): by it a merchant is found, and an agreement may hold for some goods only.
//!
//! The list is ours and short: a clerk chooses one at the till.

names! {
    /// A category of goods.
    #[derive(Default)]
    Category {
        /// 食品: food and drink to take home.
        Food "food",
        /// 日用百货.
        DailyGoods "daily_goods",
        /// 农资农机: seed, fertiliser, feed, tools, machines.
        FarmSupplies "farm_supplies",
        /// 服装鞋帽.
        Clothing "clothing",
        /// 家电家具.
        Appliances "appliances",
        /// 建材五金.
        Building "building",
        /// 图书文具.
        Stationery "stationery",
        /// 餐饮: meals.
        Catering "catering",
        /// 生活服务: repairs, haircuts, transport.
        Services "services",
        /// 其他: what is none of these, or was not said.
        #[default]
        Other "other",
    }
}

impl Category {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Some categories, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Categories(u16);

impl Categories {
    /// All categories, those included that come to be later.
    pub const ALL: Self = Self(u16::MAX);
    /// None.
    pub const NONE: Self = Self(0);

    /// These categories. Whoever names each of them means all.
    pub fn of(list: &[Category]) -> Self {
        let some = Self(list.iter().fold(0, |bits, category| bits | category.bit()));
        if Category::ALL.iter().all(|category| some.contains(*category)) { Self::ALL } else { some }
    }

    /// Whether a category is among them.
    pub const fn contains(self, category: Category) -> bool {
        self.0 & category.bit() != 0
    }

    /// Whether they are all.
    pub const fn is_all(self) -> bool {
        self.0 == u16::MAX
    }

    /// Whether there are none.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether some category is among both.
    pub const fn share(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those of either.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These without those.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Each of them, in the order of the list.
    pub fn each(self) -> impl Iterator<Item = Category> {
        Category::ALL.iter().copied().filter(move |category| self.contains(*category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_names_each_category_means_all() {
        assert!(Categories::of(Category::ALL).is_all());
        let food = Categories::of(&[Category::Food, Category::Food]);
        assert_eq!(food.each().collect::<Vec<_>>(), [Category::Food]);
        assert!(!food.is_all() && Categories::of(&[]).is_none());
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for category in Category::ALL {
            assert_eq!(Category::from_name(category.as_str()), Some(*category));
        }
        assert_eq!(Category::from_name("tobacco"), None);
    }
}
