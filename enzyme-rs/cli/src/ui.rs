//! What the user sees while waiting: status lines, a spinner, one question.
//!
//! Everything goes to standard error, because standard output belongs to the
//! program that is run and to `cargo enzyme plugin`. No decision is made here.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Result;
use console::style;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

/// Is somebody there who can answer a question?
pub fn interactive() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Prints one line in the manner of Cargo: a verb, then what it is about.
pub fn status(verb: &str, message: &str) {
    eprintln!("{:>12} {message}", style(verb).green().bold().for_stderr());
}

/// Prints a warning that does not stop the build.
pub fn warn(message: &str) {
    eprintln!("{}: {message}", style("warning").yellow().bold().for_stderr());
}

/// Prints an error with its causes, as the last thing before leaving.
pub fn error(error: &anyhow::Error) {
    eprintln!("{}: {error:#}", style("error").red().bold().for_stderr());
}

/// Asks a yes-or-no question; yes is the default.
pub fn confirm(question: &str) -> Result<bool> {
    Ok(dialoguer::Confirm::new().with_prompt(question).default(true).interact()?)
}

/// A step that takes long: a spinner in a terminal, plain lines elsewhere.
pub struct Step {
    bar: Option<ProgressBar>,
    start: std::time::Instant,
}

impl Step {
    /// Announces the step.
    pub fn start(message: &str) -> Step {
        status("Preparing", message);
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner:>12} {elapsed:>4} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Step { bar, start: std::time::Instant::now() }
    }

    /// Shows what the step is doing now, if the line is one of Cargo's own
    /// about its progress; only in a terminal.
    pub fn detail(&self, line: &str) {
        let plain = console::strip_ansi_codes(line);
        let verb = plain.split_whitespace().next().unwrap_or_default();
        if let Some(bar) = &self.bar
            && ["Blocking", "Compiling", "Downloaded", "Downloading", "Updating"].contains(&verb)
        {
            bar.set_message(plain.trim().to_owned());
        }
    }

    /// Ends the step and says how long it took.
    pub fn finish(self, message: &str) {
        self.clear();
        status("Finished", &format!("{message} in {}", HumanDuration(self.start.elapsed())));
    }

    /// Ends the step without a word, for what follows is an error.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
