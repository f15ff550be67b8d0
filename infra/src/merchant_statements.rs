//! A merchant's month as it is now, village by village: from purchases, and again from the ledger. What
//! is kept of it once it is over: [`crate::settlements`].

use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, CycleKind};
use domain::id::{MerchantId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::settlement::{Figures, Party};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{agreements, divisions};
use crate::settlements::sums::{self, Span};

/// A merchant's month with one village.
#[derive(Clone, Debug)]
pub struct VillageMonth {
    /// The village.
    pub village: VillageId,
    /// Its name.
    pub name: String,
    /// The sums.
    pub month: Figures,
}

/// The month of a merchant with the villages that the actor may see, or with one of them.
///
/// # Errors
/// `cycle_wrong_kind` for anything but a month, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    month: Cycle,
    village: Option<VillageId>,
    why: &Why,
) -> Result<Vec<VillageMonth>, Error> {
    if month.kind() != CycleKind::Month {
        return Err(Refusal::CycleWrongKind.into());
    }
    let partners: Vec<(Uuid, String)> = db.read(|c| {
        Ok(agreements::table
            .inner_join(divisions::table.on(divisions::id.eq(agreements::village_id)))
            .filter(agreements::merchant_id.eq(merchant.0))
            .distinct()
            .order(agreements::village_id)
            .select((agreements::village_id, divisions::name))
            .load(c)?)
    })?;
    let (mut seen, mut read) = (Vec::new(), Vec::new());
    for (id, name) in partners {
        let partner = VillageId(id);
        let target = Target::merchant_at(merchant, db.place(partner)?);
        let wanted = village.is_none_or(|wanted| wanted == partner);
        if !wanted {
            continue;
        }
        if let Ok(permit) = allows(actor, Action::MerchantStatementShow, &target) {
            read.push((target, permit));
            seen.push(VillageMonth { village: partner, name, month: Figures::default() });
        }
    }
    if seen.is_empty() && !own_without_partners(actor, merchant, village) {
        return Err(Refusal::NotFound.into());
    }
    db.record_reading(actor, Action::MerchantStatementShow, &read, why)?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let ids: Vec<Uuid> = seen.iter().map(|line| line.village.0).collect();
            let sums = sums::of_merchants(c, &ids, &[merchant.0], Span::of(month))?;
            let filled = seen.iter().cloned().map(|mut line| {
                let key = (line.village.0, Party::Merchant(merchant));
                line.month = sums.get(&key).copied().unwrap_or_default();
                line
            });
            Ok(filled.collect())
        })
    })
}

/// An owner whose shop has no agreement yet gets an empty statement.
fn own_without_partners(actor: &Actor, merchant: MerchantId, village: Option<VillageId>) -> bool {
    let own = allows(actor, Action::MerchantStatementShow, &Target::till(merchant)).is_ok();
    own && village.is_none()
}
