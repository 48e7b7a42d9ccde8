//! Times: short and relative where one reads, exact and in UTC on hover, in the viewer's own zone once the island
//! [`LocalTimes`](crate::islands::LocalTimes) runs.

use super::chip::Tone;
use jiff::Timestamp;
use leptos::prelude::*;

/// `at` as seen from `now`: "just now", "2 min ago", "in 3 d".
pub fn relative_text(at: Timestamp, now: Timestamp) -> String {
    relative_seconds(now.as_second() - at.as_second())
}

/// The same from seconds that have passed; negative ones are still to come.
pub fn relative_seconds(seconds: i64) -> String {
    let span = if seconds < 0 { left_text(seconds.unsigned_abs()) } else { span_text(seconds.unsigned_abs()) };
    match (span, seconds) {
        (None, _) => "just now".to_owned(),
        (Some(span), 0..) => format!("{span} ago"),
        (Some(span), _) => format!("in {span}"),
    }
}

/// What is left of a time, to the nearest: a deadline of three days reads "3 d" when it is set and a minute later. Hours are counted
/// for two days, since near the end half a day matters.
fn left_text(seconds: u64) -> Option<String> {
    let nearest = |unit: u64| (seconds + unit / 2) / unit;
    Some(match seconds {
        0..10 => return None,
        10..MINUTE => format!("{seconds} s"),
        _ if nearest(MINUTE) < 60 => format!("{} min", nearest(MINUTE)),
        _ if nearest(HOUR) < 48 => format!("{} h", nearest(HOUR)),
        _ => format!("{} d", grouped(nearest(DAY))),
    })
}

/// How long ago `at` was, in its largest unit: "41 d"; "0 min" when it was just now.
pub fn age_text(at: Timestamp, now: Timestamp) -> String {
    let seconds = u64::try_from(now.as_second() - at.as_second()).unwrap_or(0);
    match seconds / DAY {
        0 => span_text(seconds).unwrap_or_else(|| "0 min".to_owned()),
        days => format!("{} d", grouped(days)),
    }
}

/// The exact time: "24 Nov 2026, 06:44:39 UTC".
pub fn utc_text(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M:%S UTC").to_string()
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

fn span_text(seconds: u64) -> Option<String> {
    Some(match seconds {
        0..10 => return None,
        10..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds / MINUTE),
        HOUR..DAY => format!("{} h", seconds / HOUR),
        _ => format!("{} d", grouped(seconds / DAY)),
    })
}

fn grouped(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

/// A time as seen from now: "2 min ago", with the exact one on hover.
#[component]
pub fn RelativeTime(
    /// The time.
    at: Timestamp,
    /// Now, by the clock of the request.
    now: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=utc_text(at) data-relative="ago" class="nowrap">
            {relative_text(at, now)}
        </time>
    }
}

/// An exact time: in UTC from the server, in the viewer's own zone once the island runs, with the other one on hover.
#[component]
pub fn ExactTime(
    /// The time.
    at: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=utc_text(at) data-exact="" class="nowrap">
            {utc_text(at)}
        </time>
    }
}

/// An age for a column of figures: "214 d", with the exact time on hover.
#[component]
pub fn Age(
    /// When it began.
    at: Timestamp,
    /// Now, by the clock of the request.
    now: Timestamp,
) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=utc_text(at) class="nowrap">
            {age_text(at, now)}
        </time>
    }
}

/// How old the data of a page is; holds the button that reads again.
#[component]
pub fn AsOf(
    /// When Atlas was read; none when it never was.
    at: Option<Timestamp>,
    /// Now, by the clock of the request.
    now: Timestamp,
    /// It is older than it should be.
    #[prop(optional)]
    stale: bool,
    /// For instance a [`PostButton`](super::PostButton) that refreshes.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tone = match (at, stale) {
        (None, _) => Tone::Wait,
        (Some(_), true) => Tone::Warn,
        (Some(_), false) => Tone::Ok,
    };
    let words = match at {
        Some(at) => view! { "Read "<RelativeTime at now/>{stale.then_some(", older than it should be")} }.into_any(),
        None => "Not read yet".into_any(),
    };
    view! {
        <span class="asof">
            <super::Dot tone/>
            <span>{words}</span>
            {children.map(|children| children())}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::{age_text, relative_text, utc_text};
    use jiff::{SignedDuration, Timestamp};

    fn now() -> Timestamp {
        "2026-11-24T06:44:39Z".parse().expect("a valid time")
    }

    fn before(seconds: i64) -> String {
        relative_text(now() - SignedDuration::from_secs(seconds), now())
    }

    #[test]
    fn relative_times_use_their_largest_unit() {
        assert_eq!(before(0), "just now");
        assert_eq!(before(9), "just now");
        assert_eq!(before(59), "59 s ago");
        assert_eq!(before(60), "1 min ago");
        assert_eq!(before(3_600), "1 h ago");
        assert_eq!(before(63 * 86_400), "63 d ago");
        assert_eq!(before(1_234 * 86_400), "1,234 d ago");
        assert_eq!(before(-2 * 86_400), "in 2 d");
    }

    #[test]
    fn what_is_left_is_rounded_to_the_nearest() {
        assert_eq!(before(-3 * 86_400), "in 3 d");
        assert_eq!(before(-3 * 86_400 + 1), "in 3 d");
        assert_eq!(before(-3 * 86_400 + 3_600), "in 3 d");
        assert_eq!(before(-36 * 3_600), "in 36 h");
        assert_eq!(before(-3_599), "in 1 h");
        assert_eq!(before(-90), "in 2 min");
        assert_eq!(before(-59), "in 59 s");
        assert_eq!(before(-9), "just now");
    }

    #[test]
    fn an_age_in_the_future_is_no_age() {
        assert_eq!(age_text(now() + SignedDuration::from_hours(5), now()), "0 min");
        assert_eq!(age_text(now() - SignedDuration::from_hours(49), now()), "2 d");
    }

    #[test]
    fn exact_times_name_their_zone() {
        assert_eq!(utc_text(now()), "24 Nov 2026, 06:44:39 UTC");
    }
}
