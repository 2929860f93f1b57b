// Questions to LLVM's own analyses: loops, dominators, scalar evolution, aliases.
#include "shim.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/Analysis/LazyValueInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/MemoryLocation.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

struct EnzymeAnalyses {
  LoopAnalysisManager loop_manager;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  Function &function;
  DominatorTree *dominators;
  LoopInfo *loops;
  ScalarEvolution *evolution;
  std::optional<BatchAAResults> aliases;
  // Scopes of `noalias` that are declared in loops, and elsewhere.
  SmallPtrSet<const MDNode *, 8> passing;
  SmallPtrSet<const MDNode *, 8> lasting;
  SmallVector<Loop *, 16> order;

  explicit EnzymeAnalyses(Function &f) : function(f) {
    PassBuilder builder;
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(components);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loop_manager);
    builder.crossRegisterProxies(loop_manager, functions, components, modules);
    dominators = &functions.getResult<DominatorTreeAnalysis>(f);
    loops = &functions.getResult<LoopAnalysis>(f);
    evolution = &functions.getResult<ScalarEvolutionAnalysis>(f);
    // Accesses of different rounds of a loop are compared, too.
    aliases.emplace(functions.getResult<AAManager>(f));
    aliases->enableCrossIterationMode();
    for (Instruction &inst : instructions(f))
      if (auto *declared = dyn_cast<NoAliasScopeDeclInst>(&inst))
        for (const MDOperand &scope : declared->getScopeList()->operands())
          (loops->getLoopFor(inst.getParent()) ? passing : lasting).insert(cast<MDNode>(scope));
    for (Loop *loop : loops->getLoopsInPreorder())
      order.push_back(loop);
  }

  int index(const Loop *loop) const {
    auto found = std::find(order.begin(), order.end(), loop);
    return found == order.end() ? -1 : static_cast<int>(found - order.begin());
  }

  // Whether a `noalias` scope is the same one for all accesses of the function: one that is
  // declared in a loop says nothing of accesses in different rounds.
  bool lasts(const MDNode *scope) const {
    return lasting.contains(scope) && !passing.contains(scope);
  }

  // The scopes of those domains of which all scopes last.
  MDNode *lasting_scopes(MDNode *list) const {
    if (!list)
      return nullptr;
    SmallPtrSet<const MDNode *, 8> passes;
    for (const MDOperand &scope : list->operands())
      if (!lasts(cast<MDNode>(scope)))
        passes.insert(AliasScopeNode(cast<MDNode>(scope)).getDomain());
    SmallVector<Metadata *, 8> kept;
    for (const MDOperand &scope : list->operands())
      if (!passes.contains(AliasScopeNode(cast<MDNode>(scope)).getDomain()))
        kept.push_back(scope);
    return kept.empty() ? nullptr : MDNode::get(list->getContext(), kept);
  }
};

extern "C" {

bool enzyme_shim_is_irreducible(LLVMValueRef function) {
  Function &f = *unwrap<Function>(function);
  DominatorTree dominators(f);
  LoopInfo loops(dominators);
  ReversePostOrderTraversal<Function *> order(&f);
  return containsIrreducibleCFG<BasicBlock *>(order, loops);
}

EnzymeAnalyses *enzyme_shim_analyses_new(LLVMValueRef function) {
  return new EnzymeAnalyses(*unwrap<Function>(function));
}
void enzyme_shim_analyses_free(EnzymeAnalyses *analyses) { delete analyses; }

size_t enzyme_shim_loop_count(EnzymeAnalyses *a) { return a->order.size(); }
int enzyme_shim_loop_parent(EnzymeAnalyses *a, size_t loop) {
  return a->index(a->order[loop]->getParentLoop());
}
LLVMBasicBlockRef enzyme_shim_loop_header(EnzymeAnalyses *a, size_t loop) {
  return wrap(a->order[loop]->getHeader());
}
LLVMBasicBlockRef enzyme_shim_loop_latch(EnzymeAnalyses *a, size_t loop) {
  return wrap(a->order[loop]->getLoopLatch());
}
LLVMBasicBlockRef enzyme_shim_loop_preheader(EnzymeAnalyses *a, size_t loop) {
  return wrap(a->order[loop]->getLoopPreheader());
}
int enzyme_shim_innermost_loop(EnzymeAnalyses *a, LLVMBasicBlockRef block) {
  return a->index(a->loops->getLoopFor(unwrap(block)));
}
LLVMBasicBlockRef enzyme_shim_idom(EnzymeAnalyses *a, LLVMBasicBlockRef block) {
  auto *node = a->dominators->getNode(unwrap(block));
  auto *above = node ? node->getIDom() : nullptr;
  return above ? wrap(above->getBlock()) : nullptr;
}

LLVMValueRef enzyme_shim_expand_exit_count(EnzymeAnalyses *a, size_t index,
                                           LLVMBasicBlockRef exiting) {
  Loop *loop = a->order[index];
  const SCEV *count = exiting ? a->evolution->getExitCount(loop, unwrap(exiting))
                              : a->evolution->getSymbolicMaxBackedgeTakenCount(loop);
  if (isa<SCEVCouldNotCompute>(count) || !count->getType()->isIntegerTy() ||
      a->evolution->getTypeSizeInBits(count->getType()) > 64)
    return nullptr;
  Type *i64 = Type::getInt64Ty(a->function.getContext());
  count = a->evolution->getNoopOrZeroExtend(count, i64);
  Instruction *at = loop->getLoopPreheader()->getTerminator();
  SCEVExpander expander(*a->evolution, "trips");
  if (!expander.isSafeToExpandAt(count, at))
    return nullptr;
  return wrap(expander.expandCodeFor(count, i64, at->getIterator()));
}

bool enzyme_shim_rewrite_induction(EnzymeAnalyses *a, size_t index, LLVMValueRef phi_ref,
                                   LLVMValueRef iv_ref) {
  PHINode *phi = unwrap<PHINode>(phi_ref);
  Value *iv = unwrap(iv_ref);
  Loop *loop = a->order[index];
  if (!a->evolution->isSCEVable(phi->getType()))
    return false;
  ScalarEvolution &evolution = *a->evolution;
  auto *recurrence = dyn_cast<SCEVAddRecExpr>(evolution.getSCEV(phi));
  if (!recurrence || recurrence->getLoop() != loop)
    return false;
  bool quadratic = recurrence->isQuadratic() && phi->getType()->isPointerTy();
  if (!recurrence->isAffine() && !quadratic)
    return false;
  Instruction *before = loop->getLoopPreheader()->getTerminator();
  SCEVExpander expander(evolution, "iv");
  SmallVector<Value *, 3> parts;
  // Of a quadratic one all distances are multiples of a unit, which is the stride.
  uint64_t unit = 1;
  if (quadratic) {
    APInt each = APIntOps::GreatestCommonDivisor(
        evolution.getConstantMultiple(recurrence->getOperand(1)),
        evolution.getConstantMultiple(recurrence->getOperand(2)));
    // The program's own stride must not get lost: it tells which bytes are the same field.
    auto *further = dyn_cast<GetElementPtrInst>(phi->getIncomingValueForBlock(loop->getLoopLatch()));
    if (!further || further->getNumIndices() != 1)
      return false;
    TypeSize size = a->function.getDataLayout().getTypeAllocSize(further->getSourceElementType());
    if (size.isScalable() || size.isZero() || each.urem(size.getFixedValue()) != 0)
      return false;
    unit = size.getFixedValue();
  }
  for (const SCEV *part : recurrence->operands()) {
    if (!expander.isSafeToExpandAt(part, before))
      return false;
    if (!parts.empty() && unit > 1)
      part = evolution.getUDivExactExpr(part, evolution.getConstant(part->getType(), unit));
    parts.push_back(expander.expandCodeFor(part, part->getType(), before->getIterator()));
  }
  Value *from = parts[0];
  Instruction *at = &*loop->getHeader()->getFirstNonPHIIt();
  IRBuilder<> builder(at);
  builder.SetCurrentDebugLocation(phi->getDebugLoc());
  Value *count = builder.CreateZExtOrTrunc(iv, parts[1]->getType());
  Value *offset = builder.CreateMul(count, parts[1]);
  if (quadratic) {
    // n (n - 1) / 2: the even one of the two is halved, the other one is odd.
    Value *half = builder.CreateLShr(count, 1);
    Value *odd = builder.CreateOr(builder.CreateSub(count, ConstantInt::get(count->getType(), 1)), 1);
    offset = builder.CreateAdd(offset, builder.CreateMul(builder.CreateMul(half, odd), parts[2]));
  }
  Type *stride = ArrayType::get(builder.getInt8Ty(), unit);
  Value *value = quadratic                      ? builder.CreateGEP(stride, from, offset)
                 : phi->getType()->isPointerTy() ? builder.CreatePtrAdd(from, offset)
                                                 : builder.CreateAdd(from, offset);
  value->takeName(phi);
  a->evolution->forgetValue(phi);
  phi->replaceAllUsesWith(value);
  phi->eraseFromParent();
  return true;
}

bool enzyme_shim_range(EnzymeAnalyses *a, LLVMValueRef value_ref, LLVMValueRef at_ref,
                       int64_t *least, int64_t *greatest) {
  Value *value = unwrap(value_ref);
  if (!value->getType()->isIntegerTy() || value->getType()->getIntegerBitWidth() > 64)
    return false;
  auto &lazy = a->functions.getResult<LazyValueAnalysis>(a->function);
  ConstantRange range = lazy.getConstantRange(value, unwrap<Instruction>(at_ref), false);
  if (a->evolution->isSCEVable(value->getType())) {
    ConstantRange evolved = a->evolution->getSignedRange(a->evolution->getSCEV(value));
    range = range.intersectWith(evolved, ConstantRange::Signed);
  }
  if (range.isFullSet() || range.isEmptySet() || range.isSignWrappedSet())
    return false;
  *least = range.getSignedMin().getSExtValue();
  *greatest = range.getSignedMax().getSExtValue();
  return true;
}

void enzyme_shim_keep_global(LLVMValueRef global) {
  auto *kept = unwrap<GlobalValue>(global);
  appendToCompilerUsed(*kept->getParent(), {kept});
}

// Whether one instruction has run, or will for certain, when the other one runs.
static bool runs_with(const EnzymeAnalyses *a, Instruction *one, Instruction *other) {
  if (a->dominators->dominates(one, other))
    return true;
  if (one->getParent() != other->getParent())
    return false;
  return isGuaranteedToTransferExecutionToSuccessor(other->getIterator(), one->getIterator());
}

unsigned enzyme_shim_trailing_zeros(EnzymeAnalyses *a, LLVMValueRef value, LLVMValueRef at) {
  Instruction *where = unwrap<Instruction>(at);
  SimplifyQuery query(a->function.getDataLayout(), a->dominators, nullptr, where);
  unsigned zeros = computeKnownBits(unwrap(value), query).countMinTrailingZeros();
  // Differences of addresses are divided by what they are a multiple of.
  for (User *user : unwrap(value)->users()) {
    auto *shift = dyn_cast<BinaryOperator>(user);
    if (!shift || !shift->isShift() || shift->getOpcode() == Instruction::Shl || !shift->isExact())
      continue;
    auto *amount = dyn_cast<ConstantInt>(shift->getOperand(1));
    if (amount && shift->getOperand(0) == unwrap(value) && runs_with(a, shift, where))
      zeros = std::max<unsigned>(zeros, amount->getLimitedValue(32));
  }
  // Of addresses into one array only scalar evolution knows what their distance is made of.
  if (a->evolution->isSCEVable(unwrap(value)->getType()))
    zeros = std::max<unsigned>(zeros,
                               a->evolution->getMinTrailingZeros(a->evolution->getSCEV(unwrap(value))));
  return zeros;
}

bool enzyme_shim_may_clobber(EnzymeAnalyses *a, LLVMValueRef instruction, LLVMValueRef access) {
  Instruction *writer = unwrap<Instruction>(instruction);
  Instruction *reader = unwrap<Instruction>(access);
  MemoryLocation location;
  if (auto *transfer = dyn_cast<AnyMemTransferInst>(reader))
    location = MemoryLocation::getForSource(transfer);
  else
    location = MemoryLocation::get(reader);
  // Only the address is compared, not the iteration: sizes before the pointer count too.
  location = location.getWithNewSize(LocationSize::beforeOrAfterPointer());
  // Types say nothing of what memory holds later, nor scopes of other rounds.
  MDNode *scopes = a->lasting_scopes(location.AATags.Scope);
  MDNode *others = a->lasting_scopes(location.AATags.NoAlias);
  location = location.getWithoutAATags();
  location.AATags.Scope = scopes;
  location.AATags.NoAlias = others;
  return isModSet(a->aliases->getModRefInfo(writer, location));
}

bool enzyme_shim_gep_offset(LLVMValueRef gep, int64_t *constant, LLVMValueRef *values,
                            int64_t *scales, size_t capacity, size_t *count) {
  auto *op = unwrap<GEPOperator>(gep);
  if (op->getType()->isVectorTy())
    return false;
  const DataLayout *layout;
  if (auto *instruction = dyn_cast<Instruction>(op))
    layout = &instruction->getModule()->getDataLayout();
  else if (auto *global = dyn_cast<GlobalVariable>(getUnderlyingObject(op)))
    layout = &global->getParent()->getDataLayout();
  else
    return false;
  unsigned bits = layout->getIndexSizeInBits(op->getPointerAddressSpace());
  SmallMapVector<Value *, APInt, 4> variable;
  APInt fixed(bits, 0);
  if (!op->collectOffset(*layout, bits, variable, fixed) || variable.size() > capacity)
    return false;
  *constant = fixed.getSExtValue();
  *count = 0;
  for (auto &[value, scale] : variable) {
    values[*count] = wrap(value);
    scales[*count] = scale.getSExtValue();
    ++*count;
  }
  return true;
}

EnzymeCallEffects enzyme_shim_call_effects(LLVMValueRef call) {
  auto *base = unwrap<CallBase>(call);
  MemoryEffects effects = base->getMemoryEffects();
  return {!effects.onlyWritesMemory() || effects.doesNotAccessMemory() ? isRefSet(effects.getModRef())
                                                                       : false,
          isModSet(effects.getModRef()), effects.onlyAccessesArgPointees(),
          !base->doesNotThrow(), !base->doesNotReturn()};
}

// The name of the scalar type that an access tag ends in.
static StringRef scalar_name(const Metadata *tag) {
  auto *node = dyn_cast_or_null<MDNode>(tag);
  if (!node || node->getNumOperands() < 3)
    return {};
  auto *type = dyn_cast<MDNode>(node->getOperand(1));
  auto *name = type && type->getNumOperands() ? dyn_cast<MDString>(type->getOperand(0)) : nullptr;
  return name ? name->getString() : StringRef();
}

size_t enzyme_shim_stated(LLVMValueRef instruction, EnzymeStated *out, size_t capacity) {
  auto *at = unwrap<Instruction>(instruction);
  size_t count = 0;
  auto add = [&](uint64_t offset, uint64_t size, StringRef name) {
    if (!name.empty() && count < capacity)
      out[count++] = {offset, size, name.data(), name.size()};
  };
  if (MDNode *fields = at->getMetadata(LLVMContext::MD_tbaa_struct)) {
    for (unsigned i = 0; i + 2 < fields->getNumOperands(); i += 3)
      add(mdconst::extract<ConstantInt>(fields->getOperand(i))->getZExtValue(),
          mdconst::extract<ConstantInt>(fields->getOperand(i + 1))->getZExtValue(),
          scalar_name(fields->getOperand(i + 2)));
  } else if (MDNode *tag = at->getMetadata(LLVMContext::MD_tbaa)) {
    Type *type = isa<StoreInst>(at) ? at->getOperand(0)->getType() : at->getType();
    if (type->isSized())
      add(0, at->getDataLayout().getTypeStoreSize(type), scalar_name(tag));
  }
  return count;
}

bool enzyme_shim_word_at(LLVMModuleRef module, LLVMValueRef constant, uint64_t offset, uint64_t *out) {
  Type *word = Type::getInt64Ty(unwrap(module)->getContext());
  Constant *found = ConstantFoldLoadFromConst(unwrap<Constant>(constant), word, APInt(64, offset),
                                              unwrap(module)->getDataLayout());
  auto *number = dyn_cast_or_null<ConstantInt>(found);
  if (number)
    *out = number->getZExtValue();
  return number != nullptr;
}

bool enzyme_shim_location(LLVMValueRef instruction, unsigned depth, EnzymeLocation *out) {
  auto *at = dyn_cast<Instruction>(unwrap(instruction));
  const DILocation *location = at ? at->getDebugLoc().get() : nullptr;
  for (; location && depth; --depth)
    location = location->getInlinedAt();
  if (!location)
    return false;
  StringRef file = location->getFilename();
  StringRef directory = location->getDirectory();
  StringRef function = location->getScope()->getSubprogram()->getName();
  *out = {file.data(), file.size(), directory.data(), directory.size(), function.data(), function.size(), location->getLine(),
          location->getColumn()};
  return true;
}

} // extern "C"
