//! A rating that hangs on a notice, out of nothing: how it was computed and reviewed is another
//! family's matter.

use actix_web::web::block;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::{Cycle, day_of};
use domain::id::{NoticeId, RatingId};
use infra::notices::{Hung, open_in_tx};

use crate::World;
use crate::notices::db_run;

/// Hangs a rating of the first village for the present quarter: score and stars of households by
/// number. Answers the rating, its notice and the cycle.
pub async fn db_rating_on_notice(
    world: &World,
    lines: &[(u8, i32, u8)],
) -> (RatingId, NoticeId, String) {
    let (rating, now): (RatingId, DateTime<Utc>) = (infra::id::new(), world.clock.now());
    let cycle = cycle_of(now).to_string();
    let village = world.demo.village;
    db_run(
        world,
        format!(
            "INSERT INTO ratings (village_id, id, cycle, rule_book_id, as_of, state, stage, \
                computed_by, version) \
             SELECT '{village}', '{rating}', '{cycle}', id, now(), 'on_notice', 1, \
                '{}', 3 FROM rule_books WHERE village_id = '{village}' ORDER BY id DESC LIMIT 1",
            uuid::Uuid::nil(),
        ),
    )
    .await;
    for (number, score, stars) in lines {
        let household = world.demo.households[number];
        db_run(
            world,
            format!(
                "INSERT INTO rating_lines (village_id, rating_id, account_id, household_id, score, \
                    stars, state) \
                 VALUES ('{village}', '{rating}', '{household}', '{household}', {}, {stars}, \
                    'pending')",
                score * 100,
            ),
        )
        .await;
    }
    let db = world.db.clone();
    let notice = block(move || {
        db.write(|tx| {
            let notice = open_in_tx(tx, village, Hung::Rating(rating), 3, now, None)?;
            diesel::sql_query(format!(
                "UPDATE ratings SET notice_id = '{notice}' WHERE id = '{rating}'"
            ))
            .execute(tx)?;
            Ok(notice)
        })
    })
    .await
    .expect("a thread")
    .expect("a notice");
    (rating, notice, cycle)
}

/// The quarter that holds a moment.
pub fn cycle_of(now: DateTime<Utc>) -> Cycle {
    domain::calendar::CycleKind::Quarter.holding(day_of(now))
}
