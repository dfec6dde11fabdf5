//! What people and programs did, as the audit log keeps it.

use serde_json::Value;

use crate::content::moment::Moment;

/// A line of the audit log. Never changed afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its number; later lines have larger ones.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// What was done.
    pub deed: Deed,
    /// Who did it: a person's or token's name, `command line`, `schedule`.
    pub by: String,
    /// The person, by id, when it was one.
    pub user: Option<i64>,
    /// From where; empty when it was done on the server.
    pub address: String,
    /// To what: what it was called then.
    pub about: String,
    /// What only this deed has to tell, as an object.
    pub detail: Value,
}

/// Deeds of one kind, by which the log is filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedGroup {
    /// Who came in, and who tried.
    SigningIn,
    /// Accounts and what they may do.
    People,
    /// The keys of programs.
    Tokens,
    /// What became of entries and files.
    Content,
    /// Settings, redirects and the content model.
    Building,
    /// The site as a whole.
    Site,
}

impl DeedGroup {
    /// All groups.
    pub const ALL: [Self; 6] = [Self::SigningIn, Self::People, Self::Tokens, Self::Content, Self::Building, Self::Site];

    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SigningIn => "sign-ins",
            Self::People => "people",
            Self::Tokens => "tokens",
            Self::Content => "content",
            Self::Building => "building",
            Self::Site => "site",
        }
    }

    /// The group with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == word)
    }

    /// Its deeds.
    pub fn deeds(self) -> impl Iterator<Item = Deed> {
        TABLE.iter().filter(move |(_, _, group, _)| *group == self).map(|(deed, ..)| *deed)
    }
}

macro_rules! deeds {
    ($($deed:ident $word:literal $group:ident $said:literal)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Deed {
            $(#[doc = $said] $deed,)*
        }

        /// Each with the word it is stored as, its group, and what people call it.
        const TABLE: &[(Deed, &str, DeedGroup, &str)] =
            &[$((Deed::$deed, $word, DeedGroup::$group, $said),)*];
    };
}

deeds! {
    SignedIn "signed_in" SigningIn "Signed in"
    SignInFailed "sign_in_failed" SigningIn "Sign-in failed"
    SignedOut "signed_out" SigningIn "Signed out"
    DeviceSignedOut "device_signed_out" SigningIn "Signed a device out"
    SignedOutEverywhere "signed_out_everywhere" SigningIn "Signed out everywhere"
    SawAs "saw_as" SigningIn "Saw the dashboard as"

    AccountMade "account_made" People "Made the account of"
    AccountChanged "account_changed" People "Changed the account of"
    AccountRemoved "account_removed" People "Removed the account of"
    RoleChanged "role_changed" People "Changed the role of"
    Invited "invited" People "Invited"
    InvitationWithdrawn "invitation_withdrawn" People "Withdrew the invitation of"
    PasswordChanged "password_changed" People "Changed the password of"
    ResetOffered "reset_offered" People "Made a link for a new password for"
    CodesOn "codes_on" People "Switched one-time codes on for"
    CodesOff "codes_off" People "Switched one-time codes off for"
    RecoveryRenewed "recovery_renewed" People "Made new recovery codes for"
    SecondFactorReset "second_factor_reset" People "Took the second step from"
    PasskeyAdded "passkey_added" People "Added a passkey of"
    PasskeyRemoved "passkey_removed" People "Removed a passkey of"

    TokenMade "token_made" Tokens "Made the token"
    TokenChanged "token_changed" Tokens "Changed the token"
    TokenRotated "token_rotated" Tokens "Made another secret for the token"
    SecretEnded "secret_ended" Tokens "Ended the old secret of the token"
    TokenRemoved "token_removed" Tokens "Removed the token"

    Published "published" Content "Published"
    Unpublished "unpublished" Content "Unpublished"
    PublishUndone "publish_undone" Content "Took back the publishing of"
    Scheduled "scheduled" Content "Scheduled"
    Unscheduled "unscheduled" Content "Took back the schedule of"
    UnpublishScheduled "unpublish_scheduled" Content "Scheduled the end of"
    UnpublishUnscheduled "unpublish_unscheduled" Content "Took back the end of"
    PublishFailed "failed" Content "Could not publish by the clock"
    Discarded "discarded" Content "Discarded the draft of"
    ReviewAsked "review_asked" Content "Asked for a review of"
    ReviewEnded "review_ended" Content "Ended the review of"
    Deleted "deleted" Content "Deleted"
    Undeleted "undeleted" Content "Brought back"
    Purged "purged" Content "Removed for good"
    FileReplaced "file_replaced" Content "Replaced the file"
    FileDeleted "file_deleted" Content "Deleted the file"
    FileUndeleted "file_undeleted" Content "Brought back the file"

    SettingsChanged "settings_changed" Building "Changed settings"
    ModelChanged "model_changed" Building "Changed the content model"
    RedirectsChanged "redirects_changed" Building "Changed redirects"

    Exported "exported" Site "Exported the site"
    Imported "imported" Site "Imported an archive"
    SampleRemoved "sample_removed" Site "Removed the sample site"
    AuditExported "audit_exported" Site "Exported the audit log"
}

impl Deed {
    /// The word it is stored as.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The deed stored as this word.
    pub fn parse(word: &str) -> Option<Self> {
        TABLE.iter().find(|(_, known, ..)| *known == word).map(|(deed, ..)| *deed)
    }

    /// What people call it; the name of what it was done to follows.
    pub fn said(self) -> &'static str {
        self.row().3
    }

    /// Its group.
    pub fn group(self) -> DeedGroup {
        self.row().2
    }

    fn row(self) -> &'static (Self, &'static str, DeedGroup, &'static str) {
        // The table has a row for each, in their order.
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Deed, TABLE};
    use crate::content::event::EventKind;

    #[test]
    fn each_deed_has_a_word_of_its_own() {
        let words: BTreeSet<&str> = TABLE.iter().map(|(_, word, ..)| *word).collect();
        assert_eq!(words.len(), TABLE.len());
        assert!(TABLE.iter().all(|(deed, word, ..)| Deed::parse(word) == Some(*deed) && deed.as_str() == *word));
    }

    #[test]
    fn whatever_happens_to_entries_is_a_deed() {
        let unknown: Vec<_> = EventKind::ALL.into_iter().filter(|kind| Deed::parse(kind.as_str()).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
