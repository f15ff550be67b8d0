//! What households are told of what they redeemed: every member who has signed in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{VillageId, VillagerId};
use domain::points::Points;
use serde_json::{Value, json};
use uuid::Uuid;

use super::give_back::AllGone;
use super::home;
use super::receipt::RedemptionRow;
use crate::error::Error;
use crate::messages::{self, HOUSEHOLD_MAX, Kind, Message};
use crate::schema::{stores, users, villagers};

/// What the words need of a redemption. The code is not in it: messages are kept for long.
pub(super) fn data(row: &RedemptionRow, store_name: &str) -> Value {
    json!({
        "redemption_id": row.id,
        "store_id": row.store_id,
        "store_name": store_name,
        "goods_name": row.goods_name,
        "quantity": row.quantity,
        "unit": row.unit,
        "points": Points::from_hundredths(row.points),
        "top_up_fen": row.top_up,
        "lapses_at": row.lapses_at,
        "lapse_returns": row.lapse_returns,
    })
}

/// Tells the households of these redemptions, however many, with two queries and one copy.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn all_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (rows, gone): (&[RedemptionRow], &AllGone),
    (kind, reason): (Kind, Option<&str>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let shops: BTreeMap<Uuid, String> = stores::table
        .filter(stores::village_id.eq(village.0))
        .filter(stores::id.eq_any(rows.iter().map(|row| row.store_id)))
        .select((stores::id, stores::name))
        .load(tx)?
        .into_iter()
        .collect();
    let homes = home::all(tx, village, rows)?;
    let members: Vec<(Uuid, Uuid)> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq_any(homes.values()))
        .order(villagers::id)
        .select((villagers::household_id, villagers::id))
        .load(tx)?;
    let mut by_household: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (household, villager) in members {
        by_household.entry(household).or_default().push(villager);
    }
    let mut list = Vec::new();
    for row in rows {
        let mut data = data(row, shops.get(&row.store_id).map_or("", String::as_str));
        if let (Some(reason), Some(data)) = (reason, data.as_object_mut()) {
            data.insert("reason".to_owned(), json!(reason));
        }
        if let (Some(gone), Some(data)) = (gone.get(&row.id), data.as_object_mut()) {
            for (field, points) in [("taken_points", gone.taken), ("over_points", gone.ran_out)] {
                if points > 0 {
                    data.insert(field.to_owned(), json!(Points::from_hundredths(points)));
                }
            }
        }
        let told = homes.get(&row.account_id).and_then(|home| by_household.get(home));
        let told = told.into_iter().flatten();
        list.extend(told.take(HOUSEHOLD_MAX).map(|id| Message {
            to: VillagerId(*id),
            kind,
            data: data.clone(),
        }));
    }
    messages::leave_in_tx(tx, village, &list, now)
}
