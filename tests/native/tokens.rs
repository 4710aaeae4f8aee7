//! The token machine and the record, rule by rule, and at random.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::indexing_slicing)]

use plaudit::Code;
use plaudit::server::tokens::machine::{Start, start};
use plaudit::server::tokens::policy::{Options, policy as checked};
use plaudit::server::tokens::record::{
    self, Barrier, Begin, Begun, Cause, Change, Closing, Commit, End, Failure, View,
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
    wall: Option<u64>,
    /// The store does not answer.
    down: bool,
    /// It does not answer from this on.
    fails: Option<&'static str>,
    /// What it does once, without answering.
    silent: Option<&'static str>,
    /// The generation that this process has no key to.
    locked: Option<u64>,
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
            wall: None,
            down: false,
            fails: None,
            silent: None,
            locked: None,
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
            wall_ms: self.wall,
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
        let locked = self.locked;
        let shut = |view: View| View {
            locked: view.token && locked == Some(view.generation),
            ..view
        };
        let view = |record: &Record| shut(record.view(now));
        let silent = self.silent.take_if(|silent| *silent == asked).is_some();
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
                let mut begun = self.record.begin(now, begin);
                let (Begun::Fresh { view }
                | Begun::Dead { view }
                | Begun::Wait { view }
                | Begun::Gate { view }
                | Begun::Lead { view, .. }) = &mut begun;
                *view = shut(view.clone());
                if silent {
                    What::StoreFailed { op }
                } else {
                    What::Begun { op, begun }
                }
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
                keep_ms,
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
                    blob: "tokens".into(),
                    life_ms,
                    refresh_in_ms,
                    source: self.source.clone(),
                    keep_ms,
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
                keep_ms,
            } => {
                let end = End {
                    base,
                    cause,
                    reusable,
                    keep_ms,
                    source: self.source.clone(),
                };
                let accepted = self.record.end(now, end);
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
        blob: "tokens".into(),
        life_ms: life,
        refresh_in_ms: life.map(|life| life / 10 * 6),
        source: None,
        keep_ms: None,
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

fn revoked(base: u64) -> End {
    End {
        base,
        cause: Cause::Revoked,
        reusable: false,
        keep_ms: None,
        source: None,
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
        sent_wall_ms: None,
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
fn what_is_revoked_before_its_first_use_is_not_used_after_it() {
    let mut bench = Bench::new(policy(Grant::RefreshToken));
    bench.source = Some("one".to_owned());
    bench.tell(What::End {
        caller: 99,
        cause: Cause::Revoked,
        forget: false,
    });
    bench.wait(HOUR);
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Revoked));
    assert_eq!(bench.view().dead, Some(Cause::Revoked));
    assert!(bench.sends().is_empty());
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
        forget: false,
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
            forget: false,
        });
    }
    // Another kind of grant under the same key.
    for kind in [Grant::Password, Grant::ClientCredentials] {
        let mut bench = Bench::with(policy(kind), Some("a"), Some(HOUR));
        let base = bench.view().generation;
        bench.record.end(STORE + bench.now, revoked(base));
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

const DAY: u64 = 24 * HOUR;

fn none(now: u64) -> View {
    Record::default().view(now)
}

#[test]
fn kept_until_its_time_is_over_then_as_good_as_none() {
    let mut record = Record::default();
    let mut commit = grant(Some("a"), Some(HOUR));
    commit.keep_ms = Some(2 * HOUR);
    record.commit(STORE, commit);
    let end = STORE + 2 * HOUR;
    assert_eq!(record.keep_ms(end - 10), Some(10));
    assert!(record.view(end - 1).token);
    assert_eq!(record.view(end), none(end));
    assert!(
        record.view(STORE - DAY).token,
        "a clock that was set back removes nothing"
    );
    let refresh = Commit {
        grant: false,
        base: STORE,
        consumed: Some("a".to_owned()),
        ..grant(Some("b"), Some(HOUR))
    };
    let mut late = record.clone();
    assert!(!late.commit(end, refresh.clone()), "nothing follows it");
    assert_eq!(late.view(end), none(end));
    assert!(
        late.commit(end, grant(Some("c"), None)),
        "but a new sign-in"
    );
    assert_eq!(late.view(end).generation, end, "under a newer generation");
    assert_eq!(late.keep_ms(end), None, "and for as long as that says");

    let begun = record.begin(end - 1, begin("one", STORE));
    assert!(matches!(begun, Begun::Lead { .. }));
    let answered = end + 5 * 60_000;
    assert!(
        record.commit(answered, refresh),
        "nothing is removed under a refresh"
    );
    assert_eq!(record.view(answered).generation, STORE + 1);
}

#[test]
fn what_ended_is_removed_in_time() {
    let kept = |record: &Record| record.keep_ms(STORE).map(|ms| ms / DAY);
    let mut revoke = Record::default();
    revoke.commit(STORE, grant(Some("a"), Some(HOUR)));
    assert_eq!(kept(&revoke), None, "what nobody limits stays");
    let mut refused = revoke.clone();
    assert!(revoke.end(STORE, revoked(STORE)));
    assert_eq!(kept(&revoke), Some(30));
    let forgotten = End {
        keep_ms: Some(1),
        ..revoked(STORE + 1)
    };
    assert!(revoke.end(STORE, forgotten), "what ended is forgotten");
    assert_eq!(revoke.view(STORE).dead, Some(Cause::Revoked));
    assert_eq!(revoke.view(STORE + 1), none(STORE + 1));

    refused.begin(STORE, begin("one", STORE));
    let dead = Failure::Dead {
        cause: Cause::Refused,
    };
    assert!(refused.fail(STORE, "one", 1, &dead));
    assert_eq!(kept(&refused), Some(30));

    let mut never = Record::default();
    never.begin(STORE, begin("one", 0));
    assert_eq!(
        kept(&never),
        Some(30),
        "nor does what never came to be stay"
    );
    let released = Failure::Release {
        sent: false,
        gate: None,
    };
    assert!(never.fail(STORE, "one", 1, &released));
    assert_eq!(never.view(STORE + 30 * DAY), none(STORE + 30 * DAY));
}

#[test]
fn a_record_says_how_long_a_store_keeps_it() {
    let commit = |keep| {
        let input = json!({
            "record": null, "nowMs": STORE, "owner": "a", "grant": true, "base": 0,
            "blob": "tokens", "lifeMs": HOUR, "keepMs": keep,
        });
        record::commit(serde_json::from_value(input).unwrap()).unwrap()
    };
    assert_eq!(commit(None).keep_ms, None);
    let changed = commit(Some(HOUR));
    assert_eq!(changed.keep_ms, Some(HOUR));
    let input = json!({
        "record": changed.record, "nowMs": STORE + HOUR, "owner": "b", "fence": 1,
        "what": { "type": "release", "sent": false },
    });
    let over = record::fail(serde_json::from_value(input).unwrap()).unwrap();
    assert!(!over.result.accepted);
    assert_eq!(over.record, None, "what is over is not written anew");
}

#[test]
fn keep_for_counts_from_the_end_of_the_access_token() {
    let policy = Policy {
        keep_for_ms: Some(7 * DAY),
        ..code()
    };
    let mut bench = Bench::with(policy, Some("a"), Some(HOUR));
    let refresh_at = 5 + HOUR / 10 * 6;
    bench.want();
    bench.wake_until(refresh_at);
    bench.tokens(Some("b"), Some(HOUR));
    let keep = bench.record.keep_ms(STORE + bench.now).unwrap();
    assert_eq!(keep, HOUR + 7 * DAY);

    bench.wake_until(2 * refresh_at);
    bench.tokens(Some("c"), None);
    let keep = bench.record.keep_ms(STORE + bench.now);
    assert_eq!(keep, None, "when a token ends is not known");
    let far = json!({ "grant": "password", "keepForMs": u64::MAX });
    let far = checked(serde_json::from_value(far).unwrap());
    assert_eq!(far.unwrap_err().subject(), "keepFor");
}

#[test]
fn forgetting_ends_a_grant_for_as_long_as_answers_may_come() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.want();
    bench.tell(What::End {
        caller: 50,
        cause: Cause::Revoked,
        forget: true,
    });
    let keep = bench.record.keep_ms(STORE + bench.now).unwrap();
    assert_eq!(keep, 600_000);
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Revoked));
    bench.now += keep;
    let caller = bench.want();
    assert_eq!(
        bench.rejected(caller).unwrap().1,
        Some(Reason::NeverSignedIn)
    );
    assert!(bench.sends().is_empty());
}

#[test]
fn records_print_no_tokens() {
    let mut record = Record::default();
    let commit = Commit {
        blob: "s3cr3t".into(),
        ..grant(Some("a"), Some(HOUR))
    };
    let shown = format!("{commit:?}");
    assert!(record.commit(STORE, commit));
    let text = record.text();
    assert!(text.contains("s3cr3t"), "it is kept");
    let view = record.view(STORE);
    let begun = record.begin(STORE, begin("me", STORE));
    let input = json!({ "record": text, "nowMs": STORE, "owner": "me", "fence": 1 });
    let input: Change<record::Mark> = serde_json::from_value(input).unwrap();
    let shown = format!("{shown}{record:?}{view:?}{begun:?}{input:?}");
    let shown = format!("{shown}{:?}", record::mark(input));
    assert!(
        shown.contains("[redacted]") && !shown.contains("s3cr3t"),
        "{shown}"
    );
}

#[test]
fn what_comes_after_the_end_is_revoked() {
    let dropped = |bench: &Bench, revoked: bool| {
        let flight = bench.flight().unwrap();
        let (kept, revoke) = (Action::Drop { flight }, Action::Revoke { flight });
        let found = [&kept, &revoke].map(|action| bench.actions.contains(action));
        assert_eq!(found, [!revoked, revoked]);
    };
    let refreshing = || {
        let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
        bench.now += HOUR;
        bench.want();
        assert_eq!(bench.sends().len(), 1);
        bench
    };
    // Somebody signs out, here or elsewhere, and is forgotten.
    for (here, forget, gone) in [
        (true, false, 0),
        (true, true, 0),
        (false, false, 0),
        (false, true, 0),
        (false, true, 600_000),
    ] {
        let mut bench = refreshing();
        if here {
            let (caller, cause) = (50, Cause::Revoked);
            bench.tell(What::End {
                caller,
                cause,
                forget,
            });
        } else {
            let base = bench.view().generation;
            let keep_ms = forget.then_some(600_000);
            let end = End {
                keep_ms,
                ..revoked(base)
            };
            assert!(bench.record.end(STORE + bench.now, end));
        }
        bench.now += gone;
        bench.tokens(Some("b"), Some(HOUR));
        assert!(!bench.view().token, "it does not come back");
        dropped(&bench, true);
    }
    // A new sign-in is of the same platform and the same user: nothing is risked for the old pair.
    let mut bench = refreshing();
    let base = bench.view().generation;
    let other = Commit {
        base,
        ..grant(Some("c"), Some(HOUR))
    };
    assert!(bench.record.commit(STORE + bench.now, other));
    bench.tokens(Some("b"), Some(HOUR));
    dropped(&bench, false);
    assert_eq!(bench.view().rt.as_deref(), Some("c"));
    let mut bench = refreshing();
    bench.tokens(Some("b"), Some(HOUR));
    dropped(&bench, false);
    assert_eq!(bench.view().rt.as_deref(), Some("b"));
}

#[test]
fn a_lease_that_was_not_heard_of_is_taken_again() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.silent = Some("begin");
    let caller = bench.want();
    assert!(bench.view().lease_for_ms > 0 && bench.sends().is_empty());
    assert_eq!(
        bench.rejected(caller).unwrap().0,
        Rejection::StoreUnavailable
    );
    bench.now += 1_000;
    let caller = bench.want();
    assert_eq!(bench.sends().len(), 1, "it does not wait for itself");
    bench.tokens(Some("b"), Some(HOUR));
    assert!(bench.served(caller).is_some());

    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.now += HOUR;
    bench.fails = Some("begin");
    bench.want();
    bench.fails = None;
    bench.down = false;
    let lead = begin("other", bench.view().generation);
    bench.record.begin(STORE + bench.now, lead);
    bench.now += 1_000;
    bench.want();
    bench.wake_until(bench.now + 9_000);
    assert!(bench.sends().is_empty(), "but it does for another");
}

#[test]
fn what_cannot_be_opened_is_replaced_by_a_new_grant_alone() {
    let shut = |policy: Policy| {
        let mut bench = Bench::with(policy, Some("a"), Some(HOUR));
        bench.locked = Some(bench.view().generation);
        bench
    };
    for policy in [code(), policy(Grant::RefreshToken)] {
        let mut bench = shut(policy);
        for _ in 0..3 {
            let caller = bench.want();
            assert_eq!(
                bench.rejected(caller).unwrap().0,
                Rejection::StoreUnavailable
            );
            bench.now += 10_000;
        }
        assert!(bench.sends().is_empty());
        assert_eq!(bench.view().rt.as_deref(), Some("a"), "it stays as it is");
        assert_eq!(bench.view().lease_for_ms, 0);
        assert_eq!(bench.news(), [News::StoreUnavailable], "said once");

        bench.tell(What::Granted {
            caller: 7_000,
            flight: 1 << 40,
            rt: Some("b".to_owned()),
            life_ms: Some(HOUR),
            sent_ms: bench.now,
            sent_wall_ms: None,
        });
        let callers = vec![7_000];
        assert!(bench.actions.contains(&Action::Resolve { callers }));
        let caller = bench.want();
        assert_eq!(bench.served(caller), Some(bench.view().generation));
        assert_eq!(bench.view().rt.as_deref(), Some("b"));
    }

    let mut bench = shut(code());
    bench.tell(What::End {
        caller: 50,
        cause: Cause::Revoked,
        forget: true,
    });
    assert!(!bench.view().token, "it can be forgotten");
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Revoked));

    let mut bench = shut(policy(Grant::RefreshToken));
    bench.source = Some("another".to_owned());
    let caller = bench.want();
    assert_eq!(bench.view().rt.as_deref(), Some("imported"));
    bench.tokens(Some("c"), Some(HOUR));
    assert_eq!(bench.served(caller), Some(bench.view().generation));

    // Of two with keys of their own neither undoes the other's work.
    let mut bench = shut(own());
    let caller = bench.want();
    assert_eq!(bench.sends(), [How::Grant], "it goes on alone");
    bench.tokens(None, Some(HOUR));
    assert!(bench.served(caller).is_some());
    assert_eq!(bench.view().rt.as_deref(), Some("a"));

    let mut bench = shut(code());
    let end = Failure::Dead {
        cause: Cause::Refused,
    };
    let (now, base) = (STORE + bench.now, bench.view().generation);
    bench.record.begin(now, begin("other", base));
    assert!(bench.record.fail(now, "other", 1, &end));
    let caller = bench.want();
    assert_eq!(bench.rejected(caller).unwrap().1, Some(Reason::Refused));
}

const WALL: u64 = 1_800_000_000_000;

/// Time that the process's clock does not count.
fn sleep(bench: &mut Bench, ms: u64) {
    bench.wall = bench.wall.map(|wall| wall + ms);
}

#[test]
fn tm6_a_token_that_ended_while_the_machine_was_suspended_is_not_handed_out() {
    for own in [false, true] {
        let mut bench = if own {
            Bench::new(code())
        } else {
            Bench::with(code(), Some("a"), Some(HOUR))
        };
        bench.wall = Some(WALL);
        if own {
            bench.tell(What::Granted {
                caller: 7_000,
                flight: 1 << 40,
                rt: Some("a".to_owned()),
                life_ms: Some(HOUR),
                sent_ms: bench.now,
                sent_wall_ms: bench.wall,
            });
        }
        let caller = bench.want();
        assert!(bench.served(caller).is_some());
        let serving = bench.serving.unwrap();
        let until = serving.wall_until_ms.unwrap();
        assert!(until > WALL && until <= WALL + HOUR);
        sleep(&mut bench, HOUR);
        bench.tell(What::Wake);
        assert_eq!(bench.serving, None);
        let caller = bench.want();
        assert_eq!(bench.served(caller), None);
        assert_eq!(bench.sends().len(), 1, "it is refreshed instead");
        bench.tokens(Some("b"), Some(HOUR));
        assert!(bench.served(caller).is_some());
    }
}

#[test]
fn tm6_what_was_asked_before_a_suspension_is_as_old_as_it_is() {
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.wall = Some(WALL);
    bench.now += HOUR;
    bench.want();
    // The answer lay in the socket.
    sleep(&mut bench, 2 * HOUR);
    bench.tokens(Some("b"), Some(HOUR));
    let view = bench.view();
    assert_eq!(view.rt.as_deref(), Some("b"), "the refresh token is good");
    assert_eq!(view.expires_in_ms, Some(0), "the access token is not");
    assert_eq!(bench.sends().len(), 2);
    bench.tokens(Some("c"), Some(HOUR));
    assert_eq!(bench.view().expires_in_ms, Some(HOUR));

    // Nobody knows who led meanwhile.
    let mut bench = Bench::with(code(), Some("a"), Some(HOUR));
    bench.policy.old_access_token_dies = true;
    bench.wall = Some(WALL);
    bench.now += HOUR / 10 * 7;
    bench.want();
    assert!(bench.sends().is_empty(), "it is quiet");
    sleep(&mut bench, 60_000);
    bench.wait(1_050);
    assert!(bench.sends().is_empty());
    let begun = |action: &&Action| matches!(action, Action::Begin { .. });
    assert_eq!(bench.actions.iter().filter(begun).count(), 2, "it asks");
    bench.wait(1_050);
    assert_eq!(bench.sends().len(), 1);
}

#[test]
fn tm6_a_wall_clock_that_is_set_breaks_nothing() {
    let mut bench = Bench::with(code(), Some("a"), Some(10 * HOUR));
    bench.wall = Some(WALL);
    for set in [
        WALL,
        WALL - 3 * DAY,
        WALL,
        0,
        WALL + HOUR,
        WALL - DAY,
        WALL + HOUR,
    ] {
        bench.now += 2_000;
        bench.wall = Some(set);
        let caller = bench.want();
        assert!(bench.served(caller).is_some(), "{set}");
    }
    assert!(bench.sends().is_empty());
    bench.wall = Some(WALL + DAY);
    bench.want();
    assert_eq!(bench.sends().len(), 1, "a day ahead costs a refresh");
    bench.tokens(Some("b"), Some(10 * HOUR));
    for set in [WALL, WALL + DAY] {
        bench.now += 2_000;
        bench.wall = Some(set);
        let caller = bench.want();
        assert!(bench.served(caller).is_some());
    }
    assert_eq!(bench.sends().len(), 1, "and the way back and forth none");
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
    bench.tell(What::End {
        caller: 50,
        cause,
        forget: false,
    });
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
        !record.end(verdict, revoked(base - 1)),
        "another generation"
    );
    assert!(record.end(verdict, revoked(base)));
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
        sent_wall_ms: None,
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
            wall_ms: None,
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
                sign_ins: if is_code { signs } else { 0 }, ends: 1, forgets: 1, secrets: 0, deploys: 2,
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
                locked: random % 7 == 0,
                expires_in_ms: Some(u64::from(random)),
                refresh_in_ms: Some(u64::from(random) / 2),
                ..View::default()
            };
            let op = number;
            let what = match kind {
                0 => What::Want { caller: number, deadline_ms: now + number, refused: flag.then_some(number) },
                1 => What::Cancel { caller: number },
                2 => What::Read { op, view },
                3 => What::Begun { op, begun: Begun::Lead { fence: 1, had_intent_ms: None, changed: flag, view } },
                4 => What::Begun { op, begun: Begun::Fresh { view } },
                5 => What::Marked { op, marked: flag },
                6 => What::Committed { op, accepted: flag, view },
                7 => What::Failed { op, view },
                8 => What::StoreFailed { op },
                9 => What::Answered { flight: number, answer: Answer::InvalidGrant },
                10 => What::Answered { flight: number, answer: Answer::Tokens { rt: None, life_ms: Some(u64::MAX) } },
                11 => What::Answered { flight: number, answer: Answer::Unavailable { sent: flag } },
                12 => What::End { caller: number, cause: Cause::Revoked, forget: number % 2 == 0 },
                _ => What::Wake,
            };
            let done = step(&policy, machine, Event { now_ms: now, wall_ms: (random % 5 > 0).then_some(u64::from(random)), random, what });
            prop_assert!(done.wake_ms.is_none_or(|at| at > now));
            let text = serde_json::to_string(&done.machine).unwrap();
            machine = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&machine, &done.machine);
        }
    }
}
