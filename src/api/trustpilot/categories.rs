//! Categories: <https://developers.trustpilot.com/categories-api>.

use super::{COUNTRY, LOCALE, PAGE, PER_PAGE, pages};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Parameter, endpoint, optional, required, subject};

const ID: Parameter = subject("categoryId", Kind::Slug, "Such as `pet_store`.");
const REQUIRED_COUNTRY: Parameter = required("country", Kind::Country, COUNTRY.docs);

endpoint!(
    /// All categories, or those below one.
    LIST = Get "categories" "list" "/categories" ("Categories API/List categories")
    [COUNTRY, LOCALE, optional("parentId", Kind::Slug, "Only those below this one.")]
    -> Categories, "categories", Long
);
endpoint!(
    /// A category.
    GET = Get "categories" "get" "/categories/{categoryId}" ("Categories API/Get category")
    [ID, REQUIRED_COUNTRY, LOCALE] -> Category, "", Long
);
endpoint!(
    /// The business units in a category.
    BUSINESS_UNITS = Get "categories" "businessUnits" "/categories/{categoryId}/business-units"
    ("Categories API/List business units in category")
    [ID, REQUIRED_COUNTRY, LOCALE, PAGE, PER_PAGE]
    -> super::business_units::BusinessUnitList, "businessUnits", Day, pages("businessUnits")
);

pub(super) const ALL: &[Endpoint] = &[LIST, GET, BUSINESS_UNITS];

#[cfg(feature = "serde")]
mod answers {
    use super::super::Link;
    use crate::api::answer::answers;

    answers! {
        "camelCase":
        /// Categories.
        Categories {
            /// The categories.
            categories: Vec<Category>,
            /// Related things.
            links: Vec<Link>,
        }

        /// A category.
        Category {
            /// Its name in addresses, such as `pet_store`.
            category_id: String,
            /// Its name in the locale.
            display_name: String,
            /// The one above it.
            parent_id: String,
            /// Related things.
            links: Vec<Link>,
        }
    }
}
#[cfg(feature = "serde")]
pub use answers::*;
