//! The published table of Wendeng, 2020: none of its rows is refused.

use super::*;
use crate::rule_book::check::safeguards;
use crate::rule_book::{Category, ItemKind};

/// Its categories with the labels of their awards and deductions.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    (
        "新时代文明实践",
        &[
            "志愿服务累计4小时",
            "志愿服务累计10小时",
            "参加村级培训宣讲",
            "参加拥军优属活动",
            "镇街文体节庆演出",
            "代表镇街参加区级文体活动",
            "长期帮扶无亲缘老弱(>=6个月)",
            "年度好人好事突出",
            "生态安葬",
            "用机械/车辆帮扶弱势户",
            "建档立卡户达清洁户",
            "美在我家示范户",
            "帮扶无亲属关系弱势",
            "邻里义务互助",
            "邻里互助(车辆/机械/技术)",
            "自带机械参加集体劳动",
            "义务救火/防汛/抢险",
        ],
        &[],
    ),
    (
        "社会公益",
        &[
            "组织农村公益组织",
            "捐款100-1000元",
            "捐款<100元",
            "无偿献血",
            "骨髓捐献",
            "遗体器官捐献",
        ],
        &[],
    ),
    ("公民道德", &["拾金不昧<100元", "拾金不昧100-1000"], &[]),
    (
        "村居管理",
        &[
            "举报制假有重大贡献",
            "举报制假/违建/污染",
            "举报食品/生产安全隐患",
            "配合集中整治",
            "帮村集体增收>1万",
            "组织协商解决公共问题",
            "合理化建议被采纳",
            "带头拆除乱搭乱建",
            "无偿提供土地建公共设施",
            "义务维修公共设施",
            "担任信息采集员合格",
        ],
        &[],
    ),
    ("表彰奖励", &["村居表彰", "区部门/镇街表彰"], &[]),
    ("国防建设", &["适龄青年参军"], &[]),
    ("其他", &["村级自设加分"], &["村级自设扣分"]),
    (
        "村容村貌",
        &[],
        &[
            "乱堆乱倒垃圾杂物",
            "占用广场道路晒粮停车",
            "乱排污水",
            "占公共部位摆卖种植",
            "乱贴乱挂广告",
            "焚烧垃圾秸秆",
            "果园地膜果袋不清理",
            "美在我家不达标",
        ],
    ),
    (
        "公共秩序",
        &[],
        &[
            "破坏绿地花木",
            "房前屋后环境不达标",
            "酗酒闹事打架诽谤",
            "不按规定养犬",
            "破坏偷盗农作物",
            "刁难辱骂村居工作人员",
            "聚众赌博或提供场所",
            "私自砍伐林木",
        ],
    ),
    (
        "村居建设",
        &[],
        &[
            "擅自翻建房屋",
            "乱挖改道路排水沟",
            "乱搭乱建损害四邻",
            "养殖加工污染环境",
            "违规用火烧荒",
            "阻挠公共工程",
            "损坏公共设施",
        ],
    ),
    (
        "文明道德",
        &[],
        &[
            "邻里失和拒调解",
            "娱乐扰民",
            "大操大办红白喜事",
            "祭扫烧纸放炮",
            "虐待老人不赡养",
            "不抚养/虐待家庭成员",
            "新建超标墓/乱埋",
        ],
    ),
    (
        "综合管理",
        &[],
        &[
            "骗取冒领补贴",
            "采集员编造信息",
            "居民编造虚假信用信息",
            "村民代表无故缺会",
            "泄露个人隐私信用信息",
            "未履行异议处理/修复职责",
            "滥用职权徇私舞弊",
            "不履行集体发包合同",
            "其他违反村规民约",
        ],
    ),
];

#[test]
fn every_published_row_passes_the_safeguards() {
    let mut rows = 0;
    for (category, awards, deductions) in TABLE {
        let named = Category { code: "c".into(), name: (*category).into() };
        assert_eq!(safeguards::of_category("category", &named), [], "{category}");
        let of_kind =
            |kind: ItemKind| move |name: &&str| Item::plain("X", "c", *name, kind, fixed(1));
        let items = awards.iter().map(of_kind(ItemKind::Award));
        let items = items.chain(deductions.iter().map(of_kind(ItemKind::Deduction)));
        for item in items {
            assert_eq!(safeguards::of_item("item", &item), [], "{}", item.name);
            rows += 1;
        }
    }
    assert_eq!(rows, 80);
}
