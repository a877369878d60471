//! `watchbell dev`: everything on this machine, with a demo app and a mail catcher.

use crate::cli::Dev;
use crate::dev::{demo, mail_catcher};
use crate::installation::{Installation, OtherOrigin};
use crate::say::{self, Trouble};
use crate::serving::{self, Running};
use crate::{data_folder, listen, settings, telemetry};
use app::{Here, Problem};
use base::{Id, Rng, Secret, SecretHash, SecretKind, Timestamp};
use oauth::client::{Client, ClientAuthMethod};
use outbound::Outbound;
use serde::Serialize;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

const CLIENT_ID: &str = "acme-shop";

#[derive(Serialize)]
struct Addresses<'a> {
    url: &'a str,
    /// Where it listens itself, for whoever puts something in front of it.
    listen: SocketAddr,
    operations: Option<SocketAddr>,
    set_up: Option<String>,
    demo: String,
    mail: String,
    data: &'a Path,
}

/// The ports, taken before anything else is done, so that a taken one is told at once.
struct Taken {
    product: Vec<TcpListener>,
    demo: TcpListener,
    mail: TcpListener,
    smtp: TcpListener,
}

pub(super) fn run(options: &Dev) -> Result<ExitCode, Trouble> {
    let folder = settings::dev_folder(options.data.as_deref())?;
    let taken = take(options.port)?;
    let listen = listen::address_of(&taken.product)?;
    let origin = format!("http://localhost:{}", listen.port());
    let loaded = settings::for_dev(&folder, Some(&origin), Some(listen::port_of(&taken.smtp)?))?;
    let config = &loaded.config;
    let traces = telemetry::start(config)?;
    data_folder::open(&folder)?;
    serving::block_on(async {
        let installation = Installation::open_for_server(&loaded, OtherOrigin::Move).await?;
        let here = installation.here()?;
        let (clock, rng) = (installation.clock.clone(), installation.rng.clone());
        let demo_port = listen::port_of(&taken.demo)?;
        let registration = register(&here, &rng, demo_port).await?;
        let mut addresses = Addresses {
            url: here.issuer(),
            listen,
            operations: None,
            set_up: here.set_up_link().await?,
            demo: registration.origin.clone(),
            mail: format!("http://127.0.0.1:{}", listen::port_of(&taken.mail)?),
            data: &folder,
        };
        let inbox = mail_catcher::Inbox::new(clock);
        let broken = |e: minijinja::Error| Trouble::new(format!("read a page of dev: {e}"));
        let shop = demo::Provider::new(&registration, outbound_to(here.issuer())?);
        let shop = shop.map_err(|e| Trouble::new(format!("start the demo app: {e}")))?;
        let shop = demo::routes(shop, rng, demo_port).map_err(broken)?;
        let mails = mail_catcher::routes(inbox.clone()).map_err(broken)?;
        let mut running = Running::start(config, (installation, traces), taken.product, true)?;
        running.beside(taken.demo, shop)?;
        running.beside(taken.mail, mails)?;
        running.in_background(mail_catcher::receive(asynchronous(taken.smtp)?, inbox));
        addresses.operations = running.operations;
        print(&addresses, options.json)?;
        running.until_told_to_stop(config.server.shutdown_seconds.min(5)).await?;
        Ok(ExitCode::SUCCESS)
    })
}

fn take(port: u16) -> Result<Taken, Trouble> {
    let product = match std::env::var("WATCHBELL_SERVER__LISTEN").ok().and_then(|text| text.parse().ok()) {
        Some(address) => vec![listen::take(address, "stop the program that holds it, or set another")?],
        None => listen::take_local(port)?,
    };
    let next = |n: u16| if port == 0 { 0 } else { port.checked_add(n).unwrap_or(0) };
    Ok(Taken {
        product,
        demo: listen::take_near(next(1))?,
        mail: listen::take_near(next(2))?,
        smtp: listen::take_near(0)?,
    })
}

fn print(addresses: &Addresses<'_>, json: bool) -> Result<(), Trouble> {
    if json {
        say::json_line(addresses)?;
        say::ready(addresses.url);
        return Ok(());
    }
    say::line(format_args!("Watchbell runs on this machine alone, with its data in {}.\n", addresses.data.display()));
    if let Some(link) = &addresses.set_up {
        say::line(format_args!("  Set-up link   {link}"));
    }
    say::line(format_args!("  Demo app      {}", addresses.demo));
    say::line(format_args!("  Mail catcher  {}\n", addresses.mail));
    say::ready(addresses.url);
    say::line("Stop with Ctrl-C.");
    Ok(())
}

/// Registers the demo app as any app is registered. Its secret is made anew at each start and kept nowhere.
async fn register(here: &Here, rng: &Rng, port: u16) -> Result<demo::Registration, Trouble> {
    let origin = format!("http://127.0.0.1:{port}");
    let uri =
        |path: &str| format!("{origin}{path}").parse().map_err(|e| Trouble::new(format!("register the demo app: {e}")));
    let wanted = Client {
        redirect_uris: vec![uri("/callback")?],
        post_logout_redirect_uris: vec![uri("/signed-out")?],
        home_url: Some(origin.clone()),
        claims_in_id_token: true,
        ..Client::new(
            Id::from_bytes([0; 16]),
            CLIENT_ID,
            "Acme Shop",
            ClientAuthMethod::SecretBasic,
            Timestamp::from_seconds(0),
        )
    };
    let secret = match here.client(CLIENT_ID).await? {
        None => here.add_client(wanted).await.map_err(|e| why(&e))?.secret.map(|secret| secret.reveal()),
        Some(known) => {
            let secret = Secret::generate(SecretKind::Client, rng).reveal();
            let client = Client {
                secret_hash: Some(SecretHash::of(secret.as_bytes())),
                redirect_uris: wanted.redirect_uris,
                post_logout_redirect_uris: wanted.post_logout_redirect_uris,
                home_url: wanted.home_url,
                claims_in_id_token: wanted.claims_in_id_token,
                ..known
            };
            here.save_client(client).await.map_err(|e| why(&e))?;
            Some(secret)
        }
    };
    Ok(demo::Registration {
        issuer: here.issuer().to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: secret.unwrap_or_default(),
        origin,
    })
}

/// The demo app's own HTTP client: it may reach the product, which is no public address.
fn outbound_to(issuer: &str) -> Result<Outbound, Trouble> {
    let trusted = issuer.parse().map_err(|e| Trouble::new(format!("{issuer}: {e}")))?;
    let settings = outbound::Settings { trusted_origins: vec![trusted], ..outbound::Settings::default() };
    Outbound::new(settings).map_err(|e| Trouble::new(format!("start the demo app's HTTP client: {e}")))
}

fn asynchronous(listener: TcpListener) -> Result<tokio::net::TcpListener, Trouble> {
    let listener = listener.set_nonblocking(true).and_then(|()| tokio::net::TcpListener::from_std(listener));
    listener.map_err(|e| Trouble::new(format!("start the mail catcher: {e}")))
}

fn why<R: std::fmt::Debug>(problem: &Problem<R>) -> Trouble {
    Trouble::new(match problem {
        Problem::Refusal(refusal) => format!("the demo app can't be registered: {refusal:?}"),
        Problem::Fault(fault) => format!("the demo app can't be registered: {fault}"),
    })
}
