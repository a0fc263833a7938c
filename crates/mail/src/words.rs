//! What a mail says, in three languages.

use jiff::Timestamp;
use jiff::civil::Weekday;

use crate::calendar::plain;
use crate::failure::Failure;
use crate::invitation::{Invitation, News};
use crate::moment::{beyond, zone};

/// What mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese.
    Chinese,
    /// English.
    #[default]
    English,
    /// Russian.
    Russian,
}

impl Language {
    /// The language of a BCP 47 tag: by its first part Chinese (always in traditional characters), Russian, else English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Self::Chinese,
            "ru" => Self::Russian,
            _ => Self::English,
        }
    }
}

/// The mail's subject.
pub(crate) fn subject(one: &Invitation) -> String {
    let what = match (one.language, one.news) {
        (Language::Chinese, News::Invited) => "視訊預約邀請",
        (Language::Chinese, News::Moved) => "視訊預約改期",
        (Language::Chinese, News::Canceled) => "視訊預約取消",
        (Language::English, News::Invited) => "Invitation to a video appointment",
        (Language::English, News::Moved) => "New time of your video appointment",
        (Language::English, News::Canceled) => "Your video appointment is cancelled",
        (Language::Russian, News::Invited) => "Приглашение на видеовстречу",
        (Language::Russian, News::Moved) => "Новое время видеовстречи",
        (Language::Russian, News::Canceled) => "Видеовстреча отменена",
    };
    plain(&format!("{what} – {}", one.organization))
}

/// The event's title in a calendar.
pub(crate) fn summary(one: &Invitation) -> String {
    let what = match one.language {
        Language::Chinese => "視訊預約",
        Language::English => "Video appointment",
        Language::Russian => "Видеовстреча",
    };
    plain(&format!("{what} – {}", one.organization))
}

/// The text that people read.
///
/// # Errors
/// A moment that no calendar has, or a zone that is not known.
pub(crate) fn text(one: &Invitation) -> Result<String, Failure> {
    let (name, organization, number, time) = (plain(&one.name), plain(&one.organization), plain(&one.number), time(one)?);
    let lines = match one.language {
        Language::Chinese => {
            let what = match one.news {
                News::Invited => "誠摯邀請您參加視訊預約。",
                News::Moved => "您的視訊預約已改期，新的時間如下。",
                News::Canceled => "您的視訊預約已取消。",
            };
            [format!("{name} 您好："), what.into(), format!("時間：{time}"), format!("預約編號：{number}"), organization]
        }
        Language::English => {
            let what = match one.news {
                News::Invited => "you are invited to a video appointment.",
                News::Moved => "your video appointment has a new time.",
                News::Canceled => "your video appointment is cancelled.",
            };
            [format!("Dear {name},"), what.into(), format!("Time: {time}"), format!("Number: {number}"), organization]
        }
        Language::Russian => {
            let what = match one.news {
                News::Invited => "Приглашаем вас на видеовстречу.",
                News::Moved => "Время вашей видеовстречи изменилось.",
                News::Canceled => "Ваша видеовстреча отменена.",
            };
            [format!("Здравствуйте, {name}!"), what.into(), format!("Время: {time}"), format!("Номер: {number}"), organization]
        }
    };
    let [greeting, what, time, number, organization] = lines;
    Ok(format!("{greeting}\n\n{what}\n\n{time}\n{number}\n\n{organization}\n"))
}

/// From when to when, with the zone and how far it is from UTC.
fn time(one: &Invitation) -> Result<String, Failure> {
    let zone = zone(&one.zone)?;
    let at = |millis: i64| Ok(Timestamp::from_millisecond(millis).map_err(beyond)?.to_zoned(zone.clone()));
    let (start, end) = (at(one.start)?, at(one.start.saturating_add(one.minutes.saturating_mul(60_000)))?);
    let (weekday, month) = names(one.language, start.weekday(), start.month());
    let (year, day) = (start.year(), start.day());
    let date = match one.language {
        Language::Chinese => format!("{year}年{month}{day}日（{weekday}）"),
        Language::English => format!("{weekday}, {day} {month} {year},"),
        Language::Russian => format!("{weekday}, {day} {month} {year} г.,"),
    };
    let (from, to) = (start.strftime("%H:%M"), end.strftime("%H:%M"));
    let [offset, after] = [&start, &end].map(|at| format!("UTC{}", at.strftime("%:z")));
    // Clocks that change meanwhile may show an end before the beginning.
    let offset = if offset == after { offset } else { format!("{offset} → {after}") };
    Ok(format!("{date} {from}–{to} ({}, {offset})", one.zone))
}

fn names(language: Language, weekday: Weekday, month: i8) -> (String, String) {
    const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const CHINESE: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    const RUSSIAN: [&str; 7] = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    const OF_MONTHS: [&str; 12] =
        ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];
    let day = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0);
    let place = usize::try_from(month - 1).unwrap_or(0);
    match language {
        Language::Chinese => (CHINESE[day].into(), format!("{month}月")),
        Language::English => (ENGLISH[day].into(), MONTHS[place].into()),
        Language::Russian => (RUSSIAN[day].into(), OF_MONTHS[place].into()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn invitation() -> Invitation {
        Invitation {
            news: News::Moved,
            uid: "202603020000001.7@frontdesk".into(),
            sequence: 2,
            mail_id: "7.1".into(),
            number: "202603020000001".into(),
            start: 1_775_131_200_000,
            minutes: 30,
            zone: "Europe/Berlin".into(),
            language: Language::English,
            organization: "Ward; Sons".into(),
            name: "吳小姐".into(),
            address: "wu@example.com".into(),
            now: 1_772_416_800_000,
        }
    }

    #[test]
    fn tags() {
        for (tag, language) in
            [("zh-Hant-TW", Language::Chinese), ("zh", Language::Chinese), ("RU_ru", Language::Russian), ("de", Language::English)]
        {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn the_time_in_words() {
        let said = |language| text(&Invitation { language, ..invitation() }).unwrap();
        assert!(said(Language::English).contains("Time: Thursday, 2 April 2026, 14:00–14:30 (Europe/Berlin, UTC+02:00)\n"));
        assert!(said(Language::Chinese).contains("時間：2026年4月2日（星期四） 14:00–14:30 (Europe/Berlin, UTC+02:00)\n"));
        let over = Invitation { start: 1_792_889_100_000, ..invitation() };
        assert!(text(&over).unwrap().contains("Sunday, 25 October 2026, 02:45–02:15 (Europe/Berlin, UTC+02:00 → UTC+01:00)\n"));
        assert!(said(Language::Russian).contains("Время: четверг, 2 апреля 2026 г., 14:00–14:30 (Europe/Berlin, UTC+02:00)\n"));
    }
}
