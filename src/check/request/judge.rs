//! Holds a JSON document against the shape of a request.

use std::ops::RangeInclusive;

use jsonc_parser::ast::{NumberLit, Object, ObjectProp, StringLit, Value as Json};
use jsonc_parser::common::{Range, Ranged};
use serde_json::{Map, Value};

use super::nearest::{nearest, path_to};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::request as rule;
use crate::model::shape::{Form, Member, Shape};
use crate::model::{excerpt, pattern};

/// A fault and the bytes that have it.
pub struct Fault {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// Where it is.
    pub range: Range,
    /// What it is.
    pub message: String,
    /// The path of the one member that is not there, where that is the fault.
    pub missing: Option<String>,
    /// The form of the text in full, where the message does not tell it.
    pub form: Option<&'static str>,
}

impl Fault {
    pub(super) fn new(rule: &'static Rule, range: Range, message: String) -> Self {
        Self { rule, range, message, missing: None, form: None }
    }
}

/// What a source has to be, in full.
const SOURCE_FORM: &str = "s3://bucket/key, with a key of 1 to 1024 characters";

/// Collects faults on a walk through a document.
pub struct Judge<'a> {
    /// The operation, for people.
    pub operation: &'static str,
    /// What the whole document is to be.
    pub root: &'a Shape,
    /// Whether members that the operation cannot do without may be missing from the root.
    pub is_part: bool,
    /// Whether a path may stand for an address in S3.
    pub takes_paths: bool,
    /// What was found.
    pub faults: Vec<Fault>,
}

impl<'a> Judge<'a> {
    /// A judge of whole requests.
    pub fn new(operation: &'static str, root: &'a Shape) -> Self {
        Self { operation, root, is_part: false, takes_paths: false, faults: Vec::new() }
    }

    fn add(&mut self, rule: &'static Rule, range: Range, message: String) {
        self.faults.push(Fault::new(rule, range, message));
    }

    /// The value as far as it fits the shape, with members and words spelt as the API does.
    pub fn value(&mut self, json: &Json, shape: &Shape, path: &str) -> Option<Value> {
        match (shape, json) {
            (Shape::Text(length, form), Json::StringLit(text)) => {
                self.text(text, length, form, path).map(Into::into)
            }
            (Shape::Word(words), Json::StringLit(text)) => {
                self.word(text, words, path).map(Into::into)
            }
            (Shape::Boolean, Json::BooleanLit(it)) => Some(it.value.into()),
            (Shape::Number(bounds), Json::NumberLit(it)) => {
                self.number(it, bounds, path).map(Into::into)
            }
            (Shape::Structure(members), Json::Object(object)) => {
                let found = self.members(object, members, path);
                self.missing(object, members, path, &found);
                Some(found.into())
            }
            (Shape::Union(members), Json::Object(object)) => {
                let found = self.members(object, members, path);
                self.union(object, members, path).then(|| found.into())
            }
            (Shape::List(item, length), Json::Array(array)) => {
                let fits = self.length(array.elements.len(), length, array.range, "entry", path);
                let items = array.elements.iter().enumerate();
                let items = items.map(|(at, it)| self.value(it, item, &format!("{path}[{at}]")));
                // A list with a gap would be another list.
                let items = items.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>();
                items.filter(|_| fits).map(Into::into)
            }
            (Shape::Map(key, value, count), Json::Object(object)) => {
                self.map(object, key, value, count, path)
            }
            (shape, json) => self.other_type(json, shape, path),
        }
    }

    fn other_type(&mut self, json: &Json, shape: &Shape, path: &str) -> Option<Value> {
        let found = match json {
            Json::StringLit(_) => "a string",
            Json::NumberLit(_) => "a number",
            Json::BooleanLit(_) => "true or false",
            Json::Object(_) => "an object",
            Json::Array(_) => "an array",
            Json::NullKeyword(_) => "null",
        };
        let what = if path.is_empty() { self.operation } else { path };
        let message = format!("{what} is {found}, but has to be {}", shape.name());
        self.add(&rule::WRONG_MEMBER_TYPE, json.range(), message);
        match (shape, json) {
            // What it means is plain enough to go on with.
            (Shape::Boolean, Json::StringLit(text)) => {
                text.value.to_ascii_lowercase().parse::<bool>().ok().map(Into::into)
            }
            _ => None,
        }
    }

    fn text(
        &mut self,
        given: &StringLit,
        length: &RangeInclusive<usize>,
        form: &Form,
        path: &str,
    ) -> Option<String> {
        let range = inside(given.range);
        if !self.length(given.value.chars().count(), length, range, "character", path) {
            if let (Form::Of(_, wanted), Some(fault)) = (form, self.faults.last_mut()) {
                fault.form = Some(wanted);
            }
            return None;
        }
        let (rule, wanted) = match form {
            Form::Of(test, wanted) if !test(&given.value) => (&rule::MALFORMED_VALUE, *wanted),
            Form::Source if !self.takes(&given.value) => {
                (&rule::SOURCE_NOT_IN_S3, "s3://bucket/key")
            }
            _ => return Some(given.value.to_string()),
        };
        let message = format!("{path} is `{}`, but has to be {wanted}", excerpt(&given.value));
        // The terse address leaves out what most of those that look right break.
        let form = matches!(form, Form::Source).then_some(SOURCE_FORM);
        self.faults.push(Fault { form, ..Fault::new(rule, range, message) });
        None
    }

    fn takes(&self, source: &str) -> bool {
        pattern::is_s3_address(source) || self.takes_paths && !source.starts_with("s3://")
    }

    fn number(
        &mut self,
        given: &NumberLit,
        bounds: &RangeInclusive<i64>,
        path: &str,
    ) -> Option<i64> {
        let found = given.value.parse().ok().filter(|it| bounds.contains(it));
        if found.is_none() {
            let wanted = match (bounds.start(), bounds.end()) {
                (least, &i64::MAX) => format!("of at least {least}"),
                (least, most) => format!("from {least} to {most}"),
            };
            let value = excerpt(given.value);
            let message = format!("{path} is `{value}`, but has to be a number {wanted}");
            self.add(&rule::LENGTH_OUT_OF_LIMITS, given.range, message);
        }
        found
    }

    fn word(&mut self, text: &StringLit, words: &[&'static str], path: &str) -> Option<String> {
        if let Some(word) = words.iter().find(|it| **it == text.value) {
            return Some((*word).to_owned());
        }
        let meant = nearest(&text.value, words.iter().copied());
        let hint = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it has to be one of {}", words.join(", ")),
        };
        let message = format!("{path} is `{}`: {hint}", excerpt(&text.value));
        self.add(&rule::UNKNOWN_WORD, inside(text.range), message);
        meant.map(str::to_owned)
    }

    fn length(
        &mut self,
        found: usize,
        allowed: &RangeInclusive<usize>,
        range: Range,
        noun: &str,
        path: &str,
    ) -> bool {
        if allowed.contains(&found) {
            return true;
        }
        let limit = match (*allowed.start(), *allowed.end()) {
            (least, most) if least == most => format!("exactly {most}"),
            (0, most) => format!("at most {most}"),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let nouns = match (found, noun) {
            (1, noun) => noun.to_owned(),
            (_, "entry") => "entries".to_owned(),
            (_, noun) => format!("{noun}s"),
        };
        let message = format!("{path} has {found} {nouns}, but has to have {limit}");
        self.add(&rule::LENGTH_OUT_OF_LIMITS, range, message);
        false
    }

    fn map(
        &mut self,
        object: &Object,
        key: &Shape,
        value: &Shape,
        count: &RangeInclusive<usize>,
        path: &str,
    ) -> Option<Value> {
        let entries = given(object).count();
        let fits = self.length(entries, count, object.range, "entry", path);
        let mut found = Map::new();
        for property in given(object) {
            let name = name_of(property);
            let key_path = format!("the key `{}` of {path}", excerpt(name));
            let text = StringLit { range: property.name.range(), value: name.into() };
            let own = self.value(&Json::StringLit(text), key, &key_path);
            let inner = format!("{path}.{}", excerpt(name));
            let value = self.value(&property.value, value, &inner);
            let own = own.and_then(|it| it.as_str().map(str::to_owned));
            if let (Some(own), Some(value)) = (own, value) {
                self.insert(&mut found, own, value, property, path);
            }
        }
        let is_whole = found.len() == entries || count.end() > &1;
        (fits && is_whole).then(|| found.into())
    }

    fn members(&mut self, object: &Object, members: &[Member], path: &str) -> Map<String, Value> {
        let mut found = Map::new();
        for property in given(object) {
            let name = name_of(property);
            let Some(member) = self.member(name, property, members, path) else { continue };
            let inner = inside_of(path, member.name);
            if let Some(value) = self.value(&property.value, member.shape, &inner) {
                self.insert(&mut found, member.name.to_owned(), value, property, path);
            }
        }
        found
    }

    /// The member that a name stands for, be it misspelt.
    fn member<'m>(
        &mut self,
        name: &str,
        property: &ObjectProp,
        members: &'m [Member],
        path: &str,
    ) -> Option<&'m Member> {
        if let Some(member) = members.iter().find(|it| it.name == name) {
            return Some(member);
        }
        let meant = nearest(name, members.iter().map(|it| it.name));
        let elsewhere = path_to(self.root.members(), name);
        let hint = match (meant, elsewhere) {
            (Some(meant), _) => format!(": did you mean `{meant}`?"),
            (None, Some(elsewhere)) => format!(": it belongs into {elsewhere}"),
            (None, None) => String::new(),
        };
        let owner = if path.is_empty() { self.operation } else { path };
        let message = format!("`{}` is no member of {owner}{hint}", excerpt(name));
        self.add(&rule::UNKNOWN_MEMBER, inside(property.name.range()), message);
        members.iter().find(|it| Some(it.name) == meant)
    }

    fn insert(
        &mut self,
        found: &mut Map<String, Value>,
        name: String,
        value: Value,
        property: &ObjectProp,
        path: &str,
    ) {
        if found.contains_key(&name) {
            let owner = if path.is_empty() { self.operation } else { path };
            let message = format!("`{}` stands twice in {owner}", excerpt(&name));
            self.add(&rule::DUPLICATE_MEMBER, inside(property.name.range()), message);
        }
        found.insert(name, value);
    }

    fn missing(
        &mut self,
        object: &Object,
        members: &[Member],
        path: &str,
        found: &Map<String, Value>,
    ) {
        if path.is_empty() && self.is_part {
            return;
        }
        let is_there = |member: &Member| {
            found.contains_key(member.name) || given(object).any(|it| name_of(it) == member.name)
        };
        for member in members.iter().filter(|it| it.is_required && !is_there(it)) {
            let owner = if path.is_empty() { self.operation } else { path };
            let message = format!("{owner} lacks `{}`", member.name);
            let missing = Some(inside_of(path, member.name));
            let fault = Fault::new(&rule::MISSING_MEMBER, beginning(object), message);
            self.faults.push(Fault { missing, ..fault });
        }
    }

    fn union(&mut self, object: &Object, members: &[Member], path: &str) -> bool {
        let count = given(object).count();
        if count == 1 {
            return true;
        }
        let names: Vec<_> = members.iter().map(|it| format!("`{}`", it.name)).collect();
        let wanted = match names.as_slice() {
            [one] => one.clone(),
            many => format!("one of {}", many.join(" and ")),
        };
        let found = if count == 0 { "no member".to_owned() } else { format!("{count} members") };
        let message = format!("{path} has {found}, but has to have exactly {wanted}");
        let missing = match members {
            [one] if count == 0 => Some(inside_of(path, one.name)),
            _ => None,
        };
        let fault = Fault::new(&rule::NOT_ONE_UNION_MEMBER, beginning(object), message);
        self.faults.push(Fault { missing, ..fault });
        count != 0
    }
}

/// The members of an object: one that is null counts as absent.
fn given<'o, 't>(object: &'o Object<'t>) -> impl Iterator<Item = &'o ObjectProp<'t>> {
    object.properties.iter().filter(|it| !matches!(it.value, Json::NullKeyword(_)))
}

fn name_of<'a>(property: &'a ObjectProp) -> &'a str {
    property.name.as_str()
}

/// The path of a member of what stands at a path.
fn inside_of(path: &str, member: &str) -> String {
    if path.is_empty() { member.to_owned() } else { format!("{path}.{member}") }
}

/// The brace that an object begins with.
fn beginning(object: &Object) -> Range {
    Range::new(object.range.start, object.range.start + 1)
}

/// The text between quotes.
fn inside(range: Range) -> Range {
    Range::new(range.start + 1, range.end.saturating_sub(1).max(range.start + 1))
}
