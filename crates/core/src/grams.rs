//! The pieces that a text is found by: one to three characters, and five digits of a number, which are much rarer than three.

use std::fmt::Write;

use crate::id::OrganizationId;
use crate::text::{DIALLED_ZERO, is_dialled};

/// A piece of a normalized text: up to three characters, the last one lowest; or digits as a number, above all of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gram(u64);

/// The longest piece.
const LONGEST: usize = 3;
/// A character takes so many bits.
const BITS: u32 = 21;
/// So many digits in a row are a piece.
const DIGITS: usize = 5;
/// What each of them counts.
const UNITS: [u64; DIGITS] = [10_000, 1_000, 100, 10, 1];
/// Numbers of so many digits are below this.
const NUMBERS: u64 = 100_000;
/// The mark of digits, and beside it that of a phone number's.
const NUMBER: u64 = 1 << 63;
const PHONE: u64 = 1 << 62;
/// No search looks for more pieces of one term.
const MOST: usize = 12;
/// So many pieces of a text are remembered, lest they are noted again.
const LEAST_SLOTS: usize = 1 << 6;
const MOST_SLOTS: usize = 1 << 14;
/// Where the characters stand that the index could not tell from others: the punctuation of ASCII is put here.
const SHIFTED: u32 = 0x10_FF00;

impl Gram {
    fn of(chars: &[char]) -> Self {
        Self(chars.iter().fold(0, |all, c| all << BITS | u64::from(u32::from(*c))))
    }

    fn push_chars(self, text: &mut String) {
        if self.0 & NUMBER > 0 {
            let zero = u64::from(u32::from(if self.0 & PHONE > 0 { DIALLED_ZERO } else { '0' }));
            let digits = UNITS.map(|unit| (self.0 & low(1)) / unit % 10).into_iter();
            text.extend(digits.filter_map(|digit| char::from_u32(u32::try_from(zero + digit).ok()?)));
            return;
        }
        for place in [2, 1, 0] {
            let code = u32::try_from(self.0 >> (place * BITS) & low(1)).ok().filter(|code| *code > 0);
            text.extend(code.and_then(char::from_u32).map(|c| match c {
                c if c.is_ascii_alphanumeric() => c,
                c if c.is_ascii() => char::from_u32(SHIFTED + u32::from(c)).unwrap_or(char::MAX),
                c if u32::from(c) >= SHIFTED => char::MAX,
                c => c,
            }));
        }
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

/// The digits that one character after the other ends with.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    length: usize,
    number: u64,
    phone: bool,
}

impl Run {
    /// The run with the next character, and the piece that it ends with.
    fn then(&mut self, c: char) -> Option<Gram> {
        let phone = is_dialled(c);
        let Some(digit) = c.to_digit(10).or_else(|| phone.then(|| u32::from(c) & 15)) else {
            *self = Self::default();
            return None;
        };
        let before = if self.phone == phone { *self } else { Self::default() };
        *self = Self { length: before.length + 1, number: (before.number * 10 + u64::from(digit)) % NUMBERS, phone };
        let mark = if phone { NUMBER | PHONE } else { NUMBER };
        (self.length >= DIGITS).then_some(Gram(mark | self.number))
    }
}

/// Pieces of a text; hardly any is there twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grams(Vec<Gram>);

impl Grams {
    /// All pieces of a normalized text, in the order of it. None has white space in it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let slots = (text.len() * 4).next_power_of_two().clamp(LEAST_SLOTS, MOST_SLOTS);
        // In each place the last of the pieces that belong there.
        let mut seen = vec![Gram(0); slots];
        let mut grams = Vec::with_capacity(slots / 2);
        let mut add = |gram: Gram| {
            let place = gram.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - slots.trailing_zeros());
            if let Some(last) = usize::try_from(place).ok().and_then(|place| seen.get_mut(place)).filter(|last| **last != gram) {
                *last = gram;
                grams.push(gram);
            }
        };
        for word in text.split_whitespace() {
            let (mut last, mut run) = (0, Run::default());
            for (place, c) in word.chars().enumerate() {
                last = (last << BITS | u64::from(u32::from(c))) & low(LONGEST);
                (1..LONGEST).filter(|length| place >= *length).for_each(|length| add(Gram(last & low(length))));
                add(Gram(last));
                run.then(c).into_iter().for_each(&mut add);
            }
        }
        Self(grams)
    }

    /// The pieces that a text must have to contain a normalized term.
    #[must_use]
    pub fn needed(term: &str) -> Self {
        let chars: Vec<char> = term.chars().collect();
        if chars.len() <= LONGEST {
            return Self(vec![Gram::of(&chars)]);
        }
        // Pieces of five digits say more than the threes that they are made of.
        let (mut run, mut grams) = (Run::default(), vec![]);
        for (place, c) in chars.iter().enumerate() {
            if let Some(gram) = run.then(*c) {
                if run.length == DIGITS {
                    grams.truncate(grams.len() - (DIGITS - LONGEST));
                }
                grams.push(gram);
            } else if place + 1 >= LONGEST {
                grams.push(Gram::of(&chars[place + 1 - LONGEST..=place]));
            }
        }
        // Of a long term some are enough, from its beginning to its end.
        let mut grams = Self(grams).some();
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

    /// The pieces as words, one after the other with a space between: each of ASCII letters, digits and other characters than ASCII's,
    /// and the organization's own.
    #[must_use]
    pub fn words(&self, organization: OrganizationId) -> String {
        self.joined(organization, "")
    }

    /// The same as a query of SQLite's full-text search: all of them.
    #[must_use]
    pub fn query(&self, organization: OrganizationId) -> String {
        self.joined(organization, "\"")
    }

    fn joined(&self, organization: OrganizationId, quote: &str) -> String {
        let prefix = format!("{quote}{}x", organization.0);
        let mut all = String::with_capacity(self.0.len() * (prefix.len() + 10));
        for gram in &self.0 {
            if !all.is_empty() {
                all.push(' ');
            }
            all.push_str(&prefix);
            gram.push_chars(&mut all);
            all.push_str(quote);
        }
        all
    }

    /// The pieces as numbers, in order and each once, as PostgreSQL writes an array.
    #[must_use]
    pub fn numbers(&self, organization: OrganizationId) -> String {
        let mut numbers: Vec<_> = self.0.iter().map(|gram| gram.number(organization)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut all = String::with_capacity(2 + numbers.len() * 21);
        for number in numbers {
            // Writing to a string does not fail.
            let _ = write!(all, "{}{number}", if all.is_empty() { '{' } else { ',' });
        }
        all.push_str(if all.is_empty() { "{}" } else { "}" });
        all
    }
}

/// Whether every text with the needed pieces of the term, as words, contains it: it is a piece itself.
#[must_use]
pub fn is_piece(term: &str) -> bool {
    let (mut run, mut length) = (Run::default(), 0);
    for c in term.chars() {
        let _ = run.then(c);
        length += 1;
    }
    match length {
        DIGITS => run.length == DIGITS,
        _ => length <= LONGEST && term.chars().all(|c| u32::from(c) < SHIFTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::dialled;

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
    fn pieces_of_numbers() {
        assert_eq!(Grams::needed("1234").query(ONE), "\"12x123\" \"12x234\"");
        assert_eq!(Grams::needed("012345").query(ONE), "\"12x01234\" \"12x12345\"");
        assert_eq!(Grams::needed("a12345-6").query(ONE), "\"12x45\u{10FF2D}\" \"12x5\u{10FF2D}6\" \"12xa12\" \"12x12345\"");
        assert_eq!(Grams::needed("０1234５").query(ONE), "\"12x123\" \"12x234\" \"12x34５\" \"12x０12\"");
        assert_eq!(Grams::needed(&dialled("74951234567")).0.len(), 7);
        for term in ["12345", "m0000007", "1234567890123456789", "x12345678y9", &dialled("0223")] {
            for text in [format!("7{term}8"), format!("a {term}\n{term}5")] {
                let text = Grams::of(&text);
                assert!(Grams::needed(term).0.iter().all(|gram| text.0.contains(gram)), "{term}");
            }
        }
        assert!(is_piece("12345") && is_piece(&dialled("12345")));
        assert!(!is_piece("1234") && !is_piece("123456") && !is_piece("a2345") && !is_piece("1２345"));
        assert_ne!(Grams::of("12345").numbers(ONE), Grams::of(&dialled("12345")).numbers(ONE));
    }

    #[test]
    fn numbers_of_pieces() {
        let numbers = Grams::of("ab").numbers(ONE);
        assert_eq!(numbers, Grams::of("b ab a").numbers(ONE));
        assert_ne!(numbers, Grams::of("ab").numbers(OrganizationId(13)));
        assert_eq!(numbers.split(',').count(), 3);
        // Of some pieces of a long text it is forgotten that they were there.
        let long: String = ('\u{4e00}'..'\u{5200}').collect();
        let grams = Grams::of(&format!("{long} {long}"));
        let numbers = grams.numbers(ONE);
        assert!(grams.0.len() > numbers.split(',').count());
        assert_eq!(numbers, Grams::of(&long).numbers(ONE));
    }
}
