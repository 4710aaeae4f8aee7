//! The process's side: who gets which token, and when a new one is asked for.
//!
//! [`step`] is a pure function of the machine and an event. A machine holds no token, only
//! generations, times and hashes; it asks for one thing at a time of the platform (TM1), writes its
//! intent before it sends (LK6), stores before it hands out (TM3), and never gives up a request
//! that was sent (LK13). What several processes may do to each other is settled in
//! [`record`](super::record).

use serde::{Deserialize, Serialize};

use super::messages::{Action, Answer, Event, How, News, Reason, Rejection, Serving, Step, What};
use super::policy::{self, Grant, Policy};
use super::record::{Barrier, Begun, Cause, Closing, Failure, View};

/// Generations from here on are of one process alone; no store has them (TM16).
const OWN_GENERATIONS: u64 = 1 << 52;

/// A process's knowledge of one token. Opaque: it is made by [`start`] and changed by [`step`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Machine {
    /// By how much this process refreshes earlier or later than others, in thousandths of a life.
    jitter: i64,
    /// The last number that was given to an operation or a flight.
    last: u64,
    waiting: Vec<Waiter>,
    known: Option<Known>,
    seen: Option<Seen>,
    reading: Option<Asked>,
    phase: Phase,
    orders: Vec<Order>,
    gate: Option<Gate>,
    store: Health,
    poll: Option<Poll>,
    /// The refresh endpoint refused what the token endpoint took (TM17).
    token_endpoint: bool,
    /// The generation whose end was announced (TM15).
    buried: Option<u64>,
    /// The gate is closed to what this process is configured with, not only to another's.
    refused: bool,
    /// The store may have given a lease whose answer was lost.
    #[serde(default)]
    unheard: bool,
    /// The generation whose tokens this process has no key to, and nothing to replace them with.
    #[serde(default)]
    locked: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiter {
    caller: u64,
    deadline: u64,
    refused: Option<u64>,
}

/// A token that can be handed out. Its times were reckoned once, when it was first seen (TM6).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    generation: u64,
    expires_at: Option<u64>,
    /// The same by the wall clock.
    #[serde(default)]
    wall_end: Option<u64>,
    /// From here on it is handed out only where no newer one can be had.
    spare_from: Option<u64>,
    refresh_at: Option<u64>,
    /// Until then a 401 forces nothing (TM10).
    floor_until: u64,
    /// A 401 came with it, and no attempt was made since to get another.
    refused: bool,
}

impl Known {
    fn own(&self) -> bool {
        self.generation >= OWN_GENERATIONS
    }
}

/// What the store said last.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    at: u64,
    #[serde(default)]
    wall: Option<u64>,
    generation: u64,
    refreshable: bool,
    leased_until: u64,
    /// An unsettled refresh was announced; where nobody leads it, it is taken over from here on.
    take_over_at: Option<u64>,
    suspect_until: Option<u64>,
    dead: Option<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Asked {
    op: u64,
    at: u64,
    #[serde(default)]
    wall: Option<u64>,
}

/// A time by both clocks.
#[derive(Clone, Copy)]
struct Moment {
    at: u64,
    wall: Option<u64>,
}

impl Asked {
    fn when(self) -> Moment {
        Moment {
            at: self.at,
            wall: self.wall,
        }
    }
}

/// A write that is repeated until the store takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Write {
    /// It is under way.
    asked: Option<Asked>,
    retry_at: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lead {
    fence: u64,
    /// The generation that is refreshed.
    base: u64,
    /// The hash of its refresh token.
    rt: Option<String>,
    how: How,
    /// Nothing is sent from here on.
    until: u64,
    /// The same by the wall clock.
    #[serde(default)]
    wall_until: Option<u64>,
    /// Others may hand out its access token, and must not once it is refreshed.
    quiet: bool,
    /// Another refresh of this generation may have happened without anybody knowing its answer.
    had_intent: bool,
    /// So may this one.
    lost: bool,
    sends: u32,
    first_sent: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pair {
    flight: u64,
    rt: Option<String>,
    life: Option<u64>,
    sent_at: u64,
    #[serde(default)]
    sent_wall: Option<u64>,
}

/// The one refresh that a process has under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Phase {
    #[default]
    Idle,
    Begin {
        asked: Asked,
    },
    Mark {
        op: u64,
        lead: Lead,
    },
    Quiet {
        until: u64,
        lead: Lead,
    },
    Send {
        flight: u64,
        sent_at: u64,
        #[serde(default)]
        sent_wall: Option<u64>,
        /// Then it is taken for lost.
        lost_at: u64,
        /// `None`: it is of this process alone (TM16).
        lead: Option<Lead>,
    },
    Resend {
        at: u64,
        lead: Lead,
    },
    Commit {
        write: Write,
        lead: Lead,
        /// `None`: the configured refresh token is imported.
        pair: Option<Pair>,
    },
    Fail {
        write: Write,
        lead: Lead,
        what: Failure,
    },
}

impl Phase {
    fn lead(&self) -> Option<&Lead> {
        match self {
            Self::Idle | Self::Begin { .. } => None,
            Self::Send { lead, .. } => lead.as_ref(),
            Self::Mark { lead, .. }
            | Self::Quiet { lead, .. }
            | Self::Resend { lead, .. }
            | Self::Commit { lead, .. }
            | Self::Fail { lead, .. } => Some(lead),
        }
    }
}

/// What somebody wants to be stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    caller: u64,
    give_up_at: u64,
    write: Write,
    /// The generation that it is about, once it was tried.
    base: Option<u64>,
    /// It may have been carried out without anybody hearing of it.
    unsure: bool,
    /// New tokens, or the end of the grant.
    wish: Wish,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Wish {
    Store { pair: Pair },
    End { cause: Cause, forget: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Gate {
    until: u64,
    cause: Barrier,
    failures: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    failures: u32,
    retry_at: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Poll {
    at: u64,
    delay: u64,
}

/// What [`start`] takes.
#[derive(Clone, Debug, Deserialize)]
pub struct Start {
    /// At random: sets this process apart from the others.
    pub random: u32,
}

/// What [`advance`] takes.
#[derive(Clone, Debug, Deserialize)]
pub struct Advance {
    /// What the machine goes by; the same at each step.
    pub policy: Policy,
    /// The machine so far.
    pub machine: Machine,
    /// What happened.
    pub event: Event,
}

/// A machine that knows nothing yet.
#[must_use]
pub fn start(start: &Start) -> Machine {
    let spread = 2 * policy::JITTER_PERMILLE + 1;
    let jitter = u64::from(start.random) % spread;
    Machine {
        jitter: jitter.cast_signed() - policy::JITTER_PERMILLE.cast_signed(),
        ..Machine::default()
    }
}

/// [`step`] with all of its arguments in one.
#[must_use]
pub fn advance(input: Advance) -> Step {
    step(&input.policy, input.machine, input.event)
}

/// What comes of an event.
#[must_use]
pub fn step(policy: &Policy, machine: Machine, event: Event) -> Step {
    let mut run = Run {
        policy,
        now: event.now_ms,
        wall: event.wall_ms,
        // Xorshift stays at zero if it starts there.
        dice: event.random | 1,
        machine,
        actions: Vec::new(),
    };
    run.handle(event.what);
    run.catch_up();
    run.settle();
    run.finish()
}

struct Run<'a> {
    policy: &'a Policy,
    now: u64,
    wall: Option<u64>,
    dice: u32,
    machine: Machine,
    actions: Vec<Action>,
}

impl Run<'_> {
    // What happened.

    fn handle(&mut self, what: What) {
        match what {
            What::Want {
                caller,
                deadline_ms,
                refused,
            } => self.machine.waiting.push(Waiter {
                caller,
                deadline: deadline_ms,
                refused,
            }),
            What::Cancel { caller } => self.machine.waiting.retain(|one| one.caller != caller),
            What::Wake => {}
            What::Read { op, view } => {
                let asked = self.machine.reading.filter(|asked| asked.op == op);
                if let Some(asked) = asked {
                    self.written(&view);
                    self.absorb(&view, asked.when());
                }
            }
            What::Begun { op, begun } => self.begun(op, begun),
            What::Marked { op, marked } => self.marked(op, marked),
            What::Committed { op, accepted, view } => self.committed(op, accepted, &view),
            What::Failed { op, view } => self.failed(op, &view),
            What::Ended { op, accepted, view } => self.ended(op, accepted, &view),
            What::StoreFailed { op } => self.store_failed(op),
            What::Answered { flight, answer } => self.answered(flight, answer),
            What::Granted {
                caller,
                flight,
                rt,
                life_ms,
                sent_ms,
                sent_wall_ms,
            } => self.order(
                caller,
                Wish::Store {
                    pair: Pair {
                        flight,
                        rt,
                        life: life_ms.filter(|life| *life > 0),
                        sent_at: sent_ms,
                        sent_wall: sent_wall_ms,
                    },
                },
            ),
            What::End {
                caller,
                cause,
                forget,
            } => self.order(caller, Wish::End { cause, forget }),
        }
    }

    fn begun(&mut self, op: u64, begun: Begun) {
        let Phase::Begin { asked } = self.machine.phase else {
            return;
        };
        if asked.op != op {
            return;
        }
        self.machine.phase = Phase::Idle;
        self.machine.unheard = false;
        let when = asked.when();
        match begun {
            Begun::Fresh { view } | Begun::Wait { view } => {
                self.written(&view);
                self.absorb(&view, when);
            }
            Begun::Gate { view } => {
                self.written(&view);
                self.absorb(&view, when);
                // A gate of another kind says nothing of what is configured.
                self.machine.refused = self.closed().is_some_and(of_configuration);
            }
            Begun::Dead { view } => {
                self.written(&view);
                self.absorb(&view, when);
                if let Some(cause) = view.dead {
                    self.announce(cause.into(), view.generation);
                }
            }
            Begun::Lead {
                fence,
                had_intent_ms,
                changed,
                view,
            } => {
                self.written(&view);
                self.absorb(&view, when);
                if let Some(seen) = &mut self.machine.seen {
                    // It is one's own.
                    seen.leased_until = 0;
                }
                self.lead(fence, had_intent_ms.is_some(), changed, view, when);
            }
        }
    }

    fn lead(&mut self, fence: u64, had_intent: bool, changed: bool, view: View, begun: Moment) {
        let policy = self.policy;
        let refreshable = view.rt.is_some() && view.dead.is_none();
        let live = view.token && view.expires_in_ms != Some(0);
        let lasts = |at: u64| {
            let sending = policy.lease_ms.saturating_sub(policy.margin_ms());
            at.saturating_add(sending)
        };
        let lead = Lead {
            fence,
            base: view.generation,
            rt: view.rt.clone(),
            how: match (refreshable, self.machine.token_endpoint) {
                (false, _) => How::Grant,
                (true, false) => How::Refresh,
                (true, true) => How::RefreshAtTokenEndpoint,
            },
            until: lasts(begun.at),
            wall_until: begun.wall.map(lasts),
            quiet: policy.old_access_token_dies && refreshable && live,
            had_intent,
            lost: false,
            sends: 0,
            first_sent: 0,
        };
        if self.postponed() {
            return self.fail(
                lead,
                Failure::Release {
                    sent: false,
                    gate: None,
                },
            );
        }
        if !refreshable && policy.grant == Grant::AuthorizationCode {
            // It went since it was read: there is nothing to ask with.
            let (sent, gate) = (false, None);
            return self.fail(lead, Failure::Release { sent, gate });
        }
        let unusable = !refreshable || view.locked && changed;
        if unusable && policy.grant == Grant::RefreshToken {
            return self.commit(lead, None);
        }
        if view.locked && refreshable {
            self.shut_out(&view);
            let (sent, gate) = (false, None);
            return self.fail(lead, Failure::Release { sent, gate });
        }
        let op = self.number();
        self.actions.push(Action::Mark { op, fence });
        self.machine.phase = Phase::Mark { op, lead };
    }

    fn marked(&mut self, op: u64, marked: bool) {
        match std::mem::take(&mut self.machine.phase) {
            Phase::Mark { op: own, lead } if own == op => {
                self.machine.reading = None;
                self.store_answered();
                if !marked {
                    // Somebody else leads by now: nothing is known until it is read.
                    self.machine.seen = None;
                } else if lead.quiet {
                    let wait = self.policy.read_cache_ms + policy::QUIET_EXTRA_MS;
                    let until = self.now.saturating_add(wait);
                    self.machine.phase = Phase::Quiet { until, lead };
                } else {
                    self.send(lead);
                }
            }
            other => self.machine.phase = other,
        }
    }

    fn committed(&mut self, op: u64, accepted: bool, view: &View) {
        let ours = |write: &Write| write.asked.filter(|asked| asked.op == op);
        match std::mem::take(&mut self.machine.phase) {
            Phase::Commit { write, pair, .. } if ours(&write).is_some() => {
                self.written(view);
                if let (true, Some(pair)) = (accepted, &pair) {
                    self.stored(pair, view.generation);
                }
                if let Some(Pair { flight, rt, .. }) = pair {
                    // Nothing follows a grant that was ended; what is stored since, nobody harms.
                    let ended = !view.token && view.rt.is_none();
                    self.actions.push(if !accepted && ended && rt.is_some() {
                        Action::Revoke { flight }
                    } else {
                        Action::Drop { flight }
                    });
                }
                let when = ours(&write).map_or(self.moment(), Asked::when);
                self.absorb(view, when);
                return;
            }
            other => self.machine.phase = other,
        }
        let Some(order) = self.first_order(op) else {
            return;
        };
        self.written(view);
        let when = ours(&order.write).map_or(self.moment(), Asked::when);
        if let Wish::Store { pair } = &order.wish {
            // It may have been stored before, and the store's answer lost.
            let ours = pair.rt.is_some() && pair.rt == view.rt;
            if accepted || ours {
                self.stored(pair, view.generation);
                let flight = pair.flight;
                self.actions.push(Action::Drop { flight });
                self.absorb(view, when);
                return self.resolve(order.caller);
            }
        }
        self.absorb(view, when);
        self.again_or_not(order);
    }

    fn failed(&mut self, op: u64, view: &View) {
        match std::mem::take(&mut self.machine.phase) {
            Phase::Fail {
                write: Write {
                    asked: Some(asked), ..
                },
                ..
            } if asked.op == op => {
                self.written(view);
                self.absorb(view, asked.when());
            }
            other => self.machine.phase = other,
        }
    }

    fn ended(&mut self, op: u64, accepted: bool, view: &View) {
        let Some(order) = self.first_order(op) else {
            return;
        };
        self.written(view);
        let when = order.write.asked.map_or(self.moment(), Asked::when);
        self.absorb(view, when);
        if accepted || !view.token {
            self.machine.known = None;
            return self.resolve(order.caller);
        }
        self.again_or_not(order);
    }

    /// An order is about the record as it was seen. If that has changed, it is given anew; unless it
    /// may have been carried out before, since then what came after it must not be undone.
    fn again_or_not(&mut self, order: Order) {
        if order.unsure {
            return self.refuse(order);
        }
        let order = Order {
            write: Write::default(),
            base: None,
            ..order
        };
        self.machine.orders.insert(0, order);
    }

    fn refuse(&mut self, order: Order) {
        if let Wish::Store { pair } = order.wish {
            let flight = pair.flight;
            self.actions.push(Action::Drop { flight });
        }
        self.reject(vec![order.caller], Rejection::StoreUnavailable, None);
    }

    fn resolve(&mut self, caller: u64) {
        let callers = vec![caller];
        self.actions.push(Action::Resolve { callers });
    }

    fn store_failed(&mut self, op: u64) {
        let ours = |write: &Write| write.asked.is_some_and(|asked| asked.op == op);
        if self.machine.reading.is_some_and(|asked| asked.op == op) {
            self.machine.reading = None;
            return self.store_down();
        }
        match std::mem::take(&mut self.machine.phase) {
            Phase::Begin { asked } if asked.op == op => {
                self.machine.unheard = true;
                self.store_down();
            }
            Phase::Mark { op: own, lead } if own == op => {
                self.store_down();
                if self.policy.grant.renews_itself() {
                    // TM16: nobody waits for the store; what may have been written ends by itself.
                    return;
                }
                // It may have been written all the same, but nothing was sent.
                self.retry_fail(
                    lead,
                    Failure::Release {
                        sent: false,
                        gate: None,
                    },
                );
            }
            Phase::Commit { write, lead, pair } if ours(&write) => {
                self.store_down();
                match pair {
                    // Nobody loses anything if another process gets one too (TM16).
                    Some(pair) if self.policy.grant.renews_itself() && pair.rt.is_none() => {
                        self.adopt(&pair);
                    }
                    pair => {
                        let write = self.retry();
                        self.machine.phase = Phase::Commit { write, lead, pair };
                    }
                }
            }
            Phase::Fail { write, lead, what } if ours(&write) => {
                self.store_down();
                self.retry_fail(lead, what);
            }
            other => {
                self.machine.phase = other;
                self.order_failed(op);
            }
        }
    }

    fn answered(&mut self, flight: u64, answer: Answer) {
        let (sent_at, sent_wall, lead) = match std::mem::take(&mut self.machine.phase) {
            Phase::Send {
                flight: own,
                sent_at,
                sent_wall,
                lead,
                ..
            } if own == flight => (sent_at, sent_wall, lead),
            other => {
                self.machine.phase = other;
                // It was given up; what it brings is of no use to anybody.
                return self.actions.push(Action::Drop { flight });
            }
        };
        let how = lead.as_ref().map_or(How::Grant, |lead| lead.how);
        match (answer, lead) {
            (Answer::Tokens { rt, life_ms }, lead) => {
                self.machine.token_endpoint |= how == How::RefreshAtTokenEndpoint;
                let pair = Pair {
                    flight,
                    rt,
                    life: life_ms.filter(|life| *life > 0),
                    sent_at,
                    sent_wall,
                };
                match lead {
                    Some(lead) => self.commit(lead, Some(pair)),
                    None => self.adopt(&pair),
                }
            }
            (Answer::RateLimited { retry_after_ms }, lead) => {
                let for_ms = match retry_after_ms {
                    Some(wait) => wait.clamp(policy::GATE_LEAST_MS, policy::RETRY_AFTER_LAST_MS),
                    None => self.back_off(
                        Barrier::RateLimited,
                        policy::LIMITED_FIRST_MS,
                        policy::LIMITED_LAST_MS,
                    ),
                };
                self.bar(Barrier::RateLimited, for_ms, lead);
            }
            (Answer::Refused { credentials: false }, Some(mut lead))
                if how == How::Refresh && self.policy.refresh_fallback =>
            {
                lead.how = How::RefreshAtTokenEndpoint;
                self.send(lead);
            }
            (Answer::InvalidGrant, Some(mut lead)) if how != How::Grant => {
                if self.policy.grant.renews_itself() {
                    lead.how = How::Grant;
                    return self.send(lead);
                }
                let cause = if lead.lost || lead.had_intent {
                    Cause::RotationLost
                } else {
                    Cause::Refused
                };
                self.fail(lead, Failure::Suspect { cause });
            }
            (Answer::InvalidGrant, Some(lead)) => {
                let cause = Cause::Refused;
                self.fail(lead, Failure::Dead { cause });
            }
            (Answer::Refused { .. } | Answer::InvalidGrant, lead) => {
                let failures = self.failures(Barrier::Configuration);
                let for_ms = doubled(policy::LIMITED_FIRST_MS, failures, policy::LIMITED_LAST_MS);
                self.bar(Barrier::Configuration, for_ms, lead);
                self.machine.refused = true;
            }
            (Answer::Unavailable { sent }, lead) => self.unanswered(sent, lead),
        }
    }

    /// TM13 and §2.2 step 9: sent again while that can only help, then not for a while.
    fn unanswered(&mut self, sent: bool, lead: Option<Lead>) {
        let lead = lead.map(|lead| Lead {
            lost: lead.lost || sent,
            ..lead
        });
        if let Some(lead) = &lead
            && let Some(at) = self.resend_at(lead)
        {
            let lead = lead.clone();
            self.machine.phase = Phase::Resend { at, lead };
            return;
        }
        let spare_from = self.machine.known.as_ref().and_then(|one| one.spare_from);
        let for_ms = match spare_from {
            Some(at) if self.comfortable() => {
                let (least, most) = policy::DOWN_VALID_MS;
                // Callers must not find the gate closed when they need the next token.
                self.between(least, most)
                    .min(at.saturating_sub(self.now))
                    .max(policy::GATE_LEAST_MS)
            }
            _ => self.back_off(
                Barrier::Unavailable,
                policy::DOWN_FIRST_MS,
                policy::DOWN_LAST_MS,
            ),
        };
        self.bar(Barrier::Unavailable, for_ms, lead);
    }

    fn resend_at(&self, lead: &Lead) -> Option<u64> {
        let at = match self.policy.refresh_reuse_ms {
            None if lead.sends == 1 && self.failures(Barrier::Unavailable) == 0 => {
                self.now.saturating_add(policy::RESEND_ONCE_MS)
            }
            None => return None,
            Some(reuse) => {
                let nth = usize::try_from(lead.sends.saturating_sub(1)).ok()?;
                let after = policy::RESEND_REUSE_MS.get(nth).filter(|at| **at < reuse)?;
                lead.first_sent.saturating_add(*after).max(self.now)
            }
        };
        (at < lead.until).then_some(at)
    }

    // What is done.

    fn number(&mut self) -> u64 {
        self.machine.last += 1;
        self.machine.last
    }

    fn read(&mut self) {
        if self.machine.reading.is_none() {
            let op = self.number();
            self.machine.reading = Some(self.asked(op));
            self.actions.push(Action::Read { op });
        }
    }

    fn begin(&mut self) {
        let op = self.number();
        let asked = self.asked(op);
        self.machine.phase = Phase::Begin { asked };
        self.actions.push(Action::Begin {
            op,
            seen: self.machine.seen.as_ref().map_or(0, |seen| seen.generation),
            lease_ms: self.policy.lease_ms,
        });
    }

    /// Sends, unless the lease may be over before it arrives (step 6).
    fn send(&mut self, lead: Lead) {
        let asleep = lead
            .wall_until
            .zip(self.wall)
            .is_some_and(|(until, wall)| wall >= until);
        if self.now >= lead.until || asleep {
            let sent = lead.lost;
            return self.fail(lead, Failure::Release { sent, gate: None });
        }
        let flight = self.number();
        self.actions.push(Action::Send {
            flight,
            how: lead.how,
            generation: lead.base,
        });
        self.machine.phase = Phase::Send {
            flight,
            sent_at: self.now,
            sent_wall: self.wall,
            lost_at: self.now.saturating_add(policy::ANSWER_CAP_MS),
            lead: Some(Lead {
                sends: lead.sends + 1,
                first_sent: match lead.sends {
                    0 => self.now,
                    _ => lead.first_sent,
                },
                ..lead
            }),
        };
    }

    /// TM16: the store is down, and a token can be had without it.
    fn send_alone(&mut self) {
        let flight = self.number();
        self.actions.push(Action::Send {
            flight,
            how: How::Grant,
            generation: 0,
        });
        self.machine.phase = Phase::Send {
            flight,
            sent_at: self.now,
            sent_wall: self.wall,
            lost_at: self.now.saturating_add(policy::ANSWER_CAP_MS),
            lead: None,
        };
    }

    fn adopt(&mut self, pair: &Pair) {
        let generation = OWN_GENERATIONS + pair.flight;
        self.actions.push(Action::Adopt {
            flight: pair.flight,
            generation,
        });
        self.machine.known = Some(self.reckon(pair, generation));
    }

    fn commit(&mut self, lead: Lead, pair: Option<Pair>) {
        let op = self.number();
        let commit = match &pair {
            Some(pair) => self.commit_action(op, pair, false, lead.base, lead.rt.clone()),
            None => Action::Commit {
                op,
                flight: 0,
                grant: false,
                import: true,
                base: lead.base,
                consumed: lead.rt.clone(),
                rt: None,
                life_ms: Some(0),
                refresh_in_ms: Some(0),
                keep_ms: self.policy.keep_for_ms,
            },
        };
        self.actions.push(commit);
        let write = self.under_way(op);
        self.machine.phase = Phase::Commit { write, lead, pair };
    }

    fn commit_action(
        &self,
        op: u64,
        pair: &Pair,
        grant: bool,
        base: u64,
        consumed: Option<String>,
    ) -> Action {
        let slept = self.wall.zip(pair.sent_wall);
        let slept = slept.map_or(0, |(wall, sent)| wall.saturating_sub(sent));
        let past = self.now.saturating_sub(pair.sent_at).max(slept);
        let left = |whole: u64| whole.saturating_sub(past);
        Action::Commit {
            op,
            flight: pair.flight,
            grant,
            import: false,
            base,
            consumed,
            rt: pair.rt.clone(),
            life_ms: pair.life.map(left),
            refresh_in_ms: pair.life.map(|life| left(self.refresh_after(life))),
            // Of a life that is not known nobody can tell when it is over.
            keep_ms: pair.life.and_then(|life| {
                let keep_for = self.policy.keep_for_ms?;
                Some(left(life).saturating_add(keep_for))
            }),
        }
    }

    fn fail(&mut self, lead: Lead, what: Failure) {
        let op = self.number();
        self.actions.push(Action::Fail {
            op,
            fence: lead.fence,
            what: what.clone(),
        });
        let write = self.under_way(op);
        self.machine.phase = Phase::Fail { write, lead, what };
    }

    /// The store did not take it. After the lease nobody needs to know any more.
    fn retry_fail(&mut self, lead: Lead, what: Failure) {
        let write = self.retry();
        if write.retry_at < lead.until {
            self.machine.phase = Phase::Fail { write, lead, what };
        } else {
            self.machine.seen = None;
        }
    }

    /// Nobody asks the platform for a while.
    fn bar(&mut self, cause: Barrier, for_ms: u64, lead: Option<Lead>) {
        self.machine.gate = Some(Gate {
            until: self.now.saturating_add(for_ms),
            cause,
            failures: self.failures(cause).saturating_add(1),
        });
        let event = News::Gated { cause, for_ms };
        self.actions.push(Action::Emit { event });
        if let Some(lead) = lead {
            let failure = Failure::Release {
                sent: lead.lost,
                gate: Some(Closing { cause, for_ms }),
            };
            self.fail(lead, failure);
        }
    }

    fn order(&mut self, caller: u64, wish: Wish) {
        self.machine.orders.push(Order {
            caller,
            give_up_at: self.now.saturating_add(self.policy.timeout_ms),
            write: Write::default(),
            base: None,
            unsure: false,
            wish,
        });
    }

    /// Takes the first order, if `op` is its.
    fn first_order(&mut self, op: u64) -> Option<Order> {
        let order = self.machine.orders.first()?;
        let ours = order.write.asked.is_some_and(|asked| asked.op == op);
        ours.then(|| self.machine.orders.remove(0))
    }

    fn order_failed(&mut self, op: u64) {
        let Some(order) = self.first_order(op) else {
            return;
        };
        self.store_down();
        if self.now < order.give_up_at {
            let order = Order {
                write: self.retry(),
                unsure: true,
                ..order
            };
            return self.machine.orders.insert(0, order);
        }
        self.refuse(order);
    }

    /// Carries out the first order; those after it wait.
    fn run_orders(&mut self) {
        let Some(order) = self.machine.orders.first().cloned() else {
            return;
        };
        if order.write.asked.is_some() || self.now < order.write.retry_at {
            return;
        }
        let op = self.number();
        let seen = self.machine.seen.as_ref();
        let known = self.machine.locked.or(seen.map(|seen| seen.generation));
        let base = order.base.or(known).unwrap_or_default();
        let action = match order.wish {
            Wish::Store { pair } => self.commit_action(op, &pair, true, base, None),
            Wish::End { cause, forget } => Action::End {
                op,
                base,
                cause,
                reusable: self.policy.grant.renews_itself(),
                keep_ms: forget.then_some(policy::FORGOTTEN_MS),
            },
        };
        self.actions.push(action);
        let write = self.under_way(op);
        if let Some(order) = self.machine.orders.first_mut() {
            order.write = write;
            order.base = Some(base);
        }
    }

    fn under_way(&self, op: u64) -> Write {
        Write {
            asked: Some(self.asked(op)),
            retry_at: 0,
        }
    }

    fn retry(&self) -> Write {
        Write {
            asked: None,
            retry_at: self.machine.store.retry_at,
        }
    }

    // What is known.

    fn moment(&self) -> Moment {
        Moment {
            at: self.now,
            wall: self.wall,
        }
    }

    fn asked(&self, op: u64) -> Asked {
        let Moment { at, wall } = self.moment();
        Asked { op, at, wall }
    }

    /// The store did something: what it was asked before that is out of date.
    fn written(&mut self, view: &View) {
        self.machine.reading = None;
        if !self.shut(view) {
            self.store_answered();
        }
    }

    /// There are tokens that only another process, or another key, can open. Who has a refresh token
    /// of its own to put in their place tries that once.
    fn shut(&self, view: &View) -> bool {
        let tried = self.machine.locked == Some(view.generation);
        view.locked && view.dead.is_none() && (tried || self.policy.grant != Grant::RefreshToken)
    }

    /// As if the store were down, but that it is known what a new sign-in replaces.
    fn shut_out(&mut self, view: &View) {
        let dies = self.policy.old_access_token_dies;
        let dead = |one: &Known| dies && !one.own() && one.generation < view.generation;
        // What replaced it cannot be read, but is there: it is dead all the same (LK7).
        if self.machine.known.as_ref().is_some_and(dead) {
            self.machine.known = None;
        }
        self.machine.locked = Some(view.generation);
        self.store_down();
    }

    /// Time passed that this process's clock did not count: its token is older than it seems (TM6).
    fn catch_up(&mut self) {
        let (Some(wall), Some(known)) = (self.wall, &mut self.machine.known) else {
            return;
        };
        let Some((wall_end, expires_at)) = known.wall_end.zip(known.expires_at) else {
            return;
        };
        let left = wall_end.saturating_sub(wall);
        let slept = expires_at.saturating_sub(self.now.saturating_add(left));
        if slept > 0 {
            let earlier = |at: u64| at.saturating_sub(slept);
            known.expires_at = Some(earlier(expires_at));
            known.spare_from = known.spare_from.map(earlier);
            known.refresh_at = known.refresh_at.map(earlier);
        }
    }

    fn store_answered(&mut self) {
        if self.machine.store.failures > 0 {
            let event = News::StoreRecovered;
            self.actions.push(Action::Emit { event });
        }
        self.machine.store = Health::default();
    }

    fn store_down(&mut self) {
        if self.machine.store.failures == 0 {
            let event = News::StoreUnavailable;
            self.actions.push(Action::Emit { event });
        }
        let failures = self.machine.store.failures;
        let most = doubled(policy::STORE_FIRST_MS, failures, policy::STORE_LAST_MS);
        let wait = self.between(most / 2, most);
        self.machine.store = Health {
            failures: failures.saturating_add(1),
            retry_at: self.now.saturating_add(wait),
        };
    }

    /// Takes in what the store said when it was asked.
    fn absorb(&mut self, view: &View, when: Moment) {
        if self.shut(view) {
            return self.shut_out(view);
        }
        if !view.locked {
            self.machine.locked = None;
        }
        let Moment { at, wall } = when;
        let policy = self.policy;
        // Where old tokens die, a process that was stopped since must ask again (LK7).
        let fresh_from = if policy.old_access_token_dies {
            at
        } else {
            self.now
        };
        let take_over_at = view.intent_age_ms.map(|age| {
            let wait = match (policy.refresh_reuse_ms, view.expires_in_ms) {
                (Some(_), _) => 0,
                (None, Some(left)) => policy::TAKE_OVER_CAP_MS.min(left / 4),
                (None, None) => policy::TAKE_OVER_CAP_MS,
            };
            at.saturating_add(wait.saturating_sub(age))
        });
        self.machine.seen = Some(Seen {
            at: fresh_from,
            wall,
            generation: view.generation,
            refreshable: view.rt.is_some(),
            leased_until: match view.lease_for_ms {
                left if left > 0 && !self.machine.unheard => self.now.saturating_add(left),
                // Who asks again for a lease of its own is told whether it was.
                _ => 0,
            },
            take_over_at,
            suspect_until: view
                .suspect
                .map(|suspect| self.now.saturating_add(suspect.for_ms)),
            dead: view.dead,
        });
        self.machine.gate = view.gate.map(|gate| Gate {
            until: self.now.saturating_add(gate.for_ms),
            cause: gate.cause,
            failures: gate.failures,
        });
        self.machine.refused &= self.closed().is_some_and(of_configuration);
        let usable = view.token
            && !view.locked
            && view.expires_in_ms != Some(0)
            && view.dead != Some(Cause::Revoked);
        let keep =
            self.machine.known.as_ref().is_some_and(|known| {
                known.generation == view.generation || (known.own() && !usable)
            });
        if !keep {
            self.machine.known = usable.then(|| self.recall(view, when));
        }
        if let (Some(cause), Grant::AuthorizationCode) = (view.dead, policy.grant) {
            self.announce(cause.into(), view.generation);
        }
    }

    /// A token that another process got.
    fn recall(&self, view: &View, Moment { at, wall }: Moment) -> Known {
        let later = |(wall, left): (u64, u64)| wall.saturating_add(left);
        let expires_at = view.expires_in_ms.map(|left| at.saturating_add(left));
        let spare_from = spare_from(expires_at, view.life_ms, self.policy);
        let refresh_at = view.refresh_in_ms.map(|left| match left {
            0 => at,
            left => self.apart(at.saturating_add(left), view.life_ms, spare_from),
        });
        Known {
            generation: view.generation,
            expires_at,
            wall_end: wall.zip(view.expires_in_ms).map(later),
            spare_from,
            refresh_at,
            floor_until: at
                .saturating_add(self.policy.forced_floor_ms)
                .saturating_sub(view.age_ms),
            refused: false,
        }
    }

    /// A token that this process got: its life counts from before it was asked for (TM6).
    fn reckon(&self, pair: &Pair, generation: u64) -> Known {
        let expires_at = pair.life.map(|life| pair.sent_at.saturating_add(life));
        let spare_from = spare_from(expires_at, pair.life, self.policy);
        let refresh_at = pair.life.map(|life| {
            let at = pair.sent_at.saturating_add(self.refresh_after(life));
            self.apart(at, pair.life, spare_from)
        });
        let later = |(wall, life): (u64, u64)| wall.saturating_add(life);
        Known {
            generation,
            expires_at,
            wall_end: pair.sent_wall.zip(pair.life).map(later),
            spare_from,
            refresh_at,
            floor_until: self.now.saturating_add(self.policy.forced_floor_ms),
            refused: false,
        }
    }

    fn stored(&mut self, pair: &Pair, generation: u64) {
        self.machine.known = Some(self.reckon(pair, generation));
        let event = News::Refreshed { generation };
        self.actions.push(Action::Emit { event });
    }

    /// TM5, TM8.
    fn refresh_after(&self, life: u64) -> u64 {
        let skew = self.policy.skew_ms;
        if life < skew.saturating_mul(2) {
            return life / 2;
        }
        let share = self.policy.refresh_at_permille;
        // In this order so that no life overflows.
        (life / 1_000 * share + life % 1_000 * share / 1_000).min(life - skew)
    }

    /// Sets this process's refresh apart from the others'.
    fn apart(&self, at: u64, life: Option<u64>, latest: Option<u64>) -> u64 {
        let share = life.unwrap_or_default() / 1_000;
        let shift = share.saturating_mul(self.machine.jitter.unsigned_abs());
        let moved = if self.machine.jitter < 0 {
            at.saturating_sub(shift)
        } else {
            at.saturating_add(shift)
        };
        moved.min(latest.unwrap_or(u64::MAX))
    }

    fn announce(&mut self, reason: Reason, generation: u64) {
        if self.machine.buried != Some(generation) {
            self.machine.buried = Some(generation);
            let event = News::ReauthorizationRequired { reason, generation };
            self.actions.push(Action::Emit { event });
        }
    }

    // What follows from it.

    /// The store was asked lately.
    fn informed(&self) -> bool {
        let lasts = |at: u64| at.saturating_add(self.policy.read_cache_ms);
        let awake = |seen: &Seen| {
            let clocks = self.wall.zip(seen.wall);
            clocks.is_none_or(|(wall, at)| wall < lasts(at))
        };
        let lately = |seen: &Seen| self.now < lasts(seen.at) && awake(seen);
        self.machine.seen.as_ref().is_some_and(lately)
    }

    /// The store failed, and is not asked again yet.
    fn down(&self) -> bool {
        self.machine.store.failures > 0 && self.now < self.machine.store.retry_at
    }

    fn failures(&self, cause: Barrier) -> u32 {
        let gate = self.machine.gate.filter(|gate| gate.cause == cause);
        gate.map_or(0, |gate| gate.failures)
    }

    fn closed(&self) -> Option<Gate> {
        self.machine.gate.filter(|gate| self.now < gate.until)
    }

    /// The known access token may die, or be dead, by a refresh (LK7).
    fn contested(&self, known: &Known) -> bool {
        if !self.policy.old_access_token_dies || known.own() {
            return false;
        }
        let unsettled = |seen: &Seen| {
            let unclear = seen.take_over_at.is_some() || seen.suspect_until.is_some();
            seen.generation == known.generation
                && (seen.dead.is_some() || seen.refreshable && unclear)
        };
        let lead = self.machine.phase.lead();
        self.machine.seen.as_ref().is_some_and(unsettled)
            || lead.is_some_and(|lead| lead.quiet && lead.base == known.generation)
    }

    /// The known token, while it is better than none.
    fn spare(&self) -> Option<&Known> {
        let known = self.machine.known.as_ref()?;
        let dead = |seen: &Seen| seen.dead.is_some();
        let refused = known.refused && self.machine.seen.as_ref().is_some_and(dead);
        let unsure = self.policy.old_access_token_dies
            && !known.own()
            && !self.informed()
            && self.machine.store.failures == 0;
        let over = known.expires_at.is_some_and(|at| self.now >= at);
        (!over && !refused && !unsure && !self.contested(known)).then_some(known)
    }

    /// The known token is as good as any.
    fn comfortable(&self) -> bool {
        self.spare()
            .is_some_and(|known| !known.refused && known.spare_from.is_none_or(|at| self.now < at))
    }

    /// An unsettled refresh is left alone for now, since its token is still good (step 10).
    fn postponed(&self) -> bool {
        let take_over_at = self
            .machine
            .seen
            .as_ref()
            .and_then(|seen| seen.take_over_at);
        self.comfortable() && take_over_at.is_some_and(|at| self.now < at)
    }

    /// When, with nobody asking, something is to be done next; `None`: never.
    fn due_at(&self) -> Option<u64> {
        if !matches!(self.machine.phase, Phase::Idle) {
            return None;
        }
        let seen = self.machine.seen.as_ref();
        let retry_at = self.machine.store.retry_at;
        if let Some(until) = seen.and_then(|seen| seen.suspect_until) {
            return Some(until.max(retry_at));
        }
        let alone = self.policy.grant != Grant::AuthorizationCode;
        if let Some(generation) = seen.and_then(|seen| seen.dead.map(|_| seen.generation)) {
            // What is configured may be another than what died.
            let untried = alone && self.machine.buried != Some(generation);
            return untried.then_some(retry_at);
        }
        let known = self.machine.known.as_ref()?;
        let refresh_at = if known.own() { 0 } else { known.refresh_at? };
        if !(alone || seen.is_some_and(|seen| seen.refreshable)) {
            return None;
        }
        let others = seen.map_or(0, |seen| {
            seen.leased_until.max(seen.take_over_at.unwrap_or_default())
        });
        let gate = self.machine.gate.map_or(0, |gate| gate.until);
        Some(refresh_at.max(others).max(gate).max(retry_at))
    }

    fn due(&self) -> bool {
        self.due_at().is_some_and(|at| self.now >= at)
    }

    // What is decided.

    fn settle(&mut self) {
        self.run_timers();
        self.run_orders();
        self.decide();
        self.expire();
        if self.machine.waiting.is_empty() {
            self.machine.poll = None;
        }
    }

    fn run_timers(&mut self) {
        match std::mem::take(&mut self.machine.phase) {
            Phase::Quiet { until, lead } if self.now >= until => self.send(lead),
            Phase::Resend { at, lead } if self.now >= at => self.send(lead),
            Phase::Send {
                flight,
                sent_at,
                sent_wall,
                lost_at,
                lead,
            } if self.now >= lost_at => {
                let late = policy::WOKEN_LATE_MS;
                if self.now < lost_at.saturating_add(late) {
                    self.actions.push(Action::Drop { flight });
                    return self.unanswered(true, lead);
                }
                // The process was stopped; what came meanwhile is read only now.
                self.machine.phase = Phase::Send {
                    flight,
                    sent_at,
                    sent_wall,
                    lost_at: self.now.saturating_add(late),
                    lead,
                };
            }
            Phase::Commit { write, lead, pair } if self.again(&write) => self.commit(lead, pair),
            Phase::Fail { write, lead, what } if self.again(&write) => self.fail(lead, what),
            other => self.machine.phase = other,
        }
    }

    fn again(&self, write: &Write) -> bool {
        write.asked.is_none() && self.now >= write.retry_at
    }

    fn decide(&mut self) {
        if self.machine.waiting.is_empty() && !self.due() {
            return;
        }
        if !self.informed() && !self.down() {
            self.read();
            // A store that failed before may keep nobody waiting again.
            if !(self.machine.store.failures > 0 && self.comfortable()) {
                return;
            }
        }
        self.note_refusals();
        if self.comfortable() {
            self.serve();
        }
        if !self.machine.waiting.is_empty() || self.due() {
            self.renew();
        }
    }

    /// TM9, TM10: a 401 with the newest generation forces a refresh, but not one after another.
    fn note_refusals(&mut self) {
        let now = self.now;
        let waiting = &self.machine.waiting;
        if let Some(known) = &mut self.machine.known {
            let refused = |one: &Waiter| one.refused == Some(known.generation);
            known.refused |= now >= known.floor_until && waiting.iter().any(refused);
        }
    }

    /// Somebody needs a newer token than the known one, or it is time for one.
    fn renew(&mut self) {
        match self.machine.phase {
            Phase::Idle => {}
            Phase::Commit { .. } | Phase::Fail { .. } if self.machine.store.failures > 0 => {
                return self.give_up(Rejection::StoreUnavailable);
            }
            // The lease is over, the answer is not there: another may have been faster.
            Phase::Send {
                lead: Some(ref lead),
                ..
            } if self.now >= lead.until => {
                return self.look_again();
            }
            _ => return,
        }
        // What was refused may be another configuration than this process's.
        let untried = |gate: &Gate| of_configuration(*gate) && !self.machine.refused;
        if let Some(gate) = self.closed().filter(|gate| !untried(gate)) {
            return self.wait_for(gate);
        }
        if self.down() {
            let alone = self.policy.grant.renews_itself() && self.spare().is_none();
            if alone && !self.machine.waiting.is_empty() {
                return self.send_alone();
            }
            return self.give_up(Rejection::StoreUnavailable);
        }
        let Some(seen) = &self.machine.seen else {
            return;
        };
        if let Some(reason) = self.over(seen) {
            let generation = seen.generation;
            self.announce(reason, generation);
            return self.end(reason);
        }
        let suspect = seen.suspect_until.is_some_and(|until| self.now < until);
        if suspect || self.now < seen.leased_until {
            if suspect && self.spare().is_some() {
                self.serve();
            }
            return self.look_again();
        }
        if self.postponed() {
            return;
        }
        self.begin();
    }

    /// Why no process can get a token any more.
    fn over(&self, seen: &Seen) -> Option<Reason> {
        let alone = self.policy.grant != Grant::AuthorizationCode;
        match seen.dead {
            Some(cause) if !alone || self.machine.buried == Some(seen.generation) => {
                Some(cause.into())
            }
            None if !alone && !seen.refreshable && seen.generation == 0 => {
                Some(Reason::NeverSignedIn)
            }
            None if !alone && !seen.refreshable => Some(Reason::Expired),
            _ => None,
        }
    }

    /// Others refresh: asks how far they are, ever more seldom (step 3).
    fn look_again(&mut self) {
        if self.machine.waiting.is_empty() {
            return;
        }
        let poll = match self.machine.poll {
            Some(poll) if self.now < poll.at => return,
            Some(poll) => {
                self.read();
                (poll.delay * 3 / 2).min(policy::POLL_LAST_MS)
            }
            None => policy::POLL_FIRST_MS,
        };
        let wait = self.between(poll * 4 / 5, poll * 6 / 5);
        self.machine.poll = Some(Poll {
            at: self.now.saturating_add(wait),
            delay: poll,
        });
    }

    /// TM12, TM13: who has a valid token gets it, who can wait waits.
    fn wait_for(&mut self, gate: Gate) {
        self.attempted();
        if self.spare().is_some() {
            return self.serve();
        }
        let code = match gate.cause {
            Barrier::RateLimited => Rejection::RateLimited,
            Barrier::Unavailable => Rejection::ServerError,
            Barrier::Configuration => Rejection::ConfigurationError,
        };
        let patient =
            |one: &Waiter| gate.cause != Barrier::Configuration && one.deadline > gate.until;
        let (stay, go) = self.part(patient);
        self.machine.waiting = stay;
        let wait = gate.until.saturating_sub(self.now);
        self.reject(go, code, Some(wait));
    }

    fn give_up(&mut self, code: Rejection) {
        self.attempted();
        if self.spare().is_some() {
            return self.serve();
        }
        let (_, go) = self.part(|_| false);
        self.machine.waiting.clear();
        let wait = self.machine.store.retry_at.saturating_sub(self.now);
        self.reject(go, code, Some(wait));
    }

    /// TM15: costs no call. A token that the platform did not refuse is good to its end.
    fn end(&mut self, reason: Reason) {
        if self.spare().is_some() {
            return self.serve();
        }
        let (_, callers) = self.part(|_| false);
        self.machine.waiting.clear();
        if !callers.is_empty() {
            self.actions.push(Action::Reject {
                callers,
                code: Rejection::ReauthorizationRequired,
                reason: Some(reason),
                retry_after_ms: None,
            });
        }
    }

    /// Nothing better is to be had now: a 401 forces nothing for a while.
    fn attempted(&mut self) {
        let floor = self.now.saturating_add(self.policy.forced_floor_ms);
        if let Some(known) = self.machine.known.as_mut().filter(|known| known.refused) {
            known.refused = false;
            known.floor_until = floor;
        }
    }

    /// Whose time is up gets what there is.
    fn expire(&mut self) {
        let now = self.now;
        if self.machine.waiting.iter().all(|one| one.deadline > now) {
            return;
        }
        let (stay, go) = self.part(|one| one.deadline > now);
        self.machine.waiting = stay;
        let spare = self.spare().map(|known| known.generation);
        if let Some(generation) = spare {
            self.actions.push(Action::Serve {
                callers: go,
                generation,
            });
            return;
        }
        let code = match self.machine.store.failures {
            0 => Rejection::TokenPending,
            _ => Rejection::StoreUnavailable,
        };
        self.reject(go, code, Some(policy::POLL_LAST_MS));
    }

    /// Who stays, and the callers who do not.
    fn part(&self, stays: impl Fn(&Waiter) -> bool) -> (Vec<Waiter>, Vec<u64>) {
        let (stay, go): (Vec<_>, Vec<_>) = self
            .machine
            .waiting
            .iter()
            .cloned()
            .partition(|one| stays(one));
        (stay, go.into_iter().map(|one| one.caller).collect())
    }

    fn serve(&mut self) {
        let Some(generation) = self.machine.known.as_ref().map(|known| known.generation) else {
            return;
        };
        let (_, callers) = self.part(|_| false);
        self.machine.waiting.clear();
        if !callers.is_empty() {
            self.actions.push(Action::Serve {
                callers,
                generation,
            });
        }
    }

    fn reject(&mut self, callers: Vec<u64>, code: Rejection, retry_after_ms: Option<u64>) {
        if !callers.is_empty() {
            self.actions.push(Action::Reject {
                callers,
                code,
                reason: None,
                retry_after_ms,
            });
        }
    }

    // Chance.

    fn between(&mut self, least: u64, most: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 17;
        self.dice ^= self.dice << 5;
        let width = most.saturating_sub(least).saturating_add(1);
        least.saturating_add(u64::from(self.dice) % width)
    }

    /// Full jitter under a limit that doubles with each failure for the same reason.
    fn back_off(&mut self, cause: Barrier, first: u64, last: u64) -> u64 {
        let most = doubled(first, self.failures(cause), last);
        self.between(policy::GATE_LEAST_MS, most)
    }

    // What the driver is told.

    fn finish(self) -> Step {
        let serving = self.serving();
        let wake_ms = self.wake_at();
        let known = self.machine.known.as_ref().map(|known| known.generation);
        let base = self.machine.phase.lead().map(|lead| lead.base);
        let mut keep: Vec<u64> = known.into_iter().chain(base).collect();
        keep.dedup();
        Step {
            machine: self.machine,
            actions: self.actions,
            serving,
            wake_ms,
            keep,
        }
    }

    fn serving(&self) -> Option<Serving> {
        let known = self.machine.known.as_ref().filter(|_| self.comfortable())?;
        let seen = self.machine.seen.as_ref();
        let lasts = |at: u64| at.saturating_add(self.policy.read_cache_ms);
        let (until, wall) = if self.down() {
            (self.machine.store.retry_at, None)
        } else {
            let asked = seen.map_or(0, |seen| seen.at);
            (lasts(asked), seen.and_then(|seen| seen.wall).map(lasts))
        };
        let spare = known.expires_at.zip(known.spare_from);
        let skew = spare.map_or(0, |(end, from)| end.saturating_sub(from));
        let end = known.wall_end.map(|end| end.saturating_sub(skew));
        let wall_until_ms = [wall, end].into_iter().flatten().min();
        let until_ms = until.min(known.spare_from.unwrap_or(u64::MAX));
        let generation = known.generation;
        (self.now < until_ms).then_some(Serving {
            generation,
            until_ms,
            wall_until_ms,
        })
    }

    fn wake_at(&self) -> Option<u64> {
        let machine = &self.machine;
        let phase = match &machine.phase {
            Phase::Quiet { until: at, .. } | Phase::Resend { at, .. } => Some(*at),
            Phase::Send { lost_at, lead, .. } => {
                let cap = *lost_at;
                let waited_for = lead.as_ref().filter(|_| !machine.waiting.is_empty());
                let ahead = waited_for
                    .map(|lead| lead.until)
                    .filter(|at| self.now < *at);
                Some(ahead.map_or(cap, |until| until.min(cap)))
            }
            Phase::Commit { write, .. } | Phase::Fail { write, .. } => {
                write.asked.is_none().then_some(write.retry_at)
            }
            Phase::Idle | Phase::Begin { .. } | Phase::Mark { .. } => None,
        };
        let order = machine.orders.first().map(|order| order.write);
        let order = order.filter(|write| write.asked.is_none());
        // A read that is under way brings its own step.
        let idle = machine.reading.is_none() && matches!(machine.phase, Phase::Idle);
        let gate = self
            .closed()
            .filter(|_| idle && !machine.waiting.is_empty());
        let deadlines = machine.waiting.iter().map(|one| one.deadline);
        let all = [
            phase,
            order.map(|write| write.retry_at),
            self.due_at().filter(|_| idle),
            gate.map(|gate| gate.until),
            machine
                .poll
                .map(|poll| poll.at)
                .filter(|_| machine.reading.is_none()),
            deadlines.min(),
        ];
        // What is due by now was done in this step.
        let soonest = all.into_iter().flatten().min()?;
        Some(soonest.max(self.now.saturating_add(1)))
    }
}

fn of_configuration(gate: Gate) -> bool {
    gate.cause == Barrier::Configuration
}

/// From when on a token is spare: TM5, and TM8 for short lives.
fn spare_from(expires_at: Option<u64>, life: Option<u64>, policy: &Policy) -> Option<u64> {
    let life = life.unwrap_or_default();
    let skew = if life < policy.skew_ms.saturating_mul(2) {
        life / 4
    } else {
        policy.skew_ms
    };
    expires_at.map(|at| at.saturating_sub(skew))
}

fn doubled(first: u64, times: u32, most: u64) -> u64 {
    first.saturating_mul(1 << times.min(30)).min(most)
}
