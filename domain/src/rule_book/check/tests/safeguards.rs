//! What must not be scored, what may be, and where it is found.

use super::*;
use crate::rule_book::check::safeguards::{self, Topic};
use crate::rule_book::{Category, CountsFor, ItemKind, StarRow, Suspension};

use ItemKind::{Award, Deduction, DirectGrade, Veto};

fn named(kind: ItemKind, name: &str) -> Item {
    Item::plain("X", "c", name, kind, fixed(1))
}

fn topics(item: &Item) -> Vec<Topic> {
    safeguards::of_item("item", item).into_iter().map(|found| found.topic).collect()
}

const REFUSED: &[(ItemKind, &str, Topic)] = &[
    (Deduction, "到县里信访", Topic::Petitioning),
    (Award, "到县里信访", Topic::Petitioning),
    (Deduction, "越级上访", Topic::Petitioning),
    (DirectGrade, "进京访、赴省访", Topic::Petitioning),
    (Veto, "组织群访 闹访", Topic::Petitioning),
    (Award, "全年不上访", Topic::Petitioning),
    (Award, "息访罢访", Topic::Petitioning),
    (Award, "无信访户", Topic::Petitioning),
    (Award, "劝返上 访人员", Topic::Petitioning),
    (Deduction, "刁难村干部、越级上访", Topic::Petitioning),
    (Deduction, "解决不了的上访问题", Topic::Petitioning),
    (Deduction, "联名写信", Topic::Petitioning),
    (Deduction, "恶意举报", Topic::Complaints),
    (DirectGrade, "多次举报村干部", Topic::Complaints),
    (Deduction, "经常投诉", Topic::Complaints),
    (Deduction, "拨打12345", Topic::Complaints),
    (Veto, "起诉村委会", Topic::Complaints),
    (Award, "全年零投诉", Topic::Complaints),
    (Award, "没有人举报", Topic::Complaints),
    (Award, "主动撤回投诉", Topic::Complaints),
    (Award, "年内未被投诉", Topic::Complaints),
    (Award, "投诉为零", Topic::Complaints),
    (Deduction, "在朋友圈发表不当言论", Topic::Speech),
    (Award, "转发村公众号文章", Topic::Speech),
    (Deduction, "妄议村务", Topic::Speech),
    (Deduction, "批评村干部", Topic::Speech),
    (Deduction, "传谣信谣", Topic::Speech),
    (Deduction, "参加宗教活动", Topic::Belief),
    (Award, "不信教家庭", Topic::Belief),
    (Deduction, "搞封建迷信", Topic::Belief),
    (Deduction, "违反计划生育", Topic::FamilyPlanning),
    (Award, "积极响应三孩政策", Topic::FamilyPlanning),
    (Deduction, "不履行计生义务", Topic::FamilyPlanning),
    (Award, "独生子女户", Topic::FamilyPlanning),
    (Award, "优生优育家庭", Topic::FamilyPlanning),
    (Award, "家中无人患病", Topic::Health),
    (Deduction, "隐瞒传染病史", Topic::Health),
    (Award, "按时参加体检", Topic::Health),
    (Deduction, "不接种疫苗", Topic::Health),
    (Award, "残疾人家庭", Topic::Health),
    (Award, "贫困户", Topic::Poverty),
    (Award, "给贫困户加分", Topic::Poverty),
    (Award, "贫困户接受帮扶", Topic::Poverty),
    (Award, "主动脱贫", Topic::Poverty),
    (Deduction, "等靠要思想严重", Topic::Poverty),
    (Award, "列为建档立卡户", Topic::Poverty),
    (Award, "较为贫困的家庭", Topic::Poverty),
    (Deduction, "亲属犯罪", Topic::Kinship),
    (DirectGrade, "家属被判刑", Topic::Kinship),
    (Award, "村干部亲属", Topic::Kinship),
    (Award, "光荣军属", Topic::Kinship),
    (Deduction, "离婚", Topic::Kinship),
    (Award, "低保户", Topic::StatutoryBenefit),
    (Deduction, "申请低保", Topic::StatutoryBenefit),
    (Award, "主动退出五保", Topic::StatutoryBenefit),
    (Deduction, "未按时缴纳医保", Topic::StatutoryBenefit),
    (Award, "缴纳城乡居民养老保险", Topic::StatutoryBenefit),
    (Veto, "取消子女入学资格", Topic::StatutoryBenefit),
    (Deduction, "暂停发放养老金", Topic::StatutoryBenefit),
    (Deduction, "不享受惠民政策", Topic::StatutoryBenefit),
];

const PASSED: &[(ItemKind, &str)] = &[
    (Award, "举报制假"),
    (Award, "不怕报复勇于举报"),
    (Award, "举报不法商贩"),
    (Award, "投诉举报食品安全隐患"),
    (Deduction, "打击报复举报人"),
    (Deduction, "泄露投诉人信息"),
    (DirectGrade, "阻拦村民依法信访"),
    (Deduction, "推诿、拖延处理村民投诉"),
    (Deduction, "经群众举报查实乱倒垃圾"),
    (Deduction, "经营农家乐服务差被投诉"),
    (Award, "晚上访问独居老人"),
    (Award, "参加诚信访谈"),
    (Award, "参加诚信教育活动"),
    (Award, "深入学习村规民约"),
    (Award, "主动加入学习小组"),
    (Award, "参加第五保洁小组"),
    (Award, "维护合作社保洁设备"),
    (Award, "参与设计生态步道"),
    (Award, "推广花生育苗技术"),
    (Award, "参加物流产业培训"),
    (Award, "清扫居住院落"),
    (Award, "配合集体检查"),
    (Award, "果树嫁接种植示范"),
    (Deduction, "不给犬只接种狂犬疫苗"),
    (Deduction, "擅自流转发包集体土地"),
    (Deduction, "乱扔烟头经批评教育不改"),
    (Award, "帮扶贫困户"),
    (Award, "为村里贫困户修房"),
    (Award, "贫困户卫生达标"),
    (Award, "照料孤寡、残疾、患病老人"),
    (Award, "残疾人关爱活动"),
    (Award, "帮助需要帮扶的困难群众"),
    (Award, "代领养老金送到老人家中"),
    (Award, "帮助老人申请低保"),
    (Award, "医保政策宣讲"),
    (Award, "送怀孕邻居就医并照顾"),
    (Award, "劝导亲属移风易俗"),
    (Award, "调解离婚纠纷"),
    (Deduction, "歧视残疾人"),
    (Deduction, "虐待、遗弃患病家庭成员"),
    (Deduction, "骗取低保金"),
    (Veto, "冒领养老金"),
    (Deduction, "优亲厚友,虚报贫困户"),
    (Deduction, "诬告陷害他人"),
    (Deduction, "帮扶干部不走访贫困户"),
    (Deduction, "扰乱换届选举报名"),
    (Deduction, "不如实报告状况"),
    (Award, "参加安全宣传教育"),
    (Award, "协助街道教育活动"),
    (Award, "首批评选的最美庭院"),
    (Award, "参加会议论证村级规划"),
    (Award, "支持土地流转发展产业"),
    (Award, "配合水体检测"),
    (Award, "深入学校讲安全"),
    (Award, "带头保护最优生态庭院"),
    (Award, "回应网上诉求"),
];

#[test]
fn what_must_not_be_scored_is_refused_with_its_topic() {
    for (kind, name, topic) in REFUSED {
        let topics = topics(&named(*kind, name));
        assert!(topics.contains(topic), "{kind:?} {name}: {topics:?}");
    }
    let untested: Vec<_> =
        Topic::ALL.iter().filter(|topic| REFUSED.iter().all(|(.., one)| one != *topic)).collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn what_only_sounds_like_it_passes() {
    for (kind, name) in PASSED {
        assert_eq!(safeguards::of_item("item", &named(*kind, name)), [], "{kind:?} {name}");
    }
}

#[test]
fn a_cure_may_not_ask_for_silence_nor_take_a_benefit() {
    let with_cure = |cure: &str| {
        let mut item = named(Deduction, "乱倒垃圾");
        item.cure = Some(cure.into());
        safeguards::of_item("items[0]", &item)
    };
    for (cure, topic) in [
        ("撤回投诉", Topic::Complaints),
        ("保证不再举报", Topic::Complaints),
        ("签订息访承诺", Topic::Petitioning),
        ("删帖并道歉", Topic::Speech),
        ("停发低保三个月", Topic::StatutoryBenefit),
        ("退教", Topic::Belief),
        ("参加孕检", Topic::FamilyPlanning),
    ] {
        let found = with_cure(cure);
        assert_eq!((found[0].place.as_str(), found[0].topic), ("items[0].cure", topic), "{cure}");
    }
    for cure in [
        "清理干净后告知网格员复查",
        "向被举报人、投诉人道歉",
        "退还冒领的低保金",
        "照顾残疾邻居一次",
        "有异议可以申诉",
        "帮扶困难户一次",
    ] {
        assert_eq!(with_cure(cure), [], "{cure}");
    }
}

#[test]
fn an_option_or_unit_is_read_together_with_the_item_it_belongs_to() {
    let with_option = |kind, name: &str, option: &str| {
        let mut item = named(kind, name);
        item.amount = good().items[HONOUR].amount.clone();
        options(&mut item)[1].name = option.into();
        safeguards::of_item("items[0]", &item)
    };
    assert_eq!(with_option(Award, "照顾行动不便的邻居", "重度残疾"), []);
    for (kind, name, option) in [
        (Award, "户别", "重度残疾"),
        (Award, "户别", "五保"),
        (Deduction, "刁难村干部", "上访"),
        (DirectGrade, "扰乱秩序", "越级举报"),
    ] {
        let found = with_option(kind, name, option);
        assert_eq!(found[0].place, "items[0].amount.options[1].name", "{name} {option}");
    }
    let mut item = named(Deduction, "扰乱秩序");
    item.amount = per_unit("次上访", 1, 1, 4);
    assert_eq!(safeguards::of_item("items[0]", &item)[0].place, "items[0].amount.unit");
    for n in [HOURS, DONATION] {
        let mut item = good().items[n].clone();
        match &mut item.amount {
            Amount::CumulativeTiers(one) => one.unit = "次体检".into(),
            Amount::MarginalTiers(one) => one.unit = "次体检".into(),
            other => panic!("{other:?}"),
        }
        item.name = "参加".into();
        assert_eq!(safeguards::of_item("items[0]", &item)[0].place, "items[0].amount.unit");
    }
}

#[test]
fn a_category_of_what_must_not_be_scored_is_refused() {
    let of = |name: &str| {
        safeguards::of_category("c", &Category { code: "c".into(), name: name.into() })
    };
    for name in ["信访维稳", "计划生育", "宗教事务", "社保医保", "贫困等级"] {
        assert_eq!(of(name).len(), 1, "{name}");
    }
    for name in ["扶贫助困", "环境卫生", "尊老爱幼", "遵纪守法", "举报奖励", "助残关爱"]
    {
        assert_eq!(of(name), [], "{name}");
    }
}

#[test]
fn the_book_tells_the_word_so_that_a_clerk_can_write_otherwise() {
    let book = changed(|book| book.items[SWEEP].name = "积极缴纳医保、社保".into());
    let [found] = book.forbidden().try_into().unwrap();
    assert_eq!((found.place.as_str(), found.topic), ("items[0].name", Topic::StatutoryBenefit));
    assert!(book.items[SWEEP].name.contains(found.word));
}

/// Safeguard 15.2. A field more in one of these types does not compile here; whoever adds it reads
/// this first: it must not let a benefit of the state depend on points.
#[test]
fn all_that_a_book_can_set_in_motion_are_the_villages_own_purses() {
    let book = good();
    let StarRow { stars: _, from: _, inclusive: _, star_credit_fen, discount_bp } = book.stars.0[0];
    let Suspension { further_years } = book.items[FRAUD].suspends.unwrap();
    let purse = |counts_for: CountsFor| match counts_for {
        CountsFor::Points => "redeemable points",
        CountsFor::Dividend => "dividend weight",
    };
    assert!(star_credit_fen.get() > 0 && discount_bp.get() > 0 && further_years == 1);
    assert_ne!(purse(CountsFor::Points), purse(CountsFor::Dividend));
    for consequence in ["benefit = \"低保\"", "consequence = \"入学\"", "requires_star = 3"] {
        let text = include_str!("good.toml");
        let at_item =
            text.replacen("code = \"FRAUD\"", &format!("{consequence}\ncode = \"FRAUD\""), 1);
        let at_star =
            text.replacen("discount_bp = 600", &format!("discount_bp = 600\n{consequence}"), 1);
        for changed in [at_item, at_star, format!("{consequence}\n{text}")] {
            let refused = toml::from_str::<RuleBook>(&changed).unwrap_err();
            assert!(refused.to_string().contains("unknown field"), "{refused}");
        }
    }
}
