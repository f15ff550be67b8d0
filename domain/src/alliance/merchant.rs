//! What a merchant is, and whom it serves.

use crate::discount::Category;
use crate::place::{DivisionPath, Place};
use crate::refusal::Refusal;

names! {
    /// Whether one goes there.
    #[derive(Default)]
    Kind {
        /// 线下商家: it has a shop.
        #[default]
        Offline "offline",
        /// 线上商家: it is an address on the net; somebody of it still scans the code, where it delivers.
        Online "online",
    }
}

/// What is known of a merchant whoever registers it or asks to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantFacts {
    /// Its name.
    pub name: String,
    /// Whether one goes there.
    pub kind: Kind,
    /// What it sells most of.
    pub category: Category,
    /// Where it is; empty for an online one without an office.
    pub address: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
    /// Where an online one is found: an address of the web or a mini-program.
    pub link: Option<String>,
}

impl MerchantFacts {
    /// Checks that it can be found.
    ///
    /// # Errors
    /// `merchant_address_missing` for an online one without a link, an offline one without an address.
    pub fn check(&self) -> Result<(), Refusal> {
        let found = match self.kind {
            Kind::Offline => !self.address.trim().is_empty(),
            Kind::Online => self.link.as_ref().is_some_and(|link| !link.trim().is_empty()),
        };
        if found { Ok(()) } else { Err(Refusal::MerchantAddressMissing) }
    }
}

/// The most merchants that one village ever agreed with, and the most villages one merchant did: what a
/// month's check or statement lists. A county has some hundred of either.
pub const PARTNERS_MAX: u16 = 5_000;

/// Checks that whoever has so many partners, those of the past included, may have one more.
///
/// # Errors
/// `partners_too_many`.
pub fn may_partner(partners: i64) -> Result<(), Refusal> {
    if partners < i64::from(PARTNERS_MAX) {
        Ok(())
    } else {
        Err(Refusal::PartnersTooMany { partners_max: PARTNERS_MAX })
    }
}

/// Checks that a merchant serves a village: one that a village registered serves that village, a
/// town's all villages of the town, a county's all of the county.
///
/// # Errors
/// `merchant_elsewhere`.
pub fn serves(registered_by: DivisionPath, place: Place) -> Result<(), Refusal> {
    let division = registered_by.village.or(registered_by.town).unwrap_or(registered_by.county);
    if place.lies_in(division) { Ok(()) } else { Err(Refusal::MerchantElsewhere) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DivisionId, VillageId};
    use uuid::Uuid;

    fn facts(kind: Kind, address: &str, link: Option<&str>) -> MerchantFacts {
        MerchantFacts {
            name: "亿家人超市".into(),
            kind,
            category: Category::DailyGoods,
            address: address.into(),
            phone: "0858-1".into(),
            link: link.map(Into::into),
        }
    }

    #[test]
    fn a_shop_has_an_address_and_an_online_one_a_link() {
        assert_eq!(facts(Kind::Offline, "街上", None).check(), Ok(()));
        assert_eq!(facts(Kind::Online, "", Some("https://shop.example.cn")).check(), Ok(()));
        for lost in [facts(Kind::Offline, " ", Some("x")), facts(Kind::Online, "街上", None)] {
            assert_eq!(lost.check(), Err(Refusal::MerchantAddressMissing));
        }
    }

    #[test]
    fn a_merchant_serves_the_division_that_registered_it_and_all_that_lies_in_it() {
        let id = |n| DivisionId(Uuid::from_u128(n));
        let here = Place { county: id(1), town: id(2), village: VillageId(Uuid::from_u128(3)) };
        let path = |town, village| DivisionPath { county: id(1), town, village };
        for near in [path(None, None), path(Some(id(2)), None), path(Some(id(2)), Some(id(3)))] {
            assert_eq!(serves(near, here), Ok(()));
        }
        let other_county = DivisionPath { county: id(9), town: None, village: None };
        for far in [path(Some(id(5)), None), path(Some(id(2)), Some(id(4))), other_county] {
            assert_eq!(serves(far, here), Err(Refusal::MerchantElsewhere));
        }
    }
}
