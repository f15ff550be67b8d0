//! What is sent for an operation: templates in which `{claim}` stands for the id of a claim.

use std::collections::{BTreeMap, BTreeSet};

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// None.
    Empty,
    /// JSON, a template.
    Json(&'static str),
    /// A file in the field `file` of a form: its name and content.
    File(&'static str, &'static [u8]),
}

/// What is sent for one operation.
#[derive(Clone, Copy, Debug)]
pub struct Fixture {
    /// The operation.
    pub operation: &'static str,
    /// Which case of it, where one request cannot show who may: a stage of review, a way to pay.
    /// Empty where there is but one.
    pub case: &'static str,
    /// The body.
    pub body: Body,
    /// The query with its `?`, a template.
    pub query: &'static str,
    /// Parameters of the path that stand for another thing than their name says, such as
    /// `("claim_id", "returned_claim")`. All others stand for the thing that they name.
    pub path: &'static [(&'static str, &'static str)],
}

/// The fixture of an operation, without a body.
pub const fn on(operation: &'static str) -> Fixture {
    Fixture { operation, case: "", body: Body::Empty, query: "", path: &[] }
}

impl Fixture {
    /// As one case of several; each has a row of its own.
    pub const fn case(self, case: &'static str) -> Self {
        Self { case, ..self }
    }

    /// The operation, and the case if there are several.
    pub fn name(&self) -> String {
        match self.case {
            "" => self.operation.to_owned(),
            case => format!("{}: {case}", self.operation),
        }
    }

    /// With a JSON body.
    pub const fn json(self, template: &'static str) -> Self {
        Self { body: Body::Json(template), ..self }
    }

    /// With a file.
    pub const fn file(self, name: &'static str, content: &'static [u8]) -> Self {
        Self { body: Body::File(name, content), ..self }
    }

    /// With a query.
    pub const fn query(self, template: &'static str) -> Self {
        Self { query: template, ..self }
    }

    /// With other things in the path than its parameters name.
    pub const fn path(self, path: &'static [(&'static str, &'static str)]) -> Self {
        Self { path, ..self }
    }

    /// The path of the document as a template: `{claim_id}` becomes `{claim}`.
    pub fn path_template(&self, path: &str) -> String {
        let mut template = path.to_owned();
        for parameter in placeholders(path) {
            let named = self.path.iter().find(|(from, _)| *from == parameter).map(|(_, to)| *to);
            let thing =
                named.unwrap_or_else(|| parameter.strip_suffix("_id").unwrap_or(&parameter));
            template = template.replace(&format!("{{{parameter}}}"), &format!("{{{thing}}}"));
        }
        template + self.query
    }

    /// Every placeholder that the request has, in its path, query and body.
    pub fn placeholders(&self, path: &str) -> BTreeSet<String> {
        let mut names = placeholders(&self.path_template(path));
        if let Body::Json(template) = self.body {
            names.extend(placeholders(template));
        }
        names
    }
}

/// The names between braces; a brace of JSON is not followed by a lowercase name and a brace.
fn placeholders(template: &str) -> BTreeSet<String> {
    let name = |piece: &str| {
        let name = piece.split_once('}')?.0;
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        plain.then(|| name.to_owned())
    };
    template.split('{').skip(1).filter_map(name).collect()
}

/// Fills a template in. Panics at a placeholder that nothing stands for.
pub fn fill(template: &str, things: &BTreeMap<&'static str, String>) -> String {
    let mut text = template.to_owned();
    for name in placeholders(template) {
        let thing = things.get(name.as_str());
        let thing = thing.unwrap_or_else(|| panic!("nothing stands for {{{name}}} in {template}"));
        text = text.replace(&format!("{{{name}}}"), thing);
    }
    text
}
