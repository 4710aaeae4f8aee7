//! Pages: escaped text, one layout, one stylesheet.

use http::StatusCode;

use crate::plan::Plan;

/// Text that is safe in HTML content and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A whole page. `banner`, `title` and `prefix` are escaped here, `main` is HTML already.
pub(crate) fn page(
    status: StatusCode,
    prefix: &str,
    banner: &str,
    title: &str,
    main: &str,
) -> Plan {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{prefix}/__sandbox/style.css\">\n\
         <link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n\
         <header>{banner}</header>\n<main>\n{main}</main>\n</body>\n</html>\n",
        title = escape(title),
        prefix = escape(prefix),
        banner = escape(banner),
    );
    Plan::body(status, "text/html; charset=utf-8", html.into_bytes())
        // No form-action: Chromium holds it against the redirect that follows the form.
        .with(
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
             frame-ancestors 'none'",
        )
        .with("referrer-policy", "no-referrer")
        .with("x-frame-options", "DENY")
        .with("x-content-type-options", "nosniff")
        .with("cache-control", "no-store")
}

pub(crate) fn stylesheet() -> Plan {
    Plan::body(
        StatusCode::OK,
        "text/css; charset=utf-8",
        STYLE.as_bytes().to_vec(),
    )
    .with("x-content-type-options", "nosniff")
    .with("cache-control", "no-store")
}

const STYLE: &str = include_str!("style.css");

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn escapes_everything_that_has_a_meaning() {
        assert_eq!(
            escape("<a b=\"c\" d='e'>&"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;"
        );
    }
}
