//! Errors in plain words: what happened, and what the reader can do about it.

use std::time::Duration;

use super::{AtlasError, Caller, Category, Cause, Refusal};
use crate::{CertificateProblem, TransportError};

/// A problem in words for a page: two sentences or so, no code unless nothing better is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What happened.
    pub cause: String,
    /// What to do next.
    pub next_step: String,
}

fn told(cause: impl Into<String>, next_step: impl Into<String>) -> Explanation {
    Explanation { cause: cause.into(), next_step: next_step.into() }
}

pub(super) fn explain(error: &AtlasError) -> Explanation {
    match error.cause() {
        Cause::Transport(error) => transport(error),
        Cause::Malformed { status, problem, .. } => told(
            format!("The answer is not one of Atlas's: {problem} (status {status})."),
            "Check the base URL, and whether a proxy stands between this server and Atlas.",
        ),
        Cause::Held { wait } => told(
            "This would be more requests than Atlas allows at once, so it was not sent.",
            format!("Try again in {}.", in_words(*wait)),
        ),
        Cause::Refused(refusal) => {
            let caller = error.0.caller;
            let Explanation { cause, next_step } = match refusal.code.words() {
                Some((cause, next_step)) if refusal.fields.is_empty() => told(with_detail(cause, refusal), next_step),
                _ => refused(refusal, caller),
            };
            let caller = caller.to_string();
            told(cause.replace("{caller}", &caller), next_step.replace("{caller}", &caller))
        }
    }
}

/// A cause that ends with a colon goes on with Atlas's own words.
fn with_detail(cause: &str, refusal: &Refusal) -> String {
    match (cause.strip_suffix(':'), &refusal.detail) {
        (None, _) => cause.to_owned(),
        (Some(begun), None) => format!("{begun}."),
        (Some(begun), Some(detail)) => format!("{begun}: {}.", detail.trim_end_matches('.')),
    }
}

fn refused(refusal: &Refusal, caller: Caller) -> Explanation {
    match refusal.category() {
        Category::WrongCredentials if caller == Caller::ServiceAccount => told(
            "Atlas does not accept the access token of this service account; the account may have been deleted.",
            "Look for the service account in Atlas, or replace it by another credential.",
        ),
        Category::WrongCredentials => told(
            "Atlas does not accept this API key: the private key does not belong to the public key, or the key was deleted.",
            "Paste both parts again, or create a new key in Atlas and replace this one.",
        ),
        Category::AddressNotListed { address } => {
            let (seen, add) = match address {
                Some(address) => (format!("Atlas sees this server as {address}, which"), format!("Add {address}")),
                None => {
                    ("The address Atlas sees this server at".to_owned(), "Add this server's public address".to_owned())
                }
            };
            told(
                format!("{seen} is not on the access list of this {{caller}}."),
                format!("{add} to its access list in Atlas, then try again."),
            )
        }
        Category::OrgRequiresList => told(
            "The organization requires an access list for every API key and service account, and this {caller} has none.",
            "Add this server's public address to its access list in Atlas, then try again.",
        ),
        Category::ResourceRequiresList { address } => {
            let add = address.map_or("this server's public address".to_owned(), |address| address.to_string());
            told(
                "Atlas allows this only to credentials with an access list, and this {caller} has none.",
                format!("Add {add} to its access list in Atlas, then try again."),
            )
        }
        Category::NotAllowed { .. } => told(
            with_words("The roles of this {caller} do not allow this", refusal),
            "Give the connection's {caller} a role that allows it, or use another credential.",
        ),
        Category::NotFound => told(
            with_words(
                "Atlas does not know something named in the request; it may have been deleted meanwhile",
                refusal,
            ),
            "Refresh the inventory and look again.",
        ),
        Category::Duplicate => told(
            with_words("This exists already, or something else stands in its way", refusal),
            "Refresh the inventory to see what is there now.",
        ),
        Category::LimitReached => told(
            with_words("Atlas allows no more of these", refusal),
            "Remove what is no longer needed, then try again.",
        ),
        Category::RateLimited { retry_after } => {
            let wait = retry_after.map_or("a minute".to_owned(), in_words);
            told("Atlas got too many requests and asks to wait.", format!("Try again in {wait}."))
        }
        Category::Invalid { fields } if !fields.is_empty() => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.field, field.description)).collect();
            told(format!("Atlas does not accept some values: {}.", fields.join("; ")), "Change them and try again.")
        }
        Category::Invalid { .. } => {
            told(with_words("Atlas does not accept the values of the request", refusal), "Change them and try again.")
        }
        Category::VersionGone => told(
            "Atlas no longer offers the version of its interface that this release of Meridian uses.",
            "Update Meridian.",
        ),
        Category::ServerFault if refusal.stale => {
            told("Atlas asked to sign the request again and again.", "Try again in a moment.")
        }
        Category::ServerFault => told(
            with_words(&format!("Atlas has a problem of its own (status {})", refusal.status), refusal),
            "Try again in a few minutes; MongoDB reports larger problems on its status page.",
        ),
        // A refusal is neither of these.
        Category::Malformed | Category::Transport(_) => {
            told(with_words("Atlas refused the request", refusal), "Try again.")
        }
    }
}

/// A sentence with what Atlas said itself: its words, its code and the number of the request, for whoever has to look
/// them up.
fn with_words(sentence: &str, refusal: &Refusal) -> String {
    let code = Some(refusal.code.as_str()).filter(|code| !code.is_empty()).map(str::to_owned);
    let request = refusal.request_id.as_ref().map(|id| format!("request {id}"));
    let marks: Vec<String> = code.into_iter().chain(request).collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    match &refusal.detail {
        Some(detail) => format!("{sentence}. Atlas says: {}{marks}.", detail.trim_end_matches('.')),
        None => format!("{sentence}{marks}."),
    }
}

fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        0 | 1 => "a second".to_owned(),
        seconds @ 2..=119 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}

fn transport(error: &TransportError) -> Explanation {
    match error {
        TransportError::NotResolved { host } => told(
            format!("The name {host} is unknown to this server's name service."),
            "Check the base URL for typing errors, and the server's DNS settings.",
        ),
        TransportError::NotConnected { host, detail } => told(
            format!("This server gets no connection to {host} ({detail})."),
            "Check that the server may reach the internet, and the settings of its firewall and proxy.",
        ),
        TransportError::Tls { host, problem } => tls(host, problem),
        TransportError::TimedOut { after } => told(
            format!("Atlas did not answer within {}.", in_words(*after)),
            "Try again in a moment; if it goes on, check the network between this server and Atlas.",
        ),
        TransportError::Cut { detail } => told(
            format!("The connection was cut before the answer was complete ({detail})."),
            "Try again in a moment; if it goes on, check the network and any proxy.",
        ),
        TransportError::TooLarge { limit } => told(
            format!("The answer is larger than {} MiB, more than Atlas ever sends.", limit / (1024 * 1024)),
            "Check the base URL, and whether a proxy stands between this server and Atlas.",
        ),
        TransportError::NotSendable { detail } => {
            told(format!("The request could not be sent ({detail})."), "Check the base URL of the connection.")
        }
    }
}

fn tls(host: &str, problem: &CertificateProblem) -> Explanation {
    match problem {
        CertificateProblem::UnknownIssuer => told(
            format!("The certificate of {host} was issued by nobody this server trusts."),
            "If a company proxy opens connections, add its certificate authority to Meridian's settings.",
        ),
        CertificateProblem::Expired => told(
            format!("The certificate of {host} has expired, or this server's clock is ahead."),
            "Check the date and time of this server.",
        ),
        CertificateProblem::NotYetValid => told(
            format!("The certificate of {host} is not valid yet, or this server's clock is behind."),
            "Check the date and time of this server.",
        ),
        CertificateProblem::OtherName => told(
            format!("The certificate presented for {host} is made out to another name."),
            "Check the base URL, and whether a proxy stands between this server and Atlas.",
        ),
        CertificateProblem::Other(detail) => told(
            format!("No secure connection to {host} could be made ({detail})."),
            "Check the base URL (https), and any proxy between this server and Atlas.",
        ),
    }
}
