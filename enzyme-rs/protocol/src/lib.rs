//! What the library and the plugin share: the marker's name, how much room shadows have, and the
//! request that travels with each marker call as a constant byte string.
//!
//! The encoding is fixed-size so that a generic function can hold it in an
//! associated constant: four bytes of magic, then version, mode, flags, the
//! number of parameters and one activity byte for each. Decoding checks all of
//! it; a request of another version is refused with both versions named.
#![no_std]
#![forbid(unsafe_code)]

/// The symbol every request calls. It is never defined: the plugin removes the
/// calls, so a link without the plugin fails and prints this name.
pub const MARKER: &str = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build";

/// The symbol of the forward sweep alone: `fn(primal, request, p_0, s_0, …)` returns the
/// tape, which has memory of its own.
pub const MARKER_FORWARD: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__forward";

/// The symbol of one reverse sweep: `fn(primal, request, tape, keep, p_0, s_0, …)` with the
/// addresses of the forward sweep, where the seeds stand in the shadows. `keep` is a
/// constant of 64 bits; the tape is freed if it is 0.
pub const MARKER_REVERSE: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__reverse";

/// The symbol by which a shim asks for memory that outlives it: `fn(size, align)`.
/// It is never defined either: inside of a derivative the plugin takes primal and
/// shadow, both zeroed, from the arena of the surrounding sweeps. The library asks
/// for the outputs' elements only: the memory holds floats of `align` bytes each.
pub const ARENA_ALLOC: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__arena";

/// The symbol by which a shim states that the memory from argument 0 on holds `f64`s.
pub const HINT_F64: &str = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__f64";

/// The symbol by which a shim states that the memory from argument 0 on holds `f32`s.
pub const HINT_F32: &str = "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__f32";

/// The symbol by which a shim states that there is no float in some bytes (argument 1,
/// constant) from argument 0 on.
pub const HINT_PLAIN: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__plain";

/// The symbol by which a shim states that the memory from argument 0 on is an array of
/// integers.
pub const HINT_WORDS: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__words";

/// The symbol by which a shim or the plugin states that there is one `f64` at argument 0.
pub const HINT_ONE_F64: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__one_f64";

/// The symbol by which a shim or the plugin states that there is one `f32` at argument 0.
pub const HINT_ONE_F32: &str =
    "enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build__one_f32";

/// All hints: functions that exist for the analyses only.
pub const HINTS: [&str; 6] =
    [HINT_F64, HINT_F32, HINT_PLAIN, HINT_WORDS, HINT_ONE_F64, HINT_ONE_F32];

/// Version of the request encoding. Changes whenever the meaning of a byte does.
pub const VERSION: u8 = 1;

/// More bytes than an allocator adds to a block of fewer than [`BEYOND_LARGE`] bytes. A shadow that
/// may grow has so many zeros behind it: where nobody says how large a block is, all of it counts.
pub const BEYOND_SMALL: u16 = 64;
/// The same for a larger block, which may be whole pages.
pub const BEYOND_LARGE: u16 = 1 << 14;

/// The most parameters that a request can describe.
pub const MAX_PARAMETERS: usize = 56;

/// Size of an encoded request in bytes.
pub const ENCODED_SIZE: usize = HEADER + MAX_PARAMETERS;

const HEADER: usize = 8;
const MAGIC: [u8; 4] = *b"ENZ\0";

/// Direction of differentiation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Adjoints from outputs to inputs.
    Reverse,
}

/// What the caller provides for one pointer parameter of the primal shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    /// Not differentiated; has no shadow.
    Const,
    /// Has a shadow of the same layout.
    Duplicated,
}

/// One request, as the library states it and the plugin reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Direction of differentiation.
    pub mode: Mode,
    /// A shadow pointer equal to its primal marks a constant; checked while running.
    pub runtime_activity: bool,
    /// Memory that different parameters lead to may be the same: C's pointers, where
    /// Rust's references are known to be apart.
    pub overlapping: bool,
    /// An adjoint of zero contributes zero, whatever the partial derivative is.
    pub strong_zero: bool,
    /// One entry for each pointer parameter of the shim.
    pub activities: &'a [Activity],
}

/// Why a byte string is not a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Too short, or without the magic bytes.
    NotARequest,
    /// Written by another version of the library.
    Version {
        /// The version found in the bytes.
        found: u8,
    },
    /// A byte has a value that this version gives no meaning to.
    Malformed {
        /// Its position.
        at: usize,
    },
}

const FLAG_RUNTIME_ACTIVITY: u8 = 1;
const FLAG_OVERLAPPING: u8 = 2;
const FLAG_STRONG_ZERO: u8 = 4;

impl Request<'_> {
    /// Encodes the request; usable in constants.
    ///
    /// # Panics
    /// If there are more than [`MAX_PARAMETERS`] activities (a compile error in a constant).
    pub const fn encode(&self) -> [u8; ENCODED_SIZE] {
        assert!(self.activities.len() <= MAX_PARAMETERS, "too many parameters for one request");
        let mut bytes = [0; ENCODED_SIZE];
        let mut i = 0;
        while i < MAGIC.len() {
            bytes[i] = MAGIC[i];
            i += 1;
        }
        bytes[4] = VERSION;
        bytes[5] = match self.mode {
            Mode::Reverse => 1,
        };
        bytes[6] = if self.runtime_activity { FLAG_RUNTIME_ACTIVITY } else { 0 };
        bytes[6] |= if self.overlapping { FLAG_OVERLAPPING } else { 0 };
        bytes[6] |= if self.strong_zero { FLAG_STRONG_ZERO } else { 0 };
        bytes[7] = self.activities.len() as u8;
        let mut i = 0;
        while i < self.activities.len() {
            bytes[HEADER + i] = match self.activities[i] {
                Activity::Const => 0,
                Activity::Duplicated => 1,
            };
            i += 1;
        }
        bytes
    }
}

/// Decodes a request; `activities` receives one entry per parameter.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode<'a>(
    bytes: &[u8],
    activities: &'a mut [Activity; MAX_PARAMETERS],
) -> Result<Request<'a>, DecodeError> {
    if bytes.len() < HEADER || bytes[..4] != MAGIC {
        return Err(DecodeError::NotARequest);
    }
    if bytes[4] != VERSION {
        return Err(DecodeError::Version { found: bytes[4] });
    }
    let mode = match bytes[5] {
        1 => Mode::Reverse,
        _ => return Err(DecodeError::Malformed { at: 5 }),
    };
    if bytes[6] & !(FLAG_RUNTIME_ACTIVITY | FLAG_OVERLAPPING | FLAG_STRONG_ZERO) != 0 {
        return Err(DecodeError::Malformed { at: 6 });
    }
    let count = usize::from(bytes[7]);
    if count > MAX_PARAMETERS || bytes.len() < HEADER + count {
        return Err(DecodeError::Malformed { at: 7 });
    }
    for (i, slot) in activities.iter_mut().enumerate().take(count) {
        *slot = match bytes[HEADER + i] {
            0 => Activity::Const,
            1 => Activity::Duplicated,
            _ => return Err(DecodeError::Malformed { at: HEADER + i }),
        };
    }
    Ok(Request {
        mode,
        runtime_activity: bytes[6] & FLAG_RUNTIME_ACTIVITY != 0,
        overlapping: bytes[6] & FLAG_OVERLAPPING != 0,
        strong_zero: bytes[6] & FLAG_STRONG_ZERO != 0,
        activities: &activities[..count],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_returns_what_was_encoded() {
        for flags in 0..8 {
            let activities = [Activity::Const, Activity::Duplicated, Activity::Const];
            let request = Request {
                mode: Mode::Reverse,
                runtime_activity: flags & 1 != 0,
                overlapping: flags & 2 != 0,
                strong_zero: flags & 4 != 0,
                activities: &activities,
            };
            let mut space = [Activity::Const; MAX_PARAMETERS];
            assert_eq!(decode(&request.encode(), &mut space), Ok(request));
        }
    }

    #[test]
    fn bytes_that_are_no_request_are_refused() {
        let good = Request {
            mode: Mode::Reverse,
            runtime_activity: false,
            overlapping: false,
            strong_zero: false,
            activities: &[Activity::Const],
        }
        .encode();
        let mut space = [Activity::Const; MAX_PARAMETERS];
        assert_eq!(decode(&good[..7], &mut space), Err(DecodeError::NotARequest));
        for (at, value, error) in [
            (0, 0, DecodeError::NotARequest),
            (4, 9, DecodeError::Version { found: 9 }),
            (5, 7, DecodeError::Malformed { at: 5 }),
            (6, 128, DecodeError::Malformed { at: 6 }),
            (7, 255, DecodeError::Malformed { at: 7 }),
            (8, 5, DecodeError::Malformed { at: 8 }),
        ] {
            let mut bytes = good;
            bytes[at] = value;
            assert_eq!(decode(&bytes, &mut space), Err(error), "byte {at}");
        }
    }
}
