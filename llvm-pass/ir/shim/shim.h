// The whole C surface between the plugin (Rust) and LLVM's C++ API: plugin
// registration and the questions and services that LLVM-C lacks. No decision is
// taken behind it. Handles are LLVM-C's own.
#ifndef ENZYME_SHIM_H
#define ENZYME_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <llvm-c/Types.h>

#ifdef __cplusplus
extern "C" {
#endif

// Version of the LLVM headers that the plugin was built with, e.g. "22.1.8".
const char *enzyme_shim_header_version(void);

// What llvmGetPassPluginInfo returns (same layout as LLVM's C++ struct).
typedef struct {
  uint32_t api_version;
  const char *name;
  const char *version;
  void *register_callbacks;
  void *pre_codegen;
} EnzymePluginInfo;

// Called by the shim with the module and the name of the pass being run
// ("enzyme", or "enzyme-print-<stage>"); returns whether the module changed.
typedef bool (*EnzymeRunPass)(LLVMModuleRef module, const char *pass);
EnzymePluginInfo enzyme_shim_plugin_info(EnzymeRunPass run);

// Reports an error through the context, so that the host's link or compilation fails.
void enzyme_shim_emit_error(LLVMContextRef context, const char *message);

// A C++ symbol as its source has it, to be freed as an LLVM message.
char *enzyme_shim_demangle(const char *symbol);

// Removes the body of a function that shall not be compiled.
void enzyme_shim_delete_body(LLVMValueRef function);
// Clones `function` within its module as a private copy.
LLVMValueRef enzyme_shim_clone_function(LLVMValueRef function, const char *name);
// Clones the body of `from` into the empty `into`, parameter i of `from` becoming
// parameter `map[i]` of `into`. Block and instruction order are kept.
void enzyme_shim_clone_into(LLVMValueRef into, LLVMValueRef from, const unsigned *map);
// Removes the subprogram and all source positions of a function.
void enzyme_shim_strip_debug(LLVMValueRef function);
// Takes back, in a function, all statements that floats are neither infinite nor no number.
void enzyme_shim_allow_infinities(LLVMValueRef function);
// Gives `function` C's calling convention and, of all attributes, only those of
// `like` that say for which processor and unwinder code is generated.
void enzyme_shim_plain_attributes(LLVMValueRef function, LLVMValueRef like);
// Inlines the call; false with the reason in `reason` if LLVM refuses.
bool enzyme_shim_inline(LLVMValueRef call, const char **reason);
// Turns `call` of an address into: if the address is that of `callee`, a call of
// `callee`, which is returned; else the call as it was. Null if their types differ.
LLVMValueRef enzyme_shim_promote_call(LLVMValueRef call, LLVMValueRef callee);
// Ends the block with `unreachable` in place of `at` and all behind it.
void enzyme_shim_end_unreachable(LLVMValueRef at);
// Makes an invoke of a function that never unwinds a call.
void enzyme_shim_invoke_to_call(LLVMValueRef invoke);
// Gives the call the calling convention and the parameters' attributes of `function`.
void enzyme_shim_call_like(LLVMValueRef call, LLVMValueRef function);
// Moves all instructions from `before` on to a new block; returns that block.
LLVMBasicBlockRef enzyme_shim_split_block(LLVMValueRef before, const char *name);
// Inserts an empty block on the CFG edge from `from` to `to`; phis are updated. Where `to` is a
// landing pad, the block is one of its own, all other edges lead to another one, and `to` is
// the block behind both.
LLVMBasicBlockRef enzyme_shim_split_edge(LLVMBasicBlockRef from, LLVMBasicBlockRef to);

// A domain of alias scopes, and a scope in it: unlike any other.
LLVMMetadataRef enzyme_shim_alias_domain(LLVMContextRef context);
LLVMMetadataRef enzyme_shim_alias_scope(LLVMMetadataRef domain);
// Adds to what an instruction says of the memory that it accesses: that it is of these
// scopes, and nothing that is of those.
void enzyme_shim_add_scopes(LLVMValueRef instruction, const LLVMMetadataRef *of, size_t of_count,
                            const LLVMMetadataRef *no, size_t no_count);
// From here on, until this is executed again, what is said of the scope holds.
void enzyme_shim_declare_scope(LLVMValueRef before, LLVMMetadataRef scope);

// Whether a function has a cycle with several entries.
bool enzyme_shim_is_irreducible(LLVMValueRef function);

// LLVM's analyses of one function; invalid once the function changes.
typedef struct EnzymeAnalyses EnzymeAnalyses;
EnzymeAnalyses *enzyme_shim_analyses_new(LLVMValueRef function);
void enzyme_shim_analyses_free(EnzymeAnalyses *);

// Natural loops, outer before inner. Loop -1 is none.
size_t enzyme_shim_loop_count(EnzymeAnalyses *);
int enzyme_shim_loop_parent(EnzymeAnalyses *, size_t loop);
LLVMBasicBlockRef enzyme_shim_loop_header(EnzymeAnalyses *, size_t loop);
LLVMBasicBlockRef enzyme_shim_loop_latch(EnzymeAnalyses *, size_t loop);
LLVMBasicBlockRef enzyme_shim_loop_preheader(EnzymeAnalyses *, size_t loop);
int enzyme_shim_innermost_loop(EnzymeAnalyses *, LLVMBasicBlockRef block);

// The immediate dominator; null for the entry and for blocks that are never reached.
LLVMBasicBlockRef enzyme_shim_idom(EnzymeAnalyses *, LLVMBasicBlockRef block);

// How often the back edge is taken before `exiting` leaves the loop, expanded as
// an i64 at the end of the preheader; null if scalar evolution cannot tell.
// With `exiting` null: an upper bound over all exits. The analyses stay usable
// for further questions of this kind.
LLVMValueRef enzyme_shim_expand_exit_count(EnzymeAnalyses *, size_t loop, LLVMBasicBlockRef exiting);
// Rewrites the header phi as a function of the loop's canonical i64 induction
// variable `iv`, where it is affine in it, or an address and quadratic (through the rows of
// a triangle); false where it is not.
bool enzyme_shim_rewrite_induction(EnzymeAnalyses *, size_t loop, LLVMValueRef phi, LLVMValueRef iv);

// The least and the greatest value of an integer of at most 64 bits, read as signed,
// where `at` is executed; false if it may be anything.
bool enzyme_shim_range(EnzymeAnalyses *, LLVMValueRef value, LLVMValueRef at, int64_t *least,
                       int64_t *greatest);

/* Keeps a global variable from being dropped although nothing mentions it. */
void enzyme_shim_keep_global(LLVMValueRef global);

// How many low bits of an integer are known to be zero where `at` is executed, or are
// claimed to be by an exact shift before.
unsigned enzyme_shim_trailing_zeros(EnzymeAnalyses *, LLVMValueRef value, LLVMValueRef at);

// May executing `instruction` write the memory that `access` (a load or a
// memory transfer's source) reads?
bool enzyme_shim_may_clobber(EnzymeAnalyses *, LLVMValueRef instruction, LLVMValueRef access);

// Offset of a getelementptr as constant + sum(value_i * scale_i); false if not affine.
bool enzyme_shim_gep_offset(LLVMValueRef gep, int64_t *constant, LLVMValueRef *values,
                            int64_t *scales, size_t capacity, size_t *count);

// Memory effects of a call from attributes and known library functions.
typedef struct {
  bool reads;
  bool writes;
  bool only_arguments;
  bool unwinds;
  bool returns;
} EnzymeCallEffects;
EnzymeCallEffects enzyme_shim_call_effects(LLVMValueRef call);

// What the front end says of the memory that a load, store or copy of fixed size touches:
// the fields of a scalar type, with the type's name. Returns how many there are.
typedef struct {
  uint64_t offset;
  uint64_t size;
  const char *name;
  size_t name_length;
} EnzymeStated;
size_t enzyme_shim_stated(LLVMValueRef instruction, EnzymeStated *out, size_t capacity);

// The 64-bit word at an offset of a constant's bytes; false if it is no plain number.
bool enzyme_shim_word_at(LLVMModuleRef module, LLVMValueRef constant, uint64_t offset, uint64_t *out);

// Source position of an instruction, outermost inlined-at first when `depth` is
// past the end; false if there is none. Strings live as long as the module.
typedef struct {
  const char *file;
  size_t file_length;
  const char *directory;
  size_t directory_length;
  const char *function;
  size_t function_length;
  unsigned line;
  unsigned column;
} EnzymeLocation;
bool enzyme_shim_location(LLVMValueRef instruction, unsigned depth, EnzymeLocation *out);

#ifdef __cplusplus
}
#endif
#endif
