//! `meridian audit verify`.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{existing, say};
use crate::{log, settings::Settings};

pub(super) async fn verify(settings: &Settings, expect: Option<[u8; 32]>) -> anyhow::Result<ExitCode> {
    let store = existing(settings).await?;
    let outcome = log::verify(&store, expect).await.context("the log cannot be read")?;
    store.close().await;
    Ok(match outcome {
        Ok(verified) if expect.is_some() && verified.noted.is_none() => {
            say(&format!(
                "The log is not the one whose head was noted: its {} entries fit together, but none has the expected hash. \
                 Its end was cut off, or it was written anew. Its head is {}",
                verified.entries,
                hex::encode(verified.head)
            ));
            ExitCode::FAILURE
        }
        Ok(verified) => {
            if let Some(noted) = verified.noted {
                say(&format!("The expected head is that of entry {noted}."));
            }
            say(&format!("The log is whole: {} entries, head {}", verified.entries, hex::encode(verified.head)));
            ExitCode::SUCCESS
        }
        Err(broken) => {
            say(&format!("The log is broken: {broken}."));
            ExitCode::FAILURE
        }
    })
}
