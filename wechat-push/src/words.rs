//! How WeChat writes things, in its answers as in its pushes.

use domain::content::Answer;
use serde_json::Value;

/// The longest trace id accepted, in bytes; WeChat's have 26.
const TRACE_ID_BYTES_MAX: usize = 128;

/// A number that WeChat writes as one, or as a text.
pub fn number(value: &Value) -> Option<i32> {
    match value {
        Value::Number(number) => number.as_i64().and_then(|number| i32::try_from(number).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// WeChat's name for a question: of letters, digits and signs, so that it can be stored.
pub fn trace_id_of(answer: &Value) -> Option<String> {
    let id = answer.get("trace_id")?.as_str()?;
    let fits = (1..=TRACE_ID_BYTES_MAX).contains(&id.len());
    (fits && id.bytes().all(|byte| byte.is_ascii_graphic())).then(|| id.to_owned())
}

/// What a `suggest` of WeChat's means. One that we do not know is no pass.
pub fn answer_of(suggest: &str) -> Answer {
    match suggest {
        "pass" => Answer::Pass,
        "review" => Answer::Review,
        "risky" => Answer::Risky,
        _ => Answer::Unreadable,
    }
}
