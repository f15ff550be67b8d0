//! The rule book that the document shows as an example: short, and right.

use serde_json::{Value, json};

/// A book with one stage, one star and one item.
fn book() -> Value {
    let way = json!({
        "stages": [{
            "name": "民主评议", "role": "panel_member", "quorum": 3, "majority": "simple",
            "working_days_max": 5, "levels": []
        }],
        "notice_days": 3, "notice_every": null
    });
    json!({
        "name": "龙场乡诚信积分管理办法", "subject": "household", "cycle": "quarter",
        "base_score": "60", "claim_days_max": 90, "appeal_days_max": 60, "claim_way": way,
        "rating_way": way,
        "stars": [{
            "stars": 4, "from": "90", "inclusive": true, "star_credit_fen": 160_000,
            "discount_bp": 800
        }],
        "tracks": [], "household_score": "sum", "registration": null,
        "points_policy": {"kind": "never"}, "exchange_value_fen": 32, "forfeiture_bp": 10_000,
        "categories": [{"code": "environment", "name": "环境卫生"}],
        "items": [{
            "code": "ENV-1", "category": "environment", "name": "参加村组公共区域清扫",
            "kind": "award",
            "amount": {"kind": "per_unit", "unit": "小时", "each": 1, "points": "1", "points_max": "4"},
            "claimed_by": ["villager", "cadre"], "evidence": "photo",
            "counts_for": ["points", "dividend"],
            "caps": [{"per": "account", "period": "month", "limit": {"points": "12"}}],
            "cure_days": null, "cure": null, "tracks": [], "beneficiary": {"kind": "doer"},
            "exclusive": null, "repeat_doubles": false, "duration": {"kind": "cycle"},
            "extends_until_corrected": false, "grade": null, "suspends": null,
            "part": "personal_credit", "duty_source": null, "level": "village",
            "figures": "own"
        }]
    })
}

/// The frame of a county: it locks two settings and an item, and bounds what villages add.
pub(super) fn frame() -> Value {
    let own = |kind| json!({"kind": kind, "category": null, "items_max": 5, "points_max": "2"});
    let mut frame = book();
    let all = frame.as_object_mut().into_iter();
    for frame in all {
        frame.insert("locked".into(), json!(["base_score", "stars"]));
        frame.insert("locked_items".into(), json!(["ENV-1"]));
        frame.insert("dropped_items".into(), json!([]));
        frame.insert("pledges_bp_min".into(), json!(8_000));
        frame.insert(
            "bounds".into(),
            json!({"towns": null, "villages": [own("award"), own("deduction")]}),
        );
    }
    frame
}

/// What `rule_layer_create` takes.
pub(crate) fn layer_text() -> Value {
    json!({"layer": frame()})
}

/// What the operations on a division's layers answer.
pub(crate) fn layer() -> Value {
    json!({
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 1, "state": "adopted",
        "in_force_from": "2027-01-01",
        "order": {"number": "区委发〔2026〕12号", "issued_on": "2026-11-20"},
        "written_at": "2026-11-12T10:00:00+08:00", "adopted_at": "2026-11-21T10:00:00+08:00",
        "layer": frame(), "faults": [], "contradictions": []
    })
}

/// What `rule_book_update` takes.
pub(super) fn text() -> Value {
    json!({"book": book()})
}

/// What the operations on a village's rule books answer.
pub(super) fn rule_book() -> Value {
    json!({
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 2, "state": "in_force",
        "in_force_from": "2026-10-01",
        "resolution": {
            "held_on": "2026-09-20", "present": 42, "votes_for": 40, "votes_against": 1
        },
        "written_at": "2026-09-12T10:00:00+08:00", "adopted_at": "2026-09-21T10:00:00+08:00",
        "book": book(), "layer": null, "pledges": null, "county_layer_id": null,
        "town_layer_id": null, "carried_from": null, "merged_later": [],
        "item_origins": {},
        "faults": [], "contradictions": [], "warnings": []
    })
}

/// What a dry run of `rule_book_import` answers.
pub(super) fn trial() -> Value {
    json!({
        "book": book(), "faults": [],
        "warnings": [{
            "file_place": "条目!A4", "place": "items[0].caps", "kind": "no_cap",
            "message": "加分没有限额"
        }],
        "ignored": [{"file_place": "条目!Z3", "name": "备忘"}]
    })
}

/// What `rule_book_preset_show` answers.
pub(super) fn preset() -> Value {
    json!({
        "name": "shuicheng",
        "provenance": {
            "source": "党建网 2020-07-29《贵州水城:“点线面网”构建乡村诚信管理体系》",
            "published": ["claim_way.notice_days", "stars.star_credit_fen"],
            "default": ["base_score", "items"]
        },
        "book": book()
    })
}

#[cfg(test)]
mod tests {
    use domain::rule_book::{Layer, RuleBook};
    use serde::Deserialize;

    use super::*;
    use crate::rule_books::book::Book;
    use crate::rule_books::layer::LayerBody;

    #[test]
    fn the_example_of_a_frame_is_shown_as_it_stands() {
        let known = Layer::deserialize(frame()).unwrap();
        let shown = LayerBody::of(&known).unwrap();
        assert_eq!(serde_json::to_value(shown).unwrap(), frame());
    }

    #[test]
    fn the_example_is_a_book_without_a_fault_and_shown_as_it_stands() {
        let known = RuleBook::deserialize(book()).unwrap();
        assert_eq!(known.faults(), []);
        assert_eq!(serde_json::to_value(Book::shown(&book()).unwrap()).unwrap(), book());
    }
}
