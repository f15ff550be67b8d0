//! The pay list as a workbook, for those who hand out and sign.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::calendar::day_of;
use domain::id::{PayoutId, VillageId};
use domain::points::{Fen, Points};
use infra::payouts::{self, PayoutRow, ShownLine};
use table_file::{Cell, Table};
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::download::{TableFile, xlsx};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

const COLUMNS: [&str; 10] =
    ["序号", "户号", "姓名", "积分", "名次", "奖项", "金额(元)", "奖品", "领取情况", "签字"];

fn row(line: &ShownLine) -> Vec<Cell> {
    let text = |text: Option<&str>| text.map_or(Cell::Empty, Cell::text);
    let collected = line.handover.as_ref().map(|one| {
        let how = match one.how.as_str() {
            "cash" => "现金",
            "card" => "一卡通",
            "transfer" => "转账",
            _ => "实物",
        };
        let note = if one.note.is_empty() { String::new() } else { format!("({})", one.note) };
        format!("{} {how} {}{note}", day_of(one.handed_out_at), one.received_by)
    });
    vec![
        Cell::Count(i64::from(line.row.place)),
        Cell::text(&line.household_number),
        text(line.name.as_deref()),
        Cell::Points(Points::from_hundredths(line.row.points)),
        line.row.rank.map_or(Cell::Empty, |rank| Cell::Count(i64::from(rank))),
        text(line.row.title.as_deref()),
        Cell::Fen(Fen::new(line.row.fen)),
        text(line.row.goods.as_deref()),
        text(collected.as_deref()),
        Cell::Empty,
    ]
}

fn table(payout: &PayoutRow, lines: &[ShownLine]) -> Table {
    let mut totals = vec![Cell::Empty; COLUMNS.len()];
    if let [first, _, _, _, _, _, sum, ..] = totals.as_mut_slice() {
        *first = Cell::text("合计");
        *sum = Cell::Fen(Fen::new(payout.total));
    }
    Table {
        name: "发放名单".to_owned(),
        notes: vec![
            payout.title.clone(),
            format!("期间:{}至{}", payout.from_day, payout.until_day),
            format!("核算时间:{}", shown(payout.as_of)),
            format!("共{}份", lines.len()),
        ],
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: lines.iter().map(row).collect(),
        totals,
    }
}

/// Download the pay list of a dividend or of awards
///
/// As XLSX, in effect or paid: every part with name, amount and how it was collected, and the total. It
/// names people, so everybody gives a reason, which is recorded.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        ReadingHeader,
    ),
    responses(
        (
            status = 200,
            description = "The file, for downloading.",
            content((TableFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
        ),
        Failures
    )
)]
#[get("/villages/{village_id}/payouts/{payout_id}/file")]
pub async fn payout_export(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), PayoutId(path.0.1));
    let why = reading.at(state.clock.now());
    let (payout, lines) =
        state.run(move |db| payouts::export(db, &acting.actor, village, id, &why)).await?;
    let ascii = format!("{}-{}", payout.kind, payout.until_day);
    xlsx(&ascii, &format!("{}发放名单", payout.title), &[table(&payout, &lines)])
}
