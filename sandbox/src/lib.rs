//! A stand-in for Trustpilot and Trustoo.
//!
//! Neither platform has a public test system. This crate plays both: their authorize pages, a
//! part of their API, and what goes wrong with them. Its core is a value, [`Sandbox`]: a request
//! and the time go in, a [`Plan`] comes out. It has no clock, no socket, no global and no
//! randomness, so the same seed, times and requests give the same bytes everywhere.
//!
//! With the feature `server` (the default) the module [`server`] carries plans out on a loopback
//! socket, and the binary `plaudit-sandbox` is made of it. With the feature `wasm` the module
//! `shell` is the boundary of the npm package's `plaudit/sandbox`.
//!
//! ```
//! use plaudit_sandbox::{Options, Sandbox};
//!
//! let mut sandbox = Sandbox::new(Options::default());
//! let request = http::Request::get("/v1/business-units/find?name=trustpilot.com")
//!     .header("apikey", plaudit_sandbox::DEMO_CLIENT)
//!     .body(Vec::new())?;
//! let plan = sandbox.handle(1_767_225_600_000, request);
//! assert_eq!(plan.status, 200);
//! # Ok::<(), http::Error>(())
//! ```

mod api;
mod authorize;
mod clock;
mod config;
mod control;
mod data;
mod date;
mod deliveries;
mod faults;
mod home;
mod html;
mod issued;
mod journal;
mod limits;
mod links;
mod plan;
mod redirect;
mod routes;
mod seed;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "wasm")]
pub mod shell;
mod sign;
mod state;
mod tokens;
mod world;

use std::collections::BTreeMap;

use http::{Request, StatusCode};
use serde_json::Value;

pub use clock::Start;
pub use config::{
    DEMO_CLIENT, DEMO_PARTNER, DEMO_PARTNER_CLIENT, DEMO_SECRET, DEMO_TRUSTOO_CLIENT,
    DEMO_TRUSTOO_PLATFORM,
};
pub use control::Control;
pub use plan::{End, Plan};

use config::Config;
use faults::Fault;
use routes::{Router, TRUSTOO_AUTHORIZE, TRUSTPILOT_AUTHORIZE};
use seed::Seed;
use world::{Call, MARKER, World};

/// Worlds are made on first use, so their number is bounded.
const WORLDS: usize = 4_096;

/// How a sandbox begins.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What every id, token and datum is derived from.
    pub seed: u64,
    /// How the clock of every world starts.
    pub clock: Start,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            clock: Start::Running,
        }
    }
}

/// The sandbox: worlds by name, the first of them without one. A clone is a snapshot.
#[derive(Clone)]
pub struct Sandbox {
    options: Options,
    config: Config,
    router: Router,
    worlds: BTreeMap<String, World>,
}

impl Sandbox {
    /// A sandbox in which nothing has happened yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            config: Config::default(),
            router: Router::new(),
            worlds: BTreeMap::new(),
        }
    }

    /// Changes what new worlds begin with, also after a reset. `patch` is a JSON object, as
    /// `POST /__sandbox/config` takes it.
    ///
    /// # Errors
    ///
    /// When it is no such object.
    pub fn configure(&mut self, patch: &Value) -> Result<(), String> {
        self.config = self.config.patched(patch)?;
        Ok(())
    }

    /// Answers one request. `now_ms` is the real time, in milliseconds since 1970.
    pub fn handle(&mut self, now_ms: u64, request: Request<Vec<u8>>) -> Plan {
        let (parts, body) = request.into_parts();
        let origin = origin(&parts);
        let whole_path = parts.uri.path();
        let (name, path) = match whole_path.strip_prefix("/w/") {
            None => ("", whole_path),
            Some(rest) => match rest.find('/') {
                Some(end) => rest.split_at(end),
                None => (rest, "/"),
            },
        };
        if name.is_empty() && whole_path.starts_with("/w/") {
            return stray(NO_WORLD);
        }
        let world = match open(&mut self.worlds, self.options, &self.config, name) {
            Ok(world) => world,
            Err(problem) => return stray(problem),
        };
        let raw_query = parts.uri.query().unwrap_or_default().to_owned();
        let pairs = form_urlencoded::parse(raw_query.as_bytes()).into_owned();
        let (asked, query): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == "__fault");
        let parsed: Result<Vec<_>, _> = asked.iter().map(|(_, text)| Fault::parse(text)).collect();
        let (faults, bad_fault) = match parsed {
            Ok(faults) => (faults, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
        let call = Call {
            method: parts.method.as_str().to_owned(),
            path: platform_path(&origin, path),
            raw_query,
            query,
            faults,
            bad_fault,
            base: format!("{origin}{}", world.prefix),
            headers: parts.headers,
            body,
            real: now_ms,
            now: world.clock.now(now_ms),
        };
        world.handle(&self.router, &call)
    }

    fn world(&mut self, name: &str) -> Result<&mut World, Stray> {
        open(&mut self.worlds, self.options, &self.config, name)
    }
}

/// The world of this name, made if there is none yet.
fn open<'w>(
    worlds: &'w mut BTreeMap<String, World>,
    Options { seed, clock }: Options,
    config: &Config,
    name: &str,
) -> Result<&'w mut World, Stray> {
    if !name.is_empty() && !is_world_name(name) {
        return Err(NO_WORLD);
    }
    if !worlds.contains_key(name) && worlds.len() >= WORLDS {
        return Err(TOO_MANY_WORLDS);
    }
    let make = || World::new(Seed::new(seed), name, clock, config.clone());
    Ok(worlds.entry(name.to_owned()).or_insert_with(make))
}

/// Status, marker and text of an answer outside of every world.
type Stray = (StatusCode, &'static str, &'static str);

const NO_WORLD: Stray = (StatusCode::NOT_FOUND, "bad-world", "No such world");
const TOO_MANY_WORLDS: Stray = (
    StatusCode::SERVICE_UNAVAILABLE,
    "too-many-worlds",
    "Too many worlds",
);

fn stray((status, marker, text): Stray) -> Plan {
    let mut plan = faults::plain_error(status, text).with(MARKER, marker);
    plan.masked_target = "/w/\u{2026}".to_owned();
    plan
}

fn is_world_name(name: &str) -> bool {
    // A token in place of a name would stand in the log.
    (1..=64).contains(&name.len())
        && world::issued_in(name).is_none()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The path as the routes have it: at the platforms' own hosts some stand elsewhere.
fn platform_path(origin: &str, path: &str) -> String {
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let is_own = path.starts_with("/__sandbox/") || path.starts_with("/trustoo/");
    match (host.to_ascii_lowercase().as_str(), path) {
        ("authenticate.trustpilot.com", "/") => TRUSTPILOT_AUTHORIZE.to_owned(),
        ("rapi.trustoo.io", "/api/v1/openapi/oauth/authorize") => TRUSTOO_AUTHORIZE.to_owned(),
        // A client that has one base address for all of it looks for the page there.
        (_, "/trustoo/api/v1/openapi/oauth/authorize") => TRUSTOO_AUTHORIZE.to_owned(),
        ("api.trustoo.io" | "rapi.trustoo.io", _) if !is_own => format!("/trustoo{path}"),
        _ => path.to_owned(),
    }
}

/// Scheme and host that the request came to, for links in answers.
fn origin(parts: &http::request::Parts) -> String {
    let scheme = parts.uri.scheme_str().unwrap_or("http");
    let host = match parts.uri.authority() {
        Some(authority) => authority.as_str(),
        None => parts
            .headers
            .get("host")
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default(),
    };
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    let host = if plain && !host.is_empty() {
        host
    } else {
        "sandbox.invalid"
    };
    format!("{scheme}://{host}")
}
