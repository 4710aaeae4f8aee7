//! Any address, as the answer to a sign-in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit::oauth::callback::{self, Callback, Expected};
use plaudit::oauth::{form, parse_callback, transaction};
use plaudit::providers::{PROVIDERS, ResponseType};

fuzz_target!(|url: &str| {
    for profile in PROVIDERS {
        for response_type in [ResponseType::Token, ResponseType::Code] {
            for state in [None, Some("St8")] {
                let expected = Expected {
                    profile,
                    response_type,
                    state,
                    redirect_uri: Some("https://app.example/cb"),
                };
                match parse_callback(url, &expected) {
                    Ok(Callback::Token(response)) => {
                        assert!(!response.access_token.is_empty());
                        let _ = response.granted(&[], profile);
                    }
                    Ok(_) => {}
                    Err(error) => assert!(!error.message().is_empty()),
                }
            }
            let cleaned = callback::clean(url, response_type);
            assert_eq!(callback::clean(&cleaned, response_type), cleaned);
            assert!(!callback::peek(&cleaned, response_type).is_callback);
        }
    }
    form::pairs(url).for_each(drop);
    let _ = transaction::return_to("https://app.example/cb", url);
});
