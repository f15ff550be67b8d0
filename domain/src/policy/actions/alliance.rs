//! Merchants, agreements, cards, purchases and statements.

macro_rules! actions_of_alliance {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See the agreements of a village with merchants.
        AgreementShow "agreement_show" Known => EVERYBODY;
        /// See the merchants that a village can make an agreement with.
        MerchantCandidateShow "merchant_candidate_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village),
        ];
        /// Make and end agreements.
        AgreementManage "agreement_manage" Known => ADMINS;
        /// Issue cards.
        CardManage "card_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// See cards, without their numbers.
        CardShow "card_show" Known => &[
            (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// Block a card: a household blocks the one it lost.
        CardBlock "card_block" Private => &[
            (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Confirm a purchase of one's own household.
        PurchaseConfirm "purchase_confirm" Private => &[(Villager, Household)];
        /// See a merchant's data.
        MerchantShow "merchant_show" Private => &[
            (MerchantOwner, Merchant), (MerchantClerk, Merchant), (VillageAdmin, Village),
            (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
        ];
        /// Register a merchant, also one that asks to join, look after its shops, and close it.
        MerchantManage "merchant_manage" Known => ADMINS;
        /// Remove a photo of a shop from what a village shows: its owner, and those who took it.
        ShopPhotoRemove "shop_photo_remove" Known => &[
            (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
            (CountyOperator, Village),
        ];
        /// Pause a merchant and end that.
        MerchantPause "merchant_pause" Private => &[
            (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
            (CountyOperator, Village),
        ];
        /// See who asks to join the alliance.
        MerchantApplicationShow "merchant_application_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village),
        ];
        /// Invite and dismiss clerks.
        ClerkManage "clerk_manage" Private => &[(MerchantOwner, Merchant)];
        /// Scan codes and sell.
        PurchaseCreate "purchase_create" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
        /// See a purchase, and those of the day, at the till.
        PurchaseShow "purchase_show" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
        /// Refund a purchase.
        PurchaseRefund "purchase_refund" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
        /// See purchases and statements of a merchant.
        MerchantStatementShow "merchant_statement_show" Private => &[
            (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
            (CountyOperator, Village), (Supervisor, Village),
        ];
        /// See the kept statements of a village with its shops, and whether they agree with the ledger.
        SettlementListShow "settlement_list_show" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village),
        ];
        /// See the kept statements of one's own merchant.
        SettlementOwnShow "settlement_own_show" Private => &[(MerchantOwner, Merchant)];
        /// See a kept statement, and what it is traced to.
        SettlementShow "settlement_show" Private => &[
            (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
            (CountyOperator, Village), (Supervisor, Village),
        ];
        /// Close months, approve statements, pay them and answer disputes; one approves, another pays.
        SettlementManage "settlement_manage" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Say that the money of a statement has arrived.
        SettlementClose "settlement_close" Private => &[
            (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Say that one's statement is right, or wrong.
        SettlementDispute "settlement_dispute" Private => &[(MerchantOwner, Merchant)];
        /// See which purchases crossed a line.
        PurchaseSignalShow "purchase_signal_show" Private => &[(Supervisor, Village)];
        /// Write what one found of them: all that a supervisor writes.
        PurchaseSignalFind "purchase_signal_find" Private => &[(Supervisor, Village)];
        /// See from when on purchases are a signal.
        SignalLinesShow "signal_lines_show" Private => &[
            (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
        ];
        /// Set from when on purchases are a signal: those above the village, and not who is watched.
        SignalLinesSet "signal_lines_set" Private => &[
            (TownOfficer, Village), (CountyOperator, Village),
        ];
    } };
}
