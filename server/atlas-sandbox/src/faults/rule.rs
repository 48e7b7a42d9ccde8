//! What a fault is, which requests it is for, and how both are written in one line.
//!
//! The same line says it everywhere: the option `--fault`, the header [`HEADER`], and behind each of [`NAMES`].

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{oauth, request::Incoming};

/// The header with which a request asks to be treated so itself.
pub(crate) const HEADER: &str = "sandbox-fault";

/// Rules that never wear out.
const ALWAYS: u32 = u32::MAX;

/// Names that make the sandbox misbehave: whoever calls as a key or service account with such words in its name, in an
/// organization with them, or about a project with them, is treated so. Each with its rule and what it is for.
pub const NAMES: &[(&str, &str)] = &[
    ("(answers slowly)", "slow=3000"),
    ("(is limited)", "429,retry-after=2,every=2"),
    ("(is limited without headers)", "429,every=2"),
    ("(fails)", "500"),
    ("(is unavailable)", "503,every=2"),
    ("(cuts answers off)", "cut-midway,every=3"),
    ("(breaks JSON)", "malformed,every=3"),
    ("(hangs up)", "cut,every=3"),
    ("(loses answers)", "lost,changes,every=2"),
    ("(nonces go stale)", "stale-nonce"),
    ("(tokens expire)", "expired-token"),
    ("(clock is 10 minutes ahead)", "clock=10"),
    ("(clock is 10 minutes behind)", "clock=-10"),
];

/// What happens to a request that a rule matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Answers this status in Atlas's error shape.
    Status {
        /// The status, say 429, 500 or 503.
        status: u16,
        /// Seconds for `Retry-After`, with `RateLimit-…` beside it in a 429; without it the headers are left out.
        #[serde(default)]
        retry_after: Option<u32>,
        /// Whether the request is executed before it is answered so.
        #[serde(default)]
        after_change: bool,
    },
    /// Answers as usual, later.
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Closes the connection instead of executing the request.
    CutBefore,
    /// Executes the request and closes the connection: the answer is lost.
    CutAfter,
    /// Executes the request, answers with all headers and half of the body, and closes the connection.
    CutMidway,
    /// Executes the request and breaks the answer's JSON off in the middle.
    MalformedJson,
    /// Refuses the signature's nonce as stale, with a fresh challenge; of a service account, the token as expired. A rule
    /// without an end accepts the nonces of such challenges, so that a client which answers them gets on.
    StaleNonce,
    /// Lets the token of a service account expire. A rule without an end does so to the first token it meets only.
    ExpiredToken,
    /// Answers with a `Date` that is off by so many minutes.
    Clock {
        /// Minutes; negative ones are behind.
        minutes: i32,
    },
    /// Keeps the request, not executed, until it is released. It stays kept when the client goes away, as a request
    /// that has reached Atlas would.
    HoldBefore,
    /// Executes the request and keeps the answer until it is released.
    HoldAfter,
}

/// Which requests misbehave, and how often.
///
/// As text: what happens, then what limits it, with commas between: `503`, `429,retry-after=7,times=2`, `slow=2000,path=/orgs`,
/// `lost,method=POST,skip=1`. What can happen: a status (with `retry-after=SECONDS`, and `after-change` if the request is executed
/// first), `slow=MILLISECONDS`, `cut` (nothing was done), `lost` (the answer, after the change was made), `cut-midway`, `malformed`,
/// `stale-nonce`, `expired-token`, `clock=MINUTES`. What limits it: `method=…`, `path=…` (part of path and query), `changes` (everything
/// but reading), `skip=N`, `times=N` (no end unless given), `every=N`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only targets (path and query as sent) that contain this.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// Only requests that may change something.
    #[serde(default)]
    pub only_changes: bool,
    /// How many matching requests go well before the rule starts.
    #[serde(default)]
    pub skip: u32,
    /// How many requests the rule spoils; then it is used up. The largest number means that it never is.
    #[serde(default = "once")]
    pub times: u32,
    /// Of those from then on it spoils the first, and each so many requests later another one.
    #[serde(default = "once")]
    pub every: u32,
    /// What happens to them.
    pub fault: FaultKind,
}

impl FaultRule {
    /// The next signed request whatever it is.
    pub fn next(fault: FaultKind) -> Self {
        Self { method: None, path_contains: None, only_changes: false, skip: 0, times: 1, every: 1, fault }
    }

    /// The next signed request of `method` whose target contains `path`.
    pub fn on(method: &str, path: &str, fault: FaultKind) -> Self {
        Self { method: Some(method.to_owned()), path_contains: Some(path.to_owned()), ..Self::next(fault) }
    }

    /// The same rule for `times` requests.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The same rule after `skip` requests that go well.
    #[must_use]
    pub fn after(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Whether it goes on for ever.
    pub(crate) fn is_endless(&self) -> bool {
        self.times == ALWAYS
    }

    /// Requests for tokens are spoilt only by rules that name their path, so that "the next request" goes on to mean the
    /// next call.
    pub(crate) fn matches(&self, incoming: &Incoming) -> bool {
        let is_meant =
            !oauth::is_at(&incoming.path) || self.path_contains.as_ref().is_some_and(|part| part.contains("oauth"));
        is_meant
            && !(self.only_changes && incoming.method.is_safe())
            && self.method.as_ref().is_none_or(|method| incoming.method.as_str().eq_ignore_ascii_case(method))
            && self.path_contains.as_ref().is_none_or(|part| incoming.target.contains(part.as_str()))
    }
}

impl FromStr for FaultRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(',').map(str::trim);
        let mut rule = Self::next(kind(parts.next().unwrap_or_default())?).times(ALWAYS);
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match (name, &mut rule.fault) {
                ("retry-after", FaultKind::Status { retry_after, .. }) => *retry_after = Some(number(name, value)?),
                ("after-change", FaultKind::Status { after_change, .. }) if value.is_empty() => *after_change = true,
                ("method", _) if !value.is_empty() => rule.method = Some(value.to_owned()),
                ("path", _) if !value.is_empty() => rule.path_contains = Some(value.to_owned()),
                ("changes", _) if value.is_empty() => rule.only_changes = true,
                ("skip", _) => rule.skip = number(name, value)?,
                ("times", _) => rule.times = number(name, value)?,
                ("every", _) => rule.every = number::<u32>(name, value)?.max(1),
                _ => return Err(format!("`{part}` means nothing in `{text}`")),
            }
        }
        Ok(rule)
    }
}

fn kind(text: &str) -> Result<FaultKind, String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Ok(match (name, value) {
        ("slow", _) => FaultKind::Delay { ms: number(name, value)? },
        ("clock", _) => FaultKind::Clock { minutes: number(name, value)? },
        ("cut", "") => FaultKind::CutBefore,
        ("lost", "") => FaultKind::CutAfter,
        ("cut-midway", "") => FaultKind::CutMidway,
        ("malformed", "") => FaultKind::MalformedJson,
        ("stale-nonce", "") => FaultKind::StaleNonce,
        ("expired-token", "") => FaultKind::ExpiredToken,
        (status, "") if status.parse().is_ok_and(|status: u16| (400..600).contains(&status)) => {
            FaultKind::Status { status: number("the status", status)?, retry_after: None, after_change: false }
        }
        _ => {
            return Err(format!(
                "`{text}` is no fault; there are 429 and other statuses from 400 to 599, slow=MILLISECONDS, cut, lost, cut-midway, malformed, stale-nonce, expired-token and clock=MINUTES"
            ));
        }
    })
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{name}` needs a number, not `{value}`"))
}

fn once() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_happens_and_to_what() {
        let rule: FaultRule = "429,retry-after=7,method=POST,path=/apiKeys,times=2,skip=1".parse().unwrap();
        let limited = FaultKind::Status { status: 429, retry_after: Some(7), after_change: false };
        assert_eq!(rule, FaultRule::on("POST", "/apiKeys", limited).times(2).after(1));
        let endless: FaultRule = "clock=-10, every=3, changes".parse().unwrap();
        assert_eq!((endless.is_endless(), endless.every, endless.only_changes), (true, 3, true));
        assert_eq!(endless.fault, FaultKind::Clock { minutes: -10 });
        for (_, line) in NAMES {
            assert!(line.parse::<FaultRule>().is_ok(), "{line}");
        }
    }

    #[test]
    fn a_line_that_means_nothing_says_what_is_wrong() {
        for (line, part) in [
            ("", "is no fault"),
            ("200", "is no fault"),
            ("explode", "slow=MILLISECONDS"),
            ("slow=soon", "needs a number"),
            ("slow=5,retry-after=7", "`retry-after=7` means nothing"),
            ("503,times=", "`times` needs a number"),
        ] {
            let error = line.parse::<FaultRule>().unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
