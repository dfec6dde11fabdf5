//! What a person sees and changes: every screen, list, search, picker, comparison and preview asks here.

use crate::account::{Right, User};
use crate::content::entry::View;

/// One person's view of the site's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    user: i64,
    drafts: bool,
    writes_own: bool,
    writes: bool,
}

impl Sight {
    /// A person's.
    pub(super) fn of(user: &User) -> Self {
        Self {
            user: user.id,
            drafts: user.may(Right::SeeDrafts),
            writes_own: user.may(Right::WriteOwn),
            writes: user.may(Right::Write),
        }
    }

    /// Whether they see everybody's drafts.
    pub(super) fn sees_all(self) -> bool {
        self.drafts
    }

    /// Whether they see the drafts and history of an entry that this person, if any, made.
    pub(super) fn sees_draft(self, creator: Option<i64>) -> bool {
        self.drafts || (self.writes_own && creator == Some(self.user))
    }

    /// Whether they may change it.
    pub(super) fn may_write(self, creator: Option<i64>) -> bool {
        self.writes || (self.writes_own && creator == Some(self.user))
    }

    /// Which version of an entry they are shown.
    pub(super) fn view(self, creator: Option<i64>) -> View {
        View::preview(self.sees_draft(creator))
    }
}

#[cfg(test)]
mod tests {
    use super::Sight;
    use crate::account::{Role, Theme, User};
    use crate::content::moment::Moment;

    fn sight(role: Role) -> Sight {
        Sight::of(&User {
            id: 7,
            email: "a@b.example".into(),
            name: "A".into(),
            role,
            password: String::new(),
            created: Moment::from_micros(0),
            theme: Theme::System,
        })
    }

    #[test]
    fn writers_see_and_change_their_own_drafts_and_viewers_none() {
        let writer = sight(Role::Writer);
        assert!(writer.sees_draft(Some(7)) && writer.may_write(Some(7)));
        assert!(!writer.sees_draft(Some(8)) && !writer.may_write(Some(8)) && !writer.sees_draft(None));
        assert!(!sight(Role::Viewer).sees_draft(Some(7)) && !sight(Role::Viewer).may_write(Some(7)));
        assert!(sight(Role::Editor).sees_draft(None) && sight(Role::Editor).may_write(Some(8)));
    }
}
