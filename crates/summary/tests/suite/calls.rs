//! The labelled calls, written for this project. A call begins with `== name`; the sentence that a person marked as what
//! it is about stands in `{c|…}`, the one that says what was answered or promised in `{r|…}`. Many a matter is told in all
//! three languages, under the same number, so that no part knows another.

/// What a call is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Odd numbers up to 40: to tune on.
    Tuned,
    /// Even numbers up to 40: not looked at in tuning, but written before it.
    HeldOut,
    /// From 41 on: written when words and weights stood, and judged once.
    Fresh,
}

pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) about: String,
    pub(crate) answer: String,
}

impl Call {
    pub(crate) fn language(&self) -> &str {
        self.name.split_once('-').unwrap().0
    }

    pub(crate) fn part(&self) -> Part {
        match self.name.split_once('-').unwrap().1.parse::<u32>().unwrap() {
            41.. => Part::Fresh,
            number if number.is_multiple_of(2) => Part::HeldOut,
            _ => Part::Tuned,
        }
    }

    fn read(text: &str) -> Self {
        let (name, text) = text.split_once('\n').unwrap();
        let mark = |begin: &str| {
            let rest = text.split_once(begin).unwrap_or_else(|| panic!("{name} has no {begin}")).1;
            rest.split_once('}').unwrap().0.to_owned()
        };
        let plain = text.replace("{c|", "").replace("{r|", "").replace('}', "");
        Self { name: name.trim().to_owned(), about: mark("{c|"), answer: mark("{r|"), text: plain.trim().to_owned() }
    }
}

pub(crate) fn calls() -> Vec<Call> {
    let files = [include_str!("../calls/en.txt"), include_str!("../calls/ru.txt"), include_str!("../calls/zh.txt")];
    files.iter().flat_map(|file| file.split("== ").skip(1)).map(Call::read).collect()
}
