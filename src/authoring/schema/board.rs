//! Changing the model on the drawing board: kept for each person until they save it or let it go.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::apply::carry_out_seen;
use super::plan::{Plan, plan};
use super::progress::Progress;
use crate::authoring::{Authoring, Error, Signature};
use crate::content::blueprint::as_file;
use crate::content::definition::Definition;
use crate::content::moment::Moment;
use crate::content::rebase::{Clash, Side, rebase};
use crate::store::{Board, Read};

/// What a person sees of the model: what they have made of it, or as it is.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The document they began with, that of the model in force when they have begun nothing.
    pub base: Definition,
    /// As it shall be.
    pub board: Definition,
    /// What they and others have changed in different ways, to be chosen first.
    pub clashes: Vec<Clash>,
    /// Why both changes together make no model, when nothing clashes.
    pub wrong: Option<String>,
    /// Whether others have changed the model since they began.
    pub overtaken: bool,
    /// Whether it differs from what is in force.
    pub changed: bool,
    /// The number of the model in force.
    pub number: i64,
}

/// The model as a person sees it. What others have changed since they began is brought in, as far as nobody has to
/// choose.
///
/// # Errors
/// The database's.
pub fn drawn(read: &Read<'_>, user: i64, chosen: &BTreeMap<String, Side>) -> Result<Drawn, Error> {
    let model = read.model();
    let (number, now) = (model.number, Definition::of(model, true));
    let Some(Board { number: began, base, board, .. }) = read.board(user)? else {
        let plain = |base: Definition, board| Drawn {
            base,
            board,
            clashes: Vec::new(),
            wrong: None,
            overtaken: false,
            changed: false,
            number,
        };
        return Ok(plain(now.clone(), now));
    };
    if began == number {
        let (clashes, changed) = (Vec::new(), board != base);
        return Ok(Drawn { base, board, clashes, wrong: None, overtaken: false, changed, number });
    }
    let (merged, clashes) = rebase(&json!(base), &json!(board), &json!(now), chosen);
    let merged = parse(&merged).and_then(|merged| merged.check().map(|()| merged));
    let (board, wrong) = match merged {
        Ok(merged) => (merged, None),
        Err(why) => (board, Some(why)),
    };
    let changed = board != now;
    Ok(Drawn { base: now, board, clashes, wrong, overtaken: true, changed, number })
}

fn parse(document: &Value) -> Result<Definition, String> {
    serde_json::from_value(document.clone()).map_err(|error| error.to_string())
}

impl Drawn {
    /// Whether a person must choose before they can go on.
    pub fn waits(&self) -> bool {
        !self.clashes.is_empty() || self.wrong.is_some()
    }
}

impl Authoring {
    /// Changes the model on a person's board. What they are shown must make sense; when it would not, nothing is
    /// changed.
    ///
    /// # Errors
    /// `Refused` with a sentence that says why it cannot be, `Changed` when they must choose between their changes and
    /// those of others first.
    pub fn draw<T: Send + 'static>(
        &self,
        signature: Signature,
        change: impl FnOnce(&mut Definition) -> Result<T, String> + Send + 'static,
    ) -> Result<T, Error> {
        let (user, at) = (signature.user.unwrap_or_default(), signature.at);
        self.write(&signature, move |write| {
            let Drawn { base, mut board, number, .. } = ready(write, user)?;
            let done = change(&mut board).map_err(Error::Refused)?;
            board.check().map_err(Error::Refused)?;
            if board == base {
                write.remove_board(user)?;
            } else {
                write.put_board(user, &Board { number, base, board, at })?;
            }
            Ok(done)
        })
    }

    /// Chooses between a person's changes and those of others.
    ///
    /// # Errors
    /// `Refused` when both together make no model, with the reason.
    pub fn choose_drawn(&self, chosen: BTreeMap<String, Side>, signature: Signature) -> Result<(), Error> {
        let (user, at) = (signature.user.unwrap_or_default(), signature.at);
        self.write(&signature, move |write| {
            let Drawn { base, board, clashes, wrong, number, .. } = drawn(write, user, &chosen)?;
            if let Some(why) = wrong {
                return Err(Error::Refused(why));
            }
            if !clashes.is_empty() {
                return Err(Error::Refused("something is left to choose".into()));
            }
            Ok(write.put_board(user, &Board { number, base, board, at })?)
        })
    }

    /// Lets go of what a person has changed and not saved.
    ///
    /// # Errors
    /// The database's.
    pub fn let_go_drawn(&self, signature: Signature) -> Result<(), Error> {
        let user = signature.user.unwrap_or_default();
        self.write(&signature, move |write| Ok(write.remove_board(user)?))
    }

    /// What saving a person's board would do.
    ///
    /// # Errors
    /// `Changed` when they must choose first, `Refused` when it makes no sense.
    pub fn plan_drawn(&self, signature: &Signature) -> Result<Plan, Error> {
        let (user, at) = (signature.user.unwrap_or_default(), signature.at);
        self.store().read(|read| plan(read, &file(read, user)?, at))
    }

    /// Puts a person's board in force, as they have seen it planned ([`Plan::word`]).
    ///
    /// # Errors
    /// As for [`Authoring::change_schema`].
    pub fn save_drawn(&self, seen: String, signature: Signature, progress: Arc<Progress>) -> Result<Plan, Error> {
        self.write(&signature.clone(), move |write| {
            let user = signature.user.unwrap_or_default();
            let file = file(write, user)?;
            let plan = carry_out_seen(write, &file, &signature, &progress, |plan| Ok(plan.word() == seen))?;
            write.remove_board(user)?;
            Ok(plan)
        })
    }
}

/// The board of a person who has nothing to choose.
fn ready(read: &Read<'_>, user: i64) -> Result<Drawn, Error> {
    let drawn = drawn(read, user, &BTreeMap::new())?;
    if drawn.waits() {
        let (by, at) = read.model_changed()?.unzip();
        return Err(Error::Changed { by: by.unwrap_or_default(), at: at.unwrap_or(Moment::from_micros(0)), rev: None });
    }
    Ok(drawn)
}

fn file(read: &Read<'_>, user: i64) -> Result<Definition, Error> {
    let drawn = ready(read, user)?;
    Ok(as_file(&drawn.base, &drawn.board))
}
