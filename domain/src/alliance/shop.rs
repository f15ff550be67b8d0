//! The shops (门店) of a merchant, and at which of them somebody sells.

use crate::id::ShopId;
use crate::refusal::Refusal;

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// At all shops of the merchant.
    Everywhere,
    /// At one of them.
    At(ShopId),
}

/// Everything that says at which shop a sale is made.
#[derive(Clone, Copy, Debug)]
pub struct Stands<'a> {
    /// The shops of the merchant that are open.
    pub open: &'a [ShopId],
    /// Where the person stands, by each of their roles at the merchant.
    pub stands: &'a [Stand],
}

/// At which shop somebody sells: the one they name, or the only one at which they stand.
///
/// # Errors
/// `shop_closed` if there is none, `shop_needed` if there are several and none is named,
/// `not_found` for one at which they do not stand, and for who has no role at the merchant any more.
pub fn shop_for(stands: Stands<'_>, named: Option<ShopId>) -> Result<ShopId, Refusal> {
    if stands.stands.is_empty() {
        return Err(Refusal::NotFound);
    }
    let theirs = |shop: &&ShopId| {
        stands.stands.iter().any(|stand| match stand {
            Stand::Everywhere => true,
            Stand::At(at) => *at == **shop,
        })
    };
    let reached: Vec<ShopId> = stands.open.iter().filter(theirs).copied().collect();
    match (named, reached.as_slice()) {
        (Some(named), _) if reached.contains(&named) => Ok(named),
        (Some(_), _) => Err(Refusal::NotFound),
        (None, []) => Err(Refusal::ShopClosed),
        (None, [only]) => Ok(*only),
        (None, _) => Err(Refusal::ShopNeeded),
    }
}

/// What is known at the moment of a sale of who sells and of the shop that the quote is for: a role can
/// end, a clerk can be sent elsewhere and a shop can close in the two minutes of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtSale {
    /// Whether who sells holds a role at that shop now.
    pub stands_there: bool,
    /// Whether the shop is open.
    pub is_open: bool,
}

impl AtSale {
    /// Checks that the sale can be made there.
    ///
    /// # Errors
    /// `not_found` for who does not stand there any more, `shop_closed`.
    pub const fn may_sell(self) -> Result<(), Refusal> {
        match (self.stands_there, self.is_open) {
            (false, _) => Err(Refusal::NotFound),
            (true, false) => Err(Refusal::ShopClosed),
            (true, true) => Ok(()),
        }
    }
}

/// Checks that a shop may be closed.
///
/// # Errors
/// `shop_closed` if it is closed already, `last_shop` for the last that is open: then the merchant is
/// closed.
pub fn close_shop(shop: ShopId, open: &[ShopId]) -> Result<(), Refusal> {
    match open {
        list if !list.contains(&shop) => Err(Refusal::ShopClosed),
        [_] => Err(Refusal::LastShop),
        _ => Ok(()),
    }
}

/// The most photos of one shop that a village shows.
pub const PHOTOS_MAX: usize = 9;

/// Checks that a shop that has so many photos may get so many more.
///
/// # Errors
/// `photos_needed`, with the most there can be.
pub const fn may_show_photos(there: usize, more: usize) -> Result<(), Refusal> {
    if more > 0 && there + more <= PHOTOS_MAX {
        Ok(())
    } else {
        Err(Refusal::PhotosNeeded { photos_max: PHOTOS_MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn shop(n: u128) -> ShopId {
        ShopId(Uuid::from_u128(n))
    }

    #[test]
    fn who_stands_at_one_shop_sells_there_and_who_stands_at_several_says_where() {
        let open = [shop(1), shop(2)];
        let at = |stands: &[Stand], named| shop_for(Stands { open: &open, stands }, named);
        assert_eq!(at(&[Stand::At(shop(2))], None), Ok(shop(2)));
        assert_eq!(at(&[Stand::At(shop(2))], Some(shop(1))), Err(Refusal::NotFound));
        assert_eq!(at(&[Stand::Everywhere], None), Err(Refusal::ShopNeeded));
        assert_eq!(at(&[Stand::Everywhere], Some(shop(1))), Ok(shop(1)));
        let both = [Stand::At(shop(2)), Stand::Everywhere];
        assert_eq!(at(&both, Some(shop(1))), Ok(shop(1)));
        assert_eq!(at(&both, Some(shop(9))), Err(Refusal::NotFound));
    }

    #[test]
    fn the_only_shop_that_is_open_needs_no_name_and_a_closed_one_sells_nothing() {
        let open = [shop(1)];
        let at = |stand| shop_for(Stands { open: &open, stands: &[stand] }, None);
        assert_eq!(at(Stand::Everywhere), Ok(shop(1)));
        assert_eq!(at(Stand::At(shop(2))), Err(Refusal::ShopClosed));
    }

    #[test]
    fn who_was_dismissed_sells_nowhere_and_a_shop_that_closed_sells_nothing() {
        let open = [shop(1)];
        let dismissed = Stands { open: &open, stands: &[] };
        assert_eq!(shop_for(dismissed, None), Err(Refusal::NotFound));
        assert_eq!(shop_for(dismissed, Some(shop(1))), Err(Refusal::NotFound));
        let at = |stands_there, is_open| AtSale { stands_there, is_open }.may_sell();
        assert_eq!(at(true, true), Ok(()));
        assert_eq!(at(true, false), Err(Refusal::ShopClosed));
        assert_eq!(at(false, true), Err(Refusal::NotFound));
    }

    #[test]
    fn the_last_shop_is_not_closed() {
        assert_eq!(close_shop(shop(1), &[shop(1), shop(2)]), Ok(()));
        assert_eq!(close_shop(shop(1), &[shop(1)]), Err(Refusal::LastShop));
        assert_eq!(close_shop(shop(3), &[shop(1), shop(2)]), Err(Refusal::ShopClosed));
    }

    #[test]
    fn a_shop_has_nine_photos_at_most() {
        let refused = Err(Refusal::PhotosNeeded { photos_max: 9 });
        assert_eq!(may_show_photos(0, 9), Ok(()));
        assert_eq!(may_show_photos(8, 2), refused);
        assert_eq!(may_show_photos(0, 0), refused);
    }
}
