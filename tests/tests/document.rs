//! The OpenAPI document: complete, and the one that is committed.

use std::collections::BTreeSet;

use api::access::{Access, OPERATIONS, of};
use serde_json::Value;
use testing::access::{Body, fixtures};
use testing::document::{Operation, document, operations, resolved};
use testing::golden;

const TAGS: [&str; 6] = ["mini-program", "review", "merchant", "admin", "open", "demo"];

#[test]
fn the_committed_document_is_what_the_program_says() {
    golden::compare("openapi/openapi.json", api::openapi::text());
}

#[test]
fn every_operation_stands_in_the_access_table_and_no_row_is_stale() {
    let all = operations(&document());
    let known: BTreeSet<_> = all.iter().map(|operation| operation.id.as_str()).collect();
    let rows: BTreeSet<_> = OPERATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(known.len(), all.len(), "an operation id stands twice");
    assert_eq!(rows.len(), OPERATIONS.len(), "a row stands twice");
    assert_eq!(known.difference(&rows).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a row");
    assert_eq!(rows.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "stale rows");
}

/// Whole names, since the document has one room for all: of two that are called the same only one
/// would be in it.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut folders =
        vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../api/src"))];
    let (mut seen, mut twice) = (BTreeSet::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder of the API") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).expect("a source file");
            let mut schema = false;
            for line in text.lines() {
                schema |= line.starts_with("#[derive(") && line.contains("ToSchema");
                let name = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "));
                let Some(name) = name else { continue };
                let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
                if schema && !seen.insert(name.to_owned()) {
                    twice.push(name.to_owned());
                }
                schema = false;
            }
        }
    }
    assert!(seen.len() > 50, "{} schemas found", seen.len());
    assert_eq!(twice, Vec::<String>::new());
}

/// Collects what is wrong with every operation, to be told at once.
#[track_caller]
fn for_each(mut check: impl FnMut(&Value, &Operation, &mut Vec<String>)) {
    let (document, mut faults) = (document(), Vec::new());
    for operation in operations(&document) {
        let mut told = Vec::new();
        check(&document, &operation, &mut told);
        faults.extend(told.into_iter().map(|fault| format!("{}: {fault}", operation.id)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_operation_says_what_it_does_who_may_call_it_and_what_can_go_wrong() {
    for_each(|_, operation, faults| {
        let value = &operation.value;
        let mut need = |right: bool, what: &str| {
            if !right {
                faults.push(what.to_owned());
            }
        };
        let text = |key: &str| value[key].as_str().unwrap_or_default();
        need(!text("summary").trim().is_empty(), "no summary");
        need(text("description").contains("Who may call it: "), "does not say who may call it");
        let tags = value["tags"].as_array().cloned().unwrap_or_default();
        let known = tags.len() == 1 && tags.iter().all(|tag| TAGS.iter().any(|known| tag == known));
        need(known, "not one of the known tags");
        let security = value["security"].as_array().cloned().unwrap_or_default();
        match of(&operation.id) {
            Some(Access::Anyone) => need(security.is_empty(), "asks for a token, but anyone may"),
            _ => need(
                security.iter().any(|one| one["access_token"].is_array()),
                "does not say that it needs a token",
            ),
        }
        let responses = value["responses"].as_object().cloned().unwrap_or_default();
        need(responses.keys().any(|status| status.starts_with('2')), "no answer for success");
        for status in ["400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"]
        {
            let problem = &responses.get(status).unwrap_or(&Value::Null)["content"];
            let described = problem["application/problem+json"]["schema"].is_object();
            need(described, &format!("{status} is not described"));
        }
        for (status, response) in &responses {
            let words = response["description"].as_str().unwrap_or_default();
            need(!words.trim().is_empty(), &format!("{status} has no description"));
        }
    });
}

/// Whether a schema has an example of its own; a page has that of its items.
fn has_example(document: &Value, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let own = !schema["example"].is_null() || !schema["examples"].is_null();
    let page = &schema["properties"]["items"]["items"];
    own || (!page.is_null() && has_example(document, page))
}

/// The macro that describes handlers does not see what our own extractor `Body<T>` reads, so each
/// says `request_body = T`; that none forgets is held against what the walk sends.
#[test]
fn every_body_that_an_operation_takes_is_described() {
    for_each(|_, operation, faults| {
        let content = &operation.value["requestBody"]["content"];
        let mut rows = fixtures().filter(|fixture| fixture.operation == operation.id);
        for (sent, media) in [
            (rows.clone().any(|row| matches!(row.body, Body::Json(_))), "application/json"),
            (rows.any(|row| matches!(row.body, Body::File(..))), "multipart/form-data"),
        ] {
            match (sent, content[media]["schema"].is_object()) {
                (true, false) => faults.push(format!("takes {media} and does not describe it")),
                (false, true) => faults.push(format!("describes {media} that nobody sends")),
                _ => {}
            }
        }
        if content.is_object() && operation.value["requestBody"]["required"] != true {
            faults.push("does not say that its body is needed".to_owned());
        }
    });
}

#[test]
fn every_json_body_comes_with_an_example() {
    for_each(|document, operation, faults| {
        let request = &operation.value["requestBody"]["content"]["application/json"]["schema"];
        if !request.is_null() && !has_example(document, request) {
            faults.push("the body has no example".to_owned());
        }
        for (status, response) in operation.value["responses"].as_object().into_iter().flatten() {
            let answer = &response["content"]["application/json"]["schema"];
            if !answer.is_null() && !has_example(document, answer) {
                faults.push(format!("the answer {status} has no example"));
            }
        }
    });
}

/// Which limits a schema itself does not state.
fn missing_limits(schema: &Value) -> Vec<&'static str> {
    let is = |kind: &str| {
        let kinds = schema["type"].as_array();
        schema["type"] == kind || kinds.is_some_and(|kinds| kinds.iter().any(|one| one == kind))
    };
    let has = |key: &str| !schema[key].is_null();
    let format = schema["format"].as_str().unwrap_or_default();
    let fixed = has("enum") || has("const") || ["uuid", "date", "date-time"].contains(&format);
    let bounded = has("minimum") && has("maximum");
    let map = schema["additionalProperties"].is_object();
    [
        (is("string") && !fixed && !has("maxLength"), "a text without maxLength"),
        ((is("integer") || is("number")) && !bounded, "a number without minimum and maximum"),
        (is("array") && !has("maxItems"), "a list without maxItems"),
        (map && !has("maxProperties"), "a map without maxProperties"),
    ]
    .into_iter()
    .filter_map(|(missing, what)| missing.then_some(what))
    .collect()
}

/// Everything in a schema that has no stated limit, by its place.
fn unlimited(
    document: &Value,
    schema: &Value,
    place: &str,
    seen: &mut BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    if let Some(reference) = schema["$ref"].as_str()
        && !seen.insert(reference.to_owned())
    {
        return;
    }
    let schema = resolved(document, schema);
    faults.extend(missing_limits(schema).iter().map(|what| format!("{place}: {what}")));
    for key in ["oneOf", "anyOf", "allOf"] {
        for inner in schema[key].as_array().into_iter().flatten() {
            unlimited(document, inner, place, seen, faults);
        }
    }
    for (key, part) in [("items", "[]"), ("additionalProperties", ".*")] {
        if schema[key].is_object() {
            unlimited(document, &schema[key], &format!("{place}{part}"), seen, faults);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        unlimited(document, property, &format!("{place}.{name}"), seen, faults);
    }
}

#[test]
fn every_limit_of_what_a_request_brings_is_stated() {
    for_each(|document, operation, faults| {
        for (media, content) in
            operation.value["requestBody"]["content"].as_object().into_iter().flatten()
        {
            if media == "application/json" {
                unlimited(document, &content["schema"], "body", &mut BTreeSet::new(), faults);
            }
        }
        for parameter in operation.value["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            unlimited(document, &parameter["schema"], name, &mut BTreeSet::new(), faults);
        }
    });
}

#[test]
fn a_limit_that_is_missing_is_found() {
    let schema = serde_json::json!({"type": "object", "properties": {
        "a": {"type": "string"}, "b": {"type": ["string", "null"], "maxLength": 9},
        "c": {"type": "array", "maxItems": 3, "items": {"type": "integer", "minimum": 0}},
        "d": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    }});
    let mut faults = Vec::new();
    unlimited(&Value::Null, &schema, "body", &mut BTreeSet::new(), &mut faults);
    assert_eq!(
        faults,
        [
            "body.a: a text without maxLength",
            "body.c[]: a number without minimum and maximum",
            "body.d: a list without maxItems",
        ]
    );
}
