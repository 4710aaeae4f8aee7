//! `plaudit-sandbox`: the sandbox on a loopback port.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::process::ExitCode;

use plaudit_sandbox::Options;
use plaudit_sandbox::server::Server;

const HELP: &str = "\
plaudit-sandbox: a stand-in for Trustpilot and Trustoo on 127.0.0.1

usage: plaudit-sandbox [--port N] [--seed N] [--log FILE]

  --port N    port to listen on; 0 (the default) takes a free one
  --seed N    what ids, tokens and data are derived from; 1 if not given
  --log FILE  append one line for each request, secrets masked
  --help      this text
  --version   the version

The first line of output is JSON: {\"url\":\"http://127.0.0.1:PORT\"}
";

#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    port: u16,
    seed: Option<u64>,
    log: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Serve(Arguments),
    Help,
    Version,
}

fn read(given: impl IntoIterator<Item = String>) -> Result<Wish, String> {
    let mut arguments = Arguments::default();
    let mut given = given.into_iter();
    while let Some(argument) = given.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(Wish::Help),
            "--version" => return Ok(Wish::Version),
            "--port" | "--seed" | "--log" => {}
            _ => return Err(format!("unknown argument: {name}")),
        }
        let value = attached.or_else(|| given.next());
        let Some(value) = value else {
            return Err(format!("{name} needs a value"));
        };
        let bad = |_| format!("{name} is not a fitting number: {value}");
        match name.as_str() {
            "--port" => arguments.port = value.parse().map_err(bad)?,
            "--seed" => arguments.seed = Some(value.parse().map_err(bad)?),
            _ => arguments.log = Some(value),
        }
    }
    Ok(Wish::Serve(arguments))
}

fn run(arguments: &Arguments) -> io::Result<()> {
    let log = match &arguments.log {
        None => None,
        Some(path) => {
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            Some(Box::new(file) as Box<dyn Write + Send>)
        }
    };
    let mut options = Options::default();
    options.seed = arguments.seed.unwrap_or(options.seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let end = shutdown()?;
        let server = Server::bind(arguments.port, options, log).await?;
        {
            let mut out = io::stdout().lock();
            writeln!(out, "{{\"url\":\"{}\"}}", server.url())?;
            out.flush()?;
        }
        tokio::select! {
            ended = server.serve() => ended,
            () = end => Ok(()),
        }
    })
}

/// Ready when the process is told to end. Open connections do not hold it up.
#[cfg(unix)]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn shutdown() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ended = tokio::signal::ctrl_c().await;
    })
}

fn main() -> ExitCode {
    let said = |mut to: Box<dyn Write>, text: &str| {
        // Nobody may be listening, and that is no failure.
        let _written = to.write_all(text.as_bytes());
    };
    match read(std::env::args().skip(1)) {
        Ok(Wish::Help) => said(Box::new(io::stdout()), HELP),
        Ok(Wish::Version) => {
            said(
                Box::new(io::stdout()),
                concat!("plaudit-sandbox ", env!("CARGO_PKG_VERSION"), "\n"),
            );
        }
        Ok(Wish::Serve(arguments)) => {
            if let Err(error) = run(&arguments) {
                said(
                    Box::new(io::stderr()),
                    &format!("plaudit-sandbox: {error}\n"),
                );
                return ExitCode::FAILURE;
            }
        }
        Err(problem) => {
            said(
                Box::new(io::stderr()),
                &format!("plaudit-sandbox: {problem}\n{HELP}"),
            );
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Wish, String> {
        read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn arguments() {
        assert_eq!(of(""), Ok(Wish::Serve(Arguments::default())));
        assert_eq!(
            of("--port 8080 --seed=7 --log a.log"),
            Ok(Wish::Serve(Arguments {
                port: 8080,
                seed: Some(7),
                log: Some("a.log".into())
            }))
        );
        assert_eq!(of("--help --nonsense"), Ok(Wish::Help));
        for bad in [
            "--port",
            "--port x",
            "--port 65536",
            "--seed -1",
            "--host 0.0.0.0",
            "x",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
