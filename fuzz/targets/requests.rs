//! Any arguments to every endpoint: the first line is the base address, the second the key, the
//! third the endpoint's number and where the key goes, and each other one a name, `=` and a value,
//! whose items have tabs between them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit::api::{self, Access, Key, PLATFORMS};

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (base, key, number) = (next(), next(), next());
    let number: usize = number.parse().unwrap_or_default();
    let key = match number % 3 {
        0 => Key::None,
        1 => Key::Header(key),
        _ => Key::Query(key),
    };
    let pairs: Vec<(&str, Vec<&str>)> = lines
        .map(|line| line.split_once('=').unwrap_or((line, "")))
        .map(|(name, values)| (name, values.split('\t').collect()))
        .collect();
    let arguments: Vec<_> = pairs.iter().map(|(name, all)| (*name, &all[..])).collect();
    let plain: Vec<_> = pairs.iter().map(|(name, all)| (*name, all[0])).collect();
    let access = Access { base, key };
    let endpoints: Vec<_> = PLATFORMS
        .iter()
        .flat_map(|it| it.endpoints)
        .copied()
        .flatten()
        .collect();
    let built = match endpoints.get(number / 3) {
        Some(endpoint) => endpoint.request(&access, &arguments),
        None => api::get(&access, plain.first().map_or("", |it| it.1), &plain),
    };
    match built {
        Ok(request) => {
            let base = base.strip_suffix('/').unwrap_or(base);
            let below = request.url.strip_prefix(base).expect("below the base");
            let path = below.split('?').next().unwrap_or_default();
            let is_plain = |it: &str| !matches!(it, "" | "." | "..") && !it.contains(['%', '\\']);
            assert!(path.split('/').skip(1).all(is_plain));
            if let Some(body) = request.body {
                let body = serde_json::from_str::<serde_json::Value>(&body);
                assert!(body.is_ok_and(|body| body.is_object()));
            }
        }
        Err(error) => assert_eq!(error.code(), plaudit::Code::InvalidArgument),
    }
});
