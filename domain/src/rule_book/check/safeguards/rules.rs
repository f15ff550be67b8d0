//! The words of the safeguards. To add a word that is caught wrongly or not at all: put it here, and
//! an example beside its like in the tests.

use super::Side::{self, Adverse, Award, Cure, Group};
use super::Topic;

/// Words of one topic and what makes them harmless.
pub(super) struct Rule {
    /// What they show.
    pub(super) topic: Topic,
    /// On which sides they are forbidden.
    pub(super) sides: &'static [Side],
    /// On which sides only their opposite is forbidden: the complaint that was not made.
    pub(super) turned: &'static [Side],
    /// Whether they name a state that people are in, so that others can help them in it.
    pub(super) is_state: bool,
    /// The words.
    pub(super) words: &'static str,
    /// Longer phrases that hold one of the words and mean something else.
    pub(super) lookalikes: &'static str,
    /// Words near them that make it help.
    pub(super) help: &'static str,
    /// Words before them that make a fault one against people who need protection.
    pub(super) protect: &'static str,
}

const EVERYWHERE: &[Side] = &[Award, Adverse, Cure, Group];

/// What is not help: 接受帮扶, 享受资助, 不帮助, 列为, 评为.
pub(super) const VOID: &str = "接受 享受 获得 获 受 被 申请 领取 需 需要 不 拒 拒绝 列 评 成 定 因 认 视 确 转 变 作 是 行 较 尤 极 更 称 沦 改 划 纳";
/// Something done for somebody.
pub(super) const TO: &str = "为 给 替";
/// ... and not points for being somebody.
pub(super) const TO_SCORE: &str = "加分 奖分 奖励分 减分 扣分 积分 记分 计分";

/// Directly before a complaint: it was not made.
pub(super) const TURNED_BEFORE: &str = "不 无 零 未 没 放弃 撤 停止 减少 劝止";
/// Directly after a complaint: there were few.
pub(super) const TURNED_AFTER: &str = "为零 为0 率 量 数量 次数 下降 减少 清零 0 零";
/// What holds a word of [`TURNED_BEFORE`] and says nothing of the kind.
pub(super) const TURNED_LOOKALIKES: &str =
    "不法 不良 不文明 不合格 不实 不正当 不怕 无证 无牌 无照 未成年 未经";
/// Silence in one word.
pub(super) const TURNED_WORDS: &str = "撤诉 息诉 罢诉";

/// Help in any state.
macro_rules! help {
    ($more:literal) => {
        concat!(
            "帮 照顾 照料 照看 看护 陪护 陪同 陪伴 护理 看望 探望 慰问 走访 关爱 关心 关怀 资助 互助 救助 扶贫 \
             扶弱 扶残 扶老 搀扶 助残 助老 助学 助困 助医 捐 接送 送医 送餐 志愿 代办 代缴 代领 带动 带领 结对 \
             拥军 义诊 ",
            $more
        )
    };
}

/// Harm to people who are in a state.
macro_rules! harm {
    ($more:literal) => {
        concat!(
            "歧视 欺负 欺凌 欺压 虐待 遗弃 辱骂 侮辱 嘲笑 打骂 殴打 孤立 强迫 逼迫 骗取 套取 冒领 骗领 诈骗 截留 \
             克扣 侵占 挪用 贪污 伪造 冒名 虚报 谎报 优亲厚友 ",
            $more
        )
    };
}

/// Harm to people who make use of a right.
macro_rules! hindrance {
    ($more:literal) => {
        concat!(
            "打击报复 报复 阻拦 阻挠 阻止 拦截 压制 干涉 强迫 泄露 透露 推诿 敷衍 拖延 不受理 未受理 不处理 未处理 \
             不及时处理 未及时处理 不回应 ",
            $more
        )
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        topic: Topic::Petitioning,
        sides: EVERYWHERE,
        turned: &[],
        is_state: false,
        words: "上访 信访 越级访 越级反映 进京访 赴省访 到县访 非访 缠访 闹访 息访 罢访 停访 群访 集访 请愿 联名",
        lookalikes: "晚上访 早上访 线上访 网上访 路上访 马上访 诚信访 短信访 微信访 收集访 建群访 除非访 社群访 \
                停访客 守信访 联名单 联名录 集访谈",
        help: "",
        protect: hindrance!(""),
    },
    Rule {
        topic: Topic::Complaints,
        sides: &[Award, Adverse, Cure],
        turned: &[Award, Cure],
        is_state: false,
        words: "举报 投诉 检举 控告 告状 申诉 上诉 起诉 诉讼 打官司 提意见 提异议 提出异议 12345 市长热线 撤诉 息诉 \
                罢诉",
        // A fault that somebody reported is still the fault of who did it.
        lookalikes: "被举报 被检举 被起诉 被依法起诉 被群众举报 被村民举报 被他人举报 经举报 经群众举报 经村民举报 \
                接举报 接到举报 接群众举报 举报查实 举报属实 举报核实 投诉查实 投诉属实 投诉核实 经投诉 \
                接到投诉 被投诉 被顾客投诉 被游客投诉 被村民投诉 被群众投诉 被邻居投诉 选举报 上诉求 起诉求 \
                告状况 告状态",
        help: "",
        protect: hindrance!("刁难 辱骂 殴打 威胁 恐吓"),
    },
    Rule {
        // In an award "not complained about" is silence bought from the neighbours; held against
        // somebody it is the deed behind the complaint.
        topic: Topic::Complaints,
        sides: &[Award],
        turned: &[Award],
        is_state: false,
        words: "被举报 被投诉",
        lookalikes: "",
        help: "",
        protect: "",
    },
    Rule {
        topic: Topic::Speech,
        sides: EVERYWHERE,
        turned: &[],
        is_state: false,
        words: "言论 发帖 跟帖 删帖 网评 评论 转发 点赞 朋友圈 微博 群里发 微信群发 发视频 不当信息 负面信息 负面舆论 \
                负面舆情 造谣 传谣 谣言 妄议 非议 议论 抹黑 说坏话 批评 会上发言 积极发言",
        lookalikes: "批评教育 发言论坛 流转发包 流转发 周转发 村务评论坛 网评选 网评比 评论证 测评论 议论证 议论坛 \
                非议事 转发展 转发放 转发电 批评选 批评定 批评比 批评审 言论坛",
        help: "",
        protect: hindrance!("限制"),
    },
    Rule {
        topic: Topic::Belief,
        sides: EVERYWHERE,
        turned: &[],
        is_state: false,
        words: "信仰 信教 宗教 传教 入教 退教 教徒 信徒 信众 基督 天主 伊斯兰 穆斯林 佛教 道教 做礼拜 拜佛 念佛 信佛 \
                信神 迷信 邪教 思想落后 思想反动 政治立场",
        lookalikes: "诚信教 守信教 互信教 反邪教宣传 反邪教宣讲 宗教政策 宣传教 传教育 入教育 入教学 入教室 信教育 \
                道教育 道教学 街道教 退教师",
        help: "",
        protect: hindrance!("歧视 限制 辱骂 侮辱"),
    },
    Rule {
        topic: Topic::FamilyPlanning,
        sides: EVERYWHERE,
        turned: &[],
        is_state: false,
        words: "计划生育 计生 超生 生育 怀孕 孕检 一胎 二胎 三胎 多胎 二孩 三孩 多孩 结扎 避孕 流产 堕胎 \
                引产 独生子女 晚婚 晚育 早育 婚育 添丁 生男孩 生女孩 生男生女 优生",
        lookalikes: "设计生 统计生 会计生 累计生 合计生 花生育 产生育 超生产 超生活 物流产 交流产 流产业 流产品 \
                引产业 引产品 师生育 学生育 最优生 优生产 优生态 优生活 生育苗 生育林 卫生育",
        help: "帮 照顾 照料 陪 看望 慰问 接送 关爱 护理",
        protect: "歧视 强迫 逼迫 虐待 遗弃 辱骂 欺负 侮辱 干涉",
    },
    Rule {
        topic: Topic::Health,
        sides: EVERYWHERE,
        turned: &[],
        is_state: true,
        words: "患病 疾病 生病 重病 大病 慢性病 传染病 精神病 精神障碍 残疾 智障 艾滋 乙肝 癌 抑郁 病史 病情 住院 体检 \
                接种 打疫苗 核酸 健康状况 身体健康 孕产",
        lookalikes: "卫生病 发生病 产生病 集体检 体检查 整体检 主体检 物体检 嫁接种 直接种 间接种 接种植 接种苗 \
                接种树 居住院 住院落 住院子 严重病虫 犬只接种 犬接种 犬只打疫苗 犬打疫苗 狗打疫苗 畜禽接种 \
                畜禽打疫苗 重病虫 大病虫 生病虫 体检测 体检验 体检修 对接种 承接种",
        help: help!("宣传 宣讲 就医 防治 送 组织老人"),
        protect: harm!("不照顾 不赡养 不扶养 不抚养 不管 不走访 未走访 不帮 未帮 拒绝帮"),
    },
    Rule {
        topic: Topic::Poverty,
        sides: EVERYWHERE,
        turned: &[],
        is_state: true,
        words: "贫困 贫穷 脱贫 返贫 困难户 困难家庭 困难群众 特困 低收入 建档立卡 欠债 负债 等靠要",
        lookalikes: "防返贫 脱贫攻坚 村级负债 集体负债",
        // What a poor household does counts like what any other does: 建档立卡户达清洁户.
        help: help!("清洁 整洁 卫生 送"),
        protect: harm!("不照顾 不赡养 不走访 未走访 不帮 未帮 拒绝帮"),
    },
    Rule {
        topic: Topic::Kinship,
        sides: EVERYWHERE,
        turned: &[],
        is_state: true,
        words: "亲属 亲戚 家属 姻亲 连坐 株连 同宗 同族 军属 烈属 外嫁女 上门女婿 离婚 离异 单亲 丧偶",
        lookalikes: "无亲属关系 非亲属 家属区 家属院 家属楼 不同族 不同宗 同族谱",
        help: help!("动员 劝 引导 调解 送"),
        protect: harm!("不照顾 不赡养 不扶养 不抚养"),
    },
    Rule {
        topic: Topic::StatutoryBenefit,
        sides: EVERYWHERE,
        turned: &[],
        is_state: true,
        words: "低保 五保 最低生活保障 特困供养 养老金 养老保险 社保 医保 医疗保险 合作医疗 新农合 入学 上学资格 学籍 \
                助学金 高龄津贴 残疾补贴 抚恤 临时救助 惠农补贴 惠民补贴 惠民政策",
        lookalikes: "入学习 降低保 最低保障线 五保洁 五保安 医保健 社保洁 社保护 社保安 社保管 入学校 最低保护 \
                最低保证 最低保额 社保障 村医保 兽医保",
        help: help!("宣传 宣讲 送"),
        protect: harm!(""),
    },
];
