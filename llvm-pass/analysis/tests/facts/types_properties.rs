//! What must hold of the types of any program, on random programs.

use crate::common::*;
use std::collections::HashMap;

use enzyme_analysis::{Kind, Loc, Offset, Types};
use enzyme_body::{BlockId, Body, BodyId, Inst, Op, Program, Ty, ValueId};

const BODY: fn() -> BodyId = || BodyId::new(0);

/// A small generator of numbers (a linear congruence, high bits).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// Straight-line code on a pool of addresses, with one loop around its second half.
fn random(seed: u64) -> Program {
    let mut numbers = Numbers(seed);
    let mut b = body(&[PTR, PTR, I64]);
    let mut addresses = vec![b.param(0), b.param(1)];
    let mut bits: Vec<ValueId> = vec![];
    let before = b.here();
    let steps = 6 + numbers.below(30);
    let mut open = None;
    for step in 0..steps {
        if step == steps / 2 {
            let (header, counter) = b.begin_loop();
            let entry = addresses[numbers.below(addresses.len())];
            let phi = b.phi(PTR, &[(before, Some(entry)), (header, None)]);
            addresses.push(phi);
            open = Some((counter, phi));
        }
        let pick = addresses[numbers.below(addresses.len())];
        let other = addresses[numbers.below(addresses.len())];
        match numbers.below(11) {
            0 => addresses.push(b.alloca(32)),
            10 => {
                let least = numbers.below(4) as i64 - 1;
                let ends = (least, least + numbers.below(3) as i64);
                let index = b.param(2);
                addresses.push(b.item_within(pick, 8, index, ends));
            }
            1 | 2 => {
                let by = 8 * (numbers.below(5) as i64 - 1);
                addresses.push(b.field(pick, by));
            }
            3 => addresses.push(b.select(pick, other)),
            4 => {
                let len = b.int(8 * (1 + numbers.below(4) as i64));
                b.copy(pick, other, len);
            }
            5 => {
                let len = b.param(2);
                b.copy(pick, other, len);
            }
            6 => {
                b.load(F64, pick);
            }
            7 => addresses.push(b.load(PTR, pick)),
            8 => {
                b.store(other, pick);
            }
            _ => match bits.pop() {
                Some(value) => {
                    b.store(value, pick);
                }
                None => bits.push(b.load(I64, pick)),
            },
        }
        if let Some((counter, _)) = open
            && numbers.below(6) == 0
        {
            addresses.push(b.item(pick, 8 * (1 + numbers.below(3) as i64), counter));
        }
    }
    let (counter, phi) = open.expect("every program has its loop");
    let last = addresses[numbers.below(addresses.len())];
    b.complete(phi, 1, last);
    b.end_loop(counter);
    b.ret();
    alone(b)
}

fn check_instructions(program: &Program, types: &Types) {
    let body = &program.bodies[BODY()];
    let loc = |v: ValueId| types.loc(BODY(), v).expect("an address");
    // Places may be different ones of several that repeat.
    let same = |a: Loc, b: Loc| {
        let regions = types.regions_at(b);
        assert!(types.regions_at(a).iter().all(|r| regions.contains(r)), "{a:?} is not in {b:?}");
        if [a.offset, b.offset].contains(&Offset::Integers) {
            return;
        }
        assert_eq!(types.placed_cells(a, Some(8)), types.placed_cells(b, Some(8)));
    };
    for (value, inst) in body.live_insts() {
        match &inst.op {
            Op::Load(_) if body.values[value].ty == F64 => {
                let cells = types.cells_at(loc(inst.operands[0]), Some(8));
                let fits = |c| {
                    let cell = types.cell(c);
                    matches!(cell.kind, Kind::Float(_)) || cell.conflict.is_some()
                };
                assert!(cells.into_iter().any(fits), "a float was loaded");
            }
            Op::Load(_) if body.values[value].ty == Ty::Ptr => {
                same(types.pointee(loc(inst.operands[0])).expect("an address"), loc(value));
            }
            Op::Store(_) if body.values[inst.operands[0]].ty == Ty::Ptr => {
                let target = loc(inst.operands[0]);
                if target.offset == Offset::Integers {
                    continue;
                }
                same(types.pointee(loc(inst.operands[1])).expect("an address"), target);
            }
            Op::Phi(_) | Op::Select if body.values[value].ty == Ty::Ptr => {
                for &operand in &inst.operands {
                    if body.values[operand].ty == Ty::Ptr {
                        same(loc(operand), loc(value));
                    }
                }
            }
            Op::Copy(_) if !types.moves_words(BODY(), value) => {
                let len = body.int(inst.operands[2]).map(|n| n as u64);
                let [to, from] = [0, 1].map(|i| {
                    let cells = types.placed_cells(loc(inst.operands[i]), len);
                    let inside = cells.into_iter().filter(|c| c.0 >= 0);
                    inside.map(|(ahead, c)| (ahead, types.cell(c).kind)).collect::<Vec<_>>()
                });
                assert_eq!(to, from, "a copy has the same kinds on both sides");
            }
            _ => {}
        }
    }
}

/// What a register or eight bytes of memory hold.
#[derive(Clone, Copy)]
enum Held {
    /// An address: object and bytes from its start.
    Address(usize, i64),
    /// An integer.
    Integer(i64),
    /// Nothing that was written.
    Anything,
}

/// Runs a random program and compares each access with the types.
struct Machine<'a> {
    body: &'a Body,
    types: &'a Types,
    numbers: Numbers,
    registers: HashMap<ValueId, Held>,
    /// The value that made each object.
    objects: Vec<ValueId>,
    memory: HashMap<(usize, i64), Held>,
    accesses: usize,
}

impl Machine<'_> {
    fn new<'a>(body: &'a Body, types: &'a Types, seed: u64) -> Machine<'a> {
        let addresses = [0, 1].map(|i| (body.params[i], Held::Address(i, 0)));
        Machine {
            body,
            types,
            numbers: Numbers(seed),
            registers: addresses.into(),
            objects: body.params[..2].to_vec(),
            memory: HashMap::new(),
            accesses: 0,
        }
    }

    fn held(&self, value: ValueId) -> Held {
        match self.body.int(value) {
            Some(n) => Held::Integer(n),
            None => self.registers.get(&value).copied().unwrap_or(Held::Anything),
        }
    }

    /// The static place of an access has the same cells as the place that it reaches.
    fn access(&mut self, address: ValueId, len: u64) -> Option<(usize, i64)> {
        let Held::Address(object, offset) = self.held(address) else { return None };
        let place = |value| self.types.loc(BODY(), value).expect("an address");
        let (start, claimed) = (place(self.objects[object]), place(address));
        assert!(self.types.regions_at(claimed).contains(&start.region));
        if claimed.offset == Offset::Integers {
            return Some((object, offset));
        }
        // In a tail, an object's start is known up to periods.
        let tail = self.types.region(start.region).repeats.tail();
        let tail = tail.filter(|tail| tail.start <= start.base());
        let (periods, stride) = tail.map_or((0, 0), |tail| (32, tail.period as i64));
        let cells = |loc| self.types.placed_cells(loc, Some(len));
        let reached = |period: i64| {
            let at = start.base() + period * stride + offset;
            cells(Loc { offset: Offset::Exact(at), ..start })
        };
        let found = (-periods..=periods).any(|period| reached(period) == cells(claimed));
        assert!(
            found,
            "{address:?} is object {object} + {offset}: {:?}, not {:?}",
            reached(0),
            cells(claimed)
        );
        self.accesses += 1;
        Some((object, offset))
    }

    fn step(&mut self, value: ValueId, inst: &Inst, round: usize) -> Held {
        let ops = &inst.operands;
        match &inst.op {
            Op::Phi(_) => self.held(ops[round.min(1)]),
            Op::Alloca { .. } => {
                self.objects.push(value);
                Held::Address(self.objects.len() - 1, 0)
            }
            Op::Select => {
                let choice = 1 + self.numbers.below(2);
                self.held(ops[choice])
            }
            Op::Int(_) => match (self.held(ops[0]), self.held(ops[1])) {
                (Held::Integer(a), Held::Integer(b)) => Held::Integer(a + b),
                _ => Held::Anything,
            },
            Op::Offset { constant, strides, reaches, .. } => {
                let Held::Address(object, at) = self.held(ops[0]) else { return Held::Anything };
                let variable =
                    match (reaches.first().copied().flatten(), ops.get(1).map(|&i| self.held(i))) {
                        (Some((least, greatest)), _) => {
                            let places = greatest.abs_diff(least) / strides[0].unsigned_abs() + 1;
                            least + strides[0] * self.numbers.below(places as usize) as i64
                        }
                        (None, Some(Held::Integer(index))) => index * strides[0],
                        _ => 0,
                    };
                Held::Address(object, at + constant + variable)
            }
            Op::Load(_) => {
                let at = self.access(ops[0], 8);
                let held = at.and_then(|at| self.memory.get(&at).copied());
                held.unwrap_or(Held::Anything)
            }
            Op::Store(_) => {
                if let Some(at) = self.access(ops[1], 8) {
                    self.memory.insert(at, self.held(ops[0]));
                }
                Held::Anything
            }
            Op::Copy(_) => {
                let len = self.body.int(ops[2]).unwrap_or(24);
                let places = [0, 1].map(|i| self.access(ops[i], len as u64));
                if let [Some((to, to_at)), Some((from, from_at))] = places {
                    let moved = (0..len).step_by(8);
                    let moved: Vec<_> = moved
                        .map(|i| (i, self.memory.get(&(from, from_at + i)).copied()))
                        .collect();
                    for (i, held) in moved {
                        self.memory.insert((to, to_at + i), held.unwrap_or(Held::Anything));
                    }
                }
                Held::Anything
            }
            _ => Held::Anything,
        }
    }

    /// The entry, the loop three times, and the rest.
    fn run(&mut self) {
        let body = self.body;
        let order = [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)];
        for (block, round) in order {
            for &value in &body.blocks[BlockId::new(block)].insts {
                let inst = body.inst(value).expect("an instruction");
                let held = self.step(value, inst, round);
                self.registers.insert(value, held);
            }
        }
    }
}

#[test]
fn every_access_of_a_run_is_where_the_types_say() {
    let mut accesses = 0;
    for seed in 0..1000 {
        let program = random(seed);
        let types = Types::new(&program);
        let shown = std::panic::catch_unwind(|| {
            let body = &program.bodies[BODY()];
            let mut machine = Machine::new(body, &types, seed ^ 0x5eed);
            machine.run();
            machine.accesses
        });
        match shown {
            Ok(count) => accesses += count,
            Err(_) => panic!("seed {seed}\n{}\n{types}", program.bodies[BODY()]),
        }
    }
    assert!(accesses > 4_000, "only {accesses} accesses were compared");
}

#[test]
fn constraints_hold_and_the_result_is_the_same_each_time() {
    for seed in 0..1000 {
        let program = random(seed);
        let types = Types::new(&program);
        let shown = std::panic::catch_unwind(|| check_instructions(&program, &types));
        assert!(shown.is_ok(), "seed {seed}\n{}\n{types}", program.bodies[BODY()]);
        if seed % 100 == 0 {
            assert_eq!(types.to_string(), Types::new(&random(seed)).to_string());
        }
    }
}
