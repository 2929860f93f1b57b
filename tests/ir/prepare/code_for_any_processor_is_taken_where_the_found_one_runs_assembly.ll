; What the processor has stands in the record, and the version that was decided by it in a
; global variable. One version is assembly, so the request takes the other one, also where it
; was decided before; the program's own decision is left alone.

@_ZN10std_detect6detect5cache5CACHE17h0E = internal global i64 0
@decided = internal global ptr null

define internal double @assembly(double %v) {
  %w = call double asm sideeffect "call helper", "=r,r,~{memory}"(double %v)
  ret double %w
}

define internal double @plain(double %v) {
  %w = fmul double %v, %v
  ret double %w
}

define internal ptr @decide() {
  %has = load atomic i64, ptr @_ZN10std_detect6detect5cache5CACHE17h0E monotonic, align 8
  %bit = and i64 %has, 4
  %none = icmp eq i64 %bit, 0
  %which = select i1 %none, ptr @plain, ptr @assembly
  store atomic ptr %which, ptr @decided monotonic, align 8
  ret ptr %which
}

define void @f(ptr %x, ptr %y) {
entry:
  %v = load double, ptr %x
  %before = load atomic ptr, ptr @decided monotonic, align 8
  %undecided = icmp eq ptr %before, null
  br i1 %undecided, label %first, label %then
first:
  %now = call ptr @decide()
  br label %then
then:
  %which = phi ptr [ %now, %first ], [ %before, %entry ]
  %w = call double %which(double %v)
  store double %w, ptr %y
  ret void
}

@request = constant [10 x i8] c"ENZ\00\01\01\00\02\01\01"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
