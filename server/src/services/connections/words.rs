//! What Atlas's answers mean for a connection, in words: health, abilities, complaints beside a field.

use app::{
    api::connections::{Ability, Explanation},
    error::ApiError,
};
use atlas::{AtlasError, Category, ClockSkew, TransportError};

use crate::store::{Slot, Tested};

/// The name of the role that may read and change everything.
pub(crate) const OWNER: &str = "Organization Owner";

/// Atlas's explanation in the shape of the pages.
pub(crate) fn explanation(error: &AtlasError) -> Explanation {
    let atlas::Explanation { cause, next_step } = error.explanation();
    Explanation { problem: cause, next: next_step }
}

/// Two words for a failure.
pub(crate) fn word(error: &AtlasError) -> &'static str {
    match error.category() {
        Category::WrongCredentials => "wrong key",
        Category::AddressNotListed { .. } | Category::OrgRequiresList | Category::ResourceRequiresList { .. } => {
            "access refused"
        }
        Category::NotAllowed { .. } => "role missing",
        Category::NotFound => "not found",
        Category::RateLimited { .. } => "rate limited",
        Category::VersionGone => "version gone",
        Category::ServerFault => "Atlas fault",
        Category::Malformed => "not Atlas",
        Category::Transport(error) => match error {
            TransportError::NotResolved { .. } => "unknown host",
            TransportError::NotConnected { .. } => "no route",
            TransportError::Tls { .. } => "unsafe connection",
            TransportError::TimedOut { .. } => "no answer",
            TransportError::Cut { .. } => "connection cut",
            TransportError::TooLarge { .. } => "not Atlas",
            TransportError::NotSendable { .. } => "not sendable",
        },
        Category::Duplicate | Category::LimitReached | Category::Invalid { .. } => "refused",
    }
}

/// A clock that is off, as an explanation.
pub(super) fn skewed(skew: &ClockSkew) -> Explanation {
    let sentence = skew.to_string();
    let mut letters = sentence.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    Explanation {
        problem: format!("{first}{}.", letters.as_str()),
        next: "Set this machine’s clock, best by a time service, so that times in the log are right.".into(),
    }
}

/// A refused credential, beside the field at fault where there is one.
pub(super) fn complaint(slot: Slot, error: &AtlasError, skew: Option<ClockSkew>) -> ApiError {
    let Explanation { problem, next } = explanation(error);
    let problem = match skew {
        Some(skew) => format!("{problem} Besides, {skew}."),
        None => problem,
    };
    let (public, private) = fields(slot);
    let field = match error.category() {
        Category::WrongCredentials => private,
        Category::AddressNotListed { .. }
        | Category::OrgRequiresList
        | Category::ResourceRequiresList { .. }
        | Category::NotAllowed { .. } => public,
        Category::Malformed
        | Category::NotFound
        | Category::Transport(
            TransportError::NotResolved { .. }
            | TransportError::NotConnected { .. }
            | TransportError::Tls { .. }
            | TransportError::TooLarge { .. }
            | TransportError::NotSendable { .. },
        ) => "base_url",
        _ => return ApiError::refused(problem, next),
    };
    ApiError::field(field, format!("{problem} {next}"))
}

/// The names of a slot's fields: public key, private key.
pub(super) fn fields(slot: Slot) -> (&'static str, &'static str) {
    match slot {
        Slot::Reader => ("reader_public", "reader_private"),
        Slot::Writer => ("writer_public", "writer_private"),
    }
}

fn ability(can: bool, what: &str, needs: Option<&str>) -> Ability {
    Ability { can, what: what.to_owned(), needs: needs.filter(|_| !can).map(str::to_owned) }
}

/// What a credential can and cannot do, going by its roles (admin-api notes, sections 6, 8 and 9.3).
pub(super) fn abilities(slot: Slot, tested: &Tested) -> Vec<Ability> {
    if tested.at.is_none() {
        return Vec::new();
    }
    let has = |role: &str| tested.roles.iter().any(|held| held == role);
    let owner = has("ORG_OWNER");
    match slot {
        Slot::Reader => vec![
            ability(!tested.roles.is_empty(), "Read the organization and its API keys", Some("Organization Member")),
            ability(
                owner || has("ORG_READ_ONLY") || has("ORG_STREAM_PROCESSING_ADMIN"),
                "Read every project",
                Some("Organization Read Only"),
            ),
            ability(owner, "Read access lists of other keys", Some(OWNER)),
        ],
        Slot::Writer => {
            let mut abilities = vec![
                ability(owner, "Create, change and delete API keys", Some(OWNER)),
                ability(owner, "Give keys roles in every project", Some(OWNER)),
            ];
            if owner && tested.entries == Some(0) {
                let what = "Change access lists of keys: Atlas allows it only to a key with an access list of its own";
                abilities.push(ability(false, what, None));
            } else {
                abilities.push(ability(owner, "Change access lists of keys", Some(OWNER)));
            }
            abilities
        }
    }
}
