//! What a store keeps for one key, and the only ways to change it.
//!
//! Each function here runs as one transaction of the store, with the store's own clock, so the
//! clocks of its clients do not matter (LK8): what a client sees ([`View`]) has relative times
//! only. The lease keeps two processes from refreshing at once; it cannot be relied upon alone,
//! since a process may be stopped for longer than any lease. So a new pair of tokens is accepted by
//! what it was made from, not by who holds the lease ([`Record::commit`]): whoever got an answer
//! for the refresh token that is stored here holds its only living successor.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault, fault};

/// The format that is written.
const FORMAT: u8 = 1;
/// A clock this far before a time that was written by it was set back (TM7).
const SET_BACK_MS: u64 = 300_000;
/// How long it is known why a grant ended, or that there is none: 30 days.
const ENDED_MS: u64 = 30 * 24 * 3_600_000;
/// How long a record outlasts a lease: the time in which what was sent is answered and stored
/// (LK13), twice.
const SETTLED_MS: u64 = 600_000;

static CORRUPT: Fault = fault!(
    StoreUnavailable,
    "record",
    "what the store holds is no record of plaudit, or one of a later version; it is left as it is"
);

/// Why a grant is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The platform refused it (`invalid_grant`).
    Refused,
    /// The platform refused it, after a refresh whose answer nobody got: it was probably rotated,
    /// and the new refresh token was lost.
    RotationLost,
    /// It was revoked here.
    Revoked,
}

/// Why nobody may ask the platform for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    /// 429 (TM12).
    RateLimited,
    /// 5xx or no answer (TM13).
    Unavailable,
    /// Client or request were refused (TM14).
    Configuration,
}

/// Tokens, or a record with them, as text: what a store keeps. It prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Blob(String);

impl Blob {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Blob {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Blob {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[redacted]")
    }
}

/// A time from the store's clock to the store's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Span {
    from: u64,
    until: u64,
}

impl Span {
    fn new(now: u64, length: u64) -> Self {
        Self {
            from: now,
            until: now.saturating_add(length),
        }
    }

    fn length(self) -> u64 {
        self.until.saturating_sub(self.from)
    }

    /// What is left of it; never more than its length, and nothing where the clock was set back:
    /// until it is there again could be days.
    fn left(self, now: u64) -> u64 {
        if now.saturating_add(SET_BACK_MS) < self.from {
            return 0;
        }
        self.until.saturating_sub(now).min(self.length())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Lease {
    owner: String,
    fence: u64,
    #[serde(flatten)]
    span: Span,
    /// Of what the leader can get tokens with by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Of what the leader asks with, whoever the tokens are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<String>,
}

/// A refresh of this generation was announced and is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Intent {
    /// 0: it was somebody before the newest leader.
    fence: u64,
    at: u64,
    /// When the first one before it was announced that is not settled either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Suspect {
    #[serde(flatten)]
    span: Span,
    cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Gate {
    #[serde(flatten)]
    span: Span,
    cause: Barrier,
    failures: u32,
    /// Of what was asked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client: Option<String>,
}

/// What a store keeps for one key. All times are the store's clock, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    v: u8,
    /// 0: there never was a token. It starts at the store's clock, so that it grows even where a
    /// store was emptied.
    generation: u64,
    /// SHA-256 of the refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    rt: Option<String>,
    /// The tokens, as the client wrote them.
    #[serde(skip_serializing_if = "Option::is_none")]
    blob: Option<Blob>,
    /// SHA-256 of what the tokens were obtained with, where a process can do so by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    obtained_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_at: Option<u64>,
    /// Grows with every lease.
    fence: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease: Option<Lease>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<Intent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspect: Option<Suspect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<Gate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead: Option<Cause>,
    /// After it the record is as good as none, and may be removed; `None`: it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Span>,
}

/// What a process may know of a record: times are relative to the moment of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct View {
    /// 0: there never was a token.
    pub generation: u64,
    /// SHA-256 of the refresh token; `None`: there is none.
    pub rt: Option<String>,
    /// Whether there are tokens in it.
    pub token: bool,
    /// The tokens as they were written; a machine does without.
    pub blob: Option<Blob>,
    /// There are tokens, and this process has no key to them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// The access token's whole life; `None`: unknown.
    pub life_ms: Option<u64>,
    /// The time since the last commit.
    pub age_ms: u64,
    /// What is left of the access token's life; `None`: unknown.
    pub expires_in_ms: Option<u64>,
    /// The time until it should be refreshed; `None`: its life is unknown.
    pub refresh_in_ms: Option<u64>,
    /// More than 0: somebody leads a refresh.
    pub lease_for_ms: u64,
    /// The age of the newest announcement of a refresh that is not settled.
    pub intent_age_ms: Option<u64>,
    /// The refresh token was refused, while somebody else may still hold its successor.
    pub suspect: Option<Suspicion>,
    /// Nobody may ask the platform for a while. It stays when it is over: its failures count on.
    pub gate: Option<Closed>,
    /// The grant is at its end.
    pub dead: Option<Cause>,
}

/// Part of a [`View`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspicion {
    /// 0: the next one to [`begin`](Record::begin) finds the grant dead.
    pub for_ms: u64,
    /// What it will have died of.
    pub cause: Cause,
}

/// Part of a [`View`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// 0: it is over.
    pub for_ms: u64,
    /// Why.
    pub cause: Barrier,
    /// How many there were in a row for this reason.
    pub failures: u32,
}

/// Who wants to lead a refresh, and of what.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Begin {
    /// At random, at least 128 bits, one for each process.
    pub owner: String,
    /// The newest generation that the process has seen.
    pub seen: u64,
    /// SHA-256 of what the process can get tokens with by itself.
    #[serde(default)]
    pub source: Option<String>,
    /// SHA-256 of the client's secret and what else the platform may refuse: where it is another
    /// one than was refused, that is asked about at once.
    #[serde(default)]
    pub client: Option<String>,
    /// How long it will lead.
    pub lease_ms: u64,
}

/// The answer to [`Begin`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Begun {
    /// Somebody else refreshed.
    Fresh {
        /// The record.
        view: View,
    },
    /// The grant is at its end.
    Dead {
        /// The record.
        view: View,
    },
    /// Somebody else leads, or the grant is in suspense.
    Wait {
        /// The record.
        view: View,
    },
    /// Nobody may ask the platform now.
    Gate {
        /// The record.
        view: View,
    },
    /// The process leads.
    Lead {
        /// Names this lease in all that follows.
        fence: u64,
        /// The age of an earlier announcement that was never settled: that refresh may have
        /// happened.
        had_intent_ms: Option<u64>,
        /// Whether the tokens there were got with something else than what the process has.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        changed: bool,
        /// The record.
        view: View,
    },
}

/// A new pair of tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    /// Who commits.
    pub owner: String,
    /// Whether somebody signed in anew: it replaces whatever `base` was.
    #[serde(default)]
    pub grant: bool,
    /// The generation that it replaces.
    pub base: u64,
    /// SHA-256 of the refresh token that `base` had.
    #[serde(default)]
    pub consumed: Option<String>,
    /// SHA-256 of the new one.
    #[serde(default)]
    pub rt: Option<String>,
    /// The tokens; opaque.
    pub blob: Blob,
    /// What is left of the access token's life; `None`: unknown.
    #[serde(default)]
    pub life_ms: Option<u64>,
    /// The time until it should be refreshed.
    #[serde(default)]
    pub refresh_in_ms: Option<u64>,
    /// SHA-256 of what it was obtained with.
    #[serde(default)]
    pub source: Option<String>,
    /// How long it is of use to anybody, if nothing else is stored; `None`: nobody knows.
    #[serde(default)]
    pub keep_ms: Option<u64>,
}

/// How a refresh ended that brought no token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Failure {
    /// The refresh token was refused.
    Suspect {
        /// What that means, if nobody holds its successor.
        cause: Cause,
    },
    /// What the process has by itself was refused: there is nothing to wait for.
    Dead {
        /// Why.
        cause: Cause,
    },
    /// Nothing of the above. The lease is free for another try.
    Release {
        /// Whether a request may have rotated the refresh token: the announcement stands.
        sent: bool,
        /// Nobody may ask the platform for a while.
        gate: Option<Closing>,
    },
}

/// Part of a [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closing {
    /// Why.
    pub cause: Barrier,
    /// For how long.
    pub for_ms: u64,
}

impl Record {
    /// Reads what a store holds; `None`: nothing. Members that are absent or unknown are no error.
    ///
    /// # Errors
    /// [`StoreUnavailable`](crate::Code::StoreUnavailable): it is no record.
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else {
            return Ok(Self::default());
        };
        match serde_json::from_str::<Self>(text) {
            Ok(record) if record.v == FORMAT => Ok(record),
            _ => Err(Error::from(&CORRUPT)),
        }
    }

    /// The record as a store keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        let record = Self {
            v: FORMAT,
            ..self.clone()
        };
        serde_json::to_string(&record).unwrap_or_default()
    }

    /// How long a store has to keep it; `None`: for good.
    #[must_use]
    pub fn keep_ms(&self, now: u64) -> Option<u64> {
        let left = |kept: Span| kept.until.saturating_sub(now).min(kept.length()).max(1);
        self.kept.map(left)
    }

    /// Whether its time is over. A clock that was set back makes it longer, never shorter.
    fn gone(&self, now: u64) -> bool {
        self.kept.is_some_and(|kept| now >= kept.until)
    }

    /// What is over is none, whether a store has removed it or not.
    fn expire(&mut self, now: u64) {
        if self.gone(now) {
            *self = Self::default();
        }
    }

    /// It stays this much longer at least.
    fn keep_at_least(&mut self, now: u64, ms: u64) {
        let until = now.saturating_add(ms);
        if self.kept.is_some_and(|kept| kept.until < until) {
            self.kept = Some(Span::new(now, ms));
        }
    }

    /// What a process may know of it.
    #[must_use]
    pub fn view(&self, now: u64) -> View {
        if self.gone(now) {
            return Self::default().view(now);
        }
        let life = self
            .expires_at
            .map(|end| end.saturating_sub(self.obtained_at));
        let set_back = now.saturating_add(SET_BACK_MS) < self.obtained_at;
        let left = |end: u64| {
            end.saturating_sub(now)
                .min(end.saturating_sub(self.obtained_at))
        };
        View {
            generation: self.generation,
            rt: self.rt.clone(),
            token: self.blob.is_some(),
            blob: self.blob.clone(),
            locked: false,
            life_ms: life,
            age_ms: now.saturating_sub(self.obtained_at),
            expires_in_ms: self.expires_at.map(left),
            refresh_in_ms: self
                .refresh_at
                .map(|at| if set_back { 0 } else { left(at) }),
            lease_for_ms: self.lease.as_ref().map_or(0, |lease| lease.span.left(now)),
            intent_age_ms: self.intent.map(|intent| now.saturating_sub(intent.at)),
            suspect: self.suspect.as_ref().map(|suspect| Suspicion {
                for_ms: suspect.span.left(now),
                cause: suspect.cause,
            }),
            gate: self.gate.as_ref().map(|gate| Closed {
                for_ms: gate.span.left(now),
                cause: gate.cause,
                failures: gate.failures,
            }),
            dead: self.dead,
        }
    }

    /// Asks to lead a refresh. Also draws the verdict over a grant that was in suspense long enough.
    pub fn begin(&mut self, now: u64, begin: Begin) -> Begun {
        self.expire(now);
        let view = self.view(now);
        if view.generation > begin.seen {
            return Begun::Fresh { view };
        }
        let repaired = begin.source.is_some() && begin.source != self.source;
        if view.dead.is_some() && !repaired {
            return Begun::Dead { view };
        }
        if let Some(suspect) = &self.suspect {
            if suspect.span.left(now) > 0 {
                return Begun::Wait { view };
            }
            let (cause, source) = (suspect.cause, suspect.source.clone());
            self.bury(now, cause, source);
            return Begun::Dead {
                view: self.view(now),
            };
        }
        let refused =
            |gate: &Gate| gate.cause != Barrier::Configuration || gate.client == begin.client;
        if view.gate.is_some_and(|gate| gate.for_ms > 0) && self.gate.as_ref().is_some_and(refused)
        {
            return Begun::Gate { view };
        }
        // One's own lease is of an attempt that was given up.
        let foreign = |lease: &Lease| lease.owner != begin.owner && lease.span.left(now) > 0;
        if self.lease.as_ref().is_some_and(foreign) {
            return Begun::Wait { view };
        }
        self.fence = self.fence.saturating_add(1);
        // Not to be removed while somebody may come with what follows it (§2.2 step 7).
        self.keep_at_least(now, begin.lease_ms.saturating_add(SETTLED_MS));
        if self.blob.is_none() {
            self.kept.get_or_insert(Span::new(now, 0));
            self.keep_at_least(now, ENDED_MS);
        }
        self.lease = Some(Lease {
            owner: begin.owner,
            fence: self.fence,
            span: Span::new(now, begin.lease_ms),
            source: begin.source,
            client: begin.client,
        });
        Begun::Lead {
            fence: self.fence,
            had_intent_ms: view.intent_age_ms,
            changed: repaired,
            view: self.view(now),
        }
    }

    /// Announces that the refresh will be sent; `false`: the lease is over, nothing may be sent.
    pub fn mark(&mut self, now: u64, owner: &str, fence: u64) -> bool {
        let leads = self.newest(owner, fence) && self.view(now).lease_for_ms > 0;
        if leads {
            let earlier = self.intent.and_then(|intent| match intent.fence {
                own if own == fence => intent.earlier,
                _ => Some(intent.earlier.unwrap_or(intent.at)),
            });
            self.intent = Some(Intent {
                fence,
                at: now,
                earlier,
            });
        }
        leads
    }

    /// Stores a new pair of tokens; `false`: the record holds another refresh token than the one
    /// that it was made from, or was revoked and is not [`begin`](Self::begin)'s to replace. It is
    /// not asked whether the lease is over (LK4). It ends every lease:
    /// who leads by then would refresh with a token that is used up, and bury the grant over it.
    pub fn commit(&mut self, now: u64, commit: Commit) -> bool {
        self.expire(now);
        let repaired = commit.source.is_some() && commit.source != self.source;
        let follows = self.rt == commit.consumed && (repaired || self.dead != Some(Cause::Revoked));
        if self.generation != commit.base || !(commit.grant || follows) {
            return false;
        }
        *self = Self {
            v: FORMAT,
            generation: self.next(now),
            rt: commit.rt,
            blob: Some(commit.blob),
            source: commit.source.or(self.source.take()),
            obtained_at: now,
            expires_at: commit.life_ms.map(|life| now.saturating_add(life)),
            refresh_at: commit.refresh_in_ms.map(|wait| now.saturating_add(wait)),
            fence: self.fence,
            kept: commit.keep_ms.map(|length| Span::new(now, length.max(1))),
            ..Self::default()
        };
        true
    }

    /// Tells how a refresh ended that brought no token, and frees the lease; `false`: somebody else
    /// has led since, and their word counts (LK5).
    pub fn fail(&mut self, now: u64, owner: &str, fence: u64, failure: &Failure) -> bool {
        self.expire(now);
        if !self.newest(owner, fence) {
            return false;
        }
        let Some(lease) = self.lease.take() else {
            return false;
        };
        // Somebody before may have sent it too, and be about to commit.
        let others = self
            .intent
            .is_some_and(|intent| intent.fence != fence || intent.earlier.is_some());
        if !matches!(failure, Failure::Release { sent: true, .. }) {
            self.settle(fence);
        }
        match *failure {
            Failure::Suspect { cause } if others => {
                self.suspect = Some(Suspect {
                    span: Span::new(now, lease.span.length()),
                    cause,
                    source: lease.source,
                });
            }
            Failure::Suspect { cause } | Failure::Dead { cause } => {
                self.bury(now, cause, lease.source);
            }
            Failure::Release { gate, .. } => self.close(now, gate, lease.client),
        }
        true
    }

    /// Ends the grant and deletes its secrets. `reusable`: the processes can get a new one by
    /// themselves, so nobody needs to sign in.
    ///
    /// What is left says that it ended, for `keep_ms` (30 days), so that nobody stores what was sent
    /// before it.
    ///
    /// `false`: it is not the generation `base` any more.
    pub fn end(&mut self, now: u64, end: End) -> bool {
        self.expire(now);
        let End {
            base,
            cause,
            reusable,
            keep_ms,
            source,
        } = end;
        if self.generation != base {
            return false;
        }
        *self = Self {
            v: FORMAT,
            generation: self.next(now),
            source: self.source.take().or(source),
            fence: self.fence,
            dead: (!reusable).then_some(cause),
            kept: Some(Span::new(now, keep_ms.unwrap_or(ENDED_MS).max(1))),
            ..Self::default()
        };
        true
    }

    fn newest(&self, owner: &str, fence: u64) -> bool {
        let ours = |lease: &Lease| lease.owner == owner && lease.fence == fence;
        self.lease.as_ref().is_some_and(ours)
    }

    fn next(&self, now: u64) -> u64 {
        match self.generation {
            0 => now.max(1),
            generation => generation.saturating_add(1),
        }
    }

    /// The newest announcement is settled; an earlier one may not be.
    fn settle(&mut self, fence: u64) {
        self.intent = self.intent.and_then(|intent| match intent.fence {
            own if own == fence => intent.earlier.map(|at| Intent {
                fence: 0,
                at,
                earlier: None,
            }),
            _ => Some(intent),
        });
    }

    /// The hash of the refresh token stays: whoever still holds its successor may bring it.
    fn bury(&mut self, now: u64, cause: Cause, source: Option<String>) {
        self.dead = Some(cause);
        let ended = Span::new(now, ENDED_MS);
        let sooner = |kept: &Span| kept.until < ended.until;
        self.kept = Some(self.kept.filter(sooner).unwrap_or(ended));
        self.source = source.or(self.source.take());
        self.suspect = None;
        self.lease = None;
        self.intent = None;
    }

    fn close(&mut self, now: u64, gate: Option<Closing>, client: Option<String>) {
        let Some(Closing { cause, for_ms }) = gate else {
            return;
        };
        let before = self.gate.take().filter(|gate| gate.cause == cause);
        self.gate = Some(Gate {
            span: Span::new(now, for_ms),
            cause,
            failures: before.map_or(1, |gate| gate.failures.saturating_add(1)),
            client,
        });
    }
}

/// What a store holds, its clock, and what is asked of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change<T> {
    /// The text that the store holds; `None`: nothing.
    #[serde(default)]
    pub record: Option<Blob>,
    /// The store's clock.
    pub now_ms: u64,
    /// What is asked.
    #[serde(flatten)]
    pub change: T,
}

/// What a store has to write, and what it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Changed<T> {
    /// The text that the store has to write; `None`: nothing changed.
    pub record: Option<Blob>,
    /// How long it has to keep that; `None`: for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_ms: Option<u64>,
    /// The answer.
    pub result: T,
}

/// Nothing is asked but to look.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Look {}

/// See [`Record::mark`].
#[derive(Clone, Debug, Deserialize)]
pub struct Mark {
    /// Who leads.
    pub owner: String,
    /// By which lease.
    pub fence: u64,
}

/// See [`Record::fail`].
#[derive(Clone, Debug, Deserialize)]
pub struct Fail {
    /// Who leads.
    pub owner: String,
    /// By which lease.
    pub fence: u64,
    /// How it ended.
    pub what: Failure,
}

/// See [`Record::end`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// The generation that is ended.
    pub base: u64,
    /// Why.
    pub cause: Cause,
    /// Whether a process can get a new grant by itself.
    #[serde(default)]
    pub reusable: bool,
    /// How long it is known that it ended; `None`: 30 days.
    #[serde(default)]
    pub keep_ms: Option<u64>,
    /// SHA-256 of what the process can get tokens with by itself: where nobody did yet, that is what
    /// ends.
    #[serde(default)]
    pub source: Option<String>,
}

/// The answer to [`Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Marked {
    /// Whether it may be sent.
    pub marked: bool,
}

/// The answer to [`Commit`], [`Fail`] and [`End`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it counted.
    pub accepted: bool,
    /// The record after it.
    pub view: View,
}

fn change<T>(
    text: Option<&Blob>,
    now: u64,
    change: impl FnOnce(&mut Record) -> T,
) -> Result<Changed<T>, Error> {
    let mut before = Record::parse(text.map(Blob::expose))?;
    before.expire(now);
    let mut record = before.clone();
    let result = change(&mut record);
    let changed = (record != before).then_some(record);
    Ok(Changed {
        record: changed.as_ref().map(|record| record.text().into()),
        keep_ms: changed.and_then(|record| record.keep_ms(now)),
        result,
    })
}

/// [`Record::view`] over a store's text.
///
/// # Errors
/// [`StoreUnavailable`](crate::Code::StoreUnavailable): the text is no record. So with the others.
pub fn view(input: Change<Look>) -> Result<View, Error> {
    let text = input.record.as_ref().map(Blob::expose);
    Ok(Record::parse(text)?.view(input.now_ms))
}

/// [`Record::begin`] over a store's text.
///
/// # Errors
/// As [`view`].
pub fn begin(input: Change<Begin>) -> Result<Changed<Begun>, Error> {
    change(input.record.as_ref(), input.now_ms, |record| {
        record.begin(input.now_ms, input.change)
    })
}

/// [`Record::mark`] over a store's text.
///
/// # Errors
/// As [`view`].
pub fn mark(input: Change<Mark>) -> Result<Changed<Marked>, Error> {
    let Mark { owner, fence } = input.change;
    change(input.record.as_ref(), input.now_ms, |record| Marked {
        marked: record.mark(input.now_ms, &owner, fence),
    })
}

/// [`Record::commit`] over a store's text.
///
/// # Errors
/// As [`view`].
pub fn commit(input: Change<Commit>) -> Result<Changed<Verdict>, Error> {
    change(input.record.as_ref(), input.now_ms, |record| Verdict {
        accepted: record.commit(input.now_ms, input.change),
        view: record.view(input.now_ms),
    })
}

/// [`Record::fail`] over a store's text.
///
/// # Errors
/// As [`view`].
pub fn fail(input: Change<Fail>) -> Result<Changed<Verdict>, Error> {
    let Fail { owner, fence, what } = input.change;
    change(input.record.as_ref(), input.now_ms, |record| Verdict {
        accepted: record.fail(input.now_ms, &owner, fence, &what),
        view: record.view(input.now_ms),
    })
}

/// [`Record::end`] over a store's text.
///
/// # Errors
/// As [`view`].
pub fn end(input: Change<End>) -> Result<Changed<Verdict>, Error> {
    change(input.record.as_ref(), input.now_ms, |record| Verdict {
        accepted: record.end(input.now_ms, input.change),
        view: record.view(input.now_ms),
    })
}
