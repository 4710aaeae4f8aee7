//! Products and their reviews.
