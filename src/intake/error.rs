//! Why a file did not come in.

use std::io;

use crate::authoring;
use crate::fetch;
use crate::work::Undone;

/// Why a file, or a piece of it, was not taken. Each is a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request makes no sense.
    #[error("{0}")]
    Bad(String),
    /// The client does not speak the version of the protocol that is spoken here.
    #[error("This server speaks version 1.0.0 of the tus protocol: send \"Tus-Resumable: 1.0.0\".")]
    Version,
    /// There is no such upload, or it is another sender's.
    #[error("There is no such upload. It may have ended or been given up: begin it again.")]
    NoUpload,
    /// The piece does not go on where the last one ended.
    #[error("The upload goes on at byte {0}. Ask for its offset and send what follows.")]
    Offset(u64),
    /// The piece is not the one its checksum was made of.
    #[error("The piece did not arrive as it was sent. Send it again.")]
    Checksum,
    /// It has more bytes than are taken.
    #[error("This file is larger than {} MB. Make it smaller and try again.", .0 >> 20)]
    TooLarge(u64),
    /// More bytes came than were announced.
    #[error("More bytes came than the upload was announced with.")]
    TooLong,
    /// The sender has begun too much already.
    #[error("{0}")]
    TooMany(String),
    /// Nothing is in it.
    #[error("This file is empty. Choose another one.")]
    Empty,
    /// It broke off.
    #[error("The file did not arrive whole. Try again.")]
    Broken,
    /// Somebody else goes on with the same upload.
    #[error("The same upload goes on in another request. Try again in a moment.")]
    Taken,
    /// What is sent is no piece of an upload.
    #[error("A piece is sent as application/offset+octet-stream.")]
    Kind,
    /// What lies at an address is no file to take.
    #[error("{0}")]
    Unusable(String),
    /// Another server is in trouble.
    #[error("The server at this address is in trouble (it answered {0}). Try again later.")]
    NotNow(u16),
    /// Another server did not give it.
    #[error(transparent)]
    Fetch(#[from] fetch::Error),
    /// The server cannot write it.
    #[error("{}", in_public(.0))]
    Storage(#[from] io::Error),
    /// The library did not take it in.
    #[error(transparent)]
    Authoring(#[from] authoring::Error),
    /// Too much is to be done, or something broke.
    #[error(transparent)]
    Undone(#[from] Undone),
}

impl Error {
    /// Whether the same file could be taken another time.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Fetch(error) => error.may_pass(),
            Self::Authoring(error) => matches!(error, authoring::Error::Store(_) | authoring::Error::Storage(_)),
            Self::Storage(_) | Self::Undone(_) | Self::Broken | Self::Taken | Self::NotNow(_) => true,
            _ => false,
        }
    }
}

fn in_public(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull => {
            "The disk of the server is full, so the file was not stored. Tell who runs it, and try again."
        }
        _ => "The server cannot write the file. Tell who runs it, and try again.",
    }
}
