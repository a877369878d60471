//! What each command does.

mod carry;
mod check;
mod client;
mod client_proof;
mod client_registration;
mod client_requests;
mod client_tokens;
mod dev;
mod doctor;
mod keys;
mod outbox;
mod report;
mod risk;
mod scope;
mod serve;
mod user;
mod user_details;

use crate::cli::{ClientCommand, Command, Common, KeysCommand, OutboxCommand, ScopeCommand, UserCommand};
use crate::installation::{self, Use};
use crate::say::{self, Format, Trouble};
use crate::settings;
use std::process::ExitCode;

/// Runs a command to its end.
///
/// # Errors
/// [`Trouble`] when it could not do what was asked.
pub(crate) fn run(command: Command) -> Result<ExitCode, Trouble> {
    match command {
        Command::Dev(options) => dev::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Check(common) => block_on(check::run(&common)),
        Command::Doctor(options) => doctor::run(&options),
        Command::Migrate(common) => done(block_on(migrate(&common))),
        Command::Backup(options) => done(block_on(carry::backup(&options))),
        Command::Restore(options) => done(block_on(carry::restore(&options))),
        Command::Move(options) => done(block_on(carry::move_to(&options))),
        Command::Client(ClientCommand::Add(options)) => done(block_on(client::add(&options))),
        Command::Client(ClientCommand::Update(options)) => done(block_on(client::update(&options))),
        Command::Client(ClientCommand::List(options)) => done(block_on(client::list(&options))),
        Command::Client(ClientCommand::Remove(options)) => done(block_on(client_registration::remove(&options))),
        Command::Client(ClientCommand::Purge(options)) => done(block_on(client_registration::purge(&options))),
        Command::Client(ClientCommand::Log(options)) => done(block_on(client_registration::log(&options))),
        Command::Client(ClientCommand::Token(command)) => done(block_on(client_registration::token(&command))),
        Command::Scope(ScopeCommand::Define(options)) => done(block_on(scope::define(&options))),
        Command::Scope(ScopeCommand::List(common)) => done(block_on(scope::list(&common))),
        Command::Scope(ScopeCommand::Remove(options)) => done(block_on(scope::remove(&options))),
        Command::User(UserCommand::Add(options)) => done(block_on(user::add(&options))),
        Command::User(UserCommand::Invite(options)) => done(block_on(user::invite(&options))),
        Command::User(UserCommand::List(common)) => done(block_on(user::list(&common))),
        Command::User(UserCommand::Set(options)) => done(block_on(user_details::set(&options))),
        Command::User(UserCommand::Unlock(options)) => done(block_on(user::unlock(&options))),
        Command::Risk(options) => done(block_on(risk::run(&options))),
        Command::User(UserCommand::Recover(options)) => done(block_on(user::recover(&options))),
        Command::Keys(KeysCommand::Status(common)) => done(block_on(keys::status(&common))),
        Command::Keys(KeysCommand::Rotate(options)) => done(block_on(keys::rotate(&options))),
        Command::Keys(KeysCommand::Revoke(options)) => done(block_on(keys::revoke(&options))),
        Command::Outbox(OutboxCommand::List(options)) => done(block_on(outbox::list(&options))),
        Command::Outbox(OutboxCommand::Retry(options)) => done(block_on(outbox::retry(&options))),
    }
}

fn done(result: Result<(), Trouble>) -> Result<ExitCode, Trouble> {
    result.map(|()| ExitCode::SUCCESS)
}

fn block_on<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.map_err(|e| Trouble::new(format!("start the runtime: {e}")))?.block_on(work)
}

fn format(common: &Common) -> Format {
    if common.json { Format::Json } else { Format::Text }
}

async fn migrate(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let store = installation::open_store(&loaded.config, Use::Serve).await?;
    installation::bring_up_to_date(&store).await?;
    store.check().await?;
    let database = loaded.config.database.url.shown();
    match format(common) {
        Format::Json => say::json(&serde_json::json!({ "database": database, "up_to_date": true })),
        Format::Text => {
            say::line(format_args!("The tables of {database} are up to date."));
            Ok(())
        }
    }
}
