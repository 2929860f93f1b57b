//! From the solved store to the immutable [`Types`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use enzyme_body::{Body, BodyId, Global, IdVec, Op, Ty, ValueId};

use super::content::{Content, Evidence, Holder};
use super::generate::{Generator, carried_integer, parts, size};
use super::shape::Repeats;
use super::store::At;
use super::{Cell, CellId, Kind, Loc, Offset, Origin, PieceKind, Region, RegionId, Site, Types};

/// Numbers what is reachable and copies it out.
pub(super) fn finish(generator: Generator<'_>) -> Types {
    finish_as(generator, false)
}

/// The same, with floats that are integers by turns.
pub(super) fn finish_dynamic(generator: Generator<'_>) -> Types {
    finish_as(generator, true)
}

fn finish_as(generator: Generator<'_>, dynamic: bool) -> Types {
    let mut finish = Finish {
        generator,
        dynamic,
        numbers: BTreeMap::new(),
        order: Vec::new(),
        first: Vec::new(),
        regions: IdVec::default(),
        cells: IdVec::default(),
        views: Vec::new(),
        by_turns: Vec::new(),
    };
    finish.number();
    let blocks = finish.generator.cells_with_blocks();
    finish.copy_regions(&blocks);
    finish.mix();
    finish.reach();
    finish.add_views(&blocks);
    let places = finish.places();
    let registers = finish.registers();
    let globals = finish.globals();
    let pointees = finish.pointees();
    let program = finish.generator.program;
    let of_words = finish.copies_of_words();
    let rooms = finish.rooms();
    let labels = program.bodies.iter().map(|(_, b)| Types::labels(b)).collect();
    Types {
        regions: finish.regions,
        cells: finish.cells,
        places,
        registers,
        pointees,
        globals,
        of_words,
        rooms,
        dynamic: None,
        labels,
    }
}

/// A cell in which a float and something else take turns.
struct Turns {
    cell: CellId,
    /// Where it is used as each.
    uses: (Site, Site),
    /// All that shows something else is that integers there are computed with.
    only_counted: bool,
}

struct Finish<'a> {
    generator: Generator<'a>,
    /// Floats may be integers by turns.
    dynamic: bool,
    /// The region of each class.
    numbers: BTreeMap<u32, RegionId>,
    order: Vec<u32>,
    /// A value that points into each region.
    first: Vec<Option<Site>>,
    regions: IdVec<RegionId, Region>,
    cells: IdVec<CellId, Cell>,
    /// What each group of cursors looks into.
    views: Vec<RegionId>,
    by_turns: Vec<Turns>,
}

impl Finish<'_> {
    /// Numbers the regions in the order in which values mention them, then by reachability.
    fn number(&mut self) {
        let program = self.generator.program;
        let mut queue = VecDeque::new();
        for (id, body) in program.bodies.iter() {
            for value in body.values.ids() {
                let carried = carried_integer(body, value).is_some();
                if let Some(at) = self.generator.place(id, value).filter(|_| !carried) {
                    self.number_one(at, Some((id, value)), &mut queue);
                }
            }
        }
        for (id, body) in program.bodies.iter() {
            for value in body.values.ids() {
                if let Some(register) = self.generator.register(id, value) {
                    let (root, _) = self.generator.store.find(register);
                    self.number_pointees(root, Some((id, value)), &mut queue);
                }
            }
        }
        while let Some(root) = queue.pop_front() {
            self.number_pointees(root, None, &mut queue);
        }
    }

    fn number_one(&mut self, at: At, site: Option<Site>, queue: &mut VecDeque<u32>) {
        let (root, _) = self.generator.store.find(at);
        if !self.numbers.contains_key(&root) {
            self.numbers.insert(root, RegionId::new(self.order.len()));
            self.order.push(root);
            self.first.push(site);
            queue.push_back(root);
        }
    }

    fn number_pointees(&mut self, root: u32, site: Option<Site>, queue: &mut VecDeque<u32>) {
        let contents: Vec<u32> =
            self.generator.store.root(root).cells.values().map(|slot| slot.content).collect();
        for content in contents {
            if let Some(at) = self.generator.store.holder(content).pointee {
                self.number_one(at, site, queue);
            }
        }
    }

    fn loc(&mut self, at: At) -> Loc {
        let (root, offset) = self.generator.store.find(at);
        let region = self.generator.store.root(root);
        let (repeats, canonical) = shown(region, offset);
        // In a repeat that ends, how far its end is matters.
        let offset = match repeats.at(canonical) {
            Some(r) => {
                let base = offset.wrapping_sub(region.anchor.1);
                let base = if r.is_tail() { r.within(base) } else { base };
                Offset::Strided { base, stride: r.period }
            }
            None => Offset::Exact(canonical),
        };
        Loc { region: self.numbers[&root], offset }
    }

    fn copy_regions(&mut self, blocks: &HashMap<usize, Site>) {
        for index in 0..self.order.len() {
            let mut region = self.generator.store.root(self.order[index]).clone();
            let cells = region.cells.iter().map(|(&o, slot)| (shown(&region, o).1, *slot));
            region.cells = cells.collect();
            region.repeats = shown(&region, 0).0;
            let id = RegionId::new(index);
            let (mut cells, mut float) = (Vec::new(), None);
            // Whatever is copied from there and back, text holds neither floats nor addresses.
            if is_text(&region.origins) {
                region.cells.clear();
                region.mixed = false;
            }
            for (&offset, slot) in &region.cells {
                let content = self.generator.store.content(slot.content).clone();
                let holder = self.generator.store.holder(slot.content).clone();
                let kind = kind_of(&content, &holder);
                let address = !content.is_narrow_float() && !holder.is_bare();
                let number = self.dynamic && content.arithmetic && holder.is_bare();
                let by_turns = content.float.is_some() && (address || number || region.mixed);
                let mixed = content.float.map(|f| f.1).zip(holder.address).filter(|_| !by_turns);
                float = float.or(content.float.map(|f| f.0));
                let width = match kind {
                    Kind::Float(float) => float.size(),
                    Kind::Address => 8,
                    _ => slot.width,
                };
                let cell = Cell {
                    region: id,
                    offset,
                    width,
                    kind,
                    by_turns,
                    conflict: content.conflict.or(mixed),
                    integer: content.integer.is_some(),
                    pointee: holder.pointee.map(|at| self.loc(at)),
                    block: blocks.get(&self.generator.store.holders.root(slot.content)).copied(),
                };
                cells.push(self.cells.push(cell));
                if let (true, Some((_, float))) = (by_turns, content.float) {
                    let uses = (float, holder.address.or(content.integer).unwrap_or(float));
                    let only_counted = !address && !region.mixed;
                    let cell = *cells.last().expect("just pushed");
                    self.by_turns.push(Turns { cell, uses, only_counted });
                }
            }
            if !region.mixed {
                self.separate(&cells, &region);
            }
            self.regions.push(Region {
                cells,
                mixed: float.filter(|_| region.mixed),
                repeats: region.repeats,
                origins: region.origins,
                external: false,
                escapes: region.escapes,
                merged_at: region.merged_at.into_iter().collect(),
                ..Region::default()
            });
        }
    }

    /// Where bytes are told apart while the program runs and none is seen to be a float, they
    /// may come from where floats are.
    fn mix(&mut self) {
        let Some(kind) = self.regions.iter().find_map(|(_, region)| region.mixed) else { return };
        for index in 0..self.order.len() {
            let id = RegionId::new(index);
            let mixed = self.generator.store.root(self.order[index]).mixed;
            let found = &self.regions[id];
            if !mixed || found.mixed.is_some() || is_text(&found.origins) {
                continue;
            }
            self.regions[id].mixed = Some(kind);
            for cell in self.regions[id].cells.clone() {
                let cell = &mut self.cells[cell];
                (cell.kind, cell.width, cell.by_turns) = (Kind::Float(kind), kind.size(), true);
            }
        }
    }

    /// Cuts cells without kind at the next cell; a float that overlaps another typed cell
    /// contradicts it. Addresses may overlap: their bytes are mirrored one by one.
    fn separate(&mut self, cells: &[CellId], region: &super::store::Region) {
        let sites: Vec<_> = cells
            .iter()
            .map(|&c| {
                let slot = region.cells[&self.cells[c].offset];
                let content = self.generator.store.content(slot.content);
                let float = content.float.map(|f| f.1);
                float.or(self.generator.store.holder(slot.content).address)
            })
            .collect();
        let typed = |cell: &Cell| matches!(cell.kind, Kind::Float(_) | Kind::Address);
        for (i, &id) in cells.iter().enumerate() {
            let cell = self.cells[id].clone();
            // The next cell behind this one: where bytes repeat, that may be the first of
            // the next period.
            let around = region.repeats.around(cell.offset).into_iter();
            let wrapped = around.filter_map(|(repeat, _)| {
                let first = cells.iter().position(|&c| repeat.covers(self.cells[c].offset))?;
                Some((first, self.cells[cells[first]].offset.wrapping_add_unsigned(repeat.period)))
            });
            let next = cells.get(i + 1).map(|&c| (i + 1, self.cells[c].offset));
            let next = next.into_iter().chain(wrapped).min_by_key(|(_, at)| *at);
            let Some((j, at)) = next else { continue };
            let gap = at.abs_diff(cell.offset);
            if cell.width <= gap {
                continue;
            }
            let other = self.cells[cells[j]].clone();
            if !typed(&cell) {
                self.cells[id].width = gap;
            } else if typed(&other)
                && (cell.kind.may_be_float() || other.kind.may_be_float())
                && let (Some(a), Some(b)) = (sites[i], sites[j])
            {
                for c in [id, cells[j]] {
                    self.cells[c].conflict.get_or_insert((a, b));
                }
            }
        }
    }

    /// Marks what strangers can reach, and gives regions from nowhere an origin.
    fn reach(&mut self) {
        let named = |r: &Region| !r.origins.is_empty() || r.escapes;
        let from_somewhere = self.closure(named);
        let shown = self.shown();
        for (id, known) in from_somewhere.into_iter().enumerate() {
            let region = &mut self.regions[RegionId::new(id)];
            region.lost = !shown[id];
            if let (false, Some(site)) = (known, self.first[id]) {
                region.origins.insert(Origin::Unknown(site));
            }
        }
        let escaping = self.closure(|r| r.escapes);
        let closure = |strange: &dyn Fn(&Origin) -> bool| {
            self.closure(|r| r.escapes || r.origins.iter().any(strange))
        };
        let external = closure(&Origin::is_strange);
        let given = closure(&|o| o.is_strange() && !matches!(o, Origin::Global(_, false)));
        for (id, region) in self.regions.iter_mut() {
            region.escapes = escaping[id.index()];
            region.external = external[id.index()];
            region.given = given[id.index()];
        }
        // What the caller's shadow holds there cannot be told. If it is computed with floats'
        // bits there, that may be to look at them: they are floats.
        for Turns { cell, uses, only_counted } in std::mem::take(&mut self.by_turns) {
            let cell = &mut self.cells[cell];
            match self.regions[cell.region].given {
                true if only_counted => cell.by_turns = false,
                true => _ = cell.conflict.get_or_insert(uses),
                false => {}
            }
        }
    }

    /// Gives each group of cursors a region that stands for all that it leads to.
    fn add_views(&mut self, cells: &HashMap<usize, Site>) {
        for group in std::mem::take(&mut self.generator.cursors.groups) {
            let mut views = BTreeSet::new();
            let mut blocks = group.blocks;
            for ((id, base), _) in group.starts() {
                blocks |= self.generator.may_be_block((id, base), cells);
                if let Some(at) = self.generator.place(id, base) {
                    views.insert(self.loc(at).region);
                }
            }
            let views = views.into_iter().collect();
            self.views.push(self.regions.push(Region { views, blocks, ..Region::default() }));
        }
    }

    /// The most bytes that copies and fills write, where the program checks it.
    fn rooms(&self) -> HashMap<Site, u64> {
        let mut found = HashMap::new();
        for (id, body) in self.generator.program.bodies.iter() {
            for (value, inst) in body.live_insts() {
                let ends = match inst.op {
                    Op::Copy(_) => &inst.operands[..2],
                    Op::Fill => &inst.operands[..1],
                    _ => continue,
                };
                let room =
                    ends.iter().filter_map(|&end| self.generator.room((id, value), end)).min();
                found.extend(room.map(|room| ((id, value), room)));
            }
        }
        found
    }

    fn copies_of_words(&self) -> HashSet<Site> {
        let mut found = HashSet::new();
        for (id, body) in self.generator.program.bodies.iter() {
            let copies = body.live_insts().filter(|(_, inst)| matches!(inst.op, Op::Copy(_)));
            let copies = copies.map(|(value, inst)| ((id, value), inst));
            let words = copies.filter(|(site, inst)| self.generator.moves_words(*site, inst));
            found.extend(words.map(|(site, _)| site));
        }
        found
    }

    /// Where a cursor leads to; a block is no part of any region.
    fn view(&self, site: Site) -> Option<Loc> {
        if self.generator.cursors.is_block(site) {
            return None;
        }
        let group = self.generator.cursors.group(site)?;
        Some(Loc { region: self.views[group], offset: Offset::Integers })
    }

    /// The regions of which an origin shows where they lie, or to which code that is not known
    /// may have led: by an address that it has written, not by one that it was given. What lies
    /// in an object of the program's own was written by the program, which shows where it points.
    fn shown(&self) -> Vec<bool> {
        let from_strangers =
            self.closure(|r| r.escapes || r.origins.iter().any(Origin::is_strange));
        let led_to = self.cells.iter().filter(|(_, c)| from_strangers[c.region.index()]);
        let mut shown: Vec<bool> =
            self.regions.iter().map(|(_, r)| !r.origins.is_empty()).collect();
        for loc in led_to.filter_map(|(_, cell)| cell.pointee) {
            shown[loc.region.index()] = true;
        }
        shown
    }

    fn closure(&self, start: impl Fn(&Region) -> bool) -> Vec<bool> {
        self.reached(self.regions.iter().map(|(_, r)| start(r)).collect())
    }

    /// The marked regions and all that they lead to.
    fn reached(&self, mut marked: Vec<bool>) -> Vec<bool> {
        let mut stack: Vec<_> = (0..marked.len()).filter(|&i| marked[i]).collect();
        while let Some(i) = stack.pop() {
            for &cell in &self.regions[RegionId::new(i)].cells {
                if let Some(loc) = self.cells[cell].pointee
                    && !std::mem::replace(&mut marked[loc.region.index()], true)
                {
                    stack.push(loc.region.index());
                }
            }
        }
        marked
    }

    /// Addresses point where their place is; integers where their first cell points.
    fn places(&mut self) -> Vec<Vec<Option<Loc>>> {
        let program = self.generator.program;
        let mut all = Vec::new();
        for (id, body) in program.bodies.iter() {
            let mut places = Vec::new();
            for value in body.values.ids() {
                let at = self.address_place(id, body, value);
                let loc = at.map(|at| self.loc(at));
                places.push(self.view((id, value)).or(loc));
            }
            all.push(places);
        }
        all
    }

    /// Where an address points, or an integer that holds one.
    fn address_place(&mut self, id: BodyId, body: &Body, value: ValueId) -> Option<At> {
        match body.values[value].ty {
            Ty::Ptr => match carried_integer(body, value) {
                Some(integer) => self.hidden_place(id, integer),
                None => self.generator.place(id, value),
            },
            _ => self.hidden_place(id, value),
        }
    }

    fn hidden_place(&mut self, id: BodyId, value: ValueId) -> Option<At> {
        let register = self.generator.register(id, value)?;
        let store = &mut self.generator.store;
        let cell = store.peek(register)?;
        let narrow = store.content(cell).is_narrow_float();
        store.holder(cell).pointee.filter(|_| !narrow)
    }

    /// Where the global variables that the program mentions lie.
    fn globals(&mut self) -> Vec<(Global, Loc)> {
        let globals = self.generator.globals.clone().into_values();
        let start = |global: Global| Global { offset: 0, ..global };
        globals.map(|(node, global)| (start(global), self.loc(At::start(node)))).collect()
    }

    /// Every address within each value.
    fn pointees(&mut self) -> Vec<Vec<Vec<(u64, Loc)>>> {
        let program = self.generator.program;
        let mut all = Vec::new();
        for (id, body) in program.bodies.iter() {
            let mut values = Vec::new();
            for value in body.values.ids() {
                let found = match (&body.values[value].ty, self.generator.register(id, value)) {
                    (Ty::Ptr, _) => self.address_place(id, body, value).map(|at| vec![(0, at)]),
                    (ty, Some(register)) => Some(self.register_pointees(register, size(ty))),
                    _ => None,
                };
                let found = found.unwrap_or_default().into_iter();
                let found: Vec<_> = found.map(|(o, at)| (o, self.loc(at))).collect();
                let view = self.view((id, value)).map(|view| (0, view));
                values.push(found.into_iter().chain(view).collect());
            }
            all.push(values);
        }
        all
    }

    fn register_pointees(&mut self, register: At, size: u64) -> Vec<(u64, At)> {
        let mut found = Vec::new();
        for (ahead, content) in self.register_contents(register, size) {
            let narrow = self.generator.store.content(content).is_narrow_float();
            if let (Some(at), false) = (self.generator.store.holder(content).pointee, narrow) {
                found.push((ahead, at));
            }
        }
        found
    }

    fn registers(&mut self) -> Vec<Vec<Vec<(u64, PieceKind)>>> {
        let program = self.generator.program;
        let mut all = Vec::new();
        for (id, body) in program.bodies.iter() {
            let mut pieces = Vec::new();
            for value in body.values.ids() {
                pieces.push(match self.generator.register(id, value) {
                    Some(register) => self.register_pieces(register, size(&body.values[value].ty)),
                    None => pieces_of_type(&body.values[value].ty),
                });
            }
            all.push(pieces);
        }
        all
    }

    fn register_pieces(&mut self, register: At, size: u64) -> Vec<(u64, PieceKind)> {
        let contents = self.register_contents(register, size);
        let mut pieces = Vec::new();
        for (ahead, content) in contents {
            let holder = self.generator.store.holder(content).clone();
            let piece = match kind_of(self.generator.store.content(content), &holder) {
                Kind::Float(kind) => PieceKind::Float(kind),
                Kind::Unknown => PieceKind::Unknown,
                _ => PieceKind::Other,
            };
            pieces.push((ahead, piece));
        }
        pieces
    }

    /// Registers of merged values may be of different sizes; each sees its own bytes.
    fn register_contents(&mut self, register: At, size: u64) -> Vec<(u64, u32)> {
        let (root, from) = self.generator.store.find(register);
        let region = self.generator.store.root(root);
        let cells: Vec<_> = region.cells.iter().map(|(&k, slot)| (k, slot.width)).collect();
        let contents: Vec<u32> = region.cells.values().map(|slot| slot.content).collect();
        let found = super::shape::occurrences(&region.repeats, &cells, from, Some(size));
        let inside = found.into_iter().filter(|&(ahead, _)| ahead >= 0);
        inside.map(|(ahead, index)| (ahead.unsigned_abs(), contents[index])).collect()
    }
}

/// A class's repeats and an offset, counted from the class's first object.
fn shown(region: &super::store::Region, offset: i64) -> (Repeats, i64) {
    let by = region.anchor.1.wrapping_neg();
    let repeats = region.repeats.shifted(by);
    let offset = repeats.canonical(offset.wrapping_add(by));
    (repeats, offset)
}

fn pieces_of_type(ty: &Ty) -> Vec<(u64, PieceKind)> {
    let piece = |shown| match shown {
        Some(Evidence::Float(kind)) => PieceKind::Float(kind),
        _ => PieceKind::Other,
    };
    parts(ty).into_iter().map(|(offset, _, shown)| (offset, piece(shown))).collect()
}

/// Strong evidence first, then weak, then guesses.
fn kind_of(content: &Content, holder: &Holder) -> Kind {
    match content {
        Content { float: Some((kind, _)), .. } => Kind::Float(*kind),
        _ if !holder.is_bare() => Kind::Address,
        Content { integer: Some(_), .. } => Kind::Integer,
        Content { guess_float: Some(kind), guess_integer: false, .. } => Kind::Float(*kind),
        Content { guess_float: None, guess_integer: true, .. } => Kind::Integer,
        _ => Kind::Unknown,
    }
}

/// Whether only text of the standard library's lies there.
fn is_text(origins: &BTreeSet<Origin>) -> bool {
    !origins.is_empty() && origins.iter().all(|origin| matches!(origin, Origin::Text(_)))
}
