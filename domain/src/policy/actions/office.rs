//! What is looked after for everybody: the audit log, deliveries, divisions, holidays.

macro_rules! actions_of_office {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// Read the audit log of a village.
        AuditShow "audit_show" Known => &[(VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village)];
        /// See what could not be sent: when, how often, why, and nothing of whom.
        DeliveryShow "delivery_show" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
        /// Have what could not be sent tried again.
        DeliveryManage "delivery_manage" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
        /// Import divisions.
        DivisionManage "division_manage" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
        /// Change the holiday table.
        HolidayManage "holiday_manage" Known => &[(PlatformAdmin, Platform)];
    } };
}
