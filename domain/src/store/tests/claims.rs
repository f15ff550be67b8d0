//! Awards and deductions besides what is redeemed, and what of them is taken later.

use super::*;

/// A posted award or deduction, in the ledger and in the one that knows of no redemption.
#[derive(Clone)]
pub(super) struct Posted {
    pub(super) account: AccountId,
    pub(super) amount: i64,
    pub(super) entries: Vec<Entry>,
    pub(super) unspent: Vec<Entry>,
    pub(super) struck: bool,
}

impl Village {
    /// An award, or a deduction, takes effect: on the score and on the redeemable points.
    pub(super) fn claim(&mut self, household: u128, points: i64) {
        let (account, source) = (AccountId(Uuid::from_u128(household)), ClaimId(self.id()));
        let happened_on = day_of(self.now);
        let posting = |id, purse| Posting {
            id,
            account,
            purse,
            amount: points * 100,
            counter: if points < 0 { Counter::Forfeit } else { Counter::Issue },
            source: Source::Claim(source),
            source_posting: 0,
            rule_book: None,
            item_code: None,
            happened_on,
            effect: None,
            reverses: None,
            shortfall: Shortfall::TakeWhatIsThere,
        };
        let ids: [EntryId; 2] = [self.id().into(), self.id().into()];
        let list = vec![posting(ids[0], Purse::Score), posting(ids[1], Purse::Points)];
        let unspent = self.unspent.post(list.clone()).unwrap();
        let entries = self.post(list);
        let amount = points * 100;
        self.claims.push(Posted { account, amount, entries, unspent, struck: false });
    }

    /// An objection overturns a claim: all that stands of it is reversed, what was taken later included.
    pub(super) fn strike(&mut self, which: usize) {
        let Some(claim) = self.claims.get_mut(which).filter(|claim| !claim.struck) else { return };
        claim.struck = true;
        let Posted { entries, unspent, .. } = claim.clone();
        let most = entries.len().max(unspent.len());
        let ids: Vec<EntryId> = (0..most).map(|_| self.id().into()).collect();
        let back = |(entry, id): (&Entry, EntryId)| Posting::reversing(entry, id);
        self.post(entries.iter().zip(ids.iter().copied()).map(back).collect());
        self.unspent.post(unspent.iter().zip(ids).map(back).collect()).unwrap();
    }

    /// What was missed meanwhile is taken of points that return; of a claim it stands with its entries.
    pub(super) fn take_later(&mut self, account: AccountId, returning: i64, version: i64) {
        let mut ids = self.ids;
        let mut theirs: Vec<Arrears> = self.arrears.clone();
        theirs.retain(|one| one.missing.posting.account == account);
        let list = take_later(&mut theirs, (returning, version), || {
            ids += 1;
            EntryId(Uuid::from_u128(ids))
        });
        self.ids = ids;
        for one in &mut self.arrears {
            if let Some(now) = theirs.iter().find(|now| now.id == one.id) {
                one.clone_from(now);
            }
        }
        let postings = list.into_iter().map(|(_, posting)| posting).collect();
        let done = self.sheet.post(postings).unwrap();
        for entry in &done {
            self.entries.push((entry.clone(), self.now));
            let of = |claim: &&mut Posted| {
                let first = claim.unspent.first();
                first.is_some_and(|first| first.posting.source == entry.posting.source)
            };
            // The rest of a reversal is reversed by nothing.
            if let Some(claim) = self.claims.iter_mut().find(of).filter(|c| c.amount < 0) {
                claim.entries.push(entry.clone());
            }
        }
    }
}
