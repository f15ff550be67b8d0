//! The newer parts of a book as a village writes them; a book that says nothing of them is as before.

use super::*;
use crate::person::Track;

const PLAIN: &str = r#"
name = "细则"
subject = "person"
cycle = "year"
base_score = "1000"
claim_days_max = 90
appeal_days_max = 60
stars = []
categories = []
items = []
claim_way = { stages = [], notice_days = 3 }
rating_way = { stages = [], notice_days = 3 }
"#;

#[test]
fn a_book_that_says_nothing_of_them_has_no_tracks_no_registration_and_points_that_stay() {
    let book: RuleBook = toml::from_str(PLAIN).unwrap();
    assert!(book.tracks.is_empty() && book.registration.is_none());
    assert_eq!(book.household_score, HouseholdScore::Sum);
    assert_eq!(book.points_policy, PointsPolicy::Never);
    assert_eq!(book.worth_of(Points::whole(100)), Ok(None));
    assert_eq!(book.claim_way.notice_every, None);
}

#[test]
fn tracks_grades_registration_and_policies_survive_being_written_and_read() {
    let text = format!(
        r#"{}
household_score = "average"
registration = {{ every = "month", grace_days = 3 }}
points_policy = {{ kind = "carry_over", share_bp = 5000 }}
exchange_value_fen = 32
forfeiture_bp = 5000
[[tracks]]
track = "party_member"
role_duty_bp = 6000
role_duty_base = "100"
[[tracks.grades]]
grade = "excellent"
from = "90.5"
inclusive = true
[[tracks]]
track = "representative"
role_duty_bp = 5000
role_duty_base = "0"
"#,
        PLAIN.replace(
            "notice_days = 3 }\nrating",
            "notice_days = 3, notice_every = \"quarter\" }\nrating"
        )
    );
    let book: RuleBook = toml::from_str(&text).unwrap();
    let of = |tracks: &[Track]| book.track_of(&tracks.iter().copied().collect());
    let rule = of(&[Track::Representative, Track::PartyMember]).unwrap();
    assert_eq!((rule.track, rule.personal_bp().get()), (Track::PartyMember, 4_000));
    assert_eq!(rule.grades.grade_for("90.5".parse().unwrap()), Grade::Excellent);
    assert_eq!(of(&[Track::Elder]), None);
    assert_eq!(book.household_score, HouseholdScore::Average);
    assert_eq!(book.claim_way.notice_every, Some(crate::calendar::CycleKind::Quarter));
    assert!(
        matches!(book.points_policy, PointsPolicy::CarryOver { share_bp } if share_bp.get() == 5_000)
    );
    let worth = |hundredths| book.worth_of(Points::from_hundredths(hundredths));
    assert_eq!((worth(1_000), worth(199)), (Ok(Some(Fen::new(320))), Ok(Some(Fen::new(63)))));
    assert_eq!(worth(i64::MAX), Ok(Some(Fen::new(i64::MAX / 100 * 32 + 2))));
    let taken = |hundredths| book.forfeited(Points::from_hundredths(hundredths)).hundredths();
    assert_eq!((taken(-500), taken(-1), taken(0)), (-250, 0, 0));
    let again: RuleBook = toml::from_str(&toml::to_string(&book).unwrap()).unwrap();
    assert_eq!(again, book);
    for wrong in [r#"points_policy = { kind = "year_end_reset", claim_by = 3 }"#, "wages = 3"] {
        assert!(toml::from_str::<RuleBook>(&format!("{PLAIN}{wrong}")).is_err(), "{wrong}");
    }
}
