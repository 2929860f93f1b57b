// Plugin registration: the pass that the hosts (rust-lld, opt, clang) call.
#include "shim.h"

#include "llvm/Config/llvm-config.h"
#include "llvm-c/Core.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"

using namespace llvm;

namespace {

EnzymeRunPass run_pass = nullptr;

struct EnzymePass : PassInfoMixin<EnzymePass> {
  std::string request;
  explicit EnzymePass(StringRef request) : request(request) {}
  PreservedAnalyses run(Module &module, ModuleAnalysisManager &) {
    return run_pass(wrap(&module), request.c_str()) ? PreservedAnalyses::none()
                                                 : PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
};

void register_callbacks(PassBuilder &builder) {
  builder.registerPipelineParsingCallback(
      [](StringRef name, ModulePassManager &manager, ArrayRef<PassBuilder::PipelineElement>) {
        if (!name.starts_with("enzyme"))
          return false;
        manager.addPass(EnzymePass(name));
        return true;
      });
  builder.registerFullLinkTimeOptimizationEarlyEPCallback(
      [](ModulePassManager &manager, OptimizationLevel) {
        manager.addPass(EnzymePass("enzyme"));
      });
  // A compiler, before anything is inlined or folded.
  builder.registerPipelineStartEPCallback([](ModulePassManager &manager, OptimizationLevel) {
    manager.addPass(EnzymePass("enzyme-keep"));
  });
  // A compiler: after simplification, before vectorisation. What link-time optimisation
  // will see again is left to the link, where all bodies are there.
  builder.registerOptimizerEarlyEPCallback(
      [](ModulePassManager &manager, OptimizationLevel, ThinOrFullLTOPhase phase) {
        if (phase == ThinOrFullLTOPhase::None || phase == ThinOrFullLTOPhase::ThinLTOPostLink)
          manager.addPass(EnzymePass("enzyme"));
      });
}

} // namespace

extern "C" {

const char *enzyme_shim_header_version(void) { return LLVM_VERSION_STRING; }

EnzymePluginInfo enzyme_shim_plugin_info(EnzymeRunPass run) {
  static_assert(sizeof(EnzymePluginInfo) == sizeof(PassPluginLibraryInfo), "layout differs");
  run_pass = run;
  return {LLVM_PLUGIN_API_VERSION, "enzyme-rs", LLVM_VERSION_STRING,
          reinterpret_cast<void *>(&register_callbacks), nullptr};
}

void enzyme_shim_emit_error(LLVMContextRef context, const char *message) {
  unwrap(context)->emitError(message);
}

char *enzyme_shim_demangle(const char *symbol) {
  return LLVMCreateMessage(demangle(symbol).c_str());
}

} // extern "C"
