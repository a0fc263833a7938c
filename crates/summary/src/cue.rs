//! What the words of a sentence hint at.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::weight::is_unspaced;
use crate::words::{ASKING, INVITING, MATTERS, POLITE, PROMISING, TROUBLE, TURNING, WHEN};

/// Hints in points. A word is 2, a small one 1, all together [`MOST`] at most.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cues {
    /// A wish, a question of a caller, a trouble.
    pub(crate) request: f64,
    /// An answer, a promise.
    pub(crate) service: f64,
    /// Politeness and formulas.
    pub(crate) small: f64,
    /// Times, dates, amounts.
    pub(crate) exact: f64,
    /// It invites to say what the call is about.
    pub(crate) invites: bool,
    /// It asks.
    pub(crate) question: bool,
}

const MOST: f64 = 4.0;

/// In a sentence of more words a hint counts for less: it is likelier to be there by chance.
const BRIEF: f64 = 10.0;

/// How many words a letter of a script without spaces is.
const LETTER: f64 = 0.6;

/// What finds the words of all lists in one pass, and for each word the number of its list.
static LISTS: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let lists = [ASKING, TROUBLE, MATTERS, TURNING, PROMISING, POLITE, INVITING, WHEN];
    let words = lists.iter().enumerate().flat_map(|(list, words)| words.split('|').map(move |word| (word, list)));
    let (words, of): (Vec<_>, Vec<_>) = words.unzip();
    #[expect(clippy::expect_used, reason = "fails only for more words than an index can count")]
    let finder = AhoCorasick::new(words).expect("a finder of words");
    (finder, of)
});

/// How many words of each list are in a plain text.
fn counts(text: &str) -> [f64; 8] {
    let (finder, of) = &*LISTS;
    let mut found: Vec<usize> = finder.find_overlapping_iter(text).map(|word| word.pattern().as_usize()).collect();
    found.sort_unstable();
    found.dedup();
    let mut counts = [0.0; 8];
    for word in found {
        counts[of[word]] += 1.0;
    }
    counts
}

/// What the words of `sentence` hint at.
pub(crate) fn cues(sentence: &str) -> Cues {
    let text = plain(sentence);
    let [asking, trouble, matters, turning, promising, polite, inviting, when] = counts(&text);
    let digits = f64::from(u8::from(text.contains(|letter: char| letter.is_ascii_digit())));
    let brief = (BRIEF / length(&text)).sqrt().min(1.0);
    let end = sentence.trim_end_matches(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '?' | '？'));
    Cues {
        request: (2.0 * (asking + trouble + matters) + turning).min(MOST) * brief,
        service: (2.0 * (promising + telling(&text))).min(MOST) * brief,
        small: (2.0 * polite).min(MOST),
        exact: (when + digits).min(MOST),
        invites: inviting > 0.0,
        question: end.ends_with(['?', '？', '嗎', '吗', '呢']),
    }
}

/// How many words a plain text has.
fn length(text: &str) -> f64 {
    let words = text.split('_').map(|word| {
        let letters = word.chars().filter(|letter| is_unspaced(*letter)).map(|_| LETTER).sum::<f64>();
        if word.is_empty() || letters > 0.0 { letters } else { 1.0 }
    });
    words.sum::<f64>().max(1.0)
}

/// How many Russian words tell somebody to do something, other than to wait or to say a name.
fn telling(text: &str) -> f64 {
    let polite =
        ["здравствуйте", "извините", "простите", "подождите", "скажите", "подскажите", "назовите", "слушайте", "рассказывайте", "говорите"];
    let tells = |word: &&str| ["ите", "йте", "йтесь", "итесь"].iter().any(|end| word.ends_with(end)) && !polite.contains(word);
    text.split('_').filter(tells).map(|_| 1.0).sum()
}

/// In small letters, `е` for `ё`, with one underscore for all that is no letter, digit or apostrophe, and at either end.
fn plain(sentence: &str) -> String {
    let mut text = String::from("_");
    for letter in sentence.chars().flat_map(char::to_lowercase) {
        match letter {
            'ё' => text.push('е'),
            '’' => text.push('\''),
            letter if letter.is_alphanumeric() || letter == '\'' => text.push(letter),
            _ if text.ends_with('_') => {}
            _ => text.push('_'),
        }
    }
    if !text.ends_with('_') {
        text.push('_');
    }
    text
}
