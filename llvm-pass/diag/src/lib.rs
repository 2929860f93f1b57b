//! Coded diagnostics: what could not be differentiated, where, why, and what to do.
//!
//! Every refusal of the engine is a [`Diagnostic`] with a code from the
//! catalogue in `codes.rs`. Rendering is the only place of the plugin that
//! prints.
#![forbid(unsafe_code)]

mod codes;
mod render;

pub use codes::{CATALOGUE, Code, Entry};
pub use render::render;

use enzyme_body::Location;

/// One refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind.
    pub code: Code,
    /// What happened here, in one sentence.
    pub message: String,
    /// Where, if debug information tells.
    pub location: Option<Location>,
    /// The function that is being differentiated.
    pub function: String,
    /// Further facts, outermost first.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            location: None,
            function: String::new(),
            notes: Vec::new(),
        }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }

    /// Adds the function that is being differentiated.
    #[must_use]
    pub fn within(mut self, function: &str) -> Self {
        function.clone_into(&mut self.function);
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// What a stage returns.
pub type Result<T> = std::result::Result<T, Box<Diagnostic>>;

impl<T> From<Diagnostic> for Result<T> {
    fn from(diagnostic: Diagnostic) -> Self {
        Err(Box::new(diagnostic))
    }
}
