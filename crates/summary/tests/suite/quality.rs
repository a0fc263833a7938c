//! How often a summary has the sentence in it that a person marked.

use std::fmt::Write;

use frontdesk_summary::summarize;
use unicode_segmentation::UnicodeSegmentation;

use crate::calls::{Call, Part, calls};

/// Whether something has the marked sentence of a call: its summary; as many of the call's first sentences; as many of the first
/// ones, and of the longest ones, of whoever says the marked one.
type Hits = [bool; 4];

fn hits(text: &str, summary: &str, marked: &str) -> Hits {
    let count = summary.unicode_sentences().count();
    let first: String = text.unicode_sentences().take(count).collect();
    let by = |line: &str| line.split([':', '：']).rev().nth(1).map(|label| label.rsplit(']').next().unwrap_or(label).trim().to_owned());
    let who = by(text.lines().find(|line| line.contains(marked)).unwrap());
    let mut theirs: Vec<_> = text.lines().filter(|line| by(line) == who).flat_map(str::unicode_sentences).collect();
    let begins: String = theirs.iter().take(count).copied().collect();
    theirs.sort_by_key(|sentence| std::cmp::Reverse(sentence.chars().count()));
    let longest: String = theirs.into_iter().take(count).collect();
    [summary, &first, &begins, &longest].map(|text| text.contains(marked))
}

/// For the request and for the answer of a call.
fn judge(call: &Call) -> [Hits; 2] {
    let summary = summarize(&call.text);
    [hits(&call.text, &summary.call, &call.about), hits(&call.text, &summary.response, &call.answer)]
}

/// Of all hits how many are ones, in percent.
fn shares(hits: &[Hits]) -> [u32; 4] {
    let count = |which: usize| u32::try_from(hits.iter().filter(|hits| hits[which]).count()).unwrap();
    let all = u32::try_from(hits.len()).unwrap();
    [0, 1, 2, 3].map(|which| (count(which) * 200 + all) / (all * 2))
}

/// The table for the README, and the shares of each part: of the requests, and of the answers.
fn table() -> (String, Vec<[u32; 4]>) {
    let calls = calls();
    let head = "| calls | | | summary | first sentences | first of the speaker | longest of the speaker |\n|---|---|---|---|---|---|---|\n";
    let (mut text, mut totals) = (head.to_owned(), vec![]);
    let parts = [(Some(Part::Tuned), "tuned on"), (Some(Part::HeldOut), "held out"), (Some(Part::Fresh), "fresh"), (None, "all")];
    for (part, name) in parts {
        for (language, title) in [("en", "English"), ("ru", "Russian"), ("zh", "Chinese"), ("", "all")] {
            let mine = calls.iter().filter(|call| part.is_none_or(|part| call.part() == part));
            let judged: Vec<_> = mine.filter(|call| call.name.starts_with(language)).map(judge).collect();
            for (side, about) in ["`call`", "`response`"].into_iter().enumerate() {
                let shares = shares(&judged.iter().map(|both| both[side]).collect::<Vec<_>>());
                let [ours, first, begins, longest] = shares;
                writeln!(text, "| {name}, {title} | {} | {about} | {ours} % | {first} % | {begins} % | {longest} % |", judged.len())
                    .unwrap();
                if language.is_empty() {
                    totals.push(shares);
                }
            }
        }
    }
    (text, totals)
}

#[test]
fn summaries_have_the_marked_sentences_more_often_than_the_baselines() {
    let (text, totals) = table();
    println!("{text}");
    for [ours, first, begins, _] in &totals {
        assert!(*ours >= 65 && *ours >= first + 50 && *ours >= begins + 50, "{text}");
    }
    // Of all calls. That the marked sentence is often the longest is how people talk, and how these calls are written.
    for [ours, _, _, longest] in &totals[totals.len() - 2..] {
        assert!(ours > longest, "{text}");
    }
}

#[test]
fn the_set_is_what_it_says() {
    let calls = calls();
    for language in ["en", "ru", "zh"] {
        assert!(calls.iter().filter(|call| call.language() == language).count() >= 20, "{language}");
    }
    for call in calls {
        for marked in [&call.about, &call.answer] {
            let found = call.text.unicode_sentences().filter(|sentence| sentence.contains(&**marked)).count();
            assert_eq!((found, marked.unicode_sentences().count()), (1, 1), "{}: {marked}", call.name);
        }
    }
}

#[test]
#[ignore = "shows what is missed of the calls to tune on"]
fn misses() {
    for call in calls().iter().filter(|call| call.part() == Part::Tuned) {
        let summary = summarize(&call.text);
        if !summary.call.contains(&call.about) {
            println!("{} CALL {}\n   not {}", call.name, summary.call, call.about);
        }
        if !summary.response.contains(&call.answer) {
            println!("{} RESPONSE {}\n   not {}", call.name, summary.response, call.answer);
        }
    }
}
