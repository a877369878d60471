//! Our own hashes; those of others are in `formats`, what is refused in `bounds`.

mod bounds;
mod formats;

use super::*;

const SMALL: HashParams = HashParams { memory_kib: 64, iterations: 1, parallelism: 1 };

fn record(password: &str) -> PasswordHash {
    hash(password, &SMALL, &Rng::seeded(1), &mut Arena::default()).unwrap()
}

fn fits(password: &str, record: &PasswordHash) -> bool {
    verify(password, record, &SMALL, &mut Arena::default())
}

#[test]
fn a_password_opens_its_own_record_and_no_other() {
    let record = record("correct horse battery staple");
    assert!(fits("correct horse battery staple", &record));
    for wrong in ["", "correct horse battery stapl", "Correct horse battery staple", "correct horse battery staple "] {
        assert!(!fits(wrong, &record), "{wrong:?}");
    }
}

#[test]
fn byte_73_and_what_stands_after_a_nul_count() {
    let long = record(&format!("{}x", "a".repeat(72)));
    assert!(!fits(&format!("{}y", "a".repeat(72)), &long));
    assert!(!fits(&"a".repeat(72), &long));
    let nul = record("before\0after");
    assert!(fits("before\0after", &nul));
    assert!(!fits("before", &nul));
    assert!(!fits("before\0other", &nul));
}

#[test]
fn composed_and_decomposed_letters_are_the_same_password_but_look_alikes_are_not() {
    let record = record("caf\u{e9} du matin");
    assert!(fits("cafe\u{301} du matin", &record));
    assert!(!fits("cafe du matin", &record));
    // NFKC would have made these equal.
    assert!(!fits("\u{ff43}af\u{e9} du matin", &record));
}

#[test]
fn one_hundred_and_twenty_eight_code_points_are_taken_and_one_more_is_refused_before_hashing() {
    let longest = "\u{1f511}".repeat(MAX_CODE_POINTS);
    let record = record(&longest);
    assert!(fits(&longest, &record));
    let longer = format!("{longest}\u{1f511}");
    assert!(!fits(&longer, &record));
    assert!(hash(&longer, &SMALL, &Rng::seeded(1), &mut Arena::default()).is_err());
    let mut arena = Arena::default();
    assert!(!verify(&"a".repeat(1 << 20), &record, &SMALL, &mut arena));
    assert_eq!(arena.len(), 0, "nothing was hashed");
}

#[test]
fn decomposed_text_is_counted_as_it_is_composed() {
    assert!(normalised(&"e\u{301}".repeat(MAX_CODE_POINTS)).is_some());
    assert!(normalised(&"e\u{301}".repeat(MAX_CODE_POINTS + 1)).is_none());
}

#[test]
fn the_same_password_is_stored_differently_each_time() {
    let (rng, mut arena) = (Rng::seeded(9), Arena::default());
    let first = hash("hunter2 hunter2", &SMALL, &rng, &mut arena).unwrap();
    let second = hash("hunter2 hunter2", &SMALL, &rng, &mut arena).unwrap();
    assert_ne!(first, second);
    assert!(first.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", first.0);
}

#[test]
fn an_arena_that_held_another_hash_gives_the_same_result_as_a_fresh_one() {
    let mut used = Arena::for_params(&HashParams { memory_kib: 128, iterations: 2, parallelism: 1 }).unwrap();
    hash("something else", &HashParams { memory_kib: 128, iterations: 2, parallelism: 1 }, &Rng::seeded(2), &mut used)
        .unwrap();
    let again = hash("the password", &SMALL, &Rng::seeded(3), &mut used).unwrap();
    let fresh = hash("the password", &SMALL, &Rng::seeded(3), &mut Arena::default()).unwrap();
    assert_eq!(again, fresh);
    assert!(verify("the password", &fresh, &SMALL, &mut used));
}

#[test]
fn a_record_of_the_reference_implementation_is_verified() {
    // argon2 (the reference command line): echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32
    let record =
        PasswordHash("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc".into());
    assert!(fits("password", &record));
    assert!(!fits("differentpassword", &record));
    assert!(record.needs_rehash(&HashParams::default()));
}

#[test]
fn other_parameters_than_todays_ask_for_a_new_hash() {
    let record = record("a password");
    assert!(!needs_rehash(&record, &SMALL));
    assert!(record.needs_rehash(&HashParams { memory_kib: 128, ..SMALL }));
    assert!(record.needs_rehash(&HashParams { iterations: 2, ..SMALL }));
    assert!(record.needs_rehash(&HashParams { parallelism: 2, ..SMALL }));
    assert!(PasswordHash("{SSHA}abc".into()).needs_rehash(&SMALL));
    let argon2i = PasswordHash(record.0.replace("argon2id", "argon2i"));
    assert!(argon2i.needs_rehash(&SMALL));
}

#[test]
fn the_record_of_an_unknown_account_costs_the_same_and_opens_to_nothing() {
    let dummy = dummy(&SMALL).unwrap();
    let real = record("a password");
    assert!(!dummy.needs_rehash(&SMALL));
    assert_eq!(dummy.0.len(), real.0.len());
    let mut arena = Arena::default();
    for guess in ["", "a password", "\0"] {
        assert!(!verify(guess, &dummy, &SMALL, &mut arena));
    }
    assert_eq!(arena.len(), 64, "it was really hashed");
}

#[test]
fn a_record_that_cannot_be_read_or_wants_too_much_memory_matches_nothing() {
    let huge = "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    for text in ["", "$", "plain", "$argon2id$v=19$m=64,t=1,p=1$", "$argon2id$v=99$m=64,t=1,p=1$c29tZXNhbHQ$YWJj", huge]
    {
        assert!(!fits("plain", &PasswordHash(text.into())), "{text}");
    }
}

#[test]
fn parameters_out_of_range_are_refused() {
    assert!(HashParams { memory_kib: 0, ..SMALL }.check().is_err());
    assert!(HashParams { iterations: 0, ..SMALL }.check().is_err());
    assert!(HashParams { parallelism: 0, ..SMALL }.check().is_err());
    assert!(HashParams { memory_kib: u32::MAX, ..SMALL }.check().is_err());
    assert!(dummy(&HashParams { memory_kib: 1, ..SMALL }).is_err());
    assert!(HashParams::default().check().is_ok());
}

#[test]
fn the_default_is_what_owasp_asks_for() {
    assert!(HashParams::default().meets_owasp());
    assert!(HashParams { memory_kib: 7 * 1024, iterations: 5, parallelism: 1 }.meets_owasp());
    assert!(!HashParams { memory_kib: 19 * 1024, iterations: 1, parallelism: 1 }.meets_owasp());
    assert!(!SMALL.meets_owasp());
}

#[test]
fn a_hash_and_an_arena_show_nothing_in_a_log() {
    assert_eq!(format!("{:?}", record("a password")), "PasswordHash(..)");
    assert_eq!(format!("{:?}", Arena::default()), "Arena(0 KiB)");
}
