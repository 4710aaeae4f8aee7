//! Service reviews as the business itself sees and changes them.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Ask, Change, Refusal, Written, bad, not_found, ok};
use crate::config::Provider;
use crate::data::Business;
use crate::data::reviews::{Reply, Review};
use crate::date;
use crate::plan::Plan;
use crate::state::{ReviewKey, SentReply, Tag};
use crate::world::World;

/// Tags of one review.
const TAGS: usize = 100;

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Plan {
    Plan::new(status)
}

/// Whether a text is an id in the platform's form.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Ask<'_> {
    /// The review in the path, of a business of the token's account.
    fn own_review(&self) -> Result<(Business, u64), Refusal> {
        let (business, index) = self.review()?;
        Ok((self.owned(business)?, index))
    }

    pub(crate) fn tags(&self, business: &Business, index: u64) -> Vec<Tag> {
        let key = (business.number, index);
        self.world.state.tags.get(&key).cloned().unwrap_or_else(|| {
            let slot = business.walk().slot(index);
            let own = Business::tag(slot).into_iter();
            own.map(|(group, value)| (group.to_owned(), value.to_owned()))
                .collect()
        })
    }

    /// Whether the company has replied.
    pub(crate) fn replied(&self, business: &Business, index: u64) -> bool {
        match self.world.state.replies.get(&(business.number, index)) {
            Some(reply) => reply.is_some(),
            None => Business::replied(business.walk().slot(index)),
        }
    }

    /// A review with all that requests changed of it.
    pub(crate) fn shown_review(&self, business: &Business, index: u64, private: bool) -> Review {
        let mut review = business.review(self.base(), index, private);
        let (state, key) = (&self.world.state, (business.number, index));
        if let Some(reply) = state.replies.get(&key) {
            review.company_reply = reply.as_ref().map(|reply| Reply {
                text: reply.text.clone(),
                author_business_user_id: private.then(|| reply.author.clone()),
                created_at: date::iso(reply.created),
                updated_at: reply.updated.map(date::iso),
            });
        }
        if let Some(own) = &mut review.private {
            let tags = self.tags(business, index);
            own.tags = tags.iter().map(tag_json).collect();
            if let (Some(asked), Value::Object(found)) =
                (state.asked.get(&key), &mut own.find_reviewer)
            {
                found.insert("isEligible".to_owned(), json!(false));
                found.insert("requests".to_owned(), json!([asked]));
            }
        }
        review
    }
}

fn tag_json((group, value): &Tag) -> Value {
    json!({ "group": group, "value": value })
}

fn tags_json(tags: &[Tag]) -> Value {
    json!({ "tags": tags.iter().map(tag_json).collect::<Vec<_>>() })
}

/// `GET /v1/private/reviews/{id}`
pub(crate) fn get(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.own_review()?;
    ok(&ask.shown_review(&business, index, true))
}

/// `GET /v1/private/reviews/{id}/tags`
pub(crate) fn tags(ask: &Ask<'_>) -> Answer {
    let (business, index) = ask.own_review()?;
    ok(&tags_json(&ask.tags(&business, index)))
}

#[derive(Deserialize)]
struct Tags {
    tags: Vec<TagDraft>,
}

#[derive(Deserialize)]
struct TagDraft {
    group: String,
    value: String,
}

fn given_tags(ask: &Ask<'_>) -> Result<Vec<Tag>, Refusal> {
    let Tags { tags } = ask.body()?;
    let blank = |tag: &TagDraft| tag.group.trim().is_empty() || tag.value.trim().is_empty();
    if tags.iter().any(blank) {
        return Err(bad("group and value of a tag must not be empty"));
    }
    Ok(tags.into_iter().map(|tag| (tag.group, tag.value)).collect())
}

fn write_tags(key: ReviewKey, tags: Vec<Tag>, answer: Plan) -> Written {
    if tags.len() > TAGS {
        return Err(bad(format!("a review has {TAGS} tags at most")));
    }
    let change = move |world: &mut World| world.state.tags.put(key, tags);
    Ok((answer, Box::new(change)))
}

fn with(mut tags: Vec<Tag>, more: Vec<Tag>) -> Vec<Tag> {
    for tag in more {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// `PUT /v1/private/reviews/{id}/tags`: these as well.
pub(crate) fn add_tags(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    let tags = with(ask.tags(&business, index), given_tags(ask)?);
    let answer = Plan::json(StatusCode::OK, &tags_json(&tags));
    write_tags((business.number, index), tags, answer)
}

/// `POST /v1/private/reviews/{id}/tags`: these and no others.
pub(crate) fn set_tags(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    let tags = with(Vec::new(), given_tags(ask)?);
    let answer = Plan::json(StatusCode::OK, &tags_json(&tags));
    write_tags((business.number, index), tags, answer)
}

/// `DELETE /v1/private/reviews/{id}/tags?group=&value=`
pub(crate) fn remove_tag(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    let (group, value) = (ask.required("group")?, ask.required("value")?);
    let mut tags = ask.tags(&business, index);
    let before = tags.len();
    tags.retain(|tag| tag.0 != group || tag.1 != value);
    if tags.len() == before {
        return Err(not_found("Tag"));
    }
    let answer = empty(StatusCode::NO_CONTENT);
    write_tags((business.number, index), tags, answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReplyDraft {
    #[serde(default)]
    author_business_user_id: Option<String>,
    message: String,
    #[serde(default)]
    submitted_at: Option<String>,
}

/// `POST /v1/private/reviews/{id}/reply`
pub(crate) fn reply(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    let draft: ReplyDraft = ask.body()?;
    if draft.message.trim().is_empty() {
        return Err(bad("message must not be empty"));
    }
    let now = ask.call.now;
    let at = match &draft.submitted_at {
        None => now,
        Some(text) => date::parse(text).ok_or_else(|| bad("submittedAt must be a date"))?,
    };
    let user = ask
        .bearer(Provider::Trustpilot)
        .is_some_and(|(record, _)| record.user);
    let author = match draft.author_business_user_id {
        Some(id) if is_id(&id) => id,
        Some(_) => return Err(bad("authorBusinessUserId must be an id")),
        None if user => ask.world.user_id(),
        None => return Err(bad("authorBusinessUserId is required")),
    };
    let key = (business.number, index);
    let first = ask.shown_review(&business, index, true).company_reply;
    let first = first.and_then(|reply| date::parse(&reply.created_at));
    let reply = SentReply {
        text: draft.message,
        author,
        created: first.unwrap_or(at),
        updated: first.map(|_| at),
    };
    let change = move |world: &mut World| world.state.replies.put(key, Some(reply));
    Ok((empty(StatusCode::CREATED), Box::new(change)))
}

/// `DELETE /v1/private/reviews/{id}/reply`
pub(crate) fn delete_reply(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    if !ask.replied(&business, index) {
        return Err(not_found("Reply"));
    }
    let key = (business.number, index);
    let change = move |world: &mut World| world.state.replies.put(key, None);
    Ok((empty(StatusCode::NO_CONTENT), Box::new(change)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FindReviewer {
    #[serde(default)]
    message: Option<String>,
    #[serde(default, rename = "skipNotificationEmailToBusinessUser")]
    _skip: Option<bool>,
}

/// `POST /v1/private/reviews/{id}/find-reviewer`
pub(crate) fn find_reviewer(ask: &Ask<'_>) -> Written {
    let (business, index) = ask.own_review()?;
    let FindReviewer { message, .. } = ask.body()?;
    let review = ask.shown_review(&business, index, true);
    let eligible = review
        .private
        .and_then(|own| own.find_reviewer.get("isEligible")?.as_bool());
    if eligible != Some(true) {
        return Err(bad("The review is not eligible for Find Reviewer"));
    }
    let key = (business.number, index);
    let id = ask.seed().named("find-reviewer").id(ask.world.state.made);
    let asked = json!({
        "id": id,
        "created": date::iso(ask.call.now),
        "status": "Pending",
        "businessUserMessage": message,
        "consumerResponse": null,
    });
    let change = move |world: &mut World| {
        world.state.made += 1;
        world.state.asked.put(key, asked);
    };
    Ok((empty(StatusCode::ACCEPTED), Box::new(change) as Change))
}
