//! `watchbell serve`: for real.

use crate::cli::Serve;
use crate::config::production;
use crate::installation::{Installation, OtherOrigin};
use crate::say::{self, Trouble};
use crate::serving::{self, Running};
use crate::{listen, master_key, settings, telemetry};
use std::process::ExitCode;

pub(super) fn run(options: &Serve) -> Result<ExitCode, Trouble> {
    let loaded = settings::for_serve(options.config.as_deref())?;
    let config = &loaded.config;
    let mode = std::env::var_os(master_key::VARIABLE).is_none().then(|| master_key::mode(&config.keys.master_key_file));
    let insecure = production::insecure(&loaded, mode.flatten());
    if !insecure.is_empty() {
        let lines: Vec<String> = insecure.iter().map(ToString::to_string).collect();
        return Err(Trouble::new(format!(
            "refuses to start: {} {} not safe in production (`watchbell dev` is for trying things out):\n  {}",
            lines.len(),
            if lines.len() == 1 { "setting is" } else { "settings are" },
            lines.join("\n  ")
        )));
    }
    let traces = telemetry::start(config)?;
    let instead = "stop the program that holds it, or set server.listen to another";
    let listeners = vec![listen::take(config.server.listen, instead)?];
    let listen = listen::address_of(&listeners)?;
    let other = if options.accept_new_origin { OtherOrigin::Move } else { OtherOrigin::Refuse };
    serving::block_on(async {
        let installation = Installation::open_for_server(&loaded, other).await?;
        let here = installation.here()?;
        let set_up = here.set_up_link().await?;
        let running = Running::start(config, (installation, traces), listeners, false)?;
        if options.json {
            say::json_line(&serde_json::json!({
                "url": here.issuer(), "listen": listen, "set_up": set_up, "operations": running.operations,
            }))?;
        } else if let Some(link) = set_up {
            say::line(format_args!("Set it up within a day: {link}"));
        }
        say::ready(here.issuer());
        running.until_told_to_stop(config.server.shutdown_seconds).await?;
        Ok(ExitCode::SUCCESS)
    })
}
