//! Which events somebody gets.

use std::str::FromStr;

use frontdesk_core::access::{Caller, Permission};
use frontdesk_core::id::Kind;
use frontdesk_core::input::{Fields, FromInput, Many, Rule};
use frontdesk_core::time::Zone;
use serde_json::Value;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// Filters at once.
pub(crate) const MOST_FILTERS: usize = 50;

/// Some types of events: one such as `ticket.updated`, or all of a record such as `ticket.*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    kind: Kind,
    /// None is every one.
    action: Option<String>,
}

impl FromStr for Filter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, action) = text.split_once('.').ok_or(())?;
        let kind = Kind::of_word(kind).ok_or(())?;
        let is_word = !action.is_empty() && action.len() <= 64 && action.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        match action {
            "*" => Ok(Self { kind, action: None }),
            action if is_word => Ok(Self { kind, action: Some(action.to_owned()) }),
            _ => Err(()),
        }
    }
}

impl std::fmt::Display for Filter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.kind.word(), self.action.as_deref().unwrap_or("*"))
    }
}

impl FromInput for Filter {
    fn from_input(value: &Value, _: &Zone) -> Result<Self, Rule> {
        let form = "types of events such as ticket.updated or ticket.*";
        value.as_str().and_then(|text| text.parse().ok()).ok_or(Rule::Form(form))
    }
}

impl PartialSchema for Filter {
    fn schema() -> RefOr<Schema> {
        let kinds = Kind::ALL.map(Kind::word).join("|");
        let pattern = format!(r"^({kinds})\.(\*|[a-z_]{{1,64}})$");
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).pattern(Some(pattern)).build().into()
    }
}

impl ToSchema for Filter {}

/// The filters of a body; unlike in a query none of an array is blank, because a webhook without any is told of everything.
pub(crate) struct Filters(pub(crate) Vec<Filter>);

impl FromInput for Filters {
    fn from_input(value: &Value, zone: &Zone) -> Result<Self, Rule> {
        match value {
            Value::Array(items) => items.iter().map(|item| Filter::from_input(item, zone)).collect::<Result<_, _>>().map(Self),
            other => Many::from_input(other, zone).map(|Many(all)| Self(all)),
        }
    }
}

/// Which events somebody gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those of any of these; all where there are none.
    pub filters: Vec<Filter>,
    /// Whether those of licenses, service keys and webhooks too.
    pub secret: bool,
}

impl Wanted {
    /// Those that the caller may see, of any of `filters`.
    #[must_use]
    pub fn by(caller: &Caller, filters: Vec<Filter>) -> Self {
        Self { filters, secret: caller.may(Permission::Administer) }
    }

    /// Whether this type is wanted.
    #[must_use]
    pub fn has(&self, what: &str) -> bool {
        let (record, action) = what.split_once('.').unwrap_or((what, ""));
        let Some(kind) = Kind::of_word(record) else { return false };
        let chosen = |filter: &Filter| filter.kind == kind && filter.action.as_deref().is_none_or(|wanted| wanted == action);
        (self.secret || !is_secret(kind)) && (self.filters.is_empty() || self.filters.iter().any(chosen))
    }
}

fn is_secret(kind: Kind) -> bool {
    matches!(kind, Kind::License | Kind::ServiceKey | Kind::Webhook)
}

/// Reads the query's `type`.
pub fn types(fields: &mut Fields<'_>) -> Vec<Filter> {
    let types = fields.optional("type").map_or_else(Vec::new, |Many(all)| all);
    if types.len() > MOST_FILTERS {
        fields.violate("type", Rule::other(format!("must have at most {MOST_FILTERS} entries")));
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        let wanted = |filters: &[&str], secret| Wanted { filters: filters.iter().map(|text| text.parse().unwrap()).collect(), secret };
        for (filters, what, has) in [
            (&[][..], "ticket.updated", true),
            (&["ticket.*"], "ticket.updated", true),
            (&["ticket.*"], "call_task.updated", false),
            (&["ticket.created", "contact.*"], "ticket.updated", false),
            (&["ticket.created", "contact.*"], "ticket.created", true),
            (&[], "license.created", false),
        ] {
            assert_eq!(wanted(filters, false).has(what), has, "{filters:?} {what}");
        }
        assert!(wanted(&[], true).has("license.created"));
        for text in ["ticket", "ticket.", "tickets.*", "*", "*.created", "ticket.Created", "ticket.a.b", ""] {
            assert!(text.parse::<Filter>().is_err(), "{text}");
        }
        assert_eq!("call_task.*".parse::<Filter>().unwrap().to_string(), "call_task.*");
    }
}
