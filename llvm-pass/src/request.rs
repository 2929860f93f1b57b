//! Finding and reading requests: the calls of the marker.

use enzyme_diag::{Code, Diagnostic, Result};
use enzyme_ir::{Function, Module, Value};
use enzyme_protocol::{
    Activity, DecodeError, MARKER, MARKER_FORWARD, MARKER_REVERSE, MAX_PARAMETERS, VERSION,
};

/// Which sweeps a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweeps {
    /// All of them, one after the other.
    All,
    /// The forward sweep.
    Forward,
    /// One reverse sweep.
    Reverse,
}

impl Sweeps {
    const MARKERS: [(&str, Sweeps); 3] =
        [(MARKER, Self::All), (MARKER_FORWARD, Self::Forward), (MARKER_REVERSE, Self::Reverse)];

    /// The number of arguments before the primals and shadows.
    fn head(self) -> usize {
        match self {
            Self::All | Self::Reverse => 4,
            Self::Forward => 2,
        }
    }
}

/// One marker call.
pub struct Request {
    /// The call.
    pub call: Value,
    /// What it asks for.
    pub sweeps: Sweeps,
    /// The function to differentiate.
    pub primal: Function,
    /// One activity per parameter.
    pub activities: Vec<Activity>,
    /// A shadow equal to its primal marks a constant.
    pub runtime_activity: bool,
    /// Memory that different parameters lead to may be the same.
    pub overlapping: bool,
    /// An adjoint of zero contributes zero.
    pub strong_zero: bool,
}

/// The marker calls of a module, in functions that the program can reach.
pub fn marker_calls(module: Module) -> Vec<(Sweeps, Value)> {
    let mut calls = Vec::new();
    for (name, sweeps) in Sweeps::MARKERS {
        let Some(marker) = module.function(name) else { continue };
        let users = marker.0.users().into_iter();
        let marked = users.filter(|user| user.is_call() && user.called() == marker.0);
        calls.extend(marked.map(|call| (sweeps, call)));
    }
    calls
}

/// Reads one marker call.
pub fn read((sweeps, call): (Sweeps, Value)) -> Result<Request> {
    let refuse = |code, text: String| Diagnostic::new(code, text).at(call.location()).into();
    let arguments = call.arguments();
    if arguments.len() < sweeps.head() {
        return refuse(Code::BadRequest, "a marker call with too few arguments".into());
    }
    let (primal, request, pairs) = (arguments[0], arguments[1], &arguments[sweeps.head()..]);
    let Some(primal) = primal.as_function() else {
        return refuse(Code::UnknownPrimal, "the marker's first argument is no function".into());
    };
    if primal.is_declaration() {
        let text = format!("`{}` has no body in this program", primal.name());
        return refuse(Code::MissingBody, text);
    }
    let Some(bytes) = request.initializer().and_then(Value::byte_string) else {
        return refuse(Code::BadRequest, "the request is no constant".into());
    };
    let mut space = [Activity::Const; MAX_PARAMETERS];
    let decoded = match enzyme_protocol::decode(&bytes, &mut space) {
        Ok(decoded) => decoded,
        Err(DecodeError::Version { found }) => {
            let text = format!("a request of version {found}; this plugin reads version {VERSION}");
            return refuse(Code::BadRequest, text);
        }
        Err(error) => return refuse(Code::BadRequest, format!("malformed bytes: {error:?}")),
    };
    let params = primal.params().len();
    if params != decoded.activities.len() || pairs.len() != 2 * params {
        let text = format!("{params} parameters, {} activities", decoded.activities.len());
        return refuse(Code::BadRequest, text);
    }
    Ok(Request {
        call,
        sweeps,
        primal,
        activities: decoded.activities.to_vec(),
        runtime_activity: decoded.runtime_activity,
        overlapping: decoded.overlapping,
        strong_zero: decoded.strong_zero,
    })
}
