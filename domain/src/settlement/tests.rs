use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::four_eyes::Hand;
use crate::id::UserId;

fn shop() -> Party {
    Party::Merchant(MerchantId(Uuid::from_u128(1)))
}

fn village_store() -> Party {
    Party::VillageStore(StoreId(Uuid::from_u128(2)))
}

fn user(n: u128) -> Hand {
    Hand { user: UserId(Uuid::from_u128(n)), villager: None }
}

fn of(sales: i64, refunds: i64) -> Figures {
    let side = |fen: i64| Side { count: 1, owed: Fen::new(fen), ledger: fen, ..Side::default() };
    Figures { sales: side(sales), refunds: side(refunds) }
}

fn made_at() -> DateTime<Utc> {
    "2026-10-31T17:00:00Z".parse().unwrap()
}

fn statement() -> Settlement {
    Settlement {
        state: State::Open,
        due: Fen::new(1_028),
        made_by: Some(user(1)),
        made_at: made_at(),
        approved_by: None,
        dispute: Dispute::None,
    }
}

#[test]
fn a_month_is_closed_an_hour_after_midnight_in_the_village() {
    let month: Cycle = "2026-10".parse().unwrap();
    assert_eq!(close_due_at(month), made_at());
    let early = made_at() - Duration::seconds(1);
    assert_eq!(may_close(month, early), Err(Refusal::SettlementTooEarly { from: made_at() }));
    assert_eq!(may_close(month, made_at()), Ok(()));
    assert_eq!(may_close("2026".parse().unwrap(), made_at()), Err(Refusal::CycleWrongKind));
}

#[test]
fn more_refunded_than_sold_owes_nothing_and_lowers_the_next_month() {
    let october = settle(shop(), &of(500, 800), Fen::ZERO).unwrap();
    assert_eq!((october.net.get(), october.due.get(), october.carried_out.get()), (-300, 0, -300));
    let november = settle(shop(), &of(200, 0), october.carried_out).unwrap();
    assert_eq!((november.due.get(), november.carried_out.get()), (0, -100));
    let december = settle(shop(), &of(1_000, 0), november.carried_out).unwrap();
    assert_eq!((december.due.get(), december.carried_out.get()), (900, 0));
}

#[test]
fn a_store_of_the_village_hands_in_its_cash_and_a_merchants_gets_the_worth() {
    let side = |worth: i64, cash: i64| Side {
        owed: Fen::new(worth),
        cash: Fen::new(cash),
        ..Side::default()
    };
    let month = Figures { sales: side(5_000, 700), refunds: side(1_000, 200) };
    let village = settle(village_store(), &month, Fen::ZERO).unwrap();
    assert_eq!((village.net.get(), village.due.get(), village.carried_out.get()), (-500, 500, 0));
    let run = Party::MerchantStore(StoreId(Uuid::from_u128(3)));
    assert_eq!(settle(run, &month, Fen::ZERO).unwrap().due, Fen::new(4_000));
}

#[test]
fn two_errors_that_cancel_out_are_still_a_difference() {
    let mut month = of(800, 100);
    assert!(month.reconciled(shop()));
    month.sales.ledger += 50;
    month.refunds.ledger += 50;
    assert!(!month.reconciled(shop()));
}

#[test]
fn one_approves_another_pays_and_who_had_it_made_does_not_approve() {
    let open = statement();
    assert_eq!(open.approve(user(1)), Err(Refusal::CheckerIsMaker));
    let approved = open.approve(user(2)).unwrap();
    assert_eq!(approved.pay(user(2)), Err(Refusal::CheckerIsMaker));
    let paid = approved.pay(user(1)).unwrap();
    assert_eq!(paid.state, State::Paid);
    let again = paid.pay(user(1));
    assert_eq!(again, Err(Refusal::SettlementState { state: State::Paid }));
    assert_eq!(paid.take_back(), Err(Refusal::SettlementState { state: State::Paid }));
    assert_eq!(paid.close().unwrap().state, State::Closed);
}

#[test]
fn an_approval_is_taken_back_before_payment_and_given_anew() {
    let approved = statement().approve(user(2)).unwrap();
    let open = approved.take_back().unwrap();
    assert_eq!((open.state, open.approved_by), (State::Open, None));
    assert!(open.approve(user(3)).is_ok());
}

#[test]
fn what_differs_or_is_disputed_is_not_approved() {
    let differs = statement().reckon(false, Fen::new(1)).unwrap();
    assert_eq!(differs.approve(user(2)), Err(Refusal::SettlementDiffers));
    let cleared = differs.reckon(true, Fen::new(1)).unwrap();
    let disputed = cleared.dispute(made_at()).unwrap();
    assert_eq!(disputed.dispute(made_at()), Err(Refusal::SettlementDisputed));
    assert_eq!(disputed.approve(user(2)), Err(Refusal::SettlementDisputed));
    let answered = disputed.answer().unwrap();
    assert!(answered.approve(user(2)).is_ok());
    assert_eq!(answered.answer(), Err(Refusal::SettlementState { state: State::Open }));
}

#[test]
fn a_dispute_comes_in_time_and_before_the_approval() {
    let until = statement().dispute_until();
    assert!(statement().dispute(until).is_ok());
    let late = statement().dispute(until + Duration::seconds(1));
    assert_eq!(late, Err(Refusal::SettlementDisputeLate { until }));
    let approved = statement().approve(user(2)).unwrap();
    let refused = approved.dispute(made_at());
    assert_eq!(refused, Err(Refusal::SettlementState { state: State::Approved }));
}

#[test]
fn nothing_due_is_closed_without_a_payment() {
    let nothing = Settlement { due: Fen::ZERO, ..statement() }.approve(user(2)).unwrap();
    assert_eq!(nothing.pay(user(3)), Err(Refusal::SettlementNothingDue));
    assert_eq!(nothing.close().unwrap().state, State::Closed);
    let due = statement().approve(user(2)).unwrap();
    assert!(due.close().is_err());
}

#[test]
fn a_difference_names_the_purchase_and_what_both_sides_say() {
    let id = Uuid::from_u128;
    let moved = |n: u128, refund: bool, amount: i64| Movement { of: id(n), refund, amount };
    let till = [moved(1, false, 100), moved(2, false, 50), moved(3, false, 7), moved(4, false, 0)];
    let ledger = [moved(1, false, 100), moved(2, false, 60), moved(5, true, 9)];
    let of = |n: u128, refund: bool, till: Option<i64>, ledger: Option<i64>| Difference {
        of: id(n),
        refund,
        till,
        ledger,
    };
    assert_eq!(
        differences(&till, &ledger),
        [of(2, false, Some(50), Some(60)), of(3, false, Some(7), None), of(5, true, None, Some(9)),]
    );
}

proptest! {
    // However a purchase and its refund fall into months: what is paid, less what is still carried, is
    // what was sold less what was refunded.
    #[test]
    fn over_months_a_merchant_gets_what_was_sold_less_what_came_back(
        months in proptest::collection::vec((0_i64..100_000, 0_i64..100_000), 1..24),
        to_party in any::<bool>(),
    ) {
        let party = if to_party { shop() } else { village_store() };
        let (mut carried, mut paid, mut net) = (Fen::ZERO, 0, 0);
        for (sales, refunds) in months {
            let side = |fen: i64| Side { owed: Fen::new(fen), cash: Fen::new(fen), ..Side::default() };
            let month = Figures { sales: side(sales), refunds: side(refunds) };
            let balance = settle(party, &month, carried).unwrap();
            prop_assert!(balance.due >= Fen::ZERO);
            prop_assert!(balance.due == Fen::ZERO || balance.carried_out == Fen::ZERO);
            carried = balance.carried_out;
            paid += balance.due.get();
            net += sales - refunds;
        }
        let kept = if to_party { carried.get() } else { -carried.get() };
        prop_assert_eq!(paid + kept, net);
    }
}
