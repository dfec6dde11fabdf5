//! What goes, what stays, and that no mixture of both gets anything dangerous through.

use proptest::prelude::*;

use super::{Cleaner, Danger};

fn cleaner() -> Cleaner {
    Cleaner::new("youtube.com, vimeo.com")
}

/// What is left of some HTML.
fn left(html: &str) -> String {
    cleaner().clean(html).map_or_else(|| html.to_owned(), |cleaned| cleaned.html)
}

#[test]
fn what_is_not_dangerous_stays_byte_for_byte() {
    for html in [
        "",
        "a < b & c",
        "<p class=lead ID='x'>One<br>Two",
        "<p style=\"color: red; background: linear-gradient(red, blue)\">x</p>\r\n",
        "<div style=\"position: relative; padding-bottom: 56.25%\"><iframe style=\"position: absolute; top:0\" \
         src=\"https://www.youtube.com/embed/0dJb\" allow=\"autoplay\" allowfullscreen=\"allowfullscreen\"></iframe></div>",
        "<iframe src=//player.vimeo.com/video/1></iframe>",
        "<my-widget data-x='{\"a\":1}' slot=s><template><b>x</b></template></my-widget>",
        "<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/><style>path { fill: red }</style></svg>",
        "<table><tr><td>1<td>2</table>",
        "<a href='mailto:a@b.c' title=\"javascript: the good parts\">m</a> <img src=/media/x alt='data: none' srcset='/a 1x, /b 2x'>",
        "<noscript><img src=\"https://stats.example/p.gif\"></noscript>",
        "<ul><li><input type=checkbox checked disabled> jars</ul><details open><summary>s</summary></details>",
        "<!-- a comment --><p>&nbsp;&copy</p><pre>\n\n x</pre>",
        "<style>.card{scroll-behavior:smooth;content:'\\201C'}</style>",
        "<button class=btn type=button>Buy</button><select><option>1<option>2</select>",
        "<p>المرطبانات 🫙</p>",
    ] {
        assert_eq!(cleaner().clean(html), None, "{html}");
    }
}

#[test]
fn what_is_dangerous_goes_and_nothing_else() {
    for (html, clean) in [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<ScRiPt src=x></sCrIpT>x", "x"),
        ("<p class=\"a\" onclick=\"x()\" id=b>t</p>", "<p class=\"a\" id=\"b\">t</p>"),
        ("<a href=\" java\tscript:alert(1)\" rel=x>t</a>", "<a rel=\"x\">t</a>"),
        ("<a href=\"&#106;avascript&colon;alert(1)\">t</a>", "<a>t</a>"),
        ("<img src=\"data:image/png;base64,AAAA\" alt=a>", "<img alt=\"a\">"),
        ("<img srcset=\"/a 1x, javascript:x 2x\">", "<img>"),
        ("<svg><a xlink:href=\"javascript:x\"><text>t</text></a></svg>", "<svg><a><text>t</text></a></svg>"),
        (
            "<svg><animate attributeName=href values=\"/x;javascript:x\"></animate></svg>",
            "<svg><animate attributeName=\"href\"></animate></svg>",
        ),
        ("<form action=/x><label>n</label><input name=q form=f></form>", "<label>n</label><input name=\"q\">"),
        ("<button formaction=//x>b</button>", "<button>b</button>"),
        ("<object data=x><p>fallback</p></object><embed src=x>", "<p>fallback</p>"),
        ("<iframe src=\"https://evil.example/\"></iframe>x", "x"),
        ("<iframe src=\"https://evilyoutube.com/\"></iframe>x", "x"),
        ("<iframe src=\"https://youtube.com@evil.example/\"></iframe>x", "x"),
        ("<iframe src=\"https://youtube.com\\@evil.example/\"></iframe>x", "x"),
        ("<iframe src=\"/admin/\"></iframe><iframe></iframe>x", "x"),
        (
            "<iframe src=https://youtube.com/e srcdoc=\"<script>1</script>\"></iframe>",
            "<iframe src=\"https://youtube.com/e\"></iframe>",
        ),
        ("<p style=\"color: red; background: url(//x)\">t</p>", "<p style=\"color: red\">t</p>"),
        ("<p style=\"pos\\69tion:/**/fixed; top: 0\">t</p>", "<p style=\"top: 0\">t</p>"),
        ("<p style=\"position:absolute\">t</p>", "<p>t</p>"),
        ("<style>@import '//x';</style><style>p{position:fixed}</style>x", "x"),
        ("<link rel=stylesheet href=x><base href=//x><meta http-equiv=refresh content=0>x", "x"),
        ("<template><script>1</script><b>x</b></template>", "<template><b>x</b></template>"),
        ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<img src=\"x\">\"&gt;"),
        ("<select><style></select><img src=x onerror=alert(1)></style></select>y", "<select></select>"),
        ("x<body onload=alert(1)>y", "xy"),
        ("<plaintext>x", "x"),
    ] {
        assert_eq!(left(html), clean, "{html}");
        assert_eq!(cleaner().clean(clean), None, "{clean}");
    }
}

#[test]
fn a_last_tag_does_not_swallow_the_page() {
    for html in ["x<img src=y onerror=alert(1) ", "x<img src='//x?", "x<!-- ", "x<textarea>", "x<style>", "x<a"] {
        let cleaned = cleaner().clean(html).expect("dangerous");
        assert!(cleaned.removed.contains(&Danger::Unfinished), "{html}");
        let page = format!("{}</div><p>after</p>", cleaned.html);
        assert!(!left(&page).contains("onerror"), "{page}");
        assert!(cleaner().clean(&page).is_none(), "{page}");
    }
}

#[test]
fn no_depth_is_too_deep() {
    let deep = "<div>".repeat(200_000);
    assert!(!left(&deep).contains('<'));
    let list = "<li><p>x<br>".repeat(50_000);
    assert_eq!(cleaner().clean(&list), None);
}

#[test]
fn markdown_keeps_what_is_harmless() {
    let harmless =
        "# One\n\n<div class=\"x\">\n\n**a** <kbd>b</kbd> [c](/d)\n\n</div>\n\n    <script>\n\n`<script>` a < b\n";
    assert_eq!(cleaner().clean_markdown(harmless), None);
    for (markdown, clean) in [
        ("a <b onclick=x>b</b>", "a &lt;b onclick=x&gt;b</b>"),
        ("# T\n\n<script>\nx()\n</script>\n\n*b*", "# T\n\n\n\n*b*"),
        ("see [*this*](javascript:x()) now", "see this now"),
        ("see [this][1] now\n\n[1]: javascript:x\n", "see this now\n\n[1]: javascript:x\n"),
        ("![a](data:text/html,x)", "a"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
    ] {
        let cleaned = cleaner().clean_markdown(markdown).map(|cleaned| cleaned.html);
        assert_eq!(cleaned.as_deref(), Some(clean), "{markdown}");
        assert_eq!(cleaner().clean_markdown(clean), None, "{clean}");
    }
}

/// Pieces of markup that attacks are made of.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<",
        ">",
        "/",
        "\"",
        "'",
        "=",
        " ",
        "a",
        "&lt;",
        "&#106;",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?x",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<svg>",
        "</svg>",
        "<math>",
        "</math>",
        "<mtext>",
        "<mglyph>",
        "<annotation-xml encoding=text/html>",
        "<foreignObject>",
        "<desc>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<form>",
        "</form>",
        "<select>",
        "</select>",
        "<option>",
        "<template>",
        "</template>",
        "<noscript>",
        "</noscript>",
        "<iframe src=//youtube.com>",
        "</iframe>",
        "<xmp>",
        "</xmp>",
        "<noembed>",
        "</noembed>",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href='javascript:x'>",
        "</a>",
        "<div>",
        "</div>",
        "<img src=x onerror=alert(1)>",
        "<p title=\"",
        "<img src='",
        "<body onload=x>",
        "<html ",
        "<frameset>",
        "<a title='",
        "onerror=alert(1)",
        "style='position:fixed'",
        "<br/onclick=x>",
        "<x y=\"</style>",
        "\u{0}",
        "\n",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Whether reading finds a script, a handler or an address that runs code: by other means than the cleaner's.
fn runs(html: &str) -> bool {
    use html5ever::tendril::TendrilSink as _;
    use markup5ever_rcdom::{Handle, NodeData, RcDom};
    fn look(node: &Handle) -> bool {
        if let NodeData::Element { name, attrs, template_contents, .. } = &node.data {
            let runs = |value: &str| value.trim_start().to_ascii_lowercase().starts_with("javascript:");
            let attrs = attrs.borrow();
            if &*name.local == "script"
                || attrs.iter().any(|attr| attr.name.local.starts_with("on"))
                || attrs.iter().any(|attr| &*attr.name.local == "href" && runs(&attr.value))
                || template_contents.borrow().as_ref().is_some_and(look)
            {
                return true;
            }
        }
        node.children.borrow().iter().any(look)
    }
    let page = format!("<!DOCTYPE html><body><main>{html}</main><p>after</p>");
    look(&html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page).document)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_dangerous_gets_through(html in soup()) {
        let clean = left(&html);
        prop_assert!(!runs(&clean), "{clean}");
        prop_assert_eq!(cleaner().clean(&clean), None, "cleaning twice changes {}", clean);
    }

    #[test]
    fn nothing_dangerous_gets_through_markdown(markdown in soup()) {
        if let Some(cleaned) = cleaner().clean_markdown(&markdown) {
            prop_assert_eq!(cleaner().clean_markdown(&cleaned.html), None, "again: {}", cleaned.html);
        }
    }

    #[test]
    fn text_stays_text(text in "[^<]{0,200}") {
        prop_assert_eq!(cleaner().clean(&text), None);
    }
}
