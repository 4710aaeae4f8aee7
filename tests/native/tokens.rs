//! The token machine and the record, rule by rule, and at random.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]

use plaudit::Code;
use plaudit::server::tokens::machine::{Start, start};
use plaudit::server::tokens::policy::{Options, policy as checked};
use plaudit::server::tokens::record::{
    self, Barrier, Begin, Begun, Cause, Change, Closing, Commit, Failure, View,
};
use plaudit::server::tokens::{
    Action, Answer, Event, Grant, How, Machine, News, Policy, Reason, Record, Rejection, Serving,
    What, step,
};
use proptest::prelude::*;
use serde_json::json;
use world::{Faults, World, policy};

mod world;

/// One process over one store, where whatever is asked is done at once, except by the platform.
struct Bench {
    policy: Policy,
    machine: Machine,
    record: Record,
    source: Option<String>,
    client: Option<String>,
    now: u64,
    /// The store does not answer.
    down: bool,
    /// It does not answer from this on.
    fails: Option<&'static str>,
    callers: u64,
    random: u32,
    actions: Vec<Action>,
    serving: Option<Serving>,
    wake: Option<u64>,
}

/// The store's clock is far from the process's (LK8).
const STORE: u64 = 1_700_000_000_000;

impl Bench {
    fn new(policy: Policy) -> Self {
        Self {
            policy,
            machine: start(&Start { random: 50 }),
            record: Record::default(),
            source: None,
            client: None,
            now: 5,
            down: false,
            fails: None,
            callers: 0,
            random: 1,
            actions: Vec::new(),
            serving: None,
            wake: None,
        }
    }

    /// With a token of this life, made now.
    fn with(policy: Policy, rt: Option<&str>, life: Option<u64>) -> Self {
        let mut bench = Self::new(policy);
        bench.record.commit(STORE + bench.now, grant(rt, life));
        bench
    }

    fn tell(&mut self, what: What) {
        let event = Event {
            now_ms: self.now,
            random: self.random,
            what,
        };
        self.random = self.random.wrapping_mul(747_796_405).wrapping_add(1);
        // As it crosses the boundary.
        let machine = serde_json::to_string(&self.machine).unwrap();
        let machine = serde_json::from_str(&machine).unwrap();
        let done = step(&self.policy, machine, event);
        self.machine = done.machine;
        self.serving = done.serving;
        self.wake = done.wake_ms;
        for action in done.actions {
            self.actions.push(action.clone());
            self.store(action);
        }
    }

    fn store(&mut self, action: Action) {
        let (now, owner) = (STORE + self.now, "me");
        let asked = match &action {
            Action::Begin { .. } => "begin",
            Action::Mark { .. } => "mark",
            Action::Commit { .. } => "commit",
            _ => "",
        };
        self.down |= self.fails == Some(asked);
        let view = |record: &Record| record.view(now);
        let what = match action {
            Action::Read { op }
            | Action::Begin { op, .. }
            | Action::Mark { op, .. }
            | Action::Commit { op, .. }
            | Action::Fail { op, .. }
            | Action::End { op, .. }
                if self.down =>
            {
                What::StoreFailed { op }
            }
            Action::Read { op } => What::Read {
                op,
                view: view(&self.record),
            },
            Action::Begin { op, seen, lease_ms } => {
                let begin = Begin {
                    owner: owner.to_owned(),
                    seen,
                    source: self.source.clone(),
                    client: self.client.clone(),
                    lease_ms,
                };
                let begun = self.record.begin(now, begin);
                What::Begun { op, begun }
            }
            Action::Mark { op, fence } => What::Marked {
                op,
                marked: self.record.mark(now, owner, fence),
            },
            Action::Commit {
                op,
                grant,
                import,
                base,
                consumed,
                rt,
                life_ms,
                refresh_in_ms,
                ..
            } => {
                let commit = Commit {
                    owner: owner.to_owned(),
                    grant,
                    base,
                    consumed,
                    rt: if import {
                        Some("imported".to_owned())
                    } else {
                        rt
                    },
                    blob: "tokens".to_owned(),
                    life_ms,
                    refresh_in_ms,
                    source: self.source.clone(),
                };
                let accepted = self.record.commit(now, commit);
                let view = view(&self.record);
                What::Committed { op, accepted, view }
            }
            Action::Fail { op, fence, what } => {
                self.record.fail(now, owner, fence, &what);
                let view = view(&self.record);
                What::Failed { op, view }
            }
            Action::End {
                op,
                base,
                cause,
                reusable,
            } => {
                let accepted = self.record.end(now, base, cause, reusable);
                let view = view(&self.record);
                What::Ended { op, accepted, view }
            }
            _ => return,
        };
        self.tell(what);
    }

    fn want(&mut self) -> u64 {
        self.want_other_than(None)
    }

    fn want_other_than(&mut self, refused: Option<u64>) -> u64 {
        self.callers += 1;
        self.tell(What::Want {
            caller: self.callers,
            deadline_ms: self.now + 10_000,
            refused,
        });
        self.callers
    }

    fn wait(&mut self, ms: u64) {
        self.now += ms;
        self.tell(What::Wake);
    }

    /// Lets time go to `until`, waking whenever that is asked for.
    fn wake_until(&mut self, until: u64) {
        while let Some(at) = self.wake.filter(|at| *at <= until) {
            self.now = at.max(self.now);
            self.tell(What::Wake);
        }
        self.now = until;
    }

    fn answer(&mut self, answer: Answer) {
        let flight = self.flight().expect("something is sent");
        self.tell(What::Answered { flight, answer });
    }

    fn tokens(&mut self, rt: Option<&str>, life_ms: Option<u64>) {
        let rt = rt.map(str::to_owned);
        self.answer(Answer::Tokens { rt, life_ms });
    }

    /// The last request.
    fn flight(&self) -> Option<u64> {
        self.actions.iter().rev().find_map(|action| match action {
            Action::Send { flight, .. } => Some(*flight),
            _ => None,
        })
    }

    fn sends(&self) -> Vec<How> {
        let how = |action: &Action| match action {
            Action::Send { how, .. } => Some(*how),
            _ => None,
        };
        self.actions.iter().filter_map(how).collect()
    }

    fn served(&self, caller: u64) -> Option<u64> {
        self.actions.iter().find_map(|action| match action {
            Action::Serve {
                callers,
                generation,
            } if callers.contains(&caller) => Some(*generation),
            _ => None,
        })
    }

    fn rejected(&self, caller: u64) -> Option<(Rejection, Option<Reason>)> {
        self.actions.iter().find_map(|action| match action {
            Action::Reject {
                callers,
                code,
                reason,
                ..
            } if callers.contains(&caller) => Some((*code, *reason)),
            _ => None,
        })
    }

    fn news(&self) -> Vec<News> {
        let news = |action: &Action| match action {
            Action::Emit { event } => Some(event.clone()),
            _ => None,
        };
        self.actions.iter().filter_map(news).collect()
    }

    fn view(&self) -> View {
        self.record.view(STORE + self.now)
    }
}

fn grant(rt: Option<&str>, life: Option<u64>) -> Commit {
    Commit {
        owner: "somebody".to_owned(),
        grant: true,
        base: 0,
        consumed: None,
        rt: rt.map(str::to_owned),
        blob: "tokens".to_owned(),
        life_ms: life,
        refresh_in_ms: life.map(|life| life / 10 * 6),
        source: None,
    }
}

fn begin(owner: &str, seen: u64) -> Begin {
    Begin {
        owner: owner.to_owned(),
        seen,
        source: None,
        client: None,
        lease_ms: 30_000,
    }
}

const HOUR: u64 = 3_600_000;

fn code() -> Policy {
    policy(Grant::AuthorizationCode)
}

fn own() -> Policy {
    policy(Grant::ClientCredentials)
}

#[test]
fn tm1_callers_of_one_process_share_one_flight() {
    let mut bench = Bench::new(own());
    let callers: Vec<u64> = (0..1_000).map(|_| bench.want()).collect();
    assert_eq!(bench.sends(), [How::Grant]);
    bench.tokens(None, Some(HOUR));
    let generation = bench.served(1).unwrap();
    assert!(
        callers
            .iter()
            .all(|one| bench.served(*one) == Some(generation))
    );
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn tm2_who_comes_after_the_store_write_sees_no_old_refresh_token() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.view().rt.as_deref(), Some("b"));
    let caller = bench.want();
    assert_eq!(bench.served(caller), Some(bench.view().generation));
    assert_eq!(bench.sends(), [How::Refresh]);
}

#[test]
fn tm3_nothing_is_handed_out_before_it_is_stored() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    let first = bench.view().generation;
    bench.now += HOUR * 7 / 10;
    let old = bench.want();
    assert_eq!(bench.served(old), Some(first));
    bench.down = true;
    bench.tokens(Some("b"), Some(HOUR));
    let old = bench.want();
    assert_eq!(bench.served(old), Some(first), "the old one goes on");
    let until = bench.now + HOUR * 4 / 10;
    bench.wake_until(until);
    let none = bench.want();
    assert_eq!(bench.rejected(none).unwrap().0, Rejection::StoreUnavailable);
    bench.down = false;
    let until = bench.now + 20_000;
    bench.wake_until(until);
    assert_eq!(bench.view().rt.as_deref(), Some("b"), "it was kept (LK9 b)");
    let new = bench.want();
    assert_eq!(bench.served(new), Some(first + 1));
    assert_eq!(bench.sends().len(), 1);
    let news = bench.news();
    assert!(news.contains(&News::StoreUnavailable) && news.contains(&News::StoreRecovered));
}

#[test]
fn tm5_refreshes_ahead_in_the_background() {
    for (random, earliest, latest) in [(0, 550, 551), (50, 600, 601), (100, 649, 651)] {
        let mut bench = Bench::with(code(), Some("a"), Some(100 * HOUR));
        bench.machine = start(&Start { random });
        bench.want();
        let wake = bench.wake.unwrap();
        assert!(
            (earliest * HOUR / 10..=latest * HOUR / 10 + 10).contains(&wake),
            "{wake}"
        );
        bench.wake_until(wake);
        assert_eq!(bench.sends(), [How::Refresh]);
        let caller = bench.want();
        assert!(bench.served(caller).is_some(), "nobody waits for it");
        assert_eq!(bench.sends().len(), 1);
    }
}

#[test]
fn tm5_callers_wait_in_the_last_minute() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR - 59_000;
    let caller = bench.want();
    assert_eq!(bench.served(caller), None);
    bench.wait(10_000);
    let old = bench.view().generation;
    assert_eq!(
        bench.served(caller),
        Some(old),
        "at its deadline the old one is better than none"
    );
}

#[test]
fn tm6_a_known_life_is_not_reckoned_again() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    let wake = bench.wake;
    // The store's clock goes astray.
    let mut record = serde_json::to_value(&bench.record).unwrap();
    for time in ["obtainedAt", "expiresAt", "refreshAt"] {
        record[time] = json!(STORE + bench.now + 1_000);
    }
    bench.record = serde_json::from_value(record).unwrap();
    bench.now += 2_000;
    assert_eq!(bench.view().expires_in_ms, Some(0));
    let before = bench.actions.len();
    let caller = bench.want();
    assert!(matches!(bench.actions[before], Action::Read { .. }));
    assert!(bench.served(caller).is_some());
    assert_eq!(bench.wake, wake);
}

#[test]
fn tm7_a_clock_that_was_set_back_refreshes_once_and_makes_nothing_longer() {
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), Some(HOUR)));
    let lead = record.begin(STORE, begin("a", STORE));
    assert!(matches!(lead, Begun::Lead { .. }));
    let day = 24 * HOUR;
    let view = record.view(STORE - day);
    assert_eq!(view.refresh_in_ms, Some(0));
    assert_eq!(view.expires_in_ms, Some(HOUR));
    assert_eq!(view.lease_for_ms, 0, "nobody waits a day for it");
    let view = record.view(STORE - 299_000);
    assert_eq!(view.refresh_in_ms, Some(HOUR / 10 * 6));
    assert_eq!(view.lease_for_ms, 30_000);
}

#[test]
fn tm8_unknown_and_short_lives() {
    for life in [None, Some(0)] {
        let mut bench = Bench::new(own());
        bench.want();
        bench.tokens(None, life);
        bench.wake_until(1_000 * HOUR);
        let caller = bench.want();
        assert!(bench.served(caller).is_some());
        assert_eq!(bench.sends().len(), 1, "no timer, usable until a 401");
    }
    let mut bench = Bench::new(own());
    bench.want();
    bench.tokens(None, Some(30_000));
    for second in 0..14 {
        bench.now = 5 + second * 1_000;
        let caller = bench.want();
        assert!(bench.served(caller).is_some());
        assert_eq!(bench.sends().len(), 1, "not on every call");
    }
    bench.wait(2_000);
    assert_eq!(bench.sends().len(), 2, "at half its life");
}

#[test]
fn tm9_one_refresh_for_all_who_saw_a_401() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    let first = bench.view().generation;
    bench.now += 100_000;
    bench.want();
    let callers: Vec<u64> = (0..100)
        .map(|_| bench.want_other_than(Some(first)))
        .collect();
    assert_eq!(bench.sends(), [How::Refresh]);
    bench.tokens(Some("b"), Some(HOUR));
    assert!(
        callers
            .iter()
            .all(|one| bench.served(*one) == Some(first + 1))
    );
    let late = bench.want_other_than(Some(first));
    assert_eq!(
        bench.served(late),
        Some(first + 1),
        "a newer one is there already"
    );
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn tm10_forced_refreshes_have_a_floor() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    let mut sends = 0;
    for second in 1..=300 {
        bench.now = 5 + second * 1_000;
        let generation = bench.view().generation;
        let caller = bench.want_other_than(Some(generation));
        if bench.sends().len() > sends {
            sends += 1;
            bench.tokens(Some(&sends.to_string()), Some(HOUR));
        }
        assert!(bench.served(caller).is_some(), "it gets its 401 back");
    }
    assert_eq!(sends, 5);
}

#[test]
fn tm12_a_429_closes_the_gate_for_every_process() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR * 7 / 10;
    bench.want();
    bench.answer(Answer::RateLimited {
        retry_after_ms: Some(120_000),
    });
    let other = bench
        .record
        .begin(STORE + bench.now, begin("other", bench.view().generation));
    assert!(matches!(other, Begun::Gate { .. }));
    let caller = bench.want();
    assert!(bench.served(caller).is_some(), "the valid one goes on");
    let before = bench.now;
    bench.wake_until(before + 119_000);
    assert_eq!(bench.sends().len(), 1);
    bench.wake_until(before + 121_000);
    assert_eq!(bench.sends().len(), 2);
    let cause = Barrier::RateLimited;
    assert!(bench.news().contains(&News::Gated {
        cause,
        for_ms: 120_000
    }));
}

#[test]
fn tm12_without_a_valid_token_the_gate_is_told() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    let caller = bench.want();
    bench.answer(Answer::RateLimited {
        retry_after_ms: Some(9 * HOUR),
    });
    assert_eq!(bench.rejected(caller).unwrap().0, Rejection::RateLimited);
    assert_eq!(
        bench.view().gate.unwrap().for_ms,
        HOUR,
        "no longer than an hour"
    );
    for _ in 0..100 {
        let caller = bench.want();
        assert_eq!(bench.rejected(caller).unwrap().0, Rejection::RateLimited);
    }
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn tm13_a_platform_that_is_down_for_an_hour_is_asked_seldom() {
    let mut bench = Bench::with(code(), Some("a"), Some(100 * HOUR));
    bench.now += 60 * HOUR;
    let begin = bench.now;
    let mut sends = 0;
    while bench.now < begin + HOUR {
        let caller = bench.want();
        assert!(bench.served(caller).is_some());
        while bench.sends().len() > sends {
            sends += 1;
            bench.answer(Answer::Unavailable { sent: true });
        }
        let next = bench.now + 1_000;
        bench.wake_until(next);
    }
    assert!((5..=13).contains(&sends), "{sends}");
}

#[test]
fn tm14_only_invalid_grant_ends_a_grant() {
    for credentials in [true, false] {
        let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
        bench.now += HOUR;
        let caller = bench.want();
        bench.answer(Answer::Refused { credentials });
        assert_eq!(
            bench.rejected(caller).unwrap().0,
            Rejection::ConfigurationError
        );
        assert_eq!(bench.view().dead, None);
        assert_eq!(bench.view().rt.as_deref(), Some("a"));
    }
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    let caller = bench.want();
    bench.answer(Answer::InvalidGrant);
    let refused = (Rejection::ReauthorizationRequired, Some(Reason::Refused));
    assert_eq!(bench.rejected(caller), Some(refused));
}

#[test]
fn tm15_the_end_of_a_grant_is_sticky_and_told_once() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    bench.answer(Answer::InvalidGrant);
    for _ in 0..100 {
        bench.now += 700;
        let caller = bench.want();
        assert_eq!(
            bench.rejected(caller).unwrap().0,
            Rejection::ReauthorizationRequired
        );
    }
    assert_eq!(bench.sends().len(), 1);
    let told = |bench: &Bench| {
        let required = |news: &News| matches!(news, News::ReauthorizationRequired { .. });
        bench.news().into_iter().filter(required).count()
    };
    assert_eq!(told(&bench), 1);
    bench.tell(What::Granted {
        caller: 7_000,
        flight: 1 << 40,
        rt: Some("b".to_owned()),
        life_ms: Some(HOUR),
        sent_ms: bench.now,
    });
    assert!(bench.actions.contains(&Action::Resolve {
        callers: vec![7_000]
    }));
    let caller = bench.want();
    assert_eq!(
        bench.served(caller),
        Some(bench.view().generation),
        "a new grant ends it"
    );
}

#[test]
fn tm15_a_refused_refresh_leaves_the_access_token_its_time() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR * 7 / 10;
    bench.want();
    bench.answer(Answer::InvalidGrant);
    let caller = bench.want();
    assert!(bench.served(caller).is_some());
    assert!(
        bench
            .news()
            .iter()
            .any(|news| matches!(news, News::ReauthorizationRequired { .. }))
    );
    bench.now += HOUR * 3 / 10;
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Refused));
}

#[test]
fn tm16_without_a_store_a_process_helps_itself() {
    let mut bench = Bench::new(own());
    bench.down = true;
    let caller = bench.want();
    assert_eq!(bench.sends(), [How::Grant]);
    bench.tokens(None, Some(HOUR));
    let generation = bench.served(caller).unwrap();
    assert!(generation >= 1 << 52, "no store knows it");
    let caller = bench.want();
    assert_eq!(bench.served(caller), Some(generation));
    let until = bench.now + 60_000;
    bench.wake_until(until);
    assert_eq!(bench.sends().len(), 1);
    bench.down = false;
    bench.now += 10_000;
    bench.want();
    bench.tokens(None, Some(HOUR));
    assert!(bench.view().token, "and tells the store once it is back");
    let caller = bench.want();
    assert_eq!(bench.served(caller), Some(bench.view().generation));
}

#[test]
fn tm16_a_store_that_fails_halfway_holds_nobody_up() {
    for fails in ["begin", "mark", "commit"] {
        let mut bench = Bench::new(own());
        bench.fails = Some(fails);
        let caller = bench.want();
        bench.tokens(None, Some(HOUR));
        assert!(bench.served(caller).is_some(), "{fails}");
        assert_eq!(bench.sends(), [How::Grant], "{fails}");
    }
}

#[test]
fn tm17_the_token_endpoint_is_tried_after_a_definite_refusal_only() {
    let fallback = || Policy {
        refresh_fallback: true,
        ..code()
    };
    let at = |answer: Answer| {
        let mut bench = Bench::with(fallback(), Some("a"), Some(HOUR));
        bench.now += HOUR;
        bench.want();
        bench.answer(answer);
        bench
    };
    let mut bench = at(Answer::Refused { credentials: false });
    assert_eq!(bench.sends(), [How::Refresh, How::RefreshAtTokenEndpoint]);
    bench.tokens(Some("b"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    assert_eq!(
        bench.sends()[2],
        How::RefreshAtTokenEndpoint,
        "it is remembered"
    );
    assert_eq!(at(Answer::Refused { credentials: true }).sends().len(), 1);
    assert_eq!(at(Answer::InvalidGrant).sends().len(), 1);
    assert_eq!(
        at(Answer::RateLimited {
            retry_after_ms: None
        })
        .sends()
        .len(),
        1
    );
    let mut bench = at(Answer::Unavailable { sent: true });
    bench.wait(1_000);
    assert_eq!(
        bench.sends(),
        [How::Refresh, How::Refresh],
        "never after a time-out"
    );
}

#[test]
fn tm18_who_gives_up_ends_its_own_wait_only() {
    let mut bench = Bench::new(own());
    let (one, two) = (bench.want(), bench.want());
    bench.tell(What::Cancel { caller: one });
    bench.tokens(None, Some(HOUR));
    assert_eq!(bench.served(one), None);
    assert!(bench.served(two).is_some());
}

#[test]
fn a_password_replaces_a_refresh_token_that_was_refused() {
    let mut bench = Bench::with(policy(Grant::Password), Some("a"), Some(HOUR));
    bench.source = Some("password".to_owned());
    bench.now += HOUR;
    let caller = bench.want();
    bench.answer(Answer::InvalidGrant);
    assert_eq!(bench.sends(), [How::Refresh, How::Grant]);
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.served(caller), Some(bench.view().generation));
    // A wrong password ends it, another one begins it anew.
    bench.now += HOUR;
    bench.want();
    bench.answer(Answer::InvalidGrant);
    bench.answer(Answer::InvalidGrant);
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Refused));
    assert_eq!(bench.sends().len(), 4);
    bench.machine = start(&Start { random: 0 });
    bench.source = Some("another".to_owned());
    let caller = bench.want();
    bench.tokens(Some("c"), Some(HOUR));
    assert_eq!(bench.served(caller), Some(bench.view().generation));
}

#[test]
fn a_configured_refresh_token_is_imported_then_refreshed() {
    let mut bench = Bench::new(policy(Grant::RefreshToken));
    bench.source = Some("imported".to_owned());
    let caller = bench.want();
    assert_eq!(bench.sends(), [How::Refresh]);
    assert_eq!(bench.view().rt.as_deref(), Some("imported"));
    assert!(
        bench.view().intent_age_ms.is_some(),
        "with its intent written"
    );
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.served(caller), Some(bench.view().generation));
}

#[test]
fn tm15_what_was_revoked_is_replaced_by_what_is_configured_since() {
    let mut bench = Bench::new(policy(Grant::RefreshToken));
    bench.source = Some("one".to_owned());
    bench.want();
    bench.tokens(Some("b"), Some(HOUR));
    bench.tell(What::End {
        caller: 99,
        cause: Cause::Revoked,
    });
    assert_eq!(bench.view().dead, Some(Cause::Revoked));
    for source in ["two", "three"] {
        bench.machine = start(&Start { random: 50 });
        bench.source = Some(source.to_owned());
        let caller = bench.want();
        bench.tokens(Some("c"), Some(HOUR));
        assert_eq!(bench.served(caller), Some(bench.view().generation));
        bench.tell(What::End {
            caller: 100,
            cause: Cause::Revoked,
        });
    }
    // Another kind of grant under the same key.
    for kind in [Grant::Password, Grant::ClientCredentials] {
        let mut bench = Bench::with(policy(kind), Some("a"), Some(HOUR));
        let base = bench.view().generation;
        bench
            .record
            .end(STORE + bench.now, base, Cause::Revoked, false);
        bench.source = Some("secret".to_owned());
        let caller = bench.want();
        bench.tokens(Some("b"), Some(HOUR));
        assert!(bench.served(caller).is_some(), "{kind:?}");
        assert_eq!(bench.sends(), [How::Grant], "{kind:?}");
    }
}

#[test]
fn tm14_a_refused_configuration_is_asked_about_ever_more_seldom() {
    let mut bench = Bench::new(own());
    let mut gates = Vec::new();
    for _ in 0..7 {
        let caller = bench.want();
        bench.answer(Answer::Refused { credentials: true });
        assert!(bench.rejected(caller).is_some());
        let closed = bench.view().gate.unwrap().for_ms;
        gates.push(closed / 1_000);
        bench.now += closed;
    }
    assert_eq!(gates, [60, 120, 240, 480, 900, 900, 900]);
}

#[test]
fn tm14_another_configuration_is_asked_about_at_once() {
    let gated = || {
        let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
        bench.client = Some("wrong".to_owned());
        bench.now += HOUR;
        bench.want();
        bench.answer(Answer::Refused { credentials: true });
        assert_eq!(bench.view().gate.unwrap().for_ms, 60_000);
        bench.machine = start(&Start { random: 50 });
        bench
    };
    let mut bench = gated();
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().0,
        Rejection::ConfigurationError
    );
    assert_eq!(bench.sends().len(), 1, "the same one");
    let mut bench = gated();
    bench.client = Some("right".to_owned());
    let caller = bench.want();
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.served(caller), Some(bench.view().generation));
    // A 429 is of the platform's.
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    bench.answer(Answer::RateLimited {
        retry_after_ms: None,
    });
    bench.machine = start(&Start { random: 50 });
    bench.client = Some("other".to_owned());
    bench.want();
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn lk13_who_slept_over_the_end_of_its_wait_hears_the_answer() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    // Timers come before what waits in the sockets.
    bench.wait(HOUR);
    bench.wait(1);
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.view().rt.as_deref(), Some("b"));
}

#[test]
fn nobody_signed_in() {
    let mut bench = Bench::new(code());
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().1,
        Some(Reason::NeverSignedIn)
    );
    assert!(bench.sends().is_empty());
    let mut bench = Bench::with(code(), None, Some(HOUR));
    bench.now += HOUR;
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Expired));
}

#[test]
fn lk10_an_emptied_store_is_no_token() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    bench.record = Record::default();
    bench.now += 2_000;
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().1,
        Some(Reason::NeverSignedIn)
    );
    assert!(bench.sends().is_empty());
}

#[test]
fn a_revoked_grant_is_not_handed_out() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    let cause = Cause::Revoked;
    bench.tell(What::End { caller: 50, cause });
    assert!(
        bench
            .actions
            .contains(&Action::Resolve { callers: vec![50] })
    );
    let view = bench.view();
    assert!(!view.token && view.rt.is_none(), "its secrets are deleted");
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Revoked));
}

#[test]
fn lk1_lk5_only_the_newest_leader_counts() {
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), Some(HOUR)));
    let release = Failure::Release {
        sent: false,
        gate: None,
    };
    record.begin(STORE, begin("one", STORE));
    assert!(!record.fail(STORE, "two", 1, &release), "a foreign release");
    assert!(matches!(
        record.begin(STORE, begin("two", STORE)),
        Begun::Wait { .. }
    ));
    let later = STORE + 30_000;
    assert!(!record.mark(later, "one", 1), "its lease is over");
    assert!(matches!(
        record.begin(later, begin("two", STORE)),
        Begun::Lead { fence: 2, .. }
    ));
    let suspect = Failure::Suspect {
        cause: Cause::Refused,
    };
    assert!(!record.fail(later, "one", 1, &suspect));
    assert!(record.fail(later, "two", 2, &suspect));
}

#[test]
fn lk2_a_lease_is_longer_than_the_wait() {
    let options = |lease: u64, timeout: u64| -> Options {
        serde_json::from_value(json!({
            "grant": "client_credentials", "leaseMs": lease, "timeoutMs": timeout,
        }))
        .unwrap()
    };
    assert_eq!(
        checked(options(2_000, 5_000)).unwrap_err().subject(),
        "lease"
    );
    assert_eq!(
        checked(options(30_000, 25_000)).unwrap_err().subject(),
        "lease"
    );
    assert!(checked(options(30_000, 24_999)).is_ok());
    assert!(checked(options(600, 400)).is_ok());
    assert_eq!(checked(options(0, 1)).unwrap_err().subject(), "lease");
    let share: Options =
        serde_json::from_value(json!({ "grant": "password", "refreshAt": 1.5 })).unwrap();
    assert_eq!(checked(share).unwrap_err().subject(), "refreshAt");
    let defaults: Options =
        serde_json::from_value(json!({ "grant": "authorization_code" })).unwrap();
    assert_eq!(checked(defaults).unwrap(), code());
}

#[test]
fn lk3_the_loser_of_a_race_sends_nothing() {
    let mut bench = Bench::new(code());
    let late = Commit {
        refresh_in_ms: Some(HOUR),
        ..grant(Some("a"), Some(HOUR))
    };
    bench.record.commit(STORE + bench.now, late);
    bench.now += HOUR - 60_500;
    bench.want();
    // Another process is faster, after this one looked.
    let other = Commit {
        base: bench.view().generation,
        ..grant(Some("b"), Some(HOUR))
    };
    assert!(bench.record.commit(STORE + bench.now, other));
    bench.now += 600;
    let caller = bench.want();
    let begin = |action: &Action| matches!(action, Action::Begin { .. });
    assert!(bench.actions.iter().any(begin));
    assert_eq!(bench.served(caller), Some(bench.view().generation));
    assert!(bench.sends().is_empty());
}

#[test]
fn lk4_commits_go_by_what_was_consumed() {
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), Some(HOUR)));
    record.begin(STORE, begin("one", STORE));
    record.mark(STORE, "one", 1);
    // It is stopped; another one takes over and is refused.
    let later = STORE + 31_000;
    let taken = record.begin(later, begin("two", STORE));
    assert!(matches!(
        taken,
        Begun::Lead {
            fence: 2,
            had_intent_ms: Some(31_000),
            ..
        }
    ));
    assert!(record.mark(later, "two", 2));
    let suspect = Failure::Suspect {
        cause: Cause::RotationLost,
    };
    assert!(record.fail(later, "two", 2, &suspect));
    assert!(matches!(
        record.begin(later, begin("three", STORE)),
        Begun::Wait { .. }
    ));
    let verdict = later + 30_000;
    assert!(matches!(
        record.begin(verdict, begin("three", STORE)),
        Begun::Dead { .. }
    ));
    let commit = Commit {
        owner: "one".to_owned(),
        grant: false,
        base: STORE,
        consumed: Some("a".to_owned()),
        ..grant(Some("b"), Some(HOUR))
    };
    assert!(
        record.commit(verdict, commit.clone()),
        "it wakes, and the session lives"
    );
    assert_eq!(record.view(verdict).dead, None);
    assert!(!record.commit(verdict, commit), "but once");
    let base = record.view(verdict).generation;
    assert!(
        !record.end(verdict, base - 1, Cause::Revoked, false),
        "another generation"
    );
    assert!(record.end(verdict, base, Cause::Revoked, false));
    let late = Commit {
        owner: "one".to_owned(),
        grant: false,
        base: record.view(verdict).generation,
        ..grant(None, None)
    };
    assert!(!record.commit(verdict, late), "what was revoked stays so");
}

#[test]
fn lk4_a_refresh_token_that_is_kept_does_not_bring_an_older_token_back() {
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), Some(HOUR)));
    let refresh = |base| Commit {
        grant: false,
        base,
        consumed: Some("a".to_owned()),
        ..grant(Some("a"), Some(HOUR))
    };
    assert!(record.commit(STORE, refresh(STORE)));
    assert!(!record.commit(STORE, refresh(STORE)), "the late one");
    assert!(record.commit(STORE, refresh(STORE + 1)));
}

#[test]
fn tm15_a_sign_in_that_is_stored_twice_undoes_nothing() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    bench.down = true;
    bench.tell(What::Granted {
        caller: 7_000,
        flight: 1 << 40,
        rt: Some("b".to_owned()),
        life_ms: Some(HOUR),
        sent_ms: bench.now,
    });
    // It was stored, its answer was lost, and another process refreshed since.
    let base = bench.view().generation;
    for (base, rt) in [(base, "b"), (base + 1, "c")] {
        let commit = Commit {
            base,
            ..grant(Some(rt), Some(HOUR))
        };
        assert!(bench.record.commit(STORE + bench.now, commit));
    }
    bench.down = false;
    let until = bench.now + 1_000;
    bench.wake_until(until);
    assert_eq!(bench.view().rt.as_deref(), Some("c"));
    assert_eq!(
        bench.rejected(7_000).unwrap().0,
        Rejection::StoreUnavailable
    );
    let caller = bench.want();
    assert_eq!(bench.served(caller), Some(base + 2));
}

#[test]
fn lk6_a_lost_rotation_is_called_so() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    let generation = bench.view().generation;
    bench
        .record
        .begin(STORE + bench.now, begin("killed", generation));
    bench.record.mark(STORE + bench.now, "killed", 1);
    bench.want();
    let until = bench.now + 31_000;
    bench.wake_until(until);
    bench.want();
    bench.answer(Answer::InvalidGrant);
    let until = bench.now + 31_000;
    bench.wake_until(until);
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().1,
        Some(Reason::RotationLost)
    );
}

#[test]
fn lk6_a_429_after_a_lost_answer_leaves_the_intent() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.want();
    bench.answer(Answer::Unavailable { sent: true });
    bench.wait(1_000);
    bench.answer(Answer::RateLimited {
        retry_after_ms: None,
    });
    assert!(bench.view().intent_age_ms.is_some());
    let gate = bench.view().gate.unwrap();
    assert_eq!((gate.cause, gate.failures), (Barrier::RateLimited, 1));
}

#[test]
fn lk9_nothing_is_sent_that_was_not_announced() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    bench.down = true;
    bench.now += HOUR * 7 / 10;
    let caller = bench.want();
    assert!(bench.served(caller).is_some(), "c: the last valid one");
    bench.now += HOUR * 3 / 10;
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().0,
        Rejection::StoreUnavailable
    );
    assert!(bench.sends().is_empty(), "a");
}

#[test]
fn lk13_an_answer_is_stored_however_late_it_comes() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    let caller = bench.want();
    let until = bench.now + 299_000;
    bench.wake_until(until);
    assert_eq!(bench.rejected(caller).unwrap().0, Rejection::TokenPending);
    bench.tokens(Some("b"), Some(HOUR));
    assert_eq!(bench.view().rt.as_deref(), Some("b"));
    assert_eq!(bench.sends().len(), 1);
    // After five minutes it is taken for lost.
    bench.now += HOUR;
    bench.want();
    let flight = bench.flight().unwrap();
    let until = bench.now + 301_000;
    bench.wake_until(until);
    assert!(bench.actions.contains(&Action::Drop { flight }));
    assert!(bench.view().intent_age_ms.is_some());
}

#[test]
fn step_6_nothing_is_sent_when_the_lease_may_be_over() {
    let quiet = Policy {
        old_access_token_dies: true,
        ..code()
    };
    let mut bench = Bench::with(quiet, Some("a"), Some(HOUR));
    bench.now += HOUR * 7 / 10;
    let caller = bench.want();
    assert!(bench.serving.is_none() && bench.served(caller).is_some());
    assert!(bench.sends().is_empty(), "the quiet period");
    // It is stopped meanwhile.
    bench.now += 25_000;
    bench.tell(What::Wake);
    assert!(bench.sends().is_empty());
    let until = bench.now + 2_000;
    bench.wake_until(until);
    assert_eq!(bench.sends().len(), 1, "but after another begin");
}

#[test]
fn step_9_sent_again_inside_the_replay_window() {
    let replay = Policy {
        refresh_reuse_ms: Some(4_000),
        ..code()
    };
    let mut bench = Bench::with(replay, Some("a"), Some(HOUR));
    bench.now += HOUR;
    let begin = bench.now;
    bench.want();
    bench.answer(Answer::Unavailable { sent: true });
    for at in [500, 2_000] {
        bench.wake_until(begin + at - 1);
        let before = bench.sends().len();
        bench.wake_until(begin + at);
        assert_eq!(bench.sends().len(), before + 1);
        bench.answer(Answer::Unavailable { sent: true });
    }
    assert_eq!(bench.view().gate.unwrap().cause, Barrier::Unavailable);
}

#[test]
fn step_10_an_unsettled_refresh_is_left_alone_while_the_token_is_good() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR * 7 / 10;
    let generation = bench.view().generation;
    bench
        .record
        .begin(STORE + bench.now, begin("killed", generation));
    bench.record.mark(STORE + bench.now, "killed", 1);
    let from = bench.now;
    let caller = bench.want();
    assert!(bench.served(caller).is_some());
    // A quarter of the 18 minutes that are left.
    bench.wake_until(from + 250_000);
    assert!(bench.sends().is_empty());
    bench.wake_until(from + 290_000);
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn records_are_read_leniently_and_never_guessed() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":2}",
        "{\"v\":1,\"generation\":-1}",
        "{\"v\":1",
    ] {
        let error = Record::parse(Some(text)).unwrap_err();
        assert_eq!(error.code(), Code::StoreUnavailable, "{text}");
    }
    let lenient = "{\"v\":1,\"generation\":3,\"later\":true,\"rt\":null}";
    assert_eq!(Record::parse(Some(lenient)).unwrap().view(0).generation, 3);
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), None));
    record.begin(STORE, begin("a", STORE));
    record.mark(STORE, "a", 1);
    assert_eq!(
        Record::parse(Some(&record.text())).unwrap().text(),
        record.text()
    );
}

#[test]
fn a_store_writes_only_what_changed() {
    let mut record = Record::default();
    record.commit(STORE, grant(Some("a"), None));
    let input: Change<Begin> = serde_json::from_value(json!({
        "record": record.text(), "nowMs": STORE, "owner": "a", "seen": 0, "leaseMs": 30_000,
    }))
    .unwrap();
    let fresh = record::begin(input.clone()).unwrap();
    assert_eq!(fresh.record, None);
    let mut lead = input;
    lead.change.seen = STORE;
    assert!(record::begin(lead).unwrap().record.is_some());
    let release = Failure::Release {
        sent: false,
        gate: Some(Closing {
            cause: Barrier::Configuration,
            for_ms: 1,
        }),
    };
    let text = json!({
        "type": "release", "sent": false, "gate": { "cause": "configuration", "forMs": 1 },
    });
    assert_eq!(serde_json::to_value(&release).unwrap(), text);
}

#[test]
fn ten_thousand_callers_are_not_quadratic() {
    let mut bench = Bench::new(own());
    let deadline_ms = 20_000;
    let mut machine = bench.machine.clone();
    for caller in 0..10_000 {
        let what = What::Want {
            caller,
            deadline_ms,
            refused: None,
        };
        let event = Event {
            now_ms: 5,
            random: 1,
            what,
        };
        machine = step(&bench.policy, machine, event).machine;
    }
    bench.machine = machine;
    bench.store(Action::Read { op: 1 });
    bench.tokens(None, Some(HOUR));
    assert!(bench.served(0).is_some() && bench.served(9_999).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// More processes, callers and faults than a model checker can go through, at random.
    #[test]
    fn no_rule_is_broken(
        processes in 2..5_usize,
        ahead in any::<bool>(),
        quiet in any::<bool>(),
        replay in any::<bool>(),
        faultless in any::<bool>(),
        signs in 0..2_u8,
        grant in 0..4_usize,
        wrong in 0..3_usize,
        wrong_password in any::<bool>(),
        new in any::<bool>(),
        choices in proptest::collection::vec(any::<u16>(), 50..1_500),
    ) {
        let grant = [
            Grant::AuthorizationCode, Grant::ClientCredentials, Grant::Password, Grant::RefreshToken,
        ][grant];
        let is_code = grant == Grant::AuthorizationCode;
        let renews = matches!(grant, Grant::ClientCredentials | Grant::Password);
        let faults = if faultless {
            Faults::default()
        } else {
            Faults {
                crashes: 2, pauses: 3, lost_answers: 2, store: 4, refusals: 2, unauthorized: 2,
                sign_ins: if is_code { signs } else { 0 }, ends: 1, secrets: 0, deploys: 2,
            }
        };
        let age = match new && !is_code {
            true => 0,
            false if ahead => 361_000,
            false => 601_000,
        };
        let mut world = World::of(grant, processes, 5, age, faults);
        let mut policy = policy(grant);
        // A new grant ends no access token here.
        let quiet = quiet && !renews;
        policy.old_access_token_dies = quiet;
        world.platform.access_tokens_die = quiet;
        policy.refresh_reuse_ms = replay.then_some(60_000);
        world.platform.reuse_ms = policy.refresh_reuse_ms;
        world.platform.refuses_grants = wrong_password && grant == Grant::Password;
        for process in world.processes.iter_mut().take(wrong) {
            process.config = 1;
        }
        let mut way = Vec::new();
        for choice in choices {
            let mut all = Vec::new();
            world.happenings(&mut all);
            if all.is_empty() {
                break;
            }
            let happening = all[usize::from(choice) % all.len()];
            way.push(happening);
            world.happen(&policy, None, happening);
            prop_assert_eq!(world.broken, None, "after {:?}", way);
        }
    }

    /// Whatever comes, in whatever order: no panic, and a machine that can be written and read.
    #[test]
    fn any_event_is_taken(
        grant in 0..4_u8,
        events in proptest::collection::vec((0..14_u8, 0..6_u64, any::<u32>(), any::<bool>()), 0..200),
    ) {
        let grant = [
            Grant::ClientCredentials, Grant::Password, Grant::AuthorizationCode, Grant::RefreshToken,
        ][usize::from(grant)];
        let policy = policy(grant);
        let mut machine = start(&Start { random: 3 });
        let mut now = 0_u64;
        for (kind, number, random, flag) in events {
            now = now.saturating_add(u64::from(random) >> (random % 32));
            let view = View {
                generation: number,
                rt: flag.then(|| "a".to_owned()),
                token: random % 3 > 0,
                expires_in_ms: Some(u64::from(random)),
                refresh_in_ms: Some(u64::from(random) / 2),
                ..View::default()
            };
            let op = number;
            let what = match kind {
                0 => What::Want { caller: number, deadline_ms: now + number, refused: flag.then_some(number) },
                1 => What::Cancel { caller: number },
                2 => What::Read { op, view },
                3 => What::Begun { op, begun: Begun::Lead { fence: 1, had_intent_ms: None, view } },
                4 => What::Begun { op, begun: Begun::Fresh { view } },
                5 => What::Marked { op, marked: flag },
                6 => What::Committed { op, accepted: flag, view },
                7 => What::Failed { op, view },
                8 => What::StoreFailed { op },
                9 => What::Answered { flight: number, answer: Answer::InvalidGrant },
                10 => What::Answered { flight: number, answer: Answer::Tokens { rt: None, life_ms: Some(u64::MAX) } },
                11 => What::Answered { flight: number, answer: Answer::Unavailable { sent: flag } },
                12 => What::End { caller: number, cause: Cause::Revoked },
                _ => What::Wake,
            };
            let done = step(&policy, machine, Event { now_ms: now, random, what });
            prop_assert!(done.wake_ms.is_none_or(|at| at > now));
            let text = serde_json::to_string(&done.machine).unwrap();
            machine = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&machine, &done.machine);
        }
    }
}
