//! What the values of a choice are called in Chinese. The first is the name in the book. A value
//! that is not here yet is written and read by its name in the book.

/// Names in the book with what people call them.
pub(crate) type Labels = &'static [(&'static str, &'static str)];

pub(crate) const SUBJECT: Labels = &[("household", "户"), ("person", "个人")];
pub(crate) const CYCLE: Labels =
    &[("month", "月"), ("quarter", "季度"), ("half_year", "半年"), ("year", "年")];
pub(crate) const ITEM_KIND: Labels =
    &[("award", "加分"), ("deduction", "扣分"), ("direct_grade", "直接判级"), ("veto", "一票否决")];
pub(crate) const AMOUNT: Labels = &[
    ("fixed", "固定"),
    ("per_unit", "按量"),
    ("choice", "选项"),
    ("cumulative_tiers", "累计档位"),
    ("marginal_tiers", "分段档位"),
    ("range", "幅度"),
];
pub(crate) const CLAIMED_BY: Labels =
    &[("villager", "村民"), ("cadre", "干部"), ("system", "系统")];
pub(crate) const EVIDENCE: Labels =
    &[("none", "无"), ("photo", "照片"), ("document", "证明材料"), ("two_recorders", "两人见证")];
pub(crate) const COUNTS_FOR: Labels = &[("points", "可用积分"), ("dividend", "分红")];
pub(crate) const TRACK: Labels = &[
    ("party_member", "党员"),
    ("representative", "村民代表"),
    ("volunteer", "志愿者"),
    ("elder", "五老人员"),
];
pub(crate) const BENEFICIARY: Labels = &[("doer", "本人"), ("relative", "亲属")];
pub(crate) const KIN: Labels = &[
    ("spouse", "配偶"),
    ("parent", "父母"),
    ("child", "子女"),
    ("sibling", "兄弟姐妹"),
    ("grandparent", "祖父母"),
    ("grandchild", "孙子女"),
    ("parent_in_law", "公婆岳父母"),
    ("child_in_law", "儿媳女婿"),
    ("uncle_or_aunt", "伯叔姑舅姨"),
    ("nephew_or_niece", "侄甥"),
    ("other", "其他亲属"),
];
pub(crate) const PART: Labels = &[("personal_credit", "居民信用"), ("role_duty", "角色职责")];
pub(crate) const DUTY_SOURCE: Labels = &[("duty_post", "岗位"), ("pledge", "契约")];
pub(crate) const LEVEL: Labels = &[("village", "村级"), ("shared", "共享"), ("district", "区级")];
pub(crate) const FIGURES: Labels = &[("own", "自定"), ("published", "已公布")];
pub(crate) const SCOPE: Labels = &[("account", "账户"), ("member", "每人")];
pub(crate) const PERIOD: Labels = &[
    ("day", "日"),
    ("week", "周"),
    ("month", "月"),
    ("quarter", "季度"),
    ("year", "年"),
    ("cycle", "评定周期"),
];
pub(crate) const ROLE: Labels = &[
    ("collector", "信息采集员"),
    ("grid_worker", "网格员"),
    ("work_team", "积分工作队"),
    ("panel_member", "评议小组"),
    ("village_admin", "村领导小组"),
    ("town_officer", "镇街"),
];
pub(crate) const MAJORITY: Labels = &[("simple", "简单多数"), ("unanimous", "全体一致")];
pub(crate) const HOUSEHOLD_SCORE: Labels =
    &[("sum", "全家合计"), ("average", "按人平均"), ("head", "按户主")];
pub(crate) const POINTS_POLICY: Labels =
    &[("never", "不清零"), ("year_end_reset", "年底清零"), ("carry_over", "部分结转")];
pub(crate) const GRADE: Labels = &[
    ("excellent", "优秀"),
    ("qualified", "合格"),
    ("basically_qualified", "基本合格"),
    ("unqualified", "不合格"),
];
pub(crate) const WAY: Labels = &[("claim_way", "申报"), ("rating_way", "评定")];

/// What people call a value.
pub(crate) fn label(labels: Labels, name: &str) -> Option<&'static str> {
    labels.iter().find(|(known, _)| *known == name).map(|(_, label)| *label)
}

/// The name in the book of what somebody wrote: the label, or the name itself.
pub(crate) fn name(labels: Labels, text: &str) -> Option<&'static str> {
    labels.iter().find(|(name, label)| *label == text || *name == text).map(|(name, _)| *name)
}

/// What can be written, for people.
pub(crate) fn all(labels: Labels) -> String {
    labels.iter().map(|(_, label)| *label).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::super::sheets::{ALL, Kind, NAMED_SETTINGS};
    use crate::books;
    use crate::path::Path;
    use crate::tree::Tree;
    use domain::rule_book::RuleBook;

    /// The names that the book knows at a path, as it tells them when it is given another.
    fn known(path: &str, value: Tree) -> Vec<String> {
        let mut tree = Tree::of(&books::whole()).unwrap();
        assert!(tree.put(&Path::parse(path).unwrap(), value), "{path}");
        let (_, message) = tree.read::<RuleBook>().unwrap_err();
        let names = message.split('`').skip(3).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        assert!(message.starts_with("unknown variant"), "{path}: {message}");
        names
    }

    #[test]
    fn every_choice_that_a_book_knows_has_a_label_and_no_other() {
        let mut checked = 0;
        let rows = [
            ("条目", "items[4]"),
            ("上限", "items[0].caps[0]"),
            ("流程", "claim_way.stages[0]"),
            ("分类积分", "tracks[0]"),
            ("等次", "tracks[0].grades[0]"),
        ];
        let in_rows = rows.iter().flat_map(|(name, base)| {
            let sheet = ALL.iter().find(|sheet| sheet.name == *name).unwrap();
            sheet.columns.iter().map(move |column| (format!("{base}."), column))
        });
        let settings = NAMED_SETTINGS.iter().map(|column| (String::new(), column));
        for (base, column) in in_rows.chain(settings) {
            let mut path = format!("{base}{}", column.path.join("."));
            if matches!(column.path, ["amount", "per" | "period"]) {
                // Only one kind of amount has them.
                path = path.replace("items[4]", "items[3]");
            }
            let unknown = Tree::Text("?".to_owned());
            let (labels, value) = match column.kind {
                Kind::Label(labels) => (labels, unknown),
                Kind::Labels(labels) => (labels, Tree::List(vec![unknown])),
                _ => continue,
            };
            let names: Vec<_> = labels.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(names, known(&path, value), "{path}");
            let mut words: Vec<_> = labels.iter().map(|(_, label)| *label).collect();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), labels.len(), "{path}");
            checked += 1;
        }
        assert_eq!(checked, 27);
    }
}
