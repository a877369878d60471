//! The layout of the house, as an ordinary test.

#[test]
fn the_house_is_tidy() {
    let found = xtask::tidy::check().expect("the repository can be read");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
