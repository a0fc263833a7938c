//! Searches in texts: every word of a search is found as a part of a record's text by an index of the pieces of these texts, which
//! is written with the record. What the index gives is compared with the text where a piece is not the whole word.

mod find;
mod index;
mod merge;
mod postgres;
mod sqlite;
mod tail;

use std::sync::Arc;

use frontdesk_core::grams::is_piece;
use frontdesk_core::id::{Kind, OrganizationId};
use frontdesk_core::text::{dialled, like};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{Condition, DbBackend, EntityTrait, Select, Value};

use crate::lookup::table;

pub(crate) use find::{Found, Stretch, Way};
pub use index::Entries;
pub(crate) use merge::Merges;
pub(crate) use postgres::settling;
pub(crate) use sqlite::settle;
pub(crate) use tail::{Tails, is_due, tend};

/// The texts of a kind of record that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    pub(crate) kind: Kind,
    /// The column of normalized text.
    pub(crate) column: &'static str,
    /// The table of the index.
    pub(crate) table: &'static str,
}

/// The texts of tickets.
pub const TICKETS: Index = Index { kind: Kind::Ticket, column: "search", table: "ticket_search" };
/// The names and numbers of contacts.
pub const CONTACTS: Index = Index { kind: Kind::Contact, column: "search", table: "contact_search" };
/// The names and numbers of employees.
pub const EMPLOYEES: Index = Index { kind: Kind::Employee, column: "search", table: "employee_search" };
/// The titles of call tasks, and who called.
pub const TITLES: Index = Index { kind: Kind::CallTask, column: "search_title", table: "call_task_title_search" };
/// All texts of call tasks.
pub const CALL_TASKS: Index = Index { kind: Kind::CallTask, column: "search_all", table: "call_task_search" };

/// All there are.
pub(crate) const ALL: [Index; 5] = [TICKETS, CONTACTS, EMPLOYEES, TITLES, CALL_TASKS];

/// An entry of an index that waits for the end of its transaction.
#[derive(Debug)]
pub(crate) struct Pending {
    table: &'static str,
    id: Value,
    text: Text,
}

/// What an index is to be told of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    /// Its pieces, as the database takes them.
    Cut(String),
    /// It is new, and SQLite's index may take it later, with others.
    New(Arc<New>),
    /// It is no more.
    Gone,
}

/// A new text and its pieces.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct New {
    text: String,
    pieces: String,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    index: Index,
    organization: OrganizationId,
    words: Vec<Word>,
    /// The end of a phone number, which is enough.
    number: Option<Word>,
}

/// A word of a search. It is found in any of its forms.
#[derive(Clone, Debug)]
struct Word(Vec<String>);

impl Search {
    /// A search for records of the organization that have each of these normalized words in their text.
    #[must_use]
    pub fn new(index: Index, organization: OrganizationId, words: impl IntoIterator<Item = String>) -> Self {
        Self { index, organization, words: words.into_iter().map(|word| Word(vec![word])).collect(), number: None }
    }

    /// The same where each word is also found in a phone number by the digits that `digits` gives for it, if any.
    #[must_use]
    pub fn or_dialled(mut self, digits: impl Fn(&str) -> Option<String>) -> Self {
        for Word(forms) in &mut self.words {
            let other = forms.first().and_then(|form| digits(form));
            forms.extend(other.map(|digits| dialled(&digits)));
        }
        self
    }

    /// The same that also finds all with these digits in a phone number, whatever the words.
    #[must_use]
    pub fn or_number(self, digits: &str) -> Self {
        Self { number: Some(Word(vec![dialled(digits)])), ..self }
    }

    /// Whether it looks for nothing, and so finds every record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The condition that a record's text has what is looked for.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let all = self.words.iter().fold(Condition::all(), |all, word| all.add(self.says(word)));
        match &self.number {
            Some(number) => Condition::any().add(all).add(self.says(number)),
            None => all,
        }
    }

    /// What is left of the condition once the index has been asked.
    fn rest(&self) -> Condition {
        if self.number.is_some() {
            return self.condition();
        }
        let unsure = self.words.iter().filter(|word| !word.is_piece());
        unsure.fold(Condition::all(), |all, word| all.add(self.says(word)))
    }

    /// Those of some of the organization's rows that it finds, in no order.
    #[must_use]
    pub fn found<E: EntityTrait>(&self, base: Select<E>, backend: DbBackend) -> Select<E> {
        Found { base, filter: &Condition::all(), search: self, newest: false }.rows(Way::Index, backend)
    }

    fn says(&self, Word(forms): &Word) -> Condition {
        let column = || Expr::col((table(self.index.kind), self.index.column));
        let says = |form: &String| column().like(LikeExpr::new(like(form)).escape('\\'));
        forms.iter().fold(Condition::any(), |any, form| any.add(says(form)))
    }
}

impl Word {
    /// Whether the index knows by itself which records have it.
    fn is_piece(&self) -> bool {
        self.0.iter().all(|form| is_piece(form))
    }
}
