//! The OpenAPI document as the tests read it.

use serde_json::Value;

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// `get`, `post`, `put` or `delete`.
    pub method: String,
    /// Its path, such as `/v1/villages/{village_id}`.
    pub path: String,
    /// What the document says of it.
    pub value: Value,
}

/// The whole document.
pub fn document() -> Value {
    serde_json::from_str(api::openapi::text()).expect("JSON")
}

/// Every operation, in the order of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("methods").clone();
        let path = path.clone();
        methods.into_iter().filter(|(method, _)| method != "parameters").map(
            move |(method, value)| {
                let id = value["operationId"].as_str().unwrap_or_default().to_owned();
                Operation { id, method, path: path.clone(), value }
            },
        )
    };
    paths.iter().flat_map(of_path).collect()
}

/// The schema that a schema stands for: what it refers to, or itself.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#');
            resolved(document, document.pointer(pointer).expect("a schema that exists"))
        }
        None => schema,
    }
}
