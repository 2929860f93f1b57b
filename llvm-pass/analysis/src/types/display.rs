//! Types as text: regions with their cells, then where each address points.

use std::fmt;

use enzyme_body::{BodyId, ValueId};

use super::dynamic::Dynamic;
use super::shape::{FOREVER, FROM_ANYWHERE, Repeats};
use super::{Kind, Loc, Offset, Origin, Region, Site, Types};

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float(kind) => write!(f, "{kind}"),
            Self::Address => f.write_str("address"),
            Self::Integer => f.write_str("integer"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl fmt::Display for Loc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Offset::Exact(base) => write!(f, "{}+{base}", self.region),
            Offset::Integers => write!(f, "{}+?", self.region),
            Offset::Strided { base, stride } => write!(f, "{}+{base}+{stride}k", self.region),
        }
    }
}

impl Types {
    /// A value or instruction as text.
    pub(crate) fn site(&self, (body, value): Site) -> String {
        let (name, labels) = &self.labels[body.index()];
        match body.index() {
            0 => labels[value.index()].clone(),
            _ => format!("{name}:{}", labels[value.index()]),
        }
    }

    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Param(i) => format!("parameter {i}"),
            Origin::Alloca(site) => format!("stack {}", self.site(*site)),
            Origin::Allocation(site) => format!("heap {}", self.site(*site)),
            Origin::Global(symbol, true) => format!("mutable @{symbol}"),
            Origin::Global(symbol, false) => format!("constant @{symbol}"),
            Origin::Text(site) => format!("text {}", self.site(*site)),
            Origin::Unknown(site) => format!("unknown {}", self.site(*site)),
        }
    }

    fn write_region(&self, f: &mut fmt::Formatter<'_>, region: &Region) -> fmt::Result {
        let origins: Vec<_> = region.origins.iter().map(|o| self.origin(o)).collect();
        if !region.views.is_empty() {
            let regions: Vec<_> = region.views.iter().map(ToString::to_string).collect();
            return writeln!(f, "[integers of {}]", regions.join(", "));
        }
        write!(f, "[{}]", origins.join(", "))?;
        write_repeats(f, &region.repeats)?;
        f.write_str(if region.external { " external" } else { "" })?;
        let lost = if region.lost { " lost" } else { "" };
        writeln!(f, "{lost}{}", if region.escapes { " escapes" } else { "" })?;
        for &id in &region.cells {
            let cell = &self.cells[id];
            write!(f, "  {id} at {}: {}", cell.offset, cell.kind)?;
            match cell.width {
                width if width >= 1 << 32 => write!(f, " open")?,
                width => write!(f, " {width}")?,
            }
            if let Some(loc) = cell.pointee {
                write!(f, " -> {loc}")?;
            }
            if let Some(block) = cell.block {
                write!(f, " -> block {}", self.site(block))?;
            }
            if cell.by_turns {
                write!(f, " by turns")?;
            }
            if let Some((a, b)) = cell.conflict {
                write!(f, " conflict of {} and {}", self.site(a), self.site(b))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, region) in self.regions.iter() {
            write!(f, "{id} ")?;
            self.write_region(f, region)?;
        }
        for (places, (name, labels)) in std::iter::zip(&self.places, &self.labels) {
            writeln!(f, "places in {name}")?;
            for (loc, label) in std::iter::zip(places, labels) {
                if let Some(loc) = loc {
                    writeln!(f, "  {label}: {loc}")?;
                }
            }
        }
        match &self.dynamic {
            Some(dynamic) => self.write_dynamic(f, dynamic),
            None => Ok(()),
        }
    }
}

impl Types {
    /// The integers of which shadows tell what they are, and where that is asked.
    fn write_dynamic(&self, f: &mut fmt::Formatter<'_>, dynamic: &Dynamic) -> fmt::Result {
        for (id, (name, labels)) in self.labels.iter().enumerate() {
            let site = |value| (BodyId::new(id), ValueId::new(value));
            for what in ["moved", "computed", "checked"] {
                write!(f, "{what} in {name}:")?;
                for (value, label) in labels.iter().enumerate() {
                    let has = match what {
                        "moved" => dynamic.is_moved(site(value)),
                        "computed" => dynamic.is_computed(site(value)),
                        _ => dynamic.is_checked(site(value)),
                    };
                    if has {
                        write!(f, " {label}")?;
                    }
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

fn write_repeats(f: &mut fmt::Formatter<'_>, repeats: &Repeats) -> fmt::Result {
    for repeat in repeats.iter() {
        match (repeat.start, repeat.end) {
            (FROM_ANYWHERE, _) => write!(f, " every {}", repeat.period)?,
            (start, FOREVER) => write!(f, " from {start} every {}", repeat.period)?,
            (start, end) => write!(f, " from {start} to {end} every {}", repeat.period)?,
        }
        if !repeat.inner.is_empty() {
            f.write_str(" (")?;
            write_repeats(f, &repeat.inner)?;
            f.write_str(" )")?;
        }
    }
    Ok(())
}
