//! Text as searches see it.

use std::collections::HashSet;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use validator::ValidationError;

/// `text` as searches compare it: NFKC, full case folding, `ё` as `е`.
#[must_use]
pub fn normalize(text: &str) -> String {
    text.chars().map(alone).collect::<Option<_>>().unwrap_or_else(|| together(text))
}

/// The normal form of any text.
fn together(text: &str) -> String {
    let mut after_ie = false;
    let kept = |c: &char| {
        if canonical_combining_class(*c) == 0 {
            after_ie = *c == 'е';
        }
        !(after_ie && *c == '\u{308}')
    };
    // The dots are taken off where they stand alone: a whole letter with more marks would become yet another one.
    text.nfkc().default_case_fold().nfkd().filter(kept).nfc().collect()
}

/// The normal form of a character that has one character for it, whatever stands around it among its like: what most texts consist of.
fn alone(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        'ё' | 'Ё' => 'е',
        // Full-width.
        '！'..='～' => char::from_u32(u32::from(c) - u32::from('！') + u32::from('!'))?.to_ascii_lowercase(),
        'а'..='џ' | '一'..='鿿' | '«' | '»' | '–' | '—' | '‘' | '’' | '“' | '”' | '、' | '。' => c,
        'Ѐ'..='Я' => c.to_lowercase().next()?,
        _ => return None,
    })
}

/// Terms that a search may have.
const MOST_TERMS: usize = 50;

/// The normalized whitespace-separated terms of a search, each once.
#[must_use]
pub fn terms(search: &str) -> Vec<String> {
    let normalized = normalize(search);
    let mut seen = HashSet::new();
    normalized.split_whitespace().filter(|term| seen.insert(*term)).map(str::to_owned).collect()
}

/// The rule that a search has at most 50 terms once it is normalized, which makes several words of some characters.
pub fn few_terms(search: &str) -> Result<(), ValidationError> {
    if terms(search).len() <= MOST_TERMS {
        return Ok(());
    }
    Err(ValidationError::new("terms").with_message("must have at most 50 words".into()))
}

/// Several texts as one normalized text to search in. A term has no white space, so none is found across two of them.
#[must_use]
pub fn searchable<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    texts.into_iter().flatten().map(normalize).collect::<Vec<_>>().join("\n")
}

/// A `LIKE` pattern (escape character `\`) that finds `term` anywhere.
#[must_use]
pub fn like(term: &str) -> String {
    let mut pattern = String::with_capacity(term.len() + 2);
    pattern.push('%');
    for c in term.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A person's `name`: the first name, a space, the last name; one alone has no space.
#[must_use]
pub fn full_name(first: Option<&str>, last: Option<&str>) -> String {
    [first, last].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The digits of a phone number, by which it is found; empty where it has none.
#[must_use]
pub fn digits(phone: &str) -> String {
    phone.nfkc().filter(char::is_ascii_digit).collect()
}

/// The zero of phone numbers.
pub(crate) const DIALLED_ZERO: char = '０';

/// How the digits of phone numbers stand in a searched text: full-width, as no normalized text has them. So they are found by their
/// own, and by nothing else.
#[must_use]
pub fn dialled(digits: &str) -> String {
    digits.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(u32::from(DIALLED_ZERO) + digit)).unwrap_or(c)).collect()
}

/// Whether a character is of a phone number in a searched text.
#[must_use]
pub fn is_dialled(c: char) -> bool {
    ('０'..='９').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_alone_are_what_they_are_together() {
        let some: Vec<char> = ('\0'..=char::MAX).filter(|c| alone(*c).is_some()).collect();
        assert!(some.len() > 20_000);
        let texts = [some.iter().collect::<String>(), some.iter().rev().collect(), some.iter().flat_map(|c| [*c, 'е', *c]).collect()];
        for text in texts {
            assert_eq!(normalize(&text), together(&text));
        }
    }

    #[test]
    fn normalized() {
        assert_eq!(normalize("Ёлка STRASSE Straße ﬁ Ａ１"), "елка strasse strasse fi a1");
        for odd in ["ё\u{308}", "Ё\u{300}", "е\u{323}\u{308}"] {
            assert_eq!(normalize(&normalize(odd)), normalize(odd), "{odd:?}");
        }
        assert_eq!(normalize("Ann's\tKey [1]"), "ann's\tkey [1]");
        assert_eq!(terms("  Foo\u{3000}бАР "), ["foo", "бар"]);
        assert_eq!(like("50%_\\"), "%50\\%\\_\\\\%");
        assert_eq!(full_name(Some("小"), Some("閎")), "小 閎");
        assert_eq!(full_name(Some("小"), None), "小");
        assert_eq!(digits("+7 (495) 123-45-67"), "74951234567");
        assert_eq!(dialled("0129"), "０１２９");
        assert_eq!(normalize(&dialled("0129")), "0129");
    }
}
