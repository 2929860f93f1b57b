//! What must hold of the types of any program, on random programs.

mod common;

use common::*;
use enzyme_analysis::{Kind, Types};
use enzyme_body::{BodyId, Op, Program, Ty, ValueId};

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
        match numbers.below(10) {
            0 => addresses.push(b.alloca(32)),
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
                assert_eq!(types.pointee(loc(inst.operands[0])), Some(loc(value)));
            }
            Op::Store(_) if body.values[inst.operands[0]].ty == Ty::Ptr => {
                let target = loc(inst.operands[0]);
                assert_eq!(types.pointee(loc(inst.operands[1])), Some(target));
            }
            Op::Phi(_) | Op::Select if body.values[value].ty == Ty::Ptr => {
                for &operand in &inst.operands {
                    if body.values[operand].ty == Ty::Ptr {
                        assert_eq!(loc(operand), loc(value));
                    }
                }
            }
            Op::Copy(_) => {
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
