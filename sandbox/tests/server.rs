//! The binary: start, stop, real cuts and delays, and its log. SB8, SB12, SB16, SB17.

#![cfg(all(unix, feature = "server"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const FIND: &str = "/v1/business-units/find?name=example.com&apikey=plaudit-demo-key";

struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_plaudit-sandbox"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let hello: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = hello["url"]
            .as_str()
            .unwrap()
            .strip_prefix("http://")
            .unwrap()
            .to_owned();
        Self { child, address }
    }

    fn open(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n",
            self.address
        ))
    }

    fn raw(&self, request: &str) -> String {
        let mut bytes = Vec::new();
        match self.open(request).read_to_end(&mut bytes) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("{error}"),
        }
        String::from_utf8(bytes).unwrap()
    }

    fn terminate(mut self) -> (ExitStatus, Duration) {
        let before = Instant::now();
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        (status, before.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

#[test]
fn sb17_twenty_starts_and_stops() {
    for _ in 0..20 {
        let running = Running::start(&["--port", "0"]);
        // Ready means ready: no waiting, no second try.
        assert!(
            running
                .get("/__sandbox/health")
                .starts_with("HTTP/1.1 200 OK")
        );
        let (status, took) = running.terminate();
        assert!(status.success());
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[test]
fn sb17_open_connections_do_not_hold_the_end_up() {
    let running = Running::start(&[]);
    let request = format!("GET {FIND}&__fault=hang HTTP/1.1\r\nhost: x\r\n\r\n");
    let hanging = running.open(&request);
    let idle = running.open("GET / HT");
    hanging
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let read = (&hanging).read(&mut [0]).unwrap_err();
    assert!(
        matches!(read.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{read}"
    );
    let (status, took) = running.terminate();
    assert!(
        status.success() && took < Duration::from_secs(1),
        "{took:?}"
    );
    drop(idle);
}

#[test]
fn sb12_cuts_and_delays_are_real() {
    let running = Running::start(&[]);
    // Not a whole status line: no header, and yet no reason to send the request again.
    assert_eq!(
        running.get(&format!("{FIND}&__fault=cut-before-headers")),
        "HTT"
    );
    let cut = running.get(&format!("{FIND}&__fault=cut-body"));
    assert!(
        cut.starts_with("HTTP/1.1 200 OK") && cut.contains("{\"links\":["),
        "{cut}"
    );
    // The last chunk of a chunked body is missing.
    assert!(
        cut.contains("transfer-encoding: chunked") && !cut.ends_with("0\r\n\r\n"),
        "{cut}"
    );
    let half = running.get(&format!("{FIND}&__fault=truncated-json"));
    assert!(half.contains("content-length: "), "{half}");
    let before = Instant::now();
    let slow = running.get(&format!("{FIND}&__fault=drip;ms=20"));
    assert!(before.elapsed() >= Duration::from_millis(9 * 20));
    assert_eq!(
        slow.split("\r\n\r\n").nth(1),
        running.get(FIND).split("\r\n\r\n").nth(1)
    );
    let before = Instant::now();
    let late = running.get(&format!("{FIND}&__fault=delay;ms=150"));
    assert!(late.starts_with("HTTP/1.1 200 OK"));
    assert!(before.elapsed() >= Duration::from_millis(150));
}

#[test]
fn sb20_a_bug_leaves_the_server_standing() {
    let running = Running::start(&[]);
    let bug = running.get(&format!("{FIND}&__fault=bug"));
    assert!(
        bug.starts_with("HTTP/1.1 500") && bug.contains("x-plaudit-sandbox: bug\r\n"),
        "{bug}"
    );
    assert!(running.get(FIND).starts_with("HTTP/1.1 200"));
    assert!(running.get("/__sandbox/verify").contains("\"ok\":false"));
}

#[test]
fn no_connection_is_used_twice() {
    let running = Running::start(&[]);
    assert!(running.get(FIND).contains("connection: close\r\n"));
}

#[test]
fn the_seed_is_an_argument() {
    let unit = |arguments: &[&str]| {
        let answer = Running::start(arguments).get(FIND);
        answer.split("\"id\":\"").nth(1).unwrap()[..24].to_owned()
    };
    assert_eq!(unit(&[]), unit(&["--seed", "1"]));
    assert_ne!(unit(&[]), unit(&["--seed", "2"]));
}

#[test]
fn sb16_it_listens_on_loopback() {
    assert!(Running::start(&[]).address.starts_with("127.0.0.1:"));
    let refused = Command::new(env!("CARGO_BIN_EXE_plaudit-sandbox"))
        .args(["--host", "0.0.0.0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_taken_port_is_an_error() {
    let running = Running::start(&[]);
    let port = running.address.rsplit(':').next().unwrap();
    let second = Command::new(env!("CARGO_BIN_EXE_plaudit-sandbox"))
        .args(["--port", port])
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(second.stdout.is_empty() && !second.stderr.is_empty());
}

#[test]
fn sb8_no_secret_stands_in_the_log() {
    let log = std::env::temp_dir().join(format!("plaudit-sandbox-{}.log", std::process::id()));
    let running = Running::start(&["--log", log.to_str().unwrap()]);
    let body = "client_id=plaudit-demo-key&redirect_uri=http%3A%2F%2F127.0.0.1%2F\
                &response_type=token&email=demo%40example.com&password=plaudit&decision=allow";
    let answer = running.raw(&format!(
        "POST /authenticate HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    let token = answer
        .split("access_token=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    assert!(token.starts_with("tpa-sandbox-"));
    for path in [
        FIND.to_owned(),
        format!("{FIND}&access_token={token}"),
        format!("/v1/{token}"),
    ] {
        running.get(&path);
    }
    running.get(&format!("/__sandbox/health?x={token}"));
    running.get(&format!("/w/{token}/v1/x"));
    let (status, _) = running.terminate();
    assert!(status.success());
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    assert_eq!(text.lines().count(), 6, "{text}");
    assert!(
        text.lines()
            .next()
            .unwrap()
            .ends_with(" POST /authenticate 303"),
        "{text}"
    );
    for secret in [token, "plaudit-demo-key"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn too_much_body_is_refused() {
    let running = Running::start(&[]);
    let body = "x".repeat((1 << 20) + 1);
    let answer = running.raw(&format!(
        "POST /authenticate HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413"),
        "{answer}"
    );
}
