//! What reviews say, in the languages and scripts that a client has to bear.

use crate::seed::Seed;

use super::pick;

struct Phrases {
    language: &'static str,
    /// Between two sentences.
    gap: &'static str,
    titles: [&'static [&'static str]; 2],
    sentences: [&'static [&'static str]; 2],
    reply: &'static str,
}

/// The second of each pair is for one to three stars.
const PHRASES: &[Phrases] = &[
    Phrases {
        language: "en",
        gap: " ",
        titles: [
            &[
                "Fast and friendly",
                "Great service 👍",
                "Would buy again",
                "10/10",
                "It\u{2019}s \u{201c}perfect\u{201d}",
            ],
            &[
                "Too late",
                "Not as \"described\"",
                "Never again",
                "Two weeks & no reply",
            ],
        ],
        sentences: [
            &[
                "Ordered on Monday, arrived on Wednesday.",
                "They answered my question within the hour & it was right.",
                "The parcel was packed with care.",
                "Would buy again.",
                "My mother-in-law, who likes nothing, likes it.",
                "Cheaper than elsewhere and no worse.",
            ],
            &[
                "The parcel came two weeks after the promised day.",
                "The colour was < what the photo showed, so I sent it back.",
                "Nobody picks up the phone.",
                "I am still waiting for my refund of $42.50.",
                "The box was open and half of it was gone.",
            ],
        ],
        reply: "Thank you for taking the time to write.",
    },
    Phrases {
        language: "da",
        gap: " ",
        titles: [
            &[
                "Alt var perfekt",
                "Hurtig levering",
                "Rigtig god service",
                "Kan varmt anbefales",
            ],
            &["For sent", "Dårlig oplevelse", "Aldrig igen"],
        ],
        sentences: [
            &[
                "Hurtig levering og god service.",
                "5 ud af 5 herfra!",
                "Pæn emballage og søde medarbejdere.",
                "Jeg køber gerne her igen.",
                "Varen svarer helt til beskrivelsen.",
            ],
            &[
                "Pakken kom to uger for sent.",
                "Kundeservice svarer ikke på mails.",
                "Varen var i stykker, da jeg åbnede æsken.",
                "Jeg venter stadig på mine penge.",
            ],
        ],
        reply: "Tusind tak for din anmeldelse.",
    },
    Phrases {
        language: "de",
        gap: " ",
        titles: [
            &[
                "Alles bestens",
                "Sehr zufrieden",
                "Schnelle Lieferung",
                "Gerne wieder",
            ],
            &["Leider enttäuscht", "Zu spät geliefert", "Finger weg"],
        ],
        sentences: [
            &[
                "Die Bestellung kam schon am nächsten Tag an.",
                "Sehr freundliche Beratung am Telefon.",
                "Die Größe passt genau, und die Qualität überzeugt.",
                "Ich bestelle hier gerne wieder.",
                "Preis-Leistungs-Verhältnis ist spitze!",
            ],
            &[
                "Das Paket kam drei Wochen zu spät.",
                "Auf meine E-Mails wurde nicht geantwortet.",
                "Die Ware war beschädigt, die Rückgabe ist mühsam.",
                "Das Geld ist bis heute nicht zurück.",
            ],
        ],
        reply: "Vielen Dank für Ihre Rückmeldung.",
    },
    Phrases {
        language: "fr",
        gap: " ",
        titles: [
            &[
                "Très bien",
                "Livraison rapide",
                "Je recommande\u{a0}!",
                "Parfait",
            ],
            &["Déçu", "Livraison en retard", "À éviter"],
        ],
        sentences: [
            &[
                "Commande reçue en deux jours.",
                "Le service client est à l\u{2019}écoute.",
                "L\u{2019}emballage était soigné.",
                "Je recommande ce site sans hésiter\u{a0}!",
                "Un très bon rapport qualité-prix.",
            ],
            &[
                "Le colis est arrivé avec trois semaines de retard.",
                "Aucune réponse à mes courriels.",
                "L\u{2019}article était abîmé à l\u{2019}ouverture.",
                "J\u{2019}attends encore mon remboursement.",
            ],
        ],
        reply: "Merci d\u{2019}avoir pris le temps de nous écrire.",
    },
    Phrases {
        language: "nl",
        gap: " ",
        titles: [
            &["Snel geleverd", "Prima winkel", "Top!"],
            &["Te laat", "Slechte service"],
        ],
        sentences: [
            &[
                "Vandaag besteld, morgen in huis.",
                "Goed verpakt en netjes geleverd.",
                "Ik kom hier zeker terug.",
                "Vriendelijke mensen aan de telefoon.",
            ],
            &[
                "Het pakket kwam veel te laat.",
                "Ik krijg geen antwoord op mijn vragen.",
                "Het product was kapot.",
            ],
        ],
        reply: "Bedankt voor uw beoordeling.",
    },
    Phrases {
        language: "es",
        gap: " ",
        titles: [
            &["Muy contento", "¡Excelente!", "Envío rápido"],
            &["Muy lento", "No lo recomiendo"],
        ],
        sentences: [
            &[
                "El pedido llegó en dos días.",
                "¡La atención fue estupenda!",
                "El paquete venía bien protegido.",
                "Volveré a comprar aquí.",
            ],
            &[
                "El envío tardó tres semanas.",
                "Nadie contesta al teléfono.",
                "¿Dónde está mi reembolso?",
            ],
        ],
        reply: "Gracias por su opinión.",
    },
    Phrases {
        language: "ja",
        gap: "",
        titles: [
            &["とても満足", "対応が早い", "また買います"],
            &["残念でした", "届くのが遅い"],
        ],
        sentences: [
            &[
                "注文の翌日に届きました。",
                "梱包がとても丁寧でした。",
                "問い合わせにもすぐ返事が来ました。",
                "次もここで買います。",
            ],
            &[
                "届くまで三週間かかりました。",
                "メールの返事がありません。",
                "箱が壊れていました。",
            ],
        ],
        reply: "レビューをありがとうございます。",
    },
    Phrases {
        language: "zh",
        gap: "",
        titles: [&["非常满意", "发货很快", "值得推荐"], &["太慢了", "失望"]],
        sentences: [
            &[
                "昨天下单，今天就到了。",
                "客服很耐心，回答得很清楚。",
                "包装结实，质量不错。",
                "下次还会再来。",
            ],
            &[
                "等了三个星期才收到。",
                "客服一直没有回复。",
                "收到的时候已经坏了。",
            ],
        ],
        reply: "感谢您的评价。",
    },
    Phrases {
        language: "ar",
        gap: " ",
        titles: [
            &["خدمة ممتازة", "سرعة في التوصيل", "أنصح به"],
            &["تجربة سيئة", "تأخير كبير"],
        ],
        sentences: [
            &[
                "وصل الطلب خلال يومين.",
                "التغليف جيد والسعر مناسب.",
                "خدمة العملاء ردت على سؤالي بسرعة.",
                "سأشتري منهم مرة أخرى (إن شاء الله).",
            ],
            &[
                "تأخر الطلب ثلاثة أسابيع.",
                "لا أحد يرد على الهاتف.",
                "المنتج وصل مكسورًا، رقم الطلب ABC-123.",
            ],
        ],
        reply: "شكرًا لك على رأيك.",
    },
    Phrases {
        language: "he",
        gap: " ",
        titles: [
            &["שירות מצוין", "משלוח מהיר", "ממליץ בחום"],
            &["מאכזב", "איחור גדול"],
        ],
        sentences: [
            &[
                "ההזמנה הגיעה תוך יומיים.",
                "האריזה הייתה מעולה.",
                "שירות הלקוחות ענה לי מיד.",
                "אקנה כאן שוב.",
            ],
            &[
                "המשלוח איחר בשלושה שבועות.",
                "אין מענה בטלפון.",
                "המוצר הגיע שבור (דגם X-200).",
            ],
        ],
        reply: "תודה על הביקורת.",
    },
    Phrases {
        language: "hi",
        gap: " ",
        titles: [
            &["बहुत बढ़िया", "तेज़ डिलीवरी", "सेवा अच्छी है"],
            &["बहुत देर हुई", "निराशा हुई"],
        ],
        sentences: [
            &[
                "सामान दो दिन में पहुँच गया।",
                "पैकिंग बहुत अच्छी थी।",
                "ग्राहक सेवा ने तुरंत जवाब दिया।",
                "मैं फिर से यहीं से खरीदूँगा।",
            ],
            &[
                "सामान तीन हफ़्ते बाद आया।",
                "कोई फ़ोन नहीं उठाता।",
                "डिब्बा टूटा हुआ था।",
            ],
        ],
        reply: "आपकी समीक्षा के लिए धन्यवाद।",
    },
];

/// Ends that a careless reader breaks on.
const TAILS: &[&str] = &[
    " <script>alert(\"1\")</script>",
    " <b>bold</b> &amp; <img src=x onerror=alert(1)>",
    " 👩\u{200d}👩\u{200d}👧\u{200d}👦 🏳\u{fe0f}\u{200d}🌈 👍🏽",
    " cafe\u{301}, A\u{30a}ngstro\u{308}m, Zalgo: o\u{334}\u{321}h\u{337}",
    " \"quoted\" 'twice' \u{201e}and\u{201c} \\back\\slash\\",
    "\n\nP.S.\n\t- one\n\t- two\r\n",
    " \u{2028}line\u{2029}paragraph \u{feff}bom \u{200b}zero",
    " \u{202e}drawkcab\u{202c} \u{2066}isolated\u{2069}",
    " https://example.com/?a=1&b=<2>",
    " 𝒮𝓉𝓎𝓁𝑒 𠮷野家 🫠",
];

fn phrases(language: &str) -> Option<&'static Phrases> {
    PHRASES
        .iter()
        .find(|known| known.language == language)
        .or(PHRASES.first())
}

/// Every language that reviews are written in.
pub(crate) fn languages() -> impl Iterator<Item = &'static str> {
    PHRASES.iter().map(|known| known.language)
}

pub(crate) fn is_language(code: &str) -> bool {
    languages().any(|known| known == code)
}

/// A title: null for some, empty for fewer.
pub(crate) fn title(seed: Seed, language: &str, stars: u8) -> Option<String> {
    let seed = seed.named("title");
    match seed.below(40) {
        0 => return None,
        1 => return Some(String::new()),
        _ => {}
    }
    let [good, bad] = phrases(language)?.titles;
    Some(pick(if stars > 3 { good } else { bad }, seed).to_owned())
}

/// What a review says: one sentence, several, or several kilobytes; null for some.
pub(crate) fn text(seed: Seed, language: &str, stars: u8) -> Option<String> {
    let seed = seed.named("text");
    let known = phrases(language)?;
    let [good, bad] = known.sentences;
    let count = match seed.below(60) {
        0 => return None,
        1 => 90,
        2..8 => 12,
        other => 1 + other % 4,
    };
    let mut text = String::new();
    for number in 0..count {
        if number > 0 {
            let gap = if number % 10 == 0 { "\n\n" } else { known.gap };
            text.push_str(gap);
        }
        text.push_str(pick(if stars > 3 { good } else { bad }, seed.at(number)));
    }
    if seed.named("tail").below(8) == 0 {
        text.push_str(pick(TAILS, seed.named("tail")));
    }
    Some(text)
}

pub(crate) fn reply(language: &str) -> &'static str {
    phrases(language).map_or("", |known| known.reply)
}
