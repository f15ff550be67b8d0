//! The books and accounts that the tests of this module share.

mod explanations;
mod households;
mod lines;
mod review;
mod tracks;

use uuid::Uuid;

use super::*;
use crate::calendar::{Cycle, CycleKind};
use crate::id::{AccountId, ClaimId, HouseholdId, VillagerId};
use crate::person::Track;
use crate::points::{BasisPoints, Fen, Points};
use crate::rule_book::{
    Grade, GradeRow, GradeTable, HouseholdScore, Majority, PointsPolicy, ReviewRole, RuleBook,
    Stage, Star, StarRow, StarTable, Subject, TrackRule, Way,
};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn who(n: u128) -> VillagerId {
    VillagerId(id(n))
}

fn cycle(text: &str) -> Cycle {
    text.parse().unwrap()
}

fn h(hundredths: i64) -> Points {
    Points::from_hundredths(hundredths)
}

fn star(stars: u8) -> Star {
    Star::new(stars).unwrap()
}

fn stage(role: ReviewRole, quorum: u8) -> Stage {
    Stage {
        name: "评议".into(),
        role,
        quorum,
        majority: Majority::Simple,
        working_days_max: 5,
        levels: Default::default(),
    }
}

fn row(stars: u8, from: i32, inclusive: bool) -> StarRow {
    StarRow {
        stars: star(stars),
        from: Points::whole(from),
        inclusive,
        star_credit_fen: Fen::yuan(400),
        discount_bp: BasisPoints::new(200).unwrap(),
    }
}

/// By household and quarter, base 60, stars from 60, 90 and 95 on.
fn book() -> RuleBook {
    let stages = vec![stage(ReviewRole::PanelMember, 3), stage(ReviewRole::VillageAdmin, 1)];
    let way = Way { stages, notice_days: 3, notice_every: None };
    RuleBook {
        name: "细则".into(),
        subject: Subject::Household,
        cycle: CycleKind::Quarter,
        base_score: Points::whole(60),
        claim_days_max: 90,
        appeal_days_max: 60,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(vec![row(5, 95, true), row(4, 90, true), row(1, 60, true)]),
        categories: Vec::new(),
        items: Vec::new(),
        tracks: Vec::new(),
        household_score: HouseholdScore::Sum,
        registration: None,
        points_policy: PointsPolicy::Never,
        exchange_value_fen: None,
        forfeiture_bp: None,
    }
}

fn grade(grade: Grade, from: i32) -> GradeRow {
    GradeRow { grade, from: Points::whole(from), inclusive: true, stars: Star::NONE }
}

/// Wendeng's: by person and year, base 1000, its star table; party members 60 % role duty with grades,
/// representatives 40 % without.
fn wendeng() -> RuleBook {
    let stars =
        [(5, 1060), (4, 1040), (3, 1020), (2, 990), (1, 800)].map(|(n, from)| row(n, from, false));
    let rule = |track, bp, grades| TrackRule {
        track,
        role_duty_bp: BasisPoints::new(bp).unwrap(),
        role_duty_base: Points::whole(100),
        grades: GradeTable(grades),
    };
    let grades = vec![
        grade(Grade::Excellent, 500),
        grade(Grade::Qualified, 460),
        grade(Grade::BasicallyQualified, 400),
    ];
    RuleBook {
        subject: Subject::Person,
        cycle: CycleKind::Year,
        base_score: Points::whole(1000),
        stars: StarTable(stars.into()),
        tracks: vec![
            rule(Track::PartyMember, 6_000, grades),
            rule(Track::Representative, 4_000, Vec::new()),
        ],
        ..book()
    }
}

fn effective(entries_sum: i64) -> Effective {
    Effective { entries_sum, ..Effective::default() }
}

fn standing(effective: Effective) -> Standing {
    Standing {
        account: AccountId(id(1)),
        household: HouseholdId(id(1)),
        tracks: [].into(),
        excluded: None,
        effective,
    }
}

fn mark(n: u128, stars: u8, since: &str, repaired_on: Option<&str>) -> GradeMark {
    GradeMark {
        claim: ClaimId(id(n)),
        star: star(stars),
        since: since.parse().unwrap(),
        repaired_on: repaired_on.map(|day| day.parse().unwrap()),
    }
}
