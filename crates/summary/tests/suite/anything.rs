//! What holds of any text.

use frontdesk_summary::{LONGEST, Summary, summarize, summarize_within};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const REQUEST: &str = "My internet is not working since Monday.";
const ANSWER: &str = "I'll send an engineer tomorrow morning.";

fn call(operator: &str, caller: &str) -> String {
    format!("{operator} Good morning, how can I help?\n{caller} Hello. {REQUEST}\n{operator} I see. {ANSWER}\n{caller} Thank you, bye.")
}

#[test]
fn labels_in_use() {
    for (operator, caller) in [
        ("Operator:", "Caller:"),
        ("AGENT :", "CUSTOMER :"),
        ("Support agent:", "Client 1:"),
        ("[00:01] Agent:", "[00:05] Caller:"),
        ("[00:00:01.250 --> 00:00:04.000] Agent:", "[00:00:04.000 --> 00:00:09.500] Caller:"),
        ("(1:02:03) Agent:", "(1:02:09) Caller:"),
        ("00:12 - Agent:", "00:15 - Caller:"),
        ("Оператор:", "Клиент:"),
        ("Специалист:", "Звонящий:"),
        ("客服：", "客戶："),
        ("客服人员：", "客户："),
        ("A:", "B:"),
        ("Speaker 0:", "Speaker 1:"),
        ("Anna:", "Mr. O'Neill:"),
        ("Operator:", "Anna:"),
        ("Anna:", "Caller:"),
    ] {
        let summary = summarize(&call(operator, caller));
        assert_eq!(summary, Summary { call: REQUEST.to_owned(), response: ANSWER.to_owned() }, "{operator} {caller}");
    }
}

#[test]
fn labels_within_a_line_and_none_at_all() {
    let expected = Summary { call: REQUEST.to_owned(), response: ANSWER.to_owned() };
    assert_eq!(summarize(&call("Operator:", "Caller:").replace('\n', " ")), expected);
    let summary = summarize(&call("", ""));
    assert!(summary.call.contains(REQUEST) && summary.response.contains(ANSWER), "{summary:?}");
}

#[test]
fn who_speaks_alone_is_answered_nothing() {
    let summary = summarize(&format!("Caller: Hello. {REQUEST}\nCaller: Please call me back."));
    assert!(summary.call.contains(REQUEST) && summary.response.is_empty(), "{summary:?}");
    for nothing in ["", " \n\n", "...", "Operator:\nCaller:\n", "[00:01]", "—", "。！？"] {
        assert_eq!(summarize(nothing), Summary::default(), "{nothing:?}");
    }
}

#[test]
fn a_sentence_does_not_end_after_an_abbreviation() {
    let summary = summarize("Operator: Hello?\nCaller: I need an appointment with Dr. Miller.\nOperator: Dr. Miller can see you today.");
    assert_eq!(summary.call, "I need an appointment with Dr. Miller.");
    assert_eq!(summary.response, "Dr. Miller can see you today.");
}

#[test]
fn texts_are_as_long_as_wanted() {
    let request = format!("I need 👩‍👩‍👧 {}", "some passports ".repeat(35));
    let text = format!("Caller: {request}");
    for longest in [0, 1, 2, 8, 9, 10, 100, LONGEST] {
        let cut = summarize_within(&text, longest).call;
        assert_eq!(cut.graphemes(true).count(), longest, "{cut}");
        assert!(longest == 0 || request.contains(cut.strip_suffix('…').unwrap()), "{cut}");
    }
}

#[test]
fn nothing_is_said_twice() {
    let summary = summarize(&format!("Caller: {REQUEST}\nOperator: {ANSWER}\nCaller: {REQUEST}\nOperator: {ANSWER} {ANSWER}"));
    assert_eq!(summary, Summary { call: REQUEST.to_owned(), response: ANSWER.to_owned() });
}

#[test]
fn a_long_call_is_summarized() {
    let day = |day: u32| format!("Caller: On day {day} my brother came by.\nOperator: You don't say, {day}!\n");
    let talk = |begin: u32| (begin..begin + 200).map(day).collect::<Vec<_>>().concat();
    let summary = summarize(&format!("{}{}\n{}", talk(0), call("Operator:", "Caller:"), talk(500)));
    assert!(summary.call.contains(REQUEST) && summary.response.contains(ANSWER), "{summary:?}");
    for unbroken in ["слово ", "說", "a"] {
        let summary = summarize(&unbroken.repeat(5000));
        assert!(summary.call.len() < 2000, "{summary:?}");
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "(Operator|Caller|A|B|Клиент|客服)(:|：)",
        Just("\n".to_owned()),
        "[\\[(]?[0-9:.]{1,8}[\\])]? ?",
        "[.?!。？！…, ]{1,3}",
        "(I want|не работает|我想|please|tomorrow|завтра|明天|Dr|ул)",
        ".{0,12}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_has_a_summary_of_its_own_words(text in prop_oneof![any::<String>(), pieces()], longest in 0_usize..60) {
        let summary = summarize_within(&text, longest);
        prop_assert_eq!(&summary, &summarize_within(&text, longest));
        for short in [&summary.call, &summary.response] {
            prop_assert!(short.graphemes(true).count() <= longest, "{}", short);
            for word in short.trim_end_matches('…').split_whitespace() {
                prop_assert!(text.contains(word) || word.contains(['。', '！', '？', '…']), "{}", word);
            }
        }
    }
}
