//! Signals to supervisors: purchases that crossed a line, what was found of them, and the lines.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post, put};
use domain::id::{DivisionId, VillageId};
use domain::points::{BasisPoints, Fen};
use domain::signal::{Finding, Lines, SignalKind};
use infra::error::Error;
use infra::signals::{self, InVillage, Listed, SetLines, SignalRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{Page, PageQuery, twenty};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which signals.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SignalQuery {
    /// Those of which nothing is written yet, or the others.
    open: Option<bool>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// What a supervisor found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingName {
    /// There is a good reason for it.
    Explained,
    /// Somebody has to look further.
    FollowUp,
}

impl FindingName {
    const fn finding(self) -> Finding {
        match self {
            Self::Explained => Finding::Explained,
            Self::FollowUp => Finding::FollowUp,
        }
    }

    const fn of(finding: Finding) -> Self {
        match finding {
            Finding::Explained => Self::Explained,
            Finding::FollowUp => Self::FollowUp,
        }
    }
}

/// That what a household bought at a merchant on a day crossed a line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "signal_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f67", "day": "2026-10-12",
    "kind": "many_purchases", "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "household_number": "003", "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "merchant_name": "亿家人诚信超市", "count": 6, "line": 4, "price_fen": 60_000,
    "discount_fen": 4_800, "text": "003户2026-10-12在亿家人诚信超市购物6次,达到提示线4次;当天在该店共600.00元,优惠48.00元。",
    "finding": null, "finding_text": null, "found_by_name": null, "found_at": null
}))]
pub struct SignalOut {
    /// Its id.
    signal_id: Uuid,
    /// The day of the purchases.
    day: chrono::NaiveDate,
    /// `many_purchases`, `round_sums`, `at_ceiling` or `night_hours`.
    #[schema(max_length = 20)]
    kind: String,
    /// The household.
    household_id: Uuid,
    /// Its number in the village.
    household_number: String,
    /// The merchant.
    merchant_id: Uuid,
    /// Its name.
    merchant_name: String,
    /// So many purchases crossed the line.
    count: i64,
    /// From so many on it is a signal.
    line: i16,
    /// What all purchases of the day cost there.
    price_fen: i64,
    /// What came off.
    discount_fen: i64,
    /// What it is about, in words.
    text: String,
    /// What a supervisor found.
    finding: Option<FindingName>,
    /// In words.
    finding_text: Option<String>,
    /// Who, where they are on a roster.
    found_by_name: Option<String>,
    /// When.
    found_at: Option<String>,
}

/// What a signal is about, in words.
fn words(listed: &Listed, kind: SignalKind) -> String {
    let Listed { row, household_number, merchant_name, .. } = listed;
    let what = match kind {
        SignalKind::ManyPurchases => "购物",
        SignalKind::RoundSums => "整数金额购物",
        SignalKind::AtCeiling => "贴近单笔限额购物",
        SignalKind::NightHours => "夜间购物",
    };
    let (price, discount) = (Fen::new(row.price), Fen::new(row.discount));
    format!(
        "{household_number}户{}在{merchant_name}{what}{}次,达到提示线{}次;\
         当天在该店共{price}元,优惠{discount}元。",
        row.day, row.count, row.line
    )
}

impl TryFrom<Listed> for SignalOut {
    type Error = Error;

    fn try_from(listed: Listed) -> Result<Self, Error> {
        let kind = listed.row.kind()?;
        let text = words(&listed, kind);
        let Listed { row, household_number, household_id, merchant_name, found_by_name } = listed;
        Ok(Self {
            signal_id: row.id,
            day: row.day,
            kind: kind.as_str().to_owned(),
            household_id,
            household_number,
            merchant_id: row.merchant_id,
            merchant_name,
            count: row.count,
            line: row.line,
            price_fen: row.price,
            discount_fen: row.discount,
            text,
            finding: row.finding().map(FindingName::of),
            finding_text: row.found_text,
            found_by_name,
            found_at: row.found_at.map(shown),
        })
    }
}

/// Signals of a village
///
/// For supervisors only, who say why they read. Each day is looked through once it is over: many purchases
/// of one household at one merchant, round sums, prices at the ceiling, night hours. A signal blocks
/// nothing and decides nothing.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."), SignalQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Signals, the newest first.", body = Page<SignalOut>), Failures)
)]
#[get("/villages/{village_id}/purchase-signals")]
pub async fn purchase_signal_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<SignalQuery>,
) -> Result<Json<Page<SignalOut>>, Problem> {
    let SignalQuery { open, limit, cursor } = query.0;
    let before: Option<Uuid> = PageQuery { limit, cursor }.after()?;
    let (village, why) = (VillageId(path.0), reading.at(state.clock.now()));
    let rows = state
        .run(move |db| signals::list(db, &acting.actor, village, (open, before), limit, &why))
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|listed| listed.row.id).collect();
    let items: Vec<SignalOut> =
        rows.into_iter().map(SignalOut::try_from).collect::<Result<_, _>>()?;
    let both: Vec<_> = ids.into_iter().zip(items).collect();
    Ok(Json(Page::from_one_more(both, limit, |(id, _)| id.to_string(), |(_, out)| out)))
}

/// A signal, with the village whose household bought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "village_name": "云岭村",
    "signal": {
        "signal_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f67", "day": "2026-10-12",
        "kind": "many_purchases", "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
        "household_number": "003", "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "merchant_name": "亿家人诚信超市", "count": 6, "line": 4, "price_fen": 60_000,
        "discount_fen": 4_800, "text": "003户2026-10-12在亿家人诚信超市购物6次,达到提示线4次;当天在该店共600.00元,优惠48.00元。",
        "finding": null, "finding_text": null, "found_by_name": null, "found_at": null
    }
}))]
pub struct DivisionSignalOut {
    /// The village.
    village_id: Uuid,
    /// Its name.
    village_name: String,
    /// The signal.
    signal: SignalOut,
}

impl TryFrom<InVillage> for DivisionSignalOut {
    type Error = Error;

    fn try_from(found: InVillage) -> Result<Self, Error> {
        let InVillage { village_name, listed } = found;
        Ok(Self { village_id: listed.row.village_id, village_name, signal: listed.try_into()? })
    }
}

/// Signals of a division
///
/// Those of all villages of a town or county, for who supervises it, as the list of a village. The reason
/// is recorded with each village of which something is shown.
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The village, town or county."), SignalQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "Signals, the newest first.", body = Page<DivisionSignalOut>), Failures)
)]
#[get("/divisions/{division_id}/purchase-signals")]
pub async fn division_purchase_signal_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<SignalQuery>,
) -> Result<Json<Page<DivisionSignalOut>>, Problem> {
    let SignalQuery { open, limit, cursor } = query.0;
    let before: Option<Uuid> = PageQuery { limit, cursor }.after()?;
    let (division, why) = (DivisionId(path.0), reading.at(state.clock.now()));
    let rows = state
        .run(move |db| {
            signals::of_division(db, &acting.actor, division, (open, before), limit, &why)
        })
        .await?;
    let items: Vec<DivisionSignalOut> =
        rows.into_iter().map(DivisionSignalOut::try_from).collect::<Result<_, _>>()?;
    let cursor = |out: &DivisionSignalOut| out.signal.signal_id.to_string();
    Ok(Json(Page::from_one_more(items, limit, cursor, |out| out)))
}

/// What a supervisor found of a signal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"finding": "explained", "text": "当天办丧事,分几次采购,与店家和户主核实。"}))]
pub struct FindingIn {
    /// What.
    #[schema(inline)]
    finding: FindingName,
    /// In words.
    #[validate(length(min = 1, max = 1000), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// The finding, as it was written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "signal_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f67", "finding": "explained",
    "found_at": "2026-10-14T10:00:00+08:00"
}))]
pub struct FindingOut {
    /// The signal.
    signal_id: Uuid,
    /// What was found.
    finding: Option<FindingName>,
    /// When it was written.
    found_at: Option<String>,
}

impl From<SignalRow> for FindingOut {
    fn from(row: SignalRow) -> Self {
        Self {
            signal_id: row.id,
            finding: row.finding().map(FindingName::of),
            found_at: row.found_at.map(shown),
        }
    }
}

/// Write what one found of a signal
///
/// Once; it stays. It is all that a supervisor writes.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("signal_id" = Uuid, Path, description = "The signal."), KeyHeader,
    ),
    request_body = FindingIn,
    responses((status = 201, description = "Written.", body = FindingOut), Failures)
)]
#[post("/villages/{village_id}/purchase-signals/{signal_id}/findings")]
pub async fn purchase_signal_find(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<FindingIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let FindingIn { finding, text } = body.value;
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state
        .run(move |db| signals::find(db, &acting.actor, at, (finding.finding(), &text), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(FindingOut::from(row)))
}

/// From when on purchases of one household at one merchant on one day are a signal.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "many": 4, "round_fen": 5_000, "round_count": 3, "ceiling_share_bp": 9_500, "ceiling_count": 2,
    "night_from": 22, "night_until": 6, "night_count": 2
}))]
pub struct SignalLines {
    /// So many purchases.
    #[validate(range(min = 2, max = 50))]
    #[schema(minimum = 2, maximum = 50)]
    many: u16,
    /// A price that is a multiple of this is a round sum.
    #[validate(range(min = 100, max = 100_000))]
    #[schema(minimum = 100, maximum = 100_000)]
    round_fen: i64,
    /// So many round sums.
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50)]
    round_count: u16,
    /// A price of at least this share of the agreement's ceiling is at it, in basis points.
    #[validate(range(min = 5_000, max = 10_000))]
    #[schema(minimum = 5_000, maximum = 10_000)]
    ceiling_share_bp: u16,
    /// So many of them.
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50)]
    ceiling_count: u16,
    /// Night begins with this hour.
    #[validate(range(max = 23))]
    #[schema(maximum = 23)]
    night_from: u8,
    /// Night ends before this hour; another one than it begins with.
    #[validate(range(max = 23))]
    #[schema(maximum = 23)]
    night_until: u8,
    /// So many purchases at night.
    #[validate(range(min = 1, max = 50))]
    #[schema(minimum = 1, maximum = 50)]
    night_count: u16,
}

impl SignalLines {
    fn lines(&self) -> Result<Lines, Problem> {
        let share = BasisPoints::new(self.ceiling_share_bp)
            .ok_or_else(|| Problem::field(Door::Invalid, "ceiling_share_bp", "at most 10000"))?;
        Ok(Lines {
            many: self.many,
            round: Fen::new(self.round_fen),
            round_count: self.round_count,
            ceiling_share: share,
            ceiling_count: self.ceiling_count,
            night_from: self.night_from,
            night_until: self.night_until,
            night_count: self.night_count,
        })
    }
}

/// The lines of a village.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "lines": {"many": 4, "round_fen": 5_000, "round_count": 3, "ceiling_share_bp": 9_500,
        "ceiling_count": 2, "night_from": 22, "night_until": 6, "night_count": 2},
    "set_at": null
}))]
pub struct SignalLinesOut {
    /// The lines.
    lines: SignalLines,
    /// When they were set; none for the ones that hold where nobody did.
    set_at: Option<String>,
}

impl From<SetLines> for SignalLinesOut {
    fn from(SetLines { lines, set_at }: SetLines) -> Self {
        Self {
            lines: SignalLines {
                many: lines.many,
                round_fen: lines.round.get(),
                round_count: lines.round_count,
                ceiling_share_bp: lines.ceiling_share.get(),
                ceiling_count: lines.ceiling_count,
                night_from: lines.night_from,
                night_until: lines.night_until,
                night_count: lines.night_count,
            },
            set_at: set_at.map(shown),
        }
    }
}

/// The lines of a village for signals
///
/// Those above the village see and set them, and supervisors see them: who is watched does not.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "The lines.", body = SignalLinesOut), Failures)
)]
#[get("/villages/{village_id}/signal-lines")]
pub async fn signal_lines_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<SignalLinesOut>, Problem> {
    let village = VillageId(path.0);
    let found = state.run(move |db| signals::lines_of(db, &acting.actor, village)).await?;
    Ok(Json(found.into()))
}

/// Set the lines of a village for signals
///
/// For days that are looked through from now on.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body = SignalLines,
    responses((status = 200, description = "Set.", body = SignalLinesOut), Failures)
)]
#[put("/villages/{village_id}/signal-lines")]
pub async fn signal_lines_set(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<SignalLines>,
) -> Result<Json<SignalLinesOut>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let lines = body.value.lines()?;
    let set =
        state.run(move |db| signals::set_lines(db, &acting.actor, village, lines, now)).await?;
    Ok(Json(set.into()))
}
