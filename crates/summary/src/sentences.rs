//! A transcription as sentences, each with who says it.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use crate::cue::{Cues, cues};
use crate::label::{self, Side};
use crate::weight::is_unspaced;

/// A sentence with more bytes is taken apart at its commas and spaces: speech that was written down without full stops.
const LONGEST: usize = 600;

/// What it says for somebody being the operator that they speak first, in points a sentence.
const BEGINS: f64 = 1.5;

/// A sentence of the transcription.
#[derive(Debug)]
pub(crate) struct Sentence<'a> {
    pub(crate) text: &'a str,
    /// The number of the first sentence of the speaker's turn; without labels, its own.
    pub(crate) begin: usize,
    /// Unknown without labels.
    pub(crate) side: Option<Side>,
    pub(crate) cues: Cues,
}

/// All sentences, in their order.
pub(crate) fn split(text: &str) -> Vec<Sentence<'_>> {
    let mut found: Vec<(Sentence<'_>, Option<&str>)> = vec![];
    for (label, text) in pieces(text) {
        let begin = match found.last() {
            Some((last, by)) if label.is_some() && *by == label => last.begin,
            _ => found.len(),
        };
        found.push((Sentence { text, begin, side: label.and_then(label::side), cues: cues(text) }, label));
    }
    let sides = sides(&found);
    for (sentence, label) in &mut found {
        sentence.side = sentence.side.or_else(|| sides.get((*label)?).copied());
    }
    found.into_iter().map(|(sentence, _)| sentence).collect()
}

/// Sentences with the label in force.
fn pieces(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut label = None;
    let mut found = vec![];
    for line in text.lines() {
        let mut line = label::without_time(line);
        if let Some((by, said)) = label::split(line, false) {
            (label, line) = (Some(by), said);
        }
        for sentence in whole(line).into_iter().flat_map(short) {
            let mut sentence = sentence.trim();
            if let Some((by, said)) = label::split(sentence, true) {
                (label, sentence) = (Some(by), said);
            }
            if sentence.contains(char::is_alphanumeric) {
                found.push((label, sentence));
            }
        }
    }
    found
}

/// The sentences of a line: Unicode's, but none ends after an abbreviation, and one ends before a small letter too, since
/// not every speech recognizer knows capitals.
fn whole(line: &str) -> Vec<&str> {
    let (mut found, mut from) = (vec![], 0);
    let unicode = line.split_sentence_bound_indices().map(|(at, _)| at);
    let small = line.match_indices(". ").map(|(at, _)| at + 2);
    let mut ends: Vec<usize> = unicode.chain(small).chain([line.len()]).collect();
    ends.sort_unstable();
    for end in ends {
        let sentence = &line[from..end];
        if !sentence.is_empty() && !ends_short(sentence) {
            found.push(sentence);
            from = end;
        }
    }
    found.push(&line[from..]);
    found
}

/// Whether a sentence ends in an abbreviation: `Mr.`, `ул.`, `A.`
fn ends_short(sentence: &str) -> bool {
    let Some(sentence) = sentence.trim_end().strip_suffix('.') else { return false };
    let last = sentence.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    let one = last.chars().count() == 1 && !last.contains(is_unspaced);
    one || ["mr", "mrs", "ms", "dr", "st", "no", "ул", "кв", "стр", "тыс", "руб", "им"].contains(&&*last)
}

/// A sentence, in parts where it is too long to be one.
fn short(mut sentence: &str) -> Vec<&str> {
    let mut parts = vec![];
    while sentence.len() > LONGEST {
        let most = (0..=LONGEST).rev().find(|at| sentence.is_char_boundary(*at)).unwrap_or(0);
        let breaks = |letter: char| letter.is_whitespace() || matches!(letter, ',' | '，' | '、' | ';' | '；');
        let comma = sentence[..most].char_indices().rev().find(|(at, letter)| *at > LONGEST / 2 && breaks(*letter));
        let (part, rest) = sentence.split_at(comma.map_or(most, |(at, letter)| at + letter.len_utf8()));
        parts.push(part);
        sentence = rest;
    }
    parts.push(sentence);
    parts
}

/// The sides of labels that name none, such as `A` and `B` or names: who talks most like an operator is one, and who
/// begins is likely to; the others call.
fn sides<'a>(found: &[(Sentence<'a>, Option<&'a str>)]) -> BTreeMap<&'a str, Side> {
    let mut voices: BTreeMap<&str, Voice> = BTreeMap::new();
    for (at, (sentence, label)) in found.iter().enumerate().filter(|(_, (sentence, _))| sentence.side.is_none()) {
        let Some(label) = *label else { continue };
        let voice = voices.entry(label).or_insert(Voice { begin: at, points: 0.0, sentences: 0.0 });
        voice.points += sentence.cues.service - sentence.cues.request;
        voice.sentences += 1.0;
    }
    let first = voices.values().map(|voice| voice.begin).min();
    let points = |voice: &Voice| voice.points / voice.sentences + if Some(voice.begin) == first { BEGINS } else { 0.0 };
    let most = voices.values().max_by(|a, b| points(a).total_cmp(&points(b)).then(b.begin.cmp(&a.begin)));
    let named = |side| found.iter().any(|(sentence, _)| sentence.side == Some(side));
    // Where an operator is named as such nobody else is one, and neither is a voice alone.
    let is_one = !named(Side::Operator) && (voices.len() > 1 || named(Side::Caller));
    let operator = most.map(|voice| voice.begin).filter(|_| is_one);
    let side = |voice: &Voice| if operator == Some(voice.begin) { Side::Operator } else { Side::Caller };
    voices.iter().map(|(label, voice)| (*label, side(voice))).collect()
}

/// Somebody whose label names no side.
struct Voice {
    /// The number of their first sentence.
    begin: usize,
    points: f64,
    sentences: f64,
}
