//! `meridian audit verify`.

use std::process::ExitCode;

use anyhow::Context as _;

use super::{existing, say};
use crate::{log, settings::Settings};

pub(super) async fn verify(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = existing(settings).await?;
    let outcome = log::verify(&store).await.context("the log cannot be read")?;
    store.close().await;
    Ok(match outcome {
        Ok(verified) => {
            say(&format!("The log is whole: {} entries, head {}", verified.entries, hex::encode(verified.head)));
            ExitCode::SUCCESS
        }
        Err(broken) => {
            say(&format!("The log is broken: {broken}."));
            ExitCode::FAILURE
        }
    })
}
