//! How long each stage takes, for whoever asks.
//!
//! The environment variable `ENZYME_TIMES_FILE` names a file to append to; for each module
//! with requests it gets one line per stage, in the order of the stages, and their sum:
//!
//! ```text
//! prepare 12.345 ms
//! ```
//!
//! Times are processor time of this thread, summed over the module's requests: what else
//! the machine does hardly shows in them. Without the variable nothing is measured. Time
//! that is spent between two stages is not counted.

use std::io::Write;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The environment variable that names a file to append times to.
const TIMES_FILE: &str = "ENZYME_TIMES_FILE";

/// A stage of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Requests of C programs become marker calls, and wrappers are finished.
    Published,
    /// The private clone in canonical form, and its mirror.
    Prepare,
    /// Regions and kinds of bytes.
    Types,
    /// What moves and what carries a derivative.
    Activity,
    /// The reverse graph, and what is done for each instruction.
    Script,
    /// Which loads may be repeated.
    Effects,
    /// What the reverse sweep reads, and where it comes from.
    Plan,
    /// The derivative's code, verified.
    Synthesis,
}

/// Stages in their order, with their names.
const STAGES: [(Stage, &str); 8] = [
    (Stage::Published, "published"),
    (Stage::Prepare, "prepare"),
    (Stage::Types, "types"),
    (Stage::Activity, "activity"),
    (Stage::Script, "script"),
    (Stage::Effects, "effects"),
    (Stage::Plan, "plan"),
    (Stage::Synthesis, "synthesis"),
];

/// Times of the stages, if someone asked for them.
pub struct Times(Option<[Duration; STAGES.len()]>);

impl Times {
    /// No time yet.
    pub fn new() -> Self {
        Self(std::env::var_os(TIMES_FILE).map(|_| Default::default()))
    }

    /// Runs a part of a stage.
    pub fn of<T>(&mut self, stage: Stage, run: impl FnOnce() -> T) -> T {
        let Some(times) = &mut self.0 else { return run() };
        let start = processor_time();
        let result = run();
        times[stage as usize] += processor_time().saturating_sub(start);
        result
    }

    /// Appends the times to the file.
    pub fn write(&self) {
        let (Some(times), Some(path)) = (&self.0, std::env::var_os(TIMES_FILE)) else { return };
        let mut text = String::new();
        let lines = STAGES.iter().map(|&(stage, name)| (name, times[stage as usize]));
        for (name, time) in lines.chain([("all", times.iter().sum())]) {
            text += &format!("{name} {:.3} ms\n", time.as_secs_f64() * 1e3);
        }
        let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
        if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
            eprintln!("{}: {error}", path.to_string_lossy());
        }
    }
}

fn processor_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(now).expect("a processor's time is positive")
}
