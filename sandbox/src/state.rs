//! What requests changed: kept apart from the data, which is a function of the seed (SB4, SB19).

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use crate::data::Business;
use crate::data::products::Talk;
use crate::deliveries::Deliveries;
use crate::seed::Seed;

/// Entries that one list keeps; the oldest goes.
const ROOM: usize = 5_000;

/// A map that forgets what was put in first when it is full, so that memory stays bounded.
#[derive(Clone, Debug)]
pub(crate) struct Kept<K, V> {
    entries: BTreeMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<K: Ord + Clone, V> Kept<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > ROOM
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.order.retain(|known| known != key);
        self.entries.remove(key)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        self.entries.retain(|key, value| keep(key, value));
        let entries = &self.entries;
        self.order.retain(|key| entries.contains_key(key));
    }

    /// In the order in which they were put in.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.order
            .iter()
            .filter_map(|key| self.entries.get_key_value(key))
    }
}

/// A shop that let a platform in.
#[derive(Clone, Debug)]
pub(crate) struct Authorized {
    pub(crate) at: u64,
    pub(crate) scope: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) topic: String,
    pub(crate) url: String,
    /// The client that made it; nobody's where the request was signed.
    pub(crate) owner: Option<String>,
    pub(crate) created: u64,
    pub(crate) updated: u64,
}

/// A customer whom Trustoo asks for no reviews.
#[derive(Clone, Debug)]
pub(crate) struct Exclusion {
    pub(crate) email: String,
    pub(crate) at: u64,
}

/// A review that was made at Trustoo.
#[derive(Clone, Debug)]
pub(crate) struct MadeReview {
    /// The shop.
    pub(crate) business: u64,
    pub(crate) rating: u8,
    /// As `get_review` shows it.
    pub(crate) shown: Value,
}

/// A business and the index of one of its reviews.
pub(crate) type ReviewKey = (u64, u64);

/// Group and value.
pub(crate) type Tag = (String, String);

/// A reply that was sent to a review.
#[derive(Clone, Debug)]
pub(crate) struct SentReply {
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) created: u64,
    pub(crate) updated: Option<u64>,
}

/// An invitation, or a link of one, as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Invitation {
    pub(crate) kind: &'static str,
    pub(crate) business: u64,
    pub(crate) email: Option<String>,
    pub(crate) at: u64,
    /// Of a link.
    pub(crate) id: Option<String>,
    pub(crate) body: Value,
}

/// A product of a business.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) sku: Option<String>,
    pub(crate) google: Option<String>,
    pub(crate) texts: Map<String, Value>,
    pub(crate) variations: Map<String, Value>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// What the next id is made of.
    pub(crate) made: u64,
    /// API keys that partners had made, and the customer's business.
    pub(crate) customer_keys: Kept<String, u64>,
    pub(crate) tags: Kept<ReviewKey, Vec<Tag>>,
    /// Nothing where a reply was deleted.
    pub(crate) replies: Kept<ReviewKey, Option<SentReply>>,
    /// Requests to the reviewer to make itself known.
    pub(crate) asked: Kept<ReviewKey, Value>,
    /// What was said about product reviews.
    pub(crate) talks: Kept<ReviewKey, Talk>,
    pub(crate) invitations: Kept<u64, Invitation>,
    /// By business, and sku or Google's id.
    pub(crate) products: Kept<(u64, String), Product>,
    /// By client.
    pub(crate) authorized: Kept<String, Authorized>,
    pub(crate) webhooks: Kept<u64, Webhook>,
    pub(crate) trustoo_reviews: Kept<u64, MadeReview>,
    pub(crate) trustoo_deleted: Kept<u64, ()>,
    /// When, by address and kind of mail.
    pub(crate) unsubscribed: Kept<(String, String), u64>,
    pub(crate) exclusions: Kept<u64, Exclusion>,
    pub(crate) deliveries: Deliveries,
}

impl State {
    pub(crate) fn invite(&mut self, invitation: Invitation) {
        self.made += 1;
        self.invitations.put(self.made, invitation);
    }

    /// What came in that no endpoint shows.
    pub(crate) fn shown(&self, world: Seed) -> Value {
        let unit = |number: u64| Business::numbered(world, number).map(|business| business.id());
        let invitations: Vec<_> = self
            .invitations
            .iter()
            .map(|(_, one)| {
                json!({
                    "kind": one.kind,
                    "business_unit_id": unit(one.business),
                    "email": one.email,
                    "at": one.at,
                    "id": one.id,
                    "body": one.body,
                })
            })
            .collect();
        let unsubscribed: Vec<_> = self
            .unsubscribed
            .iter()
            .map(|((email, kind), at)| json!({ "email": email, "email_type": kind, "at": at }))
            .collect();
        let excluded: Vec<_> = self
            .exclusions
            .iter()
            .map(|(id, one)| json!({ "customer_id": id.to_string(), "email": one.email, "at": one.at }))
            .collect();
        json!({
            "invitations": invitations,
            "unsubscribed": unsubscribed,
            "excluded": excluded,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_first_goes_first() {
        let mut kept = Kept::default();
        (0..ROOM as u64 + 2).for_each(|key| kept.put(key, key));
        kept.put(5, 0);
        assert_eq!(kept.iter().count(), ROOM);
        assert_eq!(
            (kept.get(&1), kept.get(&2), kept.get(&5)),
            (None, Some(&2), Some(&0))
        );
        assert_eq!(kept.iter().next(), Some((&2, &2)));
        assert_eq!(kept.remove(&2), Some(2));
        kept.retain(|key, _| *key < 5);
        let left: Vec<_> = kept.iter().map(|(key, _)| *key).collect();
        assert_eq!(left, [3, 4]);
    }
}
