//! What comes of the model: the form that editors will see, and what the API will answer.

use minijinja::{Value, context};

use crate::authoring::{Filled, Problems, filled_sample};
use crate::content::blueprint::{Shelf, Spot};
use crate::content::sample::answered;
use crate::content::schema::{Kind, Model, in_use};
use crate::content::types::write_excerpt;
use crate::dashboard::editor::Controls;
use crate::dashboard::error::Refused;
use crate::dashboard::guard::Signed;
use crate::dashboard::sight::Sight;
use crate::dashboard::view::View;
use crate::delivery::sample;
use crate::store::Read;

/// What stands for a token in requests to copy.
const TOKEN: &str = "YOUR_READ_TOKEN";

/// The live result of a group in a model that is not in force yet.
pub(super) fn shown(
    view: &View,
    read: &Read<'_>,
    signed: &Signed,
    model: &Model,
    spot: &Spot,
    url: &str,
) -> Result<Value, Refused> {
    let schema = spot.shelf.kind().and_then(|kind| model.find(kind, &spot.key));
    let component = model.component_by_key(&spot.key).filter(|_| spot.shelf == Shelf::Components);
    let (fields, json) = match (schema, component) {
        (Some(schema), _) => (&schema.fields, sample(schema, model)),
        (None, Some(component)) => {
            let shown = answered(&component.fields, model, &mut |_| None);
            (&component.fields, shown.into())
        }
        (None, None) => return Err(Refused::not_found()),
    };
    let filled: Filled = filled_sample(fields, model);
    let controls = Controls {
        view,
        read,
        model,
        sight: Sight::of(&signed.user),
        filled: &filled,
        problems: &Problems::new(),
        role: signed.user.role,
        html: true,
    };
    let form = if in_use(fields).next().is_none() { Vec::new() } else { controls.of(fields, "", 0)? };
    let json = serde_json::to_string_pretty(&json).unwrap_or_default();
    let types = write_excerpt(model, spot.shelf.kind(), &spot.key);
    Ok(context! { form, json, types, request => schema.map(|schema| request(schema.kind, &schema.key, url)) })
}

/// Requests for the entries of a schema.
fn request(kind: Kind, key: &str, url: &str) -> Value {
    let path = match kind {
        Kind::PageType => format!("/v2/pages/{key}/"),
        Kind::SinglePage => format!("/v2/pages/*/{key}/"),
        Kind::Collection => format!("/v2/content/?keys={key}"),
        Kind::Post => "/v2/posts/".into(),
    };
    let joint = if path.contains('?') { '&' } else { '?' };
    let address = format!("{url}{path}{joint}auth_token={TOKEN}");
    let data = if kind == Kind::Collection { format!("data.{key}") } else { "data".into() };
    let data = if key.contains('-') && kind == Kind::Collection { format!("data[\"{key}\"]") } else { data };
    context! {
        curl => format!("curl '{address}'"),
        fetch => format!("const answer = await fetch(\"{address}\");\nconst {{ data }} = await answer.json();\nconsole.log({data});"),
    }
}
