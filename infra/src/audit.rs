//! The audit log: everything a person did to data, in the same transaction as what they did.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{UserId, VillageId};
use domain::policy::{Action, Target};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::names;
use crate::reading::Why;
use crate::schema::audit_log;

/// The village under which deeds are recorded that belong to no village.
pub const NO_VILLAGE: VillageId = VillageId(Uuid::nil());

/// A deed to record.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// Where; [`NO_VILLAGE`] if nowhere.
    pub village: VillageId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the program itself.
    pub user: Option<UserId>,
    /// In which role.
    pub role: Option<Role>,
    /// What: the operation's name.
    pub action: &'a str,
    /// To what.
    pub subject: Option<Uuid>,
    /// Why, if a reason was asked for.
    pub reason: Option<&'a str>,
    /// What else is needed to understand it. No personal data.
    pub detail: Option<Value>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
struct NewRow<'a> {
    village_id: Uuid,
    id: Uuid,
    at: DateTime<Utc>,
    user_id: Option<Uuid>,
    role: Option<&'a str>,
    action: &'a str,
    subject_id: Option<Uuid>,
    reason: Option<&'a str>,
    detail: Option<&'a Value>,
}

impl<'a> NewRow<'a> {
    fn of(deed: &'a Deed<'_>) -> Self {
        Self {
            village_id: deed.village.0,
            id: id::new(),
            at: deed.at,
            user_id: deed.user.map(|user| user.0),
            role: deed.role.map(Role::as_str),
            action: deed.action,
            subject_id: deed.subject,
            reason: deed.reason,
            detail: deed.detail.as_ref(),
        }
    }
}

/// What changed, for [`Deed::detail`]: the fields that differ, as they were and as they are.
pub fn changes(before: &Value, after: &Value) -> Value {
    let (mut was, mut is) = (serde_json::Map::new(), serde_json::Map::new());
    for (field, value) in after.as_object().into_iter().flatten() {
        let old = before.get(field).unwrap_or(&Value::Null);
        if old != value {
            was.insert(field.clone(), old.clone());
            is.insert(field.clone(), value.clone());
        }
    }
    serde_json::json!({"before": was, "after": is})
}

/// Records a deed.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn record_in_tx(tx: &mut PgConnection, deed: &Deed<'_>) -> Result<(), Error> {
    diesel::insert_into(audit_log::table).values(NewRow::of(deed)).execute(tx)?;
    Ok(())
}

/// Records deeds, however many with one statement.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn record_all_in_tx(tx: &mut PgConnection, deeds: &[Deed<'_>]) -> Result<(), Error> {
    let rows: Vec<_> = deeds.iter().map(NewRow::of).collect();
    diesel::insert_into(audit_log::table).values(&rows).execute(tx)?;
    Ok(())
}

/// A recorded deed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_log)]
pub struct Recorded {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the program itself.
    pub user_id: Option<Uuid>,
    /// In which role.
    pub role: Option<String>,
    /// What.
    pub action: String,
    /// To what.
    pub subject_id: Option<Uuid>,
    /// Why.
    pub reason: Option<String>,
    /// What else.
    pub detail: Option<Value>,
}

/// A recorded deed with the name of who did it, where they are on a roster.
#[derive(Clone, Debug)]
pub struct Named {
    /// The deed.
    pub recorded: Recorded,
    /// The whole name.
    pub name: Option<String>,
}

/// The deeds of a village, the newest first, `before` an id; one more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<Named>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::AuditShow, &target, why)?;
    db.read(|c| {
        let mut query = audit_log::table
            .filter(audit_log::village_id.eq(village.0))
            .order(audit_log::id.desc())
            .limit(limit.saturating_add(1))
            .select(Recorded::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(audit_log::id.lt(before));
        }
        let rows: Vec<Recorded> = query.load(c)?;
        let known = names::of_users(c, rows.iter().filter_map(|row| row.user_id))?;
        let named = |recorded: Recorded| {
            let name = recorded.user_id.and_then(|user| known.get(&user)).cloned();
            Named { recorded, name }
        };
        Ok(rows.into_iter().map(named).collect())
    })
}
