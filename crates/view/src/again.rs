//! Pages that are the same for everybody but for one id: rendered once, and put together for each reader.

use crate::chrome::{Chrome, Links};
use crate::locale::Locale;
use crate::pages::Page;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept: apps times languages, of those that are used. They are 4 KiB each.
const MOST: usize = 64;

/// Stands where the id stood. No JSON text has this character in it (RFC 8259 §7).
const PLACE: &str = "\0";

/// What was rendered before, by what it was rendered from: the pieces between the ids.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    kept: Mutex<HashMap<String, Arc<[Box<str>]>>>,
}

/// What such a page is made of: all that stands around it, but who looks at it and when.
#[derive(Serialize)]
struct Ground<'a, P> {
    template: &'static str,
    brand: &'a str,
    locale: Locale,
    path: &'a str,
    query: &'a [(String, String)],
    links: &'a Links,
    page: &'a P,
}

impl Pages {
    /// The page as it was rendered before for another id, or as `render` makes it.
    pub(crate) fn get<P: Page, E>(
        &self,
        (chrome, page): (&Chrome, &P),
        render: impl FnOnce() -> Result<String, E>,
    ) -> Result<String, E> {
        let Some((key, id)) = key(chrome, page) else { return render() };
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(pieces) = known {
            return Ok(pieces.join(id));
        }
        let html = render()?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, html.split(id).map(Box::from).collect());
        Ok(html)
    }
}

/// By what a page is found again, and the id in it; nothing where more than that id is somebody's own.
fn key<'a, P: Page>(chrome: &Chrome, page: &'a P) -> Option<(String, &'a str)> {
    let Chrome { brand, locale, time_zone, now: _, path, query, account, banner, push, keys, links, request_id: _ } =
        chrome;
    let id = page.only_id().filter(|id| !id.is_empty())?;
    let anybody = time_zone.is_none() && account.is_none() && banner.is_none() && push.is_none() && keys.is_none();
    // What an address brings besides is anybody's choice, and would push out what is asked for often.
    if !anybody || query.iter().any(|(_, value)| value != id) {
        return None;
    }
    let ground = Ground { template: P::TEMPLATE, brand, locale: *locale, path, query, links, page };
    let text = serde_json::to_string(&ground).ok()?;
    Some((text.replace(id, PLACE), id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chrome::{Banner, KeysMeta, PushMeta, SignedIn};
    use crate::samples;

    const FLOW: &str = "0199a1b2-0000-7000-8000-00000000000a";
    const OTHER: &str = "0199a1b2-0000-7000-8000-00000000000b";

    #[derive(Serialize)]
    struct Door {
        flow: &'static str,
        app: &'static str,
    }

    impl Page for Door {
        const TEMPLATE: &'static str = "login.html";

        fn only_id(&self) -> Option<&str> {
            Some(self.flow)
        }
    }

    fn chrome(flow: &str) -> Chrome {
        let sample = samples::pages().into_iter().find(|sample| sample.name == "login").unwrap();
        let query = vec![("flow".to_owned(), flow.to_owned())];
        Chrome { time_zone: None, query, ..sample.chrome(Locale::English) }
    }

    fn rendered(pages: &Pages, chrome: &Chrome, flow: &'static str) -> Result<String, ()> {
        pages.get((chrome, &Door { flow, app: "Shop" }), || Ok(format!("<a href={flow}>{flow}</a>")))
    }

    #[test]
    fn it_is_rendered_once_for_all_who_see_the_same() {
        let pages = Pages::default();
        assert_eq!(rendered(&pages, &chrome(FLOW), FLOW).unwrap(), format!("<a href={FLOW}>{FLOW}</a>"));
        let never = || Err("rendered again");
        let again = pages.get((&chrome(OTHER), &Door { flow: OTHER, app: "Shop" }), never);
        assert_eq!(again.unwrap(), format!("<a href={OTHER}>{OTHER}</a>"));
        assert!(pages.get((&chrome(OTHER), &Door { flow: OTHER, app: "Bank" }), never).is_err());
        let german = Chrome { locale: Locale::from_tag("de").unwrap(), ..chrome(OTHER) };
        assert!(pages.get((&german, &Door { flow: OTHER, app: "Shop" }), never).is_err());
    }

    #[test]
    fn what_is_somebody_s_own_is_rendered_for_them() {
        let whose = [
            Chrome { time_zone: Some("Europe/Paris".to_owned()), ..chrome(FLOW) },
            Chrome { account: Some(SignedIn { name: String::new(), email: String::new() }), ..chrome(FLOW) },
            Chrome { banner: Some(Banner::Saved), ..chrome(FLOW) },
            Chrome { push: Some(PushMeta { vapid_key: String::new(), endpoint: None, wanted: true }), ..chrome(FLOW) },
            Chrome {
                keys: Some(KeysMeta {
                    rp_id: String::new(),
                    user_id: String::new(),
                    ids: Vec::new(),
                    name: String::new(),
                    display_name: String::new(),
                }),
                ..chrome(FLOW)
            },
            Chrome {
                query: vec![("flow".to_owned(), FLOW.to_owned()), ("after".to_owned(), "x".to_owned())],
                ..chrome(FLOW)
            },
        ];
        let pages = Pages::default();
        for chrome in whose {
            assert!(rendered(&pages, &chrome, FLOW).is_ok());
        }
        assert!(pages.kept.lock().unwrap().is_empty());
    }

    #[test]
    fn it_keeps_no_more_than_it_may() {
        let pages = Pages::default();
        for number in 0..=MOST {
            let chrome = Chrome { brand: number.to_string(), ..chrome(FLOW) };
            assert!(rendered(&pages, &chrome, FLOW).is_ok());
        }
        assert_eq!(pages.kept.lock().unwrap().len(), 1);
    }
}
