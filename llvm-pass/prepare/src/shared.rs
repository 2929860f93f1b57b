//! Choices among functions that are too long to be copied to each call.
//!
//! A choice (`targets`) of many long functions, or of functions that hold such choices
//! themselves (a plan of transforms that is made of plans), would be as long as all of
//! them at each call. Instead, the functions stay whole, and one function for each set
//!
//! ```text
//! choice(address, arguments…): if address = f { f(arguments…) } else …
//! ```
//!
//! holds the choice, so that a call costs one call. Functions of few instructions are
//! inlined there, and so is the choice where it is short itself.
//!
//! Not done: arguments in memory of the call's own (`byval`, `sret`): there the choice
//! stands at the call, and the functions stay whole, too.

use std::cell::RefCell;
use std::collections::HashMap;

use enzyme_ir::{Builder, Function, Opcode, Type, Value};

/// The note on calls of functions that are inlined only if they are short.
const WHOLE: &str = "enzyme-whole";
/// What the names of functions that hold choices begin with.
pub const CHOICE: &str = "enzyme.choice.";

/// Notes that the function called is inlined only if it is short.
pub fn keep_whole(call: Value) {
    call.note_on_call(WHOLE, "");
}

/// Whether the function called is inlined only if it is short.
pub fn is_kept_whole(call: Value) -> bool {
    call.note_of_call(WHOLE).is_some()
}

/// Whether the call passes memory of its own.
pub fn passes_memory(call: Value) -> bool {
    let own =
        |index| ["byval", "sret"].iter().any(|name| call.argument_type(index, name).is_some());
    (0..call.arguments().len()).any(own)
}

/// The functions that hold choices, by what they choose from.
pub struct SharedChoices {
    /// The function whose request it is; choices run where it does.
    root: Function,
    found: RefCell<HashMap<Vec<Function>, Function>>,
}

impl SharedChoices {
    /// None yet.
    pub fn new(root: Function) -> Self {
        Self { root, found: RefCell::default() }
    }

    /// All of them.
    pub fn functions(self) -> Vec<Function> {
        self.found.into_inner().into_values().collect()
    }

    /// Replaces a call of an address by a call of the function that chooses; `choose` makes
    /// the choice at a call in that function.
    pub fn call(&self, call: Value, candidates: &[Function], choose: impl FnOnce(Value)) {
        let known = self.found.borrow().get(candidates).copied();
        let function = known.unwrap_or_else(|| {
            let function = self.make(call, candidates, choose);
            self.found.borrow_mut().insert(candidates.to_vec(), function);
            function
        });
        let builder = Builder::new(function.module());
        builder.before(call);
        builder.locate(call);
        let mut arguments = vec![call.called()];
        arguments.extend(call.arguments());
        let replaced = match call.opcode() {
            Some(Opcode::LLVMInvoke) => {
                let ways = call.block().successors();
                builder.invoke(function, &arguments, ways[0], ways[1])
            }
            _ => builder.call(function, &arguments),
        };
        keep_whole(replaced);
        call.replace_uses(replaced);
        call.erase();
    }

    fn make(&self, like: Value, candidates: &[Function], choose: impl FnOnce(Value)) -> Function {
        let module = self.root.module();
        let mut types = vec![module.ptr()];
        types.extend(like.arguments().into_iter().map(Value::ty));
        let name = format!("{CHOICE}{}.{}", candidates.len(), candidates[0].name());
        let function = module.add_function(&name, Type::function(like.ty(), &types));
        function.make_internal();
        function.plain_attributes(self.root);
        let builder = Builder::new(module);
        builder.at_end(function.append_block("choose"));
        let params = function.params();
        let call = builder.call_address(like.called_type(), params[0], &params[1..]);
        match like.ty() == Type::void(module) {
            true => builder.return_void(),
            false => builder.return_value(call),
        }
        choose(call);
        function.insts().into_iter().filter(|inst| inst.is_call()).for_each(keep_whole);
        function
    }
}
