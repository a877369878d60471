//! Where a client comes from that no operator wrote down.

use base::{Id, SecretHash, Timestamp};
use serde::{Deserialize, Serialize};

/// How a client came to be here without an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisteredBy {
    /// It registered itself, as everybody may.
    Anybody,
    /// It registered itself with an initial access token (RFC 7591 §1.2).
    InitialToken,
    /// It is what a document says that its client id leads to (OAuth Client ID Metadata Document).
    Document,
}

impl RegisteredBy {
    /// The word for it, in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::InitialToken => "initial_token",
            Self::Document => "document",
        }
    }
}

/// What kind of app a client says that it is (OpenID Connect Dynamic Client Registration 1.0 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// It runs on a web server, or in pages of one.
    #[default]
    Web,
    /// It is installed on a device.
    Native,
}

impl ApplicationType {
    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Native => "native",
        }
    }
}

/// What is kept of a registration beside the client that came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// How it came.
    pub by: RegisteredBy,
    /// The initial access token that it came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_token: Option<Id>,
    /// Hash of the token that manages it (RFC 7592); a document has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretHash>,
    /// When the document was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Until when what it said then is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_until: Option<Timestamp>,
    /// `application_type`.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// `contacts`, which are only told back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// `software_id`, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_id: Option<String>,
    /// `software_version`, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_version: Option<String>,
    /// The statement that vouched for it (RFC 7591 §2.3), as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_statement: Option<String>,
}

impl Registration {
    /// One that has just come.
    pub const fn new(by: RegisteredBy) -> Self {
        Self {
            by,
            initial_token: None,
            token: None,
            read_at: None,
            fresh_until: None,
            application_type: ApplicationType::Web,
            contacts: Vec::new(),
            software_id: None,
            software_version: None,
            software_statement: None,
        }
    }
}
