//! How long an API key is needed: the answer as it was typed, and the end that it stands for.
//!
//! Atlas keeps API keys until somebody deletes them and has no field for an end, so the end is a note of ours: from that day on
//! Meridian marks the key as past its end.

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

use crate::FieldError;

/// The furthest a chosen day may be ahead, in years.
pub const MAX_YEARS: i64 = 5;
/// The choice a new draft begins with.
pub const DEFAULT_CHOICE: &str = "90";
/// The choice of a day of one's own.
pub const CHOICE_DATE: &str = "date";
/// The choice of no end.
pub const CHOICE_NEVER: &str = "never";
/// The choices in days, shortest first.
pub const CHOICES_IN_DAYS: [(&str, i64); 4] = [("30", 30), ("90", 90), ("180", 180), ("365", 365)];

/// When a key is no longer needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyEnd {
    /// It was asked for without an end.
    Never,
    /// From this day on, in UTC.
    On(Date),
}

impl KeyEnd {
    /// The moment from which the key is past its end; none when it has no end.
    #[must_use]
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::On(day) => Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok(),
        }
    }
}

/// The day of `now` in UTC.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

/// A day as people read it: "22 Feb 2027".
#[must_use]
pub fn day_in_words(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// The end that a choice stands for, with the day that was typed, on the day `today`.
///
/// # Errors
///
/// Says in words what is wrong, beside the field `expiry` or `expiry_date`.
pub fn read_end(choice: &str, typed_day: &str, today: Date) -> Result<KeyEnd, FieldError> {
    match choice {
        CHOICE_NEVER => Ok(KeyEnd::Never),
        CHOICE_DATE => read_day(typed_day.trim(), today).map(KeyEnd::On).map_err(|m| FieldError::new("expiry_date", m)),
        _ => CHOICES_IN_DAYS
            .iter()
            .find(|(known, _)| *known == choice)
            .and_then(|(_, days)| end_after(*days, today))
            .map(KeyEnd::On)
            .ok_or_else(|| {
                FieldError::new(
                    "expiry",
                    "Choose how long the key is needed: a number of days, until a date, or without end.",
                )
            }),
    }
}

/// The day `days` after `today`.
#[must_use]
pub fn end_after(days: i64, today: Date) -> Option<Date> {
    today.checked_add(days.days()).ok()
}

fn read_day(typed: &str, today: Date) -> Result<Date, String> {
    let example = end_after(90, today).unwrap_or(today);
    if typed.is_empty() {
        return Err(format!("Write the day as year-month-day, such as {example}."));
    }
    let has_form = typed.len() == 10
        && typed.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !has_form {
        return Err(format!("This is not a day in the form year-month-day. Write it like {example}."));
    }
    let day: Date = typed
        .parse()
        .map_err(|_| format!("The calendar has no day {typed}. Write one that exists, such as {example}."))?;
    if day <= today {
        return Err(format!("The day has to come after today, which is {today} in UTC."));
    }
    let furthest = today.checked_add(MAX_YEARS.years()).unwrap_or(Date::MAX);
    if day > furthest {
        return Err(format!(
            "The day can be at most {MAX_YEARS} years ahead, {furthest}. For a key that is needed longer choose “No end”."
        ));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    fn complaint(typed: &str) -> String {
        let error = read_end(CHOICE_DATE, typed, TODAY).unwrap_err();
        assert_eq!(error.field, "expiry_date");
        error.message
    }

    #[test]
    fn a_number_of_days_is_counted_from_today() {
        assert_eq!(read_end("90", "ignored", TODAY), Ok(KeyEnd::On(date(2027, 2, 22))));
        assert_eq!(read_end("365", "", TODAY), Ok(KeyEnd::On(date(2027, 11, 24))));
        assert_eq!(read_end(CHOICE_NEVER, "", TODAY), Ok(KeyEnd::Never));
    }

    #[test]
    fn a_day_comes_after_today_and_at_most_five_years_ahead() {
        assert_eq!(read_end(CHOICE_DATE, " 2026-11-25 ", TODAY), Ok(KeyEnd::On(date(2026, 11, 25))));
        assert_eq!(read_end(CHOICE_DATE, "2031-11-24", TODAY), Ok(KeyEnd::On(date(2031, 11, 24))));
        assert!(complaint("2026-11-24").contains("after today"));
        assert!(complaint("2020-01-01").contains("2026-11-24"));
        assert!(complaint("2031-11-25").contains("2031-11-24"));
    }

    #[test]
    fn only_a_day_of_the_calendar_in_the_one_form_is_taken() {
        assert!(complaint("").contains("such as 2027-02-22"));
        assert!(complaint("2027-02-30").contains("no day 2027-02-30"));
        for typed in [
            "22.02.2027",
            "2027-2-22",
            "20270222",
            "2027-02-22T10:00",
            "2027/02/22",
            "+002027-02-22",
            "２０２７-02-22",
            "soon",
        ] {
            assert!(complaint(typed).contains("form year-month-day"), "{typed}");
        }
    }

    #[test]
    fn any_other_choice_is_refused_beside_the_choices() {
        for choice in ["", "0", "-1", "91", "99999999999999999999"] {
            assert_eq!(read_end(choice, "2027-01-01", TODAY).unwrap_err().field, "expiry", "{choice}");
        }
    }

    #[test]
    fn a_key_is_past_its_end_from_the_first_moment_of_the_day_in_utc() {
        let end = KeyEnd::On(date(2027, 2, 22)).at();
        assert_eq!(end.map(|at| at.to_string()).as_deref(), Some("2027-02-22T00:00:00Z"));
        assert_eq!(KeyEnd::Never.at(), None);
        assert_eq!(day_in_words(date(2027, 2, 2)), "2 Feb 2027");
    }
}
