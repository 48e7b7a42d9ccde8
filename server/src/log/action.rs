//! The catalogue of what is logged.

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal,)+) => {
        /// What was done. The words are kept for ever: add to the list, never change a line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word that stands in the log.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// What it means, in a line.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($doc),+).trim_ascii(),)+
                }
            }
        }
    };
}

actions! {
    /// The installation got its first administrator.
    SetUp = "system.set_up",

    /// A person signed in.
    SignedIn = "session.signed_in",
    /// Somebody gave a wrong user name or password.
    SignInFailed = "session.sign_in_failed",
    /// Somebody tried too often and has to wait.
    SignInThrottled = "session.throttled",
    /// A person gave their password again, to do something weighty.
    Reauthenticated = "session.confirmed",
    /// A person signed out.
    SignedOut = "session.signed_out",

    /// A person was added.
    PersonAdded = "person.added",
    /// A person may no longer sign in.
    PersonDisabled = "person.disabled",
    /// A person may sign in again.
    PersonEnabled = "person.enabled",
    /// A person got other roles.
    RolesChanged = "person.roles_changed",
    /// A link was made with which a person chooses a new password.
    ResetStarted = "person.reset_started",
    /// A person chose a password through such a link.
    PasswordChosen = "person.password_chosen",
    /// A person changed their password.
    PasswordChanged = "person.password_changed",
    /// Sessions were ended before their time.
    SessionsEnded = "session.ended",

    /// An organization was connected.
    ConnectionAdded = "connection.added",
    /// An organization's credentials were replaced.
    ConnectionReplaced = "connection.replaced",
    /// An organization's credentials were tried.
    ConnectionTested = "connection.tested",
    /// An organization was disconnected.
    ConnectionRemoved = "connection.removed",
    /// An organization's inventory was read anew.
    InventoryRefreshed = "connection.refreshed",

    /// A change was asked for.
    RequestSubmitted = "request.submitted",
    /// A plan was approved.
    RequestApproved = "request.approved",
    /// A request was denied.
    RequestDenied = "request.denied",
    /// A request was taken back.
    RequestWithdrawn = "request.withdrawn",
    /// A request waited too long.
    RequestExpired = "request.expired",
    /// What a request was about changed meanwhile.
    RequestStale = "request.stale",
    /// A request lost an approval, because somebody may no longer decide.
    ApprovalLost = "request.approval_lost",
    /// A plan was compared with what Atlas holds.
    RequestChecked = "request.checked",

    /// The execution of an approved plan began.
    ExecutionStarted = "execution.started",
    /// A call is about to be sent to Atlas.
    StepIntended = "execution.step_intended",
    /// A call to Atlas was answered, or its answer was lost.
    StepFinished = "execution.step_finished",
    /// A call whose answer was lost was looked up in Atlas.
    StepReconciled = "execution.step_reconciled",
    /// The execution of a plan ended.
    ExecutionFinished = "execution.finished",

    /// A secret was sealed to the person who may see it once.
    SecretSealed = "secret.sealed",
    /// A secret was shown.
    SecretRevealed = "secret.revealed",
    /// A secret was destroyed unseen.
    SecretDestroyed = "secret.destroyed",

    /// Entries were taken out as a file.
    LogExported = "export.log",
    /// A table was taken out as a file.
    TableExported = "export.table",
    /// Something was asked for that the person's roles do not allow.
    Refused = "session.refused",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_dotted_and_its_own() {
        let mut words: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
        assert!(words.iter().all(|word| word.split('.').count() == 2));
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Action::ALL.len());
        assert!(Action::ALL.iter().all(|action| action.meaning().ends_with('.')));
    }
}
