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
    Figures { sales: side(sales), refunds: side(refunds), unequal: 0 }
}

fn made_at() -> DateTime<Utc> {
    "2026-10-31T17:00:00Z".parse().unwrap()
}

fn statement() -> Settlement {
    Settlement {
        party: shop(),
        state: State::Open,
        due: Fen::new(1_028),
        made_by: Some(user(1)),
        made_at: made_at(),
        approved_by: None,
        paid_by: None,
        dispute: Dispute::None,
    }
}

/// After the party had its say.
fn later() -> DateTime<Utc> {
    statement().dispute_until() + Duration::seconds(1)
}

fn approved() -> Settlement {
    statement().approve(user(2), true).unwrap()
}

fn state(state: State) -> Refusal {
    Refusal::SettlementState { state }
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
    let month = Figures { sales: side(5_000, 700), refunds: side(1_000, 200), unequal: 0 };
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
    // Of two sales one is too high and one too low: the sums agree, the lines do not.
    assert!(!Figures { unequal: 2, ..of(800, 100) }.reconciled(shop()));
}

#[test]
fn one_approves_another_pays_and_who_had_it_made_does_not_approve() {
    assert_eq!(statement().approve(user(1), true), Err(Refusal::CheckerIsMaker));
    assert_eq!(approved().pay(user(2), later()), Err(Refusal::CheckerIsMaker));
    let paid = approved().pay(user(1), later()).unwrap();
    assert_eq!((paid.state, paid.paid_by), (State::Paid, Some(user(1))));
    assert_eq!(paid.pay(user(1), later()), Err(state(State::Paid)));
    assert_eq!(paid.take_back(), Err(state(State::Paid)));
    // Who paid it does not say that it arrived, whoever they say they are.
    for by in [Closer::Village(user(1)), Closer::Party(user(1))] {
        assert_eq!(paid.close(by, later()), Err(Refusal::CheckerIsMaker));
    }
    assert_eq!(paid.close(Closer::Village(user(2)), later()).unwrap().state, State::Closed);
    assert_eq!(paid.close(Closer::Party(user(7)), later()).unwrap().state, State::Closed);
}

#[test]
fn a_month_that_is_not_what_it_was_is_not_approved() {
    let changed = statement().approve(user(2), false).unwrap();
    assert_eq!((changed.state, changed.approved_by), (State::Differs, None));
}

#[test]
fn an_approval_is_taken_back_before_payment_and_given_anew() {
    let open = approved().take_back().unwrap();
    assert_eq!((open.state, open.approved_by), (State::Open, None));
    assert!(open.approve(user(3), true).is_ok());
}

#[test]
fn what_differs_or_is_disputed_is_not_approved() {
    let differs = statement().reckon(false, Fen::new(1)).unwrap();
    assert_eq!(differs.approve(user(2), true), Err(Refusal::SettlementDiffers));
    let cleared = differs.reckon(true, Fen::new(1)).unwrap();
    let disputed = cleared.dispute(made_at()).unwrap();
    assert_eq!(disputed.dispute(made_at()), Err(Refusal::SettlementDisputed));
    assert_eq!(disputed.approve(user(2), true), Err(Refusal::SettlementDisputed));
    assert_eq!(disputed.agree(), Err(Refusal::SettlementDisputed));
    let answered = disputed.answer().unwrap();
    assert!(answered.approve(user(2), true).is_ok());
    assert_eq!(answered.answer(), Err(state(State::Open)));
}

#[test]
fn a_dispute_comes_in_time_and_takes_an_approval_back() {
    let until = statement().dispute_until();
    assert!(statement().dispute(until).is_ok());
    let late = statement().dispute(until + Duration::seconds(1));
    assert_eq!(late, Err(Refusal::SettlementDisputeLate { until }));
    let disputed = approved().dispute(until).unwrap();
    assert_eq!((disputed.state, disputed.approved_by), (State::Open, None));
    let paid = approved().agree().unwrap().pay(user(1), made_at()).unwrap();
    assert_eq!(paid.dispute(until), Err(state(State::Paid)));
}

#[test]
fn nobody_pays_before_the_party_had_its_say_or_agreed() {
    let until = statement().dispute_until();
    let open = Err(Refusal::SettlementDisputeOpen { until });
    assert_eq!(approved().pay(user(1), until), open);
    assert!(approved().pay(user(1), later()).is_ok());
    let agreed = statement().agree().unwrap();
    assert_eq!(agreed.agree(), Err(Refusal::SettlementAgreed));
    assert!(agreed.approve(user(2), true).unwrap().pay(user(1), made_at()).is_ok());
    // They agreed to that figure and to no other.
    let other = agreed.reckon(true, Fen::new(1)).unwrap();
    assert_eq!(other.dispute, Dispute::None);
    assert_eq!(agreed.reckon(true, agreed.due).unwrap().dispute, Dispute::Agreed);
    // A store of the village has nobody who would say so.
    let own = Settlement { party: village_store(), ..approved() };
    assert!(own.pay(user(1), made_at()).is_ok());
}

#[test]
fn nothing_due_is_closed_without_a_payment() {
    let nothing = Settlement { due: Fen::ZERO, ..approved() };
    assert_eq!(nothing.pay(user(3), later()), Err(Refusal::SettlementNothingDue));
    let until = nothing.dispute_until();
    let early = nothing.close(Closer::Village(user(2)), until);
    assert_eq!(early, Err(Refusal::SettlementDisputeOpen { until }));
    assert!(nothing.close(Closer::Party(user(7)), until).is_ok());
    assert_eq!(nothing.close(Closer::Village(user(2)), later()).unwrap().state, State::Closed);
    assert!(approved().close(Closer::Party(user(7)), later()).is_err());
}

#[test]
fn what_differs_is_settled_by_the_ledger_by_two_people() {
    let differs = statement().agree().unwrap().reckon(false, Fen::new(1_100)).unwrap();
    assert_eq!(statement().propose(Cure::ByLedger, None, user(2)), Err(state(State::Open)));
    let proposal = differs.propose(Cure::ByLedger, None, user(2)).unwrap();
    let again = differs.propose(Cure::ByLedger, Some(&proposal), user(3));
    assert_eq!(again, Err(Refusal::SettlementProposed));
    let alone = differs.cured(&proposal, user(2), Fen::new(900));
    assert_eq!(alone, Err(Refusal::CheckerIsMaker));
    let settled = differs.cured(&proposal, user(3), Fen::new(900)).unwrap();
    assert_eq!((settled.state, settled.due), (State::Open, Fen::new(900)));
    // It is paid as any other.
    assert!(settled.approve(user(2), true).unwrap().pay(user(3), later()).is_ok());
    // What was cleared up in the meantime is not settled by it.
    let cleared = differs.reckon(true, Fen::new(1_100)).unwrap();
    assert_eq!(cleared.cured(&proposal, user(3), Fen::new(900)), Err(state(State::Open)));
}

#[test]
fn a_payment_that_never_arrived_is_taken_back_by_two_people_and_made_anew() {
    let paid = approved().pay(user(3), later()).unwrap();
    assert_eq!(approved().propose(Cure::Returned, None, user(3)), Err(state(State::Approved)));
    let proposal = paid.propose(Cure::Returned, None, user(3)).unwrap();
    assert_eq!(paid.cured(&proposal, user(3), Fen::ZERO), Err(Refusal::CheckerIsMaker));
    let back = paid.cured(&proposal, user(2), Fen::ZERO).unwrap();
    assert_eq!((back.state, back.due, back.paid_by), (State::Approved, paid.due, None));
    assert_eq!(back.pay(user(2), later()), Err(Refusal::CheckerIsMaker));
    assert!(back.pay(user(3), later()).is_ok());
    // The money came after all: nothing is taken back.
    let closed = paid.close(Closer::Party(user(7)), later()).unwrap();
    assert_eq!(closed.cured(&proposal, user(2), Fen::ZERO), Err(state(State::Closed)));
}

#[test]
fn nobody_of_the_merchant_acts_for_the_village() {
    use crate::actor::{Grant, Scope};
    let merchant = MerchantId(Uuid::from_u128(1));
    let with = |role, scope| Actor {
        user: user(1).user,
        membership: None,
        grants: vec![
            Grant { role: Role::VillageAdmin, scope: Scope::Platform },
            Grant { role, scope },
        ],
    };
    for role in [Role::MerchantOwner, Role::MerchantClerk] {
        let own = with(role, Scope::Merchant(merchant));
        assert_eq!(for_the_village(&own, Some(merchant)), Err(Refusal::OwnMerchant));
        // Of another merchant, or of a store that nobody but the village runs, they are as anybody.
        assert_eq!(for_the_village(&own, Some(MerchantId(Uuid::from_u128(9)))), Ok(()));
        assert_eq!(for_the_village(&own, None), Ok(()));
    }
}

#[test]
fn a_stores_line_counts_with_what_the_ledgers_points_were_worth() {
    let store = Party::MerchantStore(StoreId(Uuid::from_u128(3)));
    let side = |worth: i64| Side { owed: Fen::new(worth), ..Side::default() };
    let month = Figures { sales: side(5_000), refunds: side(1_000), unequal: 3 };
    let line = |refund, worth: i64, points: i64, ledger| UnequalLine {
        refund,
        worth: Fen::new(worth),
        points: Points::from_hundredths(points),
        ledger,
    };
    let unequal =
        [line(false, 1_000, 3_000, 1_000), line(false, 500, 100, 0), line(true, 1_000, 10, 0)];
    // 333 in place of 1,000 rounded down, nothing in place of 500, and no refund of 1,000.
    let net = ledger_net(store, &month, &unequal).unwrap();
    assert_eq!(net, Fen::new(4_000 - 667 - 500 + 1_000));
    assert_eq!(ledger_net(store, &month, &[]).unwrap(), month.net(store).unwrap());
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
            let month = Figures { sales: side(sales), refunds: side(refunds), unequal: 0 };
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

    // By the ledger a merchant gets what its households' entries say, whatever the till says; and where
    // both say the same it is the same.
    #[test]
    fn by_the_ledger_is_due_what_the_entries_say(
        sold in 0_i64..100_000, back in 0_i64..100_000, till in -500_i64..500, carried in -5_000_i64..1,
    ) {
        let mut month = of(sold, back);
        let net = ledger_net(shop(), &month, &[]).unwrap();
        prop_assert_eq!(net, month.net(shop()).unwrap());
        month.sales.owed = Fen::new(sold + till);
        let by_ledger = ledger_net(shop(), &month, &[]).unwrap();
        prop_assert_eq!(by_ledger, Fen::new(sold - back));
        let balance = settle_net(shop(), by_ledger, Fen::new(carried)).unwrap();
        prop_assert_eq!(balance.due.get() + balance.carried_out.get(), sold - back + carried);
    }
}
