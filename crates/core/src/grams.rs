//! The pieces of one to three characters that a text is found by.

use std::fmt::Write;

use crate::id::OrganizationId;

/// A piece of a normalized text: up to three characters, the last one lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gram(u64);

/// The longest piece.
const LONGEST: usize = 3;
/// A character takes so many bits.
const BITS: u32 = 21;
/// No search looks for more pieces of one term.
const MOST: usize = 12;
/// Of a long text, repeated pieces are dropped from time to time.
const SOME: usize = 1 << 14;
/// Where the characters stand that the index could not tell from others: the punctuation of ASCII is put here.
const SHIFTED: u32 = 0x10_FF00;

impl Gram {
    fn of(chars: &[char]) -> Self {
        Self(chars.iter().fold(0, |all, c| all << BITS | u64::from(u32::from(*c))))
    }

    fn chars(self) -> impl Iterator<Item = char> {
        let code = move |place: u32| u32::try_from(self.0 >> (place * BITS) & low(1)).ok().filter(|code| *code > 0);
        [2, 1, 0].into_iter().filter_map(code).filter_map(char::from_u32)
    }

    /// The piece as a word of ASCII letters, digits and other characters than ASCII's, which is the organization's own.
    fn write_word(self, organization: OrganizationId, words: &mut String) {
        // Writing to a string does not fail.
        let _ = write!(words, "{}x", organization.0);
        words.extend(self.chars().map(|c| match c {
            c if c.is_ascii_alphanumeric() => c,
            c if c.is_ascii() => char::from_u32(SHIFTED + u32::from(c)).unwrap_or(char::MAX),
            c if u32::from(c) >= SHIFTED => char::MAX,
            c => c,
        }));
    }

    /// The piece as a number, which no other piece of the organization has.
    fn number(self, organization: OrganizationId) -> i64 {
        mixed(self.0 ^ mixed(organization.0.cast_unsigned())).cast_signed()
    }
}

/// The bits of so many characters.
const fn low(chars: usize) -> u64 {
    (1 << (BITS as usize * chars)) - 1
}

/// Every number becomes another one, and no two the same, spread over all there are.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Pieces of a text, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grams(Vec<Gram>);

impl Grams {
    /// All pieces of a normalized text. None has white space in it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (mut grams, mut room) = (Vec::with_capacity(SOME.min(text.len() * 2)), SOME);
        for word in text.split_whitespace() {
            let mut last = 0;
            for (place, c) in word.chars().enumerate() {
                last = (last << BITS | u64::from(u32::from(c))) & low(LONGEST);
                let shorter = (1..LONGEST).filter(|length| place >= *length);
                grams.extend(shorter.map(|length| Gram(last & low(length))));
                grams.push(Gram(last));
                if grams.len() > room {
                    grams.sort_unstable();
                    grams.dedup();
                    room = SOME.max(2 * grams.len());
                }
            }
        }
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    /// The pieces that a text must have to contain a normalized term.
    #[must_use]
    pub fn needed(term: &str) -> Self {
        let chars: Vec<char> = term.chars().collect();
        if chars.len() <= LONGEST {
            return Self(vec![Gram::of(&chars)]);
        }
        // Of a long term some are enough, from its beginning to its end.
        let mut grams = Self(chars.windows(LONGEST).map(Gram::of).collect()).some();
        grams.0.sort_unstable();
        grams.0.dedup();
        grams
    }

    /// Some of the pieces, from the first to the last.
    #[must_use]
    pub fn some(&self) -> Self {
        let most = self.0.len().min(MOST);
        Self((0..most).map(|n| self.0[n * (self.0.len() - 1) / (most - 1).max(1)]).collect())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pieces as words, one after the other with a space between.
    #[must_use]
    pub fn words(&self, organization: OrganizationId) -> String {
        self.joined(' ', |gram, words| gram.write_word(organization, words))
    }

    /// The same as a query of SQLite's full-text search: all of them.
    #[must_use]
    pub fn query(&self, organization: OrganizationId) -> String {
        let quoted = |gram: Gram, query: &mut String| {
            query.push('"');
            gram.write_word(organization, query);
            query.push('"');
        };
        self.joined(' ', quoted)
    }

    /// The pieces as numbers, in order, as PostgreSQL writes an array.
    #[must_use]
    pub fn numbers(&self, organization: OrganizationId) -> String {
        let mut numbers: Vec<_> = self.0.iter().map(|gram| gram.number(organization)).collect();
        numbers.sort_unstable();
        let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        format!("{{{}}}", numbers.join(","))
    }

    fn joined(&self, between: char, each: impl Fn(Gram, &mut String)) -> String {
        let mut all = String::with_capacity(self.0.len() * 12);
        for (place, gram) in self.0.iter().enumerate() {
            if place > 0 {
                all.push(between);
            }
            each(*gram, &mut all);
        }
        all
    }
}

/// Whether every text with the needed pieces of the term, as words, contains it: it is a piece itself.
#[must_use]
pub fn is_piece(term: &str) -> bool {
    term.chars().count() <= LONGEST && term.chars().all(|c| u32::from(c) < SHIFTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: OrganizationId = OrganizationId(12);

    #[test]
    fn pieces_of_a_text() {
        let words = Grams::of("ab 標題\nx").words(ONE);
        let mut words: Vec<_> = words.split(' ').collect();
        words.sort_unstable();
        assert_eq!(words, ["12xa", "12xab", "12xb", "12xx", "12x標", "12x標題", "12x題"]);
        assert_eq!(Grams::of("aaaa"), Grams::of("aaa"));
        assert_eq!(Grams::of(""), Grams::default());
        // What stands for "-" is not what stands for the character that it is put in the place of.
        assert_eq!(Grams::of("-").words(ONE), "12x\u{10FF2D}");
        assert_eq!(Grams::of("\u{10FF2D}").words(ONE), "12x\u{10FFFF}");
    }

    #[test]
    fn pieces_of_a_term() {
        assert_eq!(Grams::needed("дом").query(ONE), "\"12xдом\"");
        assert_eq!(Grams::needed("дома").query(ONE), "\"12xдом\" \"12xома\"");
        assert_eq!(Grams::needed("aaaaaaaaaaaaaaaaaaaaaaaa").query(ONE), "\"12xaaa\"");
        let long: String = ('\u{4e00}'..'\u{4f00}').collect();
        assert_eq!(Grams::needed(&long).0.len(), MOST);
        for term in ["a", "標題", "дом", "домовой", &long] {
            let text = Grams::of(&format!("x{term}y"));
            assert!(Grams::needed(term).0.iter().all(|gram| text.0.contains(gram)), "{term}");
        }
        assert!(is_piece("%_\"") && !is_piece("abcd") && !is_piece("\u{10FF2D}"));
    }

    #[test]
    fn numbers_of_pieces() {
        let numbers = Grams::of("ab").numbers(ONE);
        assert_eq!(numbers, Grams::of("b ab a").numbers(ONE));
        assert_ne!(numbers, Grams::of("ab").numbers(OrganizationId(13)));
        assert_eq!(numbers.split(',').count(), 3);
    }
}
