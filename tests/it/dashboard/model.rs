//! Building the content model in the dashboard: typing fields, changing them, and what saving does.

use serde_json::{Value, json};

use super::desk::{Desk, EDITOR};
use super::visitor::{Answer, Visitor, add_person};

const DEV: &str = "dev@example.com";
const MODEL: &str = "/admin/model";
const PLAN: &str = "/admin/model/plan";
const LANDING: &str = "/admin/model/p.landing";

fn developer(desk: &Desk) -> Visitor<'_> {
    another(desk, DEV)
}

fn another<'d>(desk: &'d Desk, email: &str) -> Visitor<'d> {
    add_person(&desk.site.folder, email, "developer");
    desk.person(email)
}

impl Visitor<'_> {
    /// Changes the landing page's type on the board.
    fn draw(&mut self, what: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().copied().chain([("at", "p.landing"), ("do", what)]).collect();
        self.post("/admin/model/change", &fields)
    }

    /// Types fields, which must be taken.
    #[track_caller]
    fn type_in(&mut self, lines: &str) {
        let answer = self.draw("add-lines", &[("lines", lines)]);
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Saves a draft as the editor's scripts do.
    fn patch_json(&mut self, path: &str, body: &Value) -> Answer {
        let csrf = self.csrf.clone();
        let headers =
            [("accept", "application/json"), ("content-type", "application/json"), ("x-csrf-token", csrf.as_str())];
        self.send("PATCH", path, &headers, body.to_string())
    }

    /// Saves the board after its plan was shown; what gets lost is agreed to by these keys.
    #[track_caller]
    fn save(&mut self, typed: &str) -> String {
        let plan = self.get(PLAN);
        let seen = plan.between("name=\"seen\" value=\"", "\"");
        let saved = self.post(PLAN, &[("seen", &seen), ("typed", typed)]);
        assert_eq!(saved.status, 303, "{}", saved.text);
        self.settled(&saved.location)
    }

    /// The page that says what became of a change, once it has come to its end.
    fn settled(&mut self, place: &str) -> String {
        let mut page = self.get(place).text;
        while page.contains("hx-get=\"/admin/model/running\"") {
            page = self.get(place).text;
        }
        page
    }
}

/// The model in force.
fn model(desk: &Desk) -> Value {
    serde_json::from_str(&desk.site.folder.done(&["schema", "export"])).expect("JSON")
}

fn fields(desk: &Desk) -> Vec<String> {
    let fields = model(desk)["page_types"][0]["fields"].as_array().expect("fields").clone();
    fields.iter().map(|field| field["key"].as_str().expect("a key").to_owned()).collect()
}

/// A page's words without tags, with single spaces.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn fields_are_typed_seen_in_every_form_saved_and_answered() {
    let desk = Desk::new();
    desk.page("oak", &json!({"teaser": "a"}));
    let mut dev = developer(&desk);
    dev.type_in("headline text max:60\nprice number! min:0\nsections blocks(hero,text) max:20\nhours list(day text!; from text)");
    assert_eq!(fields(&desk), ["teaser", "body", "seo_title", "next", "cover"], "nothing is in force yet");
    let page = dev.get(LANDING);
    let said = words(&page.text);
    for expected in [
        "Headlineheadline",
        "max 60",
        "required, min 0",
        "hero, text, max 20",
        "Dayday",
        "1 part is changed and not saved",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    for expected in [
        "&quot;page_type&quot;: &quot;landing&quot;",
        "price: number | null;",
        "export interface Hero {",
        "/v2/pages/landing/?auth_token=YOUR_READ_TOKEN",
        "data-path=\"headline\"",
        "Jam season",
    ] {
        assert!(page.text.contains(expected), "{expected}");
    }
    let plan = words(&dev.get(PLAN).text);
    assert!(plan.contains("Adds the optional field headline of page type landing. 0 entries change."), "{plan}");
    assert!(
        plan.contains("Adds the required field price of page type landing: 1 entry is without it. They stay published"),
        "{plan}"
    );
    let said = dev.save("");
    assert!(said.contains("The model is saved."), "{said}");
    assert!(words(&said).contains("4 changes are in force."), "{said}");
    assert_eq!(fields(&desk).len(), 9);
    let shown = dev.get(LANDING).between("id=\"result-types\" tabindex=\"0\">", "</pre>");
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    let shown = plain.iter().fold(shown, |text, (coded, letter)| text.replace(coded, letter));
    let file = desk.site.folder.done(&["types", "--lang", "ts"]);
    for part in shown.trim().split("\n\n") {
        assert!(file.contains(part), "the builder shows what `larder types --lang ts` writes: {part}\n{file}");
    }
    let (status, answer) = desk.public("/v2/pages/landing/oak/");
    assert_eq!(
        (status, &answer["data"]["fields"]["hours"], &answer["data"]["fields"]["price"]),
        (200, &json!([]), &json!(null))
    );
    assert!(words(&dev.get(PLAN).text).contains("There is nothing to save"));
}

#[test]
fn lines_that_are_no_fields_are_told_by_number_and_stay_in_the_form() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    dev.get(LANDING);
    let wrong = dev.draw("add-lines", &[("lines", "subtitle text\nteam refs(people)*")]);
    assert_eq!(wrong.status, 422);
    assert!(words(&wrong.text).contains("Line 2 There is no type “refs”; is it ref?"), "{}", wrong.text);
    assert!(wrong.text.contains("subtitle text\nteam refs(people)*"), "what was typed is still there");
    let taken = dev.draw("add-lines", &[("lines", "teaser text")]);
    assert!(taken.status == 422 && words(&taken.text).contains("There is a field teaser already."), "{}", taken.text);
    let unknown = dev.draw("add-lines", &[("lines", "team ref(people)*")]);
    assert!(words(&unknown.text).contains("there is no collection people"), "{}", words(&unknown.text));
    let checked = dev.post("/admin/model/check", &[("lines", "a text\nb txt")]).json();
    assert_eq!((&checked["wrong"][0]["line"], checked["wrong"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    assert!(!dev.get(LANDING).text.contains("not saved"), "nothing was changed");
}

#[test]
fn fields_are_moved_changed_by_form_and_by_line_and_discarded() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    dev.get(LANDING);
    let moved = dev.draw("field-up", &[("field", "body")]);
    assert_eq!(moved.location, "/admin/model/p.landing?field=body&at=up", "the field and its button stay in hand");
    assert!(dev.get(&moved.location).text.contains("autofocus aria-label=\"Move Body up\""));
    let moved = dev.post("/admin/model/order?at=p.landing", &[("id", "cover"), ("after", "teaser")]);
    assert_eq!(moved.status, 204);
    let form = [
        ("field", "teaser"),
        ("name", "Lead"),
        ("key", "lead"),
        ("kind", "short_text"),
        ("max_length", "30"),
        ("required", "true"),
        ("half", "true"),
        ("help", "In short"),
        ("only", "editor"),
    ];
    assert_eq!(dev.draw("change-field", &form).location, "/admin/model/p.landing?field=lead");
    let wrong = dev.draw("change-field", &[("field", "lead"), ("kind", "short_text"), ("max_length", "many")]);
    assert!(wrong.status == 422 && wrong.text.contains("Enter a whole number, such as 60."), "{}", wrong.text);
    assert!(wrong.text.contains("value=\"many\""), "what was typed is still there");
    let line = dev.draw("change-field", &[("field", "seo_title"), ("line", "seo_title text max:60 if:lead=a|b")]);
    assert_eq!(line.status, 303);
    dev.save("");
    assert_eq!(fields(&desk), ["body", "lead", "cover", "seo_title", "next"]);
    let lead = &model(&desk)["page_types"][0]["fields"][1];
    assert_eq!(
        (&lead["name"], &lead["max_length"], &lead["width"], &lead["only"]),
        (&json!("Lead"), &json!(30), &json!("half"), &json!("editor"))
    );
    assert_eq!(model(&desk)["page_types"][0]["fields"][3]["show_if"], json!({"field": "lead", "is": ["a", "b"]}));

    dev.draw("remove-field", &[("field", "next")]);
    assert!(dev.get(LANDING).text.contains("Removed fields"));
    assert_eq!(dev.post("/admin/model/discard", &[]).location, MODEL);
    assert!(!dev.get(LANDING).text.contains("Removed fields"));
}

#[test]
fn a_renamed_field_keeps_its_content_and_its_old_name_as_an_alias() {
    let desk = Desk::new();
    desk.page("oak", &json!({"teaser": "Of wood"}));
    let mut dev = developer(&desk);
    dev.get(LANDING);
    let form = [("field", "teaser"), ("key", "lead"), ("kind", "short_text"), ("aliases", "teaser")];
    dev.draw("change-field", &form);
    let plan = words(&dev.get(PLAN).text);
    assert!(plan.contains("Renames field teaser of page type landing to lead. Its content stays"), "{plan}");
    dev.save("");
    let (_, answer) = desk.public("/v2/pages/landing/oak/");
    let shown = &answer["data"]["fields"];
    assert_eq!((&shown["lead"], &shown["teaser"]), (&json!("Of wood"), &json!("Of wood")));
    for filter in ["fields.teaser", "fields.lead"] {
        assert_eq!(
            desk.public(&format!("/v2/pages/landing/?{filter}=Of%20wood&order=teaser")).1["meta"]["count"],
            1,
            "{filter}"
        );
    }
    desk.write("PATCH", "/v2/pages/landing/oak/", &json!({"fields": {"teaser": "Of oak"}}));
    assert_eq!(
        desk.public("/v2/pages/landing/oak/").1["data"]["fields"]["lead"],
        "Of oak",
        "programs may write by it too"
    );
    let taken = dev.draw("change-field", &[("field", "seo_title"), ("kind", "short_text"), ("aliases", "teaser")]);
    assert!(
        taken.status == 422 && words(&taken.text).contains("another field is called teaser already"),
        "{}",
        taken.text
    );
}

#[test]
fn what_loses_something_asks_for_the_key_and_can_be_restored() {
    let desk = Desk::new();
    desk.page("oak", &json!({"teaser": "Of wood"}));
    let mut dev = developer(&desk);
    dev.get(LANDING);
    dev.draw("remove-field", &[("field", "teaser")]);
    let plan = dev.get(PLAN);
    let said = words(&plan.text);
    assert!(said.contains("its value in 1 entry is kept for 30 days and can be restored."), "{said}");
    assert!(said.contains("Type landing to agree"), "{said}");
    let seen = plan.between("name=\"seen\" value=\"", "\"");
    let refused = dev.post(PLAN, &[("seen", &seen), ("typed", "yes")]);
    assert!(refused.status == 422 && refused.text.contains("Type landing to agree"), "{}", refused.text);
    assert!(fields(&desk).contains(&"teaser".to_owned()));
    dev.save("landing");
    assert_eq!(desk.public("/v2/pages/landing/oak/").1["data"]["fields"].get("teaser"), None);

    let page = dev.get(LANDING);
    let id = page.between("name=\"id\" value=\"", "\"");
    assert!(page.text.contains("values are kept until"));
    dev.type_in("teaser number");
    let restored = dev.draw("restore-field", &[("above", ""), ("id", &id)]);
    assert_eq!(restored.location, "/admin/model/p.landing?field=teaser_2", "its key is taken meanwhile");
    dev.save("");
    assert_eq!(desk.public("/v2/pages/landing/oak/").1["data"]["fields"]["teaser_2"], "Of wood");
}

#[test]
fn a_type_is_converted_with_a_preview_and_what_does_not_fit_is_kept() {
    let desk = Desk::new();
    for (slug, teaser) in [("oak", "12"), ("elm", "about twelve"), ("ash", "7.5")] {
        desk.page(slug, &json!({"teaser": teaser}));
    }
    let mut dev = developer(&desk);
    dev.get(LANDING);
    dev.draw("change-field", &[("field", "teaser"), ("kind", "number")]);
    let said = words(&dev.get(PLAN).text);
    assert!(said.contains("2 of 3 can be converted. 1 cannot"), "{said}");
    assert!(said.contains("about twelvecannot be converted") && said.contains("7.57.5"), "{said}");
    dev.save("landing");
    let teaser = |slug: &str| desk.public(&format!("/v2/pages/landing/{slug}/")).1["data"]["fields"]["teaser"].clone();
    assert_eq!([teaser("oak"), teaser("elm"), teaser("ash")], [json!(12), json!(null), json!(7.5)]);

    let page = dev.get(LANDING);
    let id = page.between("name=\"id\" value=\"", "\"");
    dev.draw("restore-field", &[("above", ""), ("id", &id)]);
    dev.save("");
    assert_eq!(desk.public("/v2/pages/landing/elm/").1["data"]["fields"]["teaser_2"], "about twelve");
}

#[test]
fn a_new_rule_tells_how_many_break_it_and_takes_nothing_off() {
    let desk = Desk::new();
    for (slug, teaser) in [("oak", "same"), ("elm", ""), ("ash", "same")] {
        desk.page(slug, &json!({"teaser": teaser}));
    }
    let mut dev = developer(&desk);
    dev.get(LANDING);
    dev.draw("change-field", &[("field", "teaser"), ("line", "teaser text! unique max:40")]);
    let said = words(&dev.get(PLAN).text);
    assert!(said.contains("Makes field teaser of page type landing required: 1 of 3 has none"), "{said}");
    assert!(said.contains("2 of 3 have a value that another one has too."), "{said}");
    dev.save("");
    assert_eq!(desk.public("/v2/pages/landing/elm/").0, 200, "it stays published");
    let change = json!({"status": "published", "title": "Elm"});
    let refused = desk.try_write("PATCH", "/v2/pages/landing/elm/", &change);
    assert!(refused.0 == 400 && refused.1.contains("teaser"), "the rule counts from the next publish: {}", refused.1);
}

#[test]
fn two_people_are_brought_together_and_what_both_changed_is_asked() {
    let desk = Desk::new();
    let (mut ann, mut bob) = (another(&desk, "ann@example.com"), another(&desk, "bob@example.com"));
    ann.get(LANDING);
    bob.get(LANDING);
    bob.type_in("subtitle text");
    ann.type_in("intro long");
    ann.save("");
    let page = bob.get(LANDING).text;
    assert!(
        page.contains("ann has changed the model meanwhile") && page.contains("Intro") && page.contains("Subtitle")
    );

    bob.draw("change-field", &[("field", "teaser"), ("line", "teaser text max:50")]);
    ann.draw("change-field", &[("field", "teaser"), ("line", "teaser text max:60 help:\"In short\"")]);
    ann.save("");
    assert_eq!(bob.get(LANDING).location, "/admin/model/conflict");
    assert_eq!(bob.draw("field-up", &[("field", "body")]).location, "/admin/model/conflict");
    let asked = bob.get("/admin/model/conflict");
    let path = "page_types.landing.fields.teaser.max_length";
    assert!(
        asked.text.contains(path) && words(&asked.text).contains("Mine50") || words(&asked.text).contains("Mine 50"),
        "{}",
        words(&asked.text)
    );
    let own = bob.get("/admin/model/export?of=mine").text;
    assert!(own.contains("\"subtitle\"") && own.contains("50"), "one's own version can be taken away: {own}");
    let nothing = bob.post("/admin/model/conflict", &[]);
    assert!(nothing.text.contains("Something is left to choose"), "{}", nothing.text);
    assert_eq!(bob.post("/admin/model/conflict", &[(path, "mine")]).location, MODEL);
    bob.save("");
    let teaser = &model(&desk)["page_types"][0]["fields"][0];
    assert_eq!((&teaser["max_length"], &teaser["help"]), (&json!(50), &json!("In short")), "both changes count");
    assert!(fields(&desk).contains(&"subtitle".to_owned()) && fields(&desk).contains(&"intro".to_owned()));
}

#[test]
fn a_plan_that_is_out_of_date_is_shown_again() {
    let desk = Desk::new();
    let (mut ann, mut bob) = (another(&desk, "ann@example.com"), another(&desk, "bob@example.com"));
    ann.get(LANDING);
    bob.get(LANDING);
    bob.type_in("subtitle text");
    let seen = bob.get(PLAN).between("name=\"seen\" value=\"", "\"");
    ann.type_in("intro long");
    ann.save("");
    assert_eq!(bob.post(PLAN, &[("seen", &seen)]).location, PLAN);
    assert!(bob.get(PLAN).text.contains("This is the new plan."));
    assert!(!fields(&desk).contains(&"subtitle".to_owned()));
}

#[test]
fn types_and_components_are_made_from_starters_renamed_and_removed() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    dev.get(MODEL);
    for starter in ["landing-page", "blog-pieces", "products", "faq", "team", "site-settings"] {
        let begun = dev.post("/admin/model/starter", &[("starter", starter)]);
        assert_eq!(begun.status, 303, "{starter}: {}", begun.text);
    }
    assert!(!dev.get(MODEL).text.contains("name=\"starter\""), "what is there is not offered again");
    let added = dev.post("/admin/model/change", &[("do", "add-group"), ("shelf", "k"), ("name", "Opening hours")]);
    assert_eq!(added.location, "/admin/model/k.opening_hours?at=add");
    let taken = dev.post("/admin/model/change", &[("do", "add-group"), ("shelf", "k"), ("name", "Team")]);
    assert!(
        taken.status == 422 && words(&taken.text).contains("There is a collection team already."),
        "{}",
        taken.text
    );
    let needed = dev.post("/admin/model/change", &[("do", "remove-group"), ("at", "c.seo")]);
    assert!(
        needed.status == 422 && words(&needed.text).contains("Component seo is needed by seo of Landing page"),
        "{}",
        words(&needed.text)
    );
    let used = words(&dev.get("/admin/model/components/seo").text);
    assert!(used.contains("Used in") && used.contains("used 3 times"), "{used}");
    let renamed = dev.post(
        "/admin/model/change",
        &[("do", "change-group"), ("at", "k.team"), ("name", "People"), ("key", "people")],
    );
    assert_eq!(renamed.location, "/admin/model/k.people");
    dev.post("/admin/model/change", &[("do", "group-up"), ("at", "k.people")]);
    dev.save("");
    let keys: Vec<Value> =
        model(&desk)["collections"].as_array().expect("collections").iter().map(|one| one["key"].clone()).collect();
    assert_eq!(keys, ["product_category", "people", "faq", "opening_hours"]);
    assert_eq!(desk.public("/v2/pages/*/site-settings/").0, 404, "a single page is there as a draft");
    dev.post("/admin/model/change", &[("do", "remove-group"), ("at", "p.product")]);
    assert!(words(&dev.get(PLAN).text).contains("Removes page type product. It has no entries."));
    dev.save("");
}

#[test]
fn the_model_goes_out_as_a_file_and_comes_in_after_its_plan() {
    let desk = Desk::new();
    desk.page("oak", &json!({"teaser": "Of wood"}));
    let mut dev = developer(&desk);
    let mut file: Value = dev.get("/admin/model/export").json();
    assert_eq!(file, model(&desk));
    let import = "/admin/model/import";
    let same = dev.post(import, &[("text", &file.to_string())]);
    assert!(same.text.contains("there is nothing to import"), "{}", same.text);
    file["page_types"][0]["fields"][0] = json!({"key": "lead", "type": "long_text"});
    let plan = dev.post(import, &[("text", &file.to_string())]);
    let said = words(&plan.text);
    assert!(said.contains("Removes field teaser") && said.contains("Adds the optional field lead"), "{said}");
    let seen = plan.between("name=\"seen\" value=\"", "\"");
    let go = |typed: &'static str| {
        [("text", file.to_string()), ("go", "1".into()), ("seen", seen.clone()), ("typed", typed.into())]
    };
    let pairs = |form: &[(&'static str, String); 4]| form.clone();
    let send = |dev: &mut Visitor<'_>, typed| {
        let form = pairs(&go(typed));
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        dev.post(import, &form)
    };
    assert_eq!(send(&mut dev, "no").status, 422);
    assert_eq!(send(&mut dev, "landing").status, 303);
    assert_eq!(fields(&desk)[0], "lead");
    file["larder_schema"] = json!(99);
    let newer = dev.post(import, &[("text", &file.to_string())]);
    assert!(
        newer.status == 422
            && newer
                .text
                .contains("The schema file has version 99, this larder reads up to 1; upgrade larder to use it"),
        "{}",
        words(&newer.text)
    );
    let broken = dev.post(import, &[("text", "{\n  \"larder_schema\": 1,\n  \"page_type\": []\n}")]);
    assert!(broken.status == 422 && broken.text.contains("line 3"), "{}", words(&broken.text));
}

#[test]
fn a_field_that_is_not_shown_breaks_no_rule() {
    let desk = Desk::new();
    let mut dev = developer(&desk);
    dev.get(LANDING);
    dev.type_in("layout choice(wide,split)\nside text! if:layout=split");
    dev.save("");
    desk.page("oak", &json!({"layout": "wide"}));
    let split = json!({"title": "t", "slug": "elm", "page_type": "landing", "status": "published", "fields": {"layout": "split"}});
    let refused = desk.try_write("POST", "/v2/pages/", &split);
    assert_eq!(refused.0, 400, "{}", refused.1);
    assert!(refused.1.contains("side"), "{}", refused.1);
}

#[test]
fn a_field_for_some_is_shown_to_others_and_not_changed_by_them() {
    let desk = Desk::new();
    let id = desk.page("oak", &json!({"teaser": "a"}));
    let mut dev = developer(&desk);
    dev.get(LANDING);
    dev.type_in("theme text only:developer\nwings list(span text)");
    dev.draw("change-field", &[("field", "wings"), ("line", "wings list(span text) only:owner")]);
    dev.save("");
    let mut ed = desk.person(EDITOR);
    assert!(
        ed.get(super::desk::at(id, "").trim_end_matches('/'))
            .text
            .contains("Only developers and owners may change this")
    );
    let ops = json!([
        {"op": "set", "path": "theme", "value": "dark"},
        {"op": "insert", "list": "wings", "id": "abcd1234", "value": {"span": "2 m"}},
        {"op": "set", "path": "teaser", "value": "b"},
    ]);
    let base = ed.get_json(&super::desk::at(id, "draft")).json()["rev"].clone();
    let save = json!({"base": base, "client": "editor12345678", "seq": 1, "ops": ops});
    let saved = ed.patch_json(&super::desk::at(id, "draft"), &save).json();
    let refused = &saved["refused"];
    assert!(refused["theme"].as_str().is_some_and(|why| why.contains("developers and owners")), "{saved}");
    assert!(refused["wings"].as_str().is_some_and(|why| why.contains("Only owners")), "{saved}");
    assert_eq!(refused.as_object().map(serde_json::Map::len), Some(2), "the rest is saved");
    let save = json!({"base": saved["rev"], "client": "dever123456789", "seq": 1, "ops": [{"op": "set", "path": "theme", "value": "dark"}]});
    let saved = dev.patch_json(&super::desk::at(id, "draft"), &save).json();
    assert_eq!(saved["refused"], json!({}), "{saved}");
}

#[test]
fn nobody_builds_without_the_right() {
    let desk = Desk::new();
    let mut ed = desk.person(EDITOR);
    for path in [
        MODEL,
        LANDING,
        PLAN,
        "/admin/model/import",
        "/admin/model/export",
        "/admin/model/conflict",
        "/admin/model/running",
    ] {
        assert_eq!(ed.get(path).status, 403, "{path}");
    }
    assert!(!ed.get("/admin").text.contains("href=\"/admin/model\""));
    assert_eq!(ed.draw("add-lines", &[("lines", "a text")]).status, 403);
    assert_eq!(ed.post(PLAN, &[("seen", "1")]).status, 403);
    let mut dev = developer(&desk);
    for path in ["/admin/model/p.nothing", "/admin/model/nothing", "/admin/model/components/nothing"] {
        assert_eq!(dev.get(path).status, 404, "{path}");
    }
}
