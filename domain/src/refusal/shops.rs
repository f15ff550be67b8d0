//! Cards, agreements, purchases, and the merchants behind them.

macro_rules! refusals_of_shops {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The code is not one of ours, or was altered.
        CodeInvalid => "code_invalid";
        /// The code is out of date.
        CodeExpired => "code_expired";
        /// The code was used already.
        CodeUsed => "code_used";
        /// The card or its PIN is wrong. How many tries are left is told of a card that exists.
        CardRefused { tries_left: Option<u8> } => "card_refused";
        /// The card is blocked.
        CardBlocked => "card_blocked";
        /// The merchant has no agreement with the household's village that is in force.
        NoAgreement => "no_agreement";
        /// Nothing is off goods of that category on this quote; on those that are told there is.
        CategoryNotOffered { offered: Categories } => "category_not_offered";
        /// The two parties have an agreement for part of that time already.
        AgreementOverlaps => "agreement_overlaps";
        /// An agreement ends from today on and within its term.
        AgreementEndInvalid { earliest: NaiveDate, latest: Option<NaiveDate> } => "agreement_end_invalid";
        /// The PIN has another form than six digits, or one that anyone would guess.
        PinInvalid => "pin_invalid";
        /// The household has no star, so there is no discount.
        NoStar => "no_star";
        /// The quote is out of date.
        QuoteExpired => "quote_expired";
        /// The quote was used for another purchase.
        QuoteUsed => "quote_used";
        /// The price is above what one purchase may cost.
        PriceAboveCeiling { ceiling: Fen } => "price_above_ceiling";
        /// The price is not above zero.
        PriceInvalid => "price_invalid";
        /// The purchase waits for the villager's confirmation, or its time is over.
        PurchaseState => "purchase_state";
        /// The time for a refund is over.
        RefundTooLate { days_max: u16 } => "refund_too_late";
        /// The merchant is not trading.
        MerchantClosed => "merchant_closed";
        /// The merchant does not trade for a while.
        MerchantPaused { until: Option<NaiveDate> } => "merchant_paused";
        /// A pause begins today at the earliest and ends after it began.
        PauseInvalid { earliest: NaiveDate } => "pause_invalid";
        /// The division paused the merchant, and the merchant cannot end or change that.
        PauseOfDivision => "pause_of_division";
        /// The merchant is not paused.
        NotPaused => "not_paused";
        /// An online merchant has an address on the net, one with a shop an address in the street.
        MerchantAddressMissing => "merchant_address_missing";
        /// The merchant is registered elsewhere: it serves the division that registered it.
        MerchantElsewhere => "merchant_elsewhere";
        /// The shop is closed, or nobody is left to sell there.
        ShopClosed => "shop_closed";
        /// Who sells at several shops says at which.
        ShopNeeded => "shop_needed";
        /// A merchant that trades has a shop.
        LastShop => "last_shop";
        /// A merchant has so many open shops at most.
        ShopTooMany { open_max: i64 } => "shop_too_many";
        /// An agreement is for some goods.
        AgreementGoodsMissing => "agreement_goods_missing";
        /// The hours of an agreement are hours of one day.
        AgreementHoursInvalid => "agreement_hours_invalid";
        /// The villages of a common agreement lie in the division, and are no more than so many.
        AgreementVillagesInvalid { villages_max: u16 } => "agreement_villages_invalid";
        /// A village and a merchant have so many agreements at most that are not over.
        AgreementTooMany { running_max: u16 } => "agreement_too_many";
        /// A village or a merchant ever had so many partners at most.
        PartnersTooMany { partners_max: u16 } => "partners_too_many";
        /// More shops than that lie so near: a shorter distance is looked through.
        ShopsTooManyNear { shops_max: u32 } => "shops_too_many_near";
        /// The application was decided or taken back.
        ApplicationState => "application_state";
        /// So many applications of one person are open.
        ApplicationTooMany { open_max: u16 } => "application_too_many";
    } };
}
