//! The six steps of Trustpilot's guide "Build a partner integration": the requests of steps four and
//! five, what their answers mean, and what to do where a step fails, in the guide's words.

use serde::{Deserialize, Serialize};

use crate::api::{self, Access, Key, is_retryable, read_status};
use crate::error::{Error, Fault, fault};

static PARTNER_ID: Fault = fault!(
    InvalidArgument,
    "partnerId",
    "must be letters, digits, _ and - alone"
);
static BUSINESS_UNIT: Fault = fault!(
    InvalidArgument,
    "businessUnitId",
    "must be 24 hexadecimal digits"
);

/// What is asked of the platform about a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// `GET`: may the customer use the integration?
    Check,
    /// `POST`: an API key on behalf of the customer.
    Key,
}

/// What [`address`] takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subject {
    /// What is asked.
    pub question: Question,
    /// The base address, for example `https://api.trustpilot.com/v1`.
    pub base: String,
    /// The partner's id.
    pub partner_id: String,
    /// The customer's business unit.
    pub business_unit_id: String,
}

/// The address of a question.
///
/// # Errors
/// `invalid_argument`, its subject the argument.
pub fn address(subject: Subject) -> Result<String, Error> {
    let Subject {
        question,
        base,
        partner_id,
        business_unit_id,
    } = subject;
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    if partner_id.is_empty() || !partner_id.bytes().all(is_plain) {
        return Err((&PARTNER_ID).into());
    }
    if business_unit_id.len() != 24 || !business_unit_id.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err((&BUSINESS_UNIT).into());
    }
    let name = match question {
        Question::Check => "check",
        Question::Key => "key",
    };
    let access = Access {
        base: &base,
        key: Key::None,
    };
    let path = format!("/private/partners/{partner_id}/{name}/{business_unit_id}");
    api::get(&access, &path, &[]).map(|request| request.url)
}

/// What [`read`] takes.
#[derive(Clone, Copy, Deserialize)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The HTTP status that was answered.
    pub status: u16,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Meaning {
    /// 201: the customer may use the integration; or the key was created.
    Yes,
    /// The platform's no.
    No {
        /// Why.
        reason: Reason,
    },
    /// Neither: a failure as of any other call.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// Its code.
        code: &'static str,
        /// Whether the same call may succeed later.
        retryable: bool,
    },
}

/// Why a customer cannot be served yet, or a step of [`advice`] failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// 200 of a check: the customer does not have rights to use this integration.
    NoRights,
    /// 200 of a key: the customer does not have permissions to use this integration.
    NoPermission,
    /// 403: incorrect authentication for the business unit.
    NotAuthorized,
    /// 404 of a key: incorrect partner id.
    IncorrectPartnerId,
    /// The platform does not take the partner's key and secret.
    CredentialsRefused,
    /// No access token came.
    NoToken,
    /// There is no business unit of that domain.
    UnknownDomain,
    /// Finding the business unit failed for another reason.
    LookupFailed,
    /// Asking failed for another reason.
    CallFailed,
    /// The customer has not signed in yet.
    NotSignedIn,
}

/// Reads an answer. Here alone 200 is a no and 201 is a yes.
///
/// # Errors
/// None: what is neither is [`Meaning::Failed`].
pub fn read(answer: Answer) -> Result<Meaning, Error> {
    let no = |reason| Meaning::No { reason };
    Ok(match (answer.question, answer.status) {
        (_, 201) => Meaning::Yes,
        (Question::Check, 200) => no(Reason::NoRights),
        (Question::Key, 200) => no(Reason::NoPermission),
        (_, 403) => no(Reason::NotAuthorized),
        (Question::Key, 404) => no(Reason::IncorrectPartnerId),
        (_, status) => Meaning::Failed {
            // Another 2xx or a redirect is none of the documented answers.
            code: read_status(status).map_or("malformed_response", |code| match status {
                300..=399 => "malformed_response",
                _ => code.as_str(),
            }),
            retryable: is_retryable(status),
        },
    })
}

/// A step of the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// One: get your partner credentials.
    Credentials,
    /// Two: generate a partner access token.
    Token,
    /// Three: get the customer's business unit id.
    BusinessUnit,
    /// Four: check the customer's permissions.
    Permissions,
    /// Five: generate an API key for the customer.
    Key,
    /// Six: prompt the customer through authentication.
    Authorization,
}

impl Step {
    /// Which one, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }
}

/// What [`advice`] takes.
#[derive(Clone, Copy, Deserialize)]
pub struct Failure {
    /// Where it stopped.
    pub step: Step,
    /// Why.
    pub reason: Reason,
}

/// Who has to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The partner.
    You,
    /// The partner's customer.
    Customer,
}

/// What has to be done before the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Which step, from 1.
    pub number: u8,
    /// Who has to do it.
    pub who: Who,
    /// What.
    pub todo: &'static str,
}

const PERMISSIONS: &str = "Turn on Partnership Permissions in the Trustpilot Business app > Settings > Partnership Permissions. \
     That takes an Admin of your Trustpilot account, and the connect module.";

/// What to do about a failure, in the guide's words where it has some.
///
/// # Errors
/// None.
pub fn advice(failure: Failure) -> Result<Advice, Error> {
    let Failure { step, reason } = failure;
    let (who, todo) = match reason {
        Reason::NoRights | Reason::NoPermission => (Who::Customer, PERMISSIONS),
        Reason::NotAuthorized => (
            Who::You,
            "Use the access token of your own partner credentials, and the Business Unit ID of this customer: \
             Trustpilot answers \"Incorrect authentication for Business Unit\".",
        ),
        Reason::IncorrectPartnerId => (
            Who::You,
            "Check your Partner ID: your Partner Manager provides you with it.",
        ),
        Reason::CredentialsRefused => (
            Who::You,
            "Check your Partner API Keys and Partner ID: your Partner Manager provides you with them.",
        ),
        Reason::NoToken => (
            Who::You,
            "No partner access token came: see the error, and try again later.",
        ),
        Reason::UnknownDomain => (
            Who::Customer,
            "Enter your Trustpilot domain: the website that is associated with your Trustpilot profile, \
             for example trustpilot.com.",
        ),
        Reason::LookupFailed => (
            Who::You,
            "Finding the Business Unit failed: see the error; your API key goes into the header of that call.",
        ),
        Reason::CallFailed => (
            Who::You,
            "The call failed: see the error, and try again later.",
        ),
        Reason::NotSignedIn => (
            Who::Customer,
            "Sign in to Trustpilot and allow the integration.",
        ),
    };
    Ok(Advice {
        number: step.number(),
        who,
        todo,
    })
}
