//! What a world gave out: access tokens, refresh tokens, codes (SB19).

use std::collections::{BTreeMap, VecDeque};

use crate::config::Provider;
use crate::seed::Seed;

/// Tokens and codes that a world remembers.
const ROOM: usize = 5_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh {
        /// How many refreshes led to it.
        count: u64,
        /// What it was changed for, and when.
        followed: Option<Followed>,
    },
    Code {
        redirect_uri: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Followed {
    pub(crate) at: u64,
    pub(crate) access: String,
    pub(crate) refresh: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) provider: Provider,
    pub(crate) client_id: String,
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    /// Everything that follows from one decision of a user, or one request for a token.
    pub(crate) family: u64,
    pub(crate) scope: String,
    /// Whether a user stands behind it, and not the client alone.
    pub(crate) user: bool,
    pub(crate) alive: bool,
}

impl Record {
    /// Whether it is good for anything at this time.
    pub(crate) fn lives(&self, provider: Provider, now: u64) -> bool {
        self.alive && self.provider == provider && now < self.expires_at
    }
}

/// Dead ones stay in it: a dead token in a log is a leak as well.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issued {
    records: BTreeMap<String, Record>,
    order: VecDeque<String>,
    made: u64,
    families: u64,
}

impl Issued {
    /// Every token and code is gone; what is made next is still new.
    pub(crate) fn forget(&mut self) {
        self.records.clear();
        self.order.clear();
    }

    pub(crate) fn family(&mut self) -> u64 {
        self.families += 1;
        self.families
    }

    /// A new token or code.
    pub(crate) fn issue(&mut self, seed: Seed, record: Record) -> String {
        let count = self.made;
        self.made += 1;
        let seed = seed.named("issued").at(count);
        let text = match (record.provider, &record.kind) {
            (Provider::Trustpilot, Kind::Access) => format!("tpa-sandbox-{}", seed.hex(32)),
            (Provider::Trustpilot, Kind::Refresh { .. }) => format!("tpr-sandbox-{}", seed.hex(32)),
            (Provider::Trustpilot, Kind::Code { .. }) => format!("tpc-sandbox-{}", seed.hex(32)),
            // Three of four hold a plus: in reality two of seven do.
            (Provider::Trustoo, _) => seed.base64(count % 4 != 3),
        };
        if self.order.len() >= ROOM
            && let Some(oldest) = self.order.pop_front()
        {
            self.records.remove(&oldest);
        }
        self.records.insert(text.clone(), record);
        self.order.push_back(text.clone());
        text
    }

    pub(crate) fn get(&self, text: &str) -> Option<&Record> {
        self.records.get(text)
    }

    pub(crate) fn kill(&mut self, text: &str) {
        if let Some(record) = self.records.get_mut(text) {
            record.alive = false;
        }
    }

    /// Kills what belongs together: all of it, or its access tokens.
    pub(crate) fn kill_family(&mut self, family: u64, access_only: bool) {
        for record in self.records.values_mut() {
            if record.family == family && (!access_only || record.kind == Kind::Access) {
                record.alive = false;
            }
        }
    }

    /// Kills everything that a client was given.
    pub(crate) fn kill_client(&mut self, provider: Provider, client_id: &str) {
        for record in self.records.values_mut() {
            if record.provider == provider && record.client_id == client_id {
                record.alive = false;
            }
        }
    }

    /// Notes what a refresh token was changed for.
    pub(crate) fn follow(&mut self, text: &str, next: Followed) {
        if let Some(Record {
            kind: Kind::Refresh { followed, .. },
            ..
        }) = self.records.get_mut(text)
        {
            *followed = Some(next);
        }
    }
}
