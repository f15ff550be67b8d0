//! Whatever is done in whatever order, no point and no bottle comes from nowhere or goes astray.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::alliance::Standing;
use crate::calendar::day_of;
use crate::id::{
    AccountId, ArrearsId, ClaimId, EntryId, GoodsId, HouseholdId, RedemptionId, SlotId,
};
use crate::ledger::{
    Arrears, Balances, Counter, Entry, Posting, Purse, Sheet, Shortfall, Source, take_later,
};
use crate::lots::{self, Movement};
use crate::points::{Fen, Points};

mod claims;

use claims::Posted;

const HOUSEHOLDS: u128 = 3;

#[derive(Clone, Debug)]
enum Step {
    Redeem { household: u128, service: bool, quantity: u32, at_once: bool },
    Cancel { which: usize, by_store: bool },
    HandOver { which: usize },
    Lapse { which: usize },
    Refund { which: usize, spoilt: bool },
    Deliver { quantity: u32 },
    Count { counted: u32 },
    Wait { days: i64 },
    Claim { household: u128, points: i64 },
    Strike { which: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..12_usize;
    prop_oneof![
        4 => (0..HOUSEHOLDS, any::<bool>(), 1..4_u32, any::<bool>()).prop_map(
            |(household, service, quantity, at_once)| {
                Step::Redeem { household, service, quantity, at_once }
            }
        ),
        2 => (which.clone(), any::<bool>()).prop_map(|(which, by_store)| Step::Cancel { which, by_store }),
        2 => which.clone().prop_map(|which| Step::HandOver { which }),
        2 => which.clone().prop_map(|which| Step::Lapse { which }),
        2 => (which, any::<bool>()).prop_map(|(which, spoilt)| Step::Refund { which, spoilt }),
        1 => (1..5_u32).prop_map(|quantity| Step::Deliver { quantity }),
        1 => (0..20_u32).prop_map(|counted| Step::Count { counted }),
        1 => (1..40_i64).prop_map(|days| Step::Wait { days }),
        3 => (0..HOUSEHOLDS, prop_oneof![-200..-1_i64, 1..100_i64])
            .prop_map(|(household, points)| Step::Claim { household, points }),
        2 => (0..12_usize).prop_map(|which| Step::Strike { which }),
    ]
}

/// A village with one store that sells one thing and one service.
struct Village {
    now: DateTime<Utc>,
    sheet: Sheet,
    entries: Vec<(Entry, DateTime<Utc>)>,
    /// What everybody would hold if nobody had redeemed anything.
    unspent: Sheet,
    claims: Vec<Posted>,
    arrears: Vec<Arrears>,
    redemptions: Vec<(Redemption, Vec<Entry>)>,
    stock: Stock,
    moves: Vec<Move>,
    slot: Slot,
    policy: StorePolicy,
    ids: u128,
}

fn limit() -> HouseholdLimit {
    HouseholdLimit { count: 6, period: LimitPeriod::Quarter }
}

impl Village {
    fn new(policy: StorePolicy) -> Self {
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let starts_at = now + Duration::days(60);
        let plan = SlotPlan {
            starts_at,
            ends_at: starts_at + Duration::hours(2),
            capacity: 4,
            place: "田头".into(),
        };
        let (id, goods) = (SlotId(Uuid::from_u128(2)), GoodsId(Uuid::from_u128(2)));
        let mut village = Self {
            now,
            sheet: Sheet::default(),
            entries: Vec::new(),
            unspent: Sheet::default(),
            claims: Vec::new(),
            arrears: Vec::new(),
            redemptions: Vec::new(),
            stock: Stock { available: 8, reserved: 0 },
            moves: vec![Move::delivery(8)],
            slot: Slot { id, goods, plan, taken: 0, closed: false },
            policy,
            ids: 100,
        };
        for household in 0..HOUSEHOLDS {
            let account = AccountId(Uuid::from_u128(household));
            village.sheet.0.insert(account, Balances::default());
            village.unspent.0.insert(account, Balances::default());
            village.claim(household, 200);
        }
        village
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn post(&mut self, postings: Vec<Posting>) -> Vec<Entry> {
        let reversals = postings.iter().filter(|posting| posting.reverses.is_some());
        for posting in reversals {
            for one in self.arrears.iter_mut().filter(|one| one.missing.falls_with(posting)) {
                one.missing.posting.amount = 0;
            }
        }
        let (entries, missing) = self.sheet.post_noting(postings).unwrap();
        for missing in missing {
            let id = ArrearsId(self.id());
            self.arrears.push(Arrears { id, missing, takings: 0 });
        }
        self.entries.extend(entries.iter().map(|entry| (entry.clone(), self.now)));
        entries
    }

    fn shift(&mut self, moved: Move) {
        self.stock = self.stock.after(moved).unwrap();
        self.moves.push(moved);
    }

    fn offer(&self, service: bool) -> Offer {
        Offer {
            goods: GoodsId(Uuid::from_u128(if service { 2 } else { 1 })),
            kind: if service { GoodsKind::Service } else { GoodsKind::Stock },
            terms: Terms {
                price: Points::from_hundredths(1_250),
                top_up: Fen::new(150),
                market_price: Fen::yuan(10),
                limit: (!service).then(limit),
                from: day_of(self.now),
                until: None,
            },
            withdrawn: false,
            store_closed: false,
            merchant: Standing::default(),
            merchant_run: false,
            stock: self.stock,
            slot: service.then(|| self.slot.clone()),
            policy: self.policy,
            worth: Some(Fen::new(400)),
        }
    }

    /// How many of the shelf's goods a household holds in the period of today.
    fn counted(&self, household: HouseholdId) -> u32 {
        let period = limit().period.holding(day_of(self.now));
        let theirs = self.redemptions.iter().map(|(redemption, _)| redemption);
        theirs
            .filter(|r| r.household == household && r.counted_in.as_ref() == Some(&period))
            .filter(|r| standing(r))
            .map(|r| r.quantity)
            .sum()
    }

    fn redeem(&mut self, household: u128, service: bool, quantity: u32, at_once: bool) {
        let (account, id) = (AccountId(Uuid::from_u128(household)), RedemptionId(self.id()));
        let household = HouseholdId(account.0);
        let by = Redeemer {
            account,
            household,
            points: Points::from_hundredths(self.sheet.0[&account].points),
            counted: self.counted(household),
            suspended_until: None,
            alive: true,
            of_age: true,
        };
        let asked = Asked { id, quantity, names_slot: service, at_once };
        let Ok(redemption) = redeem(asked, &self.offer(service), &by, self.now) else { return };
        let entry_id = self.id().into();
        let entries = self.post(vec![redemption.posting(entry_id, self.now)]);
        if service {
            self.slot.taken += quantity;
        } else {
            self.shift(if at_once { Move::sold(quantity) } else { Move::reserved(quantity) });
        }
        self.redemptions.push((redemption, entries));
    }

    fn settle(&mut self, which: usize, settled: Settled) {
        let (redemption, entries) = self.redemptions[which].clone();
        let frees = settled.state != RedemptionState::HandedOver;
        if settled.returns_points {
            let ids: Vec<_> = entries.iter().map(|_| self.id().into()).collect();
            let back = entries.iter().zip(ids).map(|(entry, id)| Posting::reversing(entry, id));
            self.post(back.collect());
            for entry in &entries {
                let returning = -entry.posting.amount;
                self.take_later(entry.posting.account, returning, entry.account_version);
            }
        }
        if let Some(moved) = settled.moved {
            self.shift(moved);
        } else if frees {
            self.slot.taken -= redemption.quantity;
        }
        self.redemptions[which].0.state = settled.state;
        if settled.state == RedemptionState::HandedOver {
            self.redemptions[which].0.handed_over_at = Some(self.now);
        }
    }

    fn take(&mut self, step: Step) {
        let which = match step {
            Step::Redeem { household, service, quantity, at_once } => {
                return self.redeem(household, service, quantity, at_once);
            }
            Step::Deliver { quantity } => return self.shift(Move::delivery(quantity)),
            Step::Count { counted } => {
                if let Ok(Some(moved)) = self.stock.counted(counted) {
                    self.shift(moved);
                }
                return;
            }
            Step::Claim { household, points } => return self.claim(household, points),
            Step::Strike { which } => return self.strike(which),
            Step::Wait { days } => {
                self.now += Duration::days(days);
                return;
            }
            Step::Cancel { which, .. }
            | Step::HandOver { which }
            | Step::Lapse { which }
            | Step::Refund { which, .. } => which,
        };
        let Some((redemption, _)) = self.redemptions.get(which) else { return };
        let settled = match step {
            Step::Cancel { by_store: true, .. } => redemption.cancel_by_store().ok(),
            Step::Cancel { .. } => redemption.cancel_by_household(self.now).ok(),
            Step::HandOver { .. } => redemption.hand_over(redemption.top_up).ok(),
            Step::Lapse { .. } => redemption.lapse(self.now),
            _ => redemption.refund(self.now).ok(),
        };
        let Some(settled) = settled else { return };
        let (quantity, on_shelf) = (redemption.quantity, settled.moved.is_some());
        self.settle(which, settled);
        if on_shelf && matches!(step, Step::Refund { spoilt: true, .. }) {
            self.shift(Move::write_off(quantity));
        }
    }

    fn is_whole(&self) {
        let all = || self.redemptions.iter().map(|(redemption, _)| redemption);
        for (account, balances) in &self.sheet.0 {
            let theirs = || all().filter(|r| r.account == *account);
            let spent: i64 = theirs().filter(|r| costs(r)).map(|r| r.points.hundredths()).sum();
            let standing = self.claims.iter().filter(|c| c.account == *account && !c.struck);
            let counts: i64 = standing.map(|claim| claim.amount).sum();
            let open = self.arrears.iter().map(|one| &one.missing.posting);
            let open: i64 =
                open.filter(|p| p.account == *account).map(|posting| -posting.amount).sum();
            assert_eq!(
                balances.points,
                counts - spent + open,
                "what stands less what was spent, but for what was not there to be taken"
            );
            assert!(
                balances.points <= self.unspent.0[account].points,
                "nobody gains by redeeming and calling it off"
            );
            let of_theirs = self.entries.iter().filter(|(entry, _)| {
                entry.posting.account == *account && entry.posting.purse == Purse::Points
            });
            let movements = of_theirs.map(|(entry, at)| Movement::of(entry, day_of(*at)));
            let left: i64 =
                lots::of(movements).unwrap().iter().map(|lot| lot.left.hundredths()).sum();
            assert_eq!(left, balances.points, "the lots hold what the purse holds");
        }
        let waits = |kind, state| -> u32 {
            all().filter(|r| r.kind == kind && r.state == state).map(|r| r.quantity).sum()
        };
        let (stock, reserved) = self
            .moves
            .iter()
            .fold((0, 0), |(stock, reserved), m| (stock + m.stock, reserved + m.reserved));
        assert_eq!(
            (stock, reserved),
            (i64::from(self.stock.available), i64::from(self.stock.reserved))
        );
        assert_eq!(self.stock.reserved, waits(GoodsKind::Stock, RedemptionState::Waiting));
        let taken: u32 =
            all().filter(|r| r.kind == GoodsKind::Service && standing(r)).map(|r| r.quantity).sum();
        assert_eq!(self.slot.taken, taken);
        assert!(taken <= self.slot.plan.capacity);
        let came: i64 = of_kind(&self.moves, &[StockKind::Delivery, StockKind::Difference]);
        let spoilt: i64 = of_kind(&self.moves, &[StockKind::WriteOff]);
        let gone = i64::from(waits(GoodsKind::Stock, RedemptionState::HandedOver));
        let here = i64::from(self.stock.available) + i64::from(self.stock.reserved);
        assert_eq!(here, came + spoilt - gone, "what came less what left is in the store");
        for household in 0..HOUSEHOLDS {
            assert!(self.counted(HouseholdId(Uuid::from_u128(household))) <= limit().count);
        }
    }
}

fn of_kind(moves: &[Move], kinds: &[StockKind]) -> i64 {
    moves.iter().filter(|m| kinds.contains(&m.kind)).map(|m| m.stock).sum()
}

/// Whether the household has it, or will.
fn standing(redemption: &Redemption) -> bool {
    matches!(redemption.state, RedemptionState::Waiting | RedemptionState::HandedOver)
}

/// Whether its points are spent.
fn costs(redemption: &Redemption) -> bool {
    let forfeited = redemption.state == RedemptionState::Lapsed && !redemption.lapse_returns;
    standing(redemption) || forfeited
}

proptest! {
    #[test]
    fn points_and_goods_are_conserved_whatever_is_done_in_whatever_order(
        lapse_returns in any::<bool>(),
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let policy = StorePolicy { lapse_returns, ..StorePolicy::default() };
        let mut village = Village::new(policy);
        let fair = !steps.iter().any(|step| matches!(step, Step::Strike { .. }));
        for step in steps {
            village.take(step);
            village.is_whole();
        }
        // In the end the store calls off all that waits.
        for which in 0..village.redemptions.len() {
            village.take(Step::Cancel { which, by_store: true });
            village.is_whole();
        }
        for (account, balances) in &village.sheet.0 {
            let theirs = village.redemptions.iter().map(|(redemption, _)| redemption);
            let spent = theirs.filter(|r| r.account == *account).any(costs);
            let as_if_never = village.unspent.0[account].points;
            prop_assert!(!fair || spent || balances.points == as_if_never);
        }
    }
}
