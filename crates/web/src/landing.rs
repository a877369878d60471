//! A page that sends a form on by itself: an answer for an app that wants it posted (OAuth 2.0 Form Post Response
//! Mode), and a request of another site that lands without its cookies and is sent once more from here. Without scripts
//! the button does it.
//!
//! And a page that leads on by itself, where a redirect would not do: browsers measure every redirect that follows a form
//! by the `form-action` of the page that the form stood on, and nobody knows beforehand where another provider's
//! page leads on to, nor what its own page allows when it leads back.

use crate::edge::csp;
use crate::guest::Guest;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use std::fmt::Write as _;
use view::words::Args;

/// Where the script is.
pub(crate) const SCRIPT_PATH: &str = "/a/send-form.js";
/// Sends the form. A field named `submit` would hide the form's own method.
pub(crate) const SCRIPT: &str = "HTMLFormElement.prototype.submit.call(document.getElementById('send'));\n";
/// Marks a request that has landed: it is not landed again, whatever the browser says of its origin.
pub(crate) const LANDED: &str = "watchbell_landed";

/// The page.
pub(crate) fn page(guest: &Guest, action: &str, fields: &[(String, String)]) -> HttpResponse {
    let words = guest.state().view().words();
    let go_on = words.say(guest.locale(), "continue", &Args::new());
    let mut body = String::new();
    for (name, value) in fields {
        // Writing to a String does not fail.
        let _ = write!(body, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
    }
    let (lang, dir) = (guest.locale().tag(), guest.locale().dir());
    let styles = view::assets::url("app.css").unwrap_or_default();
    let (brand, action_text, go_on) = (escape(&guest.here().tenant().name), escape(action), escape(&go_on));
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{brand}</title>\
         <link rel=\"stylesheet\" href=\"{styles}\"><script defer src=\"{SCRIPT_PATH}\"></script></head>\
         <body><div class=\"auth\"><main class=\"card\" id=\"main\"><h1>{brand}</h1>\
         <form method=\"post\" action=\"{action_text}\" id=\"send\">{body}\
         <button class=\"btn primary block\" type=\"submit\">{go_on}</button></form></main></div></body></html>\n"
    );
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, csp::policy(Some(action))))
        .body(html)
}

/// A page that leads on to `url`, in place of itself: going back does not come here again.
pub(crate) fn onward(guest: &Guest, url: &str, heading: &str) -> HttpResponse {
    let words = guest.state().view().words();
    let go_on = escape(&words.say(guest.locale(), "continue", &Args::new()));
    let (lang, dir) = (guest.locale().tag(), guest.locale().dir());
    let styles = view::assets::url("app.css").unwrap_or_default();
    let (brand, heading, url) = (escape(&guest.here().tenant().name), escape(heading), escape(url));
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{heading} – {brand}</title>\
         <meta http-equiv=\"refresh\" content=\"0;url={url}\"><link rel=\"stylesheet\" href=\"{styles}\"></head>\
         <body><div class=\"auth\"><main class=\"card\" id=\"main\"><h1>{heading}</h1>\
         <a class=\"btn primary block\" href=\"{url}\" id=\"onward\">{go_on}</a></main></div></body></html>\n"
    );
    HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).body(html)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_app_sends_is_inert() {
        assert_eq!(escape("\"><script>'&"), "&quot;&gt;&lt;script&gt;&#39;&amp;");
    }
}
