//! `larder demo`

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::generated::add_generated;
use super::place::{holds_site, make, media_of, signature};
use super::serve;
use super::terminal::{note, result};
use crate::account::{Access, Role};
use crate::app::Inherited;
use crate::auth::session;
use crate::authoring::{Authoring, Checked, Files, NewToken, NewUser};
use crate::config::{CACHE_MB, Config, Copying, Front, Leave, Reach, Tls};
use crate::starter;

/// What the demo's token is called.
const NAME: &str = "demo";
/// What its owner signs in with.
const EMAIL: &str = "demo@larder.example";

/// Serve the starter site: an invented mill with pages, a blog and pictures
#[derive(Args)]
pub(super) struct Demo {
    /// Keep the site in this folder; else it is gone when the demo ends
    #[arg(long, env = "LARDER_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "LARDER_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: String,

    /// Add this many generated pages, to see how a large site behaves
    #[arg(long, value_name = "N", default_value_t = 0)]
    entries: u64,
}

impl Demo {
    pub(super) fn run(self) -> Result<(), Failure> {
        let temporary = match &self.data {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("larder-demo-").tempdir()?),
        };
        let kept = temporary.as_ref().map(tempfile::TempDir::path);
        let folder = self.data.as_deref().or(kept).unwrap_or(Path::new(".")).to_owned();
        let listen = free_port(&self.listen)?;
        let site = make_demo(&folder)?;
        if self.entries > 0 {
            add_generated(&site, self.entries)?;
        }
        let token = read_token(&site)?;
        let password = set_owner(&site)?;
        // Closed before the server opens it: two writers of one process would only wait for each other.
        drop(site);
        result(format_args!("The starter site is in {}", folder.display()))?;
        result("Its dashboard:")?;
        result(format_args!("  http://{listen}/admin"))?;
        result(format_args!("  Email:    {EMAIL}"))?;
        result(format_args!("  Password: {password}"))?;
        result(format_args!("Its read token is {token}"))?;
        result("Its front page:")?;
        result(format_args!("  curl 'http://{listen}/v2/pages/*/home/?auth_token={token}'"))?;
        let (reach, copying, leave) = (Reach::default(), Copying::default(), Leave::default());
        let (public_url, threads, cache_mb) = (None, None, CACHE_MB);
        let (listen, tls, front) = (Some(listen), Tls::default(), Front::default());
        let config = Config {
            data: folder,
            listen,
            public_url,
            threads,
            cache_mb,
            tls,
            front,
            reach,
            cdn_token: None,
            copying,
            leave,
        };
        serve::run(&config, Inherited::nothing())
    }
}

fn make_demo(folder: &Path) -> Result<Authoring, Failure> {
    let new = !holds_site(folder);
    let site = make(folder)?;
    if new {
        site.import_site(Checked::of(Files::Embedded(starter::open))?, false, &media_of(folder), signature())?;
    } else {
        note(format_args!("using the site that is in {}", folder.display()));
    }
    Ok(site)
}

/// Makes the account that the demo is looked at with, or gives that of an earlier one a new password; returns it.
fn set_owner(site: &Authoring) -> Result<String, Failure> {
    let (secret, _) = session::new_secret()?;
    // 80 bits, in groups that can be typed.
    let groups: Vec<&str> = (0..5).filter_map(|group| secret.get(group * 4..group * 4 + 4)).collect();
    let password = groups.join("-");
    if site.store().read(|read| read.user_by_email(EMAIL))?.is_some() {
        site.change_user(EMAIL, Some(Role::Owner), Some(&password), None, signature())?;
    } else {
        let name = "Demo Owner".to_owned();
        let new = NewUser { email: EMAIL.into(), name, role: Role::Owner, password: password.clone() };
        site.add_user(new, signature())?;
    }
    Ok(password)
}

/// The token of an earlier demo in this folder, or a new one.
fn read_token(site: &Authoring) -> Result<String, Failure> {
    let known = site.store().read(|read| read.tokens())?;
    let mine = known.into_iter().find(|token| token.name == NAME && token.access == Access::Read);
    if let Some(secret) = mine.and_then(|token| token.secret) {
        return Ok(secret);
    }
    let wanted = NewToken { name: NAME.into(), access: Access::Read, preview: true, ends: None };
    let (token, _) = site.make_token(wanted, signature())?;
    Ok(token)
}

/// The address with a port that is free now, so that it can be shown before the server listens.
fn free_port(listen: &str) -> Result<String, Failure> {
    if !listen.ends_with(":0") {
        return Ok(listen.into());
    }
    let cannot = |error| Failure::said(format!("cannot listen on {listen}: {error}"));
    let listener = TcpListener::bind(listen).map_err(cannot)?;
    Ok(listener.local_addr().map_err(cannot)?.to_string())
}
