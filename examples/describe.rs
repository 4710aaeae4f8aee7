//! `describe <file>`: every endpoint and answer as JSON, what tables, types and docs are made from.

use std::collections::BTreeMap;

use plaudit::api::answer::{Object, Type};
use plaudit::api::{ANY, Endpoint, Members, PLATFORMS, Parameter, Platform};
use plaudit::server;
use plaudit::widgets::jsonld::{self, Warning};
use plaudit::widgets::words::{ENGLISH, GRADES, OWN, Phrase};
use plaudit::widgets::{self, ELEMENTS, Kind, stars, trustbox};
use serde_json::{Value, json};

type Objects = BTreeMap<&'static str, Value>;

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_default();
    let platforms: Vec<_> = PLATFORMS.iter().map(|it| platform(it)).collect();
    let private: Vec<_> = server::PLATFORMS.iter().map(|it| platform(it)).collect();
    let described = json!({ "any": ANY, "platforms": platforms, "server": private, "widgets": widgets(), "trustbox": trustbox() });
    std::fs::write(path, format!("{described:#}\n"))
}

fn widgets() -> Value {
    let words: BTreeMap<_, _> = ENGLISH
        .iter()
        .map(|(name, it)| (*name, phrase(*it)))
        .collect();
    json!({
        "elements": ELEMENTS.iter().map(element).collect::<Vec<_>>(),
        "words": words,
        "own": OWN.iter().copied().collect::<BTreeMap<_, _>>(),
        "grades": GRADES,
        "jsonld": {
            "withStars": jsonld::WITH_STARS,
            "authorLimit": jsonld::AUTHOR_LIMIT,
            "warnings": Warning::ALL.iter().map(|it| (it.as_str(), it.message())).collect::<Vec<_>>(),
        },
        "stars": {
            "viewBox": stars::VIEW_BOX,
            "colours": stars::COLOURS,
            "empty": stars::EMPTY,
            "tiles": stars::tiles(),
            "glyphs": stars::glyphs(),
            "grades": (0..=10).map(stars::grade).collect::<Vec<_>>(),
        },
    })
}

fn phrase(phrase: Phrase) -> Value {
    match phrase {
        Phrase::One(text) => json!(text),
        Phrase::Many(forms) => json!(forms.iter().copied().collect::<BTreeMap<_, _>>()),
    }
}

fn element(element: &widgets::Element) -> Value {
    let attributes = element.attributes.iter().copied().flatten().map(|it| {
        let (kind, words) = match it.kind {
            Kind::Text => ("text", &[][..]),
            Kind::Number => ("number", &[][..]),
            Kind::Flag => ("flag", &[][..]),
            Kind::Word(words) => ("word", words),
        };
        json!({ "name": it.name, "kind": kind, "words": words, "docs": it.docs })
    });
    json!({
        "tag": element.tag,
        "class": element.class,
        "docs": element.docs,
        "attributes": attributes.collect::<Vec<_>>(),
        "events": element.events,
        "parts": element.parts,
        "properties": element.properties.concat(),
        "slots": element.slots,
        "sheets": widgets::sheets::names(element.tag),
    })
}

fn trustbox() -> Value {
    let attributes = |all: &[trustbox::Attribute]| -> Vec<_> {
        let one = |it: &trustbox::Attribute| {
            let (kind, words) = match it.kind {
                trustbox::Kind::Word(words) => (String::from("Word"), words),
                kind => (format!("{kind:?}"), &[][..]),
            };
            json!({ "name": it.name, "kind": kind, "words": words, "docs": it.docs })
        };
        all.iter().map(one).collect()
    };
    let templates = trustbox::TEMPLATES.iter().map(
        |it| json!({ "name": it.name, "id": it.id, "height": it.height, "reserve": it.reserve }),
    );
    json!({
        "script": trustbox::SCRIPT,
        "className": trustbox::CLASS,
        "templates": templates.collect::<Vec<_>>(),
        "locales": trustbox::LOCALES,
        "own": attributes(trustbox::OWN),
        "attributes": attributes(trustbox::ATTRIBUTES),
        "events": trustbox::EVENTS,
        "parts": trustbox::PARTS,
        "properties": trustbox::PROPERTIES,
        "states": trustbox::STATES,
        "slots": trustbox::SLOTS,
    })
}

fn platform(platform: &Platform) -> Value {
    let mut objects = Objects::new();
    let mut inputs = Objects::new();
    let endpoints: Vec<_> = platform
        .endpoints
        .iter()
        .copied()
        .flatten()
        .map(|it| endpoint(it, &mut objects, &mut inputs))
        .collect();
    let envelope = platform.envelope.map(|codes| {
        let named = codes.iter().map(|(n, code)| (n.to_string(), code.as_str()));
        named.collect::<BTreeMap<_, _>>()
    });
    json!({
        "id": platform.id,
        "base": platform.base,
        "envelope": envelope,
        "rating": platform.rating.iter().copied().collect::<BTreeMap<_, _>>(),
        "review": platform.review.iter().copied().collect::<BTreeMap<_, _>>(),
        "endpoints": endpoints,
        "objects": objects,
        "inputs": inputs,
    })
}

fn endpoint(endpoint: &Endpoint, objects: &mut Objects, inputs: &mut Objects) -> Value {
    let parameters = parameters(endpoint.parameters, inputs);
    let paging = endpoint.paging.map(|it| {
        json!({
            "parameter": it.parameter,
            "items": it.items,
            "next": it.next,
            "most": it.most,
            "perPage": it.per_page,
        })
    });
    json!({
        "group": endpoint.group,
        "name": endpoint.name,
        "official": endpoint.official,
        "docs": lines(endpoint.docs),
        "method": format!("{:?}", endpoint.method),
        "base": endpoint.base,
        "path": endpoint.path,
        "line": endpoint.line(),
        "parameters": parameters,
        "oneOf": endpoint.one_of,
        "answer": describe((endpoint.answer)(), objects),
        "must": endpoint.must,
        "cache": endpoint.cache as u8,
        "paging": paging,
    })
}

fn parameters(all: &[Parameter], inputs: &mut Objects) -> Vec<Value> {
    all.iter()
        .map(|it| {
            json!({
                "name": it.name,
                "wire": it.wire,
                "kind": format!("{:?}", it.kind),
                "required": it.required,
                "positional": it.positional,
                "docs": it.docs,
                "of": it.of.map(|of| input(of, inputs)),
                "words": it.words,
            })
        })
        .collect()
}

/// The name of an object that is sent.
fn input(members: &Members, inputs: &mut Objects) -> &'static str {
    let described = json!({
        "docs": members.docs,
        "fields": parameters(members.fields, inputs),
        "oneOf": members.one_of,
    });
    inputs.insert(members.name, described);
    members.name
}

/// `Text`, `{ "List": … }`, `{ "Map": … }` or `{ "Object": name }`.
fn describe(of: Type, objects: &mut Objects) -> Value {
    match of {
        Type::Text => json!("Text"),
        Type::Number => json!("Number"),
        Type::Flag => json!("Flag"),
        Type::Date => json!("Date"),
        Type::Url => json!("Url"),
        Type::Any => json!("Any"),
        Type::List(item) => json!({ "List": describe(item(), objects) }),
        Type::Map(member) => json!({ "Map": describe(member(), objects) }),
        Type::Object(declared) => {
            object(declared, objects);
            json!({ "Object": declared.name })
        }
    }
}

fn object(declared: &Object, objects: &mut Objects) {
    if objects.contains_key(declared.name) {
        return;
    }
    objects.insert(declared.name, Value::Null);
    let fields: Vec<_> = declared
        .fields
        .iter()
        .map(|field| {
            json!({
                "name": field.wire(declared),
                "docs": lines(field.docs),
                "type": describe((field.of)(), objects),
            })
        })
        .collect();
    let described = json!({ "docs": lines(declared.docs), "fields": fields });
    objects.insert(declared.name, described);
}

/// Doc comments without the space that each line begins with.
fn lines(docs: &str) -> String {
    let lines: Vec<_> = docs.lines().map(str::trim).collect();
    lines.join("\n")
}
