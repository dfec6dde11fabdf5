//! HTML that programs write: kept byte for byte, or cleaned when the site wants that.

use serde_json::{Value, json};
use ureq::Agent;

use crate::site::Site;

const BODY: &str = "<p onclick=x class=a>Wash<script>1</script></p>";

fn write(site: &Site, token: &str, path: &str, body: &Value) {
    let agent: Agent = Agent::config_builder().http_status_as_error(false).proxy(None).build().into();
    let request = agent.post(format!("{}/v2{path}", site.base())).header("Authorization", format!("Token {token}"));
    let mut answer = request.send_json(body).expect("an answer");
    let text = answer.body_mut().read_to_string().expect("text");
    assert!(answer.status().is_success(), "{text}");
}

#[test]
fn programs_write_html_byte_for_byte_until_a_setting_cleans_it() {
    let site = Site::starter();
    let token = site.folder.done(&["token", "add", "--kind", "write"]);
    let post = |slug: &str| json!({"title": slug, "slug": slug, "status": "published", "body": BODY});
    write(&site, &token, "/posts/", &post("as-sent"));
    assert_eq!(site.read("/posts/as-sent/")["data"]["body"], BODY);

    site.folder.done(&["setting", "set", "clean_api_html", "on"]);
    write(&site, &token, "/posts/", &post("cleaned"));
    assert_eq!(site.read("/posts/cleaned/")["data"]["body"], "<p class=\"a\">Wash</p>");
    assert_eq!(site.read("/posts/as-sent/")["data"]["body"], BODY);
}
