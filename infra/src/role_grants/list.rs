//! Reading grants.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{DivisionId, UserId, VillageId, VillagerId};
use domain::policy::{Action, allows};
use domain::role_grant::{Granted, Standing};
use uuid::Uuid;

use super::{Holder, granted, target_of};
use crate::db::Db;
use crate::error::Error;
use crate::names;
use crate::schema::role_grants;

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = role_grants)]
struct Row {
    id: Uuid,
    role: String,
    user_id: Option<Uuid>,
    village_id: Option<Uuid>,
    villager_id: Option<Uuid>,
    begins_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    reason: String,
    granted_by: Option<Uuid>,
    granted_at: DateTime<Utc>,
    ended_by: Option<Uuid>,
    ended_at: Option<DateTime<Utc>>,
}

/// A grant with the name of who holds it.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Its id.
    pub id: Uuid,
    /// The role's name.
    pub role: String,
    /// The user it was granted to, if it was granted to a user.
    pub user_id: Option<Uuid>,
    /// The villager it was granted to, if it was granted to a villager.
    pub villager_id: Option<Uuid>,
    /// Who holds it, if they are on a roster.
    pub name: Option<String>,
    /// From when on.
    pub begins_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it was granted.
    pub reason: String,
    /// By whom; none where an operator of the installation did.
    pub granted_by: Option<Uuid>,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// Who ended it.
    pub ended_by: Option<Uuid>,
    /// When it was ended before its term.
    pub ended_at: Option<DateTime<Utc>>,
}

impl GrantRow {
    /// Whether it is held at this moment.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        granted(self.begins_at, self.ends_at, self.ended_at).standing(now)
    }
}

/// The grants for a division itself, those that are over included, the newest first, `before` an
/// id; one more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`.
pub fn list(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<GrantRow>, Error> {
    allows(actor, Action::RoleShow, &target_of(&db.division(division)?))?;
    db.read(|c| {
        let mut query = role_grants::table
            .filter(role_grants::division_id.eq(division.0))
            .order(role_grants::id.desc())
            .limit(limit.saturating_add(1))
            .select(Row::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(role_grants::id.lt(before));
        }
        let rows = query.load(c)?;
        named(c, division, rows)
    })
}

/// One grant for a division.
pub(super) fn one(db: &Db, division: DivisionId, id: Uuid) -> Result<GrantRow, Error> {
    db.read(|c| {
        let row = role_grants::table.find(id).select(Row::as_select()).first(c)?;
        named(c, division, vec![row])?.pop().ok_or_else(|| diesel::NotFound.into())
    })
}

fn named(
    c: &mut PgConnection,
    division: DivisionId,
    rows: Vec<Row>,
) -> Result<Vec<GrantRow>, Error> {
    let users = names::of_users(c, rows.iter().filter_map(|row| row.user_id))?;
    // A villager holds roles for the own village only.
    let villagers = rows.iter().filter_map(|row| row.villager_id);
    let villagers = names::of_villagers(c, VillageId(division.0), villagers)?;
    let with_name = |row: Row| {
        let by_user = row.user_id.and_then(|id| users.get(&id));
        let by_villager = row.villager_id.and_then(|id| villagers.get(&id));
        GrantRow {
            name: by_user.or(by_villager).cloned(),
            id: row.id,
            role: row.role,
            user_id: row.user_id,
            villager_id: row.villager_id,
            begins_at: row.begins_at,
            ends_at: row.ends_at,
            reason: row.reason,
            granted_by: row.granted_by,
            granted_at: row.granted_at,
            ended_by: row.ended_by,
            ended_at: row.ended_at,
        }
    };
    Ok(rows.into_iter().map(with_name).collect())
}

/// What a decision about a grant of this division needs.
pub(super) fn granted_in_tx(
    tx: &mut PgConnection,
    division: DivisionId,
    id: Uuid,
) -> Result<(Role, Holder, Granted), Error> {
    let row: Row = role_grants::table
        .filter(role_grants::id.eq(id))
        .filter(role_grants::division_id.eq(division.0))
        .select(Row::as_select())
        .first(tx)?;
    let role = Role::from_name(&row.role)
        .ok_or_else(|| Error::Bug(format!("unknown role {}", row.role)))?;
    let holder = match (row.user_id, row.village_id, row.villager_id) {
        (Some(user), ..) => Holder::User(UserId(user)),
        (None, Some(village), Some(villager)) => {
            Holder::Villager(VillageId(village), VillagerId(villager))
        }
        _ => return Err(Error::Bug(format!("nobody holds grant {id}"))),
    };
    Ok((role, holder, granted(row.begins_at, row.ends_at, row.ended_at)))
}
