//! QR codes as inline SVG: no style attribute, so that the strict policy holds.

use crate::escape::Escaped;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The quiet zone that scanners want around it (ISO/IEC 18004 §9.1).
const QUIET: i32 = 4;

/// The SVG of a text, with a name for those who don't see it. `None` when the text is too long for any QR code.
pub(crate) fn svg(text: &str, name: &str) -> Option<String> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Medium).or_else(|_| QrCode::encode_text(text, QrCodeEcc::Low)).ok()?;
    let side = code.size() + 2 * QUIET;
    let name = Escaped(name);
    let mut svg = format!(
        r#"<svg class="qr" viewBox="{0} {0} {side} {side}" role="img" aria-label="{name}" shape-rendering="crispEdges"><path d=""#,
        -QUIET
    );
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            let length = i32::try_from(length).unwrap_or(i32::MAX);
            if length > 0 {
                // Writing to a text can't fail.
                let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
            }
            x = x.saturating_add(length.max(1));
        }
    }
    svg.push_str(r#""/></svg>"#);
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paints the path again and compares it with what the library says.
    #[test]
    fn every_module_is_where_it_belongs() {
        let text = "otpauth://totp/Acme:jane%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let svg = svg(text, "a <name>").unwrap();
        assert!(svg.contains(r#"aria-label="a &lt;name&gt;""#), "{svg}");
        let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut dark = std::collections::BTreeSet::new();
        for run in path.split('M').skip(1) {
            let numbers: Vec<i32> =
                run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            let [x, y, length, ..] = numbers[..] else { panic!("{run}") };
            dark.extend((x..x + length).map(|x| (x, y)));
        }
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(dark.contains(&(x, y)), code.get_module(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn what_fits_into_no_code_makes_none() {
        assert!(svg(&"x".repeat(3_000), "").is_none());
    }
}
