//! No drawing, however odd, keeps something that runs or loads; and cleaning twice is cleaning once.

use proptest::prelude::*;
use roxmltree::Document;

use super::{Unusable, clean};

fn cleaned(text: &str) -> String {
    clean(text).unwrap_or_else(|error| panic!("{error}: {text}")).text
}

const OPEN: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink""#;

#[test]
fn harmless_drawings_stay_as_they_are() {
    let drawing = format!(
        "{OPEN} viewBox=\"0 0 4 3\"><title>A &amp; B</title><defs><linearGradient id=\"g\"><stop offset=\"0\" \
         stop-color=\"red\"></stop></linearGradient></defs><style>.a{{fill:url(#g)}}</style>\
         <path class=\"a\" d=\"M0 0\"></path><use xlink:href=\"#g\"></use>\
         <image href=\"data:image/png;base64,iVBORw0KGgo=\"></image><text xml:space=\"preserve\">x </text></svg>"
    );
    let clean = clean(&drawing).unwrap();
    assert_eq!(clean.text, drawing);
    assert_eq!((clean.width, clean.height), (Some(4), Some(3)));
}

#[test]
fn what_runs_or_loads_is_left_out() {
    let empty = format!("{OPEN}></svg>");
    for (bad, kept) in [
        ("<script>1</script>", ""),
        ("<script xlink:href=\"x.js\"/>", ""),
        ("<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\" onload=\"x\"/></foreignObject>", ""),
        ("<html:script xmlns:html=\"http://www.w3.org/1999/xhtml\">1</html:script>", ""),
        ("<g onclick=\"x\"/>", "<g></g>"),
        ("<a href=\"javascript:x\"><path d=\"\"/></a>", "<a><path d=\"\"></path></a>"),
        ("<a xlink:href=\" java&#10;script:x\"/>", "<a></a>"),
        ("<a href=\"https://elsewhere.example/\">x</a>", "<a>x</a>"),
        ("<image href=\"https://elsewhere.example/x.png\"/>", "<image></image>"),
        ("<image href=\"data:image/svg+xml;base64,AAAA\"/>", "<image></image>"),
        ("<use href=\"other.svg#x\"/>", "<use></use>"),
        ("<rect fill=\"url(https://elsewhere.example/#x)\"/>", "<rect></rect>"),
        ("<rect style=\"fill:url(//x);stroke:red\"/>", "<rect style=\";stroke:red\"></rect>"),
        ("<style>@import url(//x);.a{fill:red}</style>", "<style>;.a{fill:red}</style>"),
        ("<style><![CDATA[.a{b:url(x)}]]></style>", "<style>.a{}</style>"),
        ("<set attributeName=\"href\" to=\"javascript:x\"/>", "<set></set>"),
        ("<animate attributeName=\"xlink:href\" values=\"javascript:x\"/>", "<animate></animate>"),
        ("<animate attributeName=\"onload\" to=\"x\"/>", "<animate to=\"x\"></animate>"),
        ("<!-- <script> --><?xml-stylesheet href=\"x\"?>", ""),
        ("<metadata><rdf:RDF xmlns:rdf=\"x\">Ada</rdf:RDF></metadata>", ""),
        ("<handler type=\"x\">1</handler><iframe/><embed/><object/><video/><audio/>", ""),
        ("<g inkscape:label=\"x\" xmlns:inkscape=\"http://i\" data-x=\"1\"/>", "<g></g>"),
    ] {
        let drawing = empty.replace("></svg>", &format!(">{bad}</svg>"));
        assert_eq!(cleaned(&drawing), empty.replace("></svg>", &format!(">{kept}</svg>")), "{bad}");
    }
}

#[test]
fn entities_stand_for_what_they_say_within_bounds() {
    let illustrator = "<!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\"><!ENTITY c \"red\">]>\
         <svg xmlns=\"&ns;\"><rect fill=\"&c;\"/></svg>";
    assert!(cleaned(illustrator).contains("<rect fill=\"red\">"));
    let hidden =
        "<!DOCTYPE svg [<!ENTITY x \"<script>1</script>\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>";
    assert!(!cleaned(hidden).contains("script"));
    let mut laughs = "<!DOCTYPE svg [<!ENTITY a0 \"ha ha ha ha ha\">".to_owned();
    for level in 1..20 {
        let inner = format!("&a{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
    }
    laughs.push_str("]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&a19;</text></svg>");
    assert!(clean(&laughs).is_err());
    assert!(clean("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg>&x;</svg>").is_err());
}

#[test]
fn what_is_no_drawing_is_said_so() {
    assert_eq!(clean("<html/>"), Err(Unusable::NoDrawing));
    assert_eq!(clean("<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>"), Err(Unusable::NoDrawing));
    assert!(matches!(clean("<svg><g></svg>"), Err(Unusable::Broken(_))));
    assert!(matches!(clean(""), Err(Unusable::Broken(_))));
    let deep = format!("<svg>{}{}</svg>", "<g>".repeat(100_000), "</g>".repeat(100_000));
    assert_eq!(clean(&deep), Err(Unusable::TooMuch));
}

/// Everything that could run or load is looked for in what was written, not in what was asked for.
fn assert_harmless(text: &str) {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("not well-formed: {error}: {text}"));
    for node in document.descendants() {
        assert!(!node.is_comment() && !node.is_pi(), "{text}");
        let name = node.tag_name().name().to_ascii_lowercase();
        let running = ["script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "body", "html"];
        assert!(!running.contains(&name.as_str()), "{text}");
        for attribute in node.attributes() {
            let (name, value) = (attribute.name().to_ascii_lowercase(), attribute.value().to_ascii_lowercase());
            assert!(!name.starts_with("on"), "{text}");
            let value: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
            if name == "href" {
                assert!(value.starts_with('#') || value.starts_with("data:image/"), "{text}");
            } else {
                assert!(!value.contains("javascript:"), "{text}");
                assert!(
                    value
                        .match_indices("url(")
                        .all(|(place, _)| { value[place + 4..].trim_start_matches(['"', '\'']).starts_with('#') }),
                    "{text}"
                );
            }
        }
        if name == "style" {
            let css = node.text().unwrap_or_default();
            assert!(!css.contains("@import") && !css.contains('\\') && !css.contains("//"), "{text}");
        }
    }
}

/// Pieces of drawings, harmless and not, to be put together at random.
fn piece() -> impl Strategy<Value = String> {
    let parts = [
        "<g>",
        "</g>",
        "<script>",
        "</script>",
        "<SCRIPT>",
        "<style>",
        "</style>",
        "<a href=\"",
        "\">",
        "'>",
        "<rect ",
        "/>",
        " onload=\"",
        " onload='",
        "javascript:alert(1)",
        "url(",
        "url(#a)",
        "\"",
        "'",
        ")",
        "fill=\"",
        "style=\"",
        "xlink:href=\"#a\"",
        "href=\"data:image/png;base64,",
        "&#106;",
        "&lt;",
        "&amp;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?x ",
        "?>",
        "@import '//x';",
        "/*",
        "*/",
        "\\75rl(",
        "{",
        "}",
        ";",
        "<foreignObject>",
        "</foreignObject>",
        "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">",
        "</x:script>",
        "\u{0}",
        "\u{2028}",
        "<set attributeName=\"href\" to=\"",
        "<use href=\"http://x#y\"/>",
        "<image ",
        "é",
        " ",
        "\n",
        "\r",
    ];
    prop_oneof![
        8 => proptest::sample::select(parts.map(String::from).to_vec()),
        1 => ".{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_forbidden_comes_out(pieces in proptest::collection::vec(piece(), 0..24)) {
        let inside = pieces.concat();
        for drawing in [
            format!("{OPEN}>{inside}</svg>"),
            format!("<svg>{inside}"),
            format!("{OPEN} {inside}></svg>"),
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><style>{inside}</style></svg>"),
            format!("<svg><rect style=\"{}\"/></svg>", inside.replace(['"', '<', '&'], "")),
        ] {
            if let Ok(clean_once) = clean(&drawing) {
                assert_harmless(&clean_once.text);
                prop_assert_eq!(&cleaned(&clean_once.text), &clean_once.text);
            }
        }
    }

    #[test]
    fn any_text_is_cleaned_or_refused(text in "\\PC{0,200}") {
        drop(clean(&text));
    }
}
