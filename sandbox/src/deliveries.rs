//! Trustoo's webhooks on their way, as data: the sandbox sends nothing by itself.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::config::{Config, WebhookRetries};
use crate::sign::sign;

/// Deliveries that are kept; the oldest goes.
const ROOM: usize = 1_000;

/// Attempts before the platform gives up.
const ATTEMPTS: u64 = 10;

/// The gap before attempt `n` is `n` times as long: 0, 3, 6 to 27 minutes.
const GAP_MS: u64 = 3 * 60_000;

#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    id: u64,
    topic: String,
    url: String,
    request_id: String,
    body: String,
    made_at: u64,
    /// When what came of each attempt was told, and the status.
    answers: Vec<(u64, u16)>,
    done: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Deliveries {
    list: VecDeque<Delivery>,
    made: u64,
}

/// What is to be sent.
pub(crate) struct Event<'a> {
    pub(crate) topic: &'a str,
    pub(crate) url: &'a str,
    pub(crate) request_id: String,
    pub(crate) body: String,
    pub(crate) now: u64,
}

impl Deliveries {
    /// Its number.
    pub(crate) fn add(&mut self, event: Event<'_>) -> u64 {
        self.made += 1;
        if self.list.len() >= ROOM {
            self.list.pop_front();
        }
        self.list.push_back(Delivery {
            id: self.made,
            topic: event.topic.to_owned(),
            url: event.url.to_owned(),
            request_id: event.request_id,
            body: event.body,
            made_at: event.now,
            answers: Vec::new(),
            done: false,
        });
        self.made
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Delivery> {
        self.list.iter().find(|one| one.id == id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Delivery> {
        self.list.iter()
    }

    /// What came of an attempt. It is taken by status 200 and an envelope with code 0.
    pub(crate) fn answered(&mut self, id: u64, now: u64, status: u16, body: &str) -> bool {
        let Some(delivery) = self.list.iter_mut().find(|one| one.id == id) else {
            return false;
        };
        let envelope: Value = serde_json::from_str(body).unwrap_or_default();
        let code = envelope.get("code").and_then(Value::as_u64);
        delivery.done |= status == 200 && code == Some(0);
        delivery.answers.push((now, status));
        true
    }
}

impl Delivery {
    fn attempt(&self) -> u64 {
        self.answers.len() as u64 + 1
    }

    fn state(&self) -> &'static str {
        if self.done {
            "delivered"
        } else if self.attempt() > ATTEMPTS {
            "failed"
        } else {
            "pending"
        }
    }

    fn due_at(&self, attempt: u64) -> u64 {
        let gaps: u64 = (0..attempt).sum();
        self.made_at.saturating_add(gaps.saturating_mul(GAP_MS))
    }

    /// Whether an attempt is to be made now.
    pub(crate) fn is_due(&self, now: u64) -> bool {
        self.state() == "pending" && self.due_at(self.attempt()) <= now
    }

    /// Everything of it, with the request of the next attempt as it would be made now.
    pub(crate) fn shown(&self, config: &Config, now: u64) -> Value {
        let signed_at = match config.webhook_retries {
            WebhookRetries::Same => self.made_at,
            WebhookRetries::Resigned => now,
        };
        let timestamp = (signed_at / 1_000).to_string();
        let signature = sign(config, &timestamp, &[], self.body.as_bytes());
        let pending = self.state() == "pending";
        let answers: Vec<_> = self
            .answers
            .iter()
            .map(|(at, status)| json!({ "at": at, "status": status }))
            .collect();
        json!({
            "id": self.id,
            "topic": self.topic,
            "state": self.state(),
            "attempt": pending.then(|| self.attempt()),
            "due_at": pending.then(|| self.due_at(self.attempt())),
            "due": self.is_due(now),
            "schedule": (1..=ATTEMPTS).map(|attempt| self.due_at(attempt)).collect::<Vec<_>>(),
            "answers": answers,
            "url": self.url,
            "method": "POST",
            "headers": {
                "content-type": "application/json",
                "Open-Trustoo-Webhook-Public-token": config.trustoo_sign_keys.public_token,
                "Open-Trustoo-Webhook-Timestamp": timestamp,
                "Open-Trustoo-Webhook-Sign": signature,
                "Open-Trustoo-Webhook-RequestId": self.request_id,
            },
            "body": self.body,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn ten_attempts_in_135_minutes() {
        let mut deliveries = Deliveries::default();
        let event = Event {
            topic: "review/created",
            url: "http://127.0.0.1:1/",
            request_id: "r".to_owned(),
            body: "{}".to_owned(),
            now: 0,
        };
        let id = deliveries.add(event);
        let config = Config::default();
        let mut now = 0;
        for attempt in 1..=10 {
            let shown = deliveries.get(id).unwrap().shown(&config, now);
            assert_eq!(
                (&shown["attempt"], &shown["due"]),
                (&json!(attempt), &json!(true))
            );
            assert!(deliveries.answered(id, now, 500, ""));
            let next = deliveries.get(id).unwrap();
            if attempt < 10 {
                now = next.due_at(next.attempt());
                assert!(!next.is_due(now - 1), "{attempt}");
            }
        }
        assert_eq!(now, 135 * 60_000);
        assert_eq!(deliveries.get(id).unwrap().state(), "failed");
        assert!(!deliveries.answered(id + 1, now, 200, ""));
    }
}
