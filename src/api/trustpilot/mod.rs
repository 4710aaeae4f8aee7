//! Trustpilot's API, v1: <https://developers.trustpilot.com>.

pub mod business_units;
