//! Questions about costs, which Atlas answers in its own time.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::Client;
use crate::{AtlasError, AtlasRequest, CostQuestion, CostUsage, OrgId};

/// The first pause between two looks; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

impl Client {
    /// Asks for costs and waits for the answer, `within` at most. `None` when Atlas has none by then.
    ///
    /// Atlas says 102 while it works, which HTTP counts as the announcement of an answer, so that a look may as well end
    /// without any.
    ///
    /// # Errors
    ///
    /// When Atlas refuses the question, or looking for the answer fails in another way.
    pub async fn costs(
        &self,
        org: &OrgId,
        question: &CostQuestion,
        within: Duration,
    ) -> Result<Option<CostUsage>, AtlasError> {
        let deadline = Instant::now() + within;
        let query = self.create_org_billing_cost_explorer_usage_process(org, question).await?;
        let request = AtlasRequest::get_org_billing_cost_explorer_usage(org, &query.token);
        let mut pause = FIRST_PAUSE;
        loop {
            match timeout_at(deadline, self.look(&request, deadline)).await {
                Ok(Ok(Some(costs))) => return Ok(Some(costs)),
                Ok(Err(error)) if !error.is_passing() => return Err(error),
                Ok(Ok(None) | Err(_)) => {}
                Err(_) => return Ok(None),
            }
            if Instant::now() + pause > deadline {
                return Ok(None);
            }
            sleep(pause).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
        }
    }

    /// Looks once: what the usual repetitions would do is done by looking again.
    async fn look(&self, request: &AtlasRequest, deadline: Instant) -> Result<Option<CostUsage>, AtlasError> {
        let leave = self.budgets.take(request, self.signer.name(), Some(deadline));
        let permit = leave.await.map_err(|wait| AtlasError::held(request.operation(), wait))?;
        let answer = self.exchange(request, &permit).await;
        answer.map_err(|error| error.met_by(self.signer.caller()))?.decode_if_any()
    }
}
