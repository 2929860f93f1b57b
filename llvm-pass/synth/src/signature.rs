//! The signatures of the sweeps, and how parameters and results travel.
//!
//! A request's own function has pointer parameters only and no result:
//!
//! ```text
//! augmented(p…, s…, frame)        gradient(p…, s…, frame)
//! ```
//!
//! A function that it calls has whatever the program gave it. Its frame comes
//! from the arena; the caller remembers the address and nothing else, because
//! the called function stores on its own tape what its gradient will read of the
//! parameters. That is the same for recursion and for plain calls.
//!
//! ```text
//! augmented(p…, shadows of those that have one…) -> {result?, its shadow?, frame}
//! gradient(frame, adjoint of the result in parts…) -> {adjoints of active parameters in parts…}
//! ```

use enzyme_analysis::script::Shadow;
use enzyme_body::{BodyId, Constant, ValueId};
use enzyme_ir::{Function, Type, Value};
use enzyme_protocol::Activity;

use crate::Input;

/// The two functions of a body.
#[derive(Clone, Copy)]
pub(crate) struct Sweeps {
    pub augmented: Function,
    pub gradient: Function,
}

impl Input<'_> {
    /// Whether this is the request's own function.
    pub(crate) fn is_request(self) -> bool {
        self.id == BodyId::FIRST
    }

    /// Declares the augmented primal and the gradient.
    pub(crate) fn declare_sweeps(self) -> Sweeps {
        let name = self.prepared.function.name();
        let declare = |word: &str, ty: Type| {
            let function = self.module().add_function(&name.replace("prepared", word), ty);
            function.make_internal();
            function
        };
        let (augmented, gradient) = match self.is_request() {
            true => (self.request_type(), self.request_type()),
            false => (self.augmented_type(), self.gradient_type()),
        };
        Sweeps {
            augmented: declare("augmented", augmented),
            gradient: declare("gradient", gradient),
        }
    }

    fn request_type(self) -> Type {
        let params = vec![self.module().ptr(); 2 * self.decided.activities.len() + 1];
        Type::function(Type::void(self.module()), &params)
    }

    fn augmented_type(self) -> Type {
        let params = &self.body().params;
        let primals = params.iter().map(|&p| self.ty(p));
        let shadows = self.shadowed_params().into_iter().map(|i| self.ty(params[i]));
        let params: Vec<_> = primals.chain(shadows).collect();
        let mut results = Vec::new();
        if let Some(result) = self.result() {
            results.push(self.ty(result));
            results.extend(self.result_has_shadow().then(|| self.ty(result)));
        }
        results.push(self.module().ptr());
        Type::function(Type::structure(self.module(), &results), &params)
    }

    fn gradient_type(self) -> Type {
        let seeds = self.result_parts().into_iter().map(|(_, ty)| ty);
        let params: Vec<_> = std::iter::once(self.module().ptr()).chain(seeds).collect();
        let adjoints = self.active_params().into_iter().flat_map(|p| self.parts(p));
        let adjoints: Vec<_> = adjoints.map(|(_, ty)| ty).collect();
        Type::function(Type::structure(self.module(), &adjoints), &params)
    }

    /// What the function returns, if anything.
    pub(crate) fn result(self) -> Option<ValueId> {
        let body = self.body();
        let last = *body.blocks[body.return_block()?].insts.last()?;
        body.inst(last)?.operands.first().copied()
    }

    pub(crate) fn result_has_shadow(self) -> bool {
        self.result().is_some_and(|r| self.script.shadow(r) != Shadow::None)
    }

    /// The parts of the result's adjoint; none if it has no adjoint.
    pub(crate) fn result_parts(self) -> Vec<(u64, Type)> {
        let active = self.result().filter(|&r| self.script.has_adjoint(r));
        active.map(|r| self.parts(r)).unwrap_or_default()
    }

    /// Positions of the parameters that have a shadow.
    pub(crate) fn shadowed_params(self) -> Vec<usize> {
        let params = self.body().params.iter().enumerate();
        params.filter(|(_, p)| self.script.shadow(**p) != Shadow::None).map(|(i, _)| i).collect()
    }

    /// The parameters that have an adjoint.
    pub(crate) fn active_params(self) -> Vec<ValueId> {
        let params = self.body().params.iter().copied();
        params.filter(|&p| self.script.has_adjoint(p)).collect()
    }

    /// The shadow of a parameter or constant, given the parameters of a sweep.
    pub(crate) fn given_shadow(self, value: ValueId, params: &[Value]) -> Value {
        let body = self.body();
        if let Some(index) = body.params.iter().position(|&p| p == value) {
            return self.param_shadow(index, params);
        }
        match body.constant(value) {
            Some(Constant::Global(global)) => {
                let shadow = self.shadow_global(&global.symbol);
                shadow.constant_offset(self.module(), global.offset)
            }
            _ => self.source(value),
        }
    }

    fn param_shadow(self, index: usize, params: &[Value]) -> Value {
        let count = self.body().params.len();
        if !self.is_request() {
            let position = self.shadowed_params().into_iter().position(|i| i == index);
            return params[count + position.expect("a parameter with a shadow")];
        }
        match self.decided.activities[index] {
            Activity::Duplicated => params[count + index],
            Activity::Const if self.decided.runtime_activity => params[index],
            Activity::Const => self.module().ptr().poison(),
        }
    }
}
