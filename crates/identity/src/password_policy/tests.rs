use super::*;

const ANNA: [&str; 3] = ["anna.smith@example.com", "Anna Smith", "Acme"];

fn default(password: &str) -> Result<(), WeakPassword> {
    check(&Policy::default(), password, &ANNA, false)
}

fn nist(password: &str) -> Result<(), WeakPassword> {
    check(&Policy::nist(), password, &ANNA, false)
}

#[test]
fn good_passwords_of_every_style_are_taken_by_the_default_preset() {
    for password in [
        "tidal-lamp-orchid",
        "seven grey herons waiting",
        "kV9#mq2!xZ",
        "\u{43b}\u{438}\u{43b}\u{43e}\u{432}\u{44b}\u{439} \u{447}\u{430}\u{439}\u{43d}\u{438}\u{43a}",
        "  two spaces around zebra  ",
        "\u{1f511}\u{1f40b}\u{1f98e}\u{1f34b}\u{1f6b2}\u{26f5}\u{1f3bb}\u{1f9ed}\u{1f95d}\u{1f9f2}",
    ] {
        assert_eq!(default(password), Ok(()), "{password}");
    }
}

#[test]
fn seven_characters_are_too_few_and_the_answer_says_how_many_are_enough() {
    assert_eq!(default("xK9#mq2"), Err(WeakPassword::TooShort { min: 8 }));
    assert_eq!(default(""), Err(WeakPassword::TooShort { min: 8 }));
    // Code points are counted, not bytes.
    assert_eq!(default("\u{e9}\u{e9}\u{e9}\u{e9}"), Err(WeakPassword::TooShort { min: 8 }));
}

#[test]
fn fourteen_characters_alone_are_refused_by_the_nist_preset_and_fifteen_are_taken() {
    assert_eq!(nist("herons wait at"), Err(WeakPassword::TooShort { min: 15 }));
    assert_eq!(nist("herons wait at "), Ok(()));
    assert_eq!(nist("lowercase words only"), Ok(()));
}

#[test]
fn sixty_four_characters_with_spaces_are_taken_by_both_and_one_hundred_and_twenty_nine_by_none() {
    let sentence: String =
        "a quiet river carries seven lanterns past the mill \u{2014} tw\u{f6}lf Uhr!!".chars().take(64).collect();
    assert_eq!(sentence.chars().count(), 64);
    assert_eq!(default(&sentence), Ok(()));
    assert_eq!(nist(&sentence), Ok(()));
    let too_long: String = sentence.chars().cycle().take(129).collect();
    assert_eq!(default(&too_long), Err(WeakPassword::TooLong { max: 128 }));
    assert_eq!(nist(&too_long), Err(WeakPassword::TooLong { max: 128 }));
}

#[test]
fn no_kind_of_character_is_demanded() {
    for password in ["tidallamporchidfern", "TIDALLAMPORCHIDFERN", "73019482650917346"] {
        assert_eq!(default(password), Ok(()), "{password}");
        assert_eq!(nist(password), Ok(()), "{password}");
    }
}

#[test]
fn common_passwords_are_refused_with_that_reason() {
    for password in ["password", "Password123", "iloveyou1", "qwertyuiop", "trustno1", "football1", "12345678"] {
        assert_eq!(default(password), Err(WeakPassword::TooCommon), "{password}");
    }
    assert_eq!(nist("passwordpassword"), Err(WeakPassword::TooCommon));
}

#[test]
fn every_entry_of_the_list_that_is_long_enough_is_refused_by_the_default_preset() {
    let list = include_str!("../common_passwords.txt").lines().filter(|line| !line.starts_with("# "));
    for password in list.filter(|line| line.chars().count() >= 8) {
        assert_eq!(default(password), Err(WeakPassword::TooCommon), "{password}");
    }
}

#[test]
fn words_of_ones_own_and_of_the_place_are_refused_with_that_reason() {
    for password in ["annasmith77", "Anna.Smith1", "acme-2026-x", "example.com1", "watchbell!!1"] {
        assert_eq!(default(password), Err(WeakPassword::ContainsContext), "{password}");
    }
    assert_eq!(nist("anna.smith@example.com"), Err(WeakPassword::ContainsContext));
}

#[test]
fn the_same_password_is_weaker_for_the_person_whose_name_it_holds() {
    // Enough is left beside the name to be looked at, and too little to stand by itself.
    let theirs = "brzeczyszczykiewicz12345678";
    assert_eq!(check(&Policy::default(), theirs, &["Someone Else"], false), Ok(()));
    let refused = check(&Policy::default(), theirs, &["Grzegorz Brzeczyszczykiewicz"], false);
    assert!(matches!(refused, Err(WeakPassword::Guessable { .. })), "{refused:?}");
}

#[test]
fn a_breached_password_is_refused_however_strong_it_looks() {
    assert_eq!(check(&Policy::default(), "kV9#mq2!xZ-tidal", &ANNA, true), Err(WeakPassword::Breached));
    assert_eq!(check(&Policy::nist(), "seven grey herons", &ANNA, true), Err(WeakPassword::Breached));
}

#[test]
fn patterns_are_refused_with_a_hint_that_fits() {
    let hint_of = |password: &str| match default(password) {
        Err(WeakPassword::Guessable { hint }) => hint,
        other => panic!("{password}: {other:?}"),
    };
    assert_eq!(hint_of("aaaaaaaaaaaa"), Hint::Repeats);
    assert_eq!(hint_of("lmnopqrstuvw"), Hint::Sequence);
    assert_eq!(hint_of("13.07.1985"), Hint::Date);
    assert_eq!(hint_of("elephants"), Hint::Word);
    assert_eq!(hint_of("kxqzwvjp"), Hint::TooLittle);
}

#[test]
fn one_letter_fifteen_times_is_refused_by_the_nist_preset_too() {
    assert!(matches!(nist("zzzzzzzzzzzzzzzz"), Err(WeakPassword::Guessable { hint: Hint::Repeats })));
}

#[test]
fn every_refusal_names_the_way_out() {
    let refusals = [
        WeakPassword::TooShort { min: 8 },
        WeakPassword::TooLong { max: 128 },
        WeakPassword::TooCommon,
        WeakPassword::ContainsContext,
        WeakPassword::Breached,
    ];
    let guessable = Hint::ALL.map(|hint| WeakPassword::Guessable { hint });
    for refusal in refusals.into_iter().chain(guessable) {
        let text = refusal.to_string();
        assert!([": use ", "choose ", "add "].iter().any(|way| text.contains(way)), "{text}");
    }
}

#[test]
fn presets_are_found_by_their_name() {
    assert_eq!(Policy::preset("default"), Some(Policy::default()));
    assert_eq!(Policy::preset("nist"), Some(Policy::nist()));
    assert_eq!(Policy::preset("none"), None);
    assert!(Policy::PRESETS.iter().all(|name| Policy::preset(name).is_some()));
}

#[test]
fn strange_text_is_measured_without_trouble() {
    for password in [
        "\0\0\0\0\0\0\0\0",
        "\u{202e}\u{200b}\u{feff}\u{0301}\u{0301}\u{0301}abc",
        &"\u{0301}".repeat(128),
        &"1\u{1f468}\u{200d}".repeat(40),
    ] {
        let _ = default(password);
        let _ = nist(password);
    }
}

#[test]
fn no_password_takes_long_to_measure() {
    let worst: String = "4@8({[<36902!|17%2$5+7z".chars().cycle().take(128).collect();
    assert_eq!(measured(&worst).chars().count(), MEASURED_OF_SIGNS);
    let sentence = "a quiet river carries seven lanterns past the mill ".repeat(2);
    assert_eq!(measured(&sentence).chars().count(), MEASURED);
    assert_eq!(measured("tidal-lamp-orchid"), "tidal-lamp-orchid");
    assert_eq!(default(&worst), Ok(()));
}

#[test]
fn a_row_of_keys_is_seen_through_all_its_signs() {
    assert!(default("1234567890!@#$%^&*()").is_err());
}
