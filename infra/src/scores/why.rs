//! Why a score is what it is: every entry of an account with its claim, for the domain to explain.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, day_of};
use domain::claim::{Claim, Mark, State};
use domain::id::{AccountId, ClaimId, HouseholdId, VillageId};
use domain::ledger::{Purse, Source};
use domain::policy::{Action, Target};
use domain::rating::{ClaimFacts, Explanation, ScoreEntry, explain};
use domain::rule_book::ScorePart;
use uuid::Uuid;

use super::{OfCycle, of_cycle};
use crate::claims::posted_of;
use crate::db::Db;
use crate::duties::{Named, of_claims};
use crate::error::Error;
use crate::ledger::EntryRow;
use crate::posting::vetoes;
use crate::reading::Why;
use crate::schema::{entries, repairs};

/// The most entries that one explanation goes through; who has more asks for statements.
const ENTRIES_MAX: i64 = 5_000;

/// An explanation with the names of the items that it speaks of.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The cycle.
    pub cycle: Cycle,
    /// What the domain says.
    pub explanation: Explanation,
    /// Vetoes that stand against the account: they suspend redemption and leave the star alone.
    pub vetoes: Vec<(ClaimId, Mark)>,
    /// Names of items, by rule book and code.
    pub names: HashMap<(Uuid, String), String>,
    /// The duties under which claims were made.
    pub duties: HashMap<ClaimId, Named>,
}

/// Explains the score of a household's account in a cycle, by the book of the cycle, entry by entry.
/// Without an account it is the household's own, or the first of its persons'; without a cycle the
/// present one.
///
/// # Errors
/// `no_rule_book`, `cycle_wrong_kind`, `forbidden`, `not_found`, `reason_required`.
pub fn explained(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, account): (HouseholdId, Option<AccountId>),
    cycle: Option<Cycle>,
    why: &Why,
) -> Result<Explained, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::StatementShow, &target, why)?;
    let today = day_of(why.at);
    db.read(|c| {
        let found = of_cycle(db, c, village, (household, account), cycle, today)?;
        let OfCycle { account, cycle, book, standing } = found;
        let claims = posted_of(c, village, account)?;
        let mut names = HashMap::new();
        for claim in &claims {
            let key = (claim.rule_book.0, claim.item_code.clone());
            if let Entry::Vacant(place) = names.entry(key) {
                let judged = db.book(c, village, claim.rule_book)?;
                let name = judged.item(&claim.item_code).map(|item| item.name.clone());
                place.insert(name.unwrap_or_else(|| claim.item_code.clone()));
            }
        }
        let ids: Vec<_> = claims.iter().map(|claim| claim.id).collect();
        let duties = of_claims(c, village, &ids)?;
        let list = score_entries(c, village, account, &claims)?;
        let explanation = explain(&book, cycle, standing, list)?;
        // What has run out before the cycle is archived.
        let mut vetoes = vetoes(c, village, account)?;
        vetoes.retain(|(_, mark)| mark.until >= cycle.first_day() && mark.from <= cycle.last_day());
        Ok(Explained { cycle, explanation, vetoes, names, duties })
    })
}

/// The entries of the score purse in the order in which they were written, and the posted claims that
/// came to nothing.
fn score_entries(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    claims: &[Claim],
) -> Result<Vec<ScoreEntry>, Error> {
    let facts: HashMap<Uuid, &Claim> = claims.iter().map(|claim| (claim.id.0, claim)).collect();
    let rows: Vec<(EntryRow, Option<NaiveDate>)> = entries::table
        .left_join(
            repairs::table.on(repairs::village_id
                .eq(entries::village_id)
                .and(repairs::claim_id.eq(entries::source_id))),
        )
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq(account.0))
        .filter(entries::purse.eq(Purse::Score.code()))
        .order(entries::account_version)
        .limit(ENTRIES_MAX)
        .select((EntryRow::as_select(), repairs::counts_until.nullable()))
        .load(c)?;
    let mut list = Vec::with_capacity(rows.len());
    for (row, repaired) in rows {
        let posting = row.entry()?.posting;
        let Some(effect) = posting.effect else { continue };
        let claim = match posting.source {
            Source::Claim(id) => facts.get(&id.0).copied(),
            _ => None,
        };
        list.push(ScoreEntry {
            entry: Some(posting.id),
            amount: domain::points::Points::from_hundredths(posting.amount),
            happened_on: posting.happened_on,
            counts_until: repaired.map_or(effect.counts_until, |day| day.min(effect.counts_until)),
            part: effect.part,
            member: Some(effect.member),
            reverses: posting.reverses,
            claim: claim.map(ClaimFacts::from),
        });
    }
    let nothing = claims.iter().filter(|claim| {
        claim.state == State::Posted && claim.granted.is_some_and(|points| !points.is_positive())
    });
    list.extend(nothing.map(|claim| ScoreEntry {
        entry: None,
        amount: domain::points::Points::ZERO,
        happened_on: claim.happened_on,
        counts_until: claim.counts_until.unwrap_or(claim.happened_on),
        part: ScorePart::PersonalCredit,
        member: Some(claim.person),
        reverses: None,
        claim: Some(ClaimFacts::from(claim)),
    }));
    Ok(list)
}
