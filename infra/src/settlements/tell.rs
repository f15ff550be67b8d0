//! Who is told of a statement: the owners of the merchant, and where something is wrong those who run the
//! village and those who supervise it, there or from above.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{MerchantId, VillageId, VillagerId};
use domain::settlement::{DISPUTE_DAYS, State};
use serde_json::{Value, json};
use uuid::Uuid;

use super::decide::Act;
use super::list::{PartyName, Shown, named};
use super::reckon;
use super::row::SettlementRow;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::role_grants::{holders, holders_here_or_above};
use crate::schema::{role_grants, users};

/// How many differing lines a message names; the rest stands in the comparison.
const NAMED_MAX: usize = 10;

fn data(shown: &Shown, more: Value) -> Value {
    let mut data = json!({
        "settlement_id": shown.row.id, "village_id": shown.row.village_id,
        "village_name": shown.village_name, "party_name": shown.party.name,
        "month": shown.row.month, "due_fen": shown.row.due,
    });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    data
}

/// Statements were made.
pub(super) fn made_in_tx(
    tx: &mut PgConnection,
    rows: &[SettlementRow],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let all = named(tx, rows.to_vec())?;
    let owners = owners_in_tx(tx, all.iter().map(|shown| &shown.party), now)?;
    let mut by_village: BTreeMap<VillageId, Vec<Message>> = BTreeMap::new();
    let until = now + Duration::days(DISPUTE_DAYS);
    for shown in &all {
        let told = shown.party.merchant.and_then(|merchant| owners.get(&merchant));
        for (village, to) in told.into_iter().flatten() {
            let data = data(shown, json!({"dispute_until": until}));
            let message = Message { to: *to, kind: Kind::SettlementMade, data };
            by_village.entry(*village).or_default().push(message);
        }
    }
    for (village, list) in by_village {
        messages::leave_in_tx(tx, village, &list, now)?;
    }
    for shown in all.iter().filter(|shown| shown.row.state == State::Differs.as_str()) {
        differs_in_tx(tx, shown, now)?;
    }
    Ok(())
}

/// Something else is due than the owners were told.
pub(super) fn due_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let more = json!({"dispute_until": row.settlement()?.dispute_until()});
    owners_of_in_tx(tx, row, Kind::SettlementMade, more, now)
}

/// That a statement and the ledger differ, with the first lines of which they do.
pub(super) fn differing_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let shown = named(tx, vec![row.clone()])?.pop();
    shown.map_or(Ok(()), |shown| differs_in_tx(tx, &shown, now))
}

fn differs_in_tx(tx: &mut PgConnection, shown: &Shown, now: DateTime<Utc>) -> Result<(), Error> {
    let differing = reckon::differing_in(tx, &shown.row)?;
    let ids: Vec<Uuid> = differing.iter().take(NAMED_MAX).map(|line| line.of).collect();
    let data = data(shown, json!({"lines": differing.len(), "line_ids": ids}));
    let message = |to| Message { to, kind: Kind::SettlementDiffers, data: data.clone() };
    let village = shown.row.village();
    let mut told: BTreeSet<_> = holders(tx, village, Role::VillageAdmin, now)?
        .into_iter()
        .map(|runs_it| (village, runs_it))
        .collect();
    told.extend(holders_here_or_above(tx, village, Role::Supervisor, now)?);
    for (home, to) in told {
        messages::leave_in_tx(tx, home, &[message(to)], now)?;
    }
    Ok(())
}

/// It is settled by what the ledger says, with the reason.
pub(super) fn by_ledger_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let until = row.settlement()?.dispute_until();
    let more = json!({"reason": reason, "dispute_until": until});
    owners_of_in_tx(tx, row, Kind::SettlementByLedger, more, now)
}

/// Its payment never arrived and is made anew.
pub(super) fn returned_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    owners_of_in_tx(tx, row, Kind::SettlementReturned, json!({"reason": reason}), now)
}

/// Somebody did something with a statement.
pub(super) fn decided_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    act: &Act,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (kind, more) = match act {
        Act::Pay(payment) => {
            (Kind::SettlementPaid, json!({"document": payment.document, "paid_on": payment.on}))
        }
        Act::Answer(answer) => (Kind::SettlementAnswered, json!({"answer": answer})),
        Act::Dispute(text) => {
            let Some(shown) = named(tx, vec![row.clone()])?.pop() else { return Ok(()) };
            let data = data(&shown, json!({"text": text}));
            let message = |to| Message { to, kind: Kind::SettlementDisputed, data: data.clone() };
            let told = holders(tx, row.village(), Role::VillageAdmin, now)?;
            let list: Vec<Message> = told.into_iter().map(message).collect();
            return messages::leave_in_tx(tx, row.village(), &list, now);
        }
        // What waits for the village's own next step is seen in its list.
        Act::Approve | Act::TakeBack(_) | Act::Close | Act::Agree => return Ok(()),
    };
    owners_of_in_tx(tx, row, kind, more, now)
}

/// To the owners of the party.
fn owners_of_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    kind: Kind,
    more: Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(shown) = named(tx, vec![row.clone()])?.pop() else { return Ok(()) };
    let data = data(&shown, more);
    for (_, owners) in owners_in_tx(tx, [&shown.party], now)? {
        for (village, to) in owners {
            let message = Message { to, kind, data: data.clone() };
            messages::leave_in_tx(tx, village, &[message], now)?;
        }
    }
    Ok(())
}

/// The owners of merchants who are on a roster, and where. Others see their list.
fn owners_in_tx<'a>(
    tx: &mut PgConnection,
    parties: impl IntoIterator<Item = &'a PartyName>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<MerchantId, Vec<(VillageId, VillagerId)>>, Error> {
    let merchants: Vec<Uuid> =
        parties.into_iter().filter_map(|party| party.merchant).map(|id| id.0).collect();
    let rows: Vec<(Option<Uuid>, Option<Uuid>, Option<Uuid>)> = role_grants::table
        .inner_join(users::table.on(role_grants::user_id.eq(users::id.nullable())))
        .filter(role_grants::role.eq(Role::MerchantOwner.as_str()))
        .filter(role_grants::merchant_id.eq_any(merchants))
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .select((role_grants::merchant_id, users::village_id, users::villager_id))
        .distinct()
        .load(tx)?;
    let mut owners: BTreeMap<MerchantId, Vec<(VillageId, VillagerId)>> = BTreeMap::new();
    for row in rows {
        if let (Some(merchant), Some(village), Some(villager)) = row {
            let told = owners.entry(MerchantId(merchant)).or_default();
            told.push((VillageId(village), VillagerId(villager)));
        }
    }
    Ok(owners)
}
