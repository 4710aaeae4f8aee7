//! The partner's steps four and five, case by case, and what to do where one fails.

#![allow(clippy::unwrap_used, clippy::panic)]

use plaudit::server::partner::{
    Answer, Failure, Meaning, Question, Reason, Step, Subject, Who, address, advice, read,
};

fn url(question: Question, base: &str, partner: &str, unit: &str) -> Result<String, String> {
    address(Subject {
        question,
        base: String::from(base),
        partner_id: String::from(partner),
        business_unit_id: String::from(unit),
    })
    .map_err(|error| error.subject().to_owned())
}

const BASE: &str = "https://api.trustpilot.com/v1";
const UNIT: &str = "507f191e810c19729de860ea";

#[test]
fn the_addresses_of_the_guide() {
    assert_eq!(
        url(Question::Check, BASE, "p-1", UNIT).unwrap(),
        "https://api.trustpilot.com/v1/private/partners/p-1/check/507f191e810c19729de860ea"
    );
    assert_eq!(
        url(Question::Key, "https://api.trustpilot.com/v1/", "P_2", UNIT).unwrap(),
        "https://api.trustpilot.com/v1/private/partners/P_2/key/507f191e810c19729de860ea"
    );
    for (partner, unit, subject) in [
        ("", UNIT, "partnerId"),
        ("a/b", UNIT, "partnerId"),
        ("..", UNIT, "partnerId"),
        ("a?b", UNIT, "partnerId"),
        ("p", "", "businessUnitId"),
        ("p", "507f191e810c19729de860e", "businessUnitId"),
        ("p", "507f191e810c19729de860e/", "businessUnitId"),
    ] {
        assert_eq!(
            url(Question::Check, BASE, partner, unit).unwrap_err(),
            subject
        );
    }
    assert_eq!(
        url(Question::Check, "http://a.example", "p", UNIT).unwrap_err(),
        "baseUrl"
    );
}

#[test]
fn two_hundred_is_no_and_two_hundred_and_one_is_yes() {
    let no = |reason| Meaning::No { reason };
    let failed = |code, retryable| Meaning::Failed { code, retryable };
    for (question, status, meaning) in [
        (Question::Check, 200, no(Reason::NoRights)),
        (Question::Check, 201, Meaning::Yes),
        (Question::Check, 403, no(Reason::NotAuthorized)),
        (Question::Check, 404, failed("not_found", false)),
        (Question::Key, 200, no(Reason::NoPermission)),
        (Question::Key, 201, Meaning::Yes),
        (Question::Key, 403, no(Reason::NotAuthorized)),
        (Question::Key, 404, no(Reason::IncorrectPartnerId)),
        (Question::Key, 401, failed("unauthorized", false)),
        (Question::Key, 429, failed("rate_limited", true)),
        (Question::Check, 503, failed("server_error", true)),
        (Question::Check, 204, failed("malformed_response", false)),
        (Question::Key, 302, failed("malformed_response", false)),
        (Question::Key, 400, failed("bad_request", false)),
    ] {
        assert_eq!(
            read(Answer { question, status }).unwrap(),
            meaning,
            "{question:?} {status}"
        );
    }
}

#[test]
fn each_failure_says_who_does_what() {
    let steps = [
        Step::Credentials,
        Step::Token,
        Step::BusinessUnit,
        Step::Permissions,
        Step::Key,
        Step::Authorization,
    ];
    for (at, step) in steps.into_iter().enumerate() {
        assert_eq!(usize::from(step.number()), at + 1);
    }
    let of = |step, reason| advice(Failure { step, reason }).unwrap();
    let permissions = of(Step::Permissions, Reason::NoRights);
    assert_eq!((permissions.number, permissions.who), (4, Who::Customer));
    for words in [
        "Partnership Permissions",
        "Trustpilot Business app > Settings > Partnership Permissions",
        "Admin",
        "connect module",
    ] {
        assert!(permissions.todo.contains(words), "{words}");
    }
    assert_eq!(of(Step::Key, Reason::NoPermission).todo, permissions.todo);
    assert_eq!(
        of(Step::BusinessUnit, Reason::UnknownDomain).who,
        Who::Customer
    );
    assert!(
        of(Step::Key, Reason::IncorrectPartnerId)
            .todo
            .contains("Partner ID")
    );
    assert_eq!(of(Step::Authorization, Reason::NotSignedIn).number, 6);
}
