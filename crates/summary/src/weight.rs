//! How much of the conversation a sentence has in it.

use std::collections::BTreeMap;

/// Letters of a word that count; what follows is mostly ending.
const STEM: usize = 6;

/// Words with fewer letters carry little.
const SHORTEST: usize = 4;

/// The words of all sentences: beginnings of words, and in scripts without spaces pairs of letters; each weighed by how few
/// sentences it is in.
pub(crate) struct Words {
    bags: Vec<BTreeMap<String, f64>>,
    centre: BTreeMap<String, f64>,
    /// The length of `centre`, which has as many words as the whole text.
    whole: f64,
}

impl Words {
    pub(crate) fn of<'a>(sentences: impl Iterator<Item = &'a str>) -> Self {
        let mut bags: Vec<_> = sentences.map(bag).collect();
        let mut holding: BTreeMap<String, f64> = BTreeMap::new();
        for word in bags.iter().flat_map(BTreeMap::keys) {
            *holding.entry(word.clone()).or_default() += 1.0;
        }
        let all = bags.iter().map(|_| 1.0).sum::<f64>();
        let mut centre: BTreeMap<String, f64> = BTreeMap::new();
        for (word, times) in bags.iter_mut().flatten() {
            *times *= (1.0 + all / holding.get(word).copied().unwrap_or(1.0)).ln();
            *centre.entry(word.clone()).or_default() += *times;
        }
        let whole = length(&centre);
        Self { bags, centre, whole }
    }

    /// How much of the conversation a sentence has in it, 0 to 1; itself, which else would be most of it, counts by half.
    pub(crate) fn weight(&self, at: usize) -> f64 {
        let bag = &self.bags[at];
        (product(bag, &self.centre) - product(bag, bag) / 2.0) / length(bag) / self.whole
    }

    /// How much two sentences have in common: 0 to 1.
    pub(crate) fn likeness(&self, one: usize, other: usize) -> f64 {
        let (one, other) = (&self.bags[one], &self.bags[other]);
        product(one, other) / length(one) / length(other)
    }
}

fn product(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> f64 {
    one.iter().filter_map(|(word, part)| Some(part * other.get(word)?)).sum()
}

fn length(bag: &BTreeMap<String, f64>) -> f64 {
    product(bag, bag).sqrt().max(f64::MIN_POSITIVE)
}

/// The words of a sentence and how often each is in it.
fn bag(sentence: &str) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    let lower = sentence.to_lowercase();
    for word in lower.split(|letter: char| !letter.is_alphanumeric()) {
        let letters: Vec<char> = word.chars().collect();
        if letters.iter().any(|letter| is_unspaced(*letter)) {
            for pair in letters.windows(2) {
                *found.entry(pair.iter().collect()).or_default() += 1.0;
            }
        } else if letters.len() >= SHORTEST {
            *found.entry(letters.iter().take(STEM).collect()).or_default() += 1.0;
        }
    }
    found
}

/// Letters of scripts that put no spaces between words: Chinese and the Japanese syllabaries.
pub(crate) fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
