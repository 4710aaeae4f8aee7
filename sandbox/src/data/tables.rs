//! Names, words, countries, locales and categories.

/// First halves of generated domains and names. A hundred: one block of businesses.
pub(crate) const FIRST: [&str; 100] = [
    "acorn", "alba", "alpine", "amber", "anchor", "apex", "arctic", "aspen", "atlas", "aurora",
    "azure", "baltic", "bamboo", "beacon", "birch", "blue", "bolt", "bonny", "brook", "candle",
    "canyon", "cedar", "chalk", "cherry", "city", "clover", "coast", "cobalt", "comet", "copper",
    "coral", "corner", "crown", "daisy", "dawn", "delta", "dune", "eagle", "ember", "fern",
    "field", "finch", "fjord", "flint", "forest", "fox", "garden", "giant", "glen", "golden",
    "granite", "green", "harbour", "hazel", "heron", "hill", "honey", "indigo", "iris", "island",
    "ivory", "jade", "juniper", "kite", "lake", "lark", "laurel", "lemon", "lily", "linden",
    "lotus", "lucky", "lunar", "maple", "marble", "meadow", "mint", "moss", "north", "oak",
    "ocean", "olive", "opal", "orchid", "otter", "pearl", "pine", "polar", "prairie", "quartz",
    "raven", "river", "robin", "royal", "saffron", "silver", "stone", "sunny", "velvet", "willow",
];

/// Second halves, each with its category.
pub(crate) const TRADES: [(&str, &str); 50] = [
    ("pets", "pet_store"),
    ("aquariums", "pet_store"),
    ("vets", "veterinarian"),
    ("kennels", "veterinarian"),
    ("books", "book_store"),
    ("comics", "book_store"),
    ("records", "music_store"),
    ("guitars", "music_store"),
    ("bikes", "bicycle_store"),
    ("cycles", "bicycle_store"),
    ("boots", "shoe_store"),
    ("sneakers", "shoe_store"),
    ("dresses", "clothing_store"),
    ("shirts", "clothing_store"),
    ("knitwear", "clothing_store"),
    ("watches", "jewelry_store"),
    ("rings", "jewelry_store"),
    ("phones", "mobile_phone_store"),
    ("laptops", "computer_store"),
    ("cameras", "camera_store"),
    ("lenses", "camera_store"),
    ("bank", "bank"),
    ("loans", "loan_agency"),
    ("insurance", "insurance_agency"),
    ("lamps", "lighting_store"),
    ("sofas", "furniture_store"),
    ("beds", "mattress_store"),
    ("kitchens", "furniture_store"),
    ("bricks", "building_materials_supplier"),
    ("timber", "building_materials_supplier"),
    ("tiles", "building_materials_supplier"),
    ("plants", "garden_center"),
    ("seeds", "garden_center"),
    ("tea", "coffee_store"),
    ("roasters", "coffee_store"),
    ("wines", "wine_store"),
    ("bakery", "bakery"),
    ("pizza", "restaurant"),
    ("noodles", "restaurant"),
    ("hotel", "hotel"),
    ("hostel", "hotel"),
    ("tours", "travel_agency"),
    ("flights", "travel_agency"),
    ("cars", "car_dealer"),
    ("tyres", "auto_parts_store"),
    ("pharmacy", "pharmacy"),
    ("optics", "optician"),
    ("gym", "gym"),
    ("toys", "toy_store"),
    ("energy", "energy_supplier"),
];

/// A category: id, parent (empty for the top), and its name in English, Danish, German, French.
pub(crate) struct Category {
    pub(crate) id: &'static str,
    pub(crate) parent: &'static str,
    pub(crate) names: [&'static str; 4],
}

const fn category(id: &'static str, parent: &'static str, names: [&'static str; 4]) -> Category {
    Category { id, parent, names }
}

pub(crate) const CATEGORIES: &[Category] = &[
    category(
        "animals_pets",
        "",
        ["Animals & Pets", "Dyr og kæledyr", "Tiere", "Animaux"],
    ),
    category(
        "pet_store",
        "animals_pets",
        ["Pet Store", "Dyrehandel", "Zoohandlung", "Animalerie"],
    ),
    category(
        "veterinarian",
        "animals_pets",
        ["Veterinarian", "Dyrlæge", "Tierarzt", "Vétérinaire"],
    ),
    category(
        "business_services",
        "",
        [
            "Business Services",
            "Virksomhedsservice",
            "Dienstleistungen für Unternehmen",
            "Services aux entreprises",
        ],
    ),
    category(
        "review_site",
        "business_services",
        [
            "Review Site",
            "Anmeldelsesside",
            "Bewertungsportal",
            "Site d\u{2019}avis",
        ],
    ),
    category(
        "construction_manufacturing",
        "",
        [
            "Construction & Manufacturing",
            "Byggeri og produktion",
            "Bau und Produktion",
            "Construction et production",
        ],
    ),
    category(
        "building_materials_supplier",
        "construction_manufacturing",
        [
            "Building Materials Supplier",
            "Byggemarked",
            "Baustoffhändler",
            "Fournisseur de matériaux",
        ],
    ),
    category(
        "electronics_technology",
        "",
        [
            "Electronics & Technology",
            "Elektronik og teknologi",
            "Elektronik und Technik",
            "Électronique et technologie",
        ],
    ),
    category(
        "camera_store",
        "electronics_technology",
        ["Camera Store", "Fotobutik", "Fotogeschäft", "Magasin photo"],
    ),
    category(
        "computer_store",
        "electronics_technology",
        [
            "Computer Store",
            "Computerbutik",
            "Computergeschäft",
            "Magasin d\u{2019}informatique",
        ],
    ),
    category(
        "mobile_phone_store",
        "electronics_technology",
        [
            "Mobile Phone Store",
            "Mobilbutik",
            "Handyladen",
            "Boutique de téléphonie",
        ],
    ),
    category(
        "food_beverages_tobacco",
        "",
        [
            "Food, Beverages & Tobacco",
            "Mad, drikke og tobak",
            "Essen, Trinken und Tabak",
            "Alimentation, boissons et tabac",
        ],
    ),
    category(
        "bakery",
        "food_beverages_tobacco",
        ["Bakery", "Bageri", "Bäckerei", "Boulangerie"],
    ),
    category(
        "coffee_store",
        "food_beverages_tobacco",
        [
            "Coffee Store",
            "Kaffebutik",
            "Kaffeeladen",
            "Magasin de café",
        ],
    ),
    category(
        "wine_store",
        "food_beverages_tobacco",
        ["Wine Store", "Vinhandel", "Weinhandlung", "Caviste"],
    ),
    category(
        "health_medical",
        "",
        ["Health & Medical", "Sundhed", "Gesundheit", "Santé"],
    ),
    category(
        "optician",
        "health_medical",
        ["Optician", "Optiker", "Optiker", "Opticien"],
    ),
    category(
        "pharmacy",
        "health_medical",
        ["Pharmacy", "Apotek", "Apotheke", "Pharmacie"],
    ),
    category(
        "hobbies_crafts",
        "",
        [
            "Hobbies & Crafts",
            "Hobby og håndarbejde",
            "Hobby und Handwerk",
            "Loisirs créatifs",
        ],
    ),
    category(
        "book_store",
        "hobbies_crafts",
        ["Book Store", "Boghandel", "Buchhandlung", "Librairie"],
    ),
    category(
        "music_store",
        "hobbies_crafts",
        [
            "Music Store",
            "Musikbutik",
            "Musikgeschäft",
            "Magasin de musique",
        ],
    ),
    category(
        "toy_store",
        "hobbies_crafts",
        [
            "Toy Store",
            "Legetøjsbutik",
            "Spielwarenladen",
            "Magasin de jouets",
        ],
    ),
    category(
        "home_garden",
        "",
        [
            "Home & Garden",
            "Hus og have",
            "Haus und Garten",
            "Maison et jardin",
        ],
    ),
    category(
        "furniture_store",
        "home_garden",
        [
            "Furniture Store",
            "Møbelbutik",
            "Möbelhaus",
            "Magasin de meubles",
        ],
    ),
    category(
        "garden_center",
        "home_garden",
        ["Garden Center", "Havecenter", "Gartencenter", "Jardinerie"],
    ),
    category(
        "lighting_store",
        "home_garden",
        [
            "Lighting Store",
            "Lampebutik",
            "Lampengeschäft",
            "Magasin de luminaires",
        ],
    ),
    category(
        "mattress_store",
        "home_garden",
        [
            "Mattress Store",
            "Madrasbutik",
            "Matratzengeschäft",
            "Magasin de literie",
        ],
    ),
    category(
        "money_insurance",
        "",
        [
            "Money & Insurance",
            "Penge og forsikring",
            "Geld und Versicherung",
            "Argent et assurance",
        ],
    ),
    category(
        "bank",
        "money_insurance",
        ["Bank", "Bank", "Bank", "Banque"],
    ),
    category(
        "insurance_agency",
        "money_insurance",
        [
            "Insurance Agency",
            "Forsikringsselskab",
            "Versicherung",
            "Assureur",
        ],
    ),
    category(
        "loan_agency",
        "money_insurance",
        [
            "Loan Agency",
            "Lånevirksomhed",
            "Kreditvermittler",
            "Organisme de crédit",
        ],
    ),
    category(
        "restaurants_bars",
        "",
        [
            "Restaurants & Bars",
            "Restauranter og barer",
            "Restaurants und Bars",
            "Restaurants et bars",
        ],
    ),
    category(
        "restaurant",
        "restaurants_bars",
        ["Restaurant", "Restaurant", "Restaurant", "Restaurant"],
    ),
    category(
        "shopping_fashion",
        "",
        [
            "Shopping & Fashion",
            "Shopping og mode",
            "Shopping und Mode",
            "Shopping et mode",
        ],
    ),
    category(
        "clothing_store",
        "shopping_fashion",
        [
            "Clothing Store",
            "Tøjbutik",
            "Bekleidungsgeschäft",
            "Magasin de vêtements",
        ],
    ),
    category(
        "jewelry_store",
        "shopping_fashion",
        ["Jewelry Store", "Smykkebutik", "Juwelier", "Bijouterie"],
    ),
    category(
        "shoe_store",
        "shopping_fashion",
        [
            "Shoe Store",
            "Skobutik",
            "Schuhgeschäft",
            "Magasin de chaussures",
        ],
    ),
    category("sports", "", ["Sports", "Sport", "Sport", "Sport"]),
    category(
        "bicycle_store",
        "sports",
        [
            "Bicycle Store",
            "Cykelbutik",
            "Fahrradgeschäft",
            "Magasin de vélos",
        ],
    ),
    category(
        "gym",
        "sports",
        ["Gym", "Fitnesscenter", "Fitnessstudio", "Salle de sport"],
    ),
    category(
        "travel_vacation",
        "",
        [
            "Travel & Vacation",
            "Rejser og ferie",
            "Reisen und Urlaub",
            "Voyages et vacances",
        ],
    ),
    category(
        "hotel",
        "travel_vacation",
        ["Hotel", "Hotel", "Hotel", "Hôtel"],
    ),
    category(
        "travel_agency",
        "travel_vacation",
        [
            "Travel Agency",
            "Rejsebureau",
            "Reisebüro",
            "Agence de voyages",
        ],
    ),
    category(
        "utilities",
        "",
        ["Utilities", "Forsyning", "Versorgung", "Services publics"],
    ),
    category(
        "energy_supplier",
        "utilities",
        [
            "Energy Supplier",
            "Energiselskab",
            "Energieversorger",
            "Fournisseur d\u{2019}énergie",
        ],
    ),
    category(
        "vehicles_transportation",
        "",
        [
            "Vehicles & Transportation",
            "Køretøjer og transport",
            "Fahrzeuge und Transport",
            "Véhicules et transport",
        ],
    ),
    category(
        "auto_parts_store",
        "vehicles_transportation",
        [
            "Auto Parts Store",
            "Reservedelsbutik",
            "Autoteilehändler",
            "Pièces automobiles",
        ],
    ),
    category(
        "car_dealer",
        "vehicles_transportation",
        [
            "Car Dealer",
            "Bilforhandler",
            "Autohändler",
            "Concessionnaire",
        ],
    ),
];

/// A country: code, English name, own name, language of most reviews there.
pub(crate) const COUNTRIES: &[(&str, &str, &str, &str)] = &[
    ("AT", "Austria", "Österreich", "de"),
    ("AU", "Australia", "Australia", "en"),
    ("BE", "Belgium", "België", "nl"),
    ("CA", "Canada", "Canada", "en"),
    ("CH", "Switzerland", "Schweiz", "de"),
    ("CN", "China", "中国", "zh"),
    ("DE", "Germany", "Deutschland", "de"),
    ("DK", "Denmark", "Danmark", "da"),
    ("EG", "Egypt", "مصر", "ar"),
    ("ES", "Spain", "España", "es"),
    ("FI", "Finland", "Suomi", "en"),
    ("FR", "France", "France", "fr"),
    ("GB", "United Kingdom", "United Kingdom", "en"),
    ("IE", "Ireland", "Ireland", "en"),
    ("IL", "Israel", "ישראל", "he"),
    ("IN", "India", "भारत", "hi"),
    ("IT", "Italy", "Italia", "en"),
    ("JP", "Japan", "日本", "ja"),
    ("NL", "Netherlands", "Nederland", "nl"),
    ("NO", "Norway", "Norge", "en"),
    ("NZ", "New Zealand", "New Zealand", "en"),
    ("PL", "Poland", "Polska", "en"),
    ("PT", "Portugal", "Portugal", "en"),
    ("SE", "Sweden", "Sverige", "en"),
    ("US", "United States", "United States", "en"),
];

/// A locale: code, own name, English name, top-level domain.
pub(crate) const LOCALES: &[(&str, &str, &str, &str)] = &[
    ("da-DK", "Dansk (Danmark)", "Danish (Denmark)", "dk"),
    ("de-AT", "Deutsch (Österreich)", "German (Austria)", "at"),
    ("de-CH", "Deutsch (Schweiz)", "German (Switzerland)", "ch"),
    ("de-DE", "Deutsch (Deutschland)", "German (Germany)", "de"),
    (
        "en-AU",
        "English (Australia)",
        "English (Australia)",
        "com.au",
    ),
    ("en-CA", "English (Canada)", "English (Canada)", "ca"),
    (
        "en-GB",
        "English (United Kingdom)",
        "English (United Kingdom)",
        "co.uk",
    ),
    ("en-IE", "English (Ireland)", "English (Ireland)", "ie"),
    (
        "en-NZ",
        "English (New Zealand)",
        "English (New Zealand)",
        "nz",
    ),
    (
        "en-US",
        "English (United States)",
        "English (United States)",
        "com",
    ),
    ("es-ES", "Español (España)", "Spanish (Spain)", "es"),
    ("fi-FI", "Suomi (Suomi)", "Finnish (Finland)", "fi"),
    ("fr-BE", "Français (Belgique)", "French (Belgium)", "be"),
    ("fr-FR", "Français (France)", "French (France)", "fr"),
    ("it-IT", "Italiano (Italia)", "Italian (Italy)", "it"),
    ("ja-JP", "日本語 (日本)", "Japanese (Japan)", "jp"),
    ("nb-NO", "Norsk (Norge)", "Norwegian (Norway)", "no"),
    ("nl-BE", "Nederlands (België)", "Dutch (Belgium)", "be"),
    (
        "nl-NL",
        "Nederlands (Nederland)",
        "Dutch (Netherlands)",
        "nl",
    ),
    ("pl-PL", "Polski (Polska)", "Polish (Poland)", "pl"),
    (
        "pt-BR",
        "Português (Brasil)",
        "Portuguese (Brazil)",
        "com.br",
    ),
    (
        "pt-PT",
        "Português (Portugal)",
        "Portuguese (Portugal)",
        "pt",
    ),
    ("ru-RU", "Русский (Россия)", "Russian (Russia)", "ru"),
    ("sv-SE", "Svenska (Sverige)", "Swedish (Sweden)", "se"),
    ("zh-CN", "中文 (中国)", "Chinese (China)", "cn"),
];

/// The words for the stars in a language: bad, poor, average, great, excellent.
pub(crate) const STAR_WORDS: &[(&str, [&str; 5])] = &[
    ("en", ["Bad", "Poor", "Average", "Great", "Excellent"]),
    ("da", ["Dårlig", "Ringe", "Middel", "God", "Fremragende"]),
    (
        "de",
        [
            "Ungenügend",
            "Mangelhaft",
            "Akzeptabel",
            "Gut",
            "Hervorragend",
        ],
    ),
    (
        "es",
        ["Malo", "Deficiente", "Aceptable", "Muy bueno", "Excelente"],
    ),
    (
        "fi",
        ["Huono", "Heikko", "Keskiverto", "Hyvä", "Erinomainen"],
    ),
    ("fr", ["Mauvais", "Bas", "Moyen", "Bien", "Excellent"]),
    (
        "it",
        [
            "Scarso",
            "Insufficiente",
            "Nella media",
            "Molto buono",
            "Eccezionale",
        ],
    ),
    ("ja", ["とても悪い", "悪い", "普通", "良い", "とても良い"]),
    ("nb", ["Dårlig", "Svakt", "Middels", "Bra", "Utmerket"]),
    ("nl", ["Slecht", "Matig", "Gemiddeld", "Goed", "Uitstekend"]),
    ("pl", ["Źle", "Słabo", "Średnio", "Dobrze", "Znakomicie"]),
    ("pt", ["Mau", "Fraco", "Médio", "Bom", "Excelente"]),
    ("ru", ["Плохо", "Слабо", "Средне", "Хорошо", "Отлично"]),
    ("sv", ["Dåligt", "Svagt", "Medel", "Bra", "Utmärkt"]),
    ("zh", ["差", "较差", "一般", "良好", "优秀"]),
];

/// Who writes reviews.
pub(crate) const PEOPLE: &[&str] = &[
    "Ana B.",
    "Jens Møller",
    "Li Wei",
    "Zoë",
    "أمل",
    "Chris O'Neil",
    "Ümit",
    "J <b> K",
    "佐藤 花子",
    "María José",
    "דניאל כהן",
    "प्रिया शर्मा",
    "Søren K",
    "Anne-Lise",
    "K",
    "mr. \"quote\"",
    "Łukasz",
    "Nguyễn Văn An",
    "Þórdís",
    "Ola & Kari",
    "happy customer 😊",
    "JOHN SMITH",
    "user 4711",
    "Γιώργος",
    "Иван Петров",
    "王小明",
    "محمد علي",
    "Renée",
    "Bjørn-Åge",
    "D\u{2019}Angelo",
    "Emily",
    "Tom",
    "Hannah Weiß",
    "Paul-Henri de la Tour du Pin Gouvernet",
];

pub(crate) const CITIES: &[&str] = &[
    "København",
    "Köln",
    "Paris",
    "London",
    "São Paulo",
    "東京",
    "القاهرة",
    "תל אביב",
    "Zürich",
    "New York",
    "मुंबई",
];

/// The products of every business, by handle.
pub(crate) const PRODUCTS: &[&str] = &[
    "classic",
    "classic-large",
    "starter-set",
    "travel-size",
    "gift-card",
    "limited-edition",
    "refill",
    "deluxe",
    "mini",
    "bundle",
    "spare-part",
    "brand-new",
];

/// What a product is rated by, in English, Danish and German.
pub(crate) const ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("Quality", "Kvalitet", "Qualität"),
    ("Value for money", "Værdi for pengene", "Preis-Leistung"),
    ("Ease of use", "Brugervenlighed", "Bedienung"),
];
