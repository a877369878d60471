//! What is refused, and that refusing takes its time.

use super::super::*;
use super::{SMALL, fits};
use proptest::prelude::*;

const HASH: &str = "nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E";
const SALT: &str = "aM15713r3Xsvxbi31lqr1Q";
const SIGNER: &str = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
const SIGNED: &str = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

fn argon2(params: &str) -> String {
    format!("$argon2id$v=19${params}${SALT}${HASH}")
}

fn bcrypt(cost: &str) -> String {
    format!("$2b${cost}$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
}

fn scrypt(params: &str) -> String {
    format!("$scrypt${params}${SALT}${HASH}")
}

fn firebase(params: &str) -> String {
    format!("$fbscrypt${params}$42xEC+ixf3L2lw==${SIGNED}")
}

fn readable(record: &str) -> bool {
    Record::parse(record).is_some()
}

#[test]
fn work_is_bounded_and_the_bound_itself_is_taken() {
    let good = [
        argon2("m=262144,t=4,p=1"),
        argon2("m=64,t=16384,p=8"),
        bcrypt("14"),
        scrypt("ln=17,r=8,p=4"),
        scrypt("ln=15,r=32,p=4"),
        firebase(&format!("v=1,n=17,r=8,p=1,ss=Bw==,sk={SIGNER}")),
        format!("$pbkdf2-sha256$i=2500000${SALT}${HASH}"),
        format!("$pbkdf2-sha1$i=2000000${SALT}${HASH}"),
        format!("pbkdf2_sha512$1000000$salt${HASH}"),
    ];
    for record in good {
        assert!(readable(&record), "{record}");
    }
    let silly = [
        argon2("m=262145,t=1,p=1"),
        argon2("m=4294967295,t=1,p=1"),
        argon2("m=262144,t=5,p=1"),
        argon2("m=64,t=4294967295,p=1"),
        argon2("m=64,t=1,p=16777215"),
        argon2("m=64,t=0,p=1"),
        argon2("m=64,t=1,p=0"),
        bcrypt("15"),
        bcrypt("31"),
        bcrypt("99"),
        bcrypt("03"),
        bcrypt("00"),
        bcrypt("+5"),
        scrypt("ln=18,r=8,p=1"),
        scrypt("ln=17,r=9,p=1"),
        scrypt("ln=17,r=8,p=5"),
        scrypt("ln=63,r=1,p=1"),
        scrypt("ln=64,r=1,p=1"),
        scrypt("ln=4294967295,r=1,p=1"),
        scrypt("ln=0,r=8,p=1"),
        scrypt("ln=14,r=0,p=1"),
        scrypt("ln=14,r=8,p=0"),
        scrypt("ln=1,r=33,p=1"),
        scrypt("ln=1,r=1,p=17"),
        scrypt("ln=1,r=1073741824,p=1"),
        firebase(&format!("v=1,n=18,r=8,p=1,ss=Bw==,sk={SIGNER}")),
        firebase(&format!("v=1,n=14,r=4294967295,p=1,ss=Bw==,sk={SIGNER}")),
        firebase(&format!("v=1,n=14,r=8,p=2,ss=Bw==,sk={SIGNER}")),
        firebase(&format!("v=2,n=14,r=8,p=1,ss=Bw==,sk={SIGNER}")),
        format!("$pbkdf2-sha256$i=2500001${SALT}${HASH}"),
        format!("pbkdf2_sha512$1000001$salt${HASH}"),
        format!("$pbkdf2-sha256$1000000000${SALT}${HASH}"),
        format!("$pbkdf2-sha256$2147483648${SALT}${HASH}"),
        format!("$pbkdf2-sha256$99999999999${SALT}${HASH}"),
        format!("$pbkdf2-sha1$i=2000001${SALT}${HASH}"),
        format!("$pbkdf2-sha256$0${SALT}${HASH}"),
        format!("$pbkdf2-sha256$-1${SALT}${HASH}"),
        format!("pbkdf2_sha256$1000000000$salt${HASH}"),
    ];
    for record in silly {
        assert!(!readable(&record), "{record}");
    }
}

#[test]
fn a_record_without_salt_or_hash_or_with_one_that_is_too_short_is_refused() {
    // SHA-1 over nothing but the password "test", and half of it.
    let unsalted = "{SSHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";
    assert!(!readable(unsalted) && !fits("test", &PasswordHash(unsalted.into())));
    let long = "A".repeat(1024);
    let huge = "A".repeat(1 << 20);
    let bad = [
        "{SSHA}".to_owned(),
        "{SSHA}qUqP5cyxm6Y=".to_owned(),
        format!("{{SSHA}}{long}"),
        format!("{{SSHA}}{huge}"),
        "$argon2id$v=19$m=64,t=1,p=1$$".to_owned(),
        format!("$argon2id$v=19$m=64,t=1,p=1$c2FsdA${HASH}"),
        format!("$argon2id$v=19$m=64,t=1,p=1${SALT}"),
        format!("$argon2id$v=19$m=64,t=1,p=1${SALT}$AAAAAAAAAAAAAAAAAAAA"),
        "$2b$05$".to_owned(),
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.".to_owned(),
        "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW".to_owned(),
        "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO\u{e9}".to_owned(),
        "$2b$05$CCCCCCCCCCCCCCCCCCCCCé\u{e9}5YPO9kmyuRGyh0XouQYb4YMJKvyO".to_owned(),
        format!("$scrypt$ln=4,r=8,p=1$${HASH}"),
        format!("$scrypt$ln=4,r=8,p=1${SALT}$"),
        format!("$scrypt$ln=4,r=8,p=1${SALT}$AAAA"),
        format!("$scrypt$ln=4,r=8,p=1${SALT}${long}"),
        format!("$scrypt$ln=4,r=8,p=1${SALT}${huge}"),
        format!("$scrypt$ln=4,r=8,p=1${SALT}${HASH}${HASH}"),
        format!("$scrypt$ln=4,r=8,p=1,x=1${SALT}${HASH}"),
        format!("$scrypt$ln=04,r=8,p=1${SALT}${HASH}"),
        format!("$scrypt$r=8,ln=4,p=1${SALT}${HASH}"),
        format!("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=$42xEC+ixf3L2lw==${SIGNED}"),
        format!("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=Bw==$42xEC+ixf3L2lw==${SIGNED}"),
        format!("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk={SIGNER}$$ {SIGNED}"),
        format!("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk={SIGNER}$${SIGNED}"),
        format!("$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk={SIGNER}$42xEC+ixf3L2lw==$"),
        "$pbkdf2-sha256$1000$$".to_owned(),
        format!("$pbkdf2-sha256$1000$${HASH}"),
        format!("$pbkdf2-sha256$1000${SALT}$"),
        format!("$pbkdf2-sha256$i=1000,l=64${SALT}${HASH}"),
        format!("$pbkdf2-md5$1000${SALT}${HASH}"),
        format!("pbkdf2_sha256$1000$${HASH}"),
        "pbkdf2_sha256$1000$salt$".to_owned(),
        "!unusable".to_owned(),
    ];
    for record in bad {
        assert!(!readable(&record), "{record}");
        for guess in ["", "test", "password"] {
            assert!(!fits(guess, &PasswordHash(record.clone())), "{guess} opens {record}");
        }
    }
}

#[test]
fn a_failure_costs_at_least_what_a_hash_of_todays_costs() {
    let today = HashParams { memory_kib: 1024, iterations: 2, parallelism: 1 };
    let cost = |record: &str| {
        let mut arena = Arena::default();
        let tried = attempt(b"a guess", Record::parse(record).as_ref(), &today, &mut arena);
        assert!(!tried.fits);
        (tried.work, arena.len())
    };
    let dummy = cost(&dummy(&today).unwrap().0);
    assert_eq!(dummy, (2048, 1024), "an account that isn't there");
    let cheaper = [
        "",
        "nonsense",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI",
        "$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ",
    ];
    for record in cheaper {
        assert_eq!(cost(record), dummy, "{record}");
    }
    // What Argon2 has done already is not done twice.
    let (work, _) = cost("$argon2d$v=19$m=16,t=2,p=1$Mmx3eWR3YkJONkhoTGFnNA$HD1EIj2bqdfwQrJDP+FY6w");
    assert_eq!(work, 2048);
    let (work, _) = cost(&argon2("m=2048,t=2,p=1"));
    assert_eq!(work, 4096);
    // And a success costs no more than itself.
    let record = Record::parse("{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3");
    let tried = attempt(b"secret", record.as_ref(), &today, &mut Arena::default());
    assert!(tried.fits && tried.work == 0);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        prop_assert!(Record::parse(&text).is_none());
    }

    #[test]
    fn pieces_of_records_in_any_order_are_read_or_refused(pieces in prop::collection::vec(piece(), 0..12)) {
        if let Some(record) = Record::parse(&pieces.concat()) {
            prop_assert!(record.memory() <= 256 << 20);
        }
    }

    #[test]
    fn a_record_with_a_hole_or_a_patch_is_read_or_refused(
        at in any::<prop::sample::Index>(),
        cut in 0_usize..8,
        patch in "\\PC{0,6}",
        record in prop::sample::select(vec![argon2("m=64,t=1,p=1"), bcrypt("05"), scrypt("ln=4,r=8,p=1"), firebase("v=1,n=4,r=8,p=1,ss=Bw==,sk=Bw=="), format!("$pbkdf2-sha256$i=10,l=32${SALT}${HASH}"), format!("pbkdf2_sha1$10$salt${HASH}"), format!("{{SSHA}}{HASH}")]),
    ) {
        let at = at.index(record.len());
        let changed = [&record[..at], &patch, record.get(at + cut..).unwrap_or("")].concat();
        if let Some(record) = Record::parse(&changed) {
            prop_assert!(record.memory() <= 256 << 20);
        }
    }
}

fn piece() -> impl Strategy<Value = String> {
    let known = [
        "$",
        "$$",
        ",",
        "=",
        "{SSHA}",
        "{ssha512}",
        "$argon2i",
        "$argon2d",
        "$v=19",
        "$m=64,t=1,p=1",
        "$2b$",
        "$2y$10$",
        "$scrypt$",
        "ln=",
        "ln=17,r=8,p=1",
        "$fbscrypt$",
        "v=1,n=14,r=8,p=1,ss=Bw==,sk=",
        SIGNER,
        SIGNED,
        "$pbkdf2",
        "-sha256",
        "pbkdf2_sha256$",
        "29000",
        "i=29000,l=32",
        "4294967296",
        "-1",
        SALT,
        HASH,
        "é",
    ];
    prop_oneof![
        4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<u64>().prop_map(|n| n.to_string()),
        1 => "\\PC{0,8}",
    ]
}

#[test]
fn parameters_of_our_own_are_held_to_the_bounds_of_records() {
    assert!(HashParams { memory_kib: 256 * 1024, iterations: 4, parallelism: 1 }.check().is_ok());
    assert!(HashParams { memory_kib: 256 * 1024 + 1, ..SMALL }.check().is_err());
    assert!(HashParams { memory_kib: 256 * 1024, iterations: 5, parallelism: 1 }.check().is_err());
}
