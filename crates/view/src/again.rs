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
