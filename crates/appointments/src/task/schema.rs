//! Schemas of the fields that the page's own example needs in more than one type.

use frontdesk_core::time::MOMENT;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, ObjectBuilder, Schema, SchemaType, Type};

use crate::moment::UnixTime;

fn either(types: &[Type], description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(types.iter().cloned().collect::<SchemaType>()).description(Some(description))
}

fn done(object: impl Into<Object>) -> RefOr<Schema> {
    RefOr::T(Schema::Object(object.into()))
}

/// Unix seconds, as a string or a number.
fn seconds(more: &[Type], description: &str) -> ObjectBuilder {
    let types: Vec<_> = [Type::String, Type::Integer].iter().chain(more).cloned().collect();
    either(&types, description).pattern(Some(r"^\d{1,11}$")).minimum(Some(*UnixTime::RANGE.start())).maximum(Some(*UnixTime::RANGE.end()))
}

pub(crate) fn task_time() -> RefOr<Schema> {
    let description = "When it begins, in Unix seconds; the past is allowed. Required where `room_type` is `normal`, else the present moment when left out.";
    done(seconds(&[Type::Null], description))
}

pub(crate) fn new_time() -> RefOr<Schema> {
    done(seconds(&[], "When it is to begin, in Unix seconds; the past is allowed."))
}

pub(crate) fn branch_code() -> RefOr<Schema> {
    let description = "The department or unit in which it takes place; `943` is the same as `\"943\"`.";
    done(either(&[Type::String, Type::Number], description).min_length(Some(1)).max_length(Some(255)))
}

pub(crate) fn business_code() -> RefOr<Schema> {
    let description = "The office or kind of department that is responsible; `2` is the same as `\"2\"`.";
    done(either(&[Type::String, Type::Number, Type::Null], description).max_length(Some(255)))
}

pub(crate) fn optional_branch_code() -> RefOr<Schema> {
    let description = "The department or unit; `85` is the same as `\"85\"`.";
    done(either(&[Type::String, Type::Number, Type::Null], description).max_length(Some(255)))
}

pub(crate) fn video() -> RefOr<Schema> {
    let description = "Whether it needs a video call: a boolean, or `\"true\"` or `\"false\"`.";
    done(either(&[Type::Boolean, Type::String], description).pattern(Some("^(true|false)$")))
}

pub(crate) fn filter_time() -> RefOr<Schema> {
    let description =
        "A bound of `task_time`, inclusive: Unix seconds, `YYYY-MM-DD HH:MM:SS`, RFC 3339, or a date alone (its first or last second).";
    let pattern = MOMENT.replacen('^', r"^(\d{1,11}|", 1).replace('$', ")$");
    done(seconds(&[Type::Null], description).pattern(Some(pattern)))
}
