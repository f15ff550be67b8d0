//! WeChat's XML as the JSON that it would have sent: elements become fields, several of a name a
//! list, everything else text.
//!
//! Nothing is ever expanded: a document type is refused, and with it every entity that is not one of
//! XML's own five. Depth is limited; length is by the caller.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// How deep elements may lie in each other; WeChat's lie three deep.
const DEPTH_MAX: usize = 8;

/// An element that has begun.
#[derive(Default)]
struct Open {
    name: String,
    fields: Map<String, Value>,
    text: String,
}

/// What is in the one element of the document, or nothing where it is no XML of this kind.
pub(super) fn read(body: &[u8]) -> Option<Value> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).ok()?);
    let mut open: Vec<Open> = Vec::new();
    let mut whole = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) | Event::Empty(_) if whole.is_some() || open.len() >= DEPTH_MAX => {
                return None;
            }
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                open.push(Open { name: text_of(name.as_ref())?, ..Open::default() });
            }
            Event::Empty(empty) => {
                let name = text_of(empty.name().as_ref())?;
                add(&mut open.last_mut()?.fields, name, Value::String(String::new()));
            }
            Event::End(_) => {
                let Open { name, fields, text } = open.pop()?;
                let value = if fields.is_empty() {
                    Value::String(text.trim().to_owned())
                } else {
                    Value::Object(fields)
                };
                match open.last_mut() {
                    Some(parent) => add(&mut parent.fields, name, value),
                    None => whole = Some(value),
                }
            }
            Event::Text(text) => match open.last_mut() {
                Some(element) => element.text.push_str(&text.xml10_content()),
                None if text.trim().is_empty() => {}
                None => return None,
            },
            Event::CData(text) => open.last_mut()?.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().ok()? {
                    Some(character) => character,
                    None => own_entity(&reference)?,
                };
                open.last_mut()?.text.push(character);
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Eof => return whole.filter(|_| open.is_empty()),
        }
    }
}

fn text_of(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

/// The five that XML itself has.
fn own_entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Adds a field; the second of a name makes a list of both.
fn add(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => {
            let before = first.take();
            *first = Value::Array(vec![before, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_become_fields_and_several_of_a_name_a_list() {
        let xml = "<?xml version=\"1.0\"?>\n<xml><Event><![CDATA[a<b]]></Event><CreateTime>1610969440\
            </CreateTime><Sent><List><Id>1</Id></List><List><Id>2</Id></List></Sent>\
            <Text>1 &lt; 2 &amp; &#20013;</Text><None/></xml>\n";
        let expected = json!({
            "Event": "a<b", "CreateTime": "1610969440",
            "Sent": {"List": [{"Id": "1"}, {"Id": "2"}]}, "Text": "1 < 2 & 中", "None": "",
        });
        assert_eq!(read(xml.as_bytes()), Some(expected));
    }

    #[test]
    fn bombs_and_what_is_no_such_xml_are_refused() {
        let deep = format!("{}x{}", "<a>".repeat(9), "</a>".repeat(9));
        for bad in [
            "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><xml><A>&b;</A></xml>",
            "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><xml><A>1</A></xml>",
            "<xml><A>&b;</A></xml>",
            "<xml><A>&#0;</A></xml>",
            "<xml><A>1</A>",
            "<xml><A>1</B></xml>",
            "<xml><A>1</A></xml><xml><A>2</A></xml>",
            "<xml><A>1</A></xml>rest",
            "<?php x ?><xml><A>1</A></xml>",
            "<",
            "<xml",
            &deep,
        ] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read(b"<xml><A>\xff</A></xml>"), None);
    }
}
