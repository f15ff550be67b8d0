use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn account(n: u8) -> AccountId {
    AccountId(Uuid::from_u128(u128::from(n)))
}

fn posting(n: u8, purse: Purse, amount: i64, shortfall: Shortfall, id: u128) -> Posting {
    Posting {
        id: EntryId(Uuid::from_u128(id)),
        account: account(n),
        purse,
        amount,
        counter: if amount < 0 { Counter::Forfeit } else { Counter::Issue },
        source: Source::Claim(ClaimId(Uuid::from_u128(id))),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: NaiveDate::default(),
        effect: None,
        reverses: None,
        shortfall,
    }
}

fn sheet() -> Sheet {
    Sheet((0..4).map(|n| (account(n), Balances::default())).collect())
}

fn postings() -> impl Strategy<Value = Vec<Posting>> {
    let one = (0_u8..4, 0_usize..3, -500_i64..500, any::<bool>());
    proptest::collection::vec(one, 0..40).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(i, (n, purse, amount, refuse))| {
                let shortfall = if refuse { Shortfall::Refuse } else { Shortfall::TakeWhatIsThere };
                posting(n, Purse::ALL[purse], amount, shortfall, i as u128)
            })
            .collect()
    })
}

/// Posts one by one, leaving out what is refused, as a village would over a year.
fn history(sheet: &mut Sheet, list: Vec<Posting>) -> Vec<Entry> {
    list.into_iter().flat_map(|p| sheet.post(vec![p]).unwrap_or_default()).collect()
}

proptest! {
    #[test]
    fn what_accounts_hold_is_what_the_entries_add_up_to(list in postings()) {
        let mut sheet = sheet();
        let entries = history(&mut sheet, list);
        for purse in Purse::ALL {
            let mut totals = PurseTotals {
                purse: *purse,
                balances: sheet.0.values().map(|b| i128::from(b.of(*purse))).sum(),
                by_counter: BTreeMap::new(),
            };
            for entry in entries.iter().filter(|e| e.posting.purse == *purse) {
                *totals.by_counter.entry(entry.posting.counter).or_default() +=
                    i128::from(entry.posting.amount);
            }
            prop_assert_eq!(totals.difference(), 0);
        }
    }

    #[test]
    fn points_and_credit_never_fall_below_zero(list in postings()) {
        let mut sheet = sheet();
        for entry in history(&mut sheet, list) {
            prop_assert!(entry.balance_after >= 0 || entry.posting.purse == Purse::Score);
            prop_assert!(entry.posting.amount != 0);
        }
    }

    #[test]
    fn versions_count_the_entries_of_an_account_without_a_gap(list in postings()) {
        let mut sheet = sheet();
        let entries = history(&mut sheet, list);
        for (id, balances) in &sheet.0 {
            let versions: Vec<_> = entries
                .iter()
                .filter(|e| e.posting.account == *id)
                .map(|e| e.account_version)
                .collect();
            prop_assert_eq!(&versions, &(1..=balances.version).collect::<Vec<_>>());
        }
    }

    #[test]
    fn reversing_everything_backwards_restores_the_balances(list in postings()) {
        let mut sheet = sheet();
        let entries = history(&mut sheet, list);
        for (i, entry) in entries.iter().rev().enumerate() {
            let id = EntryId(Uuid::from_u128(10_000 + i as u128));
            let back = sheet.post(vec![Posting::reversing(entry, id)]).unwrap();
            prop_assert_eq!(back[0].posting.amount, -entry.posting.amount);
        }
        for balances in sheet.0.values() {
            prop_assert_eq!((balances.score, balances.points, balances.star_credit), (0, 0, 0));
        }
    }

    #[test]
    fn a_refused_set_changes_nothing(list in postings()) {
        let mut sheet = sheet();
        let before = sheet.clone();
        if sheet.post(list).is_err() {
            prop_assert_eq!(sheet, before);
        }
    }
}

#[test]
fn a_deduction_takes_points_down_to_zero_and_the_score_below() {
    let mut sheet = sheet();
    sheet.post(vec![posting(0, Purse::Points, 300, Shortfall::Refuse, 1)]).unwrap();
    let entries = sheet
        .post(vec![
            posting(0, Purse::Score, -500, Shortfall::TakeWhatIsThere, 2),
            posting(0, Purse::Points, -500, Shortfall::TakeWhatIsThere, 3),
        ])
        .unwrap();
    assert_eq!(entries[0].balance_after, -500);
    assert_eq!((entries[1].posting.amount, entries[1].balance_after), (-300, 0));
}

#[test]
fn a_sum_out_of_range_is_refused() {
    let mut sheet = sheet();
    sheet.post(vec![posting(0, Purse::Score, i64::MAX, Shortfall::Refuse, 1)]).unwrap();
    let refused = sheet.post(vec![posting(0, Purse::Score, 1, Shortfall::Refuse, 2)]);
    assert_eq!(refused, Err(Refusal::AmountOutOfRange));
}
