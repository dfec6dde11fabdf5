//! Setting up a new site: the first account, the site, and what it begins with. Each step is kept, so that
//! whoever closes the browser goes on where they were.

use std::io;

use axum::Router;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use minijinja::{Value, context};
use serde::Deserialize;
use tempfile::NamedTempFile;

use super::entrance::{Entrance, Knock};
use super::error::Refused;
use super::form::Sent;
use super::guard::Signed;
use super::{Dashboard, LARGEST, address, guard};
use crate::account::{Right, Role};
use crate::auth::browser::is_own;
use crate::auth::same;
use crate::auth::setup_code::SetupCode;
use crate::authoring::{Checked, Files, NewUser, Signature};
use crate::content::locale::LANGUAGES;
use crate::content::setup::Setup;
use crate::content::zone;
use crate::starter;
use crate::store;

const CODE: Entrance = Entrance { template: "setup/code.html", title: "Set up larder", roomy: false };
const ACCOUNT: Entrance = Entrance { template: "setup/account.html", title: "Your account", roomy: false };
const SITE: Entrance = Entrance { template: "setup/site.html", title: "Your site", roomy: false };
const CONTENT: Entrance = Entrance { template: "setup/content.html", title: "What to begin with", roomy: true };

/// Routes for everybody: until there is an account, the code from the terminal is asked for.
pub(super) fn open() -> Router<Dashboard> {
    Router::new()
        .route(address::SETUP, get(show).post(make_account))
        .route("/admin/setup/import", post(import).layer(DefaultBodyLimit::disable()))
}

/// Routes for the first owner.
pub(super) fn routes() -> Router<Dashboard> {
    Router::new().route("/admin/setup/site", post(set_site)).route("/admin/setup/content", post(set_content))
}

impl Dashboard {
    /// Where the first account is made, when there is none: with a new code, which only whoever reads this gets.
    ///
    /// # Errors
    /// The database's, and when the system has no randomness to give.
    pub fn first_run(&self) -> Result<Option<String>, store::Error> {
        if !self.store.read(|read| read.users())?.is_empty() {
            return Ok(None);
        }
        let (code, kept) = SetupCode::new().map_err(store::Error::thread)?;
        Ok(self.code.set(kept).is_ok().then(|| format!("{}{}", self.delivery.public_url(), address::setup(&code))))
    }

    /// Whether nobody has an account yet.
    pub(super) async fn waits_for_owner(&self) -> bool {
        self.read(|read| Ok(read.users()?.is_empty())).await.unwrap_or(false)
    }

    fn is_code(&self, typed: &str) -> bool {
        self.code.get().is_some_and(|code| code.is(typed))
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    code: String,
}

async fn show(
    State(dashboard): State<Dashboard>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (nobody, setup) = dashboard.read(|read| Ok((read.users()?.is_empty(), read.setup()?))).await?;
    if nobody {
        return ask(&dashboard, &headers, &asked.code).await;
    }
    let Ok(signed) = guard::find(&dashboard, &headers).await else {
        return Ok(Redirect::to(&format!("{}?next={}", address::SIGN_IN, address::SETUP)).into_response());
    };
    if !signed.user.may(Right::People) {
        return Ok(Redirect::to(address::HOME).into_response());
    }
    match setup {
        Setup::Site => step(&dashboard, SITE, &signed, &headers, StatusCode::OK, context! {}).await,
        Setup::Content => step(&dashboard, CONTENT, &signed, &headers, StatusCode::OK, context! {}).await,
        Setup::Show => Ok(Redirect::to(address::WELCOME).into_response()),
        Setup::Done => Ok(Redirect::to(address::HOME).into_response()),
    }
}

/// Asks for the code, and with the right one for the first account.
async fn ask(dashboard: &Dashboard, headers: &HeaderMap, code: &str) -> Result<Response, Refused> {
    if dashboard.is_code(code) {
        return dashboard.entrance(ACCOUNT, headers, StatusCode::OK, context! { code }).await;
    }
    let status = if code.is_empty() { StatusCode::OK } else { StatusCode::FORBIDDEN };
    dashboard.entrance(CODE, headers, status, context! { wrong => !code.is_empty() }).await
}

async fn make_account(State(dashboard): State<Dashboard>, knock: Knock) -> Result<Response, Refused> {
    if !dashboard.waits_for_owner().await {
        return again(&dashboard, &knock).await;
    }
    let Knock { headers, sent, .. } = &knock;
    if !dashboard.is_code(sent.text("code")) {
        return ask(&dashboard, headers, sent.text("code")).await;
    }
    let new = NewUser {
        email: sent.text("email").into(),
        name: sent.text("name").into(),
        role: Role::Owner,
        password: sent.text("password").into(),
    };
    let signature = Signature::now(new.name.trim()).from(knock.client.address);
    let added = dashboard.change_password(move |authoring| authoring.add_first_user(new, signature)).await;
    match added {
        Ok(id) => dashboard.let_in_new(id, &knock, address::SETUP).await,
        Err(refused) if refused.status == StatusCode::CONFLICT => again(&dashboard, &knock).await,
        Err(refused) if refused.is_about_input() => {
            let shown = context! { code => sent.text("code"), sent => sent.again(), problems => refused.problems() };
            dashboard.entrance(ACCOUNT, headers, refused.status, shown).await
        }
        Err(refused) => Err(refused),
    }
}

/// The account is there already: a form sent twice signs in, anything else is asked to.
async fn again(dashboard: &Dashboard, knock: &Knock) -> Result<Response, Refused> {
    let (email, password) = (knock.sent.text("email"), knock.sent.text("password"));
    let Ok(user) = dashboard.check_password(email, password, &knock.client).await else {
        return Ok(Redirect::to(&format!("{}?next={}", address::SIGN_IN, address::SETUP)).into_response());
    };
    dashboard.let_in(&user, knock, address::SETUP).await
}

/// A step for somebody who is signed in.
async fn step(
    dashboard: &Dashboard,
    page: Entrance,
    signed: &Signed,
    headers: &HeaderMap,
    status: StatusCode,
    shown: Value,
) -> Result<Response, Refused> {
    let languages: Vec<_> = LANGUAGES.iter().map(|(slug, name)| context! { slug => *slug, name => *name }).collect();
    let shown = context! { ..shown, ..context! {
        csrf => signed.csrf.clone(), user => context! { name => signed.user.name.clone() }, languages, zones => zone::names(),
    }};
    dashboard.entrance(page, headers, status, shown).await
}

/// Refuses those who do not set this site up, and steps that were taken already.
async fn at(dashboard: &Dashboard, signed: &Signed, wanted: Setup) -> Result<bool, Refused> {
    signed.need(Right::People, "set the site up")?;
    Ok(dashboard.read(|read| Ok(read.setup()?)).await? == wanted)
}

fn go_on() -> Response {
    Redirect::to(address::SETUP).into_response()
}

async fn set_site(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    if !at(&dashboard, &signed, Setup::Site).await? {
        return Ok(go_on());
    }
    let signature = signed.signature();
    let asked = sent.clone();
    let set = dashboard.change(move |authoring| {
        authoring.set_up_site(asked.text("site_name"), asked.text("language"), asked.text("time_zone"), signature)
    });
    match set.await {
        Ok(()) => Ok(go_on()),
        Err(refused) if refused.is_about_input() => {
            let shown = context! { sent => sent.again(), problems => refused.problems() };
            step(&dashboard, SITE, &signed, &headers, refused.status, shown).await
        }
        Err(refused) => Err(refused),
    }
}

async fn set_content(
    State(dashboard): State<Dashboard>,
    signed: Signed,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Refused> {
    if !at(&dashboard, &signed, Setup::Content).await? {
        return Ok(go_on());
    }
    let (signature, name) = (signed.signature(), signed.user.name.clone());
    let (media, choice) = (dashboard.delivery.media_folder(), sent.text("choice").to_owned());
    let done = dashboard.change(move |authoring| {
        match choice.as_str() {
            "sample" => {
                let starter = Checked::of(Files::Embedded(starter::open))?;
                authoring.bring_sample(starter, &media, signature.clone())?;
            }
            "blog" => authoring.begin_blog(&name, signature.clone())?,
            "empty" => {}
            _ => return Err(crate::authoring::Error::invalid("choice", "Choose what to begin with.")),
        }
        authoring.set_up_show(signature)
    });
    answer(&dashboard, &signed, &headers, done.await).await
}

async fn answer(
    dashboard: &Dashboard,
    signed: &Signed,
    headers: &HeaderMap,
    done: Result<(), Refused>,
) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(go_on()),
        Err(refused) if refused.is_about_input() => {
            let shown = context! { message => refused.message };
            step(dashboard, CONTENT, signed, headers, refused.status, shown).await
        }
        Err(refused) => Err(refused),
    }
}

/// Takes an archive that `larder export` made. A browser without scripts sends the session's word as the first
/// part of the form, so that this route looks for it itself.
async fn import(
    State(dashboard): State<Dashboard>,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Result<Response, Refused> {
    let received = receive(&dashboard, &headers, &mut parts).await;
    drain(parts).await;
    let Some((signed, archive)) = received? else { return Ok(go_on()) };
    let done = take(&dashboard, &signed, archive).await;
    answer(&dashboard, &signed, &headers, done).await
}

/// Receives the archive into a file in the site's folder: there is room for the site, so there is room for it.
/// `None` when that step was taken already.
async fn receive(
    dashboard: &Dashboard,
    headers: &HeaderMap,
    parts: &mut Multipart,
) -> Result<Option<(Signed, NamedTempFile)>, Refused> {
    let signed = guard::find(dashboard, headers).await?;
    let mut trusted = false;
    while let Some(part) = parts.next_field().await.map_err(cut)? {
        match part.name() {
            Some("csrf") => {
                trusted = is_own(headers) && same(part.text().await.map_err(cut)?.as_bytes(), signed.csrf.as_bytes())
            }
            Some("archive") if trusted => {
                if !at(dashboard, &signed, Setup::Content).await? {
                    return Ok(None);
                }
                return store_part(dashboard, part).await.map(|archive| Some((signed, archive)));
            }
            _ => return Err(Refused::csrf()),
        }
    }
    Err(Refused::bad("There is no archive in what was sent."))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn cut(error: MultipartError) -> Refused {
    tracing::info!(%error, "an archive did not arrive whole");
    Refused::bad("The archive did not arrive whole. Nothing was imported: send it again.")
}

/// Reads what else is sent, up to a limit: a browser that is cut off while it sends shows no answer.
async fn drain(mut parts: Multipart) {
    let mut left = LARGEST;
    while let Ok(Some(mut part)) = parts.next_field().await {
        while let Ok(Some(chunk)) = part.chunk().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    }
}

async fn store_part(dashboard: &Dashboard, mut part: Field<'_>) -> Result<NamedTempFile, Refused> {
    let folder = dashboard.store.path().parent().map(ToOwned::to_owned).unwrap_or_default();
    let mut file = dashboard.work.run(move || tempfile::Builder::new().prefix(".import-").tempfile_in(folder)).await?;
    while let Some(chunk) = part.chunk().await.map_err(cut)? {
        let kept = file.map_err(full)?;
        file = dashboard
            .work
            .run(move || {
                let mut kept = kept;
                io::Write::write_all(&mut kept, &chunk).map(|()| kept)
            })
            .await?;
    }
    file.map_err(full)
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn full(error: io::Error) -> Refused {
    tracing::error!(%error, "an archive cannot be kept");
    let message = format!("The archive could not be kept on the server: {error}. Nothing was imported.");
    Refused::new(StatusCode::INSUFFICIENT_STORAGE, "full", message)
}

async fn take(dashboard: &Dashboard, signed: &Signed, archive: NamedTempFile) -> Result<(), Refused> {
    let (signature, media) = (signed.signature(), dashboard.delivery.media_folder());
    dashboard
        .change(move |authoring| {
            let beside = archive.path().parent().map(ToOwned::to_owned).unwrap_or_default();
            let unwritable =
                |error| crate::authoring::Error::Refused(format!("the archive cannot be unpacked: {error}"));
            let unpacked = tempfile::Builder::new().prefix(".import-").tempdir_in(beside).map_err(unwritable)?;
            let checked = Checked::of(Files::of(archive.path(), unpacked.path())?)?;
            authoring.import_first(checked, &media, signature.clone())?;
            authoring.set_up_show(signature)
        })
        .await
}
