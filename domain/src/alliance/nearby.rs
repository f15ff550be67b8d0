//! The shops near a villager, the nearest first, page by page.
//!
//! Shops without a place on the map, those on the net above all, come after all others. Without a place
//! of the villager's own all come by age.

use std::str::FromStr;

use crate::id::ShopId;
use crate::report::Spot;

/// How far away the furthest can be, in metres.
pub const DISTANCE_MAX: u32 = 50_000;

/// A shop with how far away it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearby<T> {
    /// The shop.
    pub shop: T,
    /// How far away, in whole metres; none if that cannot be said.
    pub metres: Option<u32>,
}

/// A place in the list, for the next page: after so many metres, and that shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    metres: u32,
    shop: ShopId,
}

impl Mark {
    /// The place of a shop.
    pub fn of(metres: Option<u32>, shop: ShopId) -> Self {
        Self { metres: metres.unwrap_or(u32::MAX), shop }
    }

    /// The shop after which the list goes on among those of which no distance can be said; none if it has
    /// not come to them yet.
    pub fn without_distance(self) -> Option<ShopId> {
        (self.metres == u32::MAX).then_some(self.shop)
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.metres, self.shop)
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (metres, shop) = text.split_once('-').ok_or(())?;
        let shop = ShopId(shop.parse().map_err(|_| ())?);
        Ok(Self { metres: metres.parse().map_err(|_| ())?, shop })
    }
}

/// At most `count` shops after a mark: those within a distance of `here`, and those without a place.
pub fn page<T>(
    shops: Vec<(ShopId, Option<Spot>, T)>,
    here: Option<(Spot, u32)>,
    after: Option<Mark>,
    count: usize,
) -> Vec<Nearby<T>> {
    let mut found: Vec<(Mark, Nearby<T>)> = shops
        .into_iter()
        .filter_map(|(id, spot, shop)| {
            let metres = match (here, spot) {
                (Some((here, within)), Some(there)) => {
                    let metres = here.millimetres_to(there)?.div_ceil(1_000);
                    Some(u32::try_from(metres).ok().filter(|metres| *metres <= within)?)
                }
                _ => None,
            };
            Some((Mark::of(metres, id), Nearby { shop, metres }))
        })
        .filter(|(mark, _)| after.is_none_or(|after| *mark > after))
        .collect();
    found.sort_by_key(|(mark, _)| *mark);
    found.truncate(count);
    found.into_iter().map(|(_, nearby)| nearby).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Datum;
    use uuid::Uuid;

    fn spot(latitude_e6: i32) -> Spot {
        Spot::new(Datum::Gcj02, latitude_e6, 104_712_345).unwrap()
    }

    fn shops() -> Vec<(ShopId, Option<Spot>, u128)> {
        // About 111 m for each thousand millionths to the north.
        [(1, Some(26_050_000)), (2, None), (3, Some(26_001_000)), (4, Some(27_000_000)), (5, None)]
            .map(|(n, at)| (ShopId(Uuid::from_u128(n)), at.map(spot), n))
            .to_vec()
    }

    #[test]
    fn the_nearest_comes_first_and_what_has_no_place_last() {
        let here = Some((spot(26_000_000), 10_000));
        let list = page(shops(), here, None, 10);
        let found: Vec<_> = list.iter().map(|near| near.shop).collect();
        assert_eq!(found, [3, 1, 2, 5]);
        assert_eq!(list[0].metres, Some(111));
        assert_eq!(list[2].metres, None);
    }

    #[test]
    fn pages_go_on_where_they_ended_whatever_comes_in_between() {
        let here = Some((spot(26_000_000), 10_000));
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let next = page(shops(), here, after, 1);
            let Some(near) = next.first() else { break };
            seen.push(near.shop);
            let mark = Mark::of(near.metres, ShopId(Uuid::from_u128(near.shop)));
            after = Some(mark.to_string().parse().unwrap());
        }
        assert_eq!(seen, [3, 1, 2, 5]);
        assert_eq!("x".parse::<Mark>(), Err(()));
        let last = ShopId(Uuid::from_u128(5));
        assert_eq!(Mark::of(None, last).without_distance(), Some(last));
        assert_eq!(Mark::of(Some(7), last).without_distance(), None);
    }

    #[test]
    fn without_a_place_of_ones_own_all_come_by_age() {
        let found: Vec<_> = page(shops(), None, None, 9).iter().map(|near| near.shop).collect();
        assert_eq!(found, [1, 2, 3, 4, 5]);
    }
}
