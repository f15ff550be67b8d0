//! Redeeming: two round trips. One query reads all that the decision needs, one call writes all that came
//! of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::dsl::case_when;
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::claim::{Mark, MarkKind, suspended_until};
use domain::id::{
    AccountId, CardId, GoodsId, HouseholdId, RuleBookId, StoreId, UserId, VillageId, VillagerId,
};
use domain::ledger::{Balances, Sheet};
use domain::person::{ACCOUNT_AGE_MIN, Residence};
use domain::points::{Fen, Points};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Subject;
use domain::store::{
    Asked, LimitPeriod, Offer, Redeemer, Redemption, fits_card_ceiling, redeem as decide,
};
use uuid::Uuid;

use super::append::{Append, Appended, append};
use super::receipt::RedemptionRow;
use super::{Order, Receipt, SlotTimes, home};
use crate::accounts::{BalanceRow, holders};
use crate::db::{Db, Turn};
use crate::error::Error;
use crate::goods::{GoodsRow, SlotRow};
use crate::idempotency::Once;
use crate::merchants::{STANDING, StandingRow, standing_of};
use crate::schema::{
    accounts, goods, goods_counts, goods_slots, marks, merchants, rule_books, stores, villagers,
};
use crate::secrets::random_digits;
use crate::stores::StoreRow;
use crate::{cards, id, ledger};

/// How many digits a pickup code has.
const CODE_DIGITS: usize = 8;

/// Whose points are taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    /// Those of a member: of the household or their own, as the book in force says.
    Member(HouseholdId, VillagerId),
    /// Those of the card that was shown, and the most that it may take in a day.
    Card(CardId, AccountId, Fen),
}

impl Whose {
    /// The accounts that it may be.
    fn accounts(self) -> BTreeSet<AccountId> {
        match self {
            Self::Member(household, villager) => [household.into(), villager.into()].into(),
            Self::Card(_, account, _) => [account].into(),
        }
    }
}

/// Who writes it down, in which role and operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct By {
    pub(super) user: UserId,
    pub(super) role: Role,
    pub(super) action: &'static str,
    /// At the counter of this store only.
    pub(super) store: Option<StoreId>,
}

/// Redeems for the actor's household, once for each key.
///
/// # Errors
/// Those of [`domain::store::redeem`]; `no_rule_book`, `not_bound`, `idempotency_in_flight`,
/// `idempotency_mismatch`, `forbidden`, `not_found`.
pub fn redeem(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    order: Order,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let member = actor.membership.ok_or(Refusal::NotBound)?;
    let target = Target::household(db.place(village)?, member.household);
    let permit = allows(actor, Action::RedemptionCreate, &target)?;
    let whose = Whose::Member(member.household, member.villager);
    let by = By { user: actor.user, role: permit.role, action: "redemption_create", store: None };
    db.write_statement(|c, turn| {
        if turn == Turn::Again {
            ledger::lock_in_tx(c, village, &whose.accounts())?;
        }
        let done = redeem_in(db, c, (village, order, whose), by, once, now);
        // A repeat may find what it took itself missing. That is no refusal if it is the same request.
        let error = match done {
            Ok(Some(receipt)) => return Ok(receipt),
            Ok(None) => Error::LostRace,
            Err(Error::Refused(refusal)) => Error::Refused(refusal),
            Err(other) => return Err(other),
        };
        home::told_before(db, c, (village, member.household), once)?.ok_or(error)
    })
}

/// Decides and writes; answers none if the key was used before.
pub(super) fn redeem_in(
    db: &Db,
    c: &mut PgConnection,
    (village, order, whose): (VillageId, Order, Whose),
    by: By,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Option<Receipt>, Error> {
    let found = load(db, c, village, order, whose, day_of(now))?;
    if by.store.is_some_and(|store| store.0 != found.store.id) {
        return Err(Refusal::NotFound.into());
    }
    let at_once = matches!(whose, Whose::Card(..));
    let asked = Asked {
        id: id::new(),
        quantity: order.quantity,
        names_slot: order.slot.is_some(),
        at_once,
    };
    let redemption = decide(asked, &found.offer, &found.redeemer, now)?;
    let mut card = None;
    if let Whose::Card(id, _, ceiling) = whose {
        let worth = found.offer.weighs(order.quantity)?;
        fits_card_ceiling(ceiling, cards::taken_today(c, village, id, now)?, worth)?;
        card = Some((id, worth));
    }
    let account = &found.account;
    let balances = Balances {
        score: account.score,
        points: account.points,
        star_credit: account.star_credit,
        version: account.version,
    };
    let mut sheet = Sheet([(redemption.account, balances)].into());
    let entries = sheet.post(vec![redemption.posting(id::new(), now)])?;
    let entry = entries.first().ok_or_else(|| Error::Bug("a redemption took nothing".into()))?;
    let code = if at_once { None } else { Some(random_digits(CODE_DIGITS)?) };
    let row = row(village, &found, &redemption, (by.user, card), code, now);
    let slot = found.offer.slot.clone().map(SlotTimes::from);
    let mut receipt = row.receipt(&found.store.name, slot)?;
    if at_once {
        receipt.household_id = None;
    }
    let done = Append {
        once,
        role: by.role,
        action: by.action,
        row: &row,
        receipt: &receipt,
        goods_version: found.goods.version,
        limit: found.offer.terms.limit.map(|limit| limit.count),
        account_version: account.version,
        entry,
        now,
    };
    match append(c, &done)? {
        Appended::Done => Ok(Some(row.with_code(db.secrets(), receipt))),
        Appended::Replay => Ok(None),
        Appended::InFlight => Err(Refusal::IdempotencyInFlight.into()),
    }
}

fn row(
    village: VillageId,
    found: &Found,
    redemption: &Redemption,
    (user, card): (UserId, Option<(CardId, Fen)>),
    code: Option<String>,
    now: DateTime<Utc>,
) -> RedemptionRow {
    let times = redemption.times;
    let over = redemption.handed_over_at;
    RedemptionRow {
        village_id: village.0,
        id: redemption.id.0,
        store_id: found.store.id,
        goods_id: redemption.goods.0,
        slot_id: found.offer.slot.as_ref().map(|slot| slot.id.0),
        account_id: redemption.account.0,
        household_id: redemption.household.0,
        goods_name: found.goods.name.clone(),
        unit: found.goods.unit.clone(),
        quantity: i32::try_from(redemption.quantity).unwrap_or(i32::MAX),
        points: redemption.points.hundredths(),
        top_up: redemption.top_up.get(),
        worth: redemption.worth.get(),
        state: redemption.state.as_str().to_owned(),
        code,
        counted_in: redemption.counted_in.clone(),
        card_id: card.map(|(card, _)| card.0),
        card_worth: card.map(|(_, worth)| worth.get()),
        lapse_returns: redemption.lapse_returns,
        refund_days: i16::try_from(redemption.refund_days).unwrap_or(i16::MAX),
        lapses_at: times.lapses_at,
        tell_at: times.tell_at,
        cancel_until: times.cancel_until,
        redeemed_by: user.0,
        redeemed_at: now,
        handed_over_by: over.map(|_| user.0),
        handed_over_at: over,
        cash_taken: over.map(|_| redemption.top_up.get()),
        ended_at: None,
        end_reason: None,
    }
}

/// All that a redemption is decided on.
struct Found {
    goods: GoodsRow,
    store: StoreRow,
    account: BalanceRow,
    offer: Offer,
    redeemer: Redeemer,
}

type Row = (
    GoodsRow,
    StoreRow,
    BalanceRow,
    Option<SlotRow>,
    Option<i32>,
    Option<(NaiveDate, NaiveDate)>,
    Option<Uuid>,
    // Whether anybody of the account lives, and is old enough; and the merchant that runs the store.
    (bool, bool),
    Option<StandingRow>,
);

/// One row for each account that it may be, times the vetoes that stand against it: hardly ever more than
/// one or two.
fn load(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    order: Order,
    whose: Whose,
    today: NaiveDate,
) -> Result<Found, Error> {
    let born_by = today.checked_sub_months(Months::new(ACCOUNT_AGE_MIN * 12)).unwrap_or(today);
    let key = |period: LimitPeriod| period.holding(today);
    let deceased = Residence::Deceased.as_str();
    let alive = || holders(village).filter(villagers::residence.ne(deceased));
    let rows: Vec<Row> = goods::table
        .inner_join(
            stores::table
                .on(stores::village_id.eq(goods::village_id).and(stores::id.eq(goods::store_id))),
        )
        .left_join(merchants::table.on(stores::merchant_id.eq(merchants::id.nullable())))
        .inner_join(accounts::table.on(accounts::village_id.eq(goods::village_id)))
        .left_join(
            goods_slots::table.on(goods_slots::village_id
                .eq(goods::village_id)
                .and(goods_slots::goods_id.eq(goods::id))
                .and(goods_slots::id.nullable().eq(order.slot.map(|slot| slot.0)))),
        )
        .left_join(
            goods_counts::table.on(goods_counts::village_id
                .eq(goods::village_id)
                .and(goods_counts::goods_id.eq(goods::id))
                .and(goods_counts::household_id.eq(accounts::household_id))
                .and(
                    goods_counts::period.nullable().eq(case_when(
                        goods::limit_period.eq(LimitPeriod::Month.as_str()),
                        key(LimitPeriod::Month).into_sql::<diesel::sql_types::Text>(),
                    )
                    .when(
                        goods::limit_period.eq(LimitPeriod::Quarter.as_str()),
                        key(LimitPeriod::Quarter).into_sql::<diesel::sql_types::Text>(),
                    )
                    .when(
                        goods::limit_period.eq(LimitPeriod::Year.as_str()),
                        key(LimitPeriod::Year).into_sql::<diesel::sql_types::Text>(),
                    )
                    .when(
                        goods::limit_period.eq(LimitPeriod::Always.as_str()),
                        key(LimitPeriod::Always).into_sql::<diesel::sql_types::Text>(),
                    )),
                )),
        )
        .left_join(
            marks::table.on(marks::village_id
                .eq(goods::village_id)
                .and(marks::account_id.eq(accounts::id))
                .and(marks::stars.is_null())
                .and(marks::struck_at.is_null())),
        )
        .filter(goods::village_id.eq(village.0))
        .filter(goods::id.eq(order.goods.0))
        .filter(accounts::id.eq_any(whose.accounts().into_iter().map(|id| id.0)))
        .select((
            GoodsRow::as_select(),
            StoreRow::as_select(),
            BalanceRow::as_select(),
            Option::<SlotRow>::as_select(),
            goods_counts::count.nullable(),
            (marks::from_day, marks::until_day).nullable(),
            rule_books::table
                .filter(rule_books::village_id.eq(village.0))
                .filter(rule_books::state.eq("adopted"))
                .filter(rule_books::in_force_from.le(today))
                .order((rule_books::in_force_from.desc(), rule_books::number.desc()))
                .select(rule_books::id)
                .limit(1)
                .single_value(),
            (
                diesel::dsl::exists(alive()),
                diesel::dsl::exists(
                    alive().filter(villagers::born_on.is_null().or(villagers::born_on.le(born_by))),
                ),
            ),
            STANDING.nullable(),
        ))
        .load(c)?;
    if rows.is_empty() {
        crate::goods::find(c, village, order.goods)?;
        return Err(Refusal::AccountMissing { age_min: ACCOUNT_AGE_MIN }.into());
    }
    of_rows(db, c, village, whose, rows, today)
}

fn of_rows(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    whose: Whose,
    mut rows: Vec<Row>,
    today: NaiveDate,
) -> Result<Found, Error> {
    let Some((.., book, _, _)) = rows.first() else { return Err(Refusal::NotFound.into()) };
    let book = RuleBookId(book.ok_or(Refusal::NoRuleBook { day: today })?);
    // Adopted books are remembered, so this is no query.
    let book = db.book(c, village, book)?;
    let account: AccountId = match (whose, book.subject) {
        (Whose::Card(_, account, _), _) => account,
        (Whose::Member(household, _), Subject::Household) => household.into(),
        (Whose::Member(_, villager), Subject::Person) => villager.into(),
    };
    rows.retain(|(_, _, row, ..)| row.id == account.0);
    let vetoes: Vec<Mark> = rows
        .iter()
        .filter_map(|(.., mark, _, _, _)| *mark)
        .map(|(from, until)| Mark { kind: MarkKind::Veto, from, until })
        .collect();
    let Some((goods, store, account, slot, counted, _, _, (alive, of_age), merchant)) =
        rows.into_iter().next()
    else {
        return Err(Refusal::AccountMissing { age_min: ACCOUNT_AGE_MIN }.into());
    };
    let terms = goods.terms()?;
    let offer = Offer {
        goods: GoodsId(goods.id),
        kind: goods.kind()?,
        worth: book.worth_of(terms.price)?,
        terms,
        withdrawn: goods.withdrawn_at.is_some(),
        store_closed: store.closed_at.is_some(),
        merchant_run: store.merchant_id.is_some(),
        merchant: merchant.as_ref().map(standing_of).transpose()?.unwrap_or_default(),
        stock: goods.stock()?,
        slot: slot.map(SlotRow::slot).transpose()?,
        policy: store.policy(),
    };
    let redeemer = Redeemer {
        account: AccountId(account.id),
        household: HouseholdId(account.household_id),
        points: Points::from_hundredths(account.points),
        counted: counted.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
        suspended_until: suspended_until(&vetoes, today),
        alive,
        of_age,
    };
    Ok(Found { goods, store, account, offer, redeemer })
}
