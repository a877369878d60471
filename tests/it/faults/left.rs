//! What a fault left behind, compared with what was acknowledged.

use super::journal::{Act, Done, Got, Jar};
use super::people::{ENOUGH, Family, Person, Town, dice, token_of};
use base::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Store, StoreSettings};

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found {
    /// Acknowledged acts, each of which was found.
    pub(super) acknowledged: usize,
    /// Acts without an answer, found whole …
    pub(super) whole: usize,
    /// … and not done at all, or of the kind of which that can't be told.
    pub(super) open: usize,
}

/// What one person did.
type Acts = Vec<(Act, Option<Got>)>;

/// Compares everything with what was done since a moment, and brings up to date what is known of the people.
pub(super) async fn compare(
    town: &Town,
    (url, since): (&str, Timestamp),
    people: &mut [Person],
    done: Vec<Done>,
) -> Found {
    let mut by_person: BTreeMap<usize, Acts> = BTreeMap::new();
    for Done { who, act, got, .. } in done {
        by_person.entry(who).or_default().push((act, got));
    }
    // At once: an answer that was lost is given again for ten seconds, and the rest of this may take longer.
    for person in people.iter_mut() {
        let done = by_person.get(&person.number).map_or(&[][..], Vec::as_slice);
        lost_answers_are_given_again(town, person, done).await;
    }
    let mut found = Found::default();
    let store =
        Store::open(url, StoreSettings { shared: true, wait: Duration::from_secs(60), ..StoreSettings::default() })
            .await
            .unwrap();
    for person in people {
        let done = by_person.remove(&person.number).unwrap_or_default();
        log_tells(&store, person, &done, since, &mut found).await;
        for (act, got) in done {
            match got {
                Some(got) => acknowledged(person, act, got),
                None => open(person, act),
            }
        }
        everything_counts(town, person).await;
    }
    store.close().await;
    found
}

/// The account and its log say the same, and both say what was acknowledged: each change has its event, and there is no event
/// of what did not come to be.
async fn log_tells(store: &Store, person: &Person, done: &Acts, since: Timestamp, found: &mut Found) {
    let tenant = store.tenants().await.unwrap()[0].id;
    let mut read = store.read(tenant).await.unwrap();
    let account = read.find_account_by_email(&person.email).await.unwrap().unwrap();
    let kinds = ["profile.changed", "login.succeeded", "session.ended"];
    let events = read.list_kinds_of(account.id, &kinds, since).await.unwrap();
    let count = |kind: &str| events.iter().filter(|one| one.event.kind() == kind).count();
    let of = |answered: bool, kind: fn(&Act) -> bool| {
        done.iter().filter(|(act, got)| got.is_some() == answered && kind(act)).count()
    };
    found.acknowledged += of(true, |_| true);

    let names = done.iter().filter_map(|(act, got)| match act {
        Act::Name(name) => Some((name, got.is_some())),
        _ => None,
    });
    let answered =
        names.clone().filter(|(_, answered)| *answered).map(|(name, _)| name).next_back().unwrap_or(&person.name);
    let unanswered = names.clone().find(|(_, answered)| !answered).map(|(name, _)| name);
    let is_whole = Some(&account.name) == unanswered;
    assert!(is_whole || account.name == *answered, "{} is called {}, not {answered}", person.email, account.name);
    let changes = of(true, |act| matches!(act, Act::Name(_))) + usize::from(is_whole);
    assert_eq!(count("profile.changed"), changes, "{}: each change has its event, and no event is alone", person.email);

    let signs_in: fn(&Act) -> bool = |act| matches!(act, Act::SignIn(_));
    let signs_out: fn(&Act) -> bool = |act| matches!(act, Act::SignOut(_));
    for (kind, acts) in [("login.succeeded", signs_in), ("session.ended", signs_out)] {
        let (least, open) = (of(true, acts), of(false, acts));
        let logged = count(kind);
        assert!((least..=least + open).contains(&logged), "{}: {logged} of {least} + {open} {kind}", person.email);
        found.whole += logged - least;
        found.open += open - (logged - least);
    }
    found.whole += usize::from(is_whole);
    found.open += usize::from(unanswered.is_some() && !is_whole);
}

/// Brings the families of tokens up to date. Of what came to no answer nobody knows whether it was done, but a rotation
/// has to be found either way.
async fn lost_answers_are_given_again(town: &Town, person: &mut Person, done: &[(Act, Option<Got>)]) {
    for (act, got) in done {
        match (act, got) {
            (Act::Redeem { family, code }, Some(got)) => {
                let (code, token) = (code.clone(), got.refresh_token.clone());
                person.families.insert(*family, Family { code, token, is_new: true });
            }
            (Act::Refresh(family), Some(got)) => {
                person.families.entry(*family).and_modify(|known| known.token = got.refresh_token.clone());
            }
            (Act::Refresh(family), None) => {
                let Some(known) = person.families.get_mut(family) else { continue };
                known.token = refreshed(town, &person.email, (*family, &known.token)).await;
            }
            _ => {}
        }
    }
}

async fn refreshed(town: &Town, email: &str, (family, token): (u64, &str)) -> String {
    let answer = town.refresh(token).await.unwrap();
    assert_eq!(answer.status, 200, "{email}: family {family} lost its token: {}", answer.body);
    token_of(&answer)
}

fn acknowledged(person: &mut Person, act: Act, got: Got) {
    match act {
        Act::Name(name) => person.name = name,
        Act::SignIn(number) => drop(person.sessions.insert(number, got.cookies)),
        Act::SignOut(number) => person.ended.extend(person.sessions.remove(&number)),
        Act::Redeem { .. } | Act::Refresh(_) => {}
    }
}

fn open(person: &mut Person, act: Act) {
    match act {
        Act::Name(_) | Act::SignIn(_) | Act::Redeem { .. } | Act::Refresh(_) => {}
        Act::SignOut(number) => drop(person.sessions.remove(&number)),
    }
}

/// All that was acknowledged counts, and what ended stays ended.
async fn everything_counts(town: &Town, person: &mut Person) {
    let opens = async |jar: &Jar| town.get(jar, "/account").await.unwrap().status;
    let page = town.get(&person.browser, "/account/profile").await.unwrap();
    person.name = page.form("/account/profile").value("name").to_owned();
    for (number, jar) in &person.sessions {
        assert_eq!(opens(jar).await, 200, "{}: session {number} was acknowledged", person.email);
    }
    for jar in person.ended.drain(..) {
        assert!(opens(&jar).await.is_redirection(), "{}: who signed out is in again", person.email);
    }
    for (number, family) in &mut person.families {
        family.token = refreshed(town, &person.email, (*number, &family.token)).await;
    }
    // A code is good once, whoever was killed in between; the second use ends what came of the first (RFC 9700 §4.5).
    let new: Vec<u64> = person.families.iter().filter(|(_, one)| one.is_new).map(|(number, _)| *number).collect();
    let tried = usize::try_from(dice(new.len().max(1).try_into().unwrap())).unwrap();
    if let Some(family) = new.get(tried).and_then(|number| person.families.remove(number)) {
        for again in [town.redeem(&family.code).await.unwrap(), town.refresh(&family.token).await.unwrap()] {
            assert_eq!(again.json()["error"], "invalid_grant", "{}: {}", person.email, again.body);
        }
    }
    person.families.values_mut().for_each(|family| family.is_new = false);
    while person.families.len() > ENOUGH {
        person.families.pop_first();
    }
}
