//! Names that merchants, agreements and sales share.

use domain::alliance::Kind;
use domain::discount::Category;
use domain::report::{Datum, Spot};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::names::names;
use crate::problem::{Door, Problem};

names! {
    /// What goods are of.
    #[derive(Default)]
    TradeCategory = Category {
        /// 食品.
        Food,
        /// 日用百货.
        DailyGoods,
        /// 农资农机.
        FarmSupplies,
        /// 服装鞋帽.
        Clothing,
        /// 家电家具.
        Appliances,
        /// 建材五金.
        Building,
        /// 图书文具.
        Stationery,
        /// 餐饮.
        Catering,
        /// 生活服务.
        Services,
        /// 其他.
        #[default]
        Other,
    }
}

/// What goods are called.
pub(crate) const fn category_zh(category: Category) -> &'static str {
    match category {
        Category::Food => "食品",
        Category::DailyGoods => "日用百货",
        Category::FarmSupplies => "农资农机",
        Category::Clothing => "服装鞋帽",
        Category::Appliances => "家电家具",
        Category::Building => "建材五金",
        Category::Stationery => "图书文具",
        Category::Catering => "餐饮",
        Category::Services => "生活服务",
        Category::Other => "其他",
    }
}

/// Whether one goes there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MerchantKind {
    /// 线下商家: it has a shop.
    #[default]
    Offline,
    /// 线上商家: it is an address on the net.
    Online,
}

impl From<Kind> for MerchantKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Offline => Self::Offline,
            Kind::Online => Self::Online,
        }
    }
}

impl From<MerchantKind> for Kind {
    fn from(name: MerchantKind) -> Self {
        match name {
            MerchantKind::Offline => Self::Offline,
            MerchantKind::Online => Self::Online,
        }
    }
}

/// A point on China's maps (gcj02, 火星坐标), as `wx.chooseLocation` gives it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"latitude_e6": 26_541_234, "longitude_e6": 104_712_345}))]
pub struct MapPoint {
    /// Millionths of a degree to the north.
    #[validate(range(min = 3_000_000, max = 54_000_000))]
    #[schema(minimum = 3_000_000, maximum = 54_000_000)]
    pub latitude_e6: i32,
    /// Millionths of a degree to the east.
    #[validate(range(min = 73_000_000, max = 136_000_000))]
    #[schema(minimum = 73_000_000, maximum = 136_000_000)]
    pub longitude_e6: i32,
}

impl MapPoint {
    /// The point, if it lies in China.
    ///
    /// # Errors
    /// `invalid`.
    pub fn spot(self) -> Result<Spot, Problem> {
        Spot::new(Datum::Gcj02, self.latitude_e6, self.longitude_e6)
            .ok_or_else(|| Problem::field(Door::Invalid, "spot", "not a place in China"))
    }
}

impl From<Spot> for MapPoint {
    fn from(spot: Spot) -> Self {
        Self { latitude_e6: spot.latitude_e6(), longitude_e6: spot.longitude_e6() }
    }
}
