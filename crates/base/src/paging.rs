//! Paging by key: a page is asked for by the last id of the one before.

use crate::Id;

/// Where a page begins: after this id, or at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor(pub Option<Id>);

/// One page of rows, and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<Id>,
}

impl<T> Page<T> {
    /// Cuts a page of `size` from rows that were asked for with one more than `size`.
    pub fn cut(mut items: Vec<T>, size: usize, id: impl Fn(&T) -> Id) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let next = if more { items.last().map(id) } else { None };
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_names_the_next_and_the_last_does_not() {
        let ids: Vec<Id> = (0..3).map(|i| Id::from_bytes([i; 16])).collect();
        assert_eq!(Page::cut(ids.clone(), 2, |id| *id).next, Some(ids[1]));
        assert_eq!(Page::cut(ids, 3, |id| *id).next, None);
    }
}
