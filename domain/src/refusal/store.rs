//! The points store.

macro_rules! refusals_of_store {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The store is closed.
        StoreClosed => "store_closed";
        /// The goods are on sale at another time.
        GoodsNotOnSale { from: NaiveDate, until: Option<NaiveDate> } => "goods_not_on_sale";
        /// Points and cash together are worth more than the market asks.
        GoodsOverpriced { worth: Fen, top_up: Fen, market_price: Fen } => "goods_overpriced";
        /// A merchant runs the store, and the book of the day does not say what a point is worth.
        ExchangeValueMissing => "exchange_value_missing";
        /// A service is had in a slot, which begins in the future and ends soon after; goods have none.
        SlotInvalid { days_max: i64 } => "slot_invalid";
        /// The slot began, or was closed.
        SlotOver => "slot_over";
        /// So many places are left in the slot.
        SlotFull { left: u32 } => "slot_full";
        /// So many are left on the shelf.
        SoldOut { left: u32 } => "sold_out";
        /// So many are left on the shelf, and so many wait to be picked up.
        StockTooLow { left: u32, reserved: u32 } => "stock_too_low";
        /// A veto suspends redemption.
        RedemptionSuspended { until: NaiveDate } => "redemption_suspended";
        /// The household has had as many as one may have in a period.
        LimitReached { left: u32, count: u32, period: crate::store::LimitPeriod } => "limit_reached";
        /// The account holds too few points for it.
        PointsMissing { points: Points, missing: Points } => "points_missing";
        /// The redemption is in a state that does not allow this.
        RedemptionState { state: crate::store::RedemptionState } => "redemption_state";
        /// The time in which the household may cancel is over.
        CancelTooLate { until: DateTime<Utc> } => "cancel_too_late";
        /// Another amount of cash is due.
        CashDiffers { due: Fen } => "cash_differs";
        /// Nothing waits at the store for this code.
        PickupUnknown => "pickup_unknown";
        /// Too many wrong codes were tried at the store.
        PickupTriesOver { until: DateTime<Utc> } => "pickup_tries_over";
        /// The goods were withdrawn for good.
        GoodsWithdrawn => "goods_withdrawn";
        /// A service does not lie on the shelf: nothing of it is delivered, counted or written off.
        ServiceWithoutStock => "service_without_stock";
        /// There is no account whose points could be taken: none was opened yet, or the person is too young.
        AccountMissing { age_min: u32 } => "account_missing";
        /// The person whose account it is has died, or nobody of the household is left.
        AccountOfDeceased => "account_of_deceased";
        /// So much is left today of what the card may take.
        CardCeiling { left: Fen } => "card_ceiling";
    } };
}
