//! A field of an update.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use validator::{ValidateEmail, ValidateLength, ValidateRange};

/// A nullable field of an update: left out, cleared, or set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not in the request: stays as it is.
    #[default]
    Keep,
    /// An explicit null.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Patch<T> {
    /// Puts the change into `field`.
    pub fn apply<U: From<T>>(self, field: &mut Option<U>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value.into()),
        }
    }

    /// The same change with the new value turned into something else.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Clear => Patch::Clear,
            Self::Set(value) => Patch::Set(turn(value)),
        }
    }

    /// The new value, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }
}

impl ValidateLength<u64> for Patch<String> {
    fn length(&self) -> Option<u64> {
        self.value().map(|text| text.chars().count() as u64)
    }
}

impl ValidateEmail for Patch<String> {
    fn as_email_string(&self) -> Option<Cow<'_, str>> {
        self.value().map(Into::into)
    }
}

impl ValidateRange<i64> for Patch<i64> {
    fn greater_than(&self, max: i64) -> Option<bool> {
        self.value().map(|number| *number > max)
    }

    fn less_than(&self, min: i64) -> Option<bool> {
        self.value().map(|number| *number < min)
    }
}

// The derived rules of validator want the fields they check to be serializable.
impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}
