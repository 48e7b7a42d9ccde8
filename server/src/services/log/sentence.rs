//! What an entry of the log says, as a sentence for people. The actor stands beside it, so most begin with the verb.

use serde_json::Value;

use crate::log::{Action, Outcome, Written};

/// The sentence for `entry`; `org_name` gives the name of an organization by its id.
pub(super) fn sentence(entry: &Written, org_name: impl Fn(&str) -> String) -> String {
    let Some(action) = Action::ALL.iter().find(|action| action.as_str() == entry.action) else {
        return format!("Did something that this version of Meridian does not know: {}.", entry.action);
    };
    let told = Told { entry, org_name };
    match action {
        Action::SetUp => "Set Meridian up and became its first administrator.".to_owned(),

        Action::SignedIn => "Signed in.".to_owned(),
        Action::SignInFailed => "Could not sign in: the username or the password was wrong.".to_owned(),
        Action::SignInThrottled => "Could not try to sign in: too many tries before.".to_owned(),
        Action::Reauthenticated => "Gave the password again.".to_owned(),
        Action::SignedOut => "Signed out.".to_owned(),
        Action::SessionsEnded => format!("Ended {}.", told.count("sessions_ended", "other session")),
        Action::Refused => told.refused(),

        Action::PersonAdded => match told.grants("grants") {
            Some(grants) => format!("Added {} as {grants}.", told.person()),
            None => format!("Added {} without any role.", told.person()),
        },
        Action::PersonDisabled => format!("Closed the account of {}.", told.person()),
        Action::PersonEnabled => format!("Opened the account of {} again.", told.person()),
        Action::RolesChanged => format!(
            "Changed the roles of {} from {} to {}.",
            told.person(),
            told.grants("before").as_deref().unwrap_or("none"),
            told.grants("after").as_deref().unwrap_or("none"),
        ),
        Action::ResetStarted => format!("Made a link for {} to choose a password.", told.person()),
        Action::PasswordChosen => format!("Chose the password of {} by a one-time link.", told.person()),
        Action::PasswordChanged => "Changed their own password.".to_owned(),

        Action::ConnectionAdded => format!("Connected {}.", told.org()),
        Action::ConnectionReplaced => told.replaced(),
        Action::ConnectionTested => match entry.outcome {
            Outcome::Done => format!("Tested the connection of {}: it works.", told.org()),
            _ => format!("Tested the connection of {}: it does not work.", told.org()),
        },
        Action::ConnectionRemoved => format!("Disconnected {}.", told.org()),
        Action::InventoryRefreshed => match (&entry.org, told.text("organizations")) {
            (None, Some(_)) => format!("Asked for {} to be read again.", told.count("organizations", "organization")),
            _ => format!("Asked for {} to be read again.", told.org()),
        },

        Action::RequestSubmitted => told.with("Submitted", &["what"]),
        Action::RequestApproved => match (told.text("approvals"), told.text("needed")) {
            (Some(have), Some(need)) => format!("Approved {}, {have} of {need} approvals.", told.request()),
            _ => format!("Approved {}.", told.request()),
        },
        Action::RequestDenied => told.with("Denied", &["reason"]),
        Action::RequestWithdrawn => format!("Took {} back.", told.request()),
        Action::RequestExpired => format!("Ended {}, which had waited too long.", told.request()),
        Action::RequestStale => format!(
            "Found that Atlas changed since {} was planned: {}.",
            told.request(),
            told.count("differences", "difference")
        ),
        Action::ApprovalLost => {
            format!("Took an approval from {}: whoever gave it may no longer decide.", told.request())
        }
        Action::RequestChecked => match told.text("differences").as_deref() {
            Some("0") => format!("Compared {} with Atlas: all is as it was when planned.", told.request()),
            _ => format!("Compared {} with Atlas: {}.", told.request(), told.count("differences", "difference")),
        },

        Action::ExecutionStarted => format!("Began to carry out {}.", told.request()),
        Action::StepIntended => format!("Is about to send a call of {}{}.", told.request(), told.call()),
        Action::StepFinished => match entry.outcome {
            Outcome::Done => format!("Atlas carried out a call of {}{}.", told.request(), told.call()),
            Outcome::Unknown => {
                format!("Does not know whether Atlas carried out a call of {}{}.", told.request(), told.call())
            }
            Outcome::Failed | Outcome::Refused => {
                format!("A call of {} was not carried out{}.", told.request(), told.problem())
            }
        },
        Action::StepReconciled => format!(
            "Looked in Atlas for a call of {} whose answer was lost: {}.",
            told.request(),
            told.text("found").as_deref().unwrap_or("see the request")
        ),
        Action::ExecutionFinished => match told.text("state") {
            Some(state) => format!("Ended the execution of {}: {}.", told.request(), state.replace('_', " ")),
            None => format!("Ended the execution of {}.", told.request()),
        },

        Action::SecretSealed => match told.text("for") {
            Some(whom) => format!("Sealed the private key of {} for {whom}.", told.request()),
            None => format!("Sealed the private key of {}.", told.request()),
        },
        Action::SecretRevealed => format!("Saw the private key of {}, once.", told.request()),
        Action::SecretDestroyed => format!("Destroyed the private key of {}, which nobody had seen.", told.request()),

        Action::LogExported => format!("Took {} out as a file.", told.count("rows", "entry of the log")),
        Action::TableExported => match told.text("table") {
            Some(table) => format!("Took a table out as a file: {table}."),
            None => "Took a table out as a file.".to_owned(),
        },
    }
}

/// What an entry tells, with words for what it leaves out: older entries may lack details that newer ones have.
struct Told<'a, F> {
    entry: &'a Written,
    org_name: F,
}

impl<F: Fn(&str) -> String> Told<'_, F> {
    fn text(&self, name: &str) -> Option<String> {
        self.entry.details.get(name).map(words).filter(|text| !text.is_empty())
    }

    /// "viewer, operator in Payments EU".
    fn grants(&self, name: &str) -> Option<String> {
        let grants = self.entry.details.get(name)?.as_array()?.iter().map(words);
        let grants: Vec<String> = grants.map(|grant| grant_words(&grant, &self.org_name)).collect();
        (!grants.is_empty()).then(|| grants.join(", "))
    }

    fn person(&self) -> String {
        self.text("person").unwrap_or_else(|| "somebody".to_owned())
    }

    fn request(&self) -> String {
        self.entry.request.map_or_else(|| "a request".to_owned(), |number| number.to_string())
    }

    /// The organization: as it was called then, else as it is called now.
    fn org(&self) -> String {
        self.text("name")
            .or_else(|| self.entry.org.as_ref().map(|org| (self.org_name)(org.as_str())))
            .unwrap_or_else(|| "an organization".to_owned())
    }

    /// "3 sessions", "1 session", "some sessions".
    fn count(&self, detail: &str, one: &str) -> String {
        // Only the first word takes the plural: "entry of the log".
        let (noun, rest) =
            one.split_once(" of ").map_or((one, String::new()), |(noun, rest)| (noun, format!(" of {rest}")));
        let many = noun.strip_suffix('y').map_or_else(|| format!("{noun}s"), |stem| format!("{stem}ies"));
        match self.text(detail).as_deref() {
            Some("1") => format!("1 {one}"),
            Some(count) => format!("{count} {many}{rest}"),
            None => format!("some {many}{rest}"),
        }
    }

    /// "Denied CR-0412: the reason", with the first of `details` that is there.
    fn with(&self, verb: &str, details: &[&str]) -> String {
        let start = format!("{verb} {}", self.request());
        match details.iter().find_map(|name| self.text(name)) {
            Some(text) => format!("{start}: {}.", text.trim_end_matches('.')),
            None => format!("{start}."),
        }
    }

    /// ": create the key" with the call's own sentence, or nothing.
    fn call(&self) -> String {
        self.text("call").map(|text| format!(": {}", text.trim_end_matches('.'))).unwrap_or_default()
    }

    /// ": why not", or nothing.
    fn problem(&self) -> String {
        self.text("problem").map(|text| format!(": {}", text.trim_end_matches('.'))).unwrap_or_default()
    }

    fn refused(&self) -> String {
        let wanted = self.text("wanted").unwrap_or_else(|| "do something".to_owned());
        let about = self.entry.request.map(|number| format!(" {number}")).unwrap_or_default();
        match self.text("why") {
            Some(why) => format!("Wanted to {wanted}{about} and was refused: {}.", why.trim_end_matches('.')),
            None => format!("Wanted to {wanted}{about} and was refused."),
        }
    }

    fn replaced(&self) -> String {
        let org = self.org();
        let has = |name: &str| self.entry.details.contains_key(name);
        if has("writer_removed") {
            return format!("Removed the writer of {org}.");
        }
        match (has("reader"), has("writer")) {
            (true, true) => format!("Replaced reader and writer of {org}."),
            (true, false) => format!("Replaced the reader of {org}."),
            (false, true) => format!("Replaced the writer of {org}."),
            (false, false) => format!("Changed what is written down about {org}."),
        }
    }
}

/// "operator in Payments EU" for `operator@ID`.
fn grant_words(grant: &str, org_name: impl Fn(&str) -> String) -> String {
    match grant.split_once('@') {
        Some((role, org)) => format!("{role} in {}", org_name(org)),
        None => grant.to_owned(),
    }
}

/// A detail as people read it.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name}: {}", words(value))).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::RequestNumber;
    use jiff::Timestamp;

    use super::*;
    use crate::log::{Actor, Entry};

    fn said(entry: &Entry) -> String {
        let written = serde_json::from_str(&entry.to_canonical()).unwrap();
        sentence(&written, |org| format!("<{org}>"))
    }

    fn entry(action: Action) -> Entry {
        Entry::new(Timestamp::UNIX_EPOCH, Actor::System, action)
    }

    #[test]
    fn every_action_has_a_sentence_of_its_own_even_without_details() {
        let mut sentences: Vec<_> = Action::ALL.iter().map(|action| said(&entry(*action))).collect();
        for sentence in &sentences {
            assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
            assert!(sentence.starts_with(char::is_uppercase), "{sentence}");
        }
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), Action::ALL.len());
    }

    #[test]
    fn every_action_belongs_to_an_area_of_the_filter() {
        for action in Action::ALL {
            let area = action.as_str().split('.').next().unwrap();
            assert!(app::api::log::LogArea::ALL.iter().any(|known| known.as_str() == area), "{}", action.as_str());
        }
    }

    #[test]
    fn details_are_told() {
        let number = RequestNumber(7);
        assert_eq!(
            said(&entry(Action::RequestDenied).request(number).detail("reason", "Too wide.")),
            "Denied CR-0007: Too wide."
        );
        assert_eq!(
            said(&entry(Action::Refused).request(number).detail("wanted", "approve").detail("why", "it is your own")),
            "Wanted to approve CR-0007 and was refused: it is your own."
        );
        assert_eq!(
            said(&entry(Action::RolesChanged).detail("person", "ana").detail("before", vec!["viewer".to_owned()])),
            "Changed the roles of ana from viewer to none."
        );
        let added = entry(Action::PersonAdded).detail("person", "ana");
        assert_eq!(said(&added), "Added ana without any role.");
        let added = added.detail("grants", vec!["viewer".to_owned(), "operator@1a".to_owned()]);
        assert_eq!(said(&added), "Added ana as viewer, operator in <1a>.");
        let org = "5f1a2b3c4d5e6f7081920a1b".parse().unwrap();
        assert_eq!(said(&entry(Action::InventoryRefreshed).org(&org)), format!("Asked for <{org}> to be read again."));
        assert_eq!(
            said(&entry(Action::InventoryRefreshed).detail("organizations", 2)),
            "Asked for 2 organizations to be read again."
        );
        assert_eq!(said(&entry(Action::LogExported).detail("rows", 3)), "Took 3 entries of the log out as a file.");
    }

    #[test]
    fn an_unknown_action_is_named() {
        let text = entry(Action::SignedIn).to_canonical().replace(Action::SignedIn.as_str(), "later.thing");
        let written: Written = serde_json::from_str(&text).unwrap();
        assert!(sentence(&written, str::to_owned).contains("later.thing"));
    }
}
