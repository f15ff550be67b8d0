//! The points store.

macro_rules! actions_of_store {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See the stores of a village, and what they offer.
        StoreShow "store_show" Known => &[
            (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
            (PanelMember, Village), (StoreKeeper, Village), (VillageAdmin, Village),
            (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
            (MerchantOwner, Merchant), (MerchantClerk, Merchant),
        ];
        /// See under what the stores of a village have goods on sale.
        GoodsHeadingShow "goods_heading_show" Known => &[
            (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
            (PanelMember, Village), (StoreKeeper, Village), (VillageAdmin, Village),
            (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
        ];
        /// Open and close stores, and say what they offer at what price.
        StoreManage "store_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Write down deliveries, counts and what is spoilt.
        StockManage "stock_manage" Known => COUNTER;
        /// See why there is as much of something as there is.
        StockShow "stock_show" Known => COUNTER_AND_SUPERVISOR;
        /// Redeem points of one's own household.
        RedemptionCreate "redemption_create" Known => &[(Villager, Household)];
        /// Redeem at the counter for somebody with a card.
        CardRedemptionCreate "card_redemption_create" Known => COUNTER;
        /// Look for what waits for a pickup code, and hand it over.
        PickupCreate "pickup_create" Known => COUNTER;
        /// See what was redeemed at a store.
        StoreRedemptionShow "store_redemption_show" Known => COUNTER_AND_SUPERVISOR;
        /// See a redemption; its code and QR only in one's own household.
        RedemptionShow "redemption_show" Private => &[
            (Villager, Household), (StoreKeeper, VillageStore), (VillageAdmin, Village),
            (TownOfficer, Village), (Supervisor, Village), (MerchantOwner, Merchant),
            (MerchantClerk, Merchant),
        ];
        /// Call a redemption off: the household in time, the store with a reason.
        RedemptionCancel "redemption_cancel" Private => &[
            (Villager, Household), (StoreKeeper, VillageStore), (VillageAdmin, Village),
            (MerchantOwner, Merchant), (MerchantClerk, Merchant),
        ];
        /// Take back what was handed over.
        RedemptionRefund "redemption_refund" Private => COUNTER;
    } };
}
