//! Products of a business unit: <https://developers.trustpilot.com/private-products-api>.

use super::{BRAND, BUSINESS_UNIT, GOOGLE_CATEGORY, GTIN, MPN, SKU};
use crate::api::Endpoint;
use crate::api::endpoint::{Kind, Members, Paging, endpoint, optional, subject};
use crate::api::trustpilot::{LOCALE, PAGE};

const VARIATION: Members = Members {
    name: "VariationAttributesInput",
    docs: "How a product differs from others of its group.",
    fields: &[
        optional("color", Kind::Text, "The colour."),
        optional("pattern", Kind::Text, "The pattern."),
        optional("material", Kind::Text, "The material."),
        optional(
            "ageGroup",
            Kind::Text,
            "For which age, for example `adult`.",
        ),
        optional("gender", Kind::Text, "For which gender."),
        optional("size", Kind::Text, "The size."),
    ],
    one_of: &[],
};
const PRODUCT: Members = Members {
    name: "ProductInput",
    docs: "A product.",
    fields: &[
        SKU,
        optional(
            "googleMerchantCenterProductId",
            Kind::Text,
            "Its id in the Google Merchant Center.",
        ),
        optional("title", Kind::Text, "Its name."),
        optional("link", Kind::Uri, "Where its page is."),
        optional("imageLink", Kind::Uri, "Where its picture is."),
        optional("price", Kind::Text, "Its price, for example `99.95`."),
        optional(
            "currency",
            Kind::Text,
            "The currency of the price, for example `USD`.",
        ),
        GTIN,
        MPN,
        BRAND,
        optional("description", Kind::Prose, "What it is."),
        GOOGLE_CATEGORY,
        optional(
            "groupId",
            Kind::Text,
            "What it has in common with its variants.",
        ),
        optional(
            "variationAttributes",
            Kind::Object,
            "How it differs from others of its group.",
        )
        .of(&VARIATION),
    ],
    one_of: &[],
};

endpoint!(
    /// Adds products, or changes those that are there.
    UPSERT = Post "products" "upsert" "/private/business-units/{businessUnitId}/products"
    ("Private Products API/Batch upsert products")
    [
        BUSINESS_UNIT,
        subject("products", Kind::Objects, "The products.").of(&PRODUCT),
        optional(
            "skuSameAsGoogleMerchantCenterProductId",
            Kind::Flag,
            "Whether the stock keeping units are the ids in the Google Merchant Center.",
        ),
    ]
    -> UpsertedProducts, "", Never
);
endpoint!(
    /// The products of a business unit.
    LIST = Get "products" "list" "/private/business-units/{businessUnitId}/products"
    ("Private Products API/Get products")
    [
        BUSINESS_UNIT,
        optional("skus", Kind::Texts, "Only those with these stock keeping units."),
        optional("groupId", Kind::Text, "Only those of this group; counts only without `skus`."),
        PAGE,
        optional("perPage", Kind::Whole, "How many a page has, else 10,000; no limit is documented."),
        LOCALE,
    ]
    -> ProductList, "products", Never,
    Paging {
        parameter: "page",
        items: "products",
        next: "isLastPage",
        most: 1_000,
        per_page: "perPage",
    }
);

pub(super) const ALL: &[Endpoint] = &[UPSERT, LIST];

mod answers {
    use serde_json::Value;

    use crate::api::answer::{Url, answers};

    answers! {
        "camelCase":
        /// Products as they are now.
        UpsertedProducts {
            /// The products.
            products: Vec<Product>,
        }

        /// Some products.
        ProductList {
            /// The products.
            products: Vec<Product>,
            /// Whether there are no more pages.
            is_last_page: bool,
        }

        /// A product.
        Product {
            /// 24 hexadecimal digits.
            id: String,
            /// The stock keeping unit.
            sku: String,
            /// Its id in the Google Merchant Center.
            google_merchant_center_product_id: String,
            /// Its name.
            title: String,
            /// What it is.
            description: String,
            /// Where its page is.
            link: Url,
            /// Where its picture is.
            image_link: Url,
            /// The picture in several sizes.
            processed_images: Vec<ProcessedImage>,
            /// The business unit's id.
            business_unit_id: String,
            /// Its price, for example `99.95`.
            price: String,
            /// The currency of the price.
            currency: String,
            /// Its global trade item number.
            gtin: String,
            /// The manufacturer's number of it.
            mpn: String,
            /// Its brand.
            brand: String,
            /// What it has in common with its variants.
            group_id: String,
            /// Its category.
            product_category: ProductCategory,
            /// What customers rate of it.
            attributes: Vec<ProductAttribute>,
            /// How it differs from others of its group.
            variation_attributes: VariationAttributes,
        }

        /// A product's picture in one size.
        ProcessedImage {
            /// The size, for example `100pxWide`.
            size = "type": String,
            /// Where it is.
            url: Url,
        }

        /// A product's category.
        ProductCategory {
            /// 24 hexadecimal digits.
            id: String,
            /// Its name.
            name: String,
        }

        /// What customers rate of a product.
        ProductAttribute {
            /// For example `attributes-default-comfort`.
            id: String,
            /// Its name in the locale.
            name: String,
            /// For example `range_1to5`.
            kind = "type": String,
            /// What can be chosen.
            options: Vec<Value>,
        }

        /// How a product differs from others of its group.
        VariationAttributes {
            /// The colour.
            color: String,
            /// The pattern.
            pattern: String,
            /// The material.
            material: String,
            /// For which age, for example `adult`.
            age_group: String,
            /// For which gender.
            gender: String,
            /// The size.
            size: String,
            /// Others.
            custom_variation_attributes: Vec<CustomVariationAttribute>,
        }

        /// A difference of the business' own.
        CustomVariationAttribute {
            /// Its name.
            key: String,
            /// Its value.
            value: String,
        }
    }
}
pub use answers::*;
