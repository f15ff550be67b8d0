use chrono::{DateTime, Utc};
use domain::claim::Adjustment;
use domain::id::{AccountId, ClaimId, EntryId, PurchaseId, RatingId};
use domain::ledger::{Entry, Posting, Shortfall, Source};
use domain::rule_book::{Cap, CapLimit, CapPeriod, CapScope, Cut, ItemKind};
use infra::statements::ClaimFacts;
use uuid::Uuid;

use super::*;

fn entry(purse: Purse, amount: i64, balance_after: i64, source: Source) -> Explained {
    let posting = Posting {
        id: EntryId(Uuid::nil()),
        account: AccountId(Uuid::nil()),
        purse,
        amount,
        counter: Counter::Issue,
        source,
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: "2026-10-10".parse().unwrap(),
        effect: None,
        reverses: None,
        shortfall: Shortfall::Refuse,
    };
    Explained {
        entry: Entry { posting, balance_after, account_version: 1 },
        recorded_at: "2026-10-15T16:00:05Z".parse().unwrap(),
        item: None,
        book_number: None,
        notice_number: None,
        claim: None,
        rating: None,
        purchase: None,
        redemption: None,
        expiry: None,
        braked: None,
        forfeited: None,
        reverses: None,
    }
}

fn from_claim(purse: Purse, amount: i64, balance_after: i64, kind: ItemKind) -> Explained {
    Explained {
        item: Some("参加村组公共区域清扫".into()),
        book_number: Some(1),
        notice_number: Some(12),
        claim: Some(ClaimFacts {
            kind,
            asked: Points::whole(4),
            granted: Points::whole(2),
            adjustments: Vec::new(),
            postings: 1,
            happened_on: "2026-10-10".parse().unwrap(),
        }),
        forfeited: (kind.is_adverse() && purse == Purse::Points).then(|| Points::whole(-2)),
        ..entry(purse, amount, balance_after, Source::Claim(ClaimId(Uuid::nil())))
    }
}

#[test]
fn an_award_says_what_for_how_much_and_why() {
    let told = told(&from_claim(Purse::Points, 200, 1_250, ItemKind::Award));
    assert_eq!(
        told.sentence(),
        "参加村组公共区域清扫:可用积分+2分,余12.5分。2026-10-10的事项;按积分细则第1版;经第12号公示。"
    );
}

#[test]
fn what_a_cap_cut_is_said() {
    let mut award = from_claim(Purse::Score, 200, 200, ItemKind::Award);
    let cap = Cap {
        per: CapScope::Account,
        period: CapPeriod::Month,
        limit: CapLimit::Points(Points::whole(12)),
    };
    let claim = award.claim.as_mut().unwrap();
    claim.adjustments = vec![Adjustment::Cut(Cut { cap, points: Points::whole(2) })];
    let reasons = told(&award).reasons;
    assert_eq!(reasons[3..], ["应计4分", "每个账户每月最多计12分,超出的2分不计"]);
}

#[test]
fn a_deduction_from_too_little_says_that_it_stopped_at_zero() {
    let deduction = from_claim(Purse::Points, -50, 0, ItemKind::Deduction);
    let reasons = told(&deduction).reasons;
    assert_eq!(reasons.last().unwrap(), "应扣2分,可用积分不够,只扣到0分");
}

#[test]
fn what_a_brake_held_back_and_what_the_book_spared_is_said() {
    let mut award = from_claim(Purse::Points, 80, 80, ItemKind::Award);
    award.braked = domain::points::BasisPoints::new(4_000);
    assert!(told(&award).reasons.contains(&"因基金不足,按40%发放".to_owned()));
    let mut deduction = from_claim(Purse::Points, -100, 300, ItemKind::Deduction);
    deduction.forfeited = Some(Points::whole(-1));
    let reasons = told(&deduction).reasons;
    assert_eq!(reasons.last().unwrap(), "扣分2分中随扣可用积分1分");
}

#[test]
fn a_reversal_names_what_it_takes_back_and_a_correction_is_called_one() {
    let mut reversal = from_claim(Purse::Points, -200, 0, ItemKind::Award);
    reversal.entry.posting.counter = Counter::Reversal;
    reversal.entry.posting.reverses = Some(EntryId(Uuid::nil()));
    let at: DateTime<Utc> = "2026-10-15T16:00:05Z".parse().unwrap();
    reversal.reverses = Some((at, 200));
    let said = told(&reversal);
    assert_eq!(said.title, "冲销:参加村组公共区域清扫");
    assert_eq!(said.reasons[0], "冲销2026-10-16入账的+2分");
    let mut correction = from_claim(Purse::Points, 100, 100, ItemKind::Award);
    correction.entry.posting.source_posting = 1;
    assert_eq!(told(&correction).title, "更正:参加村组公共区域清扫");
}

#[test]
fn star_credit_is_told_in_yuan() {
    let mut grant =
        entry(Purse::StarCredit, 160_000, 160_000, Source::Rating(RatingId(Uuid::nil())));
    grant.rating = Some(("2026-Q3".parse().unwrap(), 4));
    assert_eq!(
        told(&grant).sentence(),
        "2026年第3季度评为4星,发放诚信金:诚信金+1600.00元,余1600.00元。"
    );
    let mut sale =
        entry(Purse::StarCredit, -1_028, 158_972, Source::Purchase(PurchaseId(Uuid::nil())));
    sale.entry.posting.counter = Counter::Merchant;
    sale.purchase = Some(("亿家人诚信超市".into(), Fen::new(12_850)));
    assert_eq!(
        told(&sale).sentence(),
        "在亿家人诚信超市消费128.50元,诚信金抵扣:诚信金-10.28元,余1589.72元。"
    );
}

#[test]
fn a_redemption_names_the_goods_and_how_they_came_back() {
    let source = Source::Redemption(domain::id::RedemptionId(Uuid::nil()));
    let mut oil = entry(Purse::Points, -12_000, 8_000, source);
    oil.entry.posting.counter = Counter::Redemption;
    let mut redemption = RedemptionFacts {
        goods: "菜籽油".into(),
        quantity: 2,
        unit: "瓶".into(),
        state: RedemptionState::Waiting,
        store: "龙窝村积分超市".into(),
    };
    oil.redemption = Some(redemption.clone());
    assert_eq!(told(&oil).sentence(), "在龙窝村积分超市兑换菜籽油2瓶:可用积分-120分,余80分。");
    let mut back = entry(Purse::Points, 12_000, 20_000, source);
    back.entry.posting.counter = Counter::Reversal;
    redemption.state = RedemptionState::Lapsed;
    back.redemption = Some(redemption);
    assert_eq!(told(&back).title, "在龙窝村积分超市兑换菜籽油2瓶逾期未领取,退回积分");
}

#[test]
fn points_that_ran_out_say_of_which_year_and_by_what_rule() {
    use domain::id::PointsExpiryId;
    use domain::points::BasisPoints;
    let source = Source::Expiry(PointsExpiryId(Uuid::nil()));
    let told_of = |policy| {
        let mut ran_out = entry(Purse::Points, -550, 300, source);
        ran_out.entry.posting.counter = Counter::Expiry;
        ran_out.book_number = Some(2);
        ran_out.expiry = Some((2026, policy));
        told(&ran_out).sentence()
    };
    assert_eq!(
        told_of(PointsPolicy::YearEndReset { grace_days: 31 }),
        "2026年及以前的可用积分到期:可用积分-5.5分,余3分。按积分细则第2版;最后兑换日2027-01-31,未兑换的清零。"
    );
    let said =
        |share| told_of(PointsPolicy::CarryOver { share_bp: BasisPoints::new(share).unwrap() });
    for (share, percent) in [(5_000, "50%"), (3_333, "33.33%"), (10_000, "100%"), (0, "0%")] {
        let end = format!("按积分细则第2版;2026-12-31余下的按{percent}结转,其余清零。");
        assert!(said(share).ends_with(&end), "{}", said(share));
    }
}

#[test]
fn what_is_taken_later_says_that_it_was_held_in_a_redemption() {
    let mut later = from_claim(Purse::Points, -200, 0, ItemKind::Deduction);
    later.entry.posting.counter = Counter::Forfeit;
    later.entry.posting.source_posting = -1;
    let told = told(&later);
    assert_eq!(told.title, "补扣:参加村组公共区域清扫");
    assert_eq!(told.reasons[0], "当时积分已用于兑换,不够扣;兑换退回后从退回的积分中补扣");
    assert!(!told.reasons.iter().any(|reason| reason.contains("只扣到0分")), "{:?}", told.reasons);
}
