//! `meridian serve`.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use app::backend::Clock;
use atlas::{ReqwestTransport, TransportOptions};
use atlas_sandbox::Sandbox;
use tokio::{net::TcpListener, signal::unix, sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use super::say;
use crate::{
    accounts::passwords::Passwords,
    cli,
    clock::SystemClock,
    demo,
    http::Gate,
    installation::{Claim, Installation, Services, keep_tidy},
    router,
    services::sign_in::make_set_up_link,
    settings::Settings,
};

/// How long requests under way may take once we are asked to end; orchestrators kill after ten seconds or more.
const GRACE: Duration = Duration::from_secs(8);

/// How long a call to Atlas under way may take after that.
const LAST_CALL: Duration = Duration::from_millis(1_500);

pub(super) async fn run(mut settings: Settings, options: cli::Serve) -> anyhow::Result<ExitCode> {
    if options.demo && !options.demo_allow_remote && !settings.server.listen.ip().is_loopback() {
        bail!(
            "the demo's passwords are known to everybody, so it only listens on this machine; \
             set MERIDIAN_LISTEN to 127.0.0.1:7420, or add --demo-allow-remote if you mean it"
        );
    }
    let listener = TcpListener::bind(settings.server.listen).await.with_context(|| {
        format!("cannot listen on {}; choose another address with MERIDIAN_LISTEN", settings.server.listen)
    })?;
    settings.server.bound_to(listener.local_addr()?);

    if options.demo {
        demo::settle(&mut settings.storage)?;
    }
    let _claim = Claim::take(&settings.storage)?;
    if options.demo {
        demo::empty(&settings.storage)?;
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let installation = Installation::open(&settings.storage, options.demo).await?;
    if let Some(key) = &installation.created_key {
        say(&format!(
            "A new sealing key was made: {}\nBack it up apart from the database. Without it the stored Atlas credentials cannot be read.",
            key.display()
        ));
    }
    let passwords = Passwords::new();
    let (end, ending) = watch::channel(false);
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    let mut sandbox = None;
    if options.demo {
        demo::add_people(&installation.store, &passwords, &*clock).await?;
        let started = start_sandbox(&*clock, ending.clone()).await?;
        settings.atlas.base_urls.insert(0, started.base_url.clone());
        tasks.push(started.task);
        sandbox = Some((started.sandbox, started.base_url));
    }
    let link = make_set_up_link(&installation.store, clock.now()).await?;

    let transport = ReqwestTransport::new(&TransportOptions::default()).context("the way to Atlas cannot be set up")?;
    let services = installation.services(&clock, passwords, &settings, Arc::new(transport));
    if let Some((sandbox, base_url)) = &sandbox {
        demo::furnish(&installation.store, &services, sandbox, base_url)
            .await
            .context("the demo cannot be furnished")?;
    }
    let Services { backend, executor, refresher } = services;
    let gate = Gate::new(installation.store.clone(), Arc::clone(&clock), settings.server.clone(), settings.sessions);
    let router = router(backend, installation.store.clone(), &gate);
    let stop = CancellationToken::new();
    let executing = tokio::spawn(executor.run(stop.clone()));
    tasks.push(tokio::spawn(refresher.run(settings.atlas.refresh_every, stop.clone())));
    let upkeep = tokio::spawn(keep_tidy(installation.store.clone(), clock, settings.sessions));

    if !settings.server.public_url.is_trustworthy() {
        tracing::warn!(
            "browsers reach Meridian without encryption: passwords can be read on the way; \
             put a proxy with TLS in front and set MERIDIAN_PUBLIC_URL to its https:// address"
        );
    }
    if let Some(link) = link {
        say(&format!(
            "Create the first administrator within 30 minutes at\n  {}",
            settings.server.public_url.join(&link.path())
        ));
    }
    say(&format!("Meridian is listening on {}", settings.server.public_url));
    if options.demo {
        say("Demo accounts, also shown on the sign-in page:");
        for account in demo::accounts() {
            say(&format!("  {:<14} {}", account.username, account.password));
        }
    }

    let mut stopping = ending;
    let shutdown = async move {
        // The sender lives until after the server; if it does not, ending is right as well.
        let _ = stopping.wait_for(|asked| *asked).await;
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut server = tokio::spawn(async move { axum::serve(listener, service).with_graceful_shutdown(shutdown).await });

    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        () = until_asked_to_end() => None,
    };
    tracing::info!("ending");
    end.send_replace(true);
    stop.cancel();
    let outcome = match ended {
        Some(ended) => Some(ended),
        None => timeout(GRACE, &mut server).await.ok(),
    };
    // A call that is under way may still get its outcome; if not, its intent is looked up at the next start.
    if timeout(LAST_CALL, executing).await.is_err() {
        tracing::warn!("a call to Atlas was still under way; it is looked up at the next start");
    }
    upkeep.abort();
    for task in tasks {
        task.abort();
    }
    installation.store.close().await;
    match outcome {
        Some(ended) => ended.context("the server failed")?.context("the server failed")?,
        None => {
            tracing::warn!("requests were still under way and are cut off");
            server.abort();
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The running stand-in for Atlas.
struct Started {
    sandbox: Sandbox,
    base_url: String,
    task: JoinHandle<()>,
}

/// Starts the stand-in for Atlas on a port of its own: the demo talks to it as to Atlas.
async fn start_sandbox(clock: &dyn Clock, mut ending: watch::Receiver<bool>) -> anyhow::Result<Started> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("the sandbox finds no free port")?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let sandbox = Sandbox::demo(clock.now());
    let serving = sandbox.clone();
    let task = tokio::spawn(async move {
        let shutdown = async move {
            let _ = ending.wait_for(|asked| *asked).await;
        };
        if let Err(error) = serving.serve(listener, shutdown).await {
            tracing::error!(%error, "the sandbox ended");
        }
    });
    Ok(Started { sandbox, base_url, task })
}

/// Waits for Ctrl-C or a supervisor's SIGTERM.
pub(super) async fn until_asked_to_end() {
    let mut terminate = match unix::signal(unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be listened to");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
