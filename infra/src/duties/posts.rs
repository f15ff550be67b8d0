//! Duty posts: setting them up, putting people on them, closing them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::duty::{Consent, DutyPost, PostPlan};
use domain::id::{DutyId, DutyPostId, VillageId, VillagerId};
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::row::{DutyRow, PostRow, Title};
use super::{Change, DutyReceipt, PostReceipt};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::reading::Why;
use crate::schema::{duties, duty_posts, villagers};
use crate::villagers::person;

/// Sets up a post by the book in force.
///
/// # Errors
/// Those of [`PostPlan::check`]; `already_exists` for the name of another open post, `no_rule_book`,
/// `forbidden`, `not_found`.
pub fn create_post(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    plan: &PostPlan,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PostReceipt, Error> {
    let permit = allows(actor, Action::DutyPostManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let (_, book) = db.book_on(tx, village, day_of(now))?;
        plan.check(&book)?;
        let row = PostRow {
            village_id: village.0,
            id: id::new(),
            name: plan.name.clone(),
            description: plan.description.clone(),
            tracks: plan.tracks.iter().map(|track| track.as_str().to_owned()).collect(),
            item_codes: plan.items.iter().cloned().collect(),
            opened_on: plan.opened_on,
            closed_on: None,
            opened_by: actor.user.0,
            recorded_at: now,
        };
        diesel::insert_into(duty_posts::table).values(&row).execute(tx)?;
        let (action, subject) = ("duty_post_create", row.id);
        let change = Change { village, actor, permit, action, subject, reason: None, now };
        change.record_in_tx(tx)?;
        Ok(receipt(&row.post()?))
    })
}

const fn receipt(post: &DutyPost) -> PostReceipt {
    PostReceipt { post: post.id, opened_on: post.opened_on, closed_on: post.closed_on }
}

fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    post: DutyPostId,
) -> Result<PostRow, Error> {
    Ok(duty_posts::table
        .find((village.0, post.0))
        .select(PostRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// Closes a post. Whoever holds it holds it until today, and is told.
///
/// # Errors
/// `duty_over`, `forbidden`, `not_found`.
pub fn close_post(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    post: DutyPostId,
    reason: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PostReceipt, Error> {
    let permit = allows(actor, Action::DutyPostManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, post)?;
        let (today, title) = (day_of(now), Title::Post(row.name.clone()));
        let closed = row.post()?.closed(today)?;
        diesel::update(duty_posts::table.find((village.0, post.0)))
            .set(duty_posts::closed_on.eq(closed.closed_on))
            .execute(tx)?;
        let (action, subject) = ("duty_post_close", post.0);
        let change = Change { village, actor, permit, action, subject, reason: Some(reason), now };
        change.record_in_tx(tx)?;
        let held: Vec<DutyRow> = duties::table
            .filter(duties::village_id.eq(village.0))
            .filter(duties::post_id.eq(post.0))
            .filter(duties::ended_on.is_null())
            .order(duties::id)
            .select(DutyRow::as_select())
            .for_no_key_update()
            .load(tx)?;
        for one in held {
            let duty = one.duty(Some(&row))?.ended(today, today)?;
            super::end::save_in_tx(tx, village, &duty, (actor.user, reason), now)?;
            let data = super::end::told(&title, &duty, reason);
            change.tell_in_tx(tx, duty.villager, Kind::DutyEnded, data)?;
        }
        Ok(receipt(&closed))
    })
}

/// Somebody who is to hold a post.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Who.
    pub person: VillagerId,
    /// From which day on.
    pub from: NaiveDate,
    /// That they agreed.
    pub consent: Consent,
}

/// Puts somebody on a post, and tells them.
///
/// # Errors
/// Those of [`DutyPost::assign`]; `already_exists` for who holds it, `forbidden`, `not_found`.
pub fn assign(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    post: DutyPostId,
    assignment: &Assignment,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<DutyReceipt, Error> {
    let permit = allows(actor, Action::DutyPostManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, post)?;
        let Assignment { from, consent, .. } = assignment;
        let person = person(tx, village, assignment.person)?;
        let duty = row.post()?.assign(id::new(), &person, *from, consent, day_of(now))?;
        let by = (actor.user, now);
        let stored = DutyRow::new(village, &duty, (Some(post), None), ("", Some(consent)), by)?;
        diesel::insert_into(duties::table).values(&stored).execute(tx)?;
        let (action, subject) = ("duty_assign", duty.id.0);
        let change = Change { village, actor, permit, action, subject, reason: None, now };
        change.record_in_tx(tx)?;
        let data = serde_json::json!({"post_name": row.name, "from": duty.from});
        change.tell_in_tx(tx, duty.villager, Kind::DutyAssigned, data)?;
        Ok(DutyReceipt::of(&duty, None))
    })
}

/// A post in a list.
#[derive(Clone, Debug)]
pub struct PostListed {
    /// As the domain knows it.
    pub post: DutyPost,
    /// What it is called.
    pub name: String,
    /// What its holder does.
    pub description: String,
    /// Who holds it today or will, the first first.
    pub holders: Vec<Holder>,
}

/// Somebody on a post.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Their duty.
    pub duty: DutyId,
    /// Who.
    pub person: VillagerId,
    /// 姓名.
    pub name: String,
    /// From which day on.
    pub from: NaiveDate,
    /// The last day, if somebody set one.
    pub until: Option<NaiveDate>,
}

/// The posts of a village in the order in which they were set up, `after` one; closed ones too if
/// asked for. Everybody in the village sees who holds a post: that is what a post is for.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list_posts(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    with_closed: bool,
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<PostListed>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::DutyPostShow, &target, why)?;
    db.read(|c| {
        let mut query = duty_posts::table
            .filter(duty_posts::village_id.eq(village.0))
            .filter(duty_posts::id.gt(after.unwrap_or_default()))
            .order(duty_posts::id)
            .limit(limit)
            .select(PostRow::as_select())
            .into_boxed();
        if !with_closed {
            query = query.filter(duty_posts::closed_on.is_null());
        }
        let rows: Vec<PostRow> = query.load(c)?;
        let mut holders = holders(c, village, &rows, day_of(why.at))?;
        rows.into_iter()
            .map(|row| {
                Ok(PostListed {
                    post: row.post()?,
                    holders: holders.remove(&row.id).unwrap_or_default(),
                    name: row.name,
                    description: row.description,
                })
            })
            .collect()
    })
}

fn holders(
    c: &mut PgConnection,
    village: VillageId,
    posts: &[PostRow],
    today: NaiveDate,
) -> Result<HashMap<Uuid, Vec<Holder>>, Error> {
    type Row = (Uuid, Option<Uuid>, Uuid, String, NaiveDate, Option<NaiveDate>);
    let person = villagers::table.on(villagers::village_id
        .eq(duties::village_id)
        .and(villagers::id.eq(duties::villager_id)));
    let rows: Vec<Row> = duties::table
        .inner_join(person)
        .filter(duties::village_id.eq(village.0))
        .filter(duties::post_id.eq_any(posts.iter().map(|post| post.id)))
        .filter(duties::ended_on.is_null().or(duties::ended_on.ge(today).assume_not_null()))
        .order((duties::from_day, duties::id))
        .select((
            duties::id,
            duties::post_id,
            duties::villager_id,
            villagers::name,
            duties::from_day,
            duties::ended_on,
        ))
        .load(c)?;
    let mut found: HashMap<Uuid, Vec<Holder>> = HashMap::new();
    for (duty, post, person, name, from, until) in rows {
        let Some(post) = post else { continue };
        let (duty, person) = (DutyId(duty), VillagerId(person));
        found.entry(post).or_default().push(Holder { duty, person, name, from, until });
    }
    Ok(found)
}
