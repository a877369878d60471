use super::*;
use crate::credential::CredentialKind;
use crate::device::Agent;
use base::{Id, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: [u8; 32] = [7; 32];
const LAPTOP: Id = Id::from_bytes([10; 16]);
const PHONE: Id = Id::from_bytes([11; 16]);

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn waiting(change: Change) -> PendingChange {
    let asker = Requester { session: id(4), device: LAPTOP, agent: Agent::default(), place: None };
    PendingChange::begin(id(1), id(3), asker, change, NOW)
}

fn new_address() -> Change {
    Change::Email { from: "jane@example.com".parse().unwrap(), to: "jane@new.example".parse().unwrap() }
}

fn secret() -> ChangeSecret<'static> {
    ChangeSecret::new(&KEY, id(1))
}

const fn at(device: Id) -> Asking {
    Asking { device, vouches: true, recent: true }
}

fn approve(change: &mut PendingChange, asking: Asking, now: Timestamp) -> Result<(), NotTaken> {
    let number = secret().number();
    change.approve(asking, (&secret(), &number), now)
}

#[test]
fn what_could_lock_the_owner_out_waits_and_the_rest_is_told() {
    use ChangeKind::*;
    let held = [Email, RemoveKey, ReplaceTotp, RemoveTotp, RecoveryCodes, Export, Delete, Grant];
    for kind in ChangeKind::ALL {
        let expected = if held.contains(&kind) { Mode::Confirm } else { Mode::Notify };
        assert_eq!(ChangePolicy::default().mode(kind), expected, "{kind:?}");
        assert_eq!(kind.is_high_risk(), held.contains(&kind), "{kind:?}");
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    let set = ChangePolicy::of([(Password, Mode::Confirm), (Email, Mode::Off)]);
    assert_eq!((set.mode(Password), set.mode(Email), set.mode(Link)), (Mode::Confirm, Mode::Off, Mode::Notify));
}

#[test]
fn a_number_has_two_digits_and_is_of_one_change() {
    for n in 0..=255 {
        let secret = ChangeSecret::new(&KEY, id(n));
        let number: u32 = secret.number().parse().unwrap();
        assert!((10..=99).contains(&number), "{number}");
        assert!(secret.is_number(&format!(" {number} ")));
        assert!(!secret.is_number(&(10 + (number - 9) % 90).to_string()));
    }
    let numbers: std::collections::BTreeSet<_> = (0..=255).map(|n| ChangeSecret::new(&KEY, id(n)).number()).collect();
    assert!(numbers.len() > 70, "{}", numbers.len());
    assert!(!secret().is_number(""));
}

#[test]
fn the_codes_of_the_old_and_the_new_address_are_not_each_others() {
    let (yes, new) = (secret().code(Leg::Yes), secret().code(Leg::NewAddress));
    assert!(yes.len() == 6 && new.len() == 6 && yes != new);
    assert!(secret().is_code(Leg::Yes, &yes) && !secret().is_code(Leg::NewAddress, &yes));
    assert!(!ChangeSecret::new(&KEY, id(2)).is_code(Leg::Yes, &yes));
    assert!(!ChangeSecret::new(&[8; 32], id(1)).is_code(Leg::Yes, &yes));
    assert!(!secret().is_code(Leg::Yes, ""));
}

#[test]
fn a_yes_needs_another_browser_whose_word_counts_and_a_proof() {
    let mut change = waiting(Change::RemoveTotp { end_others: false });
    assert_eq!(approve(&mut change, at(LAPTOP), NOW), Err(NotTaken::OwnRequest));
    assert_eq!(approve(&mut change, Asking { vouches: false, ..at(PHONE) }, NOW), Err(NotTaken::NotVouched));
    assert_eq!(approve(&mut change, Asking { recent: false, ..at(PHONE) }, NOW), Err(NotTaken::ProveFirst));
    assert!(!change.is_ready());
    assert_eq!(approve(&mut change, at(PHONE), NOW), Ok(()));
    assert!(change.is_ready());
    assert_eq!(approve(&mut change, at(PHONE), NOW), Err(NotTaken::Over), "it is said once");
}

#[test]
fn a_session_is_enough_for_what_puts_nothing_at_risk() {
    let mut change = waiting(Change::Unlink { identity: id(5), provider: "GitHub".into() });
    assert_eq!(approve(&mut change, Asking { recent: false, ..at(PHONE) }, NOW), Ok(()));
}

#[test]
fn where_no_browser_is_asked_none_says_yes() {
    let mut change = PendingChange { rings: false, ..waiting(Change::RemoveTotp { end_others: false }) };
    assert_eq!(approve(&mut change, at(PHONE), NOW), Err(NotTaken::ByMail));
    let code = secret().code(Leg::Yes);
    assert_eq!(change.give_code(Leg::Yes, (&secret(), &code), NOW), Ok(()));
}

#[test]
fn the_third_wrong_number_is_the_last() {
    let mut change = waiting(Change::RemoveTotp { end_others: false });
    for left in [2, 1, 0] {
        let wrong = change.approve(at(PHONE), (&secret(), "00"), NOW);
        assert_eq!(wrong, Err(NotTaken::WrongNumber { left }));
    }
    assert_eq!(change.ending(NOW), Some(Ending::WrongNumber));
    assert_eq!(approve(&mut change, at(PHONE), NOW), Err(NotTaken::Over));
}

#[test]
fn the_fifth_wrong_code_is_the_last_whichever_it_was_for() {
    let mut change = waiting(new_address());
    for (leg, left) in [(Leg::Yes, 4), (Leg::NewAddress, 3), (Leg::Yes, 2), (Leg::Yes, 1), (Leg::NewAddress, 0)] {
        assert_eq!(change.give_code(leg, (&secret(), "12"), NOW), Err(NotTaken::WrongCode { left }));
    }
    assert_eq!(change.ending(NOW), Some(Ending::WrongNumber));
    let code = secret().code(Leg::Yes);
    assert_eq!(change.give_code(Leg::Yes, (&secret(), &code), NOW), Err(NotTaken::Over));
}

#[test]
fn a_new_address_needs_the_old_ones_yes_and_its_own_proof_in_either_order() {
    for new_first in [true, false] {
        let mut change = waiting(new_address());
        let code = secret().code(Leg::NewAddress);
        if new_first {
            assert_eq!(change.give_code(Leg::NewAddress, (&secret(), &code), NOW), Ok(()));
        } else {
            assert_eq!(approve(&mut change, at(PHONE), NOW), Ok(()));
        }
        assert!(!change.is_ready());
        if new_first {
            let yes = secret().code(Leg::Yes);
            assert_eq!(change.give_code(Leg::Yes, (&secret(), &yes), NOW), Ok(()));
        } else {
            assert_eq!(change.give_code(Leg::NewAddress, (&secret(), &code), NOW), Ok(()));
        }
        assert!(change.is_ready());
    }
    let mut other = waiting(Change::Export {});
    let code = secret().code(Leg::NewAddress);
    assert_eq!(other.give_code(Leg::NewAddress, (&secret(), &code), NOW), Err(NotTaken::Over));
}

#[test]
fn it_is_over_with_its_time_and_is_decided_once() {
    let mut change = waiting(Change::Delete {});
    let end = NOW.plus(APPROVAL_LIFETIME);
    assert_eq!(change.ending(end.minus(Duration::from_secs(1))), None);
    assert_eq!(change.ending(end), Some(Ending::Expired));
    assert_eq!(approve(&mut change, at(PHONE), end), Err(NotTaken::Over));
    assert!(!change.end(Ending::Denied, None, end), "too late");
    assert!(change.end(Ending::Expired, None, end), "its time can be noted");
    assert!(!change.end(Ending::Expired, None, end), "once");
    let mut change = waiting(Change::Delete {});
    assert!(change.end(Ending::Denied, Some(&Agent::default()), NOW));
    assert!(!change.end(Ending::Cancelled, None, NOW));
    assert_eq!(change.ending(end), Some(Ending::Denied));
}

#[test]
fn what_was_done_is_taken_back_once_and_within_three_days() {
    let done = |before: Option<Before>| {
        let mut change = waiting(new_address());
        change.before = before;
        assert!(change.end(Ending::Applied, None, NOW));
        change
    };
    let before = Before::Email("jane@example.com".parse().unwrap(), NOW);
    let mut change = done(Some(before.clone()));
    assert_eq!(change.undo(&Agent::default(), NOW.plus(UNDO_FOR)), None);
    let just = NOW.plus(UNDO_FOR).minus(Duration::from_secs(1));
    assert_eq!(change.undo(&Agent::default(), just), Some(before.clone()));
    assert_eq!(change.undo(&Agent::default(), just), None, "once");
    assert_eq!(change.ending(just), Some(Ending::Undone));
    assert_eq!(done(None).undo_until(), None);
    let mut denied = waiting(new_address());
    denied.before = Some(before);
    assert!(denied.end(Ending::Denied, None, NOW));
    assert_eq!(denied.undo(&Agent::default(), NOW), None);
}

#[test]
fn a_second_request_for_the_same_takes_the_place_of_the_first() {
    let remove =
        |n| Change::RemoveKey { key: id(n), what: CredentialKind::Passkey, name: "Phone".into(), end_others: false };
    assert!(remove(1).replaces(&remove(1)));
    assert!(!remove(1).replaces(&remove(2)));
    assert!(new_address().replaces(&new_address()));
    assert!(!new_address().replaces(&Change::Delete {}));
}

#[test]
fn what_is_over_holds_no_password_and_no_seed() {
    let mut change =
        waiting(Change::Password { hash: crate::account::PasswordHash("$argon2id$secret".into()), end_others: false });
    assert!(change.end(Ending::Denied, None, NOW));
    assert!(!serde_json::to_string(&change).unwrap().contains("argon2id"));
}
