//! Which template of WeChat's each kind of message is sent with, and what its fields say: a file of
//! the operator's, since WeChat gives every account template ids and field names of its own.
//!
//! ```toml
//! state = "formal"                      # which version opens: developer, trial or formal
//!
//! [[template]]
//! id = "k8K3…"                          # from mp.weixin.qq.com
//! title = "申报进度提醒"                 # shown to people who are asked for it
//! kinds = ["claim_returned", "claim_posted"]
//! page = "pages/messages/show?id={message_id}"
//! [template.fields]
//! thing1 = "{item_name}"
//! phrase2 = "{state}"
//! time3 = "{sent_at}"
//! ```
//!
//! A field says words, facts in braces, or both. The file is checked as a whole at start: every fact
//! must be one of each kind in `kinds` (`facts`), and fit its field (`fits`), so that what is left to
//! go wrong when a message is sent is a figure too large for its field. A kind that stands in no
//! template is not sent; people read it in their list.

mod fits;
mod pattern;
mod read;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use domain::subscription::{Field, Value};

use super::Kind;
use super::facts::Told;
use crate::wechat::MiniprogramState;
use pattern::Pattern;

/// The most templates in a file: an account may have 25.
pub const TEMPLATES_MAX: usize = 25;
/// The most fields of a template.
const FIELDS_MAX: usize = 10;

/// All templates of an installation.
#[derive(Clone, Debug)]
pub struct Templates {
    /// Which version of the mini-program a message opens.
    pub state: MiniprogramState,
    list: Vec<Template>,
    by_kind: BTreeMap<Kind, usize>,
}

/// A template and what its fields say.
#[derive(Clone, Debug)]
pub struct Template {
    /// WeChat's id.
    pub id: String,
    /// What people know it by.
    pub title: String,
    /// What is sent with it.
    pub kinds: Vec<Kind>,
    page: Option<Pattern>,
    fields: BTreeMap<Field, Pattern>,
}

/// Why a message cannot be put into its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoesNotFit {
    /// The field.
    pub field: Field,
}

impl fmt::Display for DoesNotFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what {} should say does not fit it", self.field)
    }
}

impl Template {
    /// The values of its fields, for a message.
    ///
    /// # Errors
    /// [`DoesNotFit`] names the first field of which no value can be made.
    pub fn values(&self, told: &Told<'_>) -> Result<Vec<(Field, Value)>, DoesNotFit> {
        let value = |(field, pattern): (&Field, &Pattern)| {
            let made = pattern.value(field.kind, told).ok_or(DoesNotFit { field: *field })?;
            Ok((*field, made))
        };
        self.fields.iter().map(value).collect()
    }

    /// The page that a message opens.
    pub fn page(&self, told: &Told<'_>) -> Option<String> {
        self.page.as_ref().map(|page| page.words(told))
    }
}

impl Templates {
    /// No templates: nothing is sent.
    pub fn none() -> Self {
        Self { state: MiniprogramState::Formal, list: Vec::new(), by_kind: BTreeMap::new() }
    }

    /// Those of the demo, whose stand-in for WeChat takes any.
    ///
    /// # Errors
    /// As [`Templates::parse`]; a test shows that there are none.
    pub fn of_demo() -> Result<Self, BadTemplates> {
        Self::parse(include_str!("demo.toml"))
    }

    /// Reads a file of templates.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line.
    pub fn parse(text: &str) -> Result<Self, BadTemplates> {
        read::parse(text)
    }

    /// The template that a kind is sent with.
    pub fn of_kind(&self, kind: Kind) -> Option<&Template> {
        self.by_kind.get(&kind).and_then(|at| self.list.get(*at))
    }

    /// The ids of all templates, each once, with what people know it by and what is sent with it.
    pub fn each(&self) -> Vec<(&str, &str, Vec<Kind>)> {
        let mut each: Vec<(&str, &str, Vec<Kind>)> = Vec::new();
        for template in &self.list {
            match each.iter_mut().find(|(id, ..)| *id == template.id) {
                Some((.., kinds)) => kinds.extend(&template.kinds),
                None => each.push((&template.id, &template.title, template.kinds.clone())),
            }
        }
        each
    }

    /// Whether there is a template of that id.
    pub fn has(&self, id: &str) -> bool {
        self.list.iter().any(|template| template.id == id)
    }
}

/// Something wrong in a file of templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub text: String,
}

/// A file of templates that cannot be used: everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTemplates(pub Vec<Fault>);

impl fmt::Display for BadTemplates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            let end = if n == 0 { "" } else { "\n" };
            write!(f, "{end}line {}: {}", fault.line, fault.text)?;
        }
        Ok(())
    }
}

impl std::error::Error for BadTemplates {}
