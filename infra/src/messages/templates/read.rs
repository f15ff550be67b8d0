//! Reading a file of templates, and everything that is wrong with it.

use std::collections::BTreeMap;

use domain::subscription::Field;
use serde::Deserialize;
use toml::Spanned;

use super::fits;
use super::pattern::Pattern;
use super::{BadTemplates, FIELDS_MAX, Fault, TEMPLATES_MAX, Template, Templates};
use crate::messages::{Kind, facts};
use crate::wechat::MiniprogramState;

/// The largest file read, in bytes.
const BYTES_MAX: usize = 64 * 1024;
/// The longest id, page and title.
const ID_MAX: usize = 64;
const PAGE_MAX: usize = 200;
const TITLE_MAX: usize = 40;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    state: Option<Spanned<String>>,
    #[serde(default)]
    template: Vec<Spanned<TemplateIn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateIn {
    id: Spanned<String>,
    title: Spanned<String>,
    kinds: Vec<Spanned<String>>,
    page: Option<Spanned<String>>,
    fields: BTreeMap<String, Spanned<String>>,
}

pub(super) fn parse(text: &str) -> Result<Templates, BadTemplates> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, faults: Vec::new(), by_kind: BTreeMap::new() };
    if text.len() > BYTES_MAX {
        return Err(reader.only(0, format!("the file has more than {BYTES_MAX} bytes")));
    }
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            return Err(reader.only(at, error.message().to_owned()));
        }
    };
    if let Some(one_too_many) = file.template.get(TEMPLATES_MAX) {
        let more = format!("more than {TEMPLATES_MAX} templates: an account has no more");
        reader.fault(one_too_many.span().start, more);
    }
    let state = reader.state(file.state.as_ref());
    let list: Vec<_> =
        file.template.iter().enumerate().map(|(n, one)| reader.template(n, one)).collect();
    if !reader.faults.is_empty() {
        reader.faults.sort_by_key(|fault| fault.line);
        return Err(BadTemplates(reader.faults));
    }
    Ok(Templates { state, list, by_kind: reader.by_kind })
}

struct Reader<'a> {
    text: &'a str,
    faults: Vec<Fault>,
    by_kind: BTreeMap<Kind, usize>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before.iter().filter(|sign| **sign == b'\n').count() + 1
    }

    fn fault(&mut self, at: usize, text: String) {
        let line = self.line(at);
        self.faults.push(Fault { line, text });
    }

    fn only(&self, at: usize, text: String) -> BadTemplates {
        BadTemplates(vec![Fault { line: self.line(at), text }])
    }

    fn state(&mut self, state: Option<&Spanned<String>>) -> MiniprogramState {
        match state.map(|state| (state.get_ref().as_str(), state.span().start)) {
            None | Some(("formal", _)) => MiniprogramState::Formal,
            Some(("trial", _)) => MiniprogramState::Trial,
            Some(("developer", _)) => MiniprogramState::Developer,
            Some((other, at)) => {
                self.fault(at, format!("state is developer, trial or formal, not {other}"));
                MiniprogramState::Formal
            }
        }
    }

    fn template(&mut self, n: usize, one: &Spanned<TemplateIn>) -> Template {
        let read = one.get_ref();
        self.id(&read.id);
        self.title(&read.title);
        let kinds = self.kinds(n, one.span().start, &read.kinds);
        let page = read.page.as_ref().and_then(|page| self.page(page));
        let fields = self.fields(one.span().start, &read.fields, &kinds);
        let (id, title) = (read.id.get_ref().clone(), read.title.get_ref().clone());
        Template { id, title, kinds, page, fields }
    }

    fn id(&mut self, id: &Spanned<String>) {
        let plain = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'_' || sign == b'-';
        let fits = (1..=ID_MAX).contains(&id.get_ref().len()) && id.get_ref().bytes().all(plain);
        if !fits {
            let text = "id has up to 64 letters, digits, _ and -, as mp.weixin.qq.com shows it";
            self.fault(id.span().start, text.to_owned());
        }
    }

    fn title(&mut self, title: &Spanned<String>) {
        if !(1..=TITLE_MAX).contains(&title.get_ref().chars().count()) {
            self.fault(title.span().start, format!("title has 1 to {TITLE_MAX} characters"));
        }
    }

    fn kinds(&mut self, n: usize, at: usize, names: &[Spanned<String>]) -> Vec<Kind> {
        if names.is_empty() {
            self.fault(at, "kinds names at least one kind of message".to_owned());
        }
        let mut kinds = Vec::new();
        for name in names {
            let at = name.span().start;
            match Kind::from_name(name.get_ref()).filter(|kind| kind.is_sent()) {
                Some(kind) if self.by_kind.insert(kind, n).is_some() => {
                    self.fault(at, format!("{} stands in kinds twice", name.get_ref()));
                }
                Some(kind) => kinds.push(kind),
                None => {
                    let sent = Kind::ALL.iter().filter(|kind| kind.is_sent());
                    let sent: Vec<_> = sent.map(|kind| kind.as_str()).collect();
                    let text =
                        format!("{} is not sent; these are: {}", name.get_ref(), sent.join(", "));
                    self.fault(at, text);
                }
            }
        }
        kinds
    }

    fn page(&mut self, page: &Spanned<String>) -> Option<Pattern> {
        let text = page.get_ref();
        let at = page.span().start;
        let plain = text.len() <= PAGE_MAX
            && !text.starts_with('/')
            && text.bytes().all(|sign| sign.is_ascii_graphic());
        let pattern = Pattern::parse(text)
            .filter(|page| plain && page.facts().all(|name| name == facts::MESSAGE_ID));
        if pattern.is_none() {
            self.fault(
                at,
                format!(
                    "page is a path of the mini-program without a slash before it, up to \
                     {PAGE_MAX} signs, with no fact but {{{}}}",
                    facts::MESSAGE_ID
                ),
            );
        }
        pattern
    }

    fn fields(
        &mut self,
        at: usize,
        read: &BTreeMap<String, Spanned<String>>,
        kinds: &[Kind],
    ) -> BTreeMap<Field, Pattern> {
        if !(1..=FIELDS_MAX).contains(&read.len()) {
            self.fault(at, format!("a template has 1 to {FIELDS_MAX} fields"));
        }
        let mut fields = BTreeMap::new();
        for (name, says) in read {
            let at = says.span().start;
            let Some(field) = Field::from_name(name) else {
                self.fault(at, format!("{name} is no field of WeChat's, such as thing1 or time2"));
                continue;
            };
            let Some(pattern) = Pattern::parse(says.get_ref()) else {
                self.fault(at, "a field says words, and facts in braces: {item_name}".to_owned());
                continue;
            };
            self.says(at, field, &pattern, kinds);
            fields.insert(field, pattern);
        }
        fields
    }

    /// What a field says must be known of every kind, and fit.
    fn says(&mut self, at: usize, field: Field, pattern: &Pattern, kinds: &[Kind]) {
        for kind in kinds {
            for name in pattern.facts() {
                if facts::kind_of(*kind, name).is_none() {
                    let known: Vec<_> = facts::names(*kind).collect();
                    let text = format!(
                        "{} has no fact {{{name}}}; it has: {}",
                        kind.as_str(),
                        known.join(", ")
                    );
                    self.fault(at, text);
                }
            }
            let of = |name: &str| facts::kind_of(*kind, name);
            if let Some(text) = fits::fault(field.kind, pattern, &of) {
                self.fault(at, format!("{field}: {text}"));
                // The other kinds would say the same.
                return;
            }
        }
    }
}
