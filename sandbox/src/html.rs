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

/// A whole page of its own making. `prefix` and `title` are escaped here, `body` is HTML already.
pub(crate) struct Page<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) title: &'a str,
    /// The path of a module, below the prefix.
    pub(crate) script: Option<&'a str>,
    pub(crate) body: &'a str,
}

pub(crate) fn document(page: &Page<'_>) -> Plan {
    let prefix = escape(page.prefix);
    let (script, allowed) = match page.script {
        Some(path) => (
            format!("<script type=\"module\" src=\"{prefix}{path}\"></script>\n"),
            "script-src 'self'; connect-src 'self'; ",
        ),
        None => (String::new(), ""),
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{prefix}/__sandbox/style.css\">\n\
         <link rel=\"icon\" href=\"data:,\">\n{script}</head>\n<body>\n{body}</body>\n</html>\n",
        title = escape(page.title),
        body = page.body,
    );
    // No form-action: Chromium holds it against the redirect that follows the form.
    let policy = format!(
        "default-src 'none'; {allowed}style-src 'self'; img-src data:; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    Plan::body(
        StatusCode::OK,
        "text/html; charset=utf-8",
        html.into_bytes(),
    )
    .with("content-security-policy", &policy)
    .with("referrer-policy", "no-referrer")
    .with("x-frame-options", "DENY")
    .with("x-content-type-options", "nosniff")
    .with("cache-control", "no-store")
}

/// A page with a banner and one card. `banner` and `title` are escaped here, `main` is HTML
/// already.
pub(crate) fn page(
    status: StatusCode,
    prefix: &str,
    banner: &str,
    title: &str,
    main: &str,
) -> Plan {
    let body = format!(
        "<header>{banner}</header>\n<main>\n{main}</main>\n",
        banner = escape(banner),
    );
    let mut plan = document(&Page {
        prefix,
        title,
        script: None,
        body: &body,
    });
    plan.status = status;
    plan
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

pub(crate) fn script() -> Plan {
    Plan::body(
        StatusCode::OK,
        "text/javascript; charset=utf-8",
        include_bytes!("try.js").to_vec(),
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
