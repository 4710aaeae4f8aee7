//! What the core answers with: data that a shell carries out.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every chunk is sent, then the answer is complete.
    Whole,
    /// The connection is cut: before the headers when there are no chunks, after the chunks else.
    Cut,
    /// Nothing more ever comes: not even headers when there are no chunks, a stalled body else.
    Hang,
}

/// One answer. The core never waits and never writes: a shell does what stands here.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Status of the answer.
    pub status: StatusCode,
    /// Headers of the answer, without those that belong to the transport.
    pub headers: HeaderMap,
    /// The body, in the pieces in which it is to be sent.
    pub chunks: Vec<Vec<u8>>,
    /// How long to wait before the first byte.
    pub delay_ms: u64,
    /// How long to wait between two chunks.
    pub pause_ms: u64,
    /// How the answer ends.
    pub end: End,
    /// Path and query of the request with every secret replaced by a mark, fit for a log.
    pub masked_target: String,
}

impl Plan {
    pub(crate) fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            chunks: Vec::new(),
            delay_ms: 0,
            pause_ms: 0,
            end: End::Whole,
            masked_target: String::new(),
        }
    }

    pub(crate) fn body(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let mut plan = Self::new(status);
        plan.headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static(content_type),
        );
        plan.chunks.push(body);
        plan
    }

    pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Self {
        // Only maps with keys that are not strings fail here, and there are none.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::body(status, "application/json; charset=utf-8", body)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// The whole body in one piece.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.chunks.concat()).into_owned()
    }
}
