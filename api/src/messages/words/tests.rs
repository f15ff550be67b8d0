use super::*;
use serde_json::json;

#[test]
fn a_deduction_says_what_for_how_to_cure_it_and_until_when() {
    let data = json!({
        "item_name": "乱倒垃圾", "kind": "deduction", "points": "2", "text": "门前有垃圾",
        "cure": "清理干净。", "cure_until": "2026-10-20", "happened_on": "2026-10-12"
    });
    let (title, text) = of("deduction_recorded", &data);
    assert_eq!(title, "扣分登记");
    assert_eq!(
        text,
        "“乱倒垃圾”(2026-10-12)登记扣分,扣2分;情况:门前有垃圾;整改办法:清理干净;\
         整改期限:2026-10-20;按期整改并经核实的,不扣分;如有不同意见,可以在公示期间申诉。"
    );
}

#[test]
fn what_cannot_be_cured_says_nothing_of_curing() {
    let data = json!({"item_name": "打架", "kind": "deduction", "points": "5", "cure": null});
    let (_, text) = of("deduction_recorded", &data);
    assert!(!text.contains("整改"), "{text}");
}

#[test]
fn a_deduction_is_never_told_as_a_gain() {
    for kind in ["claim_certified", "claim_on_notice", "claim_posted", "claim_disputed"] {
        for points in ["2", "-2"] {
            let (_, text) = of(kind, &json!({"kind": "deduction", "points": points}));
            assert!(text.contains("扣2分") && !text.contains("计2分"), "{kind}: {text}");
        }
        let (_, text) = of(kind, &json!({"kind": "award", "points": "2"}));
        assert!(text.contains("计2分"), "{kind}: {text}");
    }
}

#[test]
fn an_answer_says_what_counts_now() {
    let claim = json!({
        "item_name": "义务清扫", "kind": "award", "points": "1", "outcome": "corrected",
        "corrected": "1", "answer": "按次计分。"
    });
    let (_, text) = of("objection_answered", &claim);
    assert_eq!(text, "“义务清扫”的异议已答复,结果:更正;现计1分;答复:按次计分。");
    let line = json!({
        "rating_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "cycle": "2026-Q3", "score": "61",
        "stars": 4, "outcome": "corrected", "corrected": null, "answer": "漏算一笔"
    });
    let (_, text) = of("objection_answered", &line);
    assert_eq!(text, "您家2026-Q3星级评定的异议已答复,结果:更正;现得61分,4星;答复:漏算一笔。");
}

#[test]
fn money_is_told_in_yuan_and_a_role_by_its_name() {
    let data = json!({"merchant_name": "亿家人", "price_fen": 12850, "discount_fen": 1028});
    let (_, text) = of("purchase_made", &data);
    assert!(text.contains("金额128.50元") && text.contains("优惠10.28元"), "{text}");
    let (_, text) = of("role_granted", &json!({"role": "panel_member", "scope_name": "云岭村"}));
    assert_eq!(text, "任命您为云岭村评议小组成员,感谢您为大家服务。");
}

#[test]
fn a_rating_without_a_star_promises_no_star_credit() {
    let of_stars = |stars: u8, fen: i64| {
        let data =
            json!({"cycle": "2026-Q3", "score": "55", "stars": stars, "star_credit_fen": fen});
        of("rating_published", &data).1
    };
    assert_eq!(
        of_stars(0, 0),
        "您家2026-Q3星级评定结果已生效,得分:55;您家评为0星;可以在小程序查看明细。"
    );
    assert!(of_stars(4, 160_000).contains("您家评为4星;发放诚信金1600.00元"));
}

#[test]
fn points_that_run_out_are_told_before_and_after() {
    let data = json!({"year": 2026, "points": "5.5", "left": "3", "last_day": "2027-01-31"});
    assert_eq!(
        of("points_expiring", &data).1,
        "2026年及以前的可用积分将到期,到期5.5分;最后兑换日:2027-01-31;请在此前兑换,逾期清零。"
    );
    assert_eq!(
        of("points_expired", &data).1,
        "2026年及以前的可用积分已到期,到期5.5分;余3分;最后兑换日:2027-01-31;\
         评星积分不受影响,如有疑问请向村委会询问。"
    );
}

#[test]
fn every_kind_is_readable_with_nothing_and_with_nonsense_in_its_data() {
    for kind in Kind::ALL {
        let kind = kind.as_str();
        for data in [json!({}), json!(null), json!({"points": [], "cure_until": {}, "role": 7})] {
            let (title, text) = of(kind, &data);
            assert_ne!(title, "通知", "{kind}");
            assert!(text.ends_with('。') && text.chars().count() > 5, "{kind}: {text}");
            assert!(!text.contains("null") && !text.contains("[]"), "{kind}: {text}");
        }
    }
}

#[test]
fn a_kind_that_is_unknown_shows_its_text() {
    assert_eq!(of("news", &json!({"text": "明天停水"})), ("通知", "明天停水".to_owned()));
}

#[test]
fn a_duty_is_told_by_the_name_of_its_post_or_the_colour_of_its_contract() {
    let (_, text) = of("duty_assigned", &json!({"post_name": "环境卫生岗", "from": "2026-10-12"}));
    assert_eq!(text, "您已认领“环境卫生岗”,自:2026-10-12;如非您本人同意,请告诉村委会。");
    let pledge =
        json!({"colour": "silver", "period": "2026", "outcome": "not_kept", "reason": "全年在外"});
    let (_, text) = of("pledge_confirmed", &pledge);
    assert_eq!(
        text,
        "已确认银色调解契约(2026),结果:未兑现;说明:全年在外;确认结果本身不加分也不扣分。"
    );
    let (_, text) =
        of("duty_ended", &json!({"colour": "red", "period": "2026", "on": "2026-10-12"}));
    assert!(text.starts_with("您不再承担红色先锋契约(2026),最后一天:2026-10-12"), "{text}");
}
