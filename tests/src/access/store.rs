//! The rows of the points store: see [`super::table`].

use super::fixture::{Fixture, on};

/// The operations of the points store, in the order of `routes.rs`.
pub const STORE: &[Fixture] = &[
    on("store_create").json(
        r#"{"store": {"name": "{phone}", "address": "村口", "hours": "周六", "phone": "1"}}"#,
    ),
    on("store_list"),
    on("store_show"),
    on("store_update")
        .json(r#"{"name": "{card_number}", "address": "村口", "hours": "周六", "phone": "1"}"#),
    on("store_close").path(&[("store_id", "closing_store")]),
    on("goods_create").json(
        r#"{"kind": "stock", "goods": {"name": "盐", "unit": "袋", "category": "food", "price": "1",
            "market_price_fen": 1000, "on_sale_from": "{today}"}}"#,
    ),
    on("goods_list"),
    on("goods_list").case("of a store").query("?store_id={store}"),
    on("goods_heading_list"),
    on("goods_show"),
    on("goods_update").json(
        r#"{"name": "盐", "unit": "袋", "category": "food", "price": "1", "market_price_fen": 1000,
            "on_sale_from": "{today}"}"#,
    ),
    on("goods_withdraw").path(&[("goods_id", "withdrawn_goods")]),
    on("slot_create").path(&[("goods_id", "service")]).json(
        r#"{"starts_at": "2026-01-01T08:00:00+08:00", "ends_at": "2026-01-01T09:00:00+08:00",
            "capacity": 1, "place": "田头"}"#,
    ),
    on("slot_list").path(&[("goods_id", "service")]),
    on("slot_close").path(&[("goods_id", "service")]),
    on("stock_entry_create").json(r#"{"task": "delivery", "quantity": 5}"#),
    on("stock_entry_create")
        .case("of the village")
        .path(&[("store_id", "village_store"), ("goods_id", "village_goods")])
        .json(r#"{"task": "delivery", "quantity": 5}"#),
    on("stock_entry_list"),
    on("stock_entry_list")
        .case("of the village")
        .path(&[("store_id", "village_store"), ("goods_id", "village_goods")]),
    on("redemption_create").json(r#"{"goods_id": "{goods}", "quantity": 1}"#),
    on("household_redemption_list"),
    on("redemption_show"),
    on("redemption_cancel").json(r#"{"reason": "缺货"}"#),
    on("pickup_look_up").json(r#"{"code": "{pickup_code}"}"#),
    on("pickup_look_up")
        .case("of the village")
        .path(&[("store_id", "village_store")])
        .json(r#"{"code": "{pickup_code}"}"#),
    on("pickup_create").json(r#"{"proof": {"code": "{pickup_code}"}, "cash_taken_fen": 0}"#),
    on("pickup_create")
        .case("of the village")
        .path(&[("store_id", "village_store")])
        .json(r#"{"proof": {"code": "{pickup_code}"}, "cash_taken_fen": 0}"#),
    on("card_redemption_create").json(
        r#"{"card_number": "{store_card_number}", "pin": "{pin}",
            "order": {"goods_id": "{goods}", "quantity": 1}}"#,
    ),
    on("card_redemption_create")
        .case("of the village")
        .path(&[("store_id", "village_store")])
        .json(
            r#"{"card_number": "{store_card_number}", "pin": "{pin}",
                "order": {"goods_id": "{village_goods}", "quantity": 1}}"#,
        ),
    on("store_redemption_list"),
    on("store_redemption_list").case("of the village").path(&[("store_id", "village_store")]),
    on("redemption_refund")
        .path(&[("redemption_id", "handed_over")])
        .json(r#"{"reason": "破损", "goods": "written_off"}"#),
    on("redemption_refund")
        .case("of the village")
        .path(&[("redemption_id", "village_handed_over")])
        .json(r#"{"reason": "破损", "goods": "written_off"}"#),
];
