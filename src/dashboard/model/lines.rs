//! Adding fields by typing: one a line.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use minijinja::value::Serde;
use serde_json::json;

use super::{need, words};
use crate::authoring::Signature;
use crate::content::blueprint::Spot;
use crate::content::line::{Wrong, read_all};
use crate::dashboard::Dashboard;
use crate::dashboard::error::Refused;
use crate::dashboard::form::Sent;
use crate::dashboard::guard::Signed;

/// Why lines were not added.
pub(super) enum Not {
    /// Some are no fields: line and sentence of each.
    Lines(minijinja::Value),
    /// They cannot be added.
    Refused(Refused),
}

impl From<Refused> for Not {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Adds the fields of a form's lines; returns the path of the list they were added to.
pub(super) async fn add(dashboard: &Dashboard, signed: &Signed, spot: &Spot, sent: &Sent) -> Result<String, Not> {
    let told = |wrong: Vec<(usize, String)>| Not::Lines(minijinja::Value::from(Serde(wrong)));
    let typed = sent.text("lines").to_owned();
    let fields = read_all(&typed).map_err(|wrong| told(shown(wrong)))?;
    if fields.is_empty() {
        return Err(told(vec![(1, "Type a field first: headline text".into())]));
    }
    let above = sent.text("above").to_owned();
    let (spot, signature, inside) = (spot.clone(), Signature::of(&signed.user), above.clone());
    dashboard
        .change(move |authoring| authoring.draw(signature, move |board| board.add_fields(&spot, &inside, fields)))
        .await?;
    Ok(above)
}

fn shown(wrong: Vec<Wrong>) -> Vec<(usize, String)> {
    wrong.into_iter().map(|wrong| (wrong.line, words::sentence(&wrong.text))).collect()
}

/// `POST /admin/model/check`: what the lines typed so far would be, for whoever types them.
pub(super) async fn check(State(_): State<Dashboard>, signed: Signed, sent: Sent) -> Result<Response, Refused> {
    need(&signed)?;
    let found = match read_all(sent.text("lines")) {
        Ok(fields) => json!({"fields": fields.len(), "wrong": []}),
        Err(wrong) => {
            let wrong: Vec<_> =
                shown(wrong).into_iter().map(|(line, text)| json!({"line": line, "text": text})).collect();
            json!({"fields": 0, "wrong": wrong})
        }
    };
    Ok(Json(found).into_response())
}
