//! Hashes that others made: what their authors publish is verified, and nothing that is near it.

use super::super::*;
use super::{SMALL, fits};

/// Passwords and records, each with where it was published. Cheap ones, so that every byte can be tried.
const CHEAP: &[(&str, &str)] = &[
    // argon2's own test.c, and passlib's tests.
    ("password", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"),
    ("password", "$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E"),
    ("password\0", "$argon2i$v=19$m=512,t=2,p=2$c29tZXNhbHQ$Fb5+nPuLzZvtqKRwqUEtUQ"),
    ("password", "$argon2d$v=19$m=16,t=2,p=1$Mmx3eWR3YkJONkhoTGFnNA$HD1EIj2bqdfwQrJDP+FY6w"),
    // crypt_blowfish's wrapper.c.
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    // The documentation of passlib (scrypt with 2^8 rounds).
    ("password", "$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ"),
    // Firebase's example with less work, computed with OpenSSL.
    (
        "user1password",
        "$fbscrypt$v=1,n=4,r=2,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYU\
         SDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$oNP7YHRVN8xG3vhqZ+/YpTIZiyPliloa6lGqzXH/TkR6vG4RqPZ7KPooyAn30VmkTW9ykAMMMGF\
         9knSp2j4ZSA==",
    ),
    // RFC 7914 §11 (PBKDF2 with SHA-256).
    (
        "passwd",
        "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJES\
         BB06GXgw",
    ),
    // passlib's tests.
    ("password", "$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI"),
    ("password", "$pbkdf2-sha256$1212$4vjV83LKPjQzk31VI4E0Vw$hsYF68OiOUPdDZ1Fg.fJPeq1h/gXXY7acBp9/6c.tmQ"),
    (
        "password",
        "$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.B\
         zY/YTNJOiKc5gBYFYGww",
    ),
    // The administrator's guide of OpenLDAP, whose password is "secret", and passlib's tests.
    ("secret", "{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3"),
    ("test", "{SSHA}Pfx6Vf48AT9x3FVv8znbo8WQkEVSipHSWovxXmvNWUvp/d/7"),
    ("toomanysecrets", "{SSHA256}RrTKrg6HFXcjJ+eDAq4UtbODxOr9RLeG+I69FoJvutcbY0zpfU+p1Q=="),
    ("password", "{SSHA384}oDYiWDvogMRCjZDmryXqf4JuZwNZ1xThZtMfeeBw2jej290b7Z6i4ozW1MVLe18Yc2FsdHNhbHQ="),
    (
        "toomanysecrets",
        "{SSHA512}wExp4xjiCHS0zidJDC4UJq9EEeIebAQPJ1PWSwfhxWjfutI9XiiKuHm2AE41cEFfK+8HyI8bh+ztbczUGsvVFIgICWWPt7qu",
    ),
];

/// The same, with as much work as is met.
const DEAR: &[(&str, &str)] = &[
    // argon2's own test.c, versions 19 and 16, and passlib's tests.
    ("password", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"),
    ("password", "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"),
    ("password", "$argon2d$v=19$m=102400,t=2,p=8$g2RodLh8j8WbSdCp+lUy/A$zzAJqL/HSjm809PYQu6qkA"),
    // crypt_blowfish's wrapper.c, jBCrypt, and Vapor's tests.
    (
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
    ),
    ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
    ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
    ("~!@#$%^&*()      ~!@#$%^&*()PNBFRD", "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"),
    ("Vapor3", "$2y$11$kHM/VXmCVsGXDGIVu9mD8eY/uEYI.Nva9sHgrLYuLzr0il28DDOGO"),
    // RFC 7914 §12.
    (
        "pleaseletmein",
        "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6\
         F3A1lHkDfzwF7RVdYhw",
    ),
    (
        "password",
        "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMv\
         foswGQA",
    ),
    // The documentation of passlib.
    ("password", "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E"),
    // github.com/firebase/scrypt, and Supabase's tests.
    (
        "user1password",
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmY\
         USDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo781\
         98JAdRuid5lQ==",
    ),
    (
        "mytestpassword",
        "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjK\
         j1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5\
         tQaJP84+hfTw==",
    ),
    // RFC 6070, RFC 7914 §11, RustCrypto's and Authelia's documentation.
    ("password", "$pbkdf2$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE"),
    ("password", "$pbkdf2-sha1$i=4096,l=20$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE"),
    (
        "Password",
        "$pbkdf2-sha256$i=80000,l=64$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0H\
         hHj2Kzl/M8jQ",
    ),
    (
        "passwordPASSWORDpassword",
        "$pbkdf2-sha256$i=4096,l=40$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$NIyJ28vTKy8y2BS4EW6EzysXNH68GAAYH\
         E4qH7jdU+HGNVGMfaxH6Q",
    ),
    (
        "insecure_secret",
        "$pbkdf2-sha512$310000$c8p78n7pUMln0jzvd4aK4Q$JNRBzwAo0ek5qKn50cFzzvE9RXV88h1wJn5KGiHrD0YKtZaR/nCb2CJPOsKaPK0h\
         jf.9yHxzQGZziziccp6Yng",
    ),
    // Django's own tests, and passlib's of Django's.
    ("l\u{e8}tmein", "pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="),
    ("not a password", "pbkdf2_sha256$10000$kjVJaVz6qsnJ$5yPHw3rwJGECpUf70daLGhOrQ5+AMxIJdz1c3bqK1Rs="),
    ("t\u{e1}\u{411}\u{2113}\u{259}", "pbkdf2_sha1$10000$KZKWwvqb8BfL$rw5pWsxJEU4JrZAQhHTCO+u0f5Y="),
    // passlib's tests.
    ("letm\u{e8}\u{ef}n", "{SSHA256}km7UjUTBZN8a+gf1ND2/qn15N7LsO/jmGYJXvyTfJKAbI0RoLWWslQ=="),
];

fn of(text: &str) -> PasswordHash {
    PasswordHash(text.to_owned())
}

#[test]
fn what_is_published_is_verified_and_outdated() {
    for (password, record) in CHEAP.iter().chain(DEAR) {
        assert!(fits(password, &of(record)), "{record}");
        assert!(of(record).needs_rehash(&HashParams::default()), "{record}");
    }
}

#[test]
fn a_wrong_password_opens_none() {
    for (password, record) in CHEAP.iter().chain(DEAR) {
        // bcrypt's long one: there the end does not count.
        for wrong in [format!("x{password}"), password.to_uppercase() + "!", password.chars().skip(1).collect()] {
            assert!(wrong == *password || !fits(&wrong, &of(record)), "{wrong} opens {record}");
        }
    }
}

#[test]
fn no_byte_of_a_record_can_be_changed() {
    for (password, record) in CHEAP {
        for at in 0..record.len() {
            // Four bits of bcrypt's last letter of salt mean nothing, and old implementations left them as they were.
            let means_nothing = record.starts_with("$2") && at == 28;
            let mut bytes = record.as_bytes().to_vec();
            bytes[at] ^= 1;
            let changed = of(&String::from_utf8(bytes).unwrap());
            assert_eq!(fits(password, &changed), means_nothing, "{} at {at}", changed.0);
        }
    }
}

#[test]
fn records_are_read_as_exports_spell_them() {
    // Firebase's export writes salt and hash in the alphabet of URLs.
    let (password, record) = CHEAP[6];
    let (head, hash) = record.rsplit_once("==$").unwrap();
    assert!(hash.contains(['+', '/']));
    assert!(fits(password, &of(&format!("{head}==${}", hash.replace('+', "-").replace('/', "_")))));
    // RFC 3112 §3.1: the name of a scheme in any case, and padding may be missing.
    assert!(fits("secret", &of("{ssha}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3")));
    assert!(fits("toomanysecrets", &of("{SSHA256}RrTKrg6HFXcjJ+eDAq4UtbODxOr9RLeG+I69FoJvutcbY0zpfU+p1Q")));
}

#[test]
fn bcrypt_sees_72_bytes_until_its_record_is_replaced_and_then_all_of_them_count() {
    let (typed, record) = DEAR[3];
    let (seen, _) = typed.split_at(72);
    let other = format!("{seen}another end");
    assert!(fits(typed, &of(record)) && fits(seen, &of(record)) && fits(&other, &of(record)));
    assert!(!fits(&seen[..71], &of(record)));
    let replaced = hash(typed, &SMALL, &Rng::seeded(4), &mut Arena::default()).unwrap();
    assert!(fits(typed, &replaced));
    assert!(!fits(seen, &replaced) && !fits(&other, &replaced));
}

#[test]
fn no_password_with_a_nul_opens_a_bcrypt_record() {
    let record = of(CHEAP[4].1);
    assert!(fits("U*U", &record));
    // C would stop at the NUL, and bcrypt repeats a short key: Go and Java would take the second for the same.
    assert!(!fits("U*U\0and more", &record));
    assert!(!fits("U*U\0U*U", &record));
    assert!(!fits("U*U\0", &record));
}

#[test]
fn others_hashed_what_was_typed_so_that_is_tried_too() {
    // SHA-256 over decomposed letters.
    let decomposed = of("{SSHA256}68m1dhfp4E1zCgUh4zaRfgyXSkctdSg9HZzGR3K27JRzYWx0c2FsdA==");
    let (typed, composed) = ("cafe\u{301} du matin", "caf\u{e9} du matin");
    assert!(fits(typed, &decomposed));
    assert!(!fits(composed, &decomposed), "nobody can guess how it was typed elsewhere");
    let of_composed = of(DEAR[DEAR.len() - 1].1);
    assert!(fits("letme\u{300}i\u{308}n", &of_composed));
    // Once it is replaced, both are the same password.
    let replaced = hash(typed, &SMALL, &Rng::seeded(5), &mut Arena::default()).unwrap();
    assert!(fits(typed, &replaced) && fits(composed, &replaced));
}

#[test]
fn records_that_need_much_memory_are_known() {
    let owasp = "$scrypt$ln=17,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E";
    assert!(of(owasp).is_heavy());
    assert!(of(DEAR[2].1).is_heavy(), "100 MiB");
    for (_, record) in CHEAP {
        assert!(!of(record).is_heavy(), "{record}");
    }
}
