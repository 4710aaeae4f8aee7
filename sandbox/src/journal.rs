//! What came in, with marks in place of secrets (SB8).

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

const ROOM: usize = 1_000;
/// Marks beyond this number no longer tell equal from unequal, so that memory stays bounded.
const MARKS: usize = 20_000;

/// One request to a platform's address.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) id: u64,
    pub(crate) time: u64,
    pub(crate) method: String,
    /// The route that matched, or null.
    pub(crate) route: Option<&'static str>,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) origin: Option<String>,
    pub(crate) referer: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) apikey: Option<String>,
    /// Null when no header was ever sent.
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<String>,
    /// Where in the request a token of this world stood.
    pub(crate) token_seen: Vec<&'static str>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    pub(crate) entries: VecDeque<Entry>,
    pub(crate) dropped: u64,
    pub(crate) unknown_routes: u64,
    /// Method and path of what no route answers, and how often it came.
    pub(crate) unknown: BTreeMap<(String, String), u64>,
    pub(crate) bugs: Vec<Bug>,
    made: u64,
}

/// A failure of the sandbox itself (SB20).
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Bug {
    pub(crate) time: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) message: String,
}

/// Different unknown addresses, and bugs, that are kept for `verify`.
const KEPT: usize = 100;

impl Journal {
    pub(crate) fn push(&mut self, mut entry: Entry) {
        self.made += 1;
        entry.id = self.made;
        if self.entries.len() >= ROOM {
            self.entries.pop_front();
            self.dropped += 1;
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn unknown_route(&mut self, method: &str, path: String) {
        self.unknown_routes += 1;
        let key = (method.to_owned(), path);
        if self.unknown.len() < KEPT || self.unknown.contains_key(&key) {
            *self.unknown.entry(key).or_default() += 1;
        }
    }

    pub(crate) fn bug(&mut self, bug: Bug) {
        if self.bugs.len() < KEPT {
            self.bugs.push(bug);
        }
    }

    pub(crate) fn clear(&mut self) -> usize {
        let removed = self.entries.len();
        *self = Self {
            made: self.made,
            ..Self::default()
        };
        removed
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }
}

/// Names for secrets: the same secret, the same mark.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    by_value: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, u64>,
}

impl Marks {
    pub(crate) fn mark(&mut self, kind: &'static str, value: &str) -> String {
        if let Some(mark) = self.by_value.get(value) {
            return mark.clone();
        }
        if self.by_value.len() >= MARKS {
            return format!("{kind}#more");
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let mark = format!("{kind}#{count}");
        self.by_value.insert(value.to_owned(), mark.clone());
        mark
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            id: 0,
            time: 0,
            method: "GET".to_owned(),
            route: None,
            path: "/".to_owned(),
            query: String::new(),
            origin: None,
            referer: None,
            authorization: None,
            apikey: None,
            status: Some(200),
            fault: None,
            token_seen: Vec::new(),
        }
    }

    #[test]
    fn sb8_a_ring_of_a_thousand_that_counts_what_it_drops() {
        let mut journal = Journal::default();
        (0..1_003).for_each(|_| journal.push(entry()));
        assert_eq!((journal.entries.len(), journal.dropped), (1_000, 3));
        assert_eq!(journal.entries.front().map(|entry| entry.id), Some(4));
        assert!(journal.remove(4) && !journal.remove(4));
        assert_eq!(journal.clear(), 999);
        assert_eq!(journal.dropped, 0);
    }

    #[test]
    fn sb8_marks_tell_equal_from_unequal() {
        let mut marks = Marks::default();
        assert_eq!(marks.mark("tok", "a"), "tok#1");
        assert_eq!(marks.mark("tok", "b"), "tok#2");
        assert_eq!(marks.mark("key", "a"), "tok#1");
        assert_eq!(marks.mark("key", "c"), "key#1");
    }
}
