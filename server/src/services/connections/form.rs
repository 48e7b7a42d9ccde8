//! Reading the form with which organizations are connected and credentials replaced.

use app::{api::connections::ConnectionForm, error::ApiError};
use domain::{FieldError, description::is_deceptive};
use secrecy::SecretString;

use super::words::fields;
use crate::store::Slot;

/// The longest label, environment and owner, in characters.
const MAX_LABEL: usize = 80;
/// Far longer than keys are, and short enough that nothing strange is sent on.
const MAX_KEY: usize = 128;

/// A key pair as it was typed.
pub(super) struct Pair {
    pub(super) public_key: String,
    pub(super) private_key: SecretString,
}

/// What people call an organization.
pub(super) struct Names {
    pub(super) label: String,
    pub(super) environment: String,
    pub(super) owner: String,
}

/// The form, read.
pub(super) struct Read {
    pub(super) reader: Option<Pair>,
    pub(super) writer: Option<Pair>,
    pub(super) names: Names,
}

/// Whether the form connects an organization or changes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The reader must be there.
    Connect,
    /// A slot without a private key stays as it is.
    Change,
}

/// Reads the form.
///
/// # Errors
///
/// Names every field at fault, so that all can be mended at once.
pub(super) fn read(form: &ConnectionForm, purpose: Purpose) -> Result<Read, ApiError> {
    let mut errors = Vec::new();
    let reader = pair(&mut errors, purpose, Slot::Reader, &form.reader_public, &form.reader_private);
    let writer = pair(&mut errors, purpose, Slot::Writer, &form.writer_public, &form.writer_private);
    let names = Names {
        label: name(&mut errors, "label", &form.label),
        environment: name(&mut errors, "environment", &form.environment),
        owner: name(&mut errors, "owner", &form.owner),
    };
    if errors.is_empty() { Ok(Read { reader, writer, names }) } else { Err(ApiError::Invalid { fields: errors }) }
}

fn pair(errors: &mut Vec<FieldError>, purpose: Purpose, slot: Slot, public: &str, private: &str) -> Option<Pair> {
    let (public, private) = (public.trim(), private.trim());
    let is_left_out = match (purpose, slot) {
        (Purpose::Change, _) => private.is_empty(),
        (Purpose::Connect, Slot::Writer) => private.is_empty() && public.is_empty(),
        (Purpose::Connect, Slot::Reader) => false,
    };
    if is_left_out {
        return None;
    }
    let before = errors.len();
    check_key(errors, fields(slot).0, public, "public");
    check_key(errors, fields(slot).1, private, "private");
    if public.len() == 24 && public.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = "This is the key’s id. Paste its public key: eight letters, shown beside it in Atlas.";
        errors.push(FieldError::new(fields(slot).0, message));
    }
    if private.starts_with("****") {
        let message = "This is the masked private key. Atlas shows the whole one only when the key is created; \
                       create a new key if nobody has kept it.";
        errors.push(FieldError::new(fields(slot).1, message));
    }
    (errors.len() == before).then(|| Pair { public_key: public.to_owned(), private_key: SecretString::from(private) })
}

fn check_key(errors: &mut Vec<FieldError>, field: &'static str, text: &str, which: &str) {
    if text.is_empty() {
        errors.push(FieldError::new(field, format!("Paste the {which} key here.")));
    } else if text.len() > MAX_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = format!("This does not look like a {which} key: paste it alone, without spaces around it.");
        errors.push(FieldError::new(field, message));
    }
}

fn name(errors: &mut Vec<FieldError>, field: &'static str, text: &str) -> String {
    let text = text.trim();
    let length = text.chars().count();
    if length > MAX_LABEL {
        errors.push(FieldError::new(field, format!("At most {MAX_LABEL} characters; this is {length}.")));
    }
    if text.chars().any(is_deceptive) {
        let message = "There are control or direction marks in it that cannot be seen. Type it anew without them.";
        errors.push(FieldError::new(field, message));
    }
    text.to_owned()
}
