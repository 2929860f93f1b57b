//! The engine's time grows with the program's size, and hardly more.
//!
//! Programs of growing size (`generate`) go through `opt` with the plugin, which says what
//! time each stage took (`ENZYME_TIMES_FILE`). Four times as many operations may take
//! [`MORE`] times as long at most: 4 is linear, 16 quadratic. Times are processor time of
//! the engine alone, and the least of a few runs, so that a loaded machine does not matter.
//! `--nocapture` prints the times of all stages.
//!
//! Measured is what the engine does before the host goes on to optimise. How long the whole
//! of `-O3` takes, for the gradient too, is the processor time of `opt`: [`AT_O3`].

mod generate;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Numbers of operations.
const SIZES: [usize; 3] = [500, 2_000, 8_000];
/// How much longer four times as many operations may take.
const MORE: f64 = 10.0;
/// How much longer six loops in each other may take than one, with the same body.
const DEEP: f64 = 15.0;
/// Runs before a time is believed to be too long.
const RUNS: usize = 4;
/// How long 2,000 operations may take at `-O3`.
const AT_O3: Duration = Duration::from_secs(5);
/// After this long the engine is taken to hang.
const SECONDS: &str = "120";

/// Names of stages and milliseconds; the last is their sum.
type Stages = Vec<(String, f64)>;

/// A family of programs, by number of operations.
type Family = (&'static str, fn(usize) -> String);

const FAMILIES: [Family; 5] = [
    ("straight", generate::straight),
    ("memory", generate::memory),
    ("branches", generate::branches),
    ("calls", generate::calls),
    ("one loop", generate::one_loop),
];

/// Runs `opt`, and returns its processor time.
fn opt(module: &str, passes: &str, times: &Path) -> Duration {
    let (opt, plugin) = (env!("ENZYME_OPT_PATH"), env!("ENZYME_PLUGIN_PATH"));
    assert!(!opt.is_empty() && !plugin.is_empty(), "run `cargo enzyme test`");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("module.ll");
    std::fs::write(&file, module).expect("a writable folder");
    // A shell's `times` prints, in its second line, the time of the programs that it ran.
    let mut command = Command::new("sh");
    command.args(["-c", r#""$@" && times"#, "sh", "timeout", SECONDS]);
    command.args([opt, "-disable-output"]).arg(&file);
    command.arg(format!("-load-pass-plugin={plugin}")).arg(format!("-passes={passes}"));
    command.env_remove("ENZYME_DIAGNOSTICS_FILE").env_remove("ENZYME_CHAOS_SEED");
    let output = command.env("ENZYME_TIMES_FILE", times).output().expect("opt runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
    let text = String::from_utf8(output.stdout).expect("numbers");
    let line = text.lines().nth(1).expect("two lines of times");
    line.split_whitespace().map(shell_time).sum()
}

/// Minutes and seconds as `times` prints them: `0m1.250s`.
fn shell_time(text: &str) -> Duration {
    let (minutes, seconds) = text.split_once('m').expect("minutes");
    let seconds = seconds.trim_end_matches('s').parse::<f64>().expect("seconds");
    let minutes = minutes.parse::<f64>().expect("minutes");
    Duration::from_secs_f64(60.0 * minutes + seconds)
}

/// The time of each stage.
fn stages(module: &str) -> Stages {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let times = folder.path().join("times");
    opt(module, "enzyme", &times);
    let text = std::fs::read_to_string(&times).expect("the plugin wrote its times");
    let words = |line: &str| {
        let (stage, rest) = line.split_once(' ').expect("a stage and its time");
        let time = rest.strip_suffix(" ms").expect("milliseconds").parse().expect("a number");
        (stage.to_owned(), time)
    };
    text.lines().map(words).collect()
}

fn all(stages: &Stages) -> f64 {
    stages.last().expect("some stages").1
}

fn show(name: &str, stages: &Stages) {
    let stages: Vec<_> = stages.iter().map(|(stage, time)| format!("{stage} {time:.1}")).collect();
    println!("{name}: {} ms", stages.join(", "));
}

/// Compares the times of two programs; says what is wrong if the second takes too long.
fn grows(small: (&str, &str), large: (&str, &str), most: f64) -> Result<(), String> {
    let (mut least, mut ratio) = ([f64::INFINITY; 2], f64::INFINITY);
    for _ in 0..RUNS {
        for (least, (name, module)) in least.iter_mut().zip([small, large]) {
            let stages = stages(module);
            show(name, &stages);
            *least = least.min(all(&stages));
        }
        ratio = least[1] / least[0];
        if ratio < most {
            return Ok(());
        }
    }
    Err(format!("{} takes {ratio:.1} times as long as {}", large.0, small.0))
}

#[test]
fn four_times_the_operations_take_about_four_times_as_long() {
    let mut wrong = Vec::new();
    for (family, generate) in FAMILIES {
        let programs = SIZES.map(|size| (format!("{family} {size}"), generate(size)));
        for pair in programs.windows(2) {
            let [small, large] = [0, 1].map(|i| (&pair[i].0[..], &pair[i].1[..]));
            wrong.extend(grows(small, large, MORE).err());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nests_of_loops_take_longer_by_their_depth() {
    let flat = generate::nest(1);
    let mut wrong = Vec::new();
    for depth in 2..=6 {
        let deep = (&format!("depth {depth}")[..], &generate::nest(depth)[..]);
        wrong.extend(grows(("depth 1", &flat), deep, DEEP).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_thousand_operations_end_in_time_at_o3() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (family, generate) in FAMILIES {
        let module = generate(2_000);
        let mut least = Duration::MAX;
        for _ in 0..RUNS {
            let times = folder.path().join("times");
            least = least.min(opt(&module, "enzyme,default<O3>", &times));
            if least < AT_O3 {
                break;
            }
        }
        println!("{family}: the gradient of 2000 operations, optimised: {least:.1?}");
        assert!(least < AT_O3, "{family}: {least:?}");
    }
}
