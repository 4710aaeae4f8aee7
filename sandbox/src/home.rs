//! `GET /`: what the sandbox knows, and a form to try each of it. The lists are here, the forms are
//! made by `try.js`.

use crate::api::Examples;
use crate::config::{DEMO_CLIENT, DEMO_SECRET, DEMO_TRUSTOO_CLIENT, UNVERIFIED};
use crate::data::Business;
use crate::faults::{Area as FaultArea, KINDS};
use crate::html::{self, Page, escape};
use crate::plan::Plan;
use crate::routes::{Area, ROUTES, Route, SCRIPT};
use crate::world::World;

/// Where an address stands in the list; groups come in this order.
const GROUPS: &[&str] = &[
    "Business units",
    "Categories",
    "Consumers",
    "Reviews",
    "Product reviews",
    "Conversations",
    "Resources",
    "Business sign-up",
    "Private",
    "Trustoo",
    "Sign-in",
    "Tokens",
    "Control",
];

fn group(route: &Route) -> &'static str {
    let starts = |start: &str| route.path.starts_with(start);
    match route.area {
        Area::Authorize => "Sign-in",
        Area::Token => "Tokens",
        Area::Control => "Control",
        _ if starts("/trustoo/") => "Trustoo",
        _ if starts("/v1/private/") => "Private",
        _ if starts("/v1/business-units") => "Business units",
        _ if starts("/v1/categories") => "Categories",
        _ if starts("/v1/consumers") => "Consumers",
        _ if starts("/v1/product-reviews") => "Product reviews",
        _ if starts("/v1/conversations") => "Conversations",
        _ if starts("/v1/resources") => "Resources",
        _ if starts("/v1/business-signup") => "Business sign-up",
        _ => "Reviews",
    }
}

fn addresses(world: &World) -> String {
    let examples = Examples::of(world);
    let mut out = String::new();
    for (at, name) in GROUPS.iter().enumerate() {
        let routes: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.area != Area::Page && group(route) == *name)
            .map(|route| address(world, &examples, route))
            .collect();
        if routes.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "<section aria-labelledby=\"group-{at}\"><h2 id=\"group-{at}\">{name}</h2>\n\
             <ul>\n{}</ul></section>\n",
            routes.concat()
        ));
    }
    out
}

/// Without script the link still leads to an example, where GET alone will do.
fn address(world: &World, examples: &Examples, route: &Route) -> String {
    let example = examples.example(route).map(|(target, _)| target);
    let target = example.as_deref().unwrap_or(route.path);
    let glue = if target.contains('?') { '&' } else { '?' };
    let link = match (route.method, target.contains('{')) {
        ("GET", false) => format!(
            " href=\"{}{}\"",
            escape(&world.prefix),
            escape(&format!("{target}{glue}apikey={DEMO_CLIENT}"))
        ),
        _ => String::new(),
    };
    format!(
        "<li><a data-route=\"{method} {path}\"{link}><span class=\"verb {verb}\">{method}</span> \
         <span class=\"path\">{shown}</span><span class=\"about\">{about}</span></a></li>\n",
        method = route.method,
        verb = route.method.to_ascii_lowercase(),
        path = escape(route.path),
        // A line may break before each part.
        shown = escape(route.path).replace('/', "<wbr>/"),
        about = escape(route.description),
    )
}

fn fault_rows(area: FaultArea) -> String {
    KINDS
        .iter()
        .filter(|kind| kind.area == area)
        .map(|kind| {
            format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>\n",
                kind.id,
                escape(kind.title),
                escape(kind.description)
            )
        })
        .collect()
}

fn unverified_rows() -> String {
    UNVERIFIED
        .iter()
        .map(|open| {
            format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}<br><span class=\"hint\">default: \
                 {}</span></td><td>{}</td></tr>\n",
                open.option,
                escape(open.values),
                escape(open.default),
                escape(open.note)
            )
        })
        .collect()
}

fn table(label: &str, head: [&str; 3], rows: &str) -> String {
    let [first, second, third] = head;
    // Focusable, so that the keyboard can scroll it on a phone's width.
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\"><table>\n\
         <thead><tr><th scope=\"col\">{first}</th><th scope=\"col\">{second}</th>\
         <th scope=\"col\">{third}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// The page.
pub(crate) fn page(world: &World, base: &str) -> Plan {
    let domains: Vec<_> = Business::domains()
        .map(|domain| format!("<code>{}</code>", escape(domain)))
        .collect();
    let user = &world.config.user;
    let name = if world.name.is_empty() {
        "the one without a name".to_owned()
    } else {
        format!("<code>{}</code>", escape(&world.name))
    };
    let overview = format!(
        "<section id=\"overview\">\n<h1 tabindex=\"-1\">plaudit sandbox</h1>\n\
         <p>A stand-in for Trustpilot and Trustoo, to test integrations against. Nothing here \
         reaches a real platform. Pick an address in the list to try it.</p>\n\
         <dl class=\"facts\">\n\
         <div><dt>Base address</dt><dd><code>{base}/v1</code></dd></div>\n\
         <div><dt>World</dt><dd>{name}; put <code>/w/any-name</code> before a path for one of your \
         own</dd></div>\n\
         <div><dt>Trustpilot key and client id</dt><dd><code>{DEMO_CLIENT}</code></dd></div>\n\
         <div><dt>Trustoo client id</dt><dd><code>{DEMO_TRUSTOO_CLIENT}</code></dd></div>\n\
         <div><dt>Secret of both</dt><dd><code>{DEMO_SECRET}</code></dd></div>\n\
         <div><dt>User</dt><dd><code>{email}</code>, password <code>{password}</code></dd></div>\n\
         <div><dt>Businesses</dt><dd>{domains}</dd></div>\n</dl>\n\
         <h2 id=\"faults\">Faults</h2>\n\
         <p>For one request add <code>__fault=429;retry-after=2</code> to its query; for more, add a \
         rule at <code>/__sandbox/faults</code>.</p>\n\
         <h3>Of the API and the token endpoints</h3>\n{api}\
         <h3>Of the sign-in's redirect</h3>\n{redirect}\
         <h2 id=\"unverified\">What nobody documents</h2>\n\
         <p>Options of <code>/__sandbox/config</code>: behaviour that no document of the platforms \
         settles.</p>\n{open}</section>\n",
        base = escape(base),
        email = escape(&user.email),
        password = escape(&user.password),
        domains = domains.join(", "),
        api = table(
            "Faults of the API",
            ["Id", "Title", "What it does"],
            &fault_rows(FaultArea::Api)
        ),
        redirect = table(
            "Faults of the redirect",
            ["Id", "Title", "What it does"],
            &fault_rows(FaultArea::Redirect)
        ),
        open = table(
            "Unverified behaviour",
            ["Option", "Values", "What is known"],
            &unverified_rows()
        ),
    );
    let body = format!(
        "<a class=\"skip\" href=\"#main\">To the content</a>\n\
         <header>plaudit sandbox \u{2014} not Trustpilot, not Trustoo</header>\n\
         <div class=\"board\">\n<nav aria-label=\"Addresses\">\n\
         <div class=\"find\" hidden><label for=\"filter\">Filter</label>\
         <input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\
         <p id=\"matches\" class=\"hint\" role=\"status\"></p></div>\n\
         <p class=\"home\"><a id=\"home\" href=\"{prefix}/\">Overview</a></p>\n{addresses}</nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n<p id=\"note\" role=\"status\"></p>\n\
         <section id=\"panel\" hidden></section>\n{overview}</main>\n</div>\n",
        prefix = escape(&world.prefix),
        addresses = addresses(world),
    );
    html::document(&Page {
        prefix: &world.prefix,
        title: "plaudit sandbox",
        script: Some(SCRIPT),
        body: &body,
    })
}
