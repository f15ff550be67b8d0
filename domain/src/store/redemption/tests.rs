use chrono::Duration;
use uuid::Uuid;

use super::*;
use crate::alliance::{Pause, PausedBy};
use crate::id::SlotId;
use crate::store::{HouseholdLimit, SlotPlan};

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn now() -> DateTime<Utc> {
    "2026-10-20T10:00:00+08:00".parse().unwrap()
}

fn oil() -> Offer {
    Offer {
        goods: GoodsId(id(1)),
        kind: GoodsKind::Stock,
        terms: Terms {
            price: Points::whole(30),
            top_up: Fen::new(200),
            market_price: Fen::new(1_500),
            limit: Some(HouseholdLimit { count: 2, period: LimitPeriod::Month }),
            from: "2026-10-01".parse().unwrap(),
            until: None,
        },
        withdrawn: false,
        store_closed: false,
        merchant: Standing::default(),
        merchant_run: false,
        stock: Stock { available: 5, reserved: 0 },
        slot: None,
        policy: StorePolicy::default(),
        worth: Some(Fen::new(960)),
    }
}

fn hour() -> Offer {
    let starts_at = now() + Duration::days(40);
    let plan = SlotPlan {
        starts_at,
        ends_at: starts_at + Duration::hours(1),
        capacity: 2,
        place: "村委会".into(),
    };
    let (goods, kind) = (GoodsId(id(2)), GoodsKind::Service);
    let slot = Slot { id: SlotId(id(3)), goods, plan, taken: 1, closed: false };
    Offer { goods, kind, slot: Some(slot), stock: Stock::default(), ..oil() }
}

fn household() -> Redeemer {
    Redeemer {
        account: AccountId(id(5)),
        household: HouseholdId(id(5)),
        points: Points::whole(100),
        counted: 0,
        suspended_until: None,
        alive: true,
        of_age: true,
    }
}

fn asked(quantity: u32) -> Asked {
    Asked { id: RedemptionId(id(9)), quantity, names_slot: false, at_once: false }
}

fn one(offer: &Offer) -> Redemption {
    let asked = Asked { names_slot: offer.slot.is_some(), ..asked(1) };
    redeem(asked, offer, &household(), now()).unwrap()
}

#[test]
fn two_bottles_cost_twice_as_much_and_wait_to_be_picked_up() {
    let done = redeem(asked(2), &oil(), &household(), now()).unwrap();
    assert_eq!((done.points, done.top_up), (Points::whole(60), Fen::new(400)));
    assert_eq!((done.worth, done.state), (Fen::new(1_920), RedemptionState::Waiting));
    assert_eq!(done.counted_in.as_deref(), Some("2026-10"));
    let posting = done.posting(EntryId(id(4)), now());
    assert_eq!((posting.amount, posting.counter), (-6_000, Counter::Redemption));
    assert_eq!(posting.source, Source::Redemption(done.id));
}

#[test]
fn who_may_not_redeem_is_told_why_with_the_figures() {
    let refused = |quantity, offer: Offer, by: Redeemer| {
        redeem(asked(quantity), &offer, &by, now()).unwrap_err()
    };
    let by = household();
    assert_eq!(refused(1, Offer { store_closed: true, ..oil() }, by), Refusal::StoreClosed);
    let closed = Standing { closed_at: Some(now()), pause: None };
    assert_eq!(refused(1, Offer { merchant: closed, ..oil() }, by), Refusal::MerchantClosed);
    let until = None;
    let pause = Pause { from: day_of(now()), until, by: PausedBy::Merchant };
    let paused = Standing { closed_at: None, pause: Some(pause) };
    assert_eq!(
        refused(1, Offer { merchant: paused, ..oil() }, by),
        Refusal::MerchantPaused { until }
    );
    assert_eq!(refused(1, Offer { withdrawn: true, ..oil() }, by), Refusal::GoodsWithdrawn);
    let later = Terms { from: "2026-10-21".parse().unwrap(), ..oil().terms };
    assert_eq!(
        refused(1, Offer { terms: later, ..oil() }, by),
        Refusal::GoodsNotOnSale { from: later.from, until }
    );
    let most = Refusal::QuantityInvalid { quantity_max: Some(QUANTITY_MAX) };
    assert_eq!(refused(0, oil(), by), most);
    assert_eq!(refused(QUANTITY_MAX + 1, oil(), by), most);
    assert_eq!(refused(6, oil(), by), Refusal::SoldOut { left: 5 });
    let gone = Redeemer { alive: false, of_age: false, ..by };
    assert_eq!(refused(1, oil(), gone), Refusal::AccountOfDeceased);
    assert_eq!(
        refused(1, oil(), Redeemer { of_age: false, ..by }),
        Refusal::TooYoung { age_min: 14 }
    );
    let until = "2027-12-31".parse().unwrap();
    assert_eq!(
        refused(1, oil(), Redeemer { suspended_until: Some(until), ..by }),
        Refusal::RedemptionSuspended { until }
    );
    assert_eq!(
        refused(2, oil(), Redeemer { counted: 1, ..by }),
        Refusal::LimitReached { left: 1, count: 2, period: LimitPeriod::Month }
    );
    let points = Points::from_hundredths(4_550);
    assert_eq!(
        refused(2, oil(), Redeemer { points, ..by }),
        Refusal::PointsMissing { points, missing: Points::from_hundredths(1_450) }
    );
}

#[test]
fn a_service_is_had_in_a_slot_that_has_room_and_has_not_begun() {
    let slot_invalid = Err(Refusal::SlotInvalid { days_max: SlotPlan::DAYS_MAX });
    let with_slot = |quantity| Asked { names_slot: true, ..asked(quantity) };
    let try_at = |asked, offer: &Offer, at| redeem(asked, offer, &household(), at).map(|_| ());
    assert_eq!(try_at(with_slot(1), &hour(), now()), Ok(()));
    assert_eq!(try_at(with_slot(2), &hour(), now()), Err(Refusal::SlotFull { left: 1 }));
    assert_eq!(try_at(asked(1), &Offer { slot: None, ..hour() }, now()), slot_invalid);
    assert_eq!(try_at(with_slot(1), &oil(), now()), slot_invalid);
    let begins = hour().slot.unwrap().plan.starts_at;
    assert_eq!(try_at(with_slot(1), &hour(), begins), Err(Refusal::SlotOver));
    let mut closed = hour();
    closed.slot.as_mut().unwrap().closed = true;
    assert_eq!(try_at(with_slot(1), &closed, now()), Err(Refusal::SlotOver));
}

#[test]
fn a_service_lapses_after_its_slot_and_is_cancelled_before_it() {
    let redemption = one(&hour());
    let plan = hour().slot.unwrap().plan;
    assert_eq!(redemption.times.cancel_until, plan.starts_at);
    assert!(redemption.times.lapses_at > plan.ends_at + Duration::days(30));
    let settled = redemption.cancel_by_household(now()).unwrap();
    assert_eq!((settled.returns_points, settled.moved), (true, None));
}

#[test]
fn it_is_handed_over_once_and_for_the_cash_that_is_due() {
    let waiting = one(&oil());
    let due = Refusal::CashDiffers { due: Fen::new(200) };
    assert_eq!(waiting.hand_over(Fen::ZERO).unwrap_err(), due);
    let settled = waiting.hand_over(Fen::new(200)).unwrap();
    assert_eq!(settled.moved, Some(Move::picked_up(1)));
    let over = Redemption { state: settled.state, ..waiting };
    let state = Refusal::RedemptionState { state: RedemptionState::HandedOver };
    assert_eq!(over.hand_over(Fen::new(200)).unwrap_err(), state);
    assert_eq!(over.cancel_by_household(now()).unwrap_err(), state);
    assert_eq!(over.cancel_by_store().unwrap_err(), state);
    assert_eq!(over.lapse(now() + Duration::days(99)), None);
}

#[test]
fn a_household_cancels_in_time_and_the_store_whenever_it_waits() {
    let waiting = one(&Offer {
        policy: StorePolicy { cancel_days: Some(2), ..StorePolicy::default() },
        ..oil()
    });
    let until = waiting.times.cancel_until;
    assert!(waiting.cancel_by_household(until - Duration::seconds(1)).is_ok());
    assert_eq!(waiting.cancel_by_household(until), Err(Refusal::CancelTooLate { until }));
    assert_eq!(waiting.cancel_by_store().unwrap().moved, Some(Move::released(1)));
}

#[test]
fn it_lapses_when_its_days_are_over_and_its_points_return_by_policy() {
    let waiting = one(&oil());
    let at = waiting.times.lapses_at;
    assert_eq!(waiting.lapse(at - Duration::seconds(1)), None);
    assert!(waiting.lapse(at).unwrap().returns_points);
    let policy = StorePolicy { lapse_returns: false, ..StorePolicy::default() };
    let strict = one(&Offer { policy, ..oil() }).lapse(at).unwrap();
    assert_eq!((strict.returns_points, strict.moved), (false, Some(Move::released(1))));
}

#[test]
fn faulty_goods_are_taken_back_within_the_days_of_the_store() {
    let at_once = Asked { at_once: true, ..asked(1) };
    let taken = redeem(at_once, &oil(), &household(), now()).unwrap();
    assert_eq!(taken.state, RedemptionState::HandedOver);
    assert_eq!(taken.refund(now() + Duration::days(7)).unwrap().moved, Some(Move::taken_back(1)));
    let late = taken.refund(now() + Duration::days(8));
    assert_eq!(late, Err(Refusal::RefundTooLate { days_max: 7 }));
    let state = Refusal::RedemptionState { state: RedemptionState::Waiting };
    assert_eq!(one(&oil()).refund(now()), Err(state));
}

#[test]
fn a_service_that_was_paid_with_a_card_is_taken_back_until_days_after_its_slot() {
    let asked = Asked { at_once: true, names_slot: true, ..asked(1) };
    let taken = redeem(asked, &hour(), &household(), now()).unwrap();
    assert_eq!(taken.state, RedemptionState::HandedOver);
    // The slot is in 40 days.
    for days in [0, 8, 40, 47] {
        assert!(taken.refund(now() + Duration::days(days)).is_ok(), "{days}");
    }
    let late = taken.refund(now() + Duration::days(48));
    assert_eq!(late, Err(Refusal::RefundTooLate { days_max: 7 }));
}

#[test]
fn what_comes_back_late_lasts_another_year_only_if_the_household_could_do_nothing() {
    let waits = one(&oil());
    let at = waits.times.lapses_at;
    assert!(!waits.cancel_by_household(now()).unwrap().keeps_late);
    assert!(!waits.lapse(at).unwrap().keeps_late);
    assert!(waits.cancel_by_store().unwrap().keeps_late);
    let taken = redeem(Asked { at_once: true, ..asked(1) }, &oil(), &household(), now()).unwrap();
    assert!(taken.refund(now()).unwrap().keeps_late);
}

#[test]
fn what_is_worth_more_by_the_book_of_the_day_than_the_market_asks_is_not_redeemed() {
    let (top_up, market_price) = (Fen::new(200), Fen::new(1_500));
    let dear = Offer { worth: Some(Fen::new(1_301)), ..oil() };
    let overpriced = Refusal::GoodsOverpriced { worth: Fen::new(1_301), top_up, market_price };
    assert_eq!(redeem(asked(1), &dear, &household(), now()), Err(overpriced));
    let unpaid = Offer { merchant_run: true, worth: None, ..oil() };
    let missing = Err(Refusal::ExchangeValueMissing);
    assert_eq!(redeem(asked(1), &unpaid, &household(), now()), missing);
    let fair = Offer { worth: Some(Fen::new(1_300)), ..oil() };
    assert!(redeem(asked(1), &fair, &household(), now()).is_ok());
}

#[test]
fn without_an_exchange_value_a_card_is_charged_what_the_market_asks_besides_the_cash() {
    assert_eq!(oil().weighs(2), Ok(Fen::new(1_920)));
    assert_eq!(Offer { worth: None, ..oil() }.weighs(2), Ok(Fen::new(2_600)));
}
