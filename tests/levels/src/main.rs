//! Prints each gradient twice: as the library asks for it, and as this program does.

use enzyme_levels::{Row, for_each_program, from_the_library, gradients};

fn print(crate_type: &str, rows: impl IntoIterator<Item = Row>) {
    for (name, value, gradient) in rows {
        // The shortest text that reads back as the same number.
        let numbers: Vec<_> = gradient.iter().map(f64::to_string).collect();
        println!("{crate_type} {name} {value} {}", numbers.join(" "));
    }
}

fn main() {
    print("lib", from_the_library());
    print("bin", for_each_program!(gradients));
}
