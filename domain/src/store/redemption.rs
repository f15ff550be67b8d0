//! From redeeming to handing over, or back.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    GoodsKind, LimitPeriod, Move, Slot, Stock, StorePolicy, Terms, Times, pays_the_merchant,
};
use crate::alliance::Standing;
use crate::calendar::day_of;
use crate::expiry::end_of_year;
use crate::id::{AccountId, EntryId, GoodsId, HouseholdId, RedemptionId, RuleBookId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::points::{Fen, Points};
use crate::refusal::Refusal;

/// The most of one thing in one redemption.
pub const QUANTITY_MAX: u32 = 100;

names! {
    /// Where a redemption stands.
    RedemptionState {
        /// It waits to be picked up.
        Waiting "waiting",
        /// It was.
        HandedOver "handed_over",
        /// The household or the store called it off.
        Cancelled "cancelled",
        /// Nobody picked it up in time.
        Lapsed "lapsed",
        /// It was taken back after it was handed over.
        Refunded "refunded",
    }
}

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The goods.
    pub goods: GoodsId,
    /// Whether it lies on the shelf or is had in a slot.
    pub kind: GoodsKind,
    /// What is agreed about it.
    pub terms: Terms,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
    /// Whether the store is closed.
    pub store_closed: bool,
    /// Whether a merchant runs it.
    pub merchant_run: bool,
    /// How that merchant stands; one that trades where the village runs the store.
    pub merchant: Standing,
    /// What there is of it.
    pub stock: Stock,
    /// The slot that was asked for, if it is one of these goods.
    pub slot: Option<Slot>,
    /// The policy of the store.
    pub policy: StorePolicy,
    /// What the price of one is worth by the book in force; nothing where it does not say.
    pub worth: Option<Fen>,
}

/// Who redeems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemer {
    /// Whose points.
    pub account: AccountId,
    /// Whose limit.
    pub household: HouseholdId,
    /// What the account holds.
    pub points: Points,
    /// How many of these goods the household has taken in the period of the limit.
    pub counted: u32,
    /// The last day of a veto that stands today.
    pub suspended_until: Option<NaiveDate>,
    /// Whether the person whose account it is lives, or anybody of the household.
    pub alive: bool,
    /// Whether one of those is old enough for an account.
    pub of_age: bool,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The id that the redemption will have.
    pub id: RedemptionId,
    /// How many.
    pub quantity: u32,
    /// Whether a slot is named.
    pub names_slot: bool,
    /// Whether it is handed over at once, as to somebody with a card at the counter.
    pub at_once: bool,
}

/// A redemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Its id.
    pub id: RedemptionId,
    /// Whose points.
    pub account: AccountId,
    /// Whose.
    pub household: HouseholdId,
    /// Of what; without a slot, of the shelf.
    pub goods: GoodsId,
    /// Whether it lies on the shelf or is had in a slot.
    pub kind: GoodsKind,
    /// How many.
    pub quantity: u32,
    /// For all of it.
    pub points: Points,
    /// For all of it: cash besides.
    pub top_up: Fen,
    /// For all of it: what the points were worth, nothing where the book did not say.
    pub worth: Fen,
    /// Where it stands.
    pub state: RedemptionState,
    /// The period in which it counts for the limit, if there is one.
    pub counted_in: Option<String>,
    /// Whether its points return when it lapses.
    pub lapse_returns: bool,
    /// For how many days faulty goods are taken back.
    pub refund_days: u16,
    /// When its slot ends, for a service.
    pub slot_ends_at: Option<DateTime<Utc>>,
    /// Until when what can be done with it.
    pub times: Times,
    /// When it was handed over.
    pub handed_over_at: Option<DateTime<Utc>>,
}

/// What a redemption came to in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Where it stands now.
    pub state: RedemptionState,
    /// Whether its points go back to the lots that they came from.
    pub returns_points: bool,
    /// Whether those whose time was over meanwhile last another year: where the household can do nothing
    /// about it that they come back so late.
    pub keeps_late: bool,
    /// What it moves on the shelf; nothing for a service.
    pub moved: Option<Move>,
}

/// Redeems.
///
/// # Errors
/// In this order: `store_closed`, `merchant_closed`, `merchant_paused`, `goods_withdrawn`,
/// `goods_not_on_sale`, `exchange_value_missing` and `goods_overpriced` by the book of the day,
/// `quantity_invalid`, `slot_invalid` unless a service has a slot and nothing else has one, `slot_over`,
/// `slot_full`, `sold_out`, `account_of_deceased`, `too_young`, `redemption_suspended`, `limit_reached`,
/// `points_missing`, `amount_out_of_range`.
pub fn redeem(
    asked: Asked,
    offer: &Offer,
    by: &Redeemer,
    now: DateTime<Utc>,
) -> Result<Redemption, Refusal> {
    let (today, quantity, terms) = (day_of(now), asked.quantity, &offer.terms);
    if offer.store_closed {
        return Err(Refusal::StoreClosed);
    }
    offer.merchant.trades_on(today)?;
    if offer.withdrawn {
        return Err(Refusal::GoodsWithdrawn);
    }
    if !terms.hold_on(today) {
        return Err(Refusal::GoodsNotOnSale { from: terms.from, until: terms.until });
    }
    pays_the_merchant(offer.merchant_run, offer.worth)?;
    terms.keeps_to_the_market(offer.worth)?;
    if quantity == 0 || quantity > QUANTITY_MAX {
        return Err(Refusal::QuantityInvalid { quantity_max: Some(QUANTITY_MAX) });
    }
    offer.has(asked, now)?;
    if !by.alive {
        return Err(Refusal::AccountOfDeceased);
    }
    if !by.of_age {
        return Err(Refusal::TooYoung { age_min: crate::person::ACCOUNT_AGE_MIN });
    }
    if let Some(until) = by.suspended_until {
        return Err(Refusal::RedemptionSuspended { until });
    }
    if let Some(limit) = terms.limit {
        let left = limit.count.saturating_sub(by.counted);
        if quantity > left {
            return Err(Refusal::LimitReached { left, count: limit.count, period: limit.period });
        }
    }
    let points = terms.price.times(quantity).ok_or(Refusal::AmountOutOfRange)?;
    if points > by.points {
        let missing = points.minus(by.points).ok_or(Refusal::AmountOutOfRange)?;
        return Err(Refusal::PointsMissing { points: by.points, missing });
    }
    let (state, handed_over_at) = if asked.at_once {
        (RedemptionState::HandedOver, Some(now))
    } else {
        (RedemptionState::Waiting, None)
    };
    Ok(Redemption {
        id: asked.id,
        account: by.account,
        household: by.household,
        goods: offer.goods,
        kind: offer.kind,
        quantity,
        points,
        top_up: times(terms.top_up, quantity)?,
        worth: times(offer.worth.unwrap_or(Fen::ZERO), quantity)?,
        state,
        counted_in: terms.limit.map(|limit| limit.period.holding(today)),
        lapse_returns: offer.policy.lapse_returns,
        refund_days: offer.policy.refund_days,
        slot_ends_at: offer.slot.as_ref().map(|slot| slot.plan.ends_at),
        times: offer.policy.times(offer.slot.as_ref(), now),
        handed_over_at,
    })
}

fn times(fen: Fen, quantity: u32) -> Result<Fen, Refusal> {
    fen.get().checked_mul(i64::from(quantity)).map(Fen::new).ok_or(Refusal::AmountOutOfRange)
}

impl Offer {
    /// Whether there are so many of it.
    fn has(&self, asked: Asked, now: DateTime<Utc>) -> Result<(), Refusal> {
        match (self.kind, &self.slot) {
            (GoodsKind::Stock, None) if !asked.names_slot => {
                let left = self.stock.available;
                if asked.quantity > left { Err(Refusal::SoldOut { left }) } else { Ok(()) }
            }
            (GoodsKind::Service, Some(slot)) => slot.takes(asked.quantity, now),
            _ => Err(Refusal::SlotInvalid { days_max: super::SlotPlan::DAYS_MAX }),
        }
    }

    /// What so many of it count towards the daily ceiling of a card: what the points are worth, and where the
    /// book does not say, what they spare the household at the market.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn weighs(&self, quantity: u32) -> Result<Fen, Refusal> {
        let spared = self.terms.market_price.get().saturating_sub(self.terms.top_up.get()).max(0);
        times(self.worth.unwrap_or(Fen::new(spared)), quantity)
    }

    /// The period in which the household's limit is counted today.
    pub fn period(&self) -> Option<LimitPeriod> {
        self.terms.limit.map(|limit| limit.period)
    }
}

impl Redemption {
    /// What it takes from the points.
    pub fn posting(&self, id: EntryId, now: DateTime<Utc>) -> Posting {
        Posting {
            id,
            account: self.account,
            purse: Purse::Points,
            amount: self.points.negated().hundredths(),
            counter: Counter::Redemption,
            source: Source::Redemption(self.id),
            source_posting: 0,
            rule_book: None,
            item_code: None,
            happened_on: day_of(now),
            effect: None,
            reverses: None,
            shortfall: Shortfall::Refuse,
        }
    }

    fn waits(&self) -> Result<(), Refusal> {
        self.is(RedemptionState::Waiting)
    }

    fn is(&self, state: RedemptionState) -> Result<(), Refusal> {
        if self.state == state {
            Ok(())
        } else {
            Err(Refusal::RedemptionState { state: self.state })
        }
    }

    /// What it moves on the shelf, if it lies there.
    fn moves(&self, moved: fn(u32) -> Move) -> Option<Move> {
        (self.kind == GoodsKind::Stock).then(|| moved(self.quantity))
    }

    /// Hands it over, all of it, for the cash that is asked besides. The time at which it lapses decides
    /// nothing here: who comes before the program lets it lapse is served.
    ///
    /// # Errors
    /// `redemption_state` unless it waits, `cash_differs` with what is due.
    pub fn hand_over(&self, cash: Fen) -> Result<Settled, Refusal> {
        self.waits()?;
        if cash != self.top_up {
            return Err(Refusal::CashDiffers { due: self.top_up });
        }
        let moved = self.moves(Move::picked_up);
        let state = RedemptionState::HandedOver;
        Ok(Settled { state, returns_points: false, keeps_late: false, moved })
    }

    /// The household changes its mind.
    ///
    /// # Errors
    /// `redemption_state` unless it waits, `cancel_too_late`.
    pub fn cancel_by_household(&self, now: DateTime<Utc>) -> Result<Settled, Refusal> {
        self.waits()?;
        if now >= self.times.cancel_until {
            return Err(Refusal::CancelTooLate { until: self.times.cancel_until });
        }
        Ok(self.released(RedemptionState::Cancelled, true, false))
    }

    /// The store cannot hand it over.
    ///
    /// # Errors
    /// `redemption_state` unless it waits.
    pub fn cancel_by_store(&self) -> Result<Settled, Refusal> {
        self.waits()?;
        Ok(self.released(RedemptionState::Cancelled, true, true))
    }

    /// Nobody picked it up in time; none if that is not so yet, or it waits no more.
    pub fn lapse(&self, now: DateTime<Utc>) -> Option<Settled> {
        (self.state == RedemptionState::Waiting && now >= self.times.lapses_at)
            .then(|| self.released(RedemptionState::Lapsed, self.lapse_returns, false))
    }

    fn released(&self, state: RedemptionState, returns_points: bool, keeps_late: bool) -> Settled {
        Settled { state, returns_points, keeps_late, moved: self.moves(Move::released) }
    }

    /// What takes points that came back and whose time was over meanwhile; after the last of the years
    /// that they missed, by the book of that year.
    pub fn ran_out(
        &self,
        id: EntryId,
        points: Points,
        (year, book): (i32, Option<RuleBookId>),
    ) -> Posting {
        Posting {
            id,
            account: self.account,
            purse: Purse::Points,
            amount: points.negated().hundredths(),
            counter: Counter::Expiry,
            source: Source::Redemption(self.id),
            source_posting: 1,
            rule_book: book,
            item_code: None,
            happened_on: end_of_year(year),
            effect: None,
            reverses: None,
            shortfall: Shortfall::Refuse,
        }
    }

    /// Takes it back after it was handed over: points, and the cash that was paid. The days are counted
    /// from then on, and for a service from the end of its slot if that is later: before, nothing was done
    /// that could be faulty.
    ///
    /// # Errors
    /// `redemption_state` unless it was handed over, `refund_too_late`.
    pub fn refund(&self, now: DateTime<Utc>) -> Result<Settled, Refusal> {
        self.is(RedemptionState::HandedOver)?;
        let since = day_of(self.handed_over_at.max(self.slot_ends_at).unwrap_or(now));
        if day_of(now).signed_duration_since(since).num_days() > i64::from(self.refund_days) {
            return Err(Refusal::RefundTooLate { days_max: self.refund_days });
        }
        let moved = self.moves(Move::taken_back);
        let state = RedemptionState::Refunded;
        Ok(Settled { state, returns_points: true, keeps_late: true, moved })
    }
}

#[cfg(test)]
mod tests;
