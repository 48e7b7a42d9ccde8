//! `kill -9` at every point of an execution: afterwards there is exactly one key in Atlas, the log is whole, the state is right.

use super::support::{
    program::Program,
    story::{PASSWORD, Story, sign_in},
};

/// Kills the program at `point` of an execution, starts it anew, and returns how it went on.
async fn killed_at(point: &str) -> (Story, Program, String, String) {
    let (story, program) = Story::begin().await;
    let request = story.ask().await;
    program.kill();
    let (story, program) = story.restart(Some(point));
    let program = until_paused(program, story.approve(&request)).await;
    program.kill();
    let (story, mut program) = story.restart(None);
    let state = story.end(&mut program).await;
    (story, program, request, state)
}

async fn goes_on_to(point: &str, wanted: &str) {
    let (story, program, request, state) = killed_at(point).await;
    assert_eq!(state, wanted, "killed at {point}");
    assert_eq!(story.atlas.creations(), 1, "killed at {point}");
    let page = story.operator.get(&request).await;
    assert!(page.status.is_success(), "{}", page.status);
    program.kill();
    story.log_is_whole();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_verdict_it_is_executed_once() {
    goes_on_to("after-verdict", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_intent_it_is_executed_once() {
    goes_on_to("before-intent", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_intent_it_is_looked_up_and_then_sent_once() {
    goes_on_to("after-intent", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_call_the_key_is_found_and_not_made_again() {
    // The private key went down with the program: Atlas tells it only once.
    goes_on_to("after-call", "partly_applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_outcome_the_remaining_calls_are_sent() {
    goes_on_to("after-outcome", "applied").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_reveal_is_written_the_secret_still_waits() {
    let revealed_again = reveal_killed_at("before-reveal").await;
    assert!(revealed_again, "nothing was shown, so it is shown now");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_reveal_was_written_the_secret_is_gone() {
    let revealed_again = reveal_killed_at("after-reveal").await;
    assert!(!revealed_again, "it may have been seen, so it is not shown a second time");
}

/// Kills the program while a private key is revealed; says whether it can be revealed afterwards.
async fn reveal_killed_at(point: &str) -> bool {
    let (story, mut program) = Story::begin().await;
    let request = story.ask().await;
    story.approve(&request).await;
    assert_eq!(story.end(&mut program).await, "applied");
    program.kill();

    let secret = format!("{request}/secret");
    let password = [("password", PASSWORD)];
    let (story, program) = story.restart(Some(point));
    let revealing = async {
        let _ = story.operator.try_post(&secret, &password).await;
    };
    let program = until_paused(program, revealing).await;
    program.kill();

    let (story, program) = story.restart(None);
    // Giving the password changed the session's id, and the answer that told the new one never came.
    sign_in(&story.operator, "olga").await;
    let page = story.operator.post(&secret, &password).await;
    program.kill();
    story.log_is_whole();
    assert_eq!(story.atlas.creations(), 1);
    assert!(page.status.is_success() || page.status == 409, "{page:?}");
    page.status.is_success()
}

/// Does `work` until the program has stopped at its point, where `work` may be waiting for an answer that never comes.
async fn until_paused(mut program: Program, work: impl Future<Output = ()>) -> Program {
    let mut paused = tokio::task::spawn_blocking(move || {
        program.wait_for("paused for a test");
        program
    });
    tokio::select! {
        () = work => paused.await.unwrap(),
        program = &mut paused => program.unwrap(),
    }
}
