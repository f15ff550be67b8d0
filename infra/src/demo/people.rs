//! Who lives in the demo villages and what they do. Names and numbers are made up; identity numbers
//! have right check digits and birth places that no longer exist.

use domain::actor::Role;

/// What a demo person holds a role for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Nothing besides being a villager.
    Nothing,
    /// The first demo village.
    Village(Role),
    /// The second demo village.
    OtherVillage(Role),
    /// The town of the first village.
    Town(Role),
    /// The county.
    County(Role),
    /// The demo shop.
    Shop(Role),
    /// The installation.
    Platform(Role),
}

/// Where a demo person lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// A household of the first village, by number.
    Village(u8),
    /// A household of the second village, by number.
    OtherVillage(u8),
    /// Nowhere on a roster.
    Elsewhere,
}

/// A demo person.
#[derive(Clone, Copy, Debug)]
pub struct DemoPerson {
    /// The key of the ready-made sign-in: the code is `demo-KEY`.
    pub key: &'static str,
    /// The name on the roster.
    pub name: &'static str,
    /// Relation to the head of the household.
    pub relation: &'static str,
    /// Day of birth, `YYYYMMDD`.
    pub born: &'static str,
    /// Phone number.
    pub phone: &'static str,
    /// Where they live.
    pub home: Home,
    /// What they do.
    pub role: For,
    /// Whether they have signed in before.
    pub bound: bool,
}

const fn person(
    key: &'static str,
    name: &'static str,
    relation: &'static str,
    born: &'static str,
    phone: &'static str,
    home: Home,
    role: For,
) -> DemoPerson {
    DemoPerson { key, name, relation, born, phone, home, role, bound: true }
}

const fn unbound(person: DemoPerson) -> DemoPerson {
    DemoPerson { bound: false, ..person }
}

use For::{County, Nothing, Platform, Shop, Town};
use Home::{Elsewhere, OtherVillage, Village};
use Role::{
    Collector, CountyOperator, GridWorker, MerchantClerk, MerchantOwner, PanelMember,
    PlatformAdmin, StoreKeeper, Supervisor, TownOfficer, VillageAdmin, WorkTeam,
};

/// Everybody in the demo.
pub const PEOPLE: &[DemoPerson] = &[
    person("villager", "王秀英", "户主", "19680412", "13900000001", Village(1), Nothing),
    person("villager-son", "王建国", "子", "19920803", "13900000002", Village(1), Nothing),
    person("neighbour", "李大山", "户主", "19751120", "13900000003", Village(2), Nothing),
    unbound(person("new-villager", "李小燕", "女", "19990214", "13900000004", Village(2), Nothing)),
    // No phone: claims come by proxy, and she buys with a card.
    unbound(person("elder", "陈桂芳", "户主", "19410909", "", Village(3), Nothing)),
    person(
        "collector",
        "杨春梅",
        "户主",
        "19850316",
        "13900000011",
        Village(4),
        For::Village(Collector),
    ),
    person(
        "grid-worker",
        "赵明",
        "户主",
        "19880627",
        "13900000012",
        Village(5),
        For::Village(GridWorker),
    ),
    person(
        "work-team",
        "孙立军",
        "户主",
        "19801005",
        "13900000013",
        Village(6),
        For::Village(WorkTeam),
    ),
    person(
        "panel-1",
        "周德福",
        "户主",
        "19600118",
        "13900000014",
        Village(7),
        For::Village(PanelMember),
    ),
    person(
        "panel-2",
        "吴玉兰",
        "户主",
        "19651230",
        "13900000015",
        Village(8),
        For::Village(PanelMember),
    ),
    person(
        "panel-3",
        "郑国强",
        "户主",
        "19720922",
        "13900000016",
        Village(9),
        For::Village(PanelMember),
    ),
    person(
        "panel-4",
        "冯桂花",
        "户主",
        "19700707",
        "13900000017",
        Village(10),
        For::Village(PanelMember),
    ),
    person(
        "village-admin",
        "刘振华",
        "户主",
        "19740501",
        "13900000018",
        Village(11),
        For::Village(VillageAdmin),
    ),
    person(
        "village-admin-2",
        "何丽",
        "户主",
        "19830219",
        "13900000019",
        Village(12),
        For::Village(VillageAdmin),
    ),
    person(
        "store-keeper",
        "罗小平",
        "户主",
        "19790813",
        "13900000020",
        Village(13),
        For::Village(StoreKeeper),
    ),
    person("town-officer", "梁志远", "", "", "13900000021", Elsewhere, Town(TownOfficer)),
    person("county-operator", "宋佳", "", "", "13900000022", Elsewhere, County(CountyOperator)),
    person("supervisor", "唐正", "", "", "13900000023", Elsewhere, County(Supervisor)),
    person("merchant-owner", "王才", "", "", "13900000024", Elsewhere, Shop(MerchantOwner)),
    person("merchant-clerk", "小陈", "", "", "13900000025", Elsewhere, Shop(MerchantClerk)),
    person(
        "platform-admin",
        "平台管理员",
        "",
        "",
        "13900000026",
        Elsewhere,
        Platform(PlatformAdmin),
    ),
    person("other-villager", "马文", "户主", "19770310", "13900000031", OtherVillage(1), Nothing),
    person(
        "other-admin",
        "胡军",
        "户主",
        "19710606",
        "13900000032",
        OtherVillage(2),
        For::OtherVillage(VillageAdmin),
    ),
    person(
        "other-panel",
        "朱红",
        "户主",
        "19690425",
        "13900000033",
        OtherVillage(3),
        For::OtherVillage(PanelMember),
    ),
    person("stranger", "过路人", "", "", "13900000099", Elsewhere, Nothing),
];
