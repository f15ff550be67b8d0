//! Comments by the people concerned, and the words of a resolution. Others see them once they passed
//! the check.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{day_of, start_of};
use domain::content::{Scene, Standing, Subject, SubjectKind};
use domain::id::{CommentId, PhotoId, ReportId, VillageId};
use domain::policy::{Action, Target};
use domain::report::{By, View, may_see};
use uuid::Uuid;

use super::case::{Case, audit_in_tx};
use crate::content::{self, Piece};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::report_comments;

/// Words that are kept with a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    /// The event that they belong to, for a resolution.
    pub(super) event: Option<Uuid>,
    /// In which part they are written.
    pub(super) by: By,
    /// The words.
    pub(super) text: &'a str,
    /// The photos that go with them.
    pub(super) photos: &'a [PhotoId],
    /// Where they stand.
    pub(super) scene: Scene,
}

/// Keeps words, and lets them be checked.
///
/// # Errors
/// `photo_not_usable`.
pub(super) fn keep_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    (village, report): (VillageId, ReportId),
    words: Words<'_>,
    now: DateTime<Utc>,
) -> Result<CommentId, Error> {
    let comment: CommentId = id::new();
    let named = matches!(words.by, By::Role(_)).then_some(actor.user.0);
    diesel::insert_into(report_comments::table)
        .values((
            report_comments::village_id.eq(village.0),
            report_comments::id.eq(comment.0),
            report_comments::report_id.eq(report.0),
            report_comments::event_id.eq(words.event),
            report_comments::by_part.eq(words.by.as_str()),
            report_comments::user_id.eq(named),
            report_comments::text.eq(words.text),
            report_comments::standing.eq(Standing::Waiting.as_str()),
            report_comments::at.eq(now),
        ))
        .execute(tx)?;
    photos::attach_in_tx(tx, village, actor.user, words.photos, comment.0, now)?;
    let text = Piece::Text { text: words.text, scene: words.scene };
    let pieces: Vec<_> =
        [text].into_iter().chain(words.photos.iter().map(|id| Piece::Photo(*id))).collect();
    let subject = Subject { kind: SubjectKind::Comment, id: comment.0 };
    content::submit_in_tx(tx, village, subject, actor.user, &pieces, now)?;
    Ok(comment)
}

/// Writes a comment.
///
/// # Errors
/// `not_found`, and those of [`domain::report::Report::comment`].
pub fn create(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    text: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<CommentId, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let Case { kept, reporter, parties, .. } = &case;
        let view = may_see(actor, &place, &kept.report, *reporter, parties, kept.is_checked())?;
        let part = view.writes_as().map_or("", By::as_str);
        let today: i64 = report_comments::table
            .filter(report_comments::village_id.eq(village.0))
            .filter(report_comments::report_id.eq(id.0))
            .filter(report_comments::by_part.eq(part))
            .filter(report_comments::at.ge(start_of(day_of(now))))
            .count()
            .get_result(tx)?;
        let today = usize::try_from(today).unwrap_or(usize::MAX);
        let by = kept.report.comment((actor, view), &place, text, today)?;
        let words = Words { event: None, by, text, photos: &[], scene: Scene::Comment };
        let comment = keep_in_tx(tx, actor, (village, id), words, now)?;
        audit_in_tx(tx, (village, id), "report_comment_create", (actor, by), None, now)?;
        Ok(comment)
    })
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: Uuid,
    /// In which part it was written: `reporter`, `shown`, `concerned`, or a role.
    pub by: String,
    /// What it says.
    pub text: String,
    /// Whether it says how the report was resolved.
    pub of_resolution: bool,
    /// Whether others see it already, or never will.
    pub standing: Standing,
    /// When.
    pub at: DateTime<Utc>,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// The comments on a report in their order, `after` one: those that passed the check, one's own, and
/// all for those who have to deal with it; none of whoever reported it for the household concerned.
/// One more than `limit`.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Comment>, Error> {
    let place = db.place(village)?;
    let (list, view) = db.read(|c| {
        let Case { kept, reporter, parties, .. } = Case::find(c, actor, village, id, why.at)?;
        let view = may_see(actor, &place, &kept.report, reporter, &parties, kept.is_checked())?;
        Ok((of_report(c, (village, id), view, (after, limit))?, view))
    })?;
    if let Some(permit) = view.permit() {
        let read = [(Target::village(place), permit)];
        db.record_reading(actor, Action::ReportShow, &read, &why.about(id.0))?;
    }
    Ok(list)
}

fn of_report(
    c: &mut PgConnection,
    (village, id): (VillageId, ReportId),
    view: View,
    (after, limit): (Option<Uuid>, i64),
) -> Result<Vec<Comment>, Error> {
    type Row = (Uuid, String, String, Option<Uuid>, String, DateTime<Utc>);
    let mut query = report_comments::table
        .filter(report_comments::village_id.eq(village.0))
        .filter(report_comments::report_id.eq(id.0))
        .filter(report_comments::id.gt(after.unwrap_or_default()))
        .order(report_comments::id)
        .limit(limit.saturating_add(1))
        .select((
            report_comments::id,
            report_comments::by_part,
            report_comments::text,
            report_comments::event_id,
            report_comments::standing,
            report_comments::at,
        ))
        .into_boxed();
    // Whoever sent the report reads their own words before the check, and theirs only.
    let passed = report_comments::standing.eq(Standing::Public.as_str());
    query = match view {
        View::Desk(_) | View::Worker(_) => query,
        View::Reporter => {
            query.filter(passed.or(report_comments::by_part.eq(By::Reporter.as_str())))
        }
        View::Party(..) | View::Above(_) => query.filter(passed),
    };
    if !view.reads_reporters_comments() {
        query = query.filter(report_comments::by_part.ne(By::Reporter.as_str()));
    }
    let rows: Vec<Row> = query.load(c)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
    let mut photos: BTreeMap<Uuid, Vec<Photo>> = photos::of_in(c, village, &ids)?;
    rows.into_iter()
        .map(|(id, by, text, event, standing, at)| {
            Ok(Comment {
                photos: photos.remove(&id).unwrap_or_default(),
                id,
                by,
                text,
                of_resolution: event.is_some(),
                standing: Standing::from_name(&standing)
                    .ok_or_else(|| Error::Bug(format!("unknown standing {standing}")))?,
                at,
            })
        })
        .collect()
}
