//! A file is told by its content.

use super::*;

#[test]
fn a_file_of_either_kind_is_told_by_its_content() {
    let book = books::whole();
    let toml = to_toml(&book).unwrap();
    assert_eq!(parse(toml.as_bytes()).unwrap().book, book);
    assert_eq!(parse(&to_xlsx(&book).unwrap()).unwrap().book, book);
}

#[test]
fn what_is_neither_is_refused_with_the_kind_it_could_have_been() {
    let code = |file: &[u8]| parse(file).unwrap_err().faults[0].code();
    assert_eq!(code(b"PK\x03\x04 and no more"), "unreadable");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "unreadable");
    // GBK.
    assert_eq!(code(b"name = \"\xcf\xe7\xd4\xbc\""), "not_text");
    assert_eq!(code(b"name = "), "syntax");
}
