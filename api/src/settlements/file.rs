//! A statement as a workbook: what is filed with the voucher.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::calendar::day_of;
use domain::discount::Category;
use domain::id::VillageId;
use domain::points::{BasisPoints, Fen, Points};
use domain::settlement::{Side, State as Stands};
use infra::error::Error;
use infra::settlements::{self, LINES_MAX, Line, LineKind, Lines, Shown};
use table_file::{Cell, Table};
use uuid::Uuid;

use super::out::{PartyKindName, party_kind};
use crate::answers::Failures;
use crate::body::InPath;
use crate::download::{self, TableFile};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A statement as a workbook
///
/// `statement-2026-10.xlsx`, in Chinese: the figures, and every line with its entry. Whoever takes it away
/// says why (`Reading-Reason`), and that is recorded.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), ReadingHeader,
    ),
    responses(
        (
            status = 200,
            description = "The file, for downloading.",
            content(
                (TableFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Failures
    )
)]
#[get("/villages/{village_id}/settlements/{settlement_id}/file")]
pub async fn settlement_export(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), path.0.1);
    let why = reading.at(state.clock.now());
    state
        .run(move |db| {
            let found = settlements::export(db, &acting.actor, village, id, &why)?;
            tables(&found).map(|tables| (found.shown, tables))
        })
        .await
        .and_then(|(shown, tables)| {
            let month = &shown.row.month;
            let name = format!("{}{month}对账单({})", shown.party.name, shown.village_name);
            download::xlsx(&format!("statement-{month}"), &name, &tables)
        })
}

fn tables(found: &Lines) -> Result<[Table; 2], Error> {
    let Shown { row, party, village_name } = &found.shown;
    let kind = party_kind(row)?;
    let state = match row.state()? {
        Stands::Open => "待审核",
        Stands::Differs => "账实不符",
        Stands::Approved => "已审核",
        Stands::Paid => "已付款",
        Stands::Closed => "已结清",
    };
    let heading = format!("{}与{village_name} {}对账单({state})", party.name, row.month);
    let due = match kind {
        PartyKindName::VillageStore => "应交村基金(元)",
        PartyKindName::Merchant | PartyKindName::MerchantStore => "村应付(元)",
    };
    let figures = row.figures();
    let amount = |title: &str, fen: i64| vec![Cell::text(title), Cell::Fen(Fen::new(fen))];
    let mut rows = Vec::new();
    for (title, side) in [("本月发生", &figures.sales), ("本月退货", &figures.refunds)] {
        rows.extend(side_rows(title, side, kind));
    }
    rows.push(amount("本月净额(元)", row.net));
    rows.push(amount("上月结转(元)", row.carried_in));
    rows.push(amount("结转下月(元)", row.carried_out));
    let reconciled = if figures.reconciled(row.party()?) { "一致" } else { "不一致" };
    rows.push(vec![Cell::text("与台账核对"), Cell::text(reconciled)]);
    if let Some(by_ledger) = row.ledger_net {
        rows.push(amount("按台账结算净额(元)", by_ledger));
    }
    let summary = Table {
        name: "汇总".to_owned(),
        notes: vec![heading.clone()],
        columns: vec!["项目".to_owned(), "数额".to_owned()],
        rows,
        totals: amount(due, row.due),
    };
    Ok([summary, details(found, heading)])
}

fn side_rows(title: &str, side: &Side, kind: PartyKindName) -> Vec<Vec<Cell>> {
    let named = |what: &str, cell: Cell| vec![Cell::text(format!("{title}{what}")), cell];
    let mut rows =
        vec![named("笔数", Cell::Count(side.count)), named("商品金额(元)", Cell::Fen(side.price))];
    match kind {
        PartyKindName::Merchant => {
            rows.push(named("诚信金抵扣(元)", Cell::Fen(side.owed)));
            rows.push(named("商家让利(元)", Cell::Fen(side.given)));
            rows.push(named("台账抵扣(元)", Cell::Fen(Fen::new(side.ledger))));
        }
        PartyKindName::MerchantStore | PartyKindName::VillageStore => {
            rows.push(named("积分折值(元)", Cell::Fen(side.owed)));
            rows.push(named("收取现金(元)", Cell::Fen(side.cash)));
            rows.push(named("兑换积分", Cell::Points(side.points)));
            let ledger = Points::from_hundredths(side.ledger);
            rows.push(named("台账积分", Cell::Points(ledger)));
        }
    }
    rows
}

/// Every line, refunds below zero, so that the columns add up to what the statement says.
fn details(found: &Lines, heading: String) -> Table {
    let mut notes = vec![heading];
    if i64::try_from(found.lines.len()).is_ok_and(|count| count >= LINES_MAX) {
        notes.push(format!("只列出前{LINES_MAX}行,其余请在系统中查看"));
    }
    let signed = |line: &Line, fen: Fen| match line.kind {
        LineKind::Sale => fen.get(),
        LineKind::Refund => -fen.get(),
    };
    let points = |line: &Line| match line.kind {
        LineKind::Sale => line.points,
        LineKind::Refund => line.points.negated(),
    };
    let rows = found.lines.iter().map(|line| {
        vec![
            Cell::Day(day_of(line.at)),
            Cell::text(crate::time::shown(line.at)),
            Cell::text(if line.kind == LineKind::Sale { "发生" } else { "退货" }),
            Cell::text(line.goods.clone().unwrap_or_default()),
            Cell::text(line.category.map(category_name).unwrap_or_default()),
            Cell::text(line.share.map(percent).unwrap_or_default()),
            Cell::Fen(Fen::new(signed(line, line.price))),
            Cell::Fen(Fen::new(signed(line, line.owed))),
            Cell::Fen(Fen::new(signed(line, line.given))),
            Cell::Fen(Fen::new(signed(line, line.cash))),
            Cell::Points(points(line)),
            Cell::text(line.of.to_string()),
            Cell::text(line.entry.map(|id| id.to_string()).unwrap_or_default()),
        ]
    });
    let sum = |fen: fn(&Line) -> Fen| {
        let all = found.lines.iter().map(|line| signed(line, fen(line)));
        // Of at most 100,000 lines below the ceiling of a price.
        Cell::Fen(Fen::new(all.fold(0, i64::saturating_add)))
    };
    let all_points =
        found.lines.iter().map(|line| points(line).hundredths()).fold(0, i64::saturating_add);
    let columns = [
        "日期",
        "时间",
        "类型",
        "商品",
        "品类",
        "优惠比例",
        "商品金额(元)",
        "村承担(元)",
        "商家让利(元)",
        "现金(元)",
        "积分",
        "交易编号",
        "台账编号",
    ];
    Table {
        name: "明细".to_owned(),
        notes,
        columns: columns.map(str::to_owned).into(),
        rows: rows.collect(),
        totals: vec![
            Cell::text("合计"),
            Cell::Empty,
            Cell::Count(i64::try_from(found.lines.len()).unwrap_or(i64::MAX)),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            sum(|line| line.price),
            sum(|line| line.owed),
            sum(|line| line.given),
            sum(|line| line.cash),
            Cell::Points(Points::from_hundredths(all_points)),
            Cell::Empty,
            Cell::Empty,
        ],
    }
}

/// As people call a category of goods.
const fn category_name(category: Category) -> &'static str {
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

/// "8.00%"
fn percent(share: BasisPoints) -> String {
    format!("{}.{:02}%", share.get() / 100, share.get() % 100)
}
