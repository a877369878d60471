//! Six digits, however a person types them.

/// The six digits of a text, in ASCII. Spaces, dashes and the marks that turn text around are passed over; the digits of
/// an Arabic or Persian keyboard count. `None` for anything else.
pub fn six_digits(typed: &str) -> Option<String> {
    digits(typed, 6)
}

/// The same for another number of digits.
pub fn digits(typed: &str, how_many: usize) -> Option<String> {
    let mut digits = String::with_capacity(how_many);
    for c in typed.chars().take(64).filter(|c| !is_passed_over(*c)) {
        digits.push(to_ascii(c)?);
    }
    (digits.len() == how_many && typed.chars().count() <= 64).then_some(digits)
}

pub(crate) fn is_passed_over(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn to_ascii(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        _ => return None,
    };
    char::from_digit(u32::from(c).checked_sub(zero)?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_however_they_are_grouped_and_on_whatever_keyboard() {
        for typed in ["012345", " 012 345\n", "012-345", "012–345", "٠١٢٣٤٥", "۰۱۲۳۴۵", "\u{2066}012345\u{2069}"]
        {
            assert_eq!(six_digits(typed).as_deref(), Some("012345"), "{typed:?}");
        }
    }

    #[test]
    fn anything_else_is_no_code() {
        let long = format!("012345{}", " ".repeat(70));
        for typed in ["", "01234", "0123456", "01234x", "O12345", "012.345", "²²²²²²", long.as_str()] {
            assert_eq!(six_digits(typed), None, "{typed:?}");
        }
    }
}
