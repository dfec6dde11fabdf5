//! Models to begin with: they are put on the board like anything else, and can be changed before they are saved.

use axum::extract::State;
use axum::response::Response;
use minijinja::{Value, context};

use super::page::overview_with;
use super::{need, page, words};
use crate::authoring::Signature;
use crate::content::blueprint::{Shelf, Spot};
use crate::content::definition::Definition;
use crate::content::line::read_all;
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;

/// A model to begin with.
struct Starter {
    key: &'static str,
    title: &'static str,
    about: &'static str,
    icon: &'static str,
    /// What it adds; the last is what one goes on with. What is there already is used as it is.
    groups: &'static [(Shelf, &'static str, &'static str, &'static str)],
}

const SEO: (Shelf, &str, &str, &str) = (
    Shelf::Components,
    "seo",
    "Search engines",
    "title text max:60 help:\"What search results and browser tabs show\"\ndescription long max:160\nimage image ratio:16:9 help:\"For shared links\"",
);

const STARTERS: [Starter; 6] = [
    Starter {
        key: "landing-page",
        title: "Landing page",
        about: "Pages of sections that editors choose and arrange: hero, text with picture, quote, call to action",
        icon: "layout-template",
        groups: &[
            SEO,
            (
                Shelf::Components,
                "hero",
                "Hero",
                "headline text! max:80\ntext long max:200\nimage image ratio:16:9\nbutton_label text max:40 width:half\nbutton_link link width:half",
            ),
            (
                Shelf::Components,
                "text_image",
                "Text with picture",
                "heading text max:80\nbody rich formats:bold,italic,link,lists\nimage image\nside choice(left=\"Picture on the left\",right=\"Picture on the right\") default:right",
            ),
            (Shelf::Components, "quote", "Quote", "text long! max:300\nname text width:half\nrole text width:half"),
            (
                Shelf::Components,
                "call_to_action",
                "Call to action",
                "heading text! max:80\ntext long max:200\nbutton_label text! max:40 width:half\nbutton_link link! width:half",
            ),
            (
                Shelf::PageTypes,
                "landing-page",
                "Landing page",
                "sections blocks(hero,text_image,quote,call_to_action) max:20\nseo part(seo)",
            ),
        ],
    },
    Starter {
        key: "blog-pieces",
        title: "Blog pieces",
        about: "Long pieces with fields of their own, beside the posts of the blog",
        icon: "newspaper",
        groups: &[
            SEO,
            (
                Shelf::PageTypes,
                "piece",
                "Piece",
                "teaser long! max:200\nimage image! ratio:16:9\nday date! width:half\nminutes number min:1 whole width:half label:\"Minutes to read\"\nbody rich!\nrelated ref(page:piece)* max:3\nseo part(seo)",
            ),
        ],
    },
    Starter {
        key: "products",
        title: "Products",
        about: "Products with price, pictures, facts and a category",
        icon: "tag",
        groups: &[
            SEO,
            (Shelf::Collections, "product_category", "Product categories", "name text! unique max:60"),
            (
                Shelf::PageTypes,
                "product",
                "Product",
                "summary long! max:200\nprice number! min:0 width:half\ncurrency choice(EUR,USD,GBP) default:EUR width:half\npictures list(picture image!) max:12\nbody rich formats:h2,h3,bold,italic,link,lists,table\nfacts list(name text!; value text!)\ncategories ref(product_category)*\nin_stock check default:true\nseo part(seo)",
            ),
        ],
    },
    Starter {
        key: "faq",
        title: "FAQ",
        about: "Questions with answers, in topics",
        icon: "circle-help",
        groups: &[(
            Shelf::Collections,
            "faq",
            "FAQ",
            "question text! max:160\nanswer rich! formats:bold,italic,link,lists\ntopic text max:60",
        )],
    },
    Starter {
        key: "team",
        title: "Team",
        about: "People with a picture, what they do, and how to reach them",
        icon: "users",
        groups: &[(
            Shelf::Collections,
            "team",
            "Team",
            "name text! max:80 width:half\nrole text max:80 width:half\nportrait image ratio:1:1\nabout long max:400\nemail email width:half\nlink link width:half",
        )],
    },
    Starter {
        key: "site-settings",
        title: "Site settings",
        about: "One entry with what every page needs: logo, navigation, footer, contact",
        icon: "settings",
        groups: &[(
            Shelf::SinglePages,
            "site-settings",
            "Site settings",
            "logo image\nnavigation list(label text! max:40; link link!) max:12\nfooter rich formats:bold,italic,link,lists\nemail email width:half\nphone text width:half\nsocial list(name text!; link link!) max:10",
        )],
    },
];

/// The starters that are not on the board yet, as the screen shows them.
pub(super) fn shown(board: &Definition) -> Vec<Value> {
    let is_there = |starter: &&Starter| {
        starter.groups.last().is_some_and(|(shelf, key, ..)| board.group(&Spot::new(*shelf, *key)).is_none())
    };
    let one = |starter: &Starter| context! { key => starter.key, title => starter.title, about => starter.about, icon => starter.icon };
    STARTERS.iter().filter(is_there).map(one).collect()
}

/// `POST /admin/model/starter`
pub(super) async fn begin(State(dashboard): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    need(&signed)?;
    let wanted = sent.text("starter");
    let starter = STARTERS.iter().find(|starter| starter.key == wanted).ok_or_else(Refused::not_found)?;
    let signature = Signature::of(&signed.user);
    let added = dashboard.change(move |authoring| authoring.draw(signature, move |board| add(board, starter))).await;
    match added {
        Ok(spot) => Ok(page::after(&spot, "", "")),
        Err(refused) if refused.is_about_content() => {
            overview_with(&dashboard, &signed, context! { refused => words::sentence(&refused.message) }).await
        }
        Err(refused) => Err(refused),
    }
}

fn add(board: &mut Definition, starter: &Starter) -> Result<Spot, String> {
    let mut last = None;
    for (shelf, key, name, lines) in starter.groups {
        let spot = Spot::new(*shelf, *key);
        if board.group(&spot).is_none() {
            board.add_group(*shelf, name, key)?;
            let wrong = |wrong: Vec<crate::content::line::Wrong>| {
                wrong.into_iter().map(|wrong| wrong.text).collect::<Vec<_>>().join("; ")
            };
            board.add_fields(&spot, "", read_all(lines).map_err(wrong)?)?;
        }
        last = Some(spot);
    }
    last.ok_or_else(|| "there is nothing in it".into())
}

#[cfg(test)]
mod tests {
    use super::{STARTERS, add};
    use crate::content::definition::Definition;

    #[test]
    fn every_starter_makes_a_model_alone_and_after_the_others() {
        let mut all = Definition::empty();
        for starter in &STARTERS {
            let mut alone = Definition::empty();
            add(&mut alone, starter).expect(starter.key);
            assert_eq!(alone.check(), Ok(()), "{}", starter.key);
            add(&mut all, starter).expect(starter.key);
            assert_eq!(all.check(), Ok(()), "{}", starter.key);
        }
    }
}
