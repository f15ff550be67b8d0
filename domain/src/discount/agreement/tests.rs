use super::super::{Category, DAY_MINUTES, Weekdays};
use super::*;
use chrono::Duration;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms(from: &str, until: Option<&str>) -> AgreementTerms {
    AgreementTerms {
        from: day(from),
        until: until.map(day),
        categories: Categories::ALL,
        times: Times::ALWAYS,
        bearer: Bearer::CreditOffset,
        discount_by_star: [BasisPoints::ZERO; 5],
        price_ceiling: Fen::yuan(1),
        account_daily_ceiling: Fen::yuan(1),
        merchant_daily_ceiling: Fen::yuan(1),
        confirm_above: None,
        refund_days_max: 7,
    }
}

fn one(terms: AgreementTerms) -> Agreement {
    let id = Uuid::from_u128(1);
    Agreement { id: AgreementId(id), merchant: MerchantId(id), village: VillageId(id), terms }
}

fn for_goods(list: &[Category]) -> AgreementTerms {
    AgreementTerms { categories: Categories::of(list), ..terms("2026-01-01", None) }
}

fn at_times(days: &[u8], from_minute: u16, until_minute: u16) -> AgreementTerms {
    let weekdays = Weekdays::of(days).unwrap();
    let times = Times { weekdays, from_minute, until_minute };
    AgreementTerms { times, ..terms("2026-01-01", None) }
}

#[test]
fn two_agreements_of_the_same_parties_on_all_goods_share_no_day() {
    let first = [one(terms("2026-01-01", Some("2026-06-30")))];
    assert_eq!(terms("2026-07-01", None).fits(first.iter()), Ok(()));
    for (from, until) in [("2026-06-30", None), ("2025-01-01", Some("2026-01-01"))] {
        let refused = terms(from, until).fits(first.iter());
        assert_eq!(refused, Err(Refusal::AgreementOverlaps), "{from}");
    }
}

#[test]
fn agreements_on_other_goods_or_at_other_hours_stand_side_by_side() {
    let food = for_goods(&[Category::Food, Category::Catering]);
    let supplies = for_goods(&[Category::FarmSupplies]);
    assert!(!food.ties_with(&supplies));
    assert!(food.ties_with(&for_goods(&[Category::Catering])));
    let (morning, evening) = (at_times(&[6, 7], 480, 720), at_times(&[6, 7], 720, DAY_MINUTES));
    assert!(!morning.ties_with(&evening));
    assert!(morning.ties_with(&at_times(&[7], 700, 710)));
    assert!(!morning.ties_with(&at_times(&[1, 2, 3, 4, 5], 480, 720)));
}

#[test]
fn the_more_specific_goes_before_and_never_ties_with_the_general() {
    let all = terms("2026-01-01", None);
    let (food, hours) = (for_goods(&[Category::Food]), at_times(&[1], 0, 600));
    let both = AgreementTerms { times: hours.times, ..food.clone() };
    let ranks = [&all, &hours, &food, &both].map(AgreementTerms::rank);
    assert_eq!(ranks, [0, 1, 2, 3]);
    for (one, other) in [(&all, &food), (&all, &hours), (&food, &hours), (&food, &both)] {
        assert!(!one.ties_with(other) && !other.ties_with(one));
    }
}

#[test]
fn an_agreement_ends_today_at_the_earliest_and_is_never_made_longer() {
    let today = day("2026-03-01");
    let agreed = terms("2026-01-01", Some("2026-06-30"));
    let ended = agreed.clone().ended_on(today, today).unwrap();
    let holds = |moment: &str| ended.holds_at(moment.parse().unwrap());
    assert!(holds("2026-03-01T15:59:59Z") && !holds("2026-03-01T16:00:00Z"));
    let refusal = Refusal::AgreementEndInvalid { earliest: today, latest: Some(day("2026-06-30")) };
    for bad in ["2026-02-28", "2026-07-01"] {
        assert_eq!(agreed.clone().ended_on(day(bad), today), Err(refusal.clone()), "{bad}");
    }
}

#[test]
fn terms_that_cannot_hold_are_refused() {
    let good = terms("2026-01-01", None);
    let late = AgreementTerms { refund_days_max: 91, ..good.clone() };
    assert_eq!(late.check(), Err(Refusal::RefundTooLate { days_max: 90 }));
    let nothing = AgreementTerms { categories: Categories::NONE, ..good.clone() };
    assert_eq!(nothing.check(), Err(Refusal::AgreementGoodsMissing));
    assert_eq!(at_times(&[1], 600, 600).check(), Err(Refusal::AgreementHoursInvalid));
    assert_eq!(good.check(), Ok(()));
}

fn some_terms() -> impl Strategy<Value = AgreementTerms> {
    let categories = prop_oneof![
        Just(Categories::ALL),
        proptest::collection::vec(proptest::sample::select(Category::ALL), 1..4)
            .prop_map(|list| Categories::of(&list)),
    ];
    let hours = prop_oneof![
        Just((0, DAY_MINUTES)),
        (0..DAY_MINUTES - 1).prop_flat_map(|from| (Just(from), from + 1..=DAY_MINUTES)),
    ];
    let days = prop_oneof![Just(127), 1..=127_u8];
    (0..30_u64, proptest::option::of(0..30_u64), categories, days, hours).prop_map(
        |(from, length, categories, days, (from_minute, until_minute))| {
            let from = day("2026-10-01") + chrono::Days::new(from);
            let weekdays = Weekdays::from_bits(days).unwrap();
            AgreementTerms {
                from,
                until: length.map(|days| from + chrono::Days::new(days)),
                categories,
                times: Times { weekdays, from_minute, until_minute },
                ..terms("2026-10-01", None)
            }
        },
    )
}

proptest! {
    /// Whatever was agreed, at no moment do two agreements of the same rank hold for the same goods.
    #[test]
    fn for_every_sale_one_agreement_goes_before_all_others(
        proposed in proptest::collection::vec(some_terms(), 1..12),
        minutes in 0..60 * i64::from(DAY_MINUTES),
    ) {
        let mut agreed: Vec<Agreement> = Vec::new();
        for terms in proposed {
            if terms.fits(agreed.iter()).is_ok() {
                agreed.push(one(terms));
            }
        }
        let moment = crate::calendar::start_of(day("2026-10-01")) + Duration::minutes(minutes);
        let holding = super::super::holding(agreed, moment);
        for category in Category::ALL {
            let mut ranks: Vec<u8> = holding
                .iter()
                .filter(|agreement| agreement.terms.categories.contains(*category))
                .map(|agreement| agreement.terms.rank())
                .collect();
            let all = ranks.len();
            ranks.dedup();
            prop_assert_eq!(ranks.len(), all);
        }
    }

    /// Two agreements tie exactly if, of the same rank, they hold together for something some day.
    #[test]
    fn ties_are_found_exactly(one in some_terms(), other in some_terms()) {
        let first = crate::calendar::start_of(day("2026-10-01"));
        let together = (0..75 * i64::from(DAY_MINUTES)).any(|minute| {
            let moment = first + Duration::minutes(minute);
            one.holds_at(moment) && other.holds_at(moment)
        });
        let ties = together && one.categories.share(other.categories) && one.rank() == other.rank();
        prop_assert_eq!(one.ties_with(&other), ties);
    }
}
