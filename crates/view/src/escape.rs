//! Text as HTML. The engine's own escaper writes every `/` as five characters more, and pages are full of
//! addresses: this one escapes what HTML gives a meaning to, in text and in quoted attributes alike.

use minijinja::value::Value;
use minijinja::{AutoEscape, Error, Output, State, escape_formatter};
use std::fmt;

/// A text, escaped when it is written.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0.split_inclusive(['&', '<', '>', '"', '\'']) {
            let plain = piece.trim_end_matches(['&', '<', '>', '"', '\'']);
            f.write_str(plain)?;
            f.write_str(match piece.strip_prefix(plain) {
                Some("&") => "&amp;",
                Some("<") => "&lt;",
                Some(">") => "&gt;",
                Some("\"") => "&quot;",
                Some("'") => "&#39;",
                Some(_) | None => "",
            })?;
        }
        Ok(())
    }
}

/// Writes a value of a template: strings of HTML templates by [`Escaped`], anything else as the engine does.
pub(crate) fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
            fmt::write(out, format_args!("{}", Escaped(text))).map_err(Error::from)
        }
        Some(_) | None => escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_gives_a_meaning_to_is_escaped_and_addresses_stay_as_they_are() {
        assert_eq!(Escaped("<b a='\"&amp;").to_string(), "&lt;b a=&#39;&quot;&amp;amp;");
        assert_eq!(Escaped("/account/devices?x=1").to_string(), "/account/devices?x=1");
        assert_eq!(Escaped("\"><<''").to_string(), "&quot;&gt;&lt;&lt;&#39;&#39;");
        assert_eq!(Escaped("تنبيه 🔔").to_string(), "تنبيه 🔔");
        assert_eq!(Escaped("").to_string(), "");
    }
}
