//! What a call was about and what was answered, in the words of the call itself: one or two sentences of its
//! transcription each. Nothing is asked of any other server, and the same text always gives the same summary.
//!
//! Sentences are told apart by the rules of Unicode, speakers by their labels where there are some. A sentence counts by how
//! much of the whole conversation it has in it, and by the words with which people ask and promise in English, Russian and
//! Chinese. No crate for this was to be had that is kept up and knows a script without spaces.

mod cue;
mod label;
mod pick;
mod sentences;
mod weight;
mod words;

use unicode_segmentation::UnicodeSegmentation;

use crate::sentences::Sentence;

/// The longest text of a summary unless the caller says otherwise, in characters (grapheme clusters).
pub const LONGEST: usize = 400;

/// A call in short. A text is empty where the call has nothing of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the call was about: the caller's request or trouble.
    pub call: String,
    /// What was answered or promised.
    pub response: String,
}

/// Summarizes a transcription in texts of [`LONGEST`] characters at most.
#[must_use]
pub fn summarize(transcription: &str) -> Summary {
    summarize_within(transcription, LONGEST)
}

/// Summarizes a transcription in texts of `longest` characters at most. A sentence that is longer ends in `…`.
#[must_use]
pub fn summarize_within(transcription: &str, longest: usize) -> Summary {
    let sentences = sentences::split(transcription);
    let picked = pick::pick(&sentences);
    let text = |picked: &[usize]| joined(picked.iter().filter_map(|index| sentences.get(*index)), longest);
    Summary { call: text(&picked.call), response: text(&picked.response) }
}

/// Sentences one after the other, as many as fit.
fn joined<'a>(sentences: impl Iterator<Item = &'a Sentence<'a>>, longest: usize) -> String {
    let (mut text, mut length) = (String::new(), 0);
    for sentence in sentences {
        let gap = if text.is_empty() || text.ends_with(['。', '！', '？', '…']) { "" } else { " " };
        let more = gap.len() + sentence.text.graphemes(true).count();
        if length + more <= longest {
            text.push_str(gap);
            text.push_str(sentence.text);
            length += more;
        } else if text.is_empty() && longest > 0 {
            text.extend(sentence.text.graphemes(true).take(longest - 1));
            text.push('…');
            return text;
        }
    }
    text
}
