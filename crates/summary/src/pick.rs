//! Which sentences stand for the call.

use crate::label::Side;
use crate::sentences::Sentence;
use crate::weight::Words;

/// At most so many sentences for a text.
const MOST: usize = 2;

/// A further sentence has at least this share of the points of the best.
const WORTHY: f64 = 0.5;

/// Sentences with as much in common say the same.
const SAME: f64 = 0.8;

/// The numbers of the sentences, in their order.
#[derive(Debug, Default)]
pub(crate) struct Picked {
    pub(crate) call: Vec<usize>,
    pub(crate) response: Vec<usize>,
}

/// Picks what the call was about, of what the caller says, and then what came of it, of what the operator says later.
/// Without labels everybody may be either.
pub(crate) fn pick(sentences: &[Sentence<'_>]) -> Picked {
    let words = Words::of(sentences.iter().map(|sentence| sentence.text));
    let labelled = sentences.iter().any(|sentence| sentence.side.is_some());
    let may_be = |at: usize, side| sentences[at].side.map_or(!labelled, |own| own == side);
    let asking = (0..sentences.len()).filter(|at| may_be(*at, Side::Caller));
    let call = best(asking.map(|at| (at, asked(sentences, &words, at))).collect(), &words);
    let later = call.first().map_or(0, |first| first + 1)..sentences.len();
    let answering = later.filter(|at| may_be(*at, Side::Operator) && !call.contains(at));
    let response = best(answering.map(|at| (at, answered(sentences, &words, at, &call))).collect(), &words);
    Picked { call, response }
}

/// Those with the most points, if they have any; of two with as many the earlier one, and none that says the same again.
fn best(mut found: Vec<(usize, f64)>, words: &Words) -> Vec<usize> {
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let least = found.first().map_or(0.0, |first| first.1 * WORTHY);
    let mut best: Vec<usize> = vec![];
    for (at, _) in found.into_iter().take_while(|(_, points)| *points > 0.0 && *points >= least) {
        if best.len() == MOST {
            break;
        }
        if best.iter().all(|other| words.likeness(at, *other) < SAME) {
            best.push(at);
        }
    }
    best.sort_unstable();
    best
}

/// The points of a sentence as what the caller wanted.
fn asked(sentences: &[Sentence<'_>], words: &Words, at: usize) -> f64 {
    let Sentence { cues, side, begin, .. } = sentences[at];
    let invited = begin.checked_sub(1).is_some_and(|before| sentences[before].cues.invites);
    let asks = cues.question && side == Some(Side::Caller);
    6.0 * words.weight(at) + cues.request - cues.small + f64::from(u8::from(invited)) + f64::from(u8::from(asks))
}

/// The points of a sentence as what was answered to `call`.
fn answered(sentences: &[Sentence<'_>], words: &Words, at: usize, call: &[usize]) -> f64 {
    let cues = sentences[at].cues;
    let likeness = call.iter().map(|call| words.likeness(at, *call)).fold(0.0, f64::max);
    let asks = if cues.question { 3.0 } else { 0.0 };
    9.0 * words.weight(at) + 4.0 * likeness + cues.service + cues.exact - cues.small - asks
}
