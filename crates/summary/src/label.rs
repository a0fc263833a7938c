//! Who speaks, by the label before it.

/// On which side of the line somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Caller,
    Operator,
}

/// A label has at most so many bytes, so that a sentence with a colon is none.
const LONGEST: usize = 48;

const OPERATOR: [&str; 41] = [
    "operator",
    "agent",
    "support",
    "representative",
    "rep",
    "dispatcher",
    "receptionist",
    "reception",
    "advisor",
    "adviser",
    "consultant",
    "manager",
    "clerk",
    "staff",
    "оператор",
    "агент",
    "менеджер",
    "сотрудни",
    "специалист",
    "консультант",
    "диспетчер",
    "регистрат",
    "администратор",
    "поддержк",
    "секретар",
    "客服",
    "客務",
    "專員",
    "专员",
    "坐席",
    "座席",
    "接線",
    "接线",
    "櫃台",
    "柜台",
    "服務",
    "服务",
    "話務",
    "话务",
    "總機",
    "总机",
];

const CALLER: [&str; 31] = [
    "caller",
    "customer",
    "client",
    "user",
    "patient",
    "guest",
    "passenger",
    "resident",
    "citizen",
    "subscriber",
    "visitor",
    "клиент",
    "звонящ",
    "абонент",
    "пациент",
    "заявител",
    "покупател",
    "пользовател",
    "гражданин",
    "гость",
    "客戶",
    "客户",
    "顧客",
    "顾客",
    "來電",
    "来电",
    "用戶",
    "用户",
    "民眾",
    "民众",
    "病患",
];

/// The side that a label names, where it names one.
pub(crate) fn side(label: &str) -> Option<Side> {
    let label = label.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| label.starts_with(word) || (!word.is_ascii() && label.contains(word)));
    match (named(&OPERATOR), named(&CALLER)) {
        (true, false) => Some(Side::Operator),
        (false, true) => Some(Side::Caller),
        _ => None,
    }
}

/// A label and what is said after it. `anywhere`: within a line only labels that name a side are some.
pub(crate) fn split(text: &str, anywhere: bool) -> Option<(&str, &str)> {
    let (at, colon) = text.char_indices().take_while(|(at, _)| *at <= LONGEST).find(|(_, letter)| matches!(letter, ':' | '：'))?;
    let (label, said) = (text[..at].trim(), text[at + colon.len_utf8()..].trim());
    let word = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.' | '#' | '\'' | '(' | ')');
    let fits = label.chars().all(word) && label.contains(char::is_alphabetic) && label.split(' ').count() <= 3;
    (fits && (!anywhere || side(label).is_some())).then_some((label, said))
}

/// A line without the moment before it: `[00:01]`, `(1:02:03)`, `00:01 -`.
pub(crate) fn without_time(line: &str) -> &str {
    let line = line.trim();
    let rest = match line.strip_prefix(['[', '(']) {
        Some(inside) => inside.split_once([']', ')']).filter(|(time, _)| is_time(time)).map(|(_, rest)| rest),
        None => line.split_once([' ', '\t']).filter(|(time, _)| time.contains(':') && is_time(time)).map(|(_, rest)| rest),
    };
    rest.map_or(line, |rest| rest.trim_start().trim_start_matches(['-', '–', '—']).trim_start())
}

fn is_time(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ':' | '.' | ',' | ' ' | '-' | '>' | 's'))
}
