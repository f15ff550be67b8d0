//! The words for what is wrong with a rule book.

use domain::rule_book::{ContradictionKind, FaultKind, WarningKind};

/// What is wrong with a place of a rule book, in Chinese and English.
pub(crate) const fn fault(kind: FaultKind) -> (&'static str, &'static str) {
    match kind {
        FaultKind::Text => ("文字为空或太长", "text empty or too long"),
        FaultKind::Code => ("编码不合规", "bad code"),
        FaultKind::Duplicate => ("编码重复", "code stands twice"),
        FaultKind::UnknownCategory => ("没有这个类别", "unknown category"),
        FaultKind::NotPositive => ("须大于零", "must be above zero"),
        FaultKind::MaximumTooSmall => ("上限小于单位分值", "maximum below one unit"),
        FaultKind::NoOptions => ("没有选项", "no options"),
        FaultKind::NoTiers => ("没有分档", "no tiers"),
        FaultKind::TiersOverlap => ("分档重叠或未递增", "tiers overlap or do not rise"),
        FaultKind::RangeEmpty => ("分值区间不成立", "the range is empty"),
        FaultKind::NobodyMayClaim => ("没有人可以申报", "nobody may claim it"),
        FaultKind::DeductionByVillager => {
            ("扣分不能由村民提出", "villagers cannot bring deductions")
        }
        FaultKind::NoCure => ("扣分须写明如何改正及期限", "a deduction needs a cure and its days"),
        FaultKind::Stages => ("环节数不对", "wrong number of stages"),
        FaultKind::CycleCut => (
            "计分对象或评定周期只能在周期首日更换",
            "accounts and cycles change on the first day of a cycle only",
        ),
        FaultKind::LevelWithoutStage => {
            ("没有环节评议这一级别的条目", "no stage looks at items of this level")
        }
        FaultKind::LevelsMisplaced => {
            ("评定流程不分条目级别", "ratings are of no item and no level")
        }
        FaultKind::Quorum => ("人数须为1至50", "a quorum must be 1 to 50"),
        FaultKind::Days => ("天数超出范围", "days out of range"),
        FaultKind::StarOrder => ("星级须从高到低", "stars must fall from row to row"),
        FaultKind::Negative => ("不能小于零", "below zero"),
        FaultKind::Forbidden => ("不得对此计分", "this must not be scored"),
        FaultKind::ItemCount => ("条目数不对", "no items, or too many"),
        FaultKind::UnitWithoutQuantity => ("单位没有数量", "a unit without a quantity"),
        FaultKind::OutOfReach => ("没有数量能达到", "no quantity can ever reach it"),
        FaultKind::Years => ("年数须为1至100", "years must be 1 to 100"),
        FaultKind::TallyDiffers => (
            "合并累计的条目须同类、同单位、同对象、同周期",
            "items that add up together must share kind, unit, scope and period",
        ),
        FaultKind::TallyContradicts => {
            ("合并累计的分档互相矛盾", "tiers that add up together contradict each other")
        }
        FaultKind::CapBelowAmount => ("限额低于最小分值", "a cap below the smallest amount"),
        FaultKind::DuplicateCap => ("同样的限额重复", "the same sort of cap twice"),
        FaultKind::TooMany => ("数目太多", "too many"),
        FaultKind::DeductionBySystem => {
            ("扣分不能由系统提出", "the program cannot bring deductions")
        }
        FaultKind::CureMisplaced => ("加分条目不需整改", "an award has nothing to put right"),
        FaultKind::GradeMissing => ("直接判级须写明星级", "a direct grade needs its star"),
        FaultKind::GradeMisplaced => ("只有直接判级才有星级", "only a direct grade sets a star"),
        FaultKind::GradeUnknown => ("星级表没有这个星级", "the table has no such star"),
        FaultKind::GradeHighest => {
            ("直接判级不能定为最高星级", "a direct grade cannot set the highest star")
        }
        FaultKind::SuspensionMissing => ("一票否决须写明暂停多久", "a veto must say for how long"),
        FaultKind::SuspensionMisplaced => ("只有一票否决才能暂停兑换", "only a veto suspends"),
        FaultKind::DoublingMisplaced => ("只有扣分才能加倍", "only a deduction doubles"),
        FaultKind::ExtensionMisplaced => {
            ("加分不能延至整改", "an award cannot be extended until corrected")
        }
        FaultKind::RelationsMissing => ("须写明记给哪些亲属", "say which relatives are credited"),
        FaultKind::RelativeBlamed => ("不得因亲属受罚", "nobody answers for a relative"),
        FaultKind::DutyOfRelative => {
            ("岗位、契约是本人的,不能记给亲属", "a duty is a person's own, not a relative's")
        }
        FaultKind::ExclusiveTiers => {
            ("累计分档不能设互斥组", "cumulative tiers cannot be exclusive")
        }
        FaultKind::StarGap => ("星级中间有缺", "a star is left out"),
        FaultKind::StarZero => ("星级表不列无星", "no row for no star"),
        FaultKind::StarUnreachable => ("这个星级无人能达到", "nobody can reach this star"),
        FaultKind::TracksOfHouseholds => ("按户记分不能分类记分", "households are on no track"),
        FaultKind::TrackTwice => ("同一身份的规则重复", "the same track twice"),
        FaultKind::TrackWithoutDuty => (
            "只有党员和村民代表才有角色职责积分",
            "only party members and representatives have role duty",
        ),
        FaultKind::GradeOrder => ("等次须从高到低", "grades must fall from row to row"),
        FaultKind::RoleDutyWithoutTracks => {
            ("没有分类记分规则,角色职责积分无处计入", "role duty in a book without tracks")
        }
        FaultKind::HouseholdScoreOfPersons => {
            ("按人记分不设家庭得分方式", "persons have no household score")
        }
        FaultKind::NoticePeriodMisplaced => {
            ("评定公示不按周期集中", "the notice of a rating has no period")
        }
    }
}

/// What is unclear about a place of a rule book, in Chinese and English.
pub(crate) const fn warning(kind: WarningKind) -> (&'static str, &'static str) {
    match kind {
        WarningKind::BaseBelowStars => ("基础分没有星级", "the base score brings no star"),
        WarningKind::BaseHasTopStar => {
            ("基础分已是最高星级", "the base score brings the highest star")
        }
        WarningKind::NoStars => ("没有星级表", "no stars"),
        WarningKind::StarBringsLess => ("星级高反而优惠少", "more stars bring less"),
        WarningKind::NoNotice => ("没有公示", "no public notice"),
        WarningKind::CategoryUnused => ("类别没有条目", "no item is of this category"),
        WarningKind::CodeAlike => ("编码只差大小写", "codes differ in case only"),
        WarningKind::NameTwice => ("名称重复", "the name stands twice"),
        WarningKind::NoEvidence => ("不要求佐证", "no evidence asked for"),
        WarningKind::NoCap => ("加分没有限额", "an award without a cap"),
        WarningKind::UnitUnclear => {
            ("单位里有数目,请改填在“每”一栏", "a figure in the unit: it belongs to each")
        }
        WarningKind::OptionsUnordered => {
            ("选项分值忽高忽低", "points of options neither rise nor fall")
        }
        WarningKind::AmountAboveCap => ("分值高于限额", "an amount above the cap"),
        WarningKind::CapNeverCuts => ("限额不起作用", "a cap that never cuts"),
        WarningKind::MemberIsAccount => {
            ("按人记分时,按成员与按账户相同", "per member is per account here")
        }
        WarningKind::CureShort => ("整改期短于审核", "cure days end before the review"),
        WarningKind::DurationFalls => ("分值大反而期限短", "a larger amount counts for less time"),
        WarningKind::GradeRunsOut => ("未整改也会自动失效", "runs out without being put right"),
        WarningKind::ExclusiveAlone => ("互斥组只有一个条目", "an exclusive group of one item"),
        WarningKind::TallyAlone => ("没有条目与它合并累计", "nothing adds up with it"),
        WarningKind::PartWithoutWeight => {
            ("两部分积分有一部分不占比重", "one part of the score has no weight")
        }
        WarningKind::RegistrationNeverEnds => (
            "登记宽限不短于申报期限,登记期不起作用",
            "registration never ends before declaring does",
        ),
        WarningKind::RegistrationTooLong => (
            "登记周期长于申报期限,周期之初的事到期末已不能申报",
            "deeds of the period's first days are too old before registration ends",
        ),
        WarningKind::RoleDutyOfAll => ("角色职责须写明对象", "role duty of everybody"),
        WarningKind::DutyNotRoleDuty => (
            "岗位、契约的条目没有计入角色职责",
            "a duty post or pledge that counts as personal credit",
        ),
    }
}

/// Why something in a layer does not hold, in Chinese and English.
pub(crate) const fn contradiction(kind: ContradictionKind) -> (&'static str, &'static str) {
    match kind {
        ContradictionKind::LockedSetting => {
            ("上级已锁定这项设置", "a layer above locked the setting")
        }
        ContradictionKind::LockedItem => ("上级已锁定这个条目", "a layer above locked the item"),
        ContradictionKind::LockedItemDropped => {
            ("上级已锁定这个条目,不能取消", "a layer above locked the item: it stays")
        }
        ContradictionKind::CodeTaken => {
            ("上级已把这个编码用于另一种条目", "an item of another kind above has the code")
        }
        ContradictionKind::CodeTwice => ("编码重复", "the code stands twice"),
        ContradictionKind::CategoryRenamed => {
            ("上级的类别不能改名", "a category of a layer above has another name")
        }
        ContradictionKind::CategoryUnknown => {
            ("本级和上级都没有这个类别", "no layer has the category")
        }
        ContradictionKind::OwnItemNotAllowed => {
            ("上级不允许自设这类条目", "a layer above leaves no room for own items of this kind")
        }
        ContradictionKind::TooManyOwnItems => {
            ("自设条目超过上级规定的数目", "more own items than a layer above allows")
        }
        ContradictionKind::OwnItemTooHigh => {
            ("自设条目的分值超过上级规定", "an own item worth more than a layer above allows")
        }
        ContradictionKind::AboutNothing => {
            ("所指的设置、条目或类别不存在", "it is about nothing that there is")
        }
        ContradictionKind::SettingMissing => {
            ("本级和上级都没有规定这项设置", "no layer states the setting")
        }
        ContradictionKind::Withdrawn => (
            "原有规定不能取消,下级可能依据它",
            "it was stated before, and lower layers may rely on it",
        ),
    }
}
