//! The vouchers of the village fund as those who run it read them.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{FundVoucherId, VillageId};
use infra::funds::vouchers;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

use super::names::FundVoucherState;
use super::vouchers::FundVoucherOut;
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Which vouchers.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FundVoucherQuery {
    /// Those in this state only.
    state: Option<FundVoucherState>,
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

/// The vouchers of the fund
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), FundVoucherQuery, ReadingHeader),
    responses((status = 200, description = "The newest first.", body = Page<FundVoucherOut>), Failures)
)]
#[get("/villages/{village_id}/fund/vouchers")]
pub async fn fund_voucher_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<FundVoucherQuery>,
) -> Result<Json<Page<FundVoucherOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let why = reading.at(state.clock.now());
    let of_state = query.state.map(Into::into);
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let (before, limit) = (page.after::<i32>()?, page.limit);
    let mut rows = state
        .run(move |db| {
            vouchers::list(db, &acting.actor, village, (of_state, before), limit + 1, &why)
        })
        .await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(0);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next_cursor = rows.last().filter(|_| more).map(|row| row.voucher.number.to_string());
    let items: Result<Vec<_>, Problem> =
        rows.into_iter().map(|row| FundVoucherOut::of(&state, row)).collect();
    Ok(Json(Page { items: items?, next_cursor }))
}

/// A voucher of the fund
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_voucher_id" = Uuid, Path, description = "The voucher."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The voucher.", body = FundVoucherOut), Failures)
)]
#[get("/villages/{village_id}/fund/vouchers/{fund_voucher_id}")]
pub async fn fund_voucher_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<FundVoucherOut>, Problem> {
    let (village, voucher) = (VillageId(path.0.0), FundVoucherId(path.0.1));
    let why = reading.at(state.clock.now());
    let found =
        state.run(move |db| vouchers::show(db, &acting.actor, village, voucher, &why)).await?;
    Ok(Json(FundVoucherOut::of(&state, found)?))
}
