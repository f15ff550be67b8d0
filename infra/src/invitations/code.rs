//! Codes to print: ten letters and digits that nobody mistakes for each other on paper.

use crate::error::Error;
use crate::secrets::random;

/// How many characters a code has.
pub const CODE_CHARS: usize = 10;
/// Without 0 O, 1 I L, 2 Z, 5 S, 8 B and V beside U: 25 that are left, so 46 bits a code.
const ALPHABET: &[u8; 25] = b"34679ACDEFGHJKMNPQRTUWXY8";

/// A new code.
pub(super) fn new() -> Result<String, Error> {
    let mut code = String::with_capacity(CODE_CHARS);
    while code.len() < CODE_CHARS {
        let [byte] = random::<1>()?;
        // 250 is the largest multiple of 25 in a byte: above it, draw again.
        if byte < 250 {
            let letter = ALPHABET.get(usize::from(byte) % ALPHABET.len()).copied();
            code.extend(letter.map(char::from));
        }
    }
    Ok(code)
}

/// A code as somebody typed it, in the form in which it was made: blanks and dashes left out,
/// capitals. `None` for what cannot be one.
pub(super) fn read(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let fits = code.len() == CODE_CHARS && code.bytes().all(|b| ALPHABET.contains(&b));
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = new().unwrap();
        assert_eq!(code.len(), CODE_CHARS);
        let (first, second) = code.split_at(5);
        let typed = format!(" {}-{} ", first.to_lowercase(), second);
        assert_eq!(read(&typed), Some(code));
        for bad in ["", "34679ACDE", "34679ACDEFG", "34679ACDE0", "34679ACDE积"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn no_two_characters_of_the_alphabet_are_the_same() {
        let mut letters = ALPHABET.to_vec();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), ALPHABET.len());
        assert!(!letters.iter().any(|b| b"0OILSZB125V".contains(b)));
    }
}
