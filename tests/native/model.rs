//! Model checking of the token machine and the record as they ship: every order of events, with
//! every fault at every step, within bounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

use std::time::Instant;

use plaudit::server::tokens::{Grant, Policy};
use stateright::{Checker, HasDiscoveries, Model, Property};
use world::{BEGIN, Faults, Happening, Mutant, World, policy};

mod world;

#[derive(Clone)]
struct Check {
    policy: Policy,
    begin: World,
    mutant: Option<Mutant>,
    /// The one rule that is looked at, where it is not all of them.
    rule: Option<&'static str>,
    /// How far time goes.
    horizon: u64,
    faultless: bool,
}

impl Model for Check {
    type State = World;
    type Action = Happening;

    fn init_states(&self) -> Vec<World> {
        vec![self.begin.clone()]
    }

    fn actions(&self, state: &World, actions: &mut Vec<Happening>) {
        if state.broken.is_none() {
            state.happenings(actions);
        }
    }

    fn next_state(&self, last: &World, action: Happening) -> Option<World> {
        let mut next = last.clone();
        next.happen(&self.policy, self.mutant, action);
        if self.rule.is_some() && self.rule != next.broken {
            next.broken = None;
        }
        (next.now <= BEGIN + self.horizon).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![Property::always("no rule is broken", |_, world: &World| {
            world.broken.is_none()
        })];
        if self.faultless && self.rule.is_none() {
            properties.push(Property::eventually("served", |_, world: &World| {
                world.all_served()
            }));
        }
        properties
    }
}

/// Looks at every state and returns the first that breaks a rule, with the way to it.
fn search(name: &str, check: Check) -> Option<(String, Vec<Happening>)> {
    let from = Instant::now();
    let checker = check
        .checker()
        .threads(2)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs()
        .join();
    eprintln!(
        "{name}: {} states, depth {}, {:.1} s",
        checker.unique_state_count(),
        checker.max_depth(),
        from.elapsed().as_secs_f64(),
    );
    checker
        .discoveries()
        .into_iter()
        .next()
        .map(|(name, path)| {
            let broken = path.last_state().broken.unwrap_or(name);
            (broken.to_owned(), path.into_actions())
        })
}

fn check(name: &str, check: Check) {
    if let Some((broken, way)) = search(name, check) {
        panic!("{name}: {broken}\n{way:?}");
    }
}

/// The checker must notice that a rule is missing.
fn bites(mutant: Mutant, check: Check, rule: &'static str) {
    let check = Check {
        mutant: Some(mutant),
        rule: Some(rule),
        ..check
    };
    let found = search(&format!("{mutant:?}"), check);
    let (found, way) = found.unwrap_or_else(|| panic!("{mutant:?} passes: {rule}"));
    assert_eq!(found, rule, "{mutant:?}");
    eprintln!("  {rule}, after {way:?}");
}

fn world(processes: usize, wants: u8, age: u64, faults: Faults) -> Check {
    of(Grant::AuthorizationCode, processes, wants, age, faults)
}

fn of(grant: Grant, processes: usize, wants: u8, age: u64, faults: Faults) -> Check {
    let faultless = faults == NONE;
    let mut begin = World::of(grant, processes, wants, age, faults);
    begin.grain = if faultless { 1 } else { 5_000 };
    begin.prompt_reads = faults.pauses == 0 && !faultless;
    Check {
        policy: policy(grant),
        begin,
        mutant: None,
        rule: None,
        horizon: age + if faultless { 400_000 } else { 200_000 },
        faultless,
    }
}

/// An age at which a token is refreshed while it is handed out, and one at which it is over.
const AHEAD: u64 = 361_000;
const OVER: u64 = 601_000;

fn quiet(mut check: Check) -> Check {
    check.policy.old_access_token_dies = true;
    check.begin.platform.access_tokens_die = true;
    check
}

fn replay(mut check: Check) -> Check {
    check.policy.refresh_reuse_ms = Some(60_000);
    check.begin.platform.reuse_ms = Some(60_000);
    check
}

/// A platform at which the revocation of a used refresh token does nothing to its successor.
fn strangers(mut check: Check) -> Check {
    check.begin.platform.revokes_families = false;
    check
}

/// The record's time is over before the next pause is.
fn ending(mut check: Check) -> Check {
    check.begin.keep(1_000);
    check
}

/// What is left of a grant that ended goes before the next pause is over.
fn forgetful(mut check: Check) -> Check {
    check.begin.left_ms = Some(1_000);
    check
}

const NONE: Faults = Faults {
    crashes: 0,
    pauses: 0,
    lost_answers: 0,
    store: 0,
    refusals: 0,
    unauthorized: 0,
    sign_ins: 0,
    ends: 0,
    forgets: 0,
    secrets: 0,
    deploys: 0,
};

#[test]
fn faultless() {
    check("two, ahead", world(2, 2, AHEAD, NONE));
    check("two, over", world(2, 2, OVER, NONE));
    check("two, ahead, quiet", quiet(world(2, 2, AHEAD, NONE)));
    check("two, over, quiet", quiet(world(2, 2, OVER, NONE)));
    check("three, ahead", world(3, 1, AHEAD, NONE));
    check("three, over", world(3, 1, OVER, NONE));
    check("three, ahead, quiet", quiet(world(3, 1, AHEAD, NONE)));
}

/// One fault at every step, before and after the token's end.
#[test]
fn one_fault() {
    for (age, when) in [(AHEAD, "ahead"), (OVER, "over")] {
        for (name, faults) in [
            ("crash", Faults { crashes: 1, ..NONE }),
            ("pause", Faults { pauses: 1, ..NONE }),
            (
                "lost answer",
                Faults {
                    lost_answers: 1,
                    ..NONE
                },
            ),
            ("store", Faults { store: 1, ..NONE }),
            (
                "429 or 503",
                Faults {
                    refusals: 1,
                    ..NONE
                },
            ),
            (
                "401",
                Faults {
                    unauthorized: 1,
                    ..NONE
                },
            ),
            (
                "sign-in",
                Faults {
                    sign_ins: 1,
                    ..NONE
                },
            ),
            ("revoked", Faults { ends: 1, ..NONE }),
        ] {
            let world = world(2, 1, age, faults);
            check(&format!("{name}, {when}"), world.clone());
            check(&format!("{name}, {when}, replay"), replay(world.clone()));
            if age == AHEAD {
                check(&format!("{name}, {when}, quiet"), quiet(world.clone()));
                check(&format!("{name}, {when}, both"), quiet(replay(world)));
            }
        }
    }
}

/// Two of them.
#[test]
fn two_faults() {
    let pairs = [
        ("crashes", Faults { crashes: 2, ..NONE }),
        (
            "crash and store",
            Faults {
                crashes: 1,
                store: 1,
                ..NONE
            },
        ),
        (
            "crash and pause",
            Faults {
                crashes: 1,
                pauses: 1,
                ..NONE
            },
        ),
        (
            "lost answer and store",
            Faults {
                lost_answers: 1,
                store: 1,
                ..NONE
            },
        ),
        (
            "pause and store",
            Faults {
                pauses: 1,
                store: 1,
                ..NONE
            },
        ),
        (
            "pause and lost answer",
            Faults {
                pauses: 1,
                lost_answers: 1,
                ..NONE
            },
        ),
    ];
    let sign_in = Faults {
        sign_ins: 1,
        store: 1,
        ..NONE
    };
    check("sign-in and store", world(2, 1, AHEAD, sign_in));
    let end = Faults {
        ends: 1,
        store: 1,
        ..NONE
    };
    check("revoked and store", world(2, 1, AHEAD, end));
    for (name, faults) in pairs {
        check(&format!("{name}, quiet"), quiet(world(2, 1, AHEAD, faults)));
    }
}

/// The first process is configured with what the platform does not take.
fn misconfigured(mut check: Check) -> Check {
    check.begin.processes[0].config = 1;
    check
}

/// The platform says of it that the grant is refused, not the client.
fn wrong_password(mut check: Check) -> Check {
    check.begin.platform.refuses_grants = true;
    misconfigured(check)
}

const RENEWING: [(&str, Grant); 2] = [
    ("client credentials", Grant::ClientCredentials),
    ("password", Grant::Password),
];
/// An age at which nobody has had a token yet.
const NEW: u64 = 0;

/// TM16: processes that need nobody to get a token.
#[test]
fn renewing_faultless() {
    for (name, grant) in RENEWING {
        for (age, when) in [(AHEAD, "ahead"), (OVER, "over"), (NEW, "new")] {
            check(&format!("{name}, two, {when}"), of(grant, 2, 2, age, NONE));
        }
    }
    let [(name, grant), _] = RENEWING;
    check(&format!("{name}, three"), of(grant, 3, 1, OVER, NONE));
}

/// Each fault by itself.
#[test]
fn renewing_faults() {
    for (name, grant) in RENEWING {
        for (fault, faults) in faults() {
            check(
                &format!("{name}, {fault}, ahead"),
                of(grant, 2, 1, AHEAD, faults),
            );
            check(
                &format!("{name}, {fault}, over"),
                of(grant, 2, 1, OVER, faults),
            );
        }
    }
    // Before the first token a password is as good as a client's secret.
    let [(name, grant), _] = RENEWING;
    for (fault, faults) in faults() {
        check(
            &format!("{name}, {fault}, new"),
            of(grant, 2, 1, NEW, faults),
        );
    }
}

/// A refresh token from elsewhere, which the first of all processes stores and refreshes.
#[test]
fn imported() {
    let grant = Grant::RefreshToken;
    check("imported", of(grant, 2, 2, NEW, NONE));
    for (fault, faults) in faults() {
        check(&format!("imported, {fault}"), of(grant, 2, 1, NEW, faults));
    }
}

/// TM14: one process is configured wrongly, from the beginning or since the platform changed its
/// mind.
#[test]
fn configurations() {
    let [(credentials, own), _] = RENEWING;
    for (name, grant) in [(credentials, own), ("code", Grant::AuthorizationCode)] {
        for (fault, faults) in faults().into_iter().chain([("nothing", NONE)]) {
            let check_of = misconfigured(of(grant, 2, 1, OVER, faults));
            check(&format!("{name}, misconfigured, {fault}"), check_of);
        }
        let faults = Faults {
            secrets: 1,
            deploys: 1,
            ..NONE
        };
        check(
            &format!("{name}, another secret"),
            of(grant, 2, 1, OVER, faults),
        );
        check(
            &format!("{name}, another secret, ahead"),
            of(grant, 2, 1, AHEAD, faults),
        );
    }
    for (fault, faults) in faults().into_iter().chain([("nothing", NONE)]) {
        let check_of = wrong_password(of(Grant::Password, 2, 1, OVER, faults));
        check(&format!("wrong password, {fault}"), check_of);
        let check_of = wrong_password(of(Grant::Password, 2, 1, NEW, faults));
        check(&format!("wrong password, {fault}, new"), check_of);
    }
}

fn faults() -> [(&'static str, Faults); 7] {
    [
        ("crash", Faults { crashes: 1, ..NONE }),
        ("pause", Faults { pauses: 1, ..NONE }),
        (
            "lost answer",
            Faults {
                lost_answers: 1,
                ..NONE
            },
        ),
        ("store", Faults { store: 1, ..NONE }),
        (
            "429 or 503",
            Faults {
                refusals: 1,
                ..NONE
            },
        ),
        (
            "401",
            Faults {
                unauthorized: 1,
                ..NONE
            },
        ),
        ("revoked", Faults { ends: 1, ..NONE }),
    ]
}

/// Somebody ends or forgets the grant, or the record's time is over, at every step of a refresh.
#[test]
fn endings() {
    let end = Faults { ends: 1, ..NONE };
    let forget = Faults { forgets: 1, ..NONE };
    let pause = Faults { pauses: 1, ..NONE };
    for (age, when) in [(AHEAD, "ahead"), (OVER, "over")] {
        let of = |faults| world(2, 1, age, faults);
        check(&format!("revoked, strangers, {when}"), strangers(of(end)));
        check(&format!("forgotten, {when}"), of(forget));
        check(&format!("over, {when}"), ending(of(pause)));
        check(&format!("over, replay, {when}"), replay(ending(of(pause))));
        if age == AHEAD {
            let faults = Faults { store: 1, ..forget };
            check("forgotten and store", strangers(of(faults)));
            let faults = Faults {
                crashes: 1,
                ..forget
            };
            check("forgotten and crash", strangers(of(faults)));
            let faults = Faults {
                crashes: 1,
                ..pause
            };
            check("over and crash", ending(of(faults)));
            let faults = Faults { store: 1, ..pause };
            check("over and store", ending(of(faults)));
        }
        // Of two processes these are millions.
        let one = |faults| strangers(world(1, 1, age, faults));
        let sign_in = Faults {
            sign_ins: 1,
            ..forget
        };
        check(&format!("forgotten and sign-in, {when}"), one(sign_in));
        let both = Faults {
            pauses: 1,
            ..forget
        };
        check(&format!("forgotten and pause, {when}"), one(both));
        check(&format!("forgotten and gone, {when}"), forgetful(one(both)));
    }
    let quietly = |faults| quiet(world(2, 1, AHEAD, faults));
    check("forgotten, quiet", strangers(quietly(forget)));
    check("over, quiet", ending(quietly(pause)));
    for grant in [Grant::Password, Grant::ClientCredentials] {
        let world = of(grant, 2, 1, AHEAD, forget);
        check(&format!("forgotten, {grant:?}"), strangers(world));
        let world = of(grant, 2, 1, AHEAD, pause);
        check(&format!("over, {grant:?}"), ending(world));
    }
}

#[test]
fn endings_mutants() {
    let forget = Faults { forgets: 1, ..NONE };
    let pause = Faults { pauses: 1, ..NONE };
    bites(
        Mutant::DropAfterEnd,
        world(2, 1, AHEAD, forget),
        "a refresh token was lost without a fault that explains it",
    );
    bites(
        Mutant::GoesUnderRefresh,
        ending(world(2, 1, AHEAD, pause)),
        "a record was removed under a refresh",
    );
    let both = Faults {
        pauses: 1,
        ..forget
    };
    bites(
        Mutant::CommitToNothing,
        forgetful(world(1, 1, AHEAD, both)),
        "what was ended came back",
    );
    let repeated = Faults {
        sign_ins: 1,
        store: 1,
        ..forget
    };
    bites(
        Mutant::EndAlways,
        world(2, 0, AHEAD, repeated),
        "an end of one generation ended another",
    );
}

#[test]
fn mutants() {
    let pause = Faults { pauses: 1, ..NONE };
    let lost = "a refresh token was lost without a fault that explains it";
    let crash = Faults { crashes: 1, ..NONE };
    bites(
        Mutant::NoLease,
        world(2, 1, AHEAD, NONE),
        "a refresh was sent twice without a fault",
    );
    bites(Mutant::CommitByFence, world(2, 1, AHEAD, pause), lost);
    bites(Mutant::AnswersExpire, world(2, 1, AHEAD, pause), lost);
    bites(
        Mutant::NoIntent,
        world(2, 1, AHEAD, crash),
        "a loss is not reported as one",
    );
    bites(
        Mutant::CommitAlways,
        replay(world(2, 1, AHEAD, pause)),
        "a lower generation overwrote a higher one",
    );
    bites(
        Mutant::CommitKeepsLeases,
        world(2, 1, OVER, pause),
        "a living grant was buried",
    );
    bites(Mutant::FailByAnyone, world(2, 1, OVER, pause), lost);
    let sign_in = Faults {
        sign_ins: 1,
        ends: 1,
        store: 1,
        ..NONE
    };
    bites(Mutant::SignInAlways, world(2, 0, AHEAD, sign_in), lost);
    bites(
        Mutant::NoQuiet,
        quiet(world(2, 2, AHEAD, NONE)),
        "a token was handed out after its refresh was sent",
    );

    let alone = Grant::ClientCredentials;
    let end = Faults { ends: 1, ..NONE };
    let barred = "a good configuration was barred";
    let again = "a refused configuration was sent again before its time";
    let told = "somebody has to sign in where nobody can";
    bites(
        Mutant::NoLease,
        of(alone, 2, 1, OVER, NONE),
        "a refresh was sent twice without a fault",
    );
    bites(
        Mutant::GateForAll,
        misconfigured(of(alone, 2, 1, OVER, NONE)),
        barred,
    );
    let mut both = misconfigured(of(alone, 2, 1, OVER, NONE));
    both.begin.processes[1].config = 1;
    check("both misconfigured", both.clone());
    bites(Mutant::GateForNobody, both, again);
    let wrong = wrong_password(of(Grant::Password, 2, 1, NEW, NONE));
    bites(Mutant::DeadForAll, wrong, told);
    bites(Mutant::RevokedForGood, of(alone, 2, 1, AHEAD, end), told);
}
