use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{BadTemplates, Fault, Templates};
use crate::messages::Kind;
use crate::messages::facts::{self, Told};

const GOOD: &str = r#"
[[template]]
id = "k8K3"
title = "申报进度提醒"
kinds = ["claim_returned", "claim_posted"]
page = "pages/messages/show?id={message_id}"
[template.fields]
thing1 = "{item_name}"
phrase2 = "{state}"
character_string3 = "{points}"
time4 = "{sent_at}"
thing5 = "计{points}分,{happened_on}"
"#;

/// The file with one piece of it replaced.
fn with(old: &str, new: &str) -> Result<Templates, BadTemplates> {
    assert!(GOOD.contains(old), "{old}");
    Templates::parse(&GOOD.replace(old, new))
}

fn values(templates: &Templates, kind: Kind, data: &Json) -> Vec<String> {
    let told = told(kind, data);
    let made = templates.of_kind(kind).unwrap().values(&told).unwrap();
    made.iter().map(|(field, value)| format!("{field}={}", value.as_str())).collect()
}

fn told(kind: Kind, data: &Json) -> Told<'_> {
    let sent_at: DateTime<Utc> = "2026-10-12T02:00:00Z".parse().unwrap();
    Told { id: Uuid::from_u128(0xabc), kind, data, sent_at }
}

#[test]
fn a_message_is_put_into_the_fields_of_its_template() {
    let templates = Templates::parse(GOOD).unwrap();
    let data = json!({
        "item_name": "主动打扫村口公共厕所并清运建筑垃圾两车以上", "points": "-2.5",
        "happened_on": "2026-10-01",
    });
    let expected = [
        "thing1=主动打扫村口公共厕所并清运建筑垃圾两车…",
        "thing5=计-2.5分,2026年10月1日",
        "character_string3=-2.5",
        "time4=2026年10月12日 10:00",
        "phrase2=已入账",
    ];
    assert_eq!(values(&templates, Kind::ClaimPosted, &data), expected);
    let page = templates.of_kind(Kind::ClaimPosted).unwrap();
    let page = page.page(&told(Kind::ClaimPosted, &data)).unwrap();
    assert_eq!(page, "pages/messages/show?id=00000000000000000000000000000abc");
    assert!(templates.of_kind(Kind::PurchaseMade).is_none());
}

#[test]
fn words_that_were_not_given_are_none_and_a_figure_that_is_missing_is_not_made_up() {
    let file = GOOD.replace(r#"thing5 = "计{points}分,{happened_on}""#, r#"thing5 = "{reason}""#);
    let templates = Templates::parse(&file.replace(r#", "claim_posted""#, "")).unwrap();
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    assert!(values(&templates, Kind::ClaimReturned, &data).contains(&"thing5=无".to_owned()));
    let unseen = json!({"item_name": "清扫", "points": "2", "reason": "\u{200b}\n"});
    assert!(values(&templates, Kind::ClaimReturned, &unseen).contains(&"thing5=无".to_owned()));
    let without = json!({"item_name": "清扫"});
    let template = templates.of_kind(Kind::ClaimReturned).unwrap();
    let fault = template.values(&told(Kind::ClaimReturned, &without)).unwrap_err();
    assert_eq!(fault.field.to_string(), "character_string3");
}

/// What the program leaves in `data`, for each kind that is sent.
fn samples() -> Vec<(Kind, Json)> {
    let claim = json!({"claim_id": Uuid::nil(), "item_name": "清扫", "kind": "award",
        "points": "2", "happened_on": "2026-10-01", "reason": "请补照片", "text": "沟边倒垃圾",
        "cure": "清理干净", "cure_until": "2026-10-20", "notice_number": 3,
        "closes_at": "2026-10-15T16:00:00Z"});
    let of = |kind| (kind, claim.clone());
    let report = json!({"report_id": Uuid::nil(), "kind": "nuisance", "category_name": "乱倒垃圾",
        "place": "村口小桥边", "due_at": "2026-10-15T16:00:00Z"});
    vec![
        of(Kind::ClaimReturned),
        of(Kind::ClaimCertified),
        of(Kind::ClaimOnNotice),
        of(Kind::ClaimPosted),
        of(Kind::DeductionRecorded),
        (Kind::ObjectionAnswered, json!({"outcome": "struck", "answer": "经查不实"})),
        (
            Kind::RatingPublished,
            json!({"cycle": "2026-Q3", "score": "83.5", "stars": 4, "star_credit_fen": 160_000}),
        ),
        (
            Kind::PurchaseMade,
            json!({"merchant_name": "亿家人超市", "price_fen": 10_000, "discount_fen": 800,
                "to_pay_fen": 9_200, "credit_left_fen": 40_000}),
        ),
        (Kind::ReportDispatched, report.clone()),
        (Kind::ReportResolved, report),
    ]
}

#[test]
fn every_fact_of_every_kind_is_found_in_what_the_program_leaves() {
    let samples = samples();
    let sent: Vec<_> = Kind::ALL.iter().copied().filter(|kind| kind.is_sent()).collect();
    let sampled: Vec<_> = samples.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(sampled, sent);
    for (kind, data) in &samples {
        let told = told(*kind, data);
        for name in facts::names(*kind) {
            let fact = told.fact(name).unwrap_or_else(|| panic!("{} {name}", kind.as_str()));
            assert_eq!(Some(fact.kind()), facts::kind_of(*kind, name), "{name}");
        }
    }
}

#[test]
fn the_templates_of_the_demo_take_every_kind() {
    let templates = Templates::of_demo().unwrap();
    for (kind, data) in samples() {
        let template = templates.of_kind(kind).unwrap_or_else(|| panic!("{}", kind.as_str()));
        template.values(&told(kind, &data)).unwrap();
    }
    assert!(templates.has("demo-rating") && !templates.has("demo"));
}

#[test]
fn a_template_named_twice_is_asked_for_once() {
    let second = "[[template]]\nid = \"k8K3\"\ntitle = \"申报进度提醒\"\n\
        kinds = [\"claim_certified\"]\n[template.fields]\nphrase2 = \"已通过\"\n";
    let templates = Templates::parse(&format!("{GOOD}{second}")).unwrap();
    let each = templates.each();
    assert_eq!(each.len(), 1);
    assert_eq!(each[0].2, [Kind::ClaimReturned, Kind::ClaimPosted, Kind::ClaimCertified]);
    let data = json!({});
    assert_eq!(values(&templates, Kind::ClaimCertified, &data), ["phrase2=已通过"]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (old, new, line, part) in [
        (r#"id = "k8K3""#, r#"id = "k8 K3""#, 3, "id has up to 64 letters"),
        (r#"id = "k8K3""#, "", 2, "missing field `id`"),
        (r#"id = "k8K3""#, r#"id = k8"#, 3, ""),
        (r#"id = "k8K3""#, r#"colour = "red""#, 3, "unknown field `colour`"),
        (r#""申报进度提醒""#, r#""""#, 4, "title has 1 to"),
        ("claim_posted", "claim_rejected", 5, "claim_rejected is not sent"),
        ("claim_posted", "news", 5, "news is not sent; these are: claim_returned"),
        ("claim_posted", "claim_returned", 5, "claim_returned stands in kinds twice"),
        (r#"["claim_returned", "claim_posted"]"#, "[]", 2, "at least one kind"),
        ("pages/messages", "/pages/messages", 6, "page is a path"),
        ("{message_id}", "{item_name}", 6, "no fact but {message_id}"),
        ("thing1", "thing", 8, "thing is no field"),
        ("thing1", "things1", 8, "things1 is no field"),
        ("{item_name}", "{item_name", 8, "facts in braces"),
        ("{item_name}", "{reason}", 8, "claim_posted has no fact {reason}; it has: message_id,"),
        ("{state}", "{item_name}", 9, "phrase2: phrase cannot say {item_name}"),
        ("{state}", "正在进行评议", 9, "“正在进行评议” does not fit phrase"),
        ("{state}", "{state}中", 9, "phrase says one thing alone"),
        (r#""{points}""#, r#""{item_name}""#, 10, "character_string cannot say {item_name}"),
        (r#""{points}""#, r#""{message_id}-{points}""#, 10, "this may not fit character_string"),
        (r#""{points}""#, r#""{points}分""#, 10, "this may not fit character_string"),
        (
            "{sent_at}",
            "{happened_on}",
            11,
            "time cannot say {happened_on}: a fact that is a moment",
        ),
        ("{sent_at}", "10:00", 11, "“10:00” does not fit time"),
        ("计{points}分,{happened_on}", "", 12, "facts in braces"),
    ] {
        let BadTemplates(faults) = with(old, new).expect_err(new);
        let found = faults.iter().any(|fault| fault.line == line && fault.text.contains(part));
        assert!(found, "{new}: {faults:?}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file() {
    let file =
        GOOD.replace("thing1", "thing").replace("k8K3", "k 8").replace("{state}", "{nothing}");
    let BadTemplates(faults) = Templates::parse(&format!("state = \"beta\"{file}")).unwrap_err();
    let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
    // The unknown fact is told for each of the two kinds.
    assert_eq!(lines, [1, 3, 8, 9, 9]);
    let text = BadTemplates(vec![
        Fault { line: 3, text: "a".into() },
        Fault { line: 8, text: "b".into() },
    ]);
    assert_eq!(text.to_string(), "line 3: a\nline 8: b");
}

#[test]
fn a_file_without_templates_sends_nothing_and_one_too_large_is_refused() {
    assert!(Templates::parse("").unwrap().each().is_empty());
    assert!(Templates::parse(&"# x\n".repeat(20_000)).is_err());
    let many: String = (0..26)
        .map(|n| format!("[[template]]\nid = \"t{n}\"\ntitle = \"t\"\nkinds = []\nfields = {{}}\n"))
        .collect();
    let BadTemplates(faults) = Templates::parse(&many).unwrap_err();
    assert!(faults.iter().any(|fault| fault.text.starts_with("more than 25 templates")));
}
