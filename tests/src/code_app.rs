//! An authenticator app that shows codes, written from RFC 6238 alone.

use crate::browser::{Browser, Reply};
use crate::house::House;
use aws_lc_rs::hmac;
use std::time::Duration;

/// An app that holds one seed.
#[derive(Debug, Clone)]
pub struct CodeApp {
    seed: Vec<u8>,
}

impl CodeApp {
    /// Types in the key that a page shows.
    #[track_caller]
    pub fn from_page(page: &Reply) -> Self {
        let document = scraper::Html::parse_document(&page.body);
        let key = scraper::Selector::parse("#totp-key").unwrap();
        let Some(key) = document.select(&key).next() else { panic!("no key ({}):\n{}", page.status, page.body) };
        let text: String = key.text().collect::<String>().split_whitespace().collect();
        let bits = text.bytes().flat_map(|letter| {
            let five = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).unwrap();
            (0..5).rev().map(move |bit| u8::from(five >> bit & 1 == 1))
        });
        let bits: Vec<u8> = bits.collect();
        let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | bit);
        Self { seed: bits.chunks_exact(8).map(byte).collect() }
    }

    /// The code that it shows now.
    pub fn code(&self, house: &House) -> String {
        self.code_in(house, 0)
    }

    /// The code that it shows so many steps from now.
    pub fn code_in(&self, house: &House, steps: i64) -> String {
        let counter = house.clock.now().seconds() / 30 + steps;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.seed);
        let tag = hmac::sign(&key, &counter.to_be_bytes());
        let at = usize::from(tag.as_ref()[19] & 15);
        let word: [u8; 4] = tag.as_ref()[at..at + 4].try_into().unwrap();
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }

    /// A code that it never shows around now.
    pub fn wrong(&self, house: &House) -> String {
        let right: Vec<_> = (-2..=2).map(|steps| self.code_in(house, steps)).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !right.contains(code)).unwrap()
    }
}

/// Sets an app up on the account's page of a browser that has just signed in. Answers with it and the recovery codes that
/// are shown then. Its first step is spent: time moves on to the next.
pub async fn set_up_app(house: &House, browser: &mut Browser) -> (CodeApp, Vec<String>) {
    let page = browser.open("/account/signin/app").await;
    let app = CodeApp::from_page(&page);
    let page = browser.submit_and_follow(page.form("/account/signin/app").with("code", &app.code(house))).await;
    house.clock.advance(Duration::from_secs(30));
    (app, codes_of(&page))
}

/// The recovery codes that a page shows.
pub fn codes_of(page: &Reply) -> Vec<String> {
    let document = scraper::Html::parse_document(&page.body);
    let codes = scraper::Selector::parse("#codes code").unwrap();
    document.select(&codes).map(|code| code.text().collect()).collect()
}
