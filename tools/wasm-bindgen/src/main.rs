//! wasm-bindgen's command line and its test runner as a workspace member, so that Cargo pins both
//! to the version the crate is built with and nothing needs a global install.

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let mut args = env::args_os();
    let program = args.next().unwrap_or_default();
    let tool = args.next().unwrap_or_default();
    let rest = std::iter::once(program).chain(args);
    let result = match tool.to_str() {
        Some("bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(rest),
        Some("test") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(rest),
        _ => {
            eprintln!("usage: plaudit-wasm-bindgen bindgen|test ARGS");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
