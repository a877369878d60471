//! Promises of the translations, the notices and the mails.

use base::Timestamp;
use scraper::{Html, Selector};
use std::collections::BTreeSet;
use view::words::{Args, Reader, Words};
use view::{ChangeMail, Locale, MailModel, NoticeModel, Recipient, View, samples};

const SOURCES: [(&str, &str); 3] = [
    ("en", include_str!("../locales/en.ftl")),
    ("de", include_str!("../locales/de.ftl")),
    ("ar", include_str!("../locales/ar.ftl")),
];

fn keys(source: &str) -> BTreeSet<&str> {
    let start = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    source.lines().filter(start).filter_map(|line| line.split_once(" =")).map(|(key, _)| key).collect()
}

fn variables(source: &str, key: &str) -> BTreeSet<String> {
    let mut lines = source.lines().skip_while(|line| !line.starts_with(&format!("{key} =")));
    let mut message = lines.next().unwrap_or_default().to_owned();
    for line in lines.take_while(|line| line.starts_with([' ', '}', '\t'])) {
        message.push_str(line);
    }
    message.split('$').skip(1).map(|rest| rest.chars().take_while(char::is_ascii_alphabetic).collect()).collect()
}

fn recipient(locale: Locale) -> Recipient {
    Recipient { brand: "Acme".to_owned(), locale, time_zone: Some("Europe/Paris".to_owned()), hide_details: false }
}

#[test]
fn every_language_says_the_same_things_with_the_same_arguments() {
    let (_, english) = SOURCES[0];
    for (language, source) in &SOURCES[1..] {
        let missing: Vec<_> = keys(english).symmetric_difference(&keys(source)).copied().collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
        for key in keys(english) {
            let (theirs, ours) = (variables(source, key), variables(english, key));
            // A dual or "one" may leave the number out, but never use one that is not there.
            assert!(theirs == ours || theirs.is_subset(&ours), "{language}: {key}");
        }
    }
}

#[test]
fn every_message_that_a_template_names_is_there() {
    let words = Words::default();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.extend(std::fs::read_dir(folder.join("account")).unwrap().map(|f| f.unwrap().path()));
    let mut seen = 0;
    for file in files.iter().filter(|file| file.is_file()) {
        let source = std::fs::read_to_string(file).unwrap();
        for opening in ["t('", "th('"] {
            for (at, _) in source.match_indices(opening) {
                let rest = &source[at + opening.len()..];
                let key = rest.split('\'').next().unwrap();
                let whole = rest[key.len() + 1..].starts_with([')', ',']);
                if !whole || source[..at].ends_with(|c: char| c.is_ascii_alphabetic()) {
                    continue;
                }
                seen += 1;
                for locale in Locale::ALL {
                    assert!(words.has(locale, key), "{}: {key} in {}", file.display(), locale.tag());
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} messages found");
}

#[test]
fn every_event_can_be_told_in_every_language() {
    let words = Words::default();
    for event in samples::events() {
        for locale in Locale::ALL {
            let text = words.event(locale, &event);
            assert!(!text.starts_with("event-"), "{}: {text}", locale.tag());
        }
    }
    let event = identity::Event::AppConnected { app: "Shop".to_owned(), scope: String::new() };
    assert_eq!(words.event(Locale::German, &event), "Shop verbunden");
}

#[test]
fn times_are_told_as_people_do_in_their_own_zone() {
    let words = Words::default();
    let now = samples::NOW; // 3 November 2026, 09:45 UTC
    let at = |minutes: i64| Timestamp::from_seconds(now.seconds() - minutes * 60);
    let paris = Reader::new(Locale::English, Some("Europe/Paris"), Some(now));
    assert_eq!(words.when(&paris, at(4)), "today 10:41");
    assert_eq!(words.when(&paris, at(13 * 60)), "yesterday 21:45");
    assert_eq!(words.when(&paris, at(2 * 1440)), "1 Nov, 10:45");
    assert_eq!(words.day(&paris, at(400 * 1440)), "29 Sep 2025");
    // Just before midnight in one zone is already today in another.
    let tokyo = Reader::new(Locale::German, Some("Asia/Tokyo"), Some(now));
    assert_eq!(words.when(&tokyo, at(13 * 60)), "heute 05:45");
    let nowhere = Reader::new(Locale::English, None, Some(now));
    assert_eq!(words.when(&nowhere, at(4)), "today 09:41 UTC");
}

#[test]
fn devices_and_places_have_names() {
    let words = Words::default();
    assert_eq!(words.device(Locale::English, &samples::firefox()), "Firefox on Linux");
    assert_eq!(words.device(Locale::German, &samples::pixel()), "Chrome auf Pixel 9");
    assert_eq!(words.device(Locale::English, &identity::Agent::default()), "an unknown browser");
    assert_eq!(words.place(Locale::English, &samples::lyon()), "near Lyon");
    assert_eq!(words.place(Locale::German, &samples::germany()), "Deutschland");
}

#[test]
fn a_foreign_name_stays_in_one_piece_in_right_to_left_text_and_a_date_in_order() {
    let words = Words::default();
    let reader = Reader::new(Locale::Arabic, Some("UTC"), Some(samples::NOW));
    assert_eq!(words.device(Locale::Arabic, &samples::firefox()), "\u{2068}Firefox\u{2069} على \u{2068}Linux\u{2069}");
    assert_eq!(words.day(&reader, samples::NOW), "3 نوفمبر");
}

#[test]
fn a_wait_is_told_in_words_and_rounded_up() {
    let words = Words::default();
    assert_eq!(words.span(Locale::English, 1), "1 second");
    assert_eq!(words.span(Locale::English, 541), "10 minutes");
    assert_eq!(words.span(Locale::German, 7200), "2 Stunden");
    let dual = words.span(Locale::Arabic, 7200);
    assert_eq!(dual, "ساعتين");
}

#[test]
fn a_missing_argument_is_a_mistake_and_not_a_hole_in_the_text() {
    let words = Words::default();
    assert_eq!(words.find(Locale::English, "to-continue", &Args::new()), None);
    assert_eq!(words.find(Locale::English, "no-such-thing", &Args::new()), None);
}

#[test]
fn a_new_sign_in_rings_with_who_where_when_and_two_answers() {
    let view = View::default();
    let model = &samples::notices()[0];
    let notice = view.notice(&recipient(Locale::English), model);
    assert_eq!(notice.title, "New sign-in to Acme");
    assert_eq!(notice.body, "Edge on Windows, near Lyon, 10:45. Was this you?");
    let actions: Vec<_> = notice.actions.iter().map(|a| (a.action, a.title.as_str())).collect();
    assert_eq!(actions, [("yes", "Yes, it was me"), ("no", "No, secure account")]);
}

#[test]
fn hidden_details_tell_nothing_on_a_lock_screen() {
    let view = View::default();
    for model in samples::notices() {
        for locale in Locale::ALL {
            let open = view.notice(&recipient(locale), &model);
            assert!(!open.title.contains("notice-") && !open.body.contains("notice-"), "{open:?}");
            let hidden = view.notice(&Recipient { hide_details: true, ..recipient(locale) }, &model);
            let says = format!("{}{}", hidden.title, hidden.body);
            assert!(!says.contains("Lyon") && !says.contains("Windows") && !says.contains("Shop"), "{hidden:?}");
        }
    }
    let secret = Recipient { hide_details: true, ..recipient(Locale::English) };
    let notice = view.notice(&secret, &NoticeModel::AppConnected { app: "Bank".to_owned() });
    assert_eq!((notice.title.as_str(), notice.body.as_str()), ("Acme: security notice", "Open to see it."));
}

#[test]
fn a_mail_says_the_same_in_text_and_html_why_it_came_and_how_to_change_that() {
    let view = View::default();
    let settings = "https://id.example.com/account/notifications";
    for (name, model) in samples::mails() {
        for locale in Locale::ALL {
            let mail = view.mail(&recipient(locale), samples::foot(name), &model).unwrap();
            let all = format!("{}{}{}", mail.subject, mail.text, mail.html);
            assert!(!all.contains("mail-") && !all.contains("fact-"), "{name} in {}: {all}", locale.tag());
            assert!(mail.html.contains(&format!("lang=\"{}\" dir=\"{}\"", locale.tag(), locale.dir())));
            assert!(!mail.html.contains("<style") && !mail.html.contains("<img"), "{name}");
            let page = Html::parse_document(&mail.html);
            let links: Vec<_> = page.select(&Selector::parse("a").unwrap()).filter_map(|a| a.attr("href")).collect();
            let known = !matches!(
                model,
                MailModel::ConfirmAddress { .. }
                    | MailModel::Invitation { .. }
                    | MailModel::Change { tells: ChangeMail::NewAddress { .. } | ChangeMail::AddressTaken, .. }
            );
            assert_eq!(links.contains(&settings), known, "{name}");
            assert_eq!(mail.text.contains(settings), known, "{name}");
            let off = samples::foot(name).off;
            match off {
                view::Off::Link(href) => {
                    assert!(links.contains(&href) && mail.way_off.as_deref() == Some(href), "{name}");
                }
                view::Off::Never | view::Off::Asked => assert_eq!(mail.way_off, None, "{name}"),
            }
            let said = Words::default().say(locale, "mail-never-off", &Args::new());
            assert_eq!(mail.text.contains(&said), off == view::Off::Never, "{name} says why it can't be switched off");
            assert_eq!(
                page.root_element().text().collect::<String>().contains(&said),
                off == view::Off::Never,
                "{name}"
            );
            for link in links {
                assert!(mail.text.contains(link), "{name}: {link} is in the HTML alone");
            }
        }
    }
}

#[test]
fn a_name_can_break_neither_the_header_nor_the_html_of_a_mail() {
    let view = View::default();
    let mut to = recipient(Locale::English);
    to.brand = "Acme\r\nBcc: x@example.com <b>".to_owned();
    let model = MailModel::HaveAccount {
        name: "<script>".to_owned(),
        sign_in: "https://id.example.com/login".to_owned(),
        recover: "https://id.example.com/recover".to_owned(),
    };
    let mail = view.mail(&to, samples::foot("have-account"), &model).unwrap();
    assert!(!mail.subject.contains(['\r', '\n']));
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>"));
    assert!(mail.text.contains("Hello <script>,"), "plain text is plain");
}
