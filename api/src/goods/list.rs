//! Looking for goods.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{StoreId, VillageId};
use infra::goods::{self, Filter, Heading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{GoodsCategory, GoodsKindName, GoodsOut};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Which goods.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GoodsQuery {
    /// At this store.
    store_id: Option<Uuid>,
    /// Of this category.
    #[param(inline)]
    category: Option<GoodsCategory>,
    /// With this word of the village.
    #[validate(length(min = 1, max = 20))]
    #[param(min_length = 1, max_length = 20)]
    label: Option<String>,
    /// On the shelf, or services.
    #[param(inline)]
    kind: Option<GoodsKindName>,
    /// With all of these words in name, text or label; of more than five the first five.
    #[validate(length(min = 1, max = 50))]
    #[param(min_length = 1, max_length = 50)]
    words: Option<String>,
    /// Also what cannot be redeemed today.
    #[serde(default)]
    #[param(default = false)]
    all: bool,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// Look for goods
///
/// In all stores of the village or one, the newest first. A merchant's people name the store that they run.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), GoodsQuery),
    responses((status = 200, description = "The goods.", body = Page<GoodsOut>), Failures)
)]
#[get("/villages/{village_id}/goods")]
pub async fn goods_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<GoodsQuery>,
) -> Result<Json<Page<GoodsOut>>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let GoodsQuery { store_id, category, label, kind, words, all, limit, cursor } = query.0;
    let filter = Filter {
        store: store_id.map(StoreId),
        category: category.map(Into::into),
        label,
        kind: kind.map(Into::into),
        words,
        all,
        before: PageQuery { limit, cursor }.after()?,
    };
    let rows = state
        .run(move |db| goods::list(db, &acting.actor, village, &filter, limit + 1, now))
        .await?;
    let cursor = |row: &goods::Shown| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |row| GoodsOut::of(&state, village, row))))
}

/// A heading under which goods are on sale.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"category": "food", "label": "过年专享", "goods": 6}))]
pub struct GoodsHeadingOut {
    /// The category.
    category: GoodsCategory,
    /// The village's own word beside it, if these goods have one.
    label: Option<String>,
    /// How many goods are on sale there today.
    goods: i64,
}

impl From<Heading> for GoodsHeadingOut {
    fn from(heading: Heading) -> Self {
        let Heading { category, label, goods } = heading;
        Self { category: category.into(), label, goods }
    }
}

/// Under what goods are on sale
///
/// Categories with the village's own words, in the order of the categories; at most 100.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "The headings.", body = Page<GoodsHeadingOut>), Failures)
)]
#[get("/villages/{village_id}/goods-headings")]
pub async fn goods_heading_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<Page<GoodsHeadingOut>>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let rows = state.run(move |db| goods::headings(db, &acting.actor, village, now)).await?;
    Ok(Json(Page::whole(rows.into_iter().map(GoodsHeadingOut::from).collect())))
}
