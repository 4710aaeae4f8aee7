//! Any bytes, as the answer of every endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit::api::common::{Rating, Review};
use readers::{READERS, platform};
use serde_json::Value;

#[path = "../../tests/native/readers.rs"]
mod readers;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    for reader in READERS {
        let from = platform(reader.platform);
        if let Ok(read) = (reader.read)(value.clone()) {
            // Once read, it stays as it is.
            assert_eq!((reader.read)(read.clone()).ok().as_ref(), Some(&read));
            let _ = Rating::of(from, &read);
            let _ = Review::of(from, &read);
        }
    }
    for from in plaudit::api::PLATFORMS {
        let _ = Rating::of(from, &value);
        let _ = Review::of(from, &value);
    }
});
