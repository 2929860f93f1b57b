//! What random programs are made of: rows of text with holes.
//!
//! A row is one way to write something of a *sort*. In its text
//!
//! * `$num`, `$block`, … is a hole for something of that sort; `$x`, `$i`, `$c`, `$m` are
//!   holes for a number, an integer, a condition, an option of the row's own family;
//! * `#y`, `#z` (numbers), `#i` (an integer), `#w` (a slice), `#q` (a reference, which no
//!   other row reads) are names that the row binds; a hole with two dollars, `$$num`, may
//!   read them, and so may all inside of it;
//! * `@x`, `@n` … are chosen: a double or an integer of the function, `@y`, `@i`, `@w` a bound
//!   name, `@e` eighths, `@k` a small number, `@jump` a way out of a loop or the function,
//!   `@callee` a function, with `@able` and `@depth` so that recursion ends;
//!   `@label` begins a loop, `~` ends what the names before it may be read by.
//!
//! There are two families. *Any* may read all memory of the function. *Pure* reads nothing
//! but scalars and what is bound, so that it may stand where something is borrowed to be
//! changed. Whatever is chosen, the program compiles; loops are bounded by construction.

/// What may stand in a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    Num,
    Pure,
    Int,
    Plain,
    Cond,
    Calm,
    /// An expression of type `Option<F>`.
    Opt,
    /// The same of the pure family.
    Maybe,
    /// An expression of type `&[F]`.
    Slice,
    /// An expression of type `&mut [F]`.
    Place,
    Stmt,
    Block,
}

use Sort::{Calm, Cond, Int, Maybe, Num, Opt, Place, Plain, Pure, Slice, Stmt};

/// Sorts, how often, and the text.
pub type Row = (&'static [Sort], u8, &'static str);

const NUMBER: &[Sort] = &[Num, Pure];
const INTEGER: &[Sort] = &[Int, Plain];
const CONDITION: &[Sort] = &[Cond, Calm];
const OPTION: &[Sort] = &[Opt, Maybe];
const ANY: &[Sort] = &[Num];
const STATEMENT: &[Sort] = &[Stmt];

/// All rows. The first one of each sort that has no holes is the simplest there is.
pub const ROWS: &[Row] = &[
    // Numbers of both families.
    (NUMBER, 14, "@x"),
    (NUMBER, 8, "@y"),
    (NUMBER, 4, "c(@e)"),
    (NUMBER, 2, "double(h)"),
    (NUMBER, 1, "pair.0"),
    (NUMBER, 2, "float($i)"),
    (NUMBER, 4, "($x + $x)"),
    (NUMBER, 2, "($x - $x)"),
    (NUMBER, 5, "($x * $x)"),
    (NUMBER, 2, "($x / (c(1.0) + $x.powi(2)))"),
    (NUMBER, 1, "(-$x)"),
    (NUMBER, 2, "$x.sin()"),
    (NUMBER, 1, "$x.cos()"),
    (NUMBER, 1, "$x.tanh()"),
    (NUMBER, 1, "$x.sin().exp()"),
    (NUMBER, 1, "(c(1.0) + $x.powi(2)).sqrt()"),
    (NUMBER, 1, "(c(1.0) + $x.powi(2)).ln()"),
    (NUMBER, 1, "$x.abs()"),
    (NUMBER, 1, "$x.powi(3)"),
    (NUMBER, 1, "(c(1.5) + $x.sin()).recip()"),
    (NUMBER, 1, "$x.max($x)"),
    (NUMBER, 1, "$x.min($x)"),
    (NUMBER, 1, "$x.clamp(c(-1.25), c(1.5))"),
    (NUMBER, 1, "$x.mul_add($x, $x)"),
    (NUMBER, 1, "(c(0.5) + $x.abs()).hypot($x)"),
    (NUMBER, 1, "$x.atan2(c(2.0) + $x.sin())"),
    (NUMBER, 1, "(c(1.0) + $x.powi(2)).powf($x.sin())"),
    (NUMBER, 1, "double(single($x) * single($x))"),
    (NUMBER, 1, "double(single($x).sin() + h)"),
    (NUMBER, 3, "(if $c { $x } else { $x })"),
    (NUMBER, 1, "(match $i % 4 { 0 => $x, 1 if $c => $x, 2 | 3 => $x, _ => c(0.5) })"),
    (NUMBER, 2, "({ let #y = $x; #y * $$x })"),
    (NUMBER, 1, "twice(|#y| $$x, $x)"),
    (NUMBER, 1, "both(&|#y| $$x, $x)"),
    (NUMBER, 2, "$m.unwrap_or($x)"),
    (NUMBER, 1, "$m.map_or($x, |#y| $$x)"),
    (NUMBER, 1, "$m.map(|#y| $$x).unwrap_or_default()"),
    (NUMBER, 1, "$m.ok_or($i).map_or_else(|#i| float(#i) * $$x, ~|#y| $$x)"),
    (NUMBER, 1, "$m.into_iter().chain($m).sum::<F>()"),
    (NUMBER, 1, "(0..$i % 5).map(|#i| $$x).sum::<F>()"),
    (NUMBER, 1, "(1..=$i % 4).rev().fold($x, |#y, #i| $$x)"),
    (NUMBER, 1, "std::iter::successors(Some($x), |&#y| Some($$x)).take(3).sum::<F>()"),
    (NUMBER, 1, "std::iter::repeat_n($x, $i % 4).enumerate().map(|(#i, #y)| $$x).sum::<F>()"),
    (NUMBER, 1, "[$x, $x, $x].map(|#y| $$x).iter().copied().sum::<F>()"),
    (NUMBER, 1, "get(&[$x, $x, $x], $i)"),
    (NUMBER, 1, "(match ($x, $i) { (#y, 0) => $$x, ~(#y, #i) if #i > 2 => $$x, _ => c(-0.5) })"),
    // Numbers that read memory.
    (ANY, 5, "get($slice, $int)"),
    (ANY, 4, "t[$int % 4]"),
    (ANY, 3, "a[$int & 3]"),
    (ANY, 3, "get(&v, $int)"),
    (ANY, 2, "m[$int % 3][$int % 2]"),
    (ANY, 2, "s.w"),
    (ANY, 2, "l.w"),
    (ANY, 1, "double(s.h)"),
    (ANY, 1, "double(l.h)"),
    (ANY, 2, "l.arr[$int % 4]"),
    (ANY, 1, "v.last().copied().unwrap_or($num)"),
    (ANY, 1, "v.get($int).copied().unwrap_or($num)"),
    (ANY, 1, "(*bx)"),
    (ANY, 1, "rows.iter().map(|#w| $$num * get(#w, 0)).sum::<F>()"),
    (ANY, 1, "rows.iter().flatten().map(|&#y| $$num).sum::<F>()"),
    (
        ANY,
        2,
        "(match &e { E::Nothing => $num, &E::One(#y) => $$num, ~&E::Two(#y, #i) if #i > 1 \
      => $$num, E::Two(..) => c(0.25), ~&E::Both { x: #y, y: #z } => $$num, \
      ~E::Many(#w) => $$num })",
    ),
    (ANY, 1, "total(&list($slice), $num)"),
    (ANY, 3, "$slice.iter().map(|&#y| $$num).sum::<F>()"),
    (ANY, 2, "$slice.iter().copied().sum::<F>()"),
    (ANY, 3, "$slice.iter().zip($slice).map(|(&#y, &#z)| $$num).sum::<F>()"),
    (ANY, 2, "$slice.iter().rev().enumerate().fold($num, |#y, (#i, &#z)| $$num)"),
    (ANY, 1, "$slice.iter().copied().fold($num, |#y, #z| if $$cond { #z } else { #y + #z })"),
    (ANY, 2, "$slice.windows(2).map(|#w| #w[0] * #w[1] + $$num).sum::<F>()"),
    (ANY, 1, "$slice.windows(3).rev().map(|#w| #w[0] * #w[2]).sum::<F>()"),
    (ANY, 1, "$slice.chunks(1 + $int % 3).map(|#w| get(#w, 0) * $$num).sum::<F>()"),
    (ANY, 1, "$slice.chunks_exact(2).map(|#w| #w[0] * #w[1]).sum::<F>()"),
    (ANY, 1, "$slice.iter().step_by(2).map(|&#y| $$num).sum::<F>()"),
    (ANY, 1, "$slice.iter().copied().take_while(|&#y| $$cond).sum::<F>()"),
    (ANY, 1, "$slice.iter().copied().skip_while(|&#y| $$cond).map(|#y| $$num).sum::<F>()"),
    (ANY, 1, "$slice.iter().filter(|&&#y| $$cond).map(|#y| #y.sin()).sum::<F>()"),
    (ANY, 1, "$slice.iter().filter_map(|&#y| $$opt).sum::<F>()"),
    (
        ANY,
        1,
        "$slice.iter().scan($num, |#q, &#y| { *#q = *#q * #y + $$num; Some(*#q) })\
      .last().unwrap_or_default()",
    ),
    (ANY, 1, "$slice.iter().copied().reduce(|#y, #z| $$num).unwrap_or_default()"),
    (ANY, 1, "$slice.iter().chain($slice).skip(1).map(|&#y| $$num).sum::<F>()"),
    (ANY, 1, "$slice.iter().cycle().take(5).map(|&#y| $$num).sum::<F>()"),
    (
        ANY,
        1,
        "$slice.iter().copied().max_by(|p, q| p.partial_cmp(q).unwrap())\
      .unwrap_or_default()",
    ),
    (ANY, 1, "$slice.iter().flat_map(|&#y| [$$num, #y]).sum::<F>()"),
    (ANY, 1, "$slice.iter().map(|&#y| $$num).collect::<Vec<F>>().iter().copied().sum::<F>()"),
    (ANY, 1, "$slice.to_vec().into_iter().rev().map(|#y| $$num).sum::<F>()"),
    (ANY, 1, "$slice.iter().try_fold($num, |#y, &#z| $$opt).unwrap_or_default()"),
    (ANY, 1, "$slice.iter().copied().find(|&#y| $$cond).unwrap_or($num)"),
    (
        ANY,
        1,
        "$slice.iter().map(|&#y| $$opt).collect::<Option<Vec<F>>>()\
      .map_or($num, |#w| get(&#w, 1))",
    ),
    (
        ANY,
        1,
        "({ let (#w, q) = $slice.split_at_checked(1).unwrap_or_default(); $$num * get(q, $$int) })",
    ),
    (
        ANY,
        1,
        "({ let mut it = $slice.iter().copied(); let #y = it.next().unwrap_or_default(); \
      it.fold(#y, |#z, r| $$num + r) })",
    ),
    // Integers.
    (INTEGER, 3, "@k"),
    (INTEGER, 4, "@n"),
    (INTEGER, 6, "@i"),
    (INTEGER, 1, "pair.1"),
    (INTEGER, 2, "$i.wrapping_add($i)"),
    (INTEGER, 1, "$i.wrapping_mul($i)"),
    (INTEGER, 1, "$i.saturating_sub($i)"),
    (INTEGER, 1, "$i.wrapping_sub($i)"),
    (INTEGER, 1, "(if $c { $i } else { $i })"),
    (INTEGER, 1, "$i.min($i)"),
    (INTEGER, 1, "usize::from($i as u8 >> 1)"),
    (INTEGER, 1, "int($x)"),
    (&[Int], 1, "v.len()"),
    (&[Int], 1, "s.k"),
    (&[Int], 1, "l.k"),
    (&[Int], 1, "$slice.len()"),
    (&[Int], 1, "$slice.iter().filter(|&&#y| $$cond).count()"),
    (&[Int], 1, "$slice.iter().position(|&#y| $$cond).unwrap_or($int)"),
    // Conditions.
    (CONDITION, 2, "($i % 2 == 0)"),
    (CONDITION, 4, "($x < $x)"),
    (CONDITION, 1, "($x > c(@e))"),
    (CONDITION, 2, "($i < $i)"),
    (CONDITION, 1, "($c && $c)"),
    (CONDITION, 1, "(!$c || $c)"),
    (CONDITION, 1, "$m.is_some()"),
    (CONDITION, 1, "matches!($i % 4, 1 | 2)"),
    (&[Cond], 1, "v.is_empty()"),
    (&[Cond], 1, "matches!(e, E::One(_) | E::Many(_))"),
    (&[Cond], 1, "$slice.iter().any(|&#y| $$cond)"),
    (&[Cond], 1, "$slice.iter().all(|&#y| $$cond)"),
    // Options.
    (OPTION, 2, "None::<F>"),
    (OPTION, 4, "Some($x)"),
    (&[Opt], 4, "o"),
    (OPTION, 2, "(if $c { Some($x) } else { None })"),
    (OPTION, 1, "$m.filter(|&#y| $$c)"),
    (OPTION, 1, "$m.map(|#y| $$x)"),
    (OPTION, 1, "$m.and_then(|#y| if $$c { Some($$x) } else { None })"),
    (OPTION, 1, "$m.or(Some($x))"),
    (OPTION, 1, "(|| { let #y = $m?; Some(#y * $$x) })()"),
    (OPTION, 1, "$m.zip($m).map(|(#y, #z)| $$x)"),
    (OPTION, 1, "$m.ok_or($i).or_else(|#i| if #i > 2 { Ok($$x) } else { Err(#i) }).ok()"),
    (&[Opt], 1, "s.o"),
    (&[Opt], 1, "l.o"),
    (&[Opt], 1, "$slice.first().copied()"),
    (&[Opt], 1, "$slice.iter().copied().nth($int % 6)"),
    (&[Opt], 1, "$slice.iter().copied().rfind(|&#y| $$cond)"),
    // Slices.
    (&[Slice], 3, "@w"),
    (&[Slice], 3, "(&a[..])"),
    (&[Slice], 3, "b"),
    (&[Slice], 4, "(&t[..])"),
    (&[Slice], 4, "(&v[..])"),
    (&[Slice], 1, "(&s.arr[..])"),
    (&[Slice], 2, "(&l.arr[..])"),
    (&[Slice], 1, "(&m[$int % 3][..])"),
    (&[Slice], 1, "(&t[1..3])"),
    (&[Slice], 2, "tail($slice, $int)"),
    (&[Slice], 1, "(if $cond { $slice } else { $slice })"),
    (&[Slice], 1, "(match o { Some(#y) if $$cond => $slice, _ => $slice })"),
    // Slices that are changed.
    (&[Place], 3, "(&mut a[..])"),
    (&[Place], 4, "(&mut t[..])"),
    (&[Place], 4, "(&mut v[..])"),
    (&[Place], 1, "(&mut s.arr[..])"),
    (&[Place], 2, "(&mut l.arr[..])"),
    (&[Place], 1, "(&mut m[$plain % 3][..])"),
    (&[Place], 1, "m.as_flattened_mut()"),
    (&[Place], 2, "tail_mut($place, $plain)"),
    (&[Place], 1, "(if $calm { $place } else { $place })"),
    // Statements on scalars.
    (STATEMENT, 8, "@x = $num;"),
    (STATEMENT, 6, "@x += $num;"),
    (STATEMENT, 2, "@x *= $num;"),
    (STATEMENT, 1, "@x -= $pure;"),
    (STATEMENT, 2, "h = single($num);"),
    (STATEMENT, 1, "h *= single($pure);"),
    (STATEMENT, 2, "n1 = $int % 8;"),
    (STATEMENT, 1, "pair = ($num, $int % 8, $num);"),
    (STATEMENT, 1, "pair.@02 += $num;"),
    (STATEMENT, 1, "(x0, @x) = (x2, x0);"),
    (STATEMENT, 1, "std::mem::swap(&mut x0, &mut x1);"),
    (STATEMENT, 1, "{ let r = $num; bump(&mut @x, r); }"),
    (
        STATEMENT,
        1,
        "{ let #q = if $calm { &mut x0 } else { &mut x2 }; *#q += c(@e); bump(#q, c(@e)); }",
    ),
    (STATEMENT, 1, "*bx = $num;"),
    (STATEMENT, 1, "bx = Box::new($num);"),
    // Statements on arrays.
    (STATEMENT, 4, "t[$int % 4] = $num;"),
    (STATEMENT, 3, "{ let (i, r) = ($int, $num); t[i % 4] += r; }"),
    (STATEMENT, 2, "{ let (i, r) = ($int, $num); t[i & 3] *= r; }"),
    (STATEMENT, 3, "{ let (i, r) = ($int, $num); a[i & 3] = r; }"),
    (STATEMENT, 2, "{ let (i, r) = ($int, $num); set(&mut v, i, r); }"),
    (STATEMENT, 2, "{ let (i, r) = ($int, $num); l.arr[i % 4] += r; }"),
    (STATEMENT, 1, "{ let (i, r) = ($int, $num); s.arr[i % 4] = r; }"),
    (STATEMENT, 2, "{ let (i, k, r) = ($int, $int, $num); m[i % 3][k % 2] = r; }"),
    (STATEMENT, 1, "m = [[$num, $num], m[0], m[2]];"),
    (STATEMENT, 1, "t = std::array::from_fn(|#i| $$pure);"),
    (STATEMENT, 1, "t = t.map(|#y| $$num);"),
    (STATEMENT, 2, "scale($place, $plain, $pure);"),
    (STATEMENT, 2, "set($place, $plain, $pure);"),
    (STATEMENT, 1, "swap($place, $plain, $plain);"),
    (STATEMENT, 1, "rotate($place, $plain);"),
    (STATEMENT, 1, "shift($place, $plain);"),
    (STATEMENT, 1, "$place.fill($pure);"),
    (STATEMENT, 1, "$place.reverse();"),
    (STATEMENT, 1, "$place.sort_by(|p, q| p.partial_cmp(q).unwrap());"),
    (STATEMENT, 3, "for (#i, #q) in $place.iter_mut().enumerate() { let #y = *#q; *#q = $$pure; }"),
    (STATEMENT, 1, "for #q in $place.iter_mut().rev().step_by(2) { *#q *= $$pure; }"),
    (STATEMENT, 1, "for #q in $place.chunks_mut(2) { let #y = #q[0]; #q[0] = $$pure; }"),
    (STATEMENT, 1, "$place.iter_mut().for_each(|#q| { let #y = *#q; *#q = $$pure });"),
    (
        STATEMENT,
        1,
        "{ let r = $place.iter_mut().fold($pure, |#y, #q| { *#q += #y; $$pure }); @x += r; }",
    ),
    (STATEMENT, 1, "if let Some(#q) = $place.get_mut($plain % 5) { let #y = *#q; *#q = $$pure; }"),
    (STATEMENT, 1, "if let [#q, .., r] = $place { std::mem::swap(#q, r); *#q += $$pure; }"),
    (
        STATEMENT,
        1,
        "{ let #q = $place; let k = #q.len() / 2; let (p, r) = #q.split_at_mut(k); \
      for (#q, &mut #y) in p.iter_mut().zip(r) { *#q += $$pure; } }",
    ),
    (
        STATEMENT,
        1,
        "{ let #q = $place; set(#q, $plain, $pure); let #y = get(#q, $plain); scale(#q, 1, $$pure); x1 = #y; }",
    ),
    (STATEMENT, 1, "for (#q, &#y) in t.iter_mut().zip(v.iter()) { *#q = $$pure; }"),
    (STATEMENT, 1, "for (#q, &#y) in v.iter_mut().zip(t.iter().rev()) { *#q += $$pure; }"),
    (STATEMENT, 1, "for (#q, &#y) in a.iter_mut().zip(b.iter().skip(1)) { *#q *= $$pure; }"),
    (STATEMENT, 1, "for ((#q, &#y), #z) in l.arr.iter_mut().zip(&s.arr).zip(t) { *#q = $$pure; }"),
    (STATEMENT, 1, "copy(&mut t, &v);"),
    (STATEMENT, 1, "copy(a, tail(&l.arr, $plain));"),
    (STATEMENT, 1, "s.arr = t;"),
    (STATEMENT, 1, "t.swap_with_slice(&mut l.arr);"),
    // Statements on structs, options and enums.
    (STATEMENT, 2, "s.w = $num;"),
    (STATEMENT, 2, "l.w += $num;"),
    (STATEMENT, 1, "l.h = single($num);"),
    (STATEMENT, 1, "s.h = single($num);"),
    (STATEMENT, 1, "l.k = $int % 8;"),
    (STATEMENT, 1, "s.k = $int % 8;"),
    (STATEMENT, 1, "l = s.clone();"),
    (STATEMENT, 1, "*s = l.clone();"),
    (STATEMENT, 1, "std::mem::swap(&mut l, s);"),
    (STATEMENT, 1, "l = S { w: $num, o: $opt, ..l.clone() };"),
    (
        STATEMENT,
        1,
        "{ let #q = if $calm { &mut l } else { &mut *s }; #q.w = $pure; #q.arr[$plain % 4] += $pure; }",
    ),
    (STATEMENT, 1, "s.o = $opt;"),
    (STATEMENT, 1, "l.o = $opt;"),
    (STATEMENT, 3, "o = $opt;"),
    (STATEMENT, 1, "if let Some(#q) = &mut o { let #y = *#q; *#q = $$pure; }"),
    (STATEMENT, 1, "if let Some(#y) = o.take() { @x += $$num; }"),
    (STATEMENT, 1, "{ let Some(#y) = $opt else { @jump }; @x += $$num; }"),
    (STATEMENT, 1, "if let Some(#y) = $opt { $$block } else { $block }"),
    (STATEMENT, 2, "e = E::One($num);"),
    (STATEMENT, 2, "e = E::Two($num, $int);"),
    (STATEMENT, 1, "e = E::Both { x: $num, y: $num };"),
    (STATEMENT, 1, "e = E::Many(vec![$num, $num]);"),
    (STATEMENT, 1, "e = E::Many(v.clone());"),
    (
        STATEMENT,
        1,
        "e = match e { E::Nothing => E::One($pure), E::One(#y) => E::Both { x: $$pure, y: #y }, \
      ~E::Two(#y, _) => E::One($$pure), ~E::Both { x: #y, y: #z } => E::Two($$pure, 2), other => other };",
    ),
    (
        STATEMENT,
        1,
        "match &mut e { E::One(#q) | E::Two(#q, _) => { let #y = *#q; *#q = $$pure; }, \
      E::Many(#q) => #q.push($pure), _ => {} }",
    ),
    (
        STATEMENT,
        1,
        "match &e { &E::One(#y) | &E::Both { x: #y, .. } => { @x = $$num; }, \
      ~E::Many(#w) if #w.len() > 1 => { @x += $$num; }, _ => { @x -= $num; } }",
    ),
    // Statements on vectors.
    (STATEMENT, 3, "v.push($num);"),
    (STATEMENT, 1, "v.pop();"),
    (STATEMENT, 1, "if let Some(#y) = v.pop() { @x = $$num; }"),
    (
        STATEMENT,
        1,
        "{ let mut #i = 0_usize; @label while let Some(#y) = v.pop() { #i += 1; if #i > 5 { break; } $$block } }",
    ),
    (STATEMENT, 1, "v.extend_from_slice(&t);"),
    (STATEMENT, 1, "v.extend(b.iter().map(|&#y| $$pure));"),
    (STATEMENT, 1, "v.extend($maybe);"),
    (STATEMENT, 1, "v.extend((0..$plain % 4).map(|#i| $$pure));"),
    (STATEMENT, 2, "v.truncate($plain % 6);"),
    (STATEMENT, 1, "v.resize($plain % 6, $pure);"),
    (STATEMENT, 1, "v.insert(0, $pure);"),
    (STATEMENT, 1, "if v.len() > 1 { @x += v.remove(0); }"),
    (STATEMENT, 1, "if !v.is_empty() { @x += v.swap_remove(0); }"),
    (STATEMENT, 1, "v.retain(|&#y| $$calm);"),
    (STATEMENT, 1, "{ let k = $plain % (v.len() + 1); @x += v.drain(..k).sum::<F>(); }"),
    (STATEMENT, 1, "{ let k = $plain % (v.len() + 1); let r = v.split_off(k); @x += get(&r, 0); }"),
    (STATEMENT, 2, "v = v.iter().map(|&#y| $$num).collect();"),
    (STATEMENT, 1, "v = $slice.iter().rev().copied().filter(|&#y| $$cond).collect();"),
    (STATEMENT, 1, "v = [$slice, $slice].concat();"),
    (STATEMENT, 1, "v = vec![$num; 1 + $int % 4];"),
    (STATEMENT, 1, "v = $slice.iter().zip($slice).map(|(&#y, &#z)| $$num).collect();"),
    (STATEMENT, 1, "v = v.into_iter().map(|#y| $$pure).collect();"),
    (STATEMENT, 1, "v = v.into_boxed_slice().into_vec();"),
    (STATEMENT, 1, "v.clear();"),
    (STATEMENT, 1, "rows.push(vec![$num, $num]);"),
    (STATEMENT, 1, "rows.push($slice.to_vec());"),
    (STATEMENT, 1, "if let Some(#q) = rows.last_mut() { #q.push($pure); }"),
    (
        STATEMENT,
        1,
        "for #q in &mut rows { if let Some(#q) = #q.first_mut() { let #y = *#q; *#q = $$pure; } }",
    ),
    // Closures and what is called without being known.
    (
        STATEMENT,
        1,
        "{ let (k, r) = ($num, $num); let mut g = |#y: F| { x1 += $$pure; t[0] = #y * $$pure; }; g(k); g(r); }",
    ),
    (STATEMENT, 1, "{ let r = $num; each(|#y| { @x = $$pure; }, r); }"),
    (
        STATEMENT,
        1,
        "{ let r = $num; let g: Box<dyn Fn(F) -> F> = if $cond { Box::new(move |#y| $$pure * r) } \
      else { ~Box::new(move |#y| $$pure) }; x1 = g(r); x2 += g(c(@e)); }",
    ),
    (
        STATEMENT,
        1,
        "{ let g: Box<dyn Act> = match $int % 3 { 0 => Box::new(Scale($num)), 1 => Box::new(Shift($num, $int)), \
      _ => Box::new(Wave { x: $num, arr: [$num, c(@e)] }) }; @x = g.act($pure); }",
    ),
    (
        STATEMENT,
        1,
        "{ let (k, r) = (Scale($num), Shift($num, 3)); let g: [&dyn Act; 2] = [&k, &r]; \
      @x = g.iter().fold($pure, |#y, #q| #q.act(#y)); }",
    ),
    (STATEMENT, 1, "{ let g = [same as fn(F) -> F, F::sin]; x1 = g[$int & 1]($num); }"),
    // Calls.
    (
        STATEMENT,
        2,
        "{ let r = $num; if @able { @x = @callee(a, &t, &mut l, r, $plain, @depth); } }",
    ),
    (STATEMENT, 2, "{ let r = $num; if @able { @x = @callee(&mut t, b, s, r, $plain, @depth); } }"),
    (
        STATEMENT,
        1,
        "{ let r = $num; if @able { @x += @callee(&mut s.arr.clone(), &t, &mut l, r, $plain, @depth); } }",
    ),
    (
        STATEMENT,
        1,
        "{ let r = $num; let mut w = v.clone(); w.resize(4, r); if @able { @x += @callee(&mut w, a, s, r, $plain, @depth); v = w; } }",
    ),
    // The flow of control.
    (STATEMENT, 5, "if $cond { $block } else { $block }"),
    (STATEMENT, 3, "if $cond { $block }"),
    (
        STATEMENT,
        2,
        "match $int % 4 { 0 => { $block } 1 if $cond => { $block } 1 | 2 => { $block } _ => {} }",
    ),
    (STATEMENT, 3, "@label for #i in 0..$int % 5 { $$block }"),
    (STATEMENT, 1, "@label for #i in (0..$plain % 5).rev() { $$block }"),
    (STATEMENT, 1, "@label for #i in (1..=$plain % 6).step_by(2) { $$block }"),
    (STATEMENT, 2, "@label for #y in t { $$block }"),
    (STATEMENT, 1, "@label for (#i, &#y) in b.iter().enumerate() { $$block }"),
    (STATEMENT, 1, "@label for #w in b.windows(2) { $$block }"),
    (STATEMENT, 1, "@label for #y in v.clone() { $$block }"),
    (STATEMENT, 1, "@label for (#y, #z) in t.into_iter().zip($slice.to_vec()) { $$block }"),
    (STATEMENT, 2, "{ let mut #i = 0_usize; @label while #i < @k && $$cond { #i += 1; $$block } }"),
    (
        STATEMENT,
        1,
        "{ let mut #i = 0_usize; @label loop { #i += 1; if #i > 3 || $$cond { break; } $$block } }",
    ),
    (
        STATEMENT,
        1,
        "{ let mut #i = 0_usize; @x = loop { #i += 1; let #y = $num; if #i > 4 || $$cond { break $$num; } x2 += #y; }; }",
    ),
    (STATEMENT, 2, "if $cond { @jump }"),
];
