//! Smaller programs: all that one step makes of a program.
//!
//! A step removes a statement or puts what it holds in its place, puts a part of an
//! expression or a constant in the expression's place, or leaves out a function. What comes
//! out is always a program, and it is *smaller*: its text is shorter, or as long and
//! earlier in the alphabet. So steps come to an end, whatever is kept.

use super::program::{Call, Cond, Int, Num, Prog, Stmt};

/// A place that a step may change.
enum Site<'a> {
    Stmt(&'a mut Vec<Stmt>, usize),
    Num(&'a mut Num),
    Int(&'a mut Int),
    Cond(&'a mut Cond),
}

/// So many steps are tried at each place.
const STEPS: usize = 6;

/// Each program that one step makes, those that lose most first.
pub fn smaller(prog: &Prog) -> Vec<Prog> {
    let size = |prog: &Prog| {
        let text = format!("{prog:?}");
        (text.len(), text)
    };
    let own = size(prog);
    let mut found = whole(prog);
    let mut sites = 0;
    walk(&mut prog.clone(), &mut |_| sites += 1);
    for site in 0..sites {
        for step in 0..STEPS {
            let mut other = prog.clone();
            let mut at = 0;
            walk(&mut other, &mut |place| {
                if at == site {
                    change(place, step);
                }
                at += 1;
            });
            found.push(other);
        }
    }
    let mut found: Vec<_> = found.into_iter().map(|prog| (size(&prog), prog)).collect();
    found.retain(|(size, _)| *size < own);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    found.into_iter().map(|(_, prog)| prog).collect()
}

/// Steps that concern the program as a whole.
fn whole(prog: &Prog) -> Vec<Prog> {
    let mut found = vec![
        Prog { same: false, ..prog.clone() },
        Prog { behind: 0, ..prog.clone() },
        Prog { n: 0, ..prog.clone() },
    ];
    for index in 0..prog.funcs.len() {
        let mut other = prog.clone();
        other.funcs[index].noinline = false;
        found.push(other.clone());
        if prog.funcs.len() > 1 {
            other.funcs.remove(index);
            found.push(other);
        }
    }
    found
}

fn change(place: Site<'_>, step: usize) {
    match place {
        Site::Stmt(block, index) => {
            let inside = match block.remove(index) {
                _ if step == 0 => return,
                Stmt::If(_, yes, no) => [yes, no].into_iter().nth(step - 1),
                Stmt::Switch(_, arms) => arms.into_iter().nth(step - 1),
                Stmt::For(_, body)
                | Stmt::Down(_, body)
                | Stmt::While(_, _, body)
                | Stmt::DoWhile(_, _, body) => Some(body).filter(|_| step == 1),
                _ => None,
            };
            // What is left out where nothing fits is one statement again.
            block.splice(index..index, inside.unwrap_or_default());
        }
        Site::Num(num) => {
            let parts = match num.clone() {
                Num::Unary(_, a) => vec![*a],
                Num::Binary(_, a, b) | Num::Select(_, a, b) => vec![*a, *b],
                _ => vec![],
            };
            let simple = [Num::X(0), Num::X(1), Num::Const(8)];
            *num = simple.into_iter().chain(parts).nth(step).unwrap_or(num.clone());
        }
        Site::Int(int) => {
            let parts = match int.clone() {
                Int::Add(a, b) | Int::Mul(a, b) => vec![*a, *b],
                _ => vec![],
            };
            let simple = [0, 1, 3].map(Int::Const);
            *int = simple.into_iter().chain(parts).nth(step).unwrap_or(int.clone());
        }
        Site::Cond(cond) => {
            let parts = match cond.clone() {
                Cond::Both(a, b) => vec![*a, *b],
                _ => vec![],
            };
            let simple = [0, 1].map(|odd| Cond::Odd(Int::Const(odd)));
            *cond = simple.into_iter().chain(parts).nth(step).unwrap_or(cond.clone());
        }
    }
}

/// Shows all places of a program. What has been changed is not looked into.
fn walk(prog: &mut Prog, visit: &mut dyn FnMut(Site<'_>)) {
    for func in &mut prog.funcs {
        block(&mut func.body, visit);
        num(&mut func.result, visit);
    }
}

fn block(stmts: &mut Vec<Stmt>, visit: &mut dyn FnMut(Site<'_>)) {
    let (mut index, count) = (0, stmts.len());
    while index < stmts.len() {
        visit(Site::Stmt(stmts, index));
        if stmts.len() != count {
            return;
        }
        stmt(&mut stmts[index], visit);
        index += 1;
    }
}

fn stmt(stmt: &mut Stmt, visit: &mut dyn FnMut(Site<'_>)) {
    match stmt {
        Stmt::X(_, a) | Stmt::Float(a) | Stmt::SetW(_, a) | Stmt::SetFloat(_, a) => num(a, visit),
        Stmt::N(_, i) | Stmt::SetK(_, i) => int(i, visit),
        Stmt::Store(_, i, a) | Stmt::AddTo(_, i, a) | Stmt::Scale(_, i, a) => {
            int(i, visit);
            num(a, visit);
        }
        Stmt::ChooseIf(c, ..) | Stmt::Break(c) | Stmt::Continue(c) => cond(c, visit),
        Stmt::Return(c, a) => {
            cond(c, visit);
            num(a, visit);
        }
        Stmt::If(c, yes, no) => {
            cond(c, visit);
            block(yes, visit);
            block(no, visit);
        }
        Stmt::Switch(i, arms) => {
            int(i, visit);
            arms.iter_mut().for_each(|arm| block(arm, visit));
        }
        Stmt::For(i, body) => {
            int(i, visit);
            block(body, visit);
        }
        Stmt::Down(_, body) => block(body, visit),
        Stmt::While(c, _, body) | Stmt::DoWhile(c, _, body) => {
            cond(c, visit);
            block(body, visit);
        }
        Stmt::Call(Call { x, n, .. }) => {
            num(x, visit);
            int(n, visit);
        }
        Stmt::Choose(_) | Stmt::SetBehind(_) | Stmt::CopyHalf(..) | Stmt::Move(..) => {}
        Stmt::Clear(_) | Stmt::Refresh => {}
    }
}

fn num(number: &mut Num, visit: &mut dyn FnMut(Site<'_>)) {
    visit(Site::Num(number));
    match number {
        Num::Item(_, i) | Num::FromInt(i) => int(i, visit),
        Num::Unary(_, a) => num(a, visit),
        Num::Binary(_, a, b) => {
            num(a, visit);
            num(b, visit);
        }
        Num::Select(c, a, b) => {
            cond(c, visit);
            num(a, visit);
            num(b, visit);
        }
        Num::Const(_) | Num::X(_) | Num::Float | Num::W(_) | Num::FieldFloat(_) => {}
    }
}

fn int(integer: &mut Int, visit: &mut dyn FnMut(Site<'_>)) {
    visit(Site::Int(integer));
    match integer {
        Int::Add(a, b) | Int::Mul(a, b) => {
            int(a, visit);
            int(b, visit);
        }
        Int::Of(a) => num(a, visit),
        Int::Const(_) | Int::N(_) | Int::Counter(_) | Int::FieldK(_) => {}
    }
}

fn cond(condition: &mut Cond, visit: &mut dyn FnMut(Site<'_>)) {
    visit(Site::Cond(condition));
    match condition {
        Cond::Less(a, b) => {
            num(a, visit);
            num(b, visit);
        }
        Cond::IntLess(a, b) => {
            int(a, visit);
            int(b, visit);
        }
        Cond::Odd(a) => int(a, visit),
        Cond::Both(a, b) => {
            cond(a, visit);
            cond(b, visit);
        }
        Cond::Same(..) => {}
    }
}
