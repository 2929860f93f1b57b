// Cloning, inlining, edge splitting and alias scopes: services of LLVM that its C API lacks.
#include "shim.h"

#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/CallPromotionUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

extern "C" {

LLVMValueRef enzyme_shim_clone_function(LLVMValueRef function, const char *name) {
  ValueToValueMapTy map;
  Function *copy = CloneFunction(unwrap<Function>(function), map);
  copy->setName(name);
  copy->setLinkage(GlobalValue::InternalLinkage);
  copy->setVisibility(GlobalValue::DefaultVisibility);
  copy->setComdat(nullptr);
  // Variable locations would only slow the passes down; source lines stay.
  for (Instruction &instruction : instructions(copy))
    instruction.dropDbgRecords();
  return wrap(copy);
}

void enzyme_shim_clone_into(LLVMValueRef into, LLVMValueRef from, const unsigned *map) {
  Function *target = unwrap<Function>(into);
  Function *source = unwrap<Function>(from);
  ValueToValueMapTy values;
  for (unsigned i = 0; i < source->arg_size(); ++i)
    values[source->getArg(i)] = target->getArg(map[i]);
  SmallVector<ReturnInst *, 4> returns;
  CloneFunctionInto(target, source, values, CloneFunctionChangeType::LocalChangesOnly, returns);
}

void enzyme_shim_delete_body(LLVMValueRef function) { unwrap<Function>(function)->deleteBody(); }

void enzyme_shim_strip_debug(LLVMValueRef function) {
  Function *target = unwrap<Function>(function);
  target->setSubprogram(nullptr);
  for (Instruction &instruction : instructions(target)) {
    instruction.dropDbgRecords();
    instruction.setDebugLoc(DebugLoc());
    // Loop metadata holds positions as well.
    instruction.setMetadata(LLVMContext::MD_loop, nullptr);
  }
}

void enzyme_shim_allow_infinities(LLVMValueRef function) {
  Function *target = unwrap<Function>(function);
  target->removeRetAttr(Attribute::NoFPClass);
  for (unsigned i = 0; i < target->arg_size(); ++i)
    target->removeParamAttr(i, Attribute::NoFPClass);
  for (Instruction &instruction : instructions(target)) {
    if (isa<FPMathOperator>(instruction)) {
      instruction.setHasNoInfs(false);
      instruction.setHasNoNaNs(false);
    }
    if (auto *call = dyn_cast<CallBase>(&instruction)) {
      call->removeRetAttr(Attribute::NoFPClass);
      for (unsigned i = 0; i < call->arg_size(); ++i)
        call->removeParamAttr(i, Attribute::NoFPClass);
    }
  }
}

void enzyme_shim_plain_attributes(LLVMValueRef function, LLVMValueRef like) {
  Function *target = unwrap<Function>(function);
  Function *source = unwrap<Function>(like);
  AttrBuilder kept(target->getContext());
  for (const char *name : {"target-cpu", "target-features", "tune-cpu", "probe-stack"}) {
    Attribute attribute = source->getFnAttribute(name);
    if (attribute.isValid())
      kept.addAttribute(attribute);
  }
  // Sanitizers look at derivatives as they do at what is differentiated.
  for (auto kind : {Attribute::UWTable, Attribute::NonLazyBind, Attribute::SanitizeAddress,
                    Attribute::SanitizeHWAddress, Attribute::SanitizeMemory,
                    Attribute::SanitizeThread}) {
    Attribute attribute = source->getFnAttribute(kind);
    if (attribute.isValid())
      kept.addAttribute(attribute);
  }
  target->setAttributes(AttributeList::get(target->getContext(), AttributeList::FunctionIndex, kept));
  target->setCallingConv(CallingConv::C);
}

bool enzyme_shim_inline(LLVMValueRef call, const char **reason) {
  InlineFunctionInfo info;
  InlineResult result = InlineFunction(*unwrap<CallBase>(call), info);
  if (result.isSuccess())
    return true;
  *reason = result.getFailureReason();
  return false;
}

LLVMValueRef enzyme_shim_promote_call(LLVMValueRef call, LLVMValueRef callee) {
  CallBase &site = *unwrap<CallBase>(call);
  Function *target = unwrap<Function>(callee);
  if (!isLegalToPromote(site, target))
    return nullptr;
  return wrap(&promoteCallWithIfThenElse(site, target));
}

void enzyme_shim_end_unreachable(LLVMValueRef at) {
  changeToUnreachable(unwrap<Instruction>(at));
}

void enzyme_shim_invoke_to_call(LLVMValueRef invoke) {
  changeToCall(unwrap<InvokeInst>(invoke));
}

void enzyme_shim_call_like(LLVMValueRef call, LLVMValueRef function) {
  CallBase *target = unwrap<CallBase>(call);
  Function *source = unwrap<Function>(function);
  AttributeList all = source->getAttributes();
  SmallVector<AttributeSet, 8> params;
  for (unsigned i = 0; i < source->arg_size(); ++i)
    params.push_back(all.getParamAttrs(i));
  target->setAttributes(AttributeList::get(target->getContext(), AttributeSet(), all.getRetAttrs(), params));
  target->setCallingConv(source->getCallingConv());
}

LLVMBasicBlockRef enzyme_shim_split_block(LLVMValueRef before, const char *name) {
  Instruction *at = unwrap<Instruction>(before);
  return wrap(at->getParent()->splitBasicBlock(at->getIterator(), name));
}

LLVMBasicBlockRef enzyme_shim_split_edge(LLVMBasicBlockRef from, LLVMBasicBlockRef to) {
  BasicBlock *target = unwrap(to);
  if (!target->isLandingPad())
    return wrap(SplitEdge(unwrap(from), target));
  SmallVector<BasicBlock *, 2> pads;
  SplitLandingPadPredecessors(target, {unwrap(from)}, ".edge", ".rest", pads);
  return wrap(pads.front());
}

LLVMMetadataRef enzyme_shim_alias_domain(LLVMContextRef context) {
  return wrap(MDBuilder(*unwrap(context)).createAnonymousAliasScopeDomain("enzyme"));
}

LLVMMetadataRef enzyme_shim_alias_scope(LLVMMetadataRef domain) {
  MDNode *node = unwrap<MDNode>(domain);
  return wrap(MDBuilder(node->getContext()).createAnonymousAliasScope(node));
}

static void add_list(Instruction &instruction, unsigned kind, const LLVMMetadataRef *scopes,
                     size_t count) {
  if (count == 0)
    return;
  SmallVector<Metadata *, 16> items;
  for (size_t i = 0; i < count; ++i)
    items.push_back(unwrap(scopes[i]));
  MDNode *list = MDNode::get(instruction.getContext(), items);
  instruction.setMetadata(kind, MDNode::concatenate(instruction.getMetadata(kind), list));
}

void enzyme_shim_add_scopes(LLVMValueRef instruction, const LLVMMetadataRef *of, size_t of_count,
                            const LLVMMetadataRef *no, size_t no_count) {
  Instruction &target = *unwrap<Instruction>(instruction);
  add_list(target, LLVMContext::MD_alias_scope, of, of_count);
  add_list(target, LLVMContext::MD_noalias, no, no_count);
}

void enzyme_shim_declare_scope(LLVMValueRef before, LLVMMetadataRef scope) {
  Instruction *at = unwrap<Instruction>(before);
  MDNode *node = unwrap<MDNode>(scope);
  IRBuilder<>(at).CreateNoAliasScopeDeclaration(MDNode::get(at->getContext(), {node}));
}

} // extern "C"
