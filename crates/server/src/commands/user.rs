//! People.

use super::format;
use crate::cli::{Common, UserAdd, UserInvite, UserUnlock};
use crate::installation::Installation;
use crate::say::{self, Format, Trouble};
use crate::settings;
use app::Problem;
use app::login::Invite;
use app::operate::{NewUser, Standing, UserRefusal};
use base::Timestamp;
use identity::{Account, InvalidAttribute, InvalidDetail, Role};
use serde::Serialize;
use std::io::{self, BufRead, Read};
use zeroize::Zeroizing;

/// The longest line that is read for a password, in bytes.
const LONGEST_PASSWORD: u64 = 4096;
/// How many people are read at once.
const BATCH: i64 = 500;

#[derive(Serialize)]
struct Row {
    id: String,
    email: String,
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_until: Option<String>,
    #[serde(skip)]
    standing: Standing,
    role: &'static str,
    created_at: String,
}

impl Row {
    fn of(account: &Account, standing: Standing) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.to_string(),
            name: account.name.clone(),
            status: match standing {
                Standing::Open => "active",
                Standing::PausedUntil(_) => "paused",
                Standing::ClosedUntilReset => "closed",
                Standing::Disabled => "disabled",
            },
            paused_until: match standing {
                Standing::PausedUntil(until) => Some(until.to_jiff().to_string()),
                _ => None,
            },
            standing,
            role: match account.role {
                Role::User => "user",
                Role::Admin => "admin",
            },
            created_at: account.created_at.to_jiff().to_string(),
        }
    }
}

/// Adds a person.
pub(super) async fn add(options: &UserAdd) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let password = if options.password_stdin { Some(read_password()?) } else { None };
    let has_password = password.is_some();
    let installation = Installation::open_for_command(&loaded).await?;
    let user = NewUser { email: options.email.clone(), name: options.name.clone(), password, admin: options.admin };
    let account = installation.here()?.add_user(user).await.map_err(why)?;
    match format(&options.common) {
        Format::Json => return say::json(&Row::of(&account, Standing::Open)),
        Format::Text if has_password => say::line(format_args!("Added {} <{}>.", account.name, account.email)),
        Format::Text => say::line(format_args!(
            "Added {} <{}>. They set a password by \"Forgot it?\" on the sign-in page.",
            account.name, account.email
        )),
    }
    Ok(())
}

/// Invites a person.
pub(super) async fn invite(options: &UserInvite) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let invite = Invite { email: options.email.clone(), name: options.name.clone() };
    let email = installation.here()?.invite(invite).await.map_err(why)?;
    let days = loaded.config.sign_in.invitation_days;
    match format(&options.common) {
        Format::Json => return say::json(&serde_json::json!({ "email": email.as_str(), "days": days })),
        Format::Text => say::line(format_args!("Invited {email}. The link in the mail works for {days} days, once.")),
    }
    Ok(())
}

/// Lists the people.
pub(super) async fn list(common: &Common) -> Result<(), Trouble> {
    let loaded = settings::for_command(common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let here = installation.here()?;
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = here.users(after, BATCH).await?;
        let standings = here.standings(&page.items).await?;
        rows.extend(page.items.iter().zip(standings).map(|(account, standing)| Row::of(account, standing)));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    match format(common) {
        Format::Json => return say::json(&rows),
        Format::Text if rows.is_empty() => say::line("Nobody yet."),
        Format::Text => {
            let cells = |row: &Row| vec![row.email.clone(), row.name.clone(), row.role.to_owned(), told(row.standing)];
            let cells: Vec<_> = rows.iter().map(cells).collect();
            say::line(say::table(&["MAIL", "NAME", "ROLE", "STATUS"], &cells));
        }
    }
    Ok(())
}

/// Opens an account again that guessing has closed.
pub(super) async fn unlock(options: &UserUnlock) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let unlocked = installation.here()?.unlock_user(&options.email).await.map_err(why)?;
    let (email, was) = (&unlocked.account.email, unlocked.was);
    match format(&options.common) {
        Format::Json => {
            return say::json(&Unlocked {
                was: Row::of(&unlocked.account, was).status,
                row: Row::of(&unlocked.account, Standing::Open),
            });
        }
        Format::Text if was == Standing::Open => {
            say::line(format_args!("{email} was not locked: nothing had to be opened."))
        }
        Format::Text => say::line(format_args!("{email} was {} and can sign in again.", told(was))),
    }
    Ok(())
}

/// Makes the link that ends what a person has lost.
pub(super) async fn recover(options: &UserUnlock) -> Result<(), Trouble> {
    let loaded = settings::for_command(&options.common)?;
    let installation = Installation::open_for_command(&loaded).await?;
    let link = installation.here()?.recover_user(&options.email).await.map_err(why)?;
    let (email, until) = (link.account.email.to_string(), link.until.to_jiff().to_string());
    match format(&options.common) {
        Format::Json => return say::json(&serde_json::json!({ "email": email, "url": link.url, "until": until })),
        Format::Text => say::line(format_args!(
            "Give this link to {email}, and to nobody else. It sets a new password, once, until {}:\n{}",
            link.until.to_jiff().strftime("%d %B, %H:%M UTC"),
            link.url
        )),
    }
    Ok(())
}

#[derive(Serialize)]
struct Unlocked {
    was: &'static str,
    #[serde(flatten)]
    row: Row,
}

/// How an account stands, in words.
fn told(standing: Standing) -> String {
    match standing {
        Standing::Open => "active".to_owned(),
        Standing::PausedUntil(until) => format!("paused until {}", moment(until)),
        Standing::ClosedUntilReset => "closed until reset".to_owned(),
        Standing::Disabled => "disabled".to_owned(),
    }
}

/// A moment as `09:41 UTC`.
fn moment(at: Timestamp) -> String {
    at.to_jiff().strftime("%H:%M UTC").to_string()
}

fn read_password() -> Result<Zeroizing<String>, Trouble> {
    let mut line = Zeroizing::new(String::new());
    let read = io::stdin().lock().take(LONGEST_PASSWORD).read_line(&mut line);
    read.map_err(|e| Trouble::new(format!("the password can't be read from standard input: {e}")))?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() { Err(Trouble::new("no password came on standard input")) } else { Ok(password) }
}

pub(super) fn why(problem: Problem<UserRefusal>) -> Trouble {
    match problem {
        Problem::Refusal(UserRefusal::Email) => Trouble::new("that is no mail address: write it like ann@example.com"),
        Problem::Refusal(UserRefusal::Name) => Trouble::new("give a name of at most 100 bytes"),
        Problem::Refusal(UserRefusal::Taken) => Trouble::new(
            "there is an account with this mail address: `watchbell user list` shows it. Its owner sets a new password by \
             \"Forgot it?\" on the sign-in page; for somebody else, use another address",
        ),
        Problem::Refusal(UserRefusal::Weak(weak)) => Trouble::new(format!("the password is {weak}")),
        Problem::Refusal(UserRefusal::Unknown) => {
            Trouble::new("there is no account with this mail address; `watchbell user list` shows them")
        }
        Problem::Refusal(UserRefusal::Disabled) => Trouble::new(
            "this account is disabled: `watchbell user unlock` enables it; nothing can be recovered before",
        ),
        Problem::Refusal(UserRefusal::Detail(detail)) => Trouble::new(InvalidDetail(detail).to_string()),
        Problem::Refusal(UserRefusal::Attribute(name)) => Trouble::new(InvalidAttribute(name).to_string()),
        Problem::Fault(fault) => fault.into(),
    }
}
