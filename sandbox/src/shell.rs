//! The WebAssembly boundary: one sandbox an instance, requests and plans as bytes. It carries
//! values over and holds no rules of its own.
//!
//! JavaScript asks for room with [`reserve`], writes there, and calls. An answer lies at
//! [`output`] until the next call. Numbers alone cross, so no generated JavaScript is needed.

// An exported name is unsafe only where it meets another of the same name.
#![allow(unsafe_code)]

use std::cell::RefCell;

use http::header::{HeaderName, HeaderValue};
use http::{Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::world::MARKER;
use crate::{End, Options, Plan, Sandbox, Start};

#[derive(Default)]
struct Shell {
    sandbox: Option<Sandbox>,
    input: Vec<u8>,
    output: Vec<u8>,
}

thread_local! {
    static SHELL: RefCell<Shell> = RefCell::default();
}

/// How the sandbox is to begin, as JSON.
#[derive(Deserialize)]
struct Beginning {
    seed: u64,
    /// Where the clock stands; running when there is none.
    frozen: Option<u64>,
    #[serde(default = "nothing")]
    config: Value,
}

fn nothing() -> Value {
    Value::Object(Map::new())
}

/// What of a request is not its body, as JSON.
#[derive(Deserialize)]
struct Head {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
}

/// What of a plan is not its body, as JSON.
#[derive(Serialize)]
struct PlanHead<'a> {
    status: u16,
    headers: Vec<(&'a str, &'a str)>,
    /// The lengths of the pieces; the pieces follow.
    chunks: Vec<usize>,
    delay: u64,
    pause: u64,
    end: &'static str,
    target: &'a str,
}

/// Makes room for the `bytes` of the next call and says where.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    SHELL.with_borrow_mut(|shell| {
        shell.input.resize(bytes, 0);
        shell.input.as_mut_ptr()
    })
}

/// Where the answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    SHELL.with_borrow(|shell| shell.output.as_ptr())
}

/// Begins anew, with the options that were written. Gives the length of a refusal: 0 is none.
#[unsafe(no_mangle)]
pub extern "C" fn begin() -> usize {
    SHELL.with_borrow_mut(|shell| {
        shell.output = match begun(&shell.input) {
            Ok(sandbox) => {
                shell.sandbox = Some(sandbox);
                Vec::new()
            }
            Err(problem) => problem.into_bytes(),
        };
        shell.output.len()
    })
}

fn begun(options: &[u8]) -> Result<Sandbox, String> {
    let options: Beginning = serde_json::from_slice(options).map_err(|error| error.to_string())?;
    let clock = options.frozen.map_or(Start::Running, Start::Frozen);
    let seed = options.seed;
    let mut sandbox = Sandbox::new(Options { seed, clock });
    sandbox.configure(&options.config)?;
    Ok(sandbox)
}

/// Answers the request that was written: a head of `head` bytes, then the body. `now` is the real
/// time in milliseconds. Gives the length of the plan's head.
#[unsafe(no_mangle)]
pub extern "C" fn handle(now: f64, head: usize) -> usize {
    SHELL.with_borrow_mut(|shell| {
        let (head, body) = shell.input.split_at_checked(head).unwrap_or_default();
        let plan = match (shell.sandbox.as_mut(), request(head, body)) {
            // Whole milliseconds, and none before 1970.
            (Some(sandbox), Some(request)) => sandbox.handle(now as u64, request),
            _ => Plan::new(StatusCode::BAD_REQUEST).with(MARKER, "bad-request"),
        };
        shell.output = plan_head(&plan);
        let length = shell.output.len();
        shell.output.extend(plan.chunks.concat());
        length
    })
}

fn request(head: &[u8], body: &[u8]) -> Option<Request<Vec<u8>>> {
    let head: Head = serde_json::from_slice(head).ok()?;
    let mut request = Request::builder()
        .method(head.method.as_str())
        .uri(head.url);
    for (name, value) in head.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        // On the wire a header's character is one byte.
        let bytes: Option<Vec<u8>> = value
            .chars()
            .map(|character| u8::try_from(u32::from(character)).ok())
            .collect();
        request = request.header(name, HeaderValue::from_bytes(&bytes?).ok()?);
    }
    request.body(body.to_vec()).ok()
}

fn plan_head(plan: &Plan) -> Vec<u8> {
    let headers = plan
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
        .collect();
    let head = PlanHead {
        status: plan.status.as_u16(),
        headers,
        chunks: plan.chunks.iter().map(Vec::len).collect(),
        delay: plan.delay_ms,
        pause: plan.pause_ms,
        end: match plan.end {
            End::Whole => "whole",
            End::Cut => "cut",
            End::Hang => "hang",
        },
        target: &plan.masked_target,
    };
    serde_json::to_vec(&head).unwrap_or_default()
}
