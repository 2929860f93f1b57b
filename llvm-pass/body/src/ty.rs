//! The types of values, as far as differentiation tells them apart.

use std::fmt;

/// A floating-point format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatKind {
    /// IEEE binary16.
    Half,
    /// bfloat16.
    BFloat,
    /// IEEE binary32.
    Single,
    /// IEEE binary64.
    Double,
    /// Any other (x87, quadruple).
    Other(u32),
}

impl FloatKind {
    /// Size in bytes.
    pub fn size(self) -> u64 {
        match self {
            Self::Half | Self::BFloat => 2,
            Self::Single => 4,
            Self::Double => 8,
            Self::Other(bits) => u64::from(bits) / 8,
        }
    }
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// No value.
    Void,
    /// A float.
    Float(FloatKind),
    /// An integer of this many bits.
    Int(u32),
    /// An address.
    Ptr,
    /// A fixed vector of floats, integers or addresses.
    Vector(Box<Ty>, u32),
    /// A struct or array: size in bytes, then its fields with their offsets.
    Aggregate(u64, Vec<(u64, Ty)>),
    /// A type that the engine has no use for (metadata, tokens, scalable vectors), with its text.
    Other(String),
}

impl Ty {
    /// Size in memory in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Void | Self::Other(_) => 0,
            Self::Float(kind) => kind.size(),
            Self::Int(bits) => u64::from(*bits).div_ceil(8).next_power_of_two(),
            Self::Ptr => 8,
            Self::Vector(item, lanes) => match **item {
                Self::Int(1) => u64::from(*lanes).div_ceil(8),
                _ => item.size() * u64::from(*lanes),
            },
            Self::Aggregate(size, _) => *size,
        }
    }

    /// The float format of a float or a vector of floats.
    pub fn float(&self) -> Option<FloatKind> {
        match self {
            Self::Float(kind) => Some(*kind),
            Self::Vector(item, _) => item.float(),
            _ => None,
        }
    }

    /// Whether the value is, or has within it, an address (or an integer wide enough to hide one).
    pub fn may_hold_address(&self) -> bool {
        match self {
            Self::Ptr => true,
            Self::Int(bits) => *bits >= 64,
            Self::Vector(item, lanes) => match **item {
                Self::Int(bits) => bits * lanes >= 64 && bits > 1,
                _ => item.may_hold_address(),
            },
            Self::Aggregate(_, fields) => fields.iter().any(|(_, ty)| ty.may_hold_address()),
            _ => false,
        }
    }

    /// Whether the value is, or has within it, a float.
    pub fn has_float(&self) -> bool {
        match self {
            Self::Aggregate(_, fields) => fields.iter().any(|(_, ty)| ty.has_float()),
            _ => self.float().is_some(),
        }
    }
}

impl fmt::Display for FloatKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Half => f.write_str("f16"),
            Self::BFloat => f.write_str("bf16"),
            Self::Single => f.write_str("f32"),
            Self::Double => f.write_str("f64"),
            Self::Other(bits) => write!(f, "f{bits}"),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void => f.write_str("void"),
            Self::Float(kind) => write!(f, "{kind}"),
            Self::Int(bits) => write!(f, "i{bits}"),
            Self::Ptr => f.write_str("ptr"),
            Self::Vector(item, lanes) => write!(f, "<{lanes} x {item}>"),
            Self::Aggregate(_, fields) => {
                f.write_str("{")?;
                for (i, (_, ty)) in fields.iter().enumerate() {
                    write!(f, "{}{ty}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
            Self::Other(text) => f.write_str(text),
        }
    }
}
