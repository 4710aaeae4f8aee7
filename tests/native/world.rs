//! A world for token machines: a store, a platform that rotates refresh tokens, a clock and
//! processes, in which everything that can happen happens one at a time and by name. The machines
//! and the record in it are those of the library; the world only carries out what they ask for,
//! late, wrongly or not at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]
// Each test uses its part of it.
#![allow(dead_code)]

use std::collections::BTreeMap;

use plaudit::server::tokens::machine::{Start, start};
use plaudit::server::tokens::record::{Barrier, Begin, Begun, Cause, Commit, End, Failure};
use plaudit::server::tokens::{
    Action, Answer, Event, Grant, How, Machine, News, Policy, Reason, Record, Rejection, Serving,
    What, step,
};

/// How long an access token lives.
pub const LIFE: u64 = 600_000;
/// The callers and the flights of those who sign in.
const SIGN_IN: u64 = 1 << 40;
/// How long callers wait: longer than a lease.
pub const PATIENCE: u64 = 40_000;
/// Generations from here on are of one process alone.
const OWN: u64 = 1 << 52;
/// Where all worlds begin: the store's clock and the processes'.
pub const BEGIN: u64 = 1_000_000;

pub fn policy(grant: Grant) -> Policy {
    Policy {
        grant,
        refresh_at_permille: 600,
        skew_ms: 60_000,
        read_cache_ms: 1_000,
        lease_ms: 30_000,
        timeout_ms: 10_000,
        forced_floor_ms: 60_000,
        refresh_reuse_ms: None,
        old_access_token_dies: false,
        refresh_fallback: false,
        keep_for_ms: None,
    }
}

/// What is configured, where tokens can be had with it.
fn source(grant: Grant, config: u8) -> Option<String> {
    (grant != Grant::AuthorizationCode).then(|| format!("source {config}"))
}

/// One rule taken out, to see that the checks notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// A lease is over as soon as it is given.
    NoLease,
    /// Marks are answered, not written.
    NoIntent,
    /// A commit is accepted from the holder of the lease only.
    CommitByFence,
    /// A commit is always accepted.
    CommitAlways,
    /// A commit leaves the lease of another holder as it is.
    CommitKeepsLeases,
    /// Any holder's word about a failure counts.
    FailByAnyone,
    /// An answer that came while its process was stopped is thrown away.
    AnswersExpire,
    /// A sign-in is stored whatever is there, so also when it is repeated.
    SignInAlways,
    /// The machines do not know that old access tokens die.
    NoQuiet,
    /// A gate is closed to every configuration.
    GateForAll,
    /// A gate is closed to no configuration.
    GateForNobody,
    /// What a grant died of is taken for everybody's.
    DeadForAll,
    /// What is revoked is at its end, also where a process needs nobody for a new one.
    RevokedForGood,
    /// What comes after the end of a grant is dropped, and lives on at the platform.
    DropAfterEnd,
    /// A record goes when its time is over, whoever refreshes it.
    GoesUnderRefresh,
    /// Where there is no record, anything can be stored.
    CommitToNothing,
    /// An end is stored whatever there is, so also over a sign-in since.
    EndAlways,
}

/// The platform. The n-th pair has refresh token and access token n.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Platform {
    /// The only refresh token that is good.
    pub live: u8,
    /// For how long it answers the one before with the same pair.
    pub reuse_ms: Option<u64>,
    pub rotated_at: u64,
    /// A refresh ends the access token before it.
    pub access_tokens_die: bool,
    /// The configuration that it takes.
    pub accepts: u8,
    /// What it says to another one: that the client is refused, or the grant.
    pub refuses_grants: bool,
    /// The newest of those that were revoked.
    past: u8,
    /// The revocation of a refresh token that is used up ends its successor, too.
    pub revokes_families: bool,
}

impl Platform {
    /// A pair for nothing but a configuration.
    fn grant(&mut self, now: u64) -> u8 {
        // Apart from the one before, which is not this one's predecessor.
        self.live = self.live.max(self.past) + 2;
        self.rotated_at = now;
        self.live
    }

    fn refresh(&mut self, now: u64, token: u8) -> Option<u8> {
        let replay = |reuse| now < self.rotated_at + reuse;
        if token == self.live {
            self.live += 1;
            self.rotated_at = now;
        } else if token + 1 != self.live || !self.reuse_ms.is_some_and(replay) {
            return None;
        }
        Some(self.live)
    }

    fn revoke(&mut self, token: u8) {
        let same = token / 10 == self.live / 10;
        if token == self.live || same && self.revokes_families {
            self.past = self.past.max(self.live);
            self.live = 0;
        }
    }
}

/// What is sent to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    how: How,
    /// The refresh token; of no use to a grant.
    token: u8,
    config: u8,
}

/// Something that a process asked for and that is not yet told to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pending {
    Asked(Action),
    /// A request, its flight and the generation that it replaces.
    Sent(u64, Request, u64),
    /// With the pair that it brings.
    Answered(What, Option<u8>),
    /// A revocation of the tokens of a flight.
    Revoked(u64),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    pub machine: Machine,
    pub owner: String,
    /// What it is configured with.
    pub config: u8,
    pub pending: Vec<Pending>,
    /// By flight: what came and is not stored.
    pub pairs: BTreeMap<u64, u8>,
    /// Of the generation that it leads the refresh of.
    token: u8,
    pub serving: Option<Serving>,
    pub wake: Option<u64>,
    /// How many callers it will still have, and how many have no answer.
    pub wants: u8,
    pub waiting: u8,
    pub served: u8,
    callers: u64,
    /// The store failed it: it may go by what it knew before (LK9).
    pub store_failed: bool,
    pub reported: Option<Reason>,
}

/// What may still go wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Faults {
    pub crashes: u8,
    /// Time passes while somebody is busy.
    pub pauses: u8,
    pub lost_answers: u8,
    pub store: u8,
    /// 429 and 503, with nothing done.
    pub refusals: u8,
    /// 401 with the newest access token.
    pub unauthorized: u8,
    pub sign_ins: u8,
    pub ends: u8,
    /// Somebody forgets the grant, and does not revoke it.
    pub forgets: u8,
    /// The platform takes another configuration from now on.
    pub secrets: u8,
    /// A process is started again with the configuration that the platform takes.
    pub deploys: u8,
}

/// Something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// Somebody wants a token.
    Want(usize),
    /// The store or the platform does what it was asked.
    Do(usize, usize),
    /// The process hears of it.
    Tell(usize, usize),
    /// The store does nothing, and says so.
    StoreFails(usize, usize),
    /// The store does it, and its answer is lost.
    StoreSilent(usize, usize),
    /// A request of a process that is no more reaches the platform.
    Arrive(usize),
    /// The request does not reach the platform, and nobody can know.
    RequestLost(usize, usize),
    /// The platform answers, and the answer is lost.
    AnswerLost(usize, usize),
    /// The platform answers 429.
    TooMany(usize, usize),
    /// The platform answers 503, and did nothing.
    Unavailable(usize, usize),
    /// Somebody was answered 401 with the token that is handed out.
    Unauthorized(usize),
    /// Somebody signs in anew.
    SignIn(usize),
    /// Somebody ends the grant.
    End(usize),
    /// Somebody forgets it.
    Forget(usize),
    /// A process is killed, and started again.
    Crash(usize),
    /// The same, with the configuration that the platform takes.
    Deploy(usize),
    /// The platform takes another configuration.
    Secret,
    /// A process's timer goes off.
    Wake(usize),
    /// Time passes until the next timer.
    Tick,
    /// Time passes, whoever is busy.
    Pause(u64),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub now: u64,
    pub record: Record,
    pub platform: Platform,
    /// How tokens are got: by those who sign in, or by the processes themselves.
    pub grant: Grant,
    pub processes: Vec<Process>,
    pub faults: Faults,
    pub faultless: bool,
    /// Timers go off at multiples of this only: late, as timers do.
    pub grain: u64,
    /// A read is answered before anything else happens.
    pub prompt_reads: bool,
    /// How long what is left of a grant that ended stays, in place of what the machine says.
    pub left_ms: Option<u64>,
    /// How often the refresh of each generation was sent, and its successor stored.
    pub sends: BTreeMap<u64, u8>,
    pub commits: BTreeMap<u64, u8>,
    /// How often it was sent and may have happened.
    doubtful: BTreeMap<u64, u8>,
    /// Requests of processes that are no more.
    orphans: Vec<Request>,
    /// By configuration that was refused: of which generation, and until when it is not sent again.
    barred: BTreeMap<u8, (u64, u64)>,
    /// Callers may have been turned away for another reason than their configuration.
    troubled: bool,
    restarted: bool,
    /// A pair was lost to a fault that no client can help.
    pub excused: bool,
    signed_in: bool,
    /// What may live at the platform with nobody having it: the grant was forgotten.
    forgotten: u8,
    /// It was ended, and nobody signed in since.
    ended: bool,
    /// There were tokens, and the time of their record is over.
    lasted: bool,
    gone: bool,
    /// A rule that was broken.
    pub broken: Option<&'static str>,
}

impl World {
    /// A grant whose first token has reached an age.
    pub fn new(processes: usize, wants: u8, age: u64, faults: Faults) -> Self {
        Self::of(Grant::AuthorizationCode, processes, wants, age, faults)
    }

    /// The same with another grant. An age of 0: nobody has had a token yet.
    pub fn of(grant: Grant, processes: usize, wants: u8, age: u64, faults: Faults) -> Self {
        let mut record = Record::default();
        let commit = Commit {
            owner: String::new(),
            grant: true,
            base: 0,
            consumed: None,
            rt: (grant != Grant::ClientCredentials).then(|| "1".to_owned()),
            blob: "1".into(),
            life_ms: Some(LIFE),
            refresh_in_ms: Some(LIFE / 10 * 6),
            source: source(grant, 0),
            keep_ms: None,
        };
        if age > 0 {
            record.commit(BEGIN, commit);
        }
        let process = |nth: usize| Process {
            machine: start(&Start { random: 50 }),
            owner: format!("p{nth}"),
            config: 0,
            pending: Vec::new(),
            pairs: BTreeMap::new(),
            token: 0,
            serving: None,
            wake: None,
            wants,
            waiting: 0,
            served: 0,
            callers: 0,
            store_failed: false,
            reported: None,
        };
        Self {
            now: BEGIN + age,
            record,
            platform: Platform {
                live: 1,
                reuse_ms: None,
                rotated_at: 0,
                access_tokens_die: false,
                accepts: 0,
                refuses_grants: false,
                past: 0,
                revokes_families: true,
            },
            grant,
            processes: (0..processes).map(process).collect(),
            faults,
            faultless: faults == Faults::default(),
            grain: 1,
            prompt_reads: false,
            left_ms: None,
            sends: BTreeMap::new(),
            commits: BTreeMap::new(),
            doubtful: BTreeMap::new(),
            orphans: Vec::new(),
            barred: BTreeMap::new(),
            troubled: false,
            restarted: false,
            excused: false,
            signed_in: false,
            forgotten: 0,
            ended: false,
            lasted: age > 0,
            gone: false,
            broken: None,
        }
    }

    /// All that can happen now.
    pub fn happenings(&self, out: &mut Vec<Happening>) {
        let mut busy = false;
        out.extend((0..self.orphans.len()).map(Happening::Arrive));
        let mut next: Option<u64> = None;
        for (nth, process) in self.processes.iter().enumerate() {
            if process.wants > 0 {
                out.push(Happening::Want(nth));
            }
            for (at, pending) in process.pending.iter().enumerate() {
                busy = true;
                match pending {
                    Pending::Sent(..) => {
                        out.push(Happening::Do(nth, at));
                        if self.faults.refusals > 0 {
                            out.push(Happening::TooMany(nth, at));
                            out.push(Happening::Unavailable(nth, at));
                        }
                        if self.faults.lost_answers > 0 {
                            out.push(Happening::RequestLost(nth, at));
                            out.push(Happening::AnswerLost(nth, at));
                        }
                    }
                    Pending::Asked(_) => {
                        out.push(Happening::Do(nth, at));
                        if self.faults.store > 0 {
                            out.push(Happening::StoreFails(nth, at));
                            out.push(Happening::StoreSilent(nth, at));
                        }
                    }
                    Pending::Revoked(_) => out.push(Happening::Do(nth, at)),
                    Pending::Answered(..) => out.push(Happening::Tell(nth, at)),
                }
            }
            if self.faults.unauthorized > 0 && process.serving.is_some() {
                out.push(Happening::Unauthorized(nth));
            }
            if self.faults.sign_ins > 0 {
                out.push(Happening::SignIn(nth));
            }
            if self.faults.ends > 0 {
                out.push(Happening::End(nth));
            }
            if self.faults.forgets > 0 {
                out.push(Happening::Forget(nth));
            }
            if self.faults.crashes > 0 {
                out.push(Happening::Crash(nth));
            }
            if self.faults.deploys > 0 && process.config != self.platform.accepts {
                out.push(Happening::Deploy(nth));
            }
            match process.wake {
                Some(at) if at <= self.now => {
                    busy = true;
                    out.push(Happening::Wake(nth));
                }
                Some(at) => next = Some(next.map_or(at, |next| next.min(at))),
                None => {}
            }
        }
        if self.faults.secrets > 0 {
            out.push(Happening::Secret);
        }
        if !busy && next.is_some() {
            out.push(Happening::Tick);
        }
        if busy && self.faults.pauses > 0 {
            // Past the cached read; past the lease, too.
            out.push(Happening::Pause(1_200));
            out.push(Happening::Pause(31_000));
        }
    }

    /// One of [`Self::happenings`].
    pub fn happen(&mut self, policy: &Policy, mutant: Option<Mutant>, happening: Happening) {
        let policy = &Policy {
            old_access_token_dies: policy.old_access_token_dies && mutant != Some(Mutant::NoQuiet),
            ..policy.clone()
        };
        match happening {
            Happening::Want(nth) => {
                self.processes[nth].wants -= 1;
                self.want(policy, nth, None);
            }
            Happening::Unauthorized(nth) => {
                self.faults.unauthorized -= 1;
                let serving = self.processes[nth].serving.unwrap();
                self.want(policy, nth, Some(serving.generation));
            }
            Happening::SignIn(nth) => {
                self.faults.sign_ins -= 1;
                self.signed_in = true;
                self.platform.live += 10;
                let flight = SIGN_IN + u64::from(self.platform.live);
                let process = &mut self.processes[nth];
                process.pairs.insert(flight, self.platform.live);
                let what = What::Granted {
                    caller: flight,
                    flight,
                    rt: Some(self.platform.live.to_string()),
                    life_ms: Some(LIFE),
                    sent_ms: self.now,
                    sent_wall_ms: None,
                };
                self.tell(policy, nth, what);
            }
            Happening::End(nth) => {
                self.faults.ends -= 1;
                self.order_end(policy, nth, false);
            }
            Happening::Forget(nth) => {
                self.faults.forgets -= 1;
                self.order_end(policy, nth, true);
            }
            Happening::TooMany(nth, at) => {
                self.faults.refusals -= 1;
                self.troubled = true;
                if let Pending::Sent(_, _, generation) = self.processes[nth].pending[at] {
                    // It is known not to have been refreshed.
                    self.doubtful
                        .entry(generation)
                        .and_modify(|count| *count = count.saturating_sub(1));
                }
                let flight = self.take_send(nth, at).0;
                let answer = Answer::RateLimited {
                    retry_after_ms: Some(20_000),
                };
                self.tell(policy, nth, What::Answered { flight, answer });
            }
            Happening::Unavailable(nth, at) => {
                self.faults.refusals -= 1;
                self.troubled = true;
                let flight = self.take_send(nth, at).0;
                self.unanswered(policy, nth, flight);
            }
            Happening::Do(nth, at) => {
                let pending = &self.processes[nth].pending[at];
                let read = matches!(pending, Pending::Asked(Action::Read { .. }));
                self.carry_out(mutant, nth, at);
                if self.prompt_reads && read {
                    self.answer(policy, nth, self.processes[nth].pending.len() - 1);
                }
            }
            Happening::Tell(nth, at) => self.answer(policy, nth, at),
            Happening::StoreFails(nth, at) => {
                self.faults.store -= 1;
                self.troubled = true;
                self.store_fails(policy, nth, at);
            }
            Happening::StoreSilent(nth, at) => {
                self.faults.store -= 1;
                self.troubled = true;
                let pending = self.processes[nth].pending[at].clone();
                self.carry_out(mutant, nth, at);
                self.processes[nth].pending.pop();
                self.processes[nth].pending.insert(at, pending);
                self.store_fails(policy, nth, at);
            }
            Happening::RequestLost(nth, at) => {
                self.faults.lost_answers -= 1;
                let flight = self.take_send(nth, at).0;
                self.unanswered(policy, nth, flight);
            }
            Happening::AnswerLost(nth, at) => {
                self.faults.lost_answers -= 1;
                let (flight, request) = self.take_send(nth, at);
                let (_, pair) = self.platform_answers(request);
                self.excused |= pair.is_some();
                self.unanswered(policy, nth, flight);
            }
            Happening::Arrive(at) => {
                let request = self.orphans.remove(at);
                let (_, pair) = self.platform_answers(request);
                self.excused |= pair.is_some();
            }
            Happening::Crash(nth) => {
                self.faults.crashes -= 1;
                self.restart(nth);
            }
            Happening::Deploy(nth) => {
                self.faults.deploys -= 1;
                self.restart(nth);
                self.processes[nth].config = self.platform.accepts;
            }
            Happening::Secret => {
                self.faults.secrets -= 1;
                self.platform.accepts += 1;
            }
            Happening::Wake(nth) => self.tell(policy, nth, What::Wake),
            Happening::Tick => {
                let wakes = self.processes.iter().filter_map(|process| process.wake);
                let next = wakes.min().unwrap_or(self.now).max(self.now);
                self.now = next.next_multiple_of(self.grain);
            }
            Happening::Pause(wait) => {
                self.faults.pauses -= 1;
                self.troubled = true;
                self.now += wait;
                if mutant == Some(Mutant::AnswersExpire) {
                    self.expire();
                }
            }
        }
        self.check();
    }

    fn restart(&mut self, nth: usize) {
        // Who waits for the leases of two that are no more may have no time left.
        self.troubled |= self.restarted;
        self.restarted = true;
        let process = &mut self.processes[nth];
        for pending in std::mem::take(&mut process.pending) {
            match pending {
                Pending::Sent(_, request, _) => self.orphans.push(request),
                Pending::Answered(_, Some(_)) => self.excused = true,
                _ => {}
            }
        }
        self.excused |= !process.pairs.is_empty();
        *process = Process {
            machine: start(&Start { random: 50 }),
            owner: format!("{}'", process.owner),
            pending: Vec::new(),
            pairs: BTreeMap::new(),
            serving: None,
            wake: None,
            wants: process.wants + process.waiting,
            waiting: 0,
            reported: None,
            ..process.clone()
        };
    }

    fn order_end(&mut self, policy: &Policy, nth: usize, forget: bool) {
        let what = What::End {
            caller: SIGN_IN,
            cause: Cause::Revoked,
            forget,
        };
        self.tell(policy, nth, what);
    }

    fn want(&mut self, policy: &Policy, nth: usize, refused: Option<u64>) {
        let process = &mut self.processes[nth];
        process.waiting += 1;
        process.callers += 1;
        let what = What::Want {
            caller: process.callers,
            deadline_ms: self.now + PATIENCE,
            refused,
        };
        self.tell(policy, nth, what);
    }

    fn answer(&mut self, policy: &Policy, nth: usize, at: usize) {
        if let Pending::Answered(what, pair) = self.processes[nth].pending.remove(at) {
            if let (What::Answered { flight, .. }, Some(pair)) = (&what, pair) {
                self.processes[nth].pairs.insert(*flight, pair);
            }
            self.tell(policy, nth, what);
        }
    }

    fn take_send(&mut self, nth: usize, at: usize) -> (u64, Request) {
        match self.processes[nth].pending.remove(at) {
            Pending::Sent(flight, request, _) => (flight, request),
            other => panic!("{other:?} is not sent"),
        }
    }

    /// Time-outs go off before the answers that wait in the sockets are read.
    fn expire(&mut self) {
        for process in &mut self.processes {
            for pending in &mut process.pending {
                if let Pending::Answered(What::Answered { answer, .. }, pair) = pending {
                    *answer = Answer::Unavailable { sent: true };
                    *pair = None;
                }
            }
        }
    }

    fn unanswered(&mut self, policy: &Policy, nth: usize, flight: u64) {
        let answer = Answer::Unavailable { sent: true };
        self.tell(policy, nth, What::Answered { flight, answer });
    }

    fn store_fails(&mut self, policy: &Policy, nth: usize, at: usize) {
        let op = match self.processes[nth].pending.remove(at) {
            Pending::Asked(
                Action::Read { op }
                | Action::Begin { op, .. }
                | Action::Mark { op, .. }
                | Action::Commit { op, .. }
                | Action::Fail { op, .. }
                | Action::End { op, .. },
            ) => op,
            other => panic!("{other:?} is not the store's"),
        };
        self.processes[nth].store_failed = true;
        self.tell(policy, nth, What::StoreFailed { op });
    }

    /// The store or the platform does what it was asked; the answer waits to be told.
    fn carry_out(&mut self, mutant: Option<Mutant>, nth: usize, at: usize) {
        let action = match self.processes[nth].pending.remove(at) {
            Pending::Asked(action) => action,
            Pending::Sent(flight, request, _) => return self.deliver(nth, flight, request),
            Pending::Revoked(flight) => {
                let pair = self.processes[nth].pairs.remove(&flight);
                if mutant != Some(Mutant::DropAfterEnd) {
                    self.platform.revoke(pair.unwrap());
                }
                return;
            }
            other @ Pending::Answered(..) => panic!("{other:?} is done"),
        };
        let owner = self.processes[nth].owner.clone();
        let config = self.processes[nth].config;
        let own = match mutant {
            // As what the tokens are of.
            Some(Mutant::DeadForAll) => source(self.grant, 0),
            _ => source(self.grant, config),
        };
        let now = self.now;
        let what = match action {
            Action::Read { op } => What::Read {
                op,
                view: self.record.view(now),
            },
            Action::Begin { op, seen, lease_ms } => What::Begun {
                op,
                begun: self.begin(
                    mutant,
                    Begin {
                        owner,
                        seen,
                        source: own,
                        client: match mutant {
                            Some(Mutant::GateForAll) => None,
                            Some(Mutant::GateForNobody) => Some(format!("{nth} {op}")),
                            _ => Some(format!("client {config}")),
                        },
                        lease_ms: match mutant {
                            Some(Mutant::NoLease) => 0,
                            _ => lease_ms,
                        },
                    },
                ),
            },
            Action::Mark { op, fence } => What::Marked {
                op,
                marked: match mutant {
                    Some(Mutant::NoIntent) => self.record.clone().mark(now, &owner, fence),
                    Some(Mutant::NoLease) => true,
                    _ => self.record.mark(now, &owner, fence),
                },
            },
            Action::Commit {
                op,
                flight,
                grant,
                import,
                base,
                consumed,
                rt,
                life_ms,
                refresh_in_ms,
                keep_ms,
            } => {
                let before = self.record.clone();
                let holds = |record: &Record| {
                    let lease = serde_json::to_value(record).unwrap()["lease"].clone();
                    lease["owner"] == owner.as_str() && lease["until"].as_u64() > Some(now)
                };
                let allowed = mutant != Some(Mutant::CommitByFence) || holds(&self.record);
                let nothing = before.view(now).generation == 0;
                let always = mutant == Some(Mutant::CommitAlways)
                    || nothing && mutant == Some(Mutant::CommitToNothing)
                    || grant && mutant == Some(Mutant::SignInAlways);
                let accepted = allowed
                    && self.record.commit(
                        now,
                        Commit {
                            owner,
                            grant: grant || always,
                            base: if always {
                                before.view(now).generation
                            } else {
                                base
                            },
                            consumed,
                            rt: if import { Some("1".to_owned()) } else { rt },
                            blob: match import {
                                true => "configured".into(),
                                false => self.processes[nth].pairs[&flight].to_string().into(),
                            },
                            life_ms,
                            refresh_in_ms,
                            source: own,
                            keep_ms,
                        },
                    );
                if accepted {
                    (self.gone, self.lasted) = (false, true);
                    if grant {
                        self.ended = false;
                    } else {
                        self.note_commit(&before, base);
                    }
                    if mutant == Some(Mutant::CommitKeepsLeases) {
                        let mut kept = serde_json::to_value(&self.record).unwrap();
                        let old = serde_json::to_value(&before).unwrap();
                        if old["lease"]["owner"] != self.processes[nth].owner.as_str() {
                            kept["lease"] = old["lease"].clone();
                        }
                        self.record = serde_json::from_value(kept).unwrap();
                    }
                }
                What::Committed {
                    op,
                    accepted,
                    view: self.record.view(now),
                }
            }
            Action::Fail { op, fence, what } => {
                let counted = self.record.fail(now, &owner, fence, &what);
                let until = match &what {
                    Failure::Dead { .. } => Some(u64::MAX),
                    Failure::Release {
                        gate: Some(gate), ..
                    } if gate.cause == Barrier::Configuration => Some(now + gate.for_ms),
                    _ => None,
                };
                if let (true, Some(until)) = (counted, until) {
                    let generation = self.record.view(now).generation;
                    self.barred.insert(config, (generation, until));
                }
                if !counted && mutant == Some(Mutant::FailByAnyone) {
                    let base = self.record.view(now).generation;
                    let end = End {
                        base,
                        cause: Cause::Refused,
                        reusable: false,
                        keep_ms: None,
                        source: None,
                    };
                    self.record.end(now, end);
                }
                What::Failed {
                    op,
                    view: self.record.view(now),
                }
            }
            Action::End {
                op,
                base,
                cause,
                reusable,
                keep_ms,
            } => {
                let stored = self.stored();
                let newest = self.record.view(now).generation;
                let always = mutant == Some(Mutant::EndAlways);
                let end = End {
                    base: if always { newest } else { base },
                    cause,
                    reusable: reusable && mutant != Some(Mutant::RevokedForGood),
                    keep_ms: self.left_ms.or(keep_ms),
                    source: own,
                };
                let accepted = self.record.end(now, end);
                if accepted {
                    self.note_end(base, newest, stored, keep_ms.is_some());
                }
                What::Ended {
                    op,
                    accepted,
                    view: self.record.view(now),
                }
            }
            other => panic!("{other:?} is not for the world"),
        };
        let pending = Pending::Answered(what, None);
        self.processes[nth].pending.push(pending);
    }

    fn deliver(&mut self, nth: usize, flight: u64, request: Request) {
        let (answer, pair) = self.platform_answers(request);
        let what = What::Answered { flight, answer };
        self.processes[nth]
            .pending
            .push(Pending::Answered(what, pair));
    }

    fn platform_answers(&mut self, request: Request) -> (Answer, Option<u8>) {
        let Request { how, token, config } = request;
        if config != self.platform.accepts && !(self.platform.refuses_grants && how != How::Grant) {
            let answer = match self.platform.refuses_grants {
                true => Answer::InvalidGrant,
                false => Answer::Refused { credentials: true },
            };
            return (answer, None);
        }
        let pair = match how {
            How::Grant => {
                if self.faultless && self.platform.live > 0 && self.stored() == self.platform.live {
                    self.broken = Some("the configuration was used where a refresh token was good");
                }
                Some(self.platform.grant(self.now))
            }
            _ => self.platform.refresh(self.now, token),
        };
        let answer = pair.map_or(Answer::InvalidGrant, |pair| Answer::Tokens {
            rt: (self.grant != Grant::ClientCredentials).then(|| pair.to_string()),
            life_ms: Some(LIFE),
        });
        (answer, pair)
    }

    fn begin(&mut self, mutant: Option<Mutant>, begin: Begin) -> Begun {
        let kept = |record: &Record| serde_json::to_value(record).unwrap()["kept"].clone();
        let before = kept(&self.record);
        let begun = self.record.begin(self.now, begin);
        if mutant == Some(Mutant::GoesUnderRefresh) && !before.is_null() {
            let mut record = serde_json::to_value(&self.record).unwrap();
            record["kept"] = before;
            self.record = serde_json::from_value(record).unwrap();
        }
        begun
    }

    /// Its time is over after `ms`, unless something happens.
    pub fn keep(&mut self, ms: u64) {
        let mut record = serde_json::to_value(&self.record).unwrap();
        record["kept"] = serde_json::json!({ "from": BEGIN, "until": self.now + ms });
        self.record = serde_json::from_value(record).unwrap();
    }

    fn note_end(&mut self, base: u64, ended: u64, stored: u8, forgotten: bool) {
        if base != ended {
            self.broken = Some("an end of one generation ended another");
        }
        self.ended = self.grant == Grant::AuthorizationCode;
        if !forgotten {
            self.platform.revoke(stored);
        } else if stored == self.platform.live {
            self.forgotten = stored;
        }
    }

    /// The record's time is over: nobody may have been about to store what follows it.
    fn note_gone(&mut self) {
        self.gone = true;
        let refreshing = |process: &Process| {
            let sent =
                |one: &Pending| matches!(one, Pending::Sent(..) | Pending::Answered(_, Some(_)));
            let pairs = process.pairs.keys().any(|flight| *flight < SIGN_IN);
            pairs || process.pending.iter().any(sent)
        };
        if !self.ended && self.processes.iter().any(refreshing) {
            self.broken = Some("a record was removed under a refresh");
        }
        if !self.ended {
            self.forgotten = self.platform.live;
        }
    }

    fn note_commit(&mut self, before: &Record, base: u64) {
        let (old, new) = (before.view(self.now), self.record.view(self.now));
        if new.generation <= old.generation || old.generation > base {
            self.broken = Some("a lower generation overwrote a higher one");
        }
        let count = self.commits.entry(base).or_default();
        *count += 1;
        if *count > 1 && self.broken.is_none() {
            self.broken = Some("two commits of one generation");
        }
    }

    /// A process hears of something, and asks for what follows.
    fn tell(&mut self, policy: &Policy, nth: usize, what: What) {
        let process = &mut self.processes[nth];
        if let What::Begun {
            begun: Begun::Lead { view, .. },
            ..
        } = &what
        {
            process.token = view.rt.as_ref().map_or(0, |rt| rt.parse().unwrap());
        }
        let event = Event {
            now_ms: self.now,
            wall_ms: None,
            random: 1,
            what,
        };
        let step = step(policy, process.machine.clone(), event);
        process.machine = step.machine;
        process.serving = step.serving;
        process.wake = step.wake_ms;
        for action in step.actions {
            match action {
                Action::Serve {
                    callers,
                    generation,
                } => {
                    let count = u8::try_from(callers.len()).unwrap();
                    self.processes[nth].waiting -= count;
                    self.processes[nth].served += count;
                    self.hand_out(nth, generation);
                }
                Action::Reject { callers, .. } if callers.iter().any(|one| *one >= SIGN_IN) => {
                    // Who signed in knows that it is not stored.
                    self.excused |= callers.iter().any(|one| *one > SIGN_IN);
                }
                Action::Resolve { .. } => {}
                Action::Reject { callers, code, .. } => {
                    self.processes[nth].waiting -= u8::try_from(callers.len()).unwrap();
                    self.turn_away(nth, code);
                }
                Action::Adopt { flight, generation } => {
                    if !self.processes[nth].store_failed {
                        self.broken = Some("a token of one process beside a store that works");
                    }
                    self.processes[nth].pairs.remove(&flight);
                    assert!(generation >= OWN, "it is no store's");
                }
                Action::Drop { flight } => {
                    self.processes[nth].pairs.remove(&flight);
                }
                Action::Revoke { flight } => {
                    let pending = Pending::Revoked(flight);
                    self.processes[nth].pending.push(pending);
                }
                Action::Emit {
                    event: News::ReauthorizationRequired { reason, .. },
                } => self.report(nth, reason),
                Action::Emit { .. } => {}
                Action::Send {
                    flight,
                    how,
                    generation,
                } => {
                    self.sent(nth, how, generation);
                    let process = &mut self.processes[nth];
                    let request = Request {
                        how,
                        token: process.token,
                        config: process.config,
                    };
                    let sent = Pending::Sent(flight, request, generation);
                    process.pending.push(sent);
                }
                other => self.processes[nth].pending.push(Pending::Asked(other)),
            }
        }
    }

    fn sent(&mut self, nth: usize, how: How, generation: u64) {
        let renews = self.renews();
        assert!(
            how != How::Grant || renews,
            "there is nothing to sign in with"
        );
        let process = &self.processes[nth];
        let alone = generation == 0 && process.store_failed;
        if let Some((of, until)) = self.barred.get(&process.config)
            && (*of, false) == (generation, alone)
            && self.now < *until
            && (how == How::Grant || !self.platform.refuses_grants)
        {
            self.broken = Some("a refused configuration was sent again before its time");
        }
        if process.config != self.platform.accepts || alone {
            return;
        }
        let sends = self.sends.entry(generation).or_default();
        *sends += 1;
        *self.doubtful.entry(generation).or_default() += 1;
        if *sends > 1 && self.faultless {
            self.broken = Some("a refresh was sent twice without a fault");
        }
    }

    /// Whether the processes need nobody to get a token.
    fn renews(&self) -> bool {
        matches!(self.grant, Grant::ClientCredentials | Grant::Password)
    }

    /// The platform takes what this process is configured with, and never refused it.
    fn is_good(&self, nth: usize) -> bool {
        let config = self.processes[nth].config;
        config == self.platform.accepts && !self.barred.contains_key(&config)
    }

    fn turn_away(&mut self, nth: usize, code: Rejection) {
        if !self.is_good(nth) {
            return;
        }
        match code {
            Rejection::ConfigurationError => {
                self.broken = Some("a good configuration was barred");
            }
            Rejection::ReauthorizationRequired if self.renews() => {
                self.broken = Some("somebody has to sign in where nobody can");
            }
            _ if self.renews() && !self.troubled => {
                self.broken = Some("a caller was turned away without a fault that explains it");
            }
            _ => {}
        }
    }

    fn report(&mut self, nth: usize, reason: Reason) {
        self.processes[nth].reported = Some(reason);
        if self.renews() {
            if self.is_good(nth) {
                self.broken = Some("somebody has to sign in where nobody can");
            }
            return;
        }
        let ended = self.record.view(self.now).dead == Some(Cause::Revoked);
        if self.signed_in || ended || self.gone || self.platform.live == 0 {
            // The grant that ended is not the one that is looked at.
            return;
        }
        if reason != Reason::RotationLost {
            self.broken = Some("a loss is not reported as one");
        }
        if self.stored() == self.platform.live {
            self.broken = Some("the end of a living grant was announced");
        }
    }

    fn hand_out(&mut self, nth: usize, generation: u64) {
        let view = self.record.view(self.now);
        if generation == view.generation && view.expires_in_ms == Some(0) {
            self.broken = Some("a token was handed out past its end");
        }
        let reader_failed = self.processes[nth].store_failed;
        let doubtful = self
            .doubtful
            .get(&generation)
            .is_some_and(|count| *count > 0);
        if self.platform.access_tokens_die && !reader_failed && doubtful {
            self.broken = Some("a token was handed out after its refresh was sent");
        }
        let own = generation >= OWN && reader_failed;
        // It was stored, as far as anybody knows who asked in the last second.
        if self.gone {
            return;
        }
        if generation > self.record.view(self.now).generation && !own {
            self.broken = Some("a token was handed out before it was stored");
        }
    }

    fn check(&mut self) {
        let view = self.record.view(self.now);
        if view.generation == 0 && self.lasted && !self.gone {
            self.note_gone();
        }
        if self.ended && view.token {
            self.broken = Some("what was ended came back");
        }
        for nth in 0..self.processes.len() {
            let serving = self.processes[nth].serving;
            if let Some(serving) = serving.filter(|serving| self.now < serving.until_ms) {
                self.hand_out(nth, serving.generation);
            }
        }
        if self.renews() {
            return;
        }
        let stored = self.stored() == self.platform.live;
        if stored && self.platform.live > 0 && self.record.view(self.now).dead.is_some() {
            self.broken = Some("a living grant was buried");
        }
        let over = self.grant == Grant::RefreshToken && self.platform.live == 0;
        let held = || self.processes.iter().any(|one| self.held_by(one));
        let over = over || self.forgotten > 0 && self.platform.live == self.forgotten;
        if !(stored || over || self.excused || held()) {
            self.broken = Some("a refresh token was lost without a fault that explains it");
        }
    }

    /// The refresh token in the store, or that will be there.
    pub fn stored(&self) -> u8 {
        let view = self.record.view(self.now);
        if view.generation == 0 && self.grant == Grant::RefreshToken {
            return 1;
        }
        view.rt.map_or(0, |rt| rt.parse().unwrap())
    }

    /// Whether a process has, or will be told, the only living pair.
    fn held_by(&self, process: &Process) -> bool {
        let live = self.platform.live;
        let told = |one: &Pending| matches!(one, Pending::Answered(_, Some(pair)) if *pair == live);
        process.pairs.values().any(|pair| *pair == live) || process.pending.iter().any(told)
    }

    /// Everybody who asked was served.
    pub fn all_served(&self) -> bool {
        let content = |process: &Process| process.wants == 0 && process.waiting == 0;
        self.processes.iter().all(content)
    }
}
