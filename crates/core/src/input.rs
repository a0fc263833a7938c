//! Reading what a client sent, field by field, so that one answer names every offending field.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::error::{Error, Result};
use crate::id::{
    CategoryId, ContactId, CtiAgentId, DepartmentId, EmployeeId, ExtensionId, GroupId, InteractionId, JobTitleId, ProfileId, SponsorId,
    SubcategoryId, TerminationCodeId, TicketId,
};
use crate::patch::Patch;
use crate::time::{Day, Until, Zone};

/// Violations that one answer names, at the most.
const MOST_VIOLATIONS: usize = 100;

/// Objects that an array of a request may hold.
const MOST_OBJECTS: usize = 1000;

/// The part of a request in which a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum In {
    /// The body.
    Body,
    /// The query string.
    Query,
    /// The path.
    Path,
    /// A header.
    Header,
}

impl In {
    /// The word for it: `body`, `query`, `path`, `header`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Query => "query",
            Self::Path => "path",
            Self::Header => "header",
        }
    }
}

/// A step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A field of an object.
    Name(Cow<'static, str>),
    /// An item of an array, from 0.
    Index(usize),
}

/// What a value must be and is not. Never holds the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It must be there.
    Required,
    /// It must not be null.
    NotNull,
    /// It must be of a type: "a string", "an integer".
    Type(&'static str),
    /// It must have so many characters (or items).
    Length(Option<u64>, Option<u64>),
    /// It must lie between two numbers, both allowed.
    Range(Option<i64>, Option<i64>),
    /// It must be one of these.
    OneOf(Cow<'static, [&'static str]>),
    /// It must have a form: "an e-mail address".
    Form(&'static str),
    /// The id must be that of a record of the organization.
    Exists,
    /// No operation parameter has this name.
    UnknownParameter,
    /// Another rule, in words that follow the field's name: "must …".
    Other(Cow<'static, str>),
}

impl Rule {
    /// A rule in words that follow the field's name.
    #[must_use]
    pub fn other(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Other(text.into())
    }

    /// The rule in words that follow the field's name: "is required", "must be an integer".
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Required => "is required".into(),
            Self::NotNull => "must not be null".into(),
            Self::Type(what) | Self::Form(what) => format!("must be {what}"),
            Self::Length(Some(min), Some(max)) => format!("must have {min} to {max} characters"),
            Self::Length(Some(min), None) => format!("must have at least {min}"),
            Self::Length(None, Some(max)) => format!("must have at most {max} characters"),
            Self::Length(None, None) => "has a wrong length".into(),
            Self::Range(Some(min), Some(max)) => format!("must be between {min} and {max}"),
            Self::Range(Some(min), None) => format!("must be at least {min}"),
            Self::Range(None, Some(max)) => format!("must be at most {max}"),
            Self::Range(None, None) => "is out of range".into(),
            Self::OneOf(words) => format!("must be one of {}", words.join(", ")),
            Self::Exists => "names no record of this organization".into(),
            Self::UnknownParameter => "is not a parameter of this operation".into(),
            Self::Other(text) => text.clone().into_owned(),
        }
    }

    /// A word for programs: `missing`, `string_type`, `enum`, … (the call-center surface's `type`).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "missing",
            Self::NotNull => "null_not_allowed",
            Self::Type(_) => "type_error",
            Self::Length(..) => "length",
            Self::Range(..) => "range",
            Self::OneOf(_) => "enum",
            Self::Form(_) => "format",
            Self::Exists => "not_found",
            Self::UnknownParameter => "extra_forbidden",
            Self::Other(_) => "value_error",
        }
    }
}

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where it stands.
    pub at: In,
    /// The way to it; empty means the whole of `at`.
    pub path: Vec<Segment>,
    /// The rule.
    pub rule: Rule,
}

impl Violation {
    /// The field with dots between the steps: `customer.0.customer_name`; the whole body is `body`.
    #[must_use]
    pub fn field(&self) -> String {
        if self.path.is_empty() {
            return self.at.word().into();
        }
        let step = |segment: &Segment| match segment {
            Segment::Name(name) => name.to_string(),
            Segment::Index(index) => index.to_string(),
        };
        self.path.iter().map(step).collect::<Vec<_>>().join(".")
    }
}

/// The fields of one request that break a rule, the first rule of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Those found so far, in the order of their finding.
    #[must_use]
    pub fn all(&self) -> &[Violation] {
        &self.0
    }

    /// Notes a violation, unless the field already has one, or so many are known that nobody reads on.
    pub fn add(&mut self, at: In, path: Vec<Segment>, rule: Rule) {
        if self.0.len() < MOST_VIOLATIONS && !self.0.iter().any(|known| known.at == at && known.path == path) {
            self.0.push(Violation { at, path, rule });
        }
    }

    /// Notes a violation of a field of the body.
    pub fn body(&mut self, field: &'static str, rule: Rule) {
        self.add(In::Body, vec![Segment::Name(field.into())], rule);
    }

    /// Notes a violation of a query parameter.
    pub fn query(&mut self, field: &'static str, rule: Rule) {
        self.add(In::Query, vec![Segment::Name(field.into())], rule);
    }

    /// Whether a field of the body has a violation already.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        let named = |known: &Violation| known.path.first().is_some_and(|first| matches!(first, Segment::Name(name) if name == field));
        self.0.iter().any(|known| known.at == In::Body && named(known))
    }

    /// Notes what was found elsewhere in the same request.
    pub fn append(&mut self, others: Self) {
        for found in others.0 {
            self.add(found.at, found.path, found.rule);
        }
    }

    /// Notes what `value`'s derived rules say of it.
    pub fn check(&mut self, at: In, value: &impl Validate) {
        if let Err(errors) = value.validate() {
            self.merge(at, &[], errors);
        }
    }

    fn merge(&mut self, at: In, prefix: &[Segment], errors: ValidationErrors) {
        let mut fields: Vec<_> = errors.into_errors().into_iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        for (name, kind) in fields {
            let mut path = prefix.to_vec();
            path.push(Segment::Name(name));
            match kind {
                ValidationErrorsKind::Struct(inner) => self.merge(at, &path, *inner),
                ValidationErrorsKind::List(items) => {
                    for (index, inner) in items {
                        let mut path = path.clone();
                        path.push(Segment::Index(index));
                        self.merge(at, &path, *inner);
                    }
                }
                ValidationErrorsKind::Field(errors) => {
                    if let Some(error) = errors.into_iter().next() {
                        self.add(at, path, rule_of(&error));
                    }
                }
            }
        }
    }

    /// `value` where nothing was found, else the error that lists all of it.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.0.is_empty() { Ok(value) } else { Err(Error::Invalid(self)) }
    }
}

fn rule_of(error: &validator::ValidationError) -> Rule {
    let signed = |name: &str| error.params.get(name).and_then(Value::as_i64);
    let unsigned = |name: &str| error.params.get(name).and_then(Value::as_u64);
    match (error.code.as_ref(), &error.message) {
        (_, Some(message)) => Rule::Other(message.clone()),
        ("length", None) => Rule::Length(unsigned("min"), unsigned("max")),
        ("range", None) => Rule::Range(signed("min"), signed("max")),
        ("email", None) => Rule::Form("an e-mail address"),
        ("url", None) => Rule::Form("a URL"),
        (_, None) => Rule::Other(Cow::Borrowed("is not valid")),
    }
}

/// A value read from a request, with what was found wrong on the way. A field that could not be read holds its default.
#[derive(Clone, Debug, Default)]
pub struct Input<T> {
    /// What was read.
    pub value: T,
    /// What was wrong.
    pub violations: Violations,
}

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self { value, violations: Violations::default() }
    }
}

impl<T> Input<T> {
    /// Reads a JSON object with `read`. Fields that `read` does not ask for are ignored.
    pub fn body(body: &Value, zone: &Zone, read: impl FnOnce(&mut Fields<'_>) -> T) -> Self {
        let empty = Map::new();
        let mut fields = Fields::new(body.as_object().unwrap_or(&empty), zone, In::Body);
        if !body.is_object() {
            fields.violations.add(In::Body, vec![], Rule::Type("an object"));
        }
        let value = read(&mut fields);
        Self { value, violations: fields.violations }
    }

    /// Reads query parameters with `read`. Parameters that `read` does not ask for are violations.
    pub fn query(query: &Map<String, Value>, zone: &Zone, read: impl FnOnce(&mut Fields<'_>) -> T) -> Self {
        let mut fields = Fields::new(query, zone, In::Query);
        let value = read(&mut fields);
        let asked = std::mem::take(&mut fields.asked);
        for name in query.keys().filter(|name| !asked.contains(name.as_str())) {
            fields.violations.add(In::Query, vec![Segment::Name(name.clone().into())], Rule::UnknownParameter);
        }
        Self { value, violations: fields.violations }
    }

    /// The value, or the error that lists what was wrong.
    pub fn checked(self) -> Result<T> {
        self.violations.or(self.value)
    }
}

/// The fields of one object of a request.
#[derive(Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    zone: &'a Zone,
    at: In,
    prefix: Vec<Segment>,
    /// What was found wrong so far.
    pub violations: Violations,
    asked: HashSet<&'static str>,
}

impl<'a> Fields<'a> {
    fn new(map: &'a Map<String, Value>, zone: &'a Zone, at: In) -> Self {
        Self { map, zone, at, prefix: vec![], violations: Violations::default(), asked: HashSet::new() }
    }

    /// Notes a violation of a field of this object.
    pub fn violate(&mut self, name: &'static str, rule: Rule) {
        let mut path = self.prefix.clone();
        path.push(Segment::Name(name.into()));
        self.violations.add(self.at, path, rule);
    }

    /// Whether the object has the field at all, null included.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.insert(name);
        let value = self.map.get(name)?;
        let empty = self.at == In::Query && value.as_str() == Some("");
        (!empty).then_some(value)
    }

    fn read<T: FromInput>(&mut self, name: &'static str, value: &Value) -> Option<T> {
        match T::from_input(value, self.zone) {
            Ok(value) => Some(value),
            Err(rule) => {
                self.violate(name, rule);
                None
            }
        }
    }

    /// A field that must be there; its default where it is not.
    pub fn required<T: FromInput + Default>(&mut self, name: &'static str) -> T {
        match self.get(name) {
            None | Some(Value::Null) => {
                self.violate(name, Rule::Required);
                T::default()
            }
            Some(value) => self.read(name, value).unwrap_or_default(),
        }
    }

    /// A field that may be left out or null.
    pub fn optional<T: FromInput>(&mut self, name: &'static str) -> Option<T> {
        match self.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.read(name, value),
        }
    }

    /// A text that may be left out or null. An empty one is a text, in a query too.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.insert(name);
        let value = self.map.get(name).filter(|value| !value.is_null())?;
        self.read(name, value)
    }

    /// A field of an update that may be left out but not null.
    pub fn set<T: FromInput>(&mut self, name: &'static str) -> Option<T> {
        match self.get(name) {
            None => None,
            Some(Value::Null) => {
                self.violate(name, Rule::NotNull);
                None
            }
            Some(value) => self.read(name, value),
        }
    }

    /// A nullable field of an update.
    pub fn patch<T: FromInput>(&mut self, name: &'static str) -> Patch<T> {
        match self.get(name) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => self.read(name, value).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// A field that is an object, read with `read`; none where it is left out or null.
    pub fn object<T>(&mut self, name: &'static str, read: impl FnOnce(&mut Fields<'_>) -> T) -> Option<T> {
        let value = self.get(name).filter(|value| !value.is_null())?;
        let Some(map) = value.as_object() else {
            self.violate(name, Rule::Type("an object"));
            return None;
        };
        let mut inner = Fields::new(map, self.zone, self.at);
        inner.prefix.clone_from(&self.prefix);
        inner.prefix.push(Segment::Name(name.into()));
        let value = read(&mut inner);
        self.violations.append(inner.violations);
        Some(value)
    }

    /// A field that is an array of objects, each read with `read`; empty where it is missing, which is a violation.
    pub fn objects<T>(&mut self, name: &'static str, read: impl Fn(&mut Fields<'_>) -> T) -> Vec<T> {
        self.objects_up_to(MOST_OBJECTS, name, read)
    }

    /// The same with at most so many entries; a request has at most 1,000.
    pub fn objects_up_to<T>(&mut self, most: usize, name: &'static str, read: impl Fn(&mut Fields<'_>) -> T) -> Vec<T> {
        let Some(Value::Array(items)) = self.get(name) else {
            let rule = if self.map.get(name).is_none_or(Value::is_null) { Rule::Required } else { Rule::Type("an array of objects") };
            self.violate(name, rule);
            return vec![];
        };
        if items.len() > most {
            self.violate(name, Rule::other(format!("must have at most {most} entries")));
            return vec![];
        }
        let mut values = vec![];
        for (index, item) in items.iter().enumerate() {
            let mut prefix = self.prefix.clone();
            prefix.extend([Segment::Name(name.into()), Segment::Index(index)]);
            let empty = Map::new();
            let mut inner = Fields::new(item.as_object().unwrap_or(&empty), self.zone, self.at);
            inner.prefix.clone_from(&prefix);
            // What is no object is read too, so that the others keep their places for later rules.
            values.push(read(&mut inner));
            if !item.is_object() {
                inner.violations = Violations::default();
                inner.violations.add(self.at, prefix, Rule::Type("an object"));
            }
            self.violations.append(inner.violations);
        }
        values
    }
}

/// A type that can be read from a field.
pub trait FromInput: Sized {
    /// Reads a value that is there and not null, or says what it must be.
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule>;
}

impl FromInput for String {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        let text = value.as_str().ok_or(Rule::Type("a string"))?;
        if text.contains('\0') { Err(Rule::Other("must not contain the character U+0000".into())) } else { Ok(text.to_owned()) }
    }
}

impl FromInput for i64 {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        let decimal = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
        };
        match value {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
            Value::String(text) => decimal(text),
            _ => None,
        }
        .ok_or(Rule::Type("an integer"))
    }
}

/// The integer that a number with a fraction of zero is: JSON knows one kind of number.
fn whole(number: f64) -> Option<i64> {
    // 2^63, where f64 has no other integers between it and the greatest i64.
    const END: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
    let integer = number as i64;
    // An integer beyond i64 is read as the nearest f64, which may be the end itself.
    (number.fract() == 0.0 && number.abs() < END).then_some(integer)
}

impl FromInput for bool {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        match value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
        .ok_or(Rule::Type("true or false"))
    }
}

const MOMENT: Rule = Rule::Form("a date and time, YYYY-MM-DD HH:MM:SS or RFC 3339");

impl FromInput for OffsetDateTime {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        value.as_str().and_then(|text| zone.read(text)).map(|reading| reading.moment).ok_or(MOMENT)
    }
}

impl FromInput for Until {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        value.as_str().and_then(|text| zone.read(text)).map(|reading| Self(reading.end())).ok_or(MOMENT)
    }
}

impl FromInput for Day {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        value.as_str().and_then(Day::read).ok_or(Rule::Form("a date, YYYY-MM-DD"))
    }
}

impl FromInput for Uuid {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        value.as_str().and_then(crate::id::uuid).ok_or(Rule::Form("a UUID"))
    }
}

/// A text that may also be sent as a number: `943` is `"943"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberOrText(pub String);

impl FromInput for NumberOrText {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        match value {
            Value::Number(number) => {
                Ok(Self(number.as_f64().filter(|_| number.is_f64()).and_then(whole).map_or_else(|| number.to_string(), |n| n.to_string())))
            }
            Value::String(_) => String::from_input(value, zone).map(Self),
            _ => Err(Rule::Type("a string or a number")),
        }
    }
}

/// Several values of a query parameter: `0,1`, `[0,1]`, or the parameter repeated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T: FromInput> FromInput for Many<T> {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        let mut items = vec![];
        let texts = match value {
            Value::Array(items) => items.clone(),
            Value::String(text) => {
                let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
                inner.split(',').map(|item| Value::from(item.trim().trim_matches('"'))).collect()
            }
            _ => return Err(Rule::Type("an array")),
        };
        for text in texts.iter().filter(|text| text.as_str() != Some("")) {
            items.push(T::from_input(text, zone)?);
        }
        Ok(Self(items))
    }
}

macro_rules! ids_from_input {
    ($($name:ident)*) => {$(
        impl FromInput for $name {
            fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
                i64::from_input(value, zone).map(Self)
            }
        }
    )*};
}

ids_from_input! {
    EmployeeId GroupId JobTitleId DepartmentId ExtensionId CtiAgentId ProfileId SponsorId ContactId CategoryId SubcategoryId
    TerminationCodeId TicketId InteractionId
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_named_once() {
        let body = json!({"a": "x", "b": null, "c": 5, "list": [{"d": 1}, 7]});
        let input = Input::body(&body, &Zone::utc(), |f| {
            let a: i64 = f.required("a");
            f.violate("a", Rule::NotNull);
            let b: Option<String> = f.set("b");
            let c: Patch<i64> = f.patch("c");
            let list = f.objects("list", |f| f.required::<String>("d"));
            (a, b, c, list)
        });
        let found: Vec<_> = input.violations.all().iter().map(|v| format!("{} {}", v.field(), v.rule.text())).collect();
        assert_eq!(found, ["a must be an integer", "b must not be null", "list.0.d must be a string", "list.1 must be an object"]);
        assert_eq!(input.value.2, Patch::Set(5));
    }

    #[test]
    fn a_fraction_of_zero_is_none() {
        for (value, integer) in [(json!(1.0), 1), (json!(-0.0), 0), (json!(1e15), 1_000_000_000_000_000)] {
            assert_eq!(i64::from_input(&value, &Zone::utc()), Ok(integer), "{value}");
        }
        for value in [json!(1.5), json!(1e19), json!(9_223_372_036_854_775_808_u64), json!(-9_223_372_036_854_775_808_f64), json!("1.0")] {
            assert!(i64::from_input(&value, &Zone::utc()).is_err(), "{value}");
        }
        let code = |value| NumberOrText::from_input(&value, &Zone::utc()).map(|code| code.0);
        assert_eq!([code(json!(943)), code(json!(943.0)), code(json!(1.5))], ["943", "943", "1.5"].map(|text| Ok(text.to_owned())));
    }

    #[test]
    fn arrays_in_a_query() {
        for value in [json!("0,1"), json!("[0,1]"), json!(["0", "1"]), json!(["0", "", "1"])] {
            assert_eq!(Many::<i64>::from_input(&value, &Zone::utc()), Ok(Many(vec![0, 1])), "{value}");
        }
        for value in [json!("0,x"), json!(0), json!({"0": 1})] {
            assert!(Many::<i64>::from_input(&value, &Zone::utc()).is_err(), "{value}");
        }
    }

    #[test]
    fn unknown_parameters_are_named_and_empty_ones_absent() {
        let query = json!({"known": "", "other": "1"});
        let input = Input::query(query.as_object().unwrap(), &Zone::utc(), |f| f.optional::<i64>("known"));
        assert_eq!(input.value, None);
        assert_eq!(input.violations.all().len(), 1);
        assert_eq!(input.violations.all()[0].field(), "other");
    }
}
